"""What can still be read of a catalog that lost its cells: a table that became one run of words?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from analyzers.lexicon import domains
from analyzers.time_limit import find_time_limits
from corpus.models import Audience, CatalogEntry, Channel, Mark, Method
from corpus.parsers.catalog.marks import channel_names, has_marks, read_channels, read_mark, squeeze
from corpus.parsers.catalog.places import read_domain, read_period
from corpus.parsers.rules import read_rules

MAX_BODY_CHARS = 2_000_000
"""A longer body is not searched; the catalogs of all 26 domains together have about 300,000 characters."""

_MIN_HEADER_WORDS = 6  # of the template's about 15
_MAX_ROW_WORDS = 500  # the longest row of the real page has 36
_MAX_NAME_CHARS = 40  # a name of an item; longer words are content
_BASIS = re.compile(r"(?:\d{1,2}[.．、]|[一二三四五六七八九十]、)?[《【]")
_LISTED = re.compile(r"1[.．、](?!\d)")
_SENTENCE = re.compile(r"[。；]")
_LIMIT = re.compile(r"之日起?|形成或变更|工作日|公开[。]?$")
_CHANNEL = re.compile(r".*(?:网站|网|平台|公示栏|公开栏|电子屏|公报|媒体|媒介|入户/现场|公众号|大厅|中心|查阅点)$")
_END = re.compile(r"\s(?:来源[：:]|附件下载|分享到|打印本页|责任编辑|上一篇|扫一扫)")
_COLUMNS_LOST = "which of the mark columns are ticked is guessed: their empty cells are lost"
_NAMES_LOST = "where 一级事项, 二级事项 and 公开内容 end is guessed: the cells are lost"


def read_flattened(body: str, *, title: str = "") -> tuple[CatalogEntry, ...]:
    """Read the rows of a catalog whose header and cells stand in one paragraph, parted by white space only.

    Rows begin at the numbers 1, 2, 3 … that stand alone; within a row 《…》 begins the basis, a phrase like
    20个工作日内 the time limit, names of channels the channels; the publisher stands before them, the marks at the end.
    What that cannot tell is named in ``uncertain``: always the columns of the marks, and the names where they are not
    plain. A row that lacks one of its landmarks gives what it can and says so. No entry without a template's header.
    """
    header = _header().search(body[:MAX_BODY_CHARS])
    if header is None:
        return ()
    text = body[header.end() : MAX_BODY_CHARS]
    if end := _END.search(text):
        text = text[: end.start()]
    reader = _Rows(_segments(text.split()), read_domain(title), "".join(text.split()))
    return tuple(reader.entries())


@cache
def _header() -> re.Pattern[str]:
    """序号 and then header words only, in any order, with white space anywhere."""
    words = {word for name, _, row in read_rules("catalog_headers") for word in row.split() if len(word) > 1}
    spaced = [r"\s*".join(map(re.escape, word)) for word in sorted(words, key=len, reverse=True)]
    one = rf"(?:{'|'.join(spaced)})(?:\s*[（(][^（()）\d]{{1,12}}[）)])?"
    return re.compile(rf"序\s*号(?:\s+{one}){{{_MIN_HEADER_WORDS},24}}(?=\s+1\s)")


def _segments(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The rows: each number that goes on counting where a row may end (after a mark), and the words behind it."""
    rows: list[tuple[str, list[str]]] = []
    for place, word in enumerate(words):
        if word == str(len(rows) + 1) and (not rows or _is_mark(words[place - 1])):
            rows.append((word, []))
        elif rows and len(rows[-1][1]) < _MAX_ROW_WORDS:
            rows[-1][1].append(word)
    return rows


def _is_mark(word: str) -> bool:
    return has_marks(word) and not read_mark(word).text


