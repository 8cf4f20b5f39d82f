"""How does what the engine and the store say read to people and programs?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from analyzers.personal_data import mask_personal_data
from corpus.models import Audience, Channel, Kind, Level, Mark, Method, Validity
from indexer.engine import Facet, Hit, Marked, Passage, SearchResults

# China has one time zone and no summer time (since 1991).
_CHINA = timezone(timedelta(hours=8))

FIELD_LABELS: Mapping[str, str] = {
    "kind": "类型",
    "domain": "领域",
    "issuer": "发文机关",
    "year": "年份",
    "validity": "有效性",
    "site": "网站",
    "column": "栏目",
    "audience": "公开对象",
    "method": "公开方式",
    "level": "公开层级",
    "period": "时期",
    "since": "起始日期",
    "until": "截止日期",
}

# What the engine may have read out of a question, as people call it; an unknown one is shown under 条件.
_UNDERSTOOD_LABELS: Mapping[str, str] = {
    "document_number": "文号",
    "partial_number": "文号",
    "period": "日期",
    "newest": "日期",
    "agency": "机关",
    "region": "地区",
    "phrase": "原文",
    "excluded": "不要",
    "title": "标题",
    "operator": "条件",
    "synonym": "也找",
    "correction": "更正",
    "unread": "没有看懂",
    **{name: FIELD_LABELS[name] for name in ("kind", "domain", "validity", "site", "column")},
}

_CATALOG_VALUES: Mapping[str, type[Audience | Method | Level]] = {
    "audience": Audience,
    "method": Method,
    "level": Level,
}
_KIND_LABELS = {kind.value: kind.label for kind in Kind}
_VALIDITY_LABELS = {validity.value: validity.label for validity in Validity}
_VALUE_LABELS: Mapping[str, Mapping[str, str]] = {
    "kind": _KIND_LABELS,
    "validity": _VALIDITY_LABELS,
    **{name: {item.value: item.label for item in names} for name, names in _CATALOG_VALUES.items()},
}


@dataclass(frozen=True, slots=True)
class Place:
    """The section in which a hit's snippet stands: its path (第二章 第八条) and its id on the document's page."""

    path: str
    anchor: str


def results_to_json(
    results: SearchResults, places: Mapping[str, Place] | None = None, passage_places: Mapping[str, Place] | None = None
) -> dict[str, object]:
    """The one shape of an answer for programs: ``/search.json`` and ``gongkai search --json``.

    A hit has its ``passage``: the verbatim piece of its text that answers best, or null; ``answer`` is that of the
    first hit where it surely answers. Where ``places`` (by the id of the document) are given, a hit has a ``section``,
    and a passage too where ``passage_places`` are: its ``path`` and ``anchor``, or null.
    """

    def passage_of(hit: Hit | None) -> dict[str, object] | None:
        if hit is None or hit.passage is None:
            return None
        found = _passage_to_json(hit.passage)
        return found if passage_places is None else found | {"section": _place_to_json(passage_places.get(hit.id))}

    def hit_to_json(hit: Hit) -> dict[str, object]:
        found = _hit_to_json(hit) | {"passage": passage_of(hit)}
        return found if places is None else found | {"section": _place_to_json(places.get(hit.id))}

    answer = passage_of(results.answer)
    return {
        "query": results.query.text,
        "understood": [{"what": item.what, "text": item.text, "undo": item.undo} for item in results.understood],
        "total": results.total,
        "took_ms": round(results.took_ms, 2),
        "answer": {"id": results.answer.id, **answer} if results.answer and answer else None,
        "hits": [hit_to_json(hit) for hit in results.hits],
        "facets": {facet.field: _facet_to_json(facet) for facet in results.facets},
        "suggestion": results.suggestion,
    }


def _passage_to_json(passage: Passage) -> dict[str, object]:
    return {"text": masked(passage.marked).text, "part": passage.part or None, "goes_on": passage.goes_on}


def _hit_to_json(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.id,
        "title": hit.title.text,
        "url": hit.url,
        "kind": hit.kind,
        "document_number": hit.document_number,
        "issuer": "、".join(hit.issuers),
        "published_on": hit.published_on.isoformat() if hit.published_on else None,
        "score": round(hit.score, 6),
        "snippet": masked(hit.snippet).text,
    }


def _place_to_json(place: Place | None) -> dict[str, object] | None:
    return None if place is None else {"path": place.path, "anchor": place.anchor}


def _facet_to_json(facet: Facet) -> list[dict[str, object]]:
    return [{"value": item.value, "count": item.count} for item in facet.values]


def value_label(field: str, value: str, domain_names: Mapping[str, str]) -> str:
    """The name that people see for a value of a field; one that has none is its own name."""
    if field in _VALUE_LABELS:
        return _VALUE_LABELS[field].get(value, value)
    if field == "period" and len(value) > 4:
        return f"{value[:4]}年{int(value[5:])}月"
    if field == "domain":
        return domain_names.get(value, value)
    return f"{value}年" if field in ("year", "period") else value


def kind_label(value: str) -> str:
    return _KIND_LABELS.get(value, value)


def validity_label(value: str) -> str:
    return _VALIDITY_LABELS.get(value, value)


def understood_label(what: str) -> str:
    return _UNDERSTOOD_LABELS.get(what, "条件")


def unstated_sentences(unstated: Mapping[str, int]) -> list[str]:
    """What filters hid because nothing is stated there: 另有 599 件未注明日期."""
    names = {"year": "日期", "date": "日期"} | {
        field: FIELD_LABELS[field] for field in unstated if field in FIELD_LABELS
    }
    return [f"另有 {count:,} 件未注明{names.get(field, '日期')}" for field, count in unstated.items()]


def channel_names(channels: Iterable[Channel]) -> str:
    """The channels that are used: the ticked ones, or all where none is marked."""
    listed = list(channels)
    ticked = [item for item in listed if item.mark is Mark.TICKED]
    return "、".join(dict.fromkeys(item.name for item in ticked or listed))


def masked(marked: Marked) -> Marked:
    """The text with the personal numbers in it masked; its spans stay where they are."""
    return replace(marked, text=mask_personal_data(marked.text))


def segments(marked: Marked) -> Iterator[tuple[str, bool]]:
    """The text cut at its marked spans, in order; True for a marked part. Templates escape each part by itself.

    Personal numbers in it are masked.
    """
    marked = masked(marked)
    end = 0
    for start, stop in marked.spans:
        if end < start:
            yield marked.text[end:start], False
        if part := marked.text[max(start, end) : stop]:
            yield part, True
        end = max(end, stop)
    if rest := marked.text[end:]:
        yield rest, False


def chinese_date(day: date | datetime | None) -> str:
    """2020年7月28日; a moment (UTC unless it names its zone) is told by China's calendar."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = (day if day.tzinfo else day.replace(tzinfo=UTC)).astimezone(_CHINA)
    return f"{day.year}年{day.month}月{day.day}日"


def file_size(size: int | None) -> str:
    """312 KB, 1.4 MB: as file managers say it, by 1,024."""
    if size is None:
        return ""
    if size < 1024:
        return f"{size} B"
    value = float(size)
    for unit in ("KB", "MB", "GB"):
        value /= 1024
        if value < 1023.5 or unit == "GB":
            break
    return f"{value:.0f} {unit}" if value >= 10 or unit == "KB" else f"{value:.1f} {unit}"


def grouped(number: int) -> str:
    """7,079."""
    return f"{number:,}"


def safe_link(url: str) -> str:
    """The address if a person may be sent there, else nothing: what was crawled may be ``javascript:``."""
    return url if url.lower().startswith(("http://", "https://")) else ""
