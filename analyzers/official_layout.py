"""Where on its lines does an official document say who issues it, to whom, under which number, when?

The elements are those of GB/T 9704-2012 党政机关公文格式, 7: 版头 (份号 to 签发人), 主体 (标题 to 附注), 版记
(抄送, 印发). What is read stands on lines of its own; text that mentions a number, a date or an annex is never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from analyzers.agencies import split_issuers
from analyzers.dates import find_dates, find_signing_date
from analyzers.official_head import ABSENT, ORGANISATION, Head, close_up
from analyzers.official_head import Piece as Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed (发文机关署名, one piece a body) and when (成文日期: its line, and the day that it names); 7.3.5."""

    issuers: tuple[Piece, ...] = ()
    signed: Piece = ABSENT
    issued_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialLayout:
    """The elements that the lines show, in the order of the standard (the numbers are its clauses)."""

    copy_number: Piece = ABSENT  # 份号, 7.2.1
    classification: Piece = ABSENT  # 密级和保密期限, 7.2.2
    urgency: Piece = ABSENT  # 紧急程度, 7.2.3
    letterhead: Piece = ABSENT  # 发文机关标志, 7.2.4, with 文件, 令, 纪要 if it ends so
    document_number: Piece = ABSENT  # 发文字号, 7.2.5; of a 令 its name and 第X号
    signatory: Piece = ABSENT  # 签发人, 7.2.6
    title: Piece = ABSENT  # 标题, 7.3.1
    addressees: Piece = ABSENT  # 主送机关, 7.3.2, without the colon
    attachments: tuple[Piece, ...] = ()  # 附件说明, 7.3.4: the names, without their numbers
    issuers: tuple[Piece, ...] = ()  # 发文机关署名, 7.3.5
    signed: Piece = ABSENT  # 成文日期, 7.3.5
    issued_on: date | None = None
    note: Piece = ABSENT  # 附注, 7.3.6, without its brackets
    disclosure: Piece = ABSENT  # 公开方式 out of it: 主动公开, 依申请公开 …
    copied_to: Piece = ABSENT  # 抄送机关, 7.4.2
    printed_by: Piece = ABSENT  # 印发机关, 7.4.3
    printed: Piece = ABSENT  # 印发日期, 7.4.3
    printed_on: date | None = None


_KINDS = {"办公室", "办公厅", "委员会", "人民政府", "管委会", "管理委员会"}  # no body's whole name
_MAX_SIGNERS = 20  # 十五部门联合印发 is the longest list seen
_MAX_DATE_LINE_CHARS = 120  # names, date and note on one line
_MAX_DATE_LINES = 50  # of a chronicle, only so many are asked who signed
_MAX_NOTE_LINES = 3  # how far below the date 附注 stands
_MAX_COPY_LINES = 6
_MAX_NAME_CHARS = 120  # of an annex
_MAX_PRINTED_CHARS = 80

_ANNEX = re.compile(r"附\s*件\s*(?P<number>[\d一二三四五六七八九十]{1,3})?\s*[:：]\s*(?P<name>.*)")
_ENTRY = re.compile(r"(?P<number>\d{1,2})\s*[.．、]\s*(?!\d)(?P<name>.+)")
_NEXT_ENTRY = re.compile(r"\s+(?=\d{1,2}\s*[.．、]\s*\D)")
_NOTE = re.compile(r"[（(]([^（()）]{1,60})[)）]")
_NOTE_BEHIND = re.compile(r"[（(]([^（()）]{1,60})[)）]$")
_LABELLED = r"此\s*件|信息公开(?:选项|属性|类别|形式)\s*[:：]|公开(?:方式|属性|选项|类别|形式)\s*[:：]"
_HOW = r"\s*(?P<how>主动公开|依申请公开|不予公开|不公开|公开发布|删减后(?:主动)?公开)[。\s]*"
_DISCLOSURE = re.compile(rf"(?:{_LABELLED})?{_HOW}")
_DISCLOSURE_LINE = re.compile(rf"[（(]?\s*(?:{_LABELLED}){_HOW}[)）]?")
_COPIED = re.compile(r"(?:抄\s*送|抄\s*报|分\s*送)\s*[:：]\s*(?P<names>.+)")
_PRINTED = re.compile(r"(?P<words>.*?)\s*印\s*发")


def read_layout(lines: Sequence[str]) -> OfficialLayout:
    """Read the lines (paragraphs) of a text of any format. What is not there, or not certain, stays empty."""
    texts = [line.strip() for line in lines]
    head = Head(texts)
    signature = read_signature(texts, head.end)
    below = signature.signed.end or head.end
    signed_from = signature.issuers[0].start if signature.issuers else signature.signed.start or len(texts)
    note, disclosure = _note(texts, signature.signed, below)
    printed_by, printed, printed_on = _printed(texts, below)
    return OfficialLayout(
        copy_number=head.copy_number,
        classification=head.classification,
        urgency=head.urgency,
        letterhead=head.letterhead,
        document_number=head.document_number,
        signatory=head.signatory,
        title=head.title,
        addressees=head.addressees,
        attachments=tuple(_annexes(texts, head.end, signed_from) or _annexes(texts, below, len(texts))),
        issuers=signature.issuers,
        signed=signature.signed,
        issued_on=signature.issued_on,
        note=note,
        disclosure=disclosure,
        copied_to=_copied(texts, below),
        printed_by=printed_by,
        printed=printed,
        printed_on=printed_on,
    )


