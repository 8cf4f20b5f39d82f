"""What are the files of an archive called? Names as a person sees them, and none that leads anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")  # the last two turn the reading round
_DRIVE = re.compile(r"[A-Za-z]:")
_MAX_NAME_CHARS = 400
# What systems put into archives beside the files: macOS, Windows, and lock files of Office.
_NOISE = re.compile(r"__MACOSX|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|~\$.*", re.IGNORECASE)


def decode_names(names: Sequence[bytes]) -> list[str]:
    """Names without a declared encoding, all in one: UTF-8 (macOS, Linux) or GBK (Chinese Windows).

    UTF-8 if they are valid UTF-8, unless only GBK makes Chinese of them: 一 in GBK is a valid letter in UTF-8.
    """
    together = b"\n".join(names)
    other = together.decode("gb18030", "replace")
    try:
        text = together.decode("utf-8")
    except UnicodeDecodeError:
        text = other
    if _HAN.search(text) is None and _HAN.search(other):
        text = other
    decoded = text.split("\n")
    return decoded if len(decoded) == len(names) else [name.decode("gb18030", "replace") for name in names]


def clean_name(name: str) -> str:
    """A relative path with ``/`` that stays inside of the archive: no drive, no root, no ``..``; empty for what systems
    add of their own (__MACOSX, .DS_Store …)."""
    parts = [_CONTROL.sub("", part).strip() for part in name.replace("\\", "/").split("/")]
    parts = [part for part in parts if part not in ("", ".", "..") and _DRIVE.fullmatch(part) is None]
    if any(_NOISE.fullmatch(part) for part in parts):
        return ""
    return "/".join(parts)[-_MAX_NAME_CHARS:].lstrip("/")


def distinct(names: Iterable[str]) -> list[str]:
    """The names, repeated ones with a number: ``a.txt``, ``a (2).txt``."""
    seen: set[str] = set()
    found: list[str] = []
    for name in names:
        path, number = PurePosixPath(name), 1
        while name in seen:
            number += 1
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        seen.add(name)
        found.append(name)
    return found
