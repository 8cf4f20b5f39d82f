"""What is the document's title, where no tag or table says it? The browser's title adds site and column to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

from corpus.parsers.html.furniture import in_frame
from corpus.parsers.html.layout import attribute
from corpus.parsers.spacing import tidy

_TITLE_NAME = re.compile(
    r"(article|news|info|doc|content|page|wz|xl|con|detail|main)?[-_]?(title|tit|bt|biaoti|h1)([-_]?\w{0,6})?"
)
_MARKED = re.compile(r"(标题|title)\S*?\W{0,4}begin", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|--+|(?<=[\u4e00-\u9fff）)])[-–—](?=[\u4e00-\u9fff])")
_SITE = re.compile(r"(门户|官方)网站|(网站?|门户|政府|管委会|委员会|厅|局|部|平台|首页|频道)$")
_MAX_CHARS = 300
_MAX_SENTENCE_CHARS = 100  # the longest line that can stand for a title: two lines of 二号 type have about 40
_SENTENCE = re.compile(r"[^。！？；!?;]+[。！？；!?;]?")


def browser_title(soup: BeautifulSoup) -> str:
    """``<title>`` as it is, on one line."""
    return tidy(soup.title.get_text()) if soup.title is not None else ""


def shown_title(soup: BeautifulSoup, names: Collection[str]) -> str:
    """The title that the page shows: what its template marks, the heading that ``<title>`` repeats, the first heading,
    or ``<title>`` without the parts that are ``names`` of the site and its columns."""
    browser = browser_title(soup)
    headings = [text for text in _headings(soup) if text not in names]
    whole = "".join(browser.split())
    repeated = [text for text in headings if len(text) > 1 and "".join(text.split()) in whole]
    marked = next(_marked(soup), "")
    first = next((text for text in headings if len(text) >= 4), "")
    return marked or max(repeated, key=len, default="") or first or strip_site(browser, names)


def strip_site(browser: str, names: Collection[str]) -> str:
    """The part of a browser's title that is the document's: the longest that names no site and no column."""
    parts = [part for part in _SEPARATORS.split(browser) if part and part.strip()]
    own = [part for part in parts if part not in names and _SITE.search(part) is None]
    return max(own, key=len, default=max(parts, key=len, default=""))


def first_sentence(line: str) -> str:
    """The sentence that a line begins with, which may stand for a title; empty if it is too long to."""
    match = _SENTENCE.match(line.replace("\t", " "))
    return match[0].strip() if match is not None and len(match[0]) <= _MAX_SENTENCE_CHARS else ""


def _headings(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(_is_heading):
        text = tidy("".join(tag.strings))
        if text and len(text) <= _MAX_CHARS and tag.find(_is_heading) is None and not in_frame(tag):
            yield text


def _is_heading(tag: Tag) -> bool:
    if tag.name in {"h1", "h2"}:
        return True
    if tag.name in {"body", "html", "title", "head", "meta", "a", "input", "ul"}:
        return False
    tokens = f"{attribute(tag, 'class')} {attribute(tag, 'id')}".lower().split()
    return any(_TITLE_NAME.fullmatch(token) for token in tokens)


def _marked(soup: BeautifulSoup) -> Iterator[str]:
    """大汉 jcms writes ``<!--<$[标题名称(html)]>begin-->…<!--<$[标题名称(html)]>end-->`` around the title."""
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment) and _MARKED.search(text) is not None):
        pieces = []
        for sibling in comment.next_siblings:
            if isinstance(sibling, Comment):
                break
            pieces.append(
                sibling.get_text()
                if isinstance(sibling, Tag)
                else str(sibling)
                if isinstance(sibling, NavigableString)
                else ""
            )
        if text := tidy("".join(pieces)):
            yield text
