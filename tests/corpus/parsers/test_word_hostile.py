"""Word files that are damaged, odd or made to harm: an answer, and nothing lost without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableError
from corpus.parsers import Source
from corpus.parsers.dispatch import parse
from tests.corpus.parsers.files import make_docx
from tests.corpus.parsers.word_files import NUM, cell, levels, paragraph, raw_docx, row
from tests.corpus.parsers.workbooks import pack, unpack

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated": (lambda: make_docx()[:3000], "damaged or incomplete"),
    "bomb": (lambda: raw_docx("<w:p/>" * 4_000_000), "packed too tightly"),
    "entities": (
        lambda: pack({**unpack(make_docx()), "word/document.xml": '<!DOCTYPE a [<!ENTITY b "甲">]><a>&b;</a>'}),
        "declares a document type",
    ),
    "entities in attributes": (
        lambda: pack(
            {
                **unpack(make_docx()),
                "word/document.xml": "<!DOCTYPE a ["
                + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 12}">' for n in range(9))
                + '<!ENTITY e0 "甲甲甲甲甲甲甲甲">]><a b="&e9;"/>',
            }
        ),
        "no XML",
    ),
    "no body": (lambda: pack({**unpack(make_docx()), "word/document.xml": "<a/>"}), "damaged or incomplete"),
    "no document": (lambda: pack({"word/styles.xml": "<a/>"}), "a part that it refers to is missing"),
    "a byte is missing": (
        lambda: raw_docx("<w:p/>")[:4] + raw_docx("<w:p/>")[5:],
        "the Word file is damaged or incomplete",
    ),
    "deep": (lambda: raw_docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000), "no XML"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_read_says_why(case: str) -> None:
    make, reason = HOSTILE[case]
    with pytest.raises(UnreadableError, match=reason):
        parse(Source(data=make(), name="a.docx"))


def test_tables_in_tables_and_rows_without_end_are_read() -> None:
    nested = paragraph("底")
    for _ in range(60):
        nested = f"<w:tbl>{row(cell(nested))}</w:tbl>"
    parsed = parse(Source(data=raw_docx(nested + f"<w:tbl>{row(*[cell('格')] * 500)}</w:tbl>")))
    assert parsed.body.startswith("底\n格\t")
    assert parsed.body.count("格") == 500
    assert len(parsed.tables) == 4


_PIECES = st.sampled_from(
    [
        *("<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>"),
        *("<w:t>甲</w:t>", "<w:sym/>", '<w:sym w:char="FFFFFF"/>', '<w:footnoteReference w:id="1"/>', "<w:ffData/>"),
        *('<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="separate"/>', "<mc:AlternateContent/>"),
        *('<w:tcPr><w:gridSpan w:val="99999"/><w:vMerge/></w:tcPr>', '<w:trPr><w:gridBefore w:val="-1"/></w:trPr>'),
        *("<w:tcPr><w:hMerge/></w:tcPr>", '<w:pPr><w:numPr><w:ilvl w:val="7"/><w:numId w:val="1"/></w:numPr></w:pPr>'),
        *('<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>', "<w:sdt><w:sdtContent>"),
    ]
)


@settings(max_examples=150)
@given(pieces=st.lists(_PIECES, max_size=30))
def test_any_elements_are_a_document_or_refused(pieces: list[str]) -> None:
    again = paragraph('<w:r><w:footnoteReference w:id="1"/></w:r>')
    footnotes = f'<w:footnote w:id="1">{again}</w:footnote>'
    numbering = levels(("chineseCounting", "%9第%1"), extra='<w:lvlRestart w:val="x"/>') + NUM
    try:
        parsed = parse(Source(data=raw_docx("".join(pieces), numbering=numbering, footnotes=footnotes)))
    except UnreadableError as refused:
        assert "no XML" in refused.reason
    else:
        for table in parsed.tables:
            assert sum(item.rows * item.columns for item in table.cells) == sum(
                len({id(place)}) for line in table.grid() for place in line if place is not None
            )
