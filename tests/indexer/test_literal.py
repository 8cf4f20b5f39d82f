"""A phrase is found where its text stands, however the words around it are cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.normalize import normalize
from corpus.models import Document
from corpus.store import DocumentStore
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep

BODIES = (
    "关于做好高龄津贴发放工作的通知。\n云澜区民政局",
    "发放高龄老人津贴，按月发放。",
    "津贴高龄发放，月按。",
    "高 龄 津 贴",
    "GB/T 9704—2012 党政机关公文格式",
    "gb/t 9704-2012，甲，乙",
    "甲乙丙丁甲乙丙甲乙",
    "甲",
    "",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    path: Path = tmp_path_factory.mktemp("literal")
    folder = IndexFolder(path / "index")
    with DocumentStore.open(f"sqlite:///{path / 'store.db'}") as store:
        for start in range(0, len(BODIES), 4):  # several segments
            keep(
                store,
                [
                    Document(id=str(number), title=f"第{number}件", body=body)
                    for number, body in enumerate(BODIES)
                    if start <= number < start + 4
                ],
            )
            sync(store, folder)
    return WhooshEngine(folder)


def having(engine: WhooshEngine, phrase: str) -> set[int]:
    return {int(hit.id) for hit in engine.search(Query(text=f'"{phrase}"', limit=100)).hits}


def loosely(text: str) -> str:
    """Marks and spaces are all one."""
    return "".join(one if one.isalnum() else "." for one in normalize(text))


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("高龄津贴", [0]),
        ("龄津", [0]),
        ("津贴", [0, 1, 2]),
        ("好高龄津贴发放工", [0]),
        ("通知。云澜区", []),  # between them stand a full stop and a line break
        ("通知。\n云澜区", [0]),
        ("津贴，按月", [1]),
        ("津贴 按月", [1]),
        ("津贴按月", []),
        ("高 龄", [3]),
        ("ＧＢ／Ｔ　9704", [4, 5]),
        ("GB/T9704", []),
        ("甲，乙", [5]),
        ("甲乙丙甲", [6]),
        ("甲乙丙丁甲乙丙甲乙", [6]),
        ("甲", [5, 6, 7]),
        ("第3件", [3]),
        ("没有这句话", []),
    ],
)
def test_what_stands_in_the_text_is_found(engine: WhooshEngine, phrase: str, expected: Sequence[int]) -> None:
    assert having(engine, phrase) == set(expected)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_any_piece_of_a_text_is_found_where_it_stands(engine: WhooshEngine, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([body for body in BODIES if body]))
    start = data.draw(st.integers(0, len(body) - 1))
    phrase = body[start : data.draw(st.integers(start + 1, len(body)))].strip()
    if not any(one.isalnum() for one in phrase):
        return
    texts = [f"第{number}件\0{body}" for number, body in enumerate(BODIES)]
    core = loosely(phrase).strip(".")
    expected = {number for number, text in enumerate(texts) if any(core in loosely(part) for part in text.split("\0"))}
    assert having(engine, phrase) == expected
