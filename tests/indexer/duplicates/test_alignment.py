"""What stands beside what, and what is equal in it?"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Document
from indexer.duplicates.alignment import align_texts
from indexer.duplicates.comparison import Compared, prepare
from indexer.duplicates.model import AlignedParagraph, AlignedRow, SpanKind
from tests.indexer.duplicates.conftest import SUBSIDY


def prepared(text: str) -> Compared:
    return prepare(Document(id="a", title="通知", body=text), np.empty(0, np.uint64))


def aligned(draft: str, published: str) -> tuple[AlignedRow, ...]:
    return align_texts(prepared(draft), prepared(published))


def of_kind(paragraph: AlignedParagraph | None, kind: SpanKind) -> list[str]:
    assert paragraph is not None
    return [paragraph.text[span.start : span.end] for span in paragraph.spans if span.kind is kind]


def test_a_changed_figure_is_all_that_differs() -> None:
    rows = aligned(SUBSIDY.replace("每人每月200元", "每人每月260元"), SUBSIDY)
    differing = [row for row in rows if row.draft and of_kind(row.draft, SpanKind.DIFFERENT)]
    assert len(differing) == 1
    assert of_kind(differing[0].draft, SpanKind.DIFFERENT) == ["6"]
    assert of_kind(differing[0].published, SpanKind.DIFFERENT) == ["0"]


def test_paragraphs_that_changed_places_stand_side_by_side() -> None:
    lines = SUBSIDY.split("\n")
    lines[2], lines[4] = lines[4], lines[2]
    rows = aligned("\n".join(lines), SUBSIDY)
    assert all(row.draft and row.published and row.draft.text == row.published.text for row in rows)


def test_what_only_one_side_has_stands_alone_where_it_belongs() -> None:
    lines = SUBSIDY.split("\n")
    rows = aligned("\n".join([*lines[:3], "补贴资金专户管理，定期公布收支。", *lines[3:5], *lines[6:]]), SUBSIDY)
    assert [row.draft.text for row in rows if row.draft and not row.published] == ["补贴资金专户管理，定期公布收支。"]
    alone = next(number for number, row in enumerate(rows) if row.draft is None)
    assert rows[alone].published is not None
    before = rows[alone - 1].published
    assert before is not None
    assert before.text == lines[4]


def test_boilerplate_is_told_apart() -> None:
    rows = aligned(SUBSIDY + "\n特此通知。", SUBSIDY + "\n特此通知。")
    assert of_kind(rows[-1].draft, SpanKind.BOILERPLATE) == ["特此通知。"]


def test_a_text_in_one_line_beside_its_paragraphs_is_all_equal() -> None:
    rows = aligned(SUBSIDY.replace("\n", ""), SUBSIDY)
    assert not [
        part
        for row in rows
        for side in (row.draft, row.published)
        if side
        for part in of_kind(side, SpanKind.DIFFERENT)
    ]


@given(st.text("甲乙丙丁。，\n 1", max_size=60), st.text("甲乙丙丁。，\n 1", max_size=60))
def test_every_paragraph_is_shown_once_and_covered_by_spans(draft: str, published: str) -> None:
    rows = aligned(draft, published)
    for text, sides in ((draft, [row.draft for row in rows]), (published, [row.published for row in rows])):
        shown = [side for side in sides if side]
        assert sorted(side.text for side in shown) == sorted(line for line in text.split("\n") if line.strip())
        for side in shown:
            ends = [0, *(span.end for span in side.spans)]
            assert [span.start for span in side.spans] == ends[:-1]
            assert ends[-1] == len(side.text)