class _Rows:
    """The rows of one catalog, read together: what is the same in many of them helps to part them."""

    def __init__(self, rows: Sequence[tuple[str, list[str]]], domain: str, text: str) -> None:
        self._rows = rows
        self._domain = domain
        self._text = text
        before_channel = (words[at - 1] for _, words in rows if (at := _first_channel(words)))
        counted = Counter(before_channel)
        self._publishers = {word for word, count in counted.items() if count * 4 > len(rows) or count > 2}
        self._item = self._subitem = ""

    def entries(self) -> list[CatalogEntry]:
        return [self._entry(serial, words, row) for row, (serial, words) in enumerate(self._rows, start=1)]

    def _entry(self, serial: str, words: list[str], row: int) -> CatalogEntry:
        notes: list[str] = []
        channel_at = _first_channel(words)
        publisher_at = self._publisher(words, channel_at)
        limit_at = _limit(words, publisher_at)
        basis_at = next((n for n in range(limit_at) if _BASIS.match(words[n])), None)
        if basis_at is None:
            basis_at = max(limit_at - 1, 0)
            notes.append("公开依据 cites no title: the last word before 公开时限 was taken for it")
        names = self._names(words[:basis_at], notes)
        channels, tail = _channels(words[channel_at:]) if channel_at else ((), words[publisher_at + 1 :])
        if not channel_at:
            notes.append("no known channel was found, so 公开主体 may be wrong")
        audiences, group = _marks(tail, notes)
        return CatalogEntry(
            serial=serial,
            item=names[0],
            subitem=names[1],
            content=names[2],
            basis=" ".join(words[basis_at:limit_at]),
            time_limit=" ".join(words[limit_at:publisher_at]),
            publisher=words[publisher_at] if publisher_at < len(words) else "",
            channels=channels,
            audiences=audiences,
            audience_text=group,
            methods=(Method.PROACTIVE,),
            period=read_period(*names),
            domain=self._domain,
            row=row,
            uncertain=(*dict.fromkeys(notes), _COLUMNS_LOST),
        )

    def _publisher(self, words: Sequence[str], channel_at: int) -> int:
        if channel_at:
            return channel_at - 1
        return next((n for n, word in enumerate(words) if word in self._publishers), len(words))

    def _names(self, words: list[str], notes: list[str]) -> tuple[str, str, str]:
        """Item, subitem and content. Content begins at 1. or at the first word that is a sentence or too long for a
        name, else it is the last word; an item that is not said is the one above."""
        at = next((n for n, word in enumerate(words) if _reads_like_content(word)), len(words) - 1)
        names, content = self._unbroken(words[:at]), " ".join(words[at:])
        certain = False
        if len(names) >= 2:
            self._item, self._subitem = names[0], " ".join(names[1:])
            certain = len(names) == 2 and names[0] in _domain_names()
        elif len(names) == 1:
            self._subitem = names[0]
        if not certain:
            notes.append(_NAMES_LOST)
        if len(names) < 2:
            carried = "一级事项" if names else "一级事项 and 二级事项"
            notes.append(f"{carried} not said: carried down from the row above")
        return self._item, self._subitem, content

    def _unbroken(self, names: list[str]) -> list[str]:
        """The names, the first two as one if a line break parted it: a domain, or a name that the text has whole."""
        if len(names) > 1:
            whole = names[0] + names[1]
            if whole in _domain_names() or self._text.count(whole) > 1:
                return [whole, *names[2:]]
        return names


def _reads_like_content(word: str) -> bool:
    return bool(_LISTED.match(word) or _SENTENCE.search(word)) or len(word) > _MAX_NAME_CHARS


@cache
def _domain_names() -> frozenset[str]:
    return frozenset(n for domain in domains() for n in (domain.name, domain.guidance_name, *domain.short_names))


def _first_channel(words: Sequence[str]) -> int:
    """Where the channels begin: the first of the words before the marks at the end that all are channels; 0 if none."""
    end = next((n for n, word in enumerate(words) if _is_mark(word) or word.startswith("√")), len(words))
    places = [n for n in range(1, end) if _is_channel(words[n])]
    if not places:
        return 0
    first = places[-1]
    while first - 1 in places and first > 1:
        first -= 1
    return first


def _is_channel(word: str) -> bool:
    names = [squeeze(part.name) for part in read_channels(word)]
    return bool(names) and all(name in channel_names() or _CHANNEL.fullmatch(name) for name in names)


def _limit(words: Sequence[str], publisher_at: int) -> int:
    """Where the time limit begins: the first word behind the basis that tells one."""
    start = next((n for n in range(publisher_at) if _BASIS.match(words[n])), 0)
    for n in range(max(start + 1, 1), publisher_at):
        if (_LIMIT.search(words[n]) and not words[n].startswith("《")) or (
            words[n - 1].endswith(tuple("》）等")) and find_time_limits(words[n])
        ):
            return n
    return max(publisher_at - 1, 0)


def _channels(words: Sequence[str]) -> tuple[tuple[Channel, ...], list[str]]:
    count = next((n for n, word in enumerate(words) if not _is_channel(word)), len(words))
    names = [name for word in words[:count] for name in read_channels(word)]
    return tuple(Channel(name.name, Mark.UNMARKED) for name in names), list(words[count:])


def _marks(tail: Sequence[str], notes: list[str]) -> tuple[tuple[Audience, ...], str]:
    """The audience that the words and marks behind the channels tell; what follows them is not read."""
    said: list[str] = []
    for place, word in enumerate(tail):
        if not _is_mark(word):
            said.append(read_mark(word).text)
        elif place + 1 < len(tail) and not _is_mark(tail[place + 1]):
            notes.append("the row has a second line behind its marks, which is not read")
            break
    if said:
        return (Audience.SPECIFIC_GROUP,), " ".join(said)
    return ((Audience.WHOLE_SOCIETY,) if tail else ()), ""
