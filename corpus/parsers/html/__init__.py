"""Reading a web page: who published what, when, and what it says."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date
from types import MappingProxyType

from bs4 import BeautifulSoup
from bs4.element import Tag

from corpus.errors import UnreadableError
from corpus.models import Validity, read_validity
from corpus.parsers import Link, Parsed, Source, Verdict
from corpus.parsers.encoding import decode
from corpus.parsers.html.attachments import read_attachments
from corpus.parsers.html.columns import read_columns
from corpus.parsers.html.fields import Fields, read_date, read_number, read_source, read_text
from corpus.parsers.html.furniture import is_frame, unread
from corpus.parsers.html.labels import read_labels, written_lines
from corpus.parsers.html.layout import Block, attribute, blocks, hidden
from corpus.parsers.html.links import base_url, read_links, resolve
from corpus.parsers.html.main_text import (
    MainText,
    dense_place,
    inside,
    is_sentence,
    known_container,
    read_main_text,
    sentences,
)
from corpus.parsers.html.markup import MAX_BYTES, make_tree
from corpus.parsers.html.metatags import read_meta
from corpus.parsers.html.rows import Row, read_rows
from corpus.parsers.html.tables import read_tables
from corpus.parsers.html.titles import browser_title, first_sentence, shown_title, strip_site
from corpus.parsers.html.verdict import MIN_ROWS, Evidence, judge
from corpus.parsers.kinds import tell_kind
from corpus.parsers.signature import number_line, signature

PARSER = "html/2"

_LINES_ABOVE = 8  # between the title and the text stand at most: number, source, date, buttons
_LINES_BELOW = 6  # title, subtitle, number and addressee begin a text (GB/T 9704-2012, 7.3)
_MAX_DATE_LINE_CHARS = 80
_KEYWORD_SEPARATORS = re.compile(r"[,，;；、|\s]+")


def parse_html(source: Source) -> Parsed:
    """Read a page. A field is taken from the meta tags, else the official field table, else the text, in this order.

    The ``title`` is what the page shows, else the first sentence of its text if that is no longer than a title; it is
    empty if neither names the page. Source and day of publication are also read where a script writes them as they
    stand; no script is run.

    A page that is empty, an error, a gate or a listing is no failure: its ``verdict`` says so. A listing's ``title`` is
    its column, and ``extra["rows"]`` are its dated rows (``url``, ``title``, ``published_on`` as ISO date or None).
    ``extra`` also keeps what the vocabulary has no place for: ``author``, ``description``, ``site_name``,
    ``site_id_code`` and ``url`` as declared, ``images`` (URLs of the pictures in the text), and labelled values that
    could not be read, under their label.

    Raises UnreadableError when the page is larger than `markup.MAX_BYTES`, `MAX_TAGS` or `MAX_DEPTH`.
    """
    if len(source.data) > MAX_BYTES:
        raise UnreadableError(f"the page is larger than {MAX_BYTES >> 20} MB")
    decoded = decode(source.data, source.content_type)
    soup, markup = make_tree(decoded.text)
    meta = read_meta(soup)
    base = base_url(soup, source.url, meta.get("url", ""))
    columns = read_columns(soup)
    rows = read_rows(soup, base)
    listed = {id(row.element) for row in rows} if len(rows) >= MIN_ROWS else set[int]()
    place, known, fields = _find(soup, rows, listed)
    title = meta.get("title") or fields.first("title", read_text)
    names = {meta.get("site_name", ""), meta.get("column", ""), *columns.linked}
    title = title or shown_title(soup, names)
    column = meta.get("column") or columns.column(title)
    text = read_main_text(place, title, known) if place is not None else MainText()
    attachments = tuple(read_attachments(soup, base))
    links = read_links(soup, base)
    verdict = judge(
        Evidence(
            source=markup,
            browser_title=browser_title(soup),
            shown=_shown(soup),
            text=text.text,
            running=sum(len(block.text) for block in sentences(place, listed)) if place is not None else 0,
            has_article_title="title" in meta,
            official_fields=fields.official,
            fields=len(fields),
            known_container=known,
            has_files=bool(attachments or text.images),
            rows=len(rows),
            links=len(links),
        )
    )
    extra: dict[str, object] = {
        name: meta[name] for name in ("author", "description", "site_name", "site_id_code", "url") if name in meta
    }
    if verdict is Verdict.LISTING:
        column = meta.get("column") or columns.column("")
        return Parsed(
            parser=PARSER,
            media_type="text/html",
            verdict=verdict,
            title=column or strip_site(browser_title(soup), names) or title,
            column=column,
            links=tuple(links),
            extra=MappingProxyType({**extra, "rows": [_row(row) for row in rows]}),
        )
    head = list(_head(soup, place, known))
    signers, signed_on = signature(text.text)
    issuer = fields.first("issuer", read_text)
    number = fields.first("document_number", read_number) or number_line([*head, *text.lines[:_LINES_BELOW]])
    issued_on = fields.first("issued_on", read_date) or signed_on
    written = Fields(read_labels(written_lines(soup)))
    published_on = (
        read_date(meta.get("published_on", ""))
        or fields.first("published_on", read_date)
        or written.first("published_on", read_date)
        or _dated(head)
    )
    effective_on, expires_on = fields.first("effective_on", read_date), fields.first("expires_on", read_date)
    validity = fields.first("validity", read_validity)
    images = [url for image in text.images if (url := resolve(base, attribute(image, "src")))]
    if images:
        extra["images"] = images
    problems = [*decoded.problems, *_missing(text, attachments, title)]
    files = {link.url for link in attachments}
    return Parsed(
        parser=PARSER,
        media_type="text/html",
        verdict=verdict,
        title=title or _stand_in(text, attachments),
        title_guessed=not title,
        body=text.text,
        column=column,
        kind=tell_kind(title, column),
        document_number=number,
        issuers=(issuer,) if issuer else signers,
        issued_on=issued_on,
        published_on=published_on,
        effective_on=effective_on,
        expires_on=expires_on,
        validity=validity or Validity.UNKNOWN,
        index_number=fields.first("index_number", read_text) or "",
        subject=fields.first("subject", read_text) or "",
        source=meta.get("source") or fields.first("source", read_source) or written.first("source", read_source) or "",
        keywords=_keywords(meta.get("keywords") or fields.first("keywords", read_text) or ""),
        attachments=attachments,
        tables=tuple(read_tables(place, unread)) if place is not None else (),
        links=tuple(link for link in links if link.url not in files),
        problems=tuple(problems),
        extra=MappingProxyType(extra | fields.unread()),
    )


def _find(soup: BeautifulSoup, rows: Sequence[Row], listed: set[int]) -> tuple[Tag | None, bool, Fields]:
    """Where the text is, whether that is a known container, and the fields around it.

    A known container is never asked for fields, and one that holds rows of a listing and no sentence is none. In
    a place that only its density speaks for, the lines before the first sentence are asked, and the cells of tables:
    such a page may be one table of fields.
    """
    place = known_container(soup)
    if place is not None and not _lists(place, rows, listed):
        return place, True, Fields(read_labels(_framed(soup, listed | {id(place)})))
    everywhere = Fields(read_labels(_framed(soup, listed)))
    place = dense_place(soup, everywhere.elements | listed)
    if place is None:
        return None, False, everywhere
    return place, False, Fields(read_labels(_before_sentences(_framed(soup, listed), place)))


def _lists(place: Tag, rows: Sequence[Row], listed: set[int]) -> bool:
    held = sum(inside(row.element, {id(place)}) for row in rows)
    return held >= MIN_ROWS and next(sentences(place, listed), None) is None


def _framed(soup: BeautifulSoup, without: set[int]) -> Iterator[Block]:
    """The lines of the page between its header and its footer."""
    return blocks(soup.body or soup, lambda tag: id(tag) in without or hidden(tag) or is_frame(tag))


def _before_sentences(page: Iterator[Block], place: Tag) -> Iterator[Block]:
    running = False
    for block in page:
        within = inside(block.element, {id(place)})
        running = running or (within and is_sentence(block.text))
        if not (within and running) or block.element.find_parent(["td", "th"]) or block.element.name in {"td", "th"}:
            yield block


def _head(soup: BeautifulSoup, place: Tag | None, known: bool) -> Iterator[str]:
    """The lines just above the text; in a place that is no known container, also those before its first sentence."""
    above: deque[str] = deque(maxlen=_LINES_ABOVE)
    below = 0
    for block in _framed(soup, set()):
        if place is not None and inside(block.element, {id(place)}):
            below += 1
            if known or below > _LINES_BELOW or is_sentence(block.text):
                break
        above.append(block.text)
    yield from above


def _dated(head: Sequence[str]) -> date | None:
    """The day in the line nearest above the text that shows one without a label (2024-09-12 10:10 来源：防城港日报)."""
    found = (read_date(line) for line in reversed(head) if len(line) <= _MAX_DATE_LINE_CHARS)
    return next((value for value in found if value is not None), None)


def _shown(soup: BeautifulSoup) -> str:
    return "\n".join(block.text for block in blocks(soup.body or soup))


def _row(row: Row) -> dict[str, str | None]:
    return {
        "url": row.url,
        "title": row.title,
        "published_on": row.published_on.isoformat() if row.published_on else None,
    }


def _keywords(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in _KEYWORD_SEPARATORS.split(text) if word))


def _stand_in(text: MainText, attachments: Sequence[Link]) -> str:
    if text.lines:
        return first_sentence(text.lines[0])
    return attachments[0].text if attachments else ""


def _missing(text: MainText, attachments: Sequence[Link], title: str) -> Iterator[str]:
    if not title:
        yield "the page shows no title"
    if not text.lines:
        if text.images:
            yield "the text is a picture: needs OCR"
        elif attachments:
            yield "the page shows no text; its attachments hold it"
        else:
            yield "the page shows no text"
