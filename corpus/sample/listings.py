"""Which pages lead to the documents: home page, sections, lists with paging, and the JSON call?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.sample.columns import Column, Placement, file_placements, placements, site_map
from corpus.sample.pages import encode, render, trail
from corpus.sample.resources import OPENED, Resource

ROWS_A_PAGE = 6
STATIC_ROWS = 3  # rows that the page of a scripted list holds without its script
API_PATH = "/api/list"
API_ROWS = 3
JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; ``href`` is written as the page writes it, which is not always how a URL should look."""

    href: str
    title: str
    day: str


def column_placements(column: Column) -> list[Placement]:
    """The column's documents that its list shows (some are reached in other ways only), newest first."""
    found = [
        placement
        for placement in (*placements(), *file_placements())
        if placement.column == column and "sitemap_only" not in placement.article.roles
    ]
    return sorted(found, key=lambda placement: placement.article.published_at, reverse=True)


def scripted_only() -> frozenset[str]:
    """Paths of the documents that only the JSON call of a scripted list names."""
    scripted = [column for column in site_map().columns if column.category]
    return frozenset(placement.path for column in scripted for placement in column_placements(column)[STATIC_ROWS:])


def list_pages(column: Column, extra: Sequence[Row] = ()) -> Iterator[tuple[str, Resource]]:
    """The column's list pages by path. ``extra`` rows (the portal's traps) stand on the last page."""
    found = column_placements(column)
    shown = found[:STATIC_ROWS] if column.category else found
    size = STATIC_ROWS if column.category else ROWS_A_PAGE
    chunks = [shown[at : at + size] for at in range(0, len(shown), size)] or [[]]
    for number, chunk in enumerate(chunks):
        rows = [_row(placement, at) for at, placement in enumerate(chunk)]
        if number == len(chunks) - 1:
            rows.extend(extra)
        html = render(
            f"{column.template}_list.html",
            column=column,
            trail=trail(column),
            rows=rows,
            number=number,
            pages=[column.list_page(at, len(chunks)) for at in range(len(chunks))],
            api=f"{API_PATH}?category={column.category}" if column.category else None,
        )
        body, content_type = encode(column, html)
        newest = max((placement.article.published_at for placement in chunk), default=OPENED)
        yield column.list_page(number, len(chunks)), Resource(body, content_type, modified=newest)


def api_pages(column: Column) -> Iterator[tuple[str, Resource]]:
    """The answers of the JSON call behind a scripted list; the key without ``page`` is what any other page gets."""
    found = column_placements(column)
    chunks = [found[at : at + API_ROWS] for at in range(0, len(found), API_ROWS)]
    address = f"{API_PATH}?category={column.category}"
    yield address, _api_answer(found, [])
    for number, chunk in enumerate(chunks, 1):
        yield f"{address}&page={number}", _api_answer(found, chunk)


def _api_answer(found: Sequence[Placement], chunk: Sequence[Placement]) -> Resource:
    rows = [
        {
            "id": int(placement.article.id),
            "title": placement.article.title,
            "url": placement.path,
            "create_time": int(placement.article.published_at.timestamp()),
            "document_number": placement.article.document_number,
            "publisher": placement.article.issuer,
            "is_abolished": int(placement.article.validity == "repealed"),
            "is_expired": int(placement.article.validity == "expired"),
        }
        for placement in chunk
    ]
    answer = {"total": len(found), "pages": -(-len(found) // API_ROWS), "articles": rows}
    newest = max(placement.article.published_at for placement in found)
    return Resource(json.dumps(answer, ensure_ascii=False).encode(), JSON_TYPE, modified=newest)


def section_pages() -> Iterator[tuple[str, Resource]]:
    for section in site_map().sections:
        columns = [column for column in site_map().columns if column.section == section.path]
        html = render("section.html", section=section, columns=[(c, column_rows(c, 3)) for c in columns])
        yield section.path, Resource(html.encode())


def home_page() -> Resource:
    """The home page: the newest of every column, and the links that a crawler must not trip over."""
    columns = [(column, column_rows(column, 4)) for column in site_map().columns]
    newest = max(placement.article.published_at for placement in placements())
    return Resource(render("home.html", columns=columns).encode(), modified=newest)


def column_rows(column: Column, limit: int) -> list[Row]:
    limit = min(limit, STATIC_ROWS) if column.category else limit
    return [_row(placement, None) for placement in column_placements(column)[:limit]]


def _row(placement: Placement, at: int | None) -> Row:
    """A list's row. On list pages the second, third and fourth hrefs carry what real portals leave in them."""
    marks = {1: ";jsessionid=8F3A2C7E91D04B56A0E1C2D3F4A5B6C7", 2: "#content", 3: "  "}
    href = placement.path
    if at is not None and placement.column.template in ("trs", "ucap"):
        href += marks.get(at, "")
        if placement.column.template == "trs":  # which writes its lists relative to the column
            href = f"./{href.removeprefix(placement.column.prefix)}"
    return Row(href, placement.article.title, f"{placement.article.published_at:%Y-%m-%d}")
