"""Workbooks made by hand, part by part and record by record: what no program would write as well."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def pack(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def raw_xlsx(sheet: str, strings: str = "") -> bytes:
    """An .xlsx of one sheet 目录; ``sheet`` is what stands in its worksheet element, ``strings`` in its sst."""
    relations = {"r1": ("worksheet", "worksheets/sheet1.xml"), "r2": ("sharedStrings", "sharedStrings.xml")}
    return pack(
        {
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="目录" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
            + "".join(
                f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
                for key, (kind, target) in relations.items()
            )
            + "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
        }
    )


Value = str | float | bool
Place = tuple[int, int]


def make_xls(
    cells: Mapping[Place, tuple[Value, int]],
    *,
    formats: Sequence[str] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    hidden_sheet: str = "",
    locked: bool = False,
) -> bytes:
    """An .xls of one sheet 目录 (BIFF 8 in an OLE file), and a hidden one if it has a name.

    A cell is a value and the number of its format: a built-in one, or 164 and up for those of ``formats``; ``merged``
    are first row, last row, first column, last column. Source of the records: [MS-XLS].
    """
    keys = sorted({0, *(key for _, key in cells.values())})
    own = [_record(0x41E, struct.pack("<H", 164 + at) + _text(code)) for at, code in enumerate(formats)]
    styles = [_record(0xE0, struct.pack("<HHH", 0, key, 1) + bytes(14)) for key in keys]
    sheet = [_begin(0x10)]
    sheet += [_record(0x7D, struct.pack("<HHHHHH", column, column, 2048, 0, 1, 0)) for column in hidden_columns]
    sheet += [_record(0x208, struct.pack("<HHHHHHI", row, 0, 9, 255, 0, 0, 0x20)) for row in hidden_rows]
    for (row, column), (value, key) in sorted(cells.items(), key=lambda item: item[0]):
        head = struct.pack("<HHH", row, column, keys.index(key))
        if isinstance(value, str):
            sheet.append(_record(0x204, head + _text(value)))
        elif isinstance(value, bool):
            sheet.append(_record(0x205, head + bytes((value, 0))))
        else:
            sheet.append(_record(0x203, head + struct.pack("<d", value)))
    ranges = b"".join(struct.pack("<HHHH", *range_) for range_ in merged)
    sheet += [_record(0xE5, struct.pack("<H", len(merged)) + ranges), _record(0x0A, b"")]
    empty = [_begin(0x10), _record(0x204, struct.pack("<HHH", 0, 0, 0) + _text("不公开")), _record(0x0A, b"")]
    sheets = [("目录", 0, b"".join(sheet)), *([(hidden_sheet, 1, b"".join(empty))] if hidden_sheet else [])]
    font = _record(
        0x31, struct.pack("<HHHHHBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 134, 0) + b"\x02\x01" + "宋体".encode("utf-16-le")
    )
    filepass = _record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    head = b"".join([_begin(0x05), filepass, font * 5, *own, *styles])
    bounds = sum(len(_bound(0, state, name)) for name, state, _ in sheets)
    at = len(head) + bounds + 4
    body = head
    for name, state, content in sheets:
        body += _bound(at, state, name)
        at += len(content)
    return make_ole_file("Workbook", body + _record(0x0A, b"") + b"".join(content for *_, content in sheets))


def _record(code: int, data: bytes) -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 6))


def _bound(at: int, state: int, name: str) -> bytes:
    return _record(0x85, struct.pack("<IBB", at, state, 0) + bytes((len(name), 1)) + name.encode("utf-16-le"))


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def make_ole_file(name: str, content: bytes) -> bytes:
    """A compound file with one stream ([MS-CFB]): header, sectors of 512 bytes, one table, one directory."""
    content = content.ljust(4096, b"\x00")
    sectors = -(-len(content) // 512)
    tables = -(-(sectors + 2 + sectors // 128) // 128)
    chain = [*range(1, sectors), -2, -2, *([-3] * tables)]  # content, directory, tables
    table = struct.pack(f"<{128 * tables}i", *chain, *([-1] * (128 * tables - len(chain))))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<iiiiiiiii", 0, tables, sectors, 0, 4096, -2, 0, -2, 0)
    places = [*range(sectors + 1, sectors + 1 + tables), *([-1] * (109 - tables))]
    directory = _entry("Root Entry", 5, 1, -2, 0) + _entry(name, 2, -1, 0, len(content)) + bytes(256)
    return header + struct.pack("<109i", *places) + content.ljust(sectors * 512, b"\x00") + directory + table


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = (name + "\x00").encode("utf-16-le")
    return (
        raw.ljust(64, b"\x00")
        + struct.pack("<HBBiii", len(raw), kind, 1, -1, -1, child)
        + bytes(36)
        + struct.pack("<iII", start, size, 0)
    )
