"""Reading old and rare Office files (.doc, .wps, .rtf, .ppt, .pptx): LibreOffice converts, our parsers read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, sniff

PARSER = "office/1"

TIME_S = 50.0
"""A conversion that takes longer is given up: a worker has 60 s for a file (`isolation.Limits`)."""

_MAX_CONVERTED_BYTES = 256 << 20
# Off the PATH: where Debian and libreoffice.org's own packages for Linux and macOS put it.
_PLACES = ("usr/lib/libreoffice/program/soffice", "opt/libreoffice*/program/soffice")
_MAC_PLACE = "Applications/LibreOffice.app/Contents/MacOS/soffice"
# The profile: no macros, whatever their signature; no links followed; nothing fetched that the file points to.
_SETTINGS = {
    ("Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("Common/Security/Scripting", "DisableActiveContent"): "true",
    ("Writer/Content/Update", "Link"): "0",
}
# Runs a program and, beside it, what waits for the other end of our pipe to close: it does when this process dies,
# however it does (a worker is killed when it takes too long), and then the whole group is killed.
_LEASH = 'exec 3<&0 </dev/null; { read -r _ <&3; kill -9 0; } & "$@" 3<&-; code=$?; kill $!; wait; exit $code'
_LOCKED = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptedSummary"))
_WORD_MAGIC, _WORD_ENCRYPTED = b"\xec\xa5", 0x0100  # [MS-DOC], 2.5.2: FibBase.wIdent, fEncrypted

Parse = Callable[[Source], Parsed]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How files of a type are named for LibreOffice, what they become, and Debian's package that can do it."""

    extension: str
    target: str
    package: str


_WRITER, _IMPRESS = "libreoffice-writer-nogui", "libreoffice-impress-nogui"
_KINDS = {
    sniff.DOC: _Kind("doc", "docx", _WRITER),
    sniff.WPS: _Kind("doc", "docx", _WRITER),
    sniff.RTF: _Kind("rtf", "docx", _WRITER),
    sniff.PPT: _Kind("ppt", "pdf", _IMPRESS),
    sniff.PPTX: _Kind("pptx", "pdf", _IMPRESS),
}


def parse_office(source: Source, media_type: str, parser: str, parse: Parse) -> Parsed:
    """Read a file of one of these types: converted to .docx or .pdf and read by ``parse``. The media type stays
    the original's, ``parser`` names both readers.

    Raises UnreadableError when LibreOffice is not installed (with the package to install), cannot read the file or
    takes longer than `TIME_S`, and when the file is locked with a password.
    """
    kind = _KINDS[media_type]
    program = find_program()
    if program is None:
        raise UnreadableError(f"{_name(media_type)} files are read by LibreOffice: install the package {kind.package}")
    if _is_locked(source.data):
        raise UnreadableError("the file is locked with a password")
    converted = _convert(program, source.data, kind)
    stem = source.name.rpartition(".")[0] or source.name
    parsed = parse(replace(source, data=converted, name=f"{stem}.{kind.target}" if stem else "", content_type=""))
    return replace(parsed, parser=parser, media_type=media_type)


def find_program() -> str | None:
    """Where LibreOffice is; None if it is not installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    found_off_path = (str(path) for place in (*_PLACES, _MAC_PLACE) for path in sorted(Path("/").glob(place)))
    return next(found_off_path, None)


def _name(media_type: str) -> str:
    return "wps" if media_type == sniff.WPS else _KINDS[media_type].extension


def _is_locked(data: bytes) -> bool:
    if any(name in data for name in _LOCKED):
        return True
    at = data.find(_WORD_MAGIC)
    while at >= 0:
        if at % 512 == 0:  # a stream begins with a sector
            return bool(int.from_bytes(data[at + 10 : at + 12], "little") & _WORD_ENCRYPTED)
        at = data.find(_WORD_MAGIC, at + 1)
    return False


def _convert(program: str, data: bytes, kind: _Kind) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gongkai-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _write_profile(folder / "profile" / "user")
        file = folder / f"file.{kind.extension}"
        file.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"),
            *("--convert-to", kind.target, "--outdir", str(folder / "out"), str(file)),
        ]
        _run(command, folder)
        result = folder / "out" / f"file.{kind.target}"
        if not result.is_file():
            raise UnreadableError(f"LibreOffice cannot read the file (damaged, or {kind.package} is not installed)")
        if result.stat().st_size > _MAX_CONVERTED_BYTES:
            raise UnreadableError(f"the file grows to more than {_MAX_CONVERTED_BYTES >> 20} MB when it is converted")
        return result.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Runs the program in a session of its own, so that what it starts ends with it, and it ends with us."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",  # draws without a screen
    }
    with subprocess.Popen(  # noqa: S603 (a program that was found, and names of our own)
        ["/bin/sh", "-c", _LEASH, "sh", *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(TIME_S)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise UnreadableError(f"LibreOffice took longer than {TIME_S:.0f} s to convert it") from None
            raise


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for (path, name), value in _SETTINGS.items()
    )
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
