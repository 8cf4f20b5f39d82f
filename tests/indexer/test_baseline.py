"""A pinned baseline holds for its own judgements, and says of each topic what got better or worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.datasets import TOPIC_SETS, TopicSet
from indexer.baseline import Baseline, baseline_for, judgements_hash, pin_baselines, read_baselines
from indexer.evaluate import TopicScore, changes, means


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    topics, qrels = tmp_path / "t.tsv", tmp_path / "q.qrels"
    topics.write_text("q1\t停水\nq2\t低保\n", "utf-8")
    qrels.write_text("q1 0 a 1\nq2 0 b 1\n", "utf-8")
    return topics, qrels


def test_what_is_pinned_is_found_by_its_judgements_alone(tmp_path: Path, files: tuple[Path, Path]) -> None:
    file = tmp_path / "baseline.tsv"
    scores = {"q1": TopicScore(1, 1.0, 1.0), "q2": TopicScore(0, 0.0, 0.5)}
    pin_baselines([Baseline("water", judgements_hash(*files), "2024-06-01", scores)], file)
    pin_baselines([Baseline("other", "0" * 64, "2024-06-02", {"q9": TopicScore(3, 0.5, 1.0)})], file)
    assert [one.topic_set for one in read_baselines(file)] == ["other", "water"]
    found = baseline_for(*files, file=file)
    assert found is not None
    assert (found.pinned, found.scores) == ("2024-06-01", scores)
    files[1].write_text("q1 0 a 1\nq2 0 c 1\n", "utf-8")
    assert baseline_for(*files, file=file) is None


def test_what_rounding_alone_changes_is_no_change(tmp_path: Path, files: tuple[Path, Path]) -> None:
    file = tmp_path / "baseline.tsv"
    scores = {"q1": TopicScore(2, 0.63093, 1.0), "q2": TopicScore(3, 0.5, 1 / 3)}
    pin_baselines([Baseline("water", judgements_hash(*files), "today", scores)], file)
    (kept,) = read_baselines(file)
    assert changes(kept.scores, scores) == ()
    assert [one.topic for one in changes(kept.scores, scores | {"q2": TopicScore(1, 1.0, 1.0)})] == ["q2"]


def test_the_repository_pins_each_set_of_topics() -> None:
    pinned = {one.topic_set: one for one in read_baselines()}
    assert set(pinned) == {topic_set.name for topic_set in TOPIC_SETS}
    for one in pinned.values():
        assert 0 < means(one.scores).hit_1 < 1


@pytest.mark.realdata
@pytest.mark.parametrize("topic_set", TOPIC_SETS, ids=lambda one: one.name)
def test_the_pinned_baselines_are_of_todays_judgements(realdata: Path, topic_set: TopicSet) -> None:
    assert baseline_for(topic_set.topics(realdata), topic_set.qrels(realdata))
