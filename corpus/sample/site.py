"""Which URLs does the portal answer, and with what?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit

from corpus.sample.columns import file_placements, placements, site_map
from corpus.sample.files import CONTENT_TYPES, attachment_bytes
from corpus.sample.listings import API_PATH, api_pages, home_page, list_pages, section_pages
from corpus.sample.oddities import LIST_ROWS, odd_pages
from corpus.sample.pages import article_page
from corpus.sample.resources import Resource


def request_key(target: str) -> str:
    """The key under which a request target is looked up: no fragment, no ``;jsessionid=…``, the query sorted."""
    parts = urlsplit(target)
    path = parts.path.split(";", 1)[0]
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=1)
def build_site() -> Mapping[str, Resource]:
    """Everything that does not depend on the portal's address, by `request_key`."""
    pages: dict[str, Resource] = {"/": home_page(), "/index.html": home_page()}
    pages.update(section_pages())
    for column in site_map().columns:
        lists = dict(list_pages(column, LIST_ROWS.get(column.key, ())))
        pages.update(lists)
        if column.list_path is None:
            pages[column.prefix] = lists[column.list_page(0, 1)]
        if column.category is not None:
            pages.update(api_pages(column))
    for placement in placements():
        pages[placement.path] = article_page(placement)
    for placement in (*placements(), *file_placements()):
        for attachment, path in zip(placement.article.attachments, placement.attachment_paths(), strict=True):
            pages[path] = Resource(
                attachment_bytes(attachment),
                CONTENT_TYPES[attachment.format],
                modified=placement.article.published_at,
            )
    pages.update(odd_pages())
    return MappingProxyType({request_key(path): resource for path, resource in pages.items()})


def find(pages: Mapping[str, Resource], target: str) -> Resource | None:
    """The page for a request target; a query that no page knows is ignored, as real servers do."""
    key = request_key(target)
    path = urlsplit(key).path
    if path == API_PATH:
        category = dict(parse_qsl(urlsplit(key).query)).get("category", "")
        return pages.get(key) or pages.get(f"{API_PATH}?category={category}")
    return pages.get(key) or pages.get(path)
