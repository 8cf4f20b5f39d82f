"""How does a document look as a page of the portal?"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.sample.articles import Article, Validity
from corpus.sample.columns import Column, Placement, placements, site_map
from corpus.sample.markup import blocks
from corpus.sample.resources import HTML, HTML_UNDECLARED, Resource

# What the official field table writes for 有效性.
VALIDITY_LABELS: dict[Validity, str] = {
    "in_force": "有效",
    "amended": "已修改",
    "repealed": "废止",
    "expired": "失效",
    "unknown": "",
}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["site"] = site_map()
    environment.filters["chinese_date"] = lambda day: f"{day.year}年{day.month}月{day.day}日"
    environment.filters["validity"] = VALIDITY_LABELS.__getitem__
    return environment


def render(template: str, **values: Any) -> str:
    """The filled template; a name that it uses and nobody gave is an error, not a blank."""
    return _environment().get_template(template).render(**values)


def encode(column: Column, html: str) -> tuple[bytes, str]:
    """The page's bytes and Content-Type: the ASP section is GBK and says so only in its meta (as gb2312)."""
    return (html.encode("gbk"), HTML_UNDECLARED) if column.template == "gbk" else (html.encode(), HTML)


def trail(column: Column) -> list[tuple[str, str]]:
    """The breadcrumb (当前位置) from the home page to the column, as (name, path)."""
    section = site_map().section_of(column)
    return [("首页", "/"), (section.name, section.path), (column.name, column.list_page(0, 1))]


def article_page(placement: Placement) -> Resource:
    """The page of a document under one of its URLs."""
    article, column = placement.article, placement.column
    attachments = list(zip(article.attachments, placement.attachment_paths(), strict=True))
    html = render(
        f"{column.template}_article.html",
        article=article,
        column=column,
        path=placement.path,
        trail=trail(column),
        blocks=blocks(article.body),
        attachments=attachments,
        related=_related(article),
        issued_on=article.issued_on or article.published_at.date(),
    )
    body, content_type = encode(column, html)
    if "broken" in article.roles:
        body = _break(body)
    return Resource(body, content_type, modified=article.published_at)


def _related(article: Article) -> list[Placement]:
    """The first URL of each document that this one links to, in the order it names them."""
    first: dict[str, Placement] = {}
    for placement in placements():
        first.setdefault(placement.article.id, placement)
    return [first[identifier] for identifier in article.related]


def _break(page: bytes) -> bytes:
    """A transfer that broke off: nothing after the middle of the text, the last character cut, then stray bytes."""
    end = page.index("此处起".encode())
    return page[: end + 1] + b'\x00\xff<div class="<p <<td></span></span <!-- '
