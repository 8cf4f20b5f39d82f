"""How is a record of an .xls changed, so that the OLE file around it still opens?"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from functools import lru_cache

from hypothesis import strategies as st
from xlrd.compdoc import CompDoc, CompDocError

from tests.corpus.parsers.workbooks import make_ole_file
from tests.fuzz.cases import Draw, change_bytes

Record = tuple[int, bytes]


@lru_cache(maxsize=64)
def records(data: bytes) -> Sequence[Record]:
    """The records ([MS-XLS], 2.1.4) of the workbook in an OLE file, by number; none if it does not open."""
    try:
        stream = CompDoc(data, logfile=io.StringIO()).get_named_stream("Workbook") or b""
    except (CompDocError, AssertionError, IndexError, ValueError, struct.error):
        return ()
    found: list[Record] = []
    at = 0
    while at + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, at)
        found.append((number, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


def change_xls(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Changes one record, or which records there are. Those that say where a sheet begins are not set right."""
    changed = list(records(data))
    if not changed:
        return change_bytes(draw, data)
    at = draw(st.integers(0, len(changed) - 1))
    number, content = changed[at]
    match draw(st.sampled_from(("bytes", "bytes", "bytes", "number", "drop", "repeat", "swap"))):
        case "bytes":
            content, what = change_bytes(draw, content)
            changed[at] = number, content[:8224]  # the most that a record holds
        case "number":
            other = draw(st.sampled_from(changed))[0]
            changed[at], what = (other, content), f"is a {other:#x}"
        case "drop":
            del changed[at]
            what = "dropped"
        case "repeat":
            times = draw(st.sampled_from((2, 30, 2000)))
            changed[at:at] = [changed[at]] * times
            what = f"{times} times more"
        case _:
            other = draw(st.integers(0, len(changed) - 1))
            changed[at], changed[other] = changed[other], changed[at]
            what = f"changes places with {other}"
    stream = b"".join(struct.pack("<HH", number, len(content)) + content for number, content in changed)
    return make_ole_file("Workbook", stream), f"record {at} ({number:#x}): {what}"
