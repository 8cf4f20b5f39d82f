"""Small OFD files of every sort, written part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from corpus.parsers import Parsed, Source
from corpus.parsers.ofd import parse_ofd

NAMESPACE = "http://www.ofdspec.org/2016"
Content = str | bytes


def words(
    text: str, x: float, y: float, *, size: float = 5, attributes: str = "", code: str = "", more: str = ""
) -> str:
    """A text object whose first character begins at (x, y) on its baseline, each as wide as the type is high."""
    code = code or f'X="0" Y="{size}" DeltaX="g {max(len(text) - 1, 1)} {size}"'
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y - size} 150 {size + 2}" Font="3" Size="{size}" {attributes}>'
        f"{more}<ofd:TextCode {code}>{text}</ofd:TextCode></ofd:TextObject>"
    )


def paragraph(lines: Sequence[str], x: float, y: float, size: float = 5) -> str:
    """Lines of running text below each other, the first with an indent of two characters."""
    return "".join(words(line, x if n else x + 2 * size, y + n * 2 * size, size=size) for n, line in enumerate(lines))


def path(data: str, attributes: str = "", more: str = "") -> str:
    """A path object over the whole page."""
    return (
        f'<ofd:PathObject ID="9" Boundary="0 0 210 297" LineWidth="0.3" {attributes}>{more}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def rule(x: float, y: float, x2: float, y2: float, attributes: str = "") -> str:
    """A line, as a path object."""
    return path(f"M {x} {y} L {x2} {y2}", attributes)


def layer(*objects: str, before: str = "", after: str = "") -> str:
    """The inside of a page with one layer."""
    return f'{before}<ofd:Content><ofd:Layer ID="2">{"".join(objects)}</ofd:Layer></ofd:Content>{after}'


def part(kind: str, inside: str, namespace: str = NAMESPACE) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><ofd:{kind} xmlns:ofd="{namespace}">{inside}</ofd:{kind}>'


def parts_of(
    *pages: str,
    info: str = "",
    body: str = "",
    common: str = "",
    document: str = "",
    namespace: str = NAMESPACE,
    files: Mapping[str, Content] | None = None,
) -> dict[str, Content]:
    """The parts of a package of one document; ``files`` replaces some of them, or adds to them."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    made: dict[str, Content] = {
        "OFD.xml": part(
            "OFD",
            f"<ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody>",
            namespace,
        ),
        "Doc_0/Document.xml": part(
            "Document",
            f"<ofd:CommonData>{area}{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{document}",
            namespace,
        ),
    }
    made |= {f"Doc_0/Pages/Page_{n}/Content.xml": part("Page", page, namespace) for n, page in enumerate(pages)}
    return made | dict(files or {})


def pack(parts: Mapping[str, Content] | Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def read(parts: Mapping[str, Content], name: str = "通知.ofd") -> Parsed:
    return parse_ofd(Source(data=pack(parts), name=name))


def read_page(*objects: str) -> Parsed:
    """What a file of one page with these objects reads as."""
    return read(parts_of(layer(*objects)))
