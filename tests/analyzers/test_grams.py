"""Pairs of neighbouring characters: every character of a text begins one, and codes are the text itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzers.grams import GramAnalyzer, gram_arrays, gram_texts
from analyzers.normalize import normalize

TEXTS = st.text("高龄津贴５Ａa1.2-，。 \n發𠮷\ud800é", max_size=40) | st.text(max_size=40)


def grams(text: str) -> list[tuple[str, int]]:
    codes, positions = gram_arrays(text)
    return list(zip(gram_texts(codes), positions.tolist(), strict=True))


def test_pairs_stop_at_marks_and_the_last_character_stands_alone() -> None:
    assert grams("高龄津贴，按月") == [
        ("高龄", 0),
        ("龄津", 1),
        ("津贴", 2),
        ("贴", 3),
        ("按月", 5),
        ("月", 6),
    ]
    assert grams("ＧＢ 第5條") == [("gb", 0), ("b", 1), ("第5", 3), ("5条", 4), ("条", 5)]
    assert grams("……。 \n") == grams("") == []


@given(text=TEXTS)
def test_every_letter_begins_what_stands_there(text: str) -> None:
    normal = normalize(text)
    found = grams(text)
    assert [place for _, place in found] == [place for place, one in enumerate(normal) if one.isalnum()]
    for gram, place in found:
        assert normal.startswith(gram, place)
        follows = normal[place + 1 : place + 2]
        assert (len(gram) == 2) == (follows.isalnum() if follows else False)


@given(text=TEXTS)
def test_codes_sort_as_their_bytes_do(text: str) -> None:
    codes = sorted(set(gram_arrays(text)[0].tolist()))
    texts = [gram.encode("utf-8", "surrogatepass") for gram in gram_texts(codes)]
    assert texts == sorted(texts)


@given(text=TEXTS)
def test_the_analyzer_gives_the_same(text: str) -> None:
    tokens = [(token.text, token.pos) for token in GramAnalyzer()(text, positions=True, start_pos=7)]
    assert tokens == [(gram, place + 7) for gram, place in grams(text)]
