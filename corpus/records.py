"""Document ↔ JSON record: the keys of a `.jsonl` line and of a stored version."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from analyzers.dates import CHINA_TIME, DateError, parse_date
from corpus.errors import RecordError
from corpus.models import Attachment, CatalogEntry, Document, Kind, Validity, read_validity

_TEXT_KEYS = ("url", "site", "column", "document_number", "index_number", "subject", "domain", "region", "source")
_DATE_KEYS = ("issued_on", "published_on", "effective_on", "expires_on")
_OTHER_KEYS = (
    *("id", "title", "body", "kind", "validity", "issuer", "keywords"),
    *("attachments", "entries", "fetched_at", "extra"),
)
_ENTRIES = TypeAdapter(tuple[CatalogEntry, ...])
_KNOWN_KEYS = frozenset((*_OTHER_KEYS, *_TEXT_KEYS, *_DATE_KEYS))


def document_from_record(record: object) -> Document:
    """Read one JSON record; only ``id`` and ``title`` are required.

    Unknown keys, and values of known keys that cannot be read (a date such as "近日", a 有效性 of the site's own), are
    kept in ``extra`` under their key. Raises RecordError if it is no object, has no id or title, or a text is no text.
    """
    if not isinstance(record, Mapping):
        raise RecordError(f"a record must be a JSON object, not {type(record).__name__}")
    document_id = _identifier(record.get("id"))
    title = " ".join(_text(record, "title").split())
    if not title:
        raise RecordError(f"record {document_id!r} has no title")
    extra: dict[str, object] = {key: value for key, value in record.items() if key not in _KNOWN_KEYS}
    if isinstance(more := record.get("extra"), Mapping):
        extra.update(more)
    elif more is not None:
        extra["extra"] = more
    dates: dict[str, date | None] = {}
    for key in _DATE_KEYS:
        dates[key] = None
        if raw := _text(record, key).strip():
            try:
                dates[key] = parse_date(raw)
            except DateError:
                extra[key] = raw
    kind = Kind.OTHER
    if raw := _text(record, "kind").strip():
        try:
            kind = Kind(raw)
        except ValueError:
            extra["kind"] = raw
    validity = Validity.UNKNOWN
    if raw := _text(record, "validity").strip():
        known = read_validity(raw)
        if known is None:
            extra["validity"] = raw
        else:
            validity = known
    fetched_at = _moment(record.get("fetched_at"))
    if fetched_at is None and record.get("fetched_at"):
        extra["fetched_at"] = record["fetched_at"]
    return Document(
        id=document_id,
        title=title,
        body=_text(record, "body"),
        kind=kind,
        validity=validity,
        issuers=_names(record, "issuer"),
        keywords=_names(record, "keywords"),
        attachments=_attachments(record.get("attachments")),
        entries=_entries(record),
        fetched_at=fetched_at,
        extra=MappingProxyType({storable(key): _storable_value(value) for key, value in extra.items()}),
        url=_text(record, "url").strip(),
        site=_text(record, "site").strip(),
        column=_text(record, "column").strip(),
        document_number=_text(record, "document_number").strip(),
        index_number=_text(record, "index_number").strip(),
        subject=_text(record, "subject").strip(),
        domain=_text(record, "domain").strip(),
        region=_text(record, "region").strip(),
        source=_text(record, "source").strip(),
        issued_on=dates["issued_on"],
        published_on=dates["published_on"],
        effective_on=dates["effective_on"],
        expires_on=dates["expires_on"],
    )


def record_from_document(document: Document) -> dict[str, object]:
    """The JSON record of a document; empty fields are left out. Reading it back gives an equal document."""
    record: dict[str, object] = {"id": document.id, "kind": document.kind.value, "title": document.title}
    for key in _TEXT_KEYS:
        if value := getattr(document, key):
            record[key] = value
    for key in _DATE_KEYS:
        if value := getattr(document, key):
            record[key] = value.isoformat()
    if document.validity is not Validity.UNKNOWN:
        record["validity"] = document.validity.value
    if document.issuers:
        record["issuer"] = document.issuers[0] if len(document.issuers) == 1 else list(document.issuers)
    if document.keywords:
        record["keywords"] = list(document.keywords)
    if document.body:
        record["body"] = document.body
    if document.attachments:
        record["attachments"] = [{"name": item.name, "url": item.url} for item in document.attachments]
    if document.entries:
        record["entries"] = _ENTRIES.dump_python(document.entries, mode="json", exclude_defaults=True)
    if document.fetched_at:
        record["fetched_at"] = document.fetched_at.isoformat()
    if document.extra:
        record["extra"] = dict(document.extra)
    return record


def dump_record(record: Mapping[str, object]) -> str:
    """One line of JSON, the same for equal records."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump_entries(entries: Sequence[CatalogEntry]) -> str:
    """The catalog rows read out of a file, as JSON; `load_entries` reads it."""
    return _ENTRIES.dump_json(tuple(entries), exclude_defaults=True).decode()


def load_entries(text: str) -> tuple[CatalogEntry, ...]:
    """What `dump_entries` wrote; an empty text is no rows."""
    return _ENTRIES.validate_json(text) if text else ()


def _entries(record: Mapping[str, object]) -> tuple[CatalogEntry, ...]:
    try:
        return _ENTRIES.validate_python(_storable_value(record.get("entries") or ()), strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RecordError(f"record {record.get('id')!r}: entries.{where}: {first['msg']}") from error


def _identifier(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not (kept := storable(value)).strip():
        raise RecordError(f"a record needs an id (a text), got {value!r}")
    if len(kept) > 512:
        raise RecordError(f"an id has at most 512 characters, this one has {len(kept)}: {kept[:40]!r}…")
    return kept


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise RecordError(f"record {record.get('id')!r}: {key} must be a text, not {type(value).__name__}")
    return storable(value)


def storable(text: str) -> str:
    """Without what no database keeps: NUL characters, and surrogates that are no character."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _storable_value(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): _storable_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable_value(item) for item in value]
    return value


def _names(record: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = record.get(key)
    if isinstance(value, list):
        if not all(isinstance(name, str) for name in value):
            raise RecordError(f"record {record.get('id')!r}: {key} must be a text or a list of texts")
        return tuple(name for item in value if (name := storable(item).strip()))
    text = _text(record, key).strip()
    return (text,) if text else ()


def _attachments(value: object) -> tuple[Attachment, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise RecordError('attachments must be a list of {"name", "url"}')
    return tuple(Attachment(name=_text(item, "name").strip(), url=_text(item, "url").strip()) for item in value)


def _moment(value: object) -> datetime | None:
    """An ISO 8601 time (one without a zone is China's), in UTC; None if it is none."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
