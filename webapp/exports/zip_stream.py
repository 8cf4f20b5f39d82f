"""A ZIP archive that leaves while it is made: nothing but the piece on its way is held in memory or on the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# How much is gathered before it is sent on, in bytes: fewer and larger writes to the socket.
_PIECE_BYTES = 64 * 1024
# Sizes that the header of a member needs 64 bits for (APPNOTE 4.3.9); zipfile must know it beforehand.
_LARGE_BYTES = 1 << 31


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive; ``packed`` ones (PDF, pictures) are stored as they are.

    ``size``, in bytes, need not be exact, but must be told for a file of 2 GiB or more.
    """

    name: str
    chunks: Iterable[bytes]
    packed: bool = False
    size: int = 0


class _Pipe(io.RawIOBase):
    """Takes what zipfile writes until it is fetched; cannot seek, so zipfile writes sizes behind the data."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._parts.append(piece)
        self.waiting += len(piece)
        return len(piece)

    def fetch(self) -> bytes:
        fetched = b"".join(self._parts)
        self._parts.clear()
        self.waiting = 0
        return fetched


def zip_stream(members: Iterable[Member]) -> Iterator[bytes]:
    """The bytes of the archive; each member is asked for when the ones before it have left."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for member in members:
            info = zipfile.ZipInfo(member.name)
            info.compress_type = zipfile.ZIP_STORED if member.packed else zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=member.size >= _LARGE_BYTES) as opened:
                for chunk in member.chunks:
                    opened.write(chunk)
                    if pipe.waiting >= _PIECE_BYTES:
                        yield pipe.fetch()
    yield pipe.fetch()
