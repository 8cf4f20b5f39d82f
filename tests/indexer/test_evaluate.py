"""Measures are those computed by hand; files that cannot be read name their line."""

from __future__ import annotations

from math import log2
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.models import Document
from indexer.errors import EvaluationError
from indexer.evaluate import (
    RUN_DEPTH,
    Change,
    Measures,
    changes,
    measure,
    measure_by_kind,
    read_qrels,
    read_run,
    read_topics,
    run_topics,
    score_topics,
    write_run,
)
from tests.indexer.scan_engine import ScanEngine

Ranked = list[tuple[str, float]]


def ranked(*documents: str) -> Ranked:
    return [(document, float(-rank)) for rank, document in enumerate(documents)]


def test_measures_are_those_computed_by_hand() -> None:
    qrels = {
        "q1": {"a": 1},  # found first
        "q2": {"b": 2, "c": 1},  # c third, b fourth
        "q3": {"d": 1},  # eleventh
        "q4": {"e": 1, "f": 0},  # never asked
        "q5": {"g": 0},  # no relevant document: left out
    }
    run = {
        "q1": ranked("a", "x"),
        "q2": ranked("x", "y", "c", "b"),
        "q3": ranked(*"0123456789", "d"),
        "q5": ranked("g"),
        "q9": ranked("a"),  # not judged
    }
    found = measure(run, qrels)
    gained, ideal = 1 / log2(4) + 3 / log2(5), 3 / log2(2) + 1 / log2(3)
    assert found.topics == 4
    assert found.hit_1 == pytest.approx(1 / 4)
    assert found.hit_10 == pytest.approx(2 / 4)
    assert found.mrr_10 == pytest.approx((1 + 1 / 3) / 4)
    assert found.ndcg_10 == pytest.approx((1 + gained / ideal) / 4)
    assert found.recall_100 == pytest.approx((1 + 1 + 1) / 4)


def test_recall_counts_the_first_hundred_over_all_relevant() -> None:
    qrels = {"q": {"near": 1, "far": 1, "nowhere": 1, "no": 0, "bad": -1}}
    run = {"q": ranked("no", "bad", "near", *(f"x{number}" for number in range(97)), "far")}
    assert measure(run, qrels).recall_100 == pytest.approx(1 / 3)


def test_the_ideal_of_ndcg_has_ten_places() -> None:
    qrels = {"q": {f"d{number}": 1 for number in range(30)}}
    assert measure({"q": ranked(*(f"d{number}" for number in range(10)))}, qrels).ndcg_10 == pytest.approx(1)


@settings(deadline=None)
@given(
    st.permutations([f"d{number}" for number in range(14)]),
    st.dictionaries(st.sampled_from([f"d{number}" for number in range(20)]), st.integers(0, 3), min_size=1),
)
def test_measures_lie_between_nothing_and_all_and_the_best_order_is_best(
    order: list[str], judged: dict[str, int]
) -> None:
    if not any(judged.values()):
        with pytest.raises(EvaluationError, match="no topic"):
            measure({"q": ranked(*order)}, {"q": judged})
        return
    found = measure({"q": ranked(*order)}, {"q": judged})
    best = measure({"q": ranked(*sorted(judged, key=lambda name: -judged[name]))}, {"q": judged})
    for name in ("hit_1", "hit_10", "mrr_10", "ndcg_10", "recall_100"):
        assert 0 <= getattr(found, name) <= getattr(best, name) + 1e-12 == pytest.approx(1)


def test_measures_by_kind_are_of_the_topics_named_so() -> None:
    qrels = {"number-01": {"a": 1}, "number-02": {"b": 1}, "typo-01": {"c": 1}, "0003": {"d": 1}, "12-3": {"e": 1}}
    kinds = measure_by_kind({"number-01": ranked("a"), "typo-01": ranked("x", "c")}, qrels)
    assert set(kinds) == {"number", "typo"}
    assert (kinds["number"].topics, kinds["number"].hit_1) == (2, 0.5)
    assert kinds["typo"] == Measures(1, 0.0, 1.0, 0.5, 1 / log2(3), 1.0)
    assert measure_by_kind({}, {"0001": {"a": 1}}) == {}