def read_signature(lines: Sequence[str], begin: int = 0) -> Signature:
    """The first date from line ``begin`` on that stands alone, or behind a name, and has a name to it; else the first
    that stands alone; else the one with which the last line ends (a text that lost its lines)."""
    unsigned: Signature | None = None
    asked = 0
    for at in range(begin, len(lines)):
        line = lines[at].strip()
        if "年" not in line or len(line) > _MAX_DATE_LINE_CHARS or asked == _MAX_DATE_LINES:
            continue
        found = find_signing_date(line)
        if found is None:
            continue
        asked += 1
        signed = Piece(line[found.start : found.end], at, at + 1)
        before = line[: found.start].strip()
        issuers = _names(before, at) if before else tuple(_above(lines, begin, at))
        if issuers:
            return Signature(issuers=issuers, signed=signed, issued_on=found.value)
        if not before and unsigned is None:
            unsigned = Signature(signed=signed, issued_on=found.value)
    return unsigned or _last_words(lines, begin)


def _above(lines: Sequence[str], begin: int, at: int) -> Iterator[Piece]:
    names: list[tuple[Piece, ...]] = []
    for index in reversed(range(max(begin, at - _MAX_SIGNERS), at)):
        if not (line := lines[index].strip()):
            continue
        if not (found := _names(line, index)):
            break
        names.insert(0, found)
    for pieces in names:
        yield from pieces


def _names(text: str, at: int) -> tuple[Piece, ...]:
    """The bodies that a line names and nothing else; spaces part them if each piece is a whole name."""
    if ORGANISATION.fullmatch(text) is None:
        return ()
    names = split_issuers(text)
    if any(name in _KINDS or ORGANISATION.fullmatch(name) is None for name in names):
        names = (close_up(text),)
    return tuple(Piece(name, at, at + 1) for name in names)


def _last_words(lines: Sequence[str], begin: int) -> Signature:
    last = next((at for at in reversed(range(begin, len(lines))) if lines[at].strip()), None)
    found = find_signing_date(lines[last]) if last is not None else None
    if last is None or found is None:
        return Signature()
    _, stop, name = lines[last][max(0, found.start - 60) : found.start].rpartition("。")
    issuers = _names(name.strip(), last) if stop and name.strip() else ()
    return Signature(
        issuers=issuers, signed=Piece(lines[last][found.start : found.end], last, last + 1), issued_on=found.value
    )


def _annexes(lines: Sequence[str], begin: int, end: int) -> list[Piece]:
    """The names of the last list that begins with 附件： or 附件1： between two lines."""
    for at in reversed(range(begin, end)):
        match = _ANNEX.fullmatch(lines[at]) if lines[at].startswith("附") else None
        if match is None or match["number"] not in (None, "1", "一"):
            continue
        names = [_bare(part) for part in _NEXT_ENTRY.split(match["name"]) if part.strip()]
        if not all(map(_may_name, names)):
            continue
        pieces = [Piece(name, at, at + 1) for name in names]
        form = _ANNEX if match["number"] else _ENTRY
        for index in range(at + 1, end):
            if not lines[index]:
                continue
            entry = form.fullmatch(lines[index])
            name = _bare(entry["name"]) if entry is not None and entry["number"] else ""
            if not _may_name(name):
                break
            pieces.append(Piece(name, index, index + 1))
        if pieces:
            return pieces
    return []


def _may_name(text: str) -> bool:
    return 0 < len(text) <= _MAX_NAME_CHARS and "。" not in text


def _bare(name: str) -> str:
    entry = _ENTRY.fullmatch(name.strip())
    return (entry["name"] if entry else name).strip().rstrip("。；;")


def _note(lines: Sequence[str], signed: Piece, below: int) -> tuple[Piece, Piece]:
    """附注 and what it says of disclosure, which also may stand on a line of its own (公开方式：主动公开)."""
    note = ABSENT
    if signed and (behind := _NOTE_BEHIND.search(lines[signed.start])):
        note = Piece(behind[1].strip(), signed.start, signed.end)
    shown = [at for at in range(below, len(lines)) if lines[at]][:_MAX_NOTE_LINES] if signed else []
    for at in shown:
        if not note and (match := _NOTE.fullmatch(lines[at])):
            note = Piece(match[1].strip(), at, at + 1)
    if how := _DISCLOSURE.fullmatch(note.text):
        return note, Piece(how["how"], note.start, note.end)
    for at in range(below, len(lines)):
        if how := _DISCLOSURE_LINE.fullmatch(lines[at]):
            return note, Piece(how["how"], at, at + 1)
    return note, ABSENT


def _copied(lines: Sequence[str], below: int) -> Piece:
    for at in range(below, len(lines)):
        if match := _COPIED.fullmatch(lines[at]):
            names, end = match["names"], at + 1
            while end < min(len(lines), at + _MAX_COPY_LINES) and names.endswith(("，", "、", "；", ",", ";")):
                names += lines[end]
                end += 1
            return Piece(close_up(names).rstrip("。"), at, end)
    return ABSENT


def _printed(lines: Sequence[str], below: int) -> tuple[Piece, Piece, date | None]:
    for at in range(below, len(lines)):
        line = close_up(lines[at]) if len(lines[at]) <= _MAX_PRINTED_CHARS else ""
        match = _PRINTED.fullmatch(line) if line.endswith("发") else None
        dates = find_dates(match["words"]) if match else []
        if match is None or len(dates) != 1 or dates[0].end != len(match["words"]):
            continue
        printed = Piece(line[dates[0].start : dates[0].end], at, at + 1)
        by, place = line[: dates[0].start].strip(), at
        if not by:
            place = next((index for index in reversed(range(below, at)) if lines[index]), at)
            by = lines[place] if place < at else ""
        named = ORGANISATION.fullmatch(by) is not None
        return Piece(close_up(by), place, place + 1) if named else ABSENT, printed, dates[0].value
    return ABSENT, ABSENT, None
