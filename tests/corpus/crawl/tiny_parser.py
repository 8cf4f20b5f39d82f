"""A parser that reads the pages of `server.TinyServer`, so that these tests are about the crawl alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from lxml import html

from corpus.errors import UnreadableError
from corpus.parsers import Link, Parsed, Source, Verdict


def parse(source: Source) -> Parsed:
    """``#zoom`` holds the text, ``a.file`` are attachments, every other link is followed."""
    if source.data.startswith(b"BROKEN"):
        raise UnreadableError("the file is broken")
    if source.data.startswith(b"BUG"):
        raise RuntimeError("a parser's own mistake")
    if "html" not in source.content_type:
        text = source.data.decode("utf-8", "replace")
        title = text.partition("\n")[0] if text.startswith("题：") else ""
        return Parsed(parser="tiny/1", media_type="text/plain", title=title, body=text)
    text = source.data.decode("utf-8", "replace")
    if not text.strip():
        return _page(Verdict.EMPTY)
    tree: Any = html.fromstring(text)
    if "页面不存在" in text:
        return _page(Verdict.SOFT_404)
    if "window.challenge" in text:
        return _page(Verdict.CHALLENGE)
    links = [
        (Link(urljoin(source.url, str(a.get("href"))), a.text_content().strip()), a.get("class") == "file")
        for a in tree.iter("a")
        if a.get("href")
    ]
    zoom = tree.xpath("//*[@id='zoom']")
    return Parsed(
        parser="tiny/1",
        media_type="text/html",
        verdict=Verdict.ARTICLE if zoom else Verdict.LISTING,
        title=str(tree.findtext(".//title") or ""),
        body="\n".join(item.text_content() for item in zoom),
        attachments=tuple(link for link, is_file in links if is_file),
        links=tuple(link for link, is_file in links if not is_file),
    )


def _page(verdict: Verdict) -> Parsed:
    return Parsed(parser="tiny/1", media_type="text/html", verdict=verdict)
