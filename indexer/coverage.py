"""What of the standard catalogs (标准目录) is published, what is not found, what seems late? Leads, no judgements.

A row asks that something be public. Its name is its 二级事项; one that stands under several items (办事指南, 政策文件)
says nothing without its 一级事项. A document answers the row if the name stands in it: see `_answering`. Lateness is
told where dates allow it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from analyzers.grams import gram_arrays
from analyzers.time_limit import Pace, find_time_limits
from analyzers.working_days import working_days_between
from corpus.models import CatalogEntry, Kind, Method
from corpus.store import DocumentStore
from indexer.engine import Hit, Part, Query, SearchEngine

# So many of the index's hits are looked into for a row, and so many of those that answer it are kept.
_LOOKED_AT, _KEPT = 10, 3
# Of a row's name so much (of its pairs of characters) stands in what answers it, and so much in its title: in one of
# another department nearly all. Set by hand on the rows of the demo: no catalog comes with what answers it.
_LEAST_NAME, _LEAST_TITLE, _LEAST_ELSEWHERE = 0.8, 0.5, 0.8
# A shorter name (政策解读) says nothing of another department's document.
_OWN_NAME = 6
# The longest question: what the name and the item say.
_ASKED_CHARACTERS = 60

# How often 每…公开 comes, in days, and how long after that nothing is said: figures are ready some weeks later.
_EVERY = (("半年", 183), ("季", 92), ("月", 31), ("周", 7), ("星期", 7), ("年", 366))
_PATIENCE_DAYS = 31

Progress = Callable[[int, int], None]  # rows looked at, rows in all


class Status(StrEnum):
    """What was found of a row; ``label`` is what people see."""

    MISSING = "missing"
    LATE = "late"
    FOUND = "found"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {Status.MISSING: "未找到", Status.LATE: "可能超期", Status.FOUND: "找到"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """A document that seems to answer a row. The shares are of pairs of characters: of the row's name in the title, of
    公开内容 in the text; ``late`` says why it seems to be late (Chinese), or is empty."""

    document_id: str
    title: str
    issuers: tuple[str, ...]
    published_on: date | None
    name_in_title: float
    content_in_text: float
    same_publisher: bool
    late: str = ""

    @property
    def evidence(self) -> str:
        """What says that it answers the row, for people."""
        publisher = "发布机构相同" if self.same_publisher else "发布机构不同"
        return f"标题含事项名称 {self.name_in_title:.0%}，正文含公开内容 {self.content_in_text:.0%}，{publisher}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredRow:
    """A row of a catalog and what is published of it: ``found`` documents, the surest of them in ``answering``.

    ``name`` is what is looked for; ``late`` says why the row as a whole seems to be late (每年, and nothing new
    for longer), or is empty.
    """

    document_id: str
    catalog: str
    item: str
    subitem: str
    content: str
    publisher: str
    time_limit: str
    domain: str
    period: str
    name: str
    found: int = 0
    answering: tuple[Answering, ...] = ()
    late: str = ""

    @property
    def status(self) -> Status:
        if not self.found:
            return Status.MISSING
        return Status.LATE if self.late or any(item.late for item in self.answering) else Status.FOUND


def coverage(
    store: DocumentStore, engine: SearchEngine, today: date, on_progress: Progress = lambda *_: None
) -> tuple[CoveredRow, ...]:
    """Every row that is to be public by itself (not 依申请公开 only), in the order of the catalogs.

    Raises the errors of `indexer.errors`.
    """
    rows = list(_rows(store))
    catalogs = {row.document_id for row in rows}
    found: list[CoveredRow] = []
    for row in rows:
        found.append(_looked_up(row, engine, catalogs, today))
        on_progress(len(found), len(rows))
    return tuple(found)


def _rows(store: DocumentStore) -> Iterator[CoveredRow]:
    entries = [
        (stored.document.id, stored.document.title, entry)
        for stored in store.live_documents()
        for entry in stored.document.all_entries
        if (entry.item or entry.subitem) and (not entry.methods or Method.PROACTIVE in entry.methods)
    ]
    items: defaultdict[str, set[str]] = defaultdict(set)
    for _, _, entry in entries:
        items[entry.subitem].add(entry.item)
    for document_id, catalog, entry in entries:
        own = entry.subitem and len(items[entry.subitem]) == 1
        yield _row(document_id, catalog, entry, entry.subitem if own else f"{entry.item} {entry.subitem}".strip())


def _row(document_id: str, catalog: str, entry: CatalogEntry, name: str) -> CoveredRow:
    return CoveredRow(
        name=name,
        document_id=document_id,
        catalog=catalog,
        item=entry.item,
        subitem=entry.subitem,
        content=entry.content,
        publisher=entry.publisher,
        time_limit=entry.time_limit,
        domain=entry.domain,
        period=entry.period,
    )


def _looked_up(row: CoveredRow, engine: SearchEngine, catalogs: set[str], today: date) -> CoveredRow:
    asked = " ".join(dict.fromkeys(filter(None, (row.name, row.item))))[:_ASKED_CHARACTERS]
    query = Query(text=asked, part=Part.DOCUMENT, facets=(), limit=_LOOKED_AT, snippets=False)
    hits = [
        hit
        for hit in engine.search(query).hits
        if hit.kind != Kind.CATALOG and hit.document_id not in catalogs and _in_period(row, hit)
    ]
    texts = engine.texts([hit.id for hit in hits])
    answering = [made for hit in hits if hit.id in texts if (made := _answering(row, hit, *texts[hit.id])) is not None]
    answering.sort(key=lambda made: (made.same_publisher, made.name_in_title, made.content_in_text), reverse=True)
    late = _overdue(row.time_limit, answering, today)
    return replace(row, found=len(answering), answering=tuple(answering[:_KEPT]), late=late)


def _in_period(row: CoveredRow, hit: Hit) -> bool:
    """Is it of the year that the row names: published in it, in the next (figures of a year), or so titled?"""
    year = row.period[:4]
    if not year.isdecimal():
        return True
    day = hit.published_on or hit.issued_on
    return year in hit.title.text or (day is not None and day.year in (int(year), int(year) + 1))


def _answering(row: CoveredRow, hit: Hit, title: str, text: str) -> Answering | None:
    """What says that the document answers the row; None if that is too little."""
    in_title = _share(row.name, title)
    content = _share(row.content, text)
    same = _same_publisher(row.publisher, hit.issuers)
    if not same and (len(row.name) < _OWN_NAME or in_title < _LEAST_ELSEWHERE):
        return None
    if in_title < _LEAST_TITLE or _share(row.name, f"{title}\n{text}") < _LEAST_NAME:
        return None
    return Answering(
        document_id=hit.document_id,
        title=title,
        issuers=hit.issuers,
        published_on=hit.published_on or hit.issued_on,
        name_in_title=in_title,
        content_in_text=content,
        same_publisher=same,
        late=_late(row.time_limit, hit),
    )


def _share(words: str, text: str) -> float:
    """How many of the pairs of characters of some words stand in a text, from 0 to 1."""
    wanted = set(gram_arrays(words)[0].tolist())
    return len(wanted & set(gram_arrays(text)[0].tolist())) / len(wanted) if wanted else 0.0


def _same_publisher(publisher: str, issuers: Sequence[str]) -> bool:
    """Is an issuer one of the row's publishers? A catalog says 区民政局 where a document says 云澜区民政局."""
    names = [name.lstrip("省市县区镇乡") for name in publisher.replace("，", "、").replace(";", "、").split("、")]
    return any(name and issuer.endswith(name) for name in names for issuer in issuers)


