"""Reading archives (.zip, .7z): every file in them by its own parser, archives in archives as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.errors import UnreadableError
from corpus.parsers import Member, Parsed, Source, sniff
from corpus.parsers.archive.files import (
    LOCKED,
    Entry,
    seven_zip_entries,
    seven_zip_files,
    zip_entries,
    zip_files,
)
from corpus.parsers.archive.names import distinct

PARSER = "archive/1"

MAX_FILES = 1_000
"""Files of an archive, with those of the archives in it, beyond this are not read."""

MAX_UNPACKED_BYTES = 80 << 20
"""Nor are files beyond this size, all together: what a worker gives back has 128 MB, texts and all."""

MAX_DEPTH = 3
"""Archives in archives in an archive are read, deeper ones are not."""

_MAX_RATIO = 200  # unpacked to packed, of a large file; a bomb has 1,000
_RATIO_FROM_BYTES = 16 << 20

Parse = Callable[[Source], Parsed]


@dataclass(slots=True)
class _Budget:
    files: int = MAX_FILES
    room: int = MAX_UNPACKED_BYTES


def parse_archive(source: Source, parse: Parse, version: str = PARSER) -> Parsed:
    """Read the files of a .zip or .7z into ``members``, in the archive's order, each by ``parse``.

    The body lists their names, then come their texts. Names are relative, whatever the archive says; repeated ones are
    numbered; folders, links and what systems add (__MACOSX …) are left out. A file that is locked, too large, damaged
    or of no known type is a member with a problem. ``version`` is what archives in it say they were read by, too.

    Raises UnreadableError when the archive is damaged, empty, locked as a whole or packed by an unknown method.
    """
    return _parse(source, parse, version, _Budget(), depth=1)


def _parse(source: Source, parse: Parse, version: str, budget: _Budget, depth: int) -> Parsed:
    is_zip = sniff.sniff(source.data) != sniff.SEVEN_ZIP
    entries = zip_entries(source.data) if is_zip else seven_zip_entries(source.data)
    if not entries:
        raise UnreadableError("the archive holds no files")
    if all(entry.problem == LOCKED for entry in entries):
        raise UnreadableError("the archive is locked with a password")
    problems: list[str] = []
    if len(entries) > budget.files:
        problems.append(f"only {budget.files:,} of its {len(entries):,} files are read")
        entries = entries[: budget.files]
    budget.files -= len(entries)
    entries = [
        replace(entry, name=name) for entry, name in zip(entries, distinct(e.name for e in entries), strict=True)
    ]
    entries = [replace(entry, problem=entry.problem or _reason(entry, budget)) for entry in entries]
    wanted = [entry for entry in entries if not entry.problem]
    found = dict((zip_files if is_zip else seven_zip_files)(source.data, wanted))
    members: list[Member] = []
    for entry in entries:
        content = found.pop(entry, entry.problem)
        if isinstance(content, str):
            members.append(Member(name=entry.name, data=b"", problem=content))
        else:
            members.append(_member(Source(data=content, name=entry.name), parse, version, budget, depth))
    problems.extend(f"{member.name}: {member.problem}" for member in members if member.problem)
    texts = [member.parsed.body for member in members if member.parsed is not None and member.parsed.body]
    return Parsed(
        parser=version,
        media_type=sniff.ZIP if is_zip else sniff.SEVEN_ZIP,
        title=PurePosixPath(source.name.replace("\\", "/")).stem,
        title_guessed=True,
        body="\n".join([*(member.name for member in members), *texts]),
        members=tuple(members),
        entries=tuple(row for member in members if member.parsed is not None for row in member.parsed.entries),
        needs_ocr=any(member.parsed.needs_ocr for member in members if member.parsed is not None),
        problems=tuple(problems),
    )


def _reason(entry: Entry, budget: _Budget) -> str:
    """Why the file is not unpacked; empty if it is. What is unpacked takes its room."""
    if entry.size > budget.room:
        return f"the files of the archive unpack to more than {MAX_UNPACKED_BYTES >> 20} MB"
    if entry.packed is not None and entry.size > max(_RATIO_FROM_BYTES, _MAX_RATIO * entry.packed):
        return "it is packed too tightly to be a document"
    budget.room -= entry.size
    return ""


def _member(source: Source, parse: Parse, version: str, budget: _Budget, depth: int) -> Member:
    nested = sniff.sniff(source.data, source.name) in (sniff.ZIP, sniff.SEVEN_ZIP)
    try:
        if nested and depth >= MAX_DEPTH:
            raise UnreadableError(f"archives in archives are read to a depth of {MAX_DEPTH} only")
        parsed = _parse(source, parse, version, budget, depth + 1) if nested else parse(source)
    except UnreadableError as error:
        return Member(name=source.name, data=source.data, problem=error.reason)
    return Member(name=source.name, data=source.data, parsed=parsed)
