"""Which files does an archive (.zip, .7z) hold, and what are their bytes? Never more than was asked for."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import py7zr
from py7zr.exceptions import DecompressionBombError, PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import MemIO, Py7zIO, WriterFactory

from corpus.errors import UnreadableError
from corpus.parsers.archive.names import clean_name, decode_names
from corpus.parsers.package import ZIP_DAMAGE

LOCKED = "it is locked with a password"
_BROKEN = "it is damaged"
_DAMAGED = "the archive is damaged or incomplete"
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1  # general purpose bit flags: APPNOTE.TXT, 4.4.4


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive: its place in the directory, its cleaned name, its size in bytes, unpacked and packed (None:
    packed together with others), and why it cannot be read, if that is known."""

    place: int
    name: str
    size: int
    packed: int | None = None
    problem: str = ""


def zip_entries(data: bytes) -> list[Entry]:
    """The files of a .zip; folders, links and what systems add are left out.

    Raises UnreadableError if it is damaged.
    """
    with _open_zip(data) as archive:
        found = archive.infolist()
        raw = [entry for entry in found if not entry.flag_bits & _UTF8_NAME]
        # zipfile reads what is not flagged as code page 437, which has a character for every byte
        names = dict(
            zip(map(id, raw), decode_names([e.orig_filename.encode("cp437", "replace") for e in raw]), strict=True)
        )
        entries: list[Entry] = []
        for place, entry in enumerate(found):
            name = names.get(id(entry), entry.orig_filename)
            is_link = stat.S_ISLNK(entry.external_attr >> 16)
            if not is_link and not name.endswith(("/", "\\")) and (shown := clean_name(name)):
                problem = LOCKED if entry.flag_bits & _ENCRYPTED else ""
                entries.append(Entry(place, shown, entry.file_size, entry.compress_size, problem))
        return entries


def zip_files(data: bytes, wanted: Iterable[Entry]) -> Iterator[tuple[Entry, bytes | str]]:
    """The bytes of each wanted file, or why there are none."""
    with _open_zip(data) as archive:
        found = archive.infolist()
        for entry in wanted:
            try:
                yield entry, archive.read(found[entry.place])  # no more than the directory says
            except ZIP_DAMAGE:
                yield entry, _BROKEN


def _open_zip(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except ZIP_DAMAGE as error:
        raise UnreadableError(_DAMAGED) from error


def seven_zip_entries(data: bytes) -> list[Entry]:
    """As `zip_entries`, for a .7z. Raises UnreadableError when it is damaged, locked or packed by an unknown method."""
    with _open_seven_zip(data) as archive:
        if archive.needs_password():
            raise UnreadableError("the archive is locked with a password")
        return [
            Entry(place, name, file.uncompressed)
            for place, file in enumerate(archive.files)
            if not file.is_directory and not file.is_symlink and (name := clean_name(file.filename))
        ]


def seven_zip_files(data: bytes, wanted: Iterable[Entry]) -> Iterator[tuple[Entry, bytes | str]]:
    """As `zip_files`. Writing stops as soon as a file becomes larger than the directory says, or all together do."""
    entries = {entry.place: entry for entry in wanted}
    store = _Store({str(place): entry.size for place, entry in entries.items()})
    with _open_seven_zip(data) as archive:
        # By number, past `extract`: it knows files by names only, which may repeat or lead out of the archive.
        for place, file in enumerate(archive.files):
            archive.worker.register_filelike(file.id, MemIO(str(place), store) if place in entries else None)
        archive.worker.max_extract_size = sum(file.uncompressed for file in archive.files)
        try:
            archive.worker.extract(archive.fp, None, parallel=False)
        except MemoryError:
            raise
        except DecompressionBombError as error:
            raise UnreadableError("the archive unpacks to more than it says") from error
        except UnsupportedCompressionMethodError as error:
            raise UnreadableError("the archive is packed by a method that is not supported") from error
        except Exception as error:  # py7zr lets through whatever its decompressors raise
            if not any(file.whole for file in store.files.values()):
                raise UnreadableError(_DAMAGED) from error
    for place, entry in entries.items():
        found = store.files.pop(str(place), None)
        yield entry, bytes(found.content) if found is not None and found.whole else _BROKEN


def _open_seven_zip(data: bytes) -> py7zr.SevenZipFile:
    try:
        return py7zr.SevenZipFile(io.BytesIO(data))
    except MemoryError:
        raise
    except PasswordRequired as error:
        raise UnreadableError("the archive is locked with a password") from error
    except UnsupportedCompressionMethodError as error:
        raise UnreadableError("the archive is packed by a method that is not supported") from error
    except Exception as error:  # py7zr lets through whatever a broken header makes it stumble over
        raise UnreadableError(_DAMAGED) from error


class _File(Py7zIO):
    """Takes the bytes of one file, and no more than it may have; ``whole`` once all came and their sum is right."""

    def __init__(self, size: int) -> None:
        self.content = bytearray()
        self.whole = False
        self._size = size

    def write(self, s: bytes | bytearray) -> int:
        if len(self.content) + len(s) > self._size:
            raise DecompressionBombError
        self.content += s
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        return bytes(self.content[:size])

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 (always to the beginning)
        return offset

    def flush(self) -> None:
        """Nothing is held back."""

    def size(self) -> int:
        return len(self.content)

    def close(self) -> None:
        self.whole = True


class _Store(WriterFactory):
    def __init__(self, sizes: dict[str, int]) -> None:
        self.files: dict[str, _File] = {}
        self._sizes = sizes

    def create(self, filename: str) -> _File:
        self.files[filename] = _File(self._sizes[filename])
        return self.files[filename]
