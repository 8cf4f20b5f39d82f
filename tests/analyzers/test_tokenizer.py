"""Text → words: the same for index and question, the same by either segmenter."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers import tokenizer
from analyzers.lexicon import function_words, question_frames, user_words
from analyzers.normalize import normal_forms, normalize
from analyzers.tokenizer import Segmenter, WordAnalyzer, question_words, segmenter, words

CHINESE = st.text("请问高龄津贴怎么申领需要什么材料的了吗社区街道办事处义务教育５Ａa1.2-，。 \n發", max_size=60)


@pytest.fixture(scope="module")
def by_jieba() -> Callable[[str], list[str]]:
    cut: Callable[[str], list[str]] = tokenizer._jieba(user_words()).lcut_for_search
    return cut


def sample_texts() -> Iterator[str]:
    def below(folder: Traversable) -> Iterator[Traversable]:
        for entry in folder.iterdir():
            if entry.is_dir():
                yield from below(entry)
            else:
                yield entry

    for entry in below(files("corpus.sample").joinpath("texts")):
        yield entry.read_text("utf-8")


def cuts_differently(text: str, cut: Callable[[str], list[str]]) -> list[tuple[str, list[str], list[str]]]:
    """The runs of a text that the segmenter in use and the other one cut into different words."""
    runs = dict.fromkeys(match["han"] for match in tokenizer._RUN.finditer(normalize(text)) if match["han"])
    fast = segmenter().cut
    return [(run, one, other) for run in runs if (one := fast(run)) != (other := cut(run))]


# -- words


@settings(deadline=None)
@given(CHINESE)
def test_words_are_normal_and_stand_in_the_text(text: str) -> None:
    normal = normalize(text)
    found = words(text)
    assert all(word and word in normal for word in found)
    assert words(normal) == found
    assert not set(found) & function_words()


@settings(deadline=None)
@given(CHINESE)
def test_the_index_and_the_question_see_the_same_words(text: str) -> None:
    analyzer = WordAnalyzer()
    indexed = [token.text for token in analyzer(text)]
    assert indexed == words(text)
    assert [token.text for token in analyzer(text, mode="query")] == indexed
    assert set(question_words(text)) <= set(indexed)
    positions = [token.pos for token in analyzer(text, positions=True, start_pos=7)]
    assert positions == list(range(7, 7 + len(indexed)))


def test_a_long_word_yields_the_words_inside_it_as_well() -> None:
    assert {"义务", "教育", "义务教育"} <= set(words("义务教育"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5G基站", ["5g", "基站"]),
        ("浓度2.5以上", ["浓度", "2.5", "以上"]),
        ("第3.1.2条", ["第", "3.1", "2", "条"]),
        ("ＷＰＳ文件", ["wps", "文件"]),
        ("user_name@example.cn", ["user", "name", "example", "cn"]),
        ("A－1座", ["a", "1", "座"]),
        ("𠮷野家㐂", ["𠮷", "野家", "㐂"]),
        ("", []),
        ("，。！？ \n\t…“”", []),
        ("的了和", []),
        ("\ud800\0", []),
    ],
)
def test_letters_and_digits_are_words_of_their_own(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_function_words_are_left_out_of_documents_and_question_frames_are_not() -> None:
    assert "的" not in words("社区的通知")
    assert "如何" in words("一图读懂如何办理居住证")
    assert not function_words() & question_frames()


@pytest.mark.parametrize(
    ("question", "kept", "dropped"),
    [
        ("请问高龄津贴怎么申领", {"高龄", "津贴", "申领"}, {"请问", "怎么"}),
        ("办理居住证需要什么材料？", {"办理", "居住证", "材料"}, {"需要", "什么"}),
        ("是否可以跨区入学", {"可以", "跨区", "入学"}, {"是否"}),
    ],
)
def test_a_question_loses_its_frame(question: str, kept: set[str], dropped: set[str]) -> None:
    found = set(question_words(question))
    assert not found & dropped
    assert kept <= found


@pytest.mark.parametrize("question", ["怎么", "请问什么", "怎么办", "如何"])
def test_a_question_of_frames_alone_keeps_them(question: str) -> None:
    assert question_words(question) == words(question) != []


def test_text_that_differs_in_width_case_and_script_gives_the_same_words() -> None:
    assert words("關於辦理Ｅ證２０２４的公告") == words("关于办理e证2024的公告")


# -- segmenters


def test_both_segmenters_give_the_same_words_of_the_sample_documents(by_jieba: Callable[[str], list[str]]) -> None:
    texts = list(sample_texts())
    assert len(texts) >= 50
    for text in texts:
        assert cuts_differently(text, by_jieba) == []


@settings(deadline=None)
@given(
    st.text(
        "赣云澜区人民政府办公室关于印发义务教育入学工作方案的通知高龄津贴养老服务犇骉一二三四〇发展和改革𠮷",
        max_size=40,
    )
)
def test_both_segmenters_give_the_same_words_of_any_text(by_jieba: Callable[[str], list[str]], text: str) -> None:
    assert cuts_differently(text, by_jieba) == []


@pytest.mark.realdata
def test_both_segmenters_give_the_same_words_of_real_documents(
    realdata: Path, by_jieba: Callable[[str], list[str]]
) -> None:
    with gzip.open(realdata / "gov-documents.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 0, 5_000, 10)]
    assert len(records) == 500
    for record in records:
        assert cuts_differently(f"{record['title']}\n{record.get('body', '')[:1_500]}", by_jieba) == []


def test_user_words_are_whole_by_either_segmenter(by_jieba: Callable[[str], list[str]]) -> None:
    assert user_words()
    for word in user_words(broken_only=True):
        assert word in segmenter().cut(word), word
        assert word in by_jieba(word), word


def test_the_identity_changes_with_whatever_decides_how_a_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def identity() -> str:
        return segmenter.__wrapped__().identity

    assert re.fullmatch(r"r?jieba \d+\.\d+\.\d+ words [0-9a-f]{12}", identity())
    assert identity() == segmenter().identity
    others = {
        "user_words": ("云澜区",),
        "function_words": frozenset({"的"}),
        "normal_forms": {**normal_forms(), ord("鑫"): "金"},
        "unidata_version": "1.0.0",
    }
    for name, other in others.items():
        with monkeypatch.context() as changed:
            changed.setattr(tokenizer, name, other if isinstance(other, str) else lambda other=other: other)
            assert identity() != segmenter().identity, name
    with monkeypatch.context() as changed:
        changed.setattr(tokenizer, "_RUN", re.compile(r"(?P<han>[一-龥]+)|[a-z]+"))
        assert identity() != segmenter().identity


def test_without_rjieba_jieba_is_used_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    fallen_back: Segmenter = segmenter.__wrapped__()
    assert re.fullmatch(r"jieba \d+\.\d+\.\d+ words [0-9a-f]{12}", fallen_back.identity)
    assert fallen_back.cut("高龄津贴发放办法") == segmenter().cut("高龄津贴发放办法")


def test_jieba_never_reads_or_writes_a_cache_in_a_shared_folder(tmp_path: Path) -> None:
    """A poisoned cache lies where jieba would look for it; `marshal` would run on it unchecked."""
    program = """
import sys
sys.modules["rjieba"] = None
opened = []
sys.addaudithook(lambda event, values: opened.append(str(values[0])) if event == "open" else None)
from analyzers.tokenizer import words
assert "津贴" in words("高龄津贴发放办法")
print("\\n".join(path for path in opened if "jieba.cache" in path or path.endswith(".cache")))
"""
    poisoned = tmp_path / "jieba.cache"
    poisoned.write_bytes(b"not marshal at all")
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(tokenizer.__file__).parents[1],
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert poisoned.read_bytes() == b"not marshal at all"
    assert all("gongkai-jieba-" in path for path in ran.stdout.split())
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]  # the private folder is gone
    assert Path(tempfile.gettempdir()) != tmp_path