def _late(time_limit: str, hit: Hit) -> str:
    """Between 成文日期 and 发布日期 there were more days than the first limit in days allows."""
    limit = next((found for found in find_time_limits(time_limit) if found.days is not None), None)
    if limit is None or limit.days is None or hit.issued_on is None or hit.published_on is None:
        return ""
    if not limit.working:
        days = (hit.published_on - hit.issued_on).days
        return f"成文后 {days} 天发布，时限 {limit.days} 天" if days > limit.days else ""
    taken = working_days_between(hit.issued_on, hit.published_on)
    if taken.count <= limit.days:
        return ""
    return f"成文后{'预计' if taken.expected else ''} {taken.count} 个工作日发布，时限 {limit.days} 个工作日"


def _overdue(time_limit: str, answering: Sequence[Answering], today: date) -> str:
    """What is to come every so often did not come for longer."""
    days = [made.published_on for made in answering if made.published_on is not None]
    periodic = next((found for found in find_time_limits(time_limit) if found.pace is Pace.PERIODIC), None)
    if periodic is None or not days:
        return ""
    said = time_limit[periodic.start : periodic.end]
    every = next((length for mark, length in _EVERY if mark in said), None)
    if every is None or max(days) + timedelta(days=every + _PATIENCE_DAYS) >= today:
        return ""
    return f"{said}公开，最近一次是 {max(days).isoformat()}"
