"""Is an index whole? Every byte of its files is read and compared with the checksums that were written with it."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from indexer.columnar.segment import SegmentArrays
from indexer.columnar.whoosh_segment import ColumnarSegment
from indexer.errors import IndexDamagedError

# What was found whole, and when: segment → [time, state of its files]. It may be deleted.
_SEEN = "verified.json"

_State = list[list[int]]  # size, time of the last change and inode of each file


def verify_index(folder: Path, name: str = "MAIN", *, trusted_s: float = 0.0) -> None:
    """Raises IndexDamagedError if a file is missing, torn, or not as it was written.

    Segments that were found whole in the last ``trusted_s`` seconds, and whose files were not touched since, are not
    read again. Reading takes 0.1 s for 290 MB that are in memory.
    """
    try:
        segments = list(_table(folder, name).segments)
    except Exception as error:  # Whoosh checks nothing, so that reading a torn table may fail in any way
        raise IndexDamagedError(f"{folder.name} has no readable table of contents ({error})") from error
    known, now = _seen(folder), time.time()
    whole: dict[str, tuple[float, _State]] = {}
    for segment in segments:
        if not isinstance(segment, ColumnarSegment):
            raise IndexDamagedError(f"{folder.name} has segments of another format")
        key = segment.segment_id()
        try:
            arrays = SegmentArrays(folder, key, segment.doc_count_all())
        except FileNotFoundError as error:
            raise IndexDamagedError(f"{folder.name} lacks {Path(error.filename).name}") from error
        state = [_state(path) for path in arrays.paths]
        at, before = known.get(key, (0.0, []))
        if state != before or not 0 <= now - at < trusted_s:
            arrays.verify()
            at = now
        whole[key] = at, state
    if whole != known:
        _write(folder / _SEEN, whole)


def _table(folder: Path, name: str) -> TOC:
    """The table of contents, read from memory: Whoosh leaves the file of one that it cannot read open."""
    files = RamStorage()
    files.files = {path.name: path.read_bytes() for path in folder.glob(f"_{name}_*.toc")}
    return TOC.read(files, name)


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _seen(folder: Path) -> dict[str, tuple[float, _State]]:
    with suppress(OSError, ValueError, TypeError, AttributeError):  # a torn list is none: all is read again
        found = json.loads((folder / _SEEN).read_text("utf-8"))
        return {key: (float(at), state) for key, (at, state) in found.items()}
    return {}


def _write(path: Path, seen: dict[str, tuple[float, _State]]) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(seen), "utf-8")
    temporary.replace(path)
