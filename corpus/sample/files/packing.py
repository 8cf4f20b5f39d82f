"""How are files packed: .zip as every program does, .zip with names in GBK, .7z? Always in the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

import py7zr

_ZIP_DATE = (2024, 1, 1, 0, 0, 0)
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_SEVEN_ZIP_DATE = int((datetime(2024, 1, 1, tzinfo=UTC) - _FILETIME_EPOCH).total_seconds()) * 10_000_000


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A .zip of members by name; names beyond ASCII are flagged as UTF-8."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def gbk_zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A .zip as Chinese Windows packs it: names in GBK, and no flag that says so."""
    names = {f"@{number:0{len(name.encode('gbk')) - 1}d}": name.encode("gbk") for number, name in enumerate(members)}
    packed = zip_bytes(dict(zip(names, members.values(), strict=True)))
    for placeholder, name in names.items():  # of the same length, in the local header and in the directory
        packed = packed.replace(placeholder.encode("ascii"), name)
    return packed


def seven_zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A .7z of members by name."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(data, name)
        for listed in archive.header.files_info.files:  # written when the archive is closed; it has the time of now
            for stamp in ("creationtime", "lastwritetime", "lastaccesstime"):
                if stamp in listed:
                    listed[stamp] = py7zr.helpers.ArchiveTimestamp(_SEVEN_ZIP_DATE)
    return out.getvalue()