def test_topics_and_judgements_are_read_in_order(tmp_path: Path) -> None:
    topics, qrels = tmp_path / "t.tsv", tmp_path / "q.qrels"
    topics.write_bytes("\ufeffq2\t高龄津贴怎么申领\r\n\r\nq1\t 停水\u2028公告\t了吗 \r\n".encode())
    qrels.write_text("q1 0 云澜/公告-1 1\nq1\t0\tb\t0\n\nq2 0 c 2", "utf-8")
    assert list(read_topics(topics).items()) == [("q2", "高龄津贴怎么申领"), ("q1", "停水\u2028公告\t了吗")]
    assert read_qrels(qrels) == {"q1": {"云澜/公告-1": 1, "b": 0}, "q2": {"c": 2}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q1\t停水\n没有制表符的一行\n", "line 2.*没有制表符"),
        ("q1\t停水\n\nq2\t \n", "line 3"),
        ("\t停水\n", "line 1"),
        ("q1\t停水\nq2\t储水\nq1\t供水\n", "line 3.*'q1' stands twice"),
    ],
)
def test_a_bad_topic_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "topics.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError, match=message) as caught:
        read_topics(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("line", ["q1 0 a", "q1 0 a 相关", "q1 0 a 1 2", "q1 0 a 0.5"])
def test_a_bad_judgement_names_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "dev.qrels"
    path.write_text(f"q0 0 z 1\n{line}\n", "utf-8")
    with pytest.raises(EvaluationError, match=rf"dev\.qrels, line 2.*{line}"):
        read_qrels(path)


def test_a_file_that_is_not_there_or_no_text_is_an_evaluation_error(tmp_path: Path) -> None:
    (tmp_path / "gbk.tsv").write_bytes("q1\t高龄津贴".encode("gbk"))
    for name in ("gbk.tsv", "missing.tsv"):
        for read in (read_topics, read_qrels):
            with pytest.raises(EvaluationError, match=name):
                read(tmp_path / name)


def test_a_run_asks_every_topic_for_a_hundred_and_is_written_as_trec_does(tmp_path: Path) -> None:
    engine = ScanEngine(Document(id=f"n-{number}", title="停水公告", body="停水" * number) for number in range(120))
    done: list[int] = []
    run = run_topics(engine, {"q1": "停水", "q2": "鑫鑫"}, done.append)
    assert done == [1, 2]
    assert len(run["q1"]) == RUN_DEPTH
    assert run["q2"] == []
    path = tmp_path / "out.trec"
    write_run(run, path, tag="云澜")
    lines = [line.split(" ") for line in path.read_text("utf-8").splitlines()]
    assert [(line[0], line[1], line[2], line[3], line[5]) for line in lines] == [
        ("q1", "Q0", document, str(rank), "云澜") for rank, (document, _) in enumerate(run["q1"], 1)
    ]
    scores = [float(line[4]) for line in lines]
    assert scores == sorted(scores, reverse=True)
    assert scores == pytest.approx([score for _, score in run["q1"]], abs=1e-6)


@pytest.mark.parametrize(
    "run", [{"q1": [("a", 2.0), ("公告 1", 1.0)]}, {"q1": [("a\u3000b", 1.0)]}, {"q1": ranked("a"), "q 2": []}]
)
def test_an_id_with_white_space_is_named_and_no_run_is_written(tmp_path: Path, run: dict[str, Ranked]) -> None:
    path = tmp_path / "out.trec"
    with pytest.raises(EvaluationError, match=r"'(公告 1|a\\u3000b|q 2)' has white space"):
        write_run(run, path)
    assert not path.exists()


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = {"q1": ranked("a", "b"), "q2": ranked("c")}
    write_run(run, tmp_path / "run.trec")
    assert read_run(tmp_path / "run.trec") == run
    (tmp_path / "bad.trec").write_text("q1 Q0 a 1\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 1: a line of a run is"):
        read_run(tmp_path / "bad.trec")


def test_changes_name_the_topics_that_got_worse_and_better() -> None:
    right = ranked("right")
    qrels = {topic: {"right": 1} for topic in ("same", "better", "worse", "lost")} | {"unjudged": {"right": 0}}
    before = {
        "same": ranked("right"),
        "better": ranked("x", "right"),
        "worse": ranked("right"),
        "lost": ranked("right"),
    }
    after = {"same": right, "better": right, "worse": ranked("x", "right"), "lost": ranked("x")}
    second = 1 / log2(3)
    assert changes(score_topics(before, qrels), score_topics(after, qrels)) == (
        Change("lost", 1, 0, 1.0, 0.0),
        Change("worse", 1, 2, 1.0, second),
        Change("better", 2, 1, second, 1.0),
    )
    assert changes(score_topics(after, qrels), score_topics(after, qrels)) == ()
