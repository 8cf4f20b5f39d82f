"""How is a draft written as .docx, with all that Word does besides text?

Besides the marks of articles.py a draft has these: ``# `` before a paragraph gives it the next automatic number 第…条,
``## `` the next （…）; ``[+…+]`` is inserted and ``[-…-]`` deleted as tracked changes, ``[^…^]`` is a footnote, and a
line ``[[…]]`` is a text box. Numbers stand in numbering.xml only, footnotes in footnotes.xml only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from corpus.sample.files.packing import zip_bytes
from corpus.sample.markup import Paragraph, Table, blocks

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_MARKS = re.compile(r"\[\+(?P<inserted>.+?)\+\]|\[-(?P<deleted>.+?)-\]|\[\^(?P<note>.+?)\^\]")
_NUMBERED = {"## ": 1, "# ": 0}
_BOX = re.compile(r"\[\[(.+)\]\]")
_WHO = 'w:author="区住房和城乡建设局" w:date="2026-08-20T09:00:00Z"'
_EMU_A_MM = 36_000  # English Metric Units (ECMA-376, part 1, 20.1.2.1)


def draft_docx(text: str) -> bytes:
    """The package of a draft (ECMA-376, part 1, 11 and 17)."""
    notes: list[str] = []
    body = "".join(_block(block, notes) for block in blocks(text))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
            for name, kind in (("document", "document.main"), ("numbering", "numbering"), ("footnotes", "footnotes"))
        )
        + "</Types>",
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(("numbering", "numbering.xml"), ("footnotes", "footnotes.xml")),
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": _numbering(),
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_W}">'
        + "".join(
            f'<w:footnote w:id="{number}"><w:p>{_run(note)}</w:p></w:footnote>' for number, note in enumerate(notes, 1)
        )
        + "</w:footnotes>",
    }
    return zip_bytes({name: (_HEAD + xml).encode() for name, xml in parts.items()})


def _block(block: Paragraph | Table, notes: list[str]) -> str:
    if isinstance(block, Table):
        rows = ("".join(f"<w:tc><w:p>{_runs(cell, notes)}</w:p></w:tc>" for cell in row) for row in block.rows)
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    if box := _BOX.fullmatch(block.text):
        return f"<w:p>{_text_box(box[1])}</w:p>"
    look, text = f'<w:jc w:val="{block.align}"/>', block.text
    for mark, level in _NUMBERED.items():
        if text.startswith(mark):
            look = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>{look}'
            text = text.removeprefix(mark)
            break
    return f"<w:p><w:pPr>{look}</w:pPr>{_runs(text, notes)}</w:p>"


def _runs(text: str, notes: list[str]) -> str:
    return "".join(_marked(text, notes))


def _marked(text: str, notes: list[str]) -> Iterator[str]:
    place = 0
    for number, mark in enumerate(_MARKS.finditer(text), 1):
        yield _run(text[place : mark.start()])
        place = mark.end()
        if mark["inserted"]:
            yield f'<w:ins w:id="{number}" {_WHO}>{_run(mark["inserted"])}</w:ins>'
        elif mark["deleted"]:
            deleted = f'<w:delText xml:space="preserve">{escape(mark["deleted"])}</w:delText>'
            yield f'<w:del w:id="{number}" {_WHO}><w:r>{deleted}</w:r></w:del>'
        else:
            notes.append(mark["note"])
            yield f'<w:r><w:footnoteReference w:id="{len(notes)}"/></w:r>'
    yield _run(text[place:])


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _text_box(text: str) -> str:
    """A text box as Word writes it: as a drawing, and once more in VML for programs that know none."""
    inside = f"<w:txbxContent><w:p>{_run(text)}</w:p></w:txbxContent>"
    wide, high = 150 * _EMU_A_MM, 20 * _EMU_A_MM
    shape = (
        f'<wps:wsp><wps:spPr><a:prstGeom prst="rect"/></wps:spPr><wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp>'
    )
    kind = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    drawing = (
        f'<w:drawing><wp:inline><wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="1" name="文本框"/>'
        f'<a:graphic><a:graphicData uri="{kind}">{shape}</a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    vml = f'<w:pict><v:shape style="width:150mm;height:20mm"><v:textbox>{inside}</v:textbox></v:shape></w:pict>'
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{vml}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _numbering() -> str:
    """One list: 第一条, 第二条 …, and （一）, （二） … within each."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        f'<w:suff w:val="space"/><w:lvlText w:val="{shown}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, shown in enumerate(("第%1条", "（%2）"))
    )
    return (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{levels}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
