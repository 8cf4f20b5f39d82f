"""Where can one go from this page? Links, frames, redirects, and further pages of a listing that a script writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from corpus.parsers import Link
from corpus.parsers.html.layout import attribute
from corpus.parsers.spacing import tidy

MAX_PAGES = 1000
"""How many further pages of one listing are believed; the longest lists that were seen have about 600."""

_LEFTOVER = re.compile(
    r"\{\{|\}\}|\$\{|<%|%>|\+\s*['\"]|['\"]\s*\+|^(undefined|null|none|#+)$|^[A-Za-z_$][\w$]*(\.[\w$]+)*\.\w*(url|href|link|id)$",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(r"\s*(\.{2,}|…+)\s*$")
_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\";]+)", re.IGNORECASE)
_REDIRECT = re.compile(r"location(?:\.href|\.replace|\.assign)?\s*(?:=|\()\s*['\"]([^'\"]+)['\"]")

_CALL = re.compile(r"create_?page\w*\s*\(([^()]{0,300})\)", re.IGNORECASE)
_VARIABLE = re.compile(r"\bvar\s+(\w+)\s*=\s*['\"]?([\w.-]+)['\"]?")
_ARGUMENT = re.compile(r"\s*(?:'([^']*)'|\"([^\"]*)\"|([\w$]+))\s*(?:,|$)")
_LOOP_NAME = re.compile(r"([A-Za-z]\w*)\\?\"\s*\+\s*['\"]_['\"]")
_LOOP_COUNT = re.compile(r"\b(?:count_?page|page_?count|total_?page)s?\s*=\s*['\"]?(\d{1,6})", re.IGNORECASE)
_EXTENSIONS = frozenset({"html", "htm", "shtml", "shtm", "jsp", "xhtml"})


def base_url(soup: BeautifulSoup, url: str, declared: str) -> str:
    """What relative links are relative to: ``<base href>``, the page's URL, or the one that its meta tag declares."""
    own = url or declared
    base = soup.find("base", href=True)
    return _join(own, attribute(base, "href")) or own if isinstance(base, Tag) else own


def resolve(base: str, href: str) -> str:
    """The absolute http(s) URL without its fragment; empty for scripts, mail, template leftovers and nonsense."""
    href = href.strip()
    if not href or _LEFTOVER.search(href):
        return ""
    return _join(base, href)


def relative(href: str) -> str:
    """A relative address as it is; empty if it is absolute, no address at all or a template leftover."""
    href = href.strip()
    return "" if re.match(r"[A-Za-z][\w+.-]*:|//", href) or _LEFTOVER.search(href) else href


def read_links(soup: BeautifulSoup, base: str) -> list[Link]:
    """Every link that can be followed, in page order, without repeats, each with the first words that it shows."""
    shown: dict[str, str] = {}
    for href, text in _targets(soup):
        url = resolve(base, href)
        if url and not shown.get(url):
            shown[url] = text
    return [Link(url, text) for url, text in shown.items()]


def link_text(tag: Tag) -> str:
    """The words of a link; its ``title`` where that holds them whole: cut off by …, or behind a label."""
    text, title = tidy("".join(tag.strings)), tidy(attribute(tag, "title"))
    cut = _ELLIPSIS.sub("", text)
    whole = title and (not text or title in text or (cut != text and title.startswith(cut)))
    return title if whole else text


def _targets(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all(["a", "area", "iframe", "frame", "meta"]):
        if tag.name in {"a", "area"}:
            yield attribute(tag, "href"), link_text(tag)
        elif tag.name == "meta":
            if attribute(tag, "http-equiv").lower() == "refresh" and (
                match := _REFRESH.search(attribute(tag, "content"))
            ):
                yield match[1], ""
        else:
            yield attribute(tag, "src"), ""
    for script in soup.find_all("script"):
        source = script.string or ""
        yield from ((name, "") for name in page_names(source))
        if len(source) < 2000:  # a redirect stands in a short script; in a long one it is a reaction to a click
            yield from ((match[1], "") for match in _REDIRECT.finditer(source))


def page_names(script: str) -> Iterable[str]:
    """The names of the further pages of a listing, read out of the script that draws its page bar.

    TRS WCM calls ``createPageHTML(count, current, "index", "html")`` (the order of other arguments differs), older
    templates write the loop themselves (``countPage=56`` … ``"index"+"_"+i``): the pages are index.html, index_1.html,
    … index_(count-1).html.
    """
    variables = dict(_VARIABLE.findall(script))
    for call in _CALL.finditer(script):
        values = [one or two or variables.get(bare, bare) for one, two, bare in _ARGUMENT.findall(call[1])]
        numbers = [int(value) for value in values if value.isdecimal() and len(value) < 7]
        ends = [i for i, value in enumerate(values) if value.lower().lstrip(".") in _EXTENSIONS]
        if numbers and ends and ends[0] > 0 and re.fullmatch(r"[\w./-]+", values[ends[0] - 1]):
            return _pages(values[ends[0] - 1], values[ends[0]].lstrip("."), numbers[0])
    loop, count = _LOOP_NAME.search(script), _LOOP_COUNT.search(script)
    if loop is not None and count is not None:
        extension = next(
            (name for name in ("shtml", "html", "htm", "jsp") if f'{name}\\"' in script or f'{name}"' in script), "html"
        )
        return _pages(loop[1], extension, int(count[1]))
    return ()


def _pages(name: str, extension: str, count: int) -> list[str]:
    return [f"{name}_{number}.{extension}" for number in range(1, min(count, MAX_PAGES))]


def _join(base: str, href: str) -> str:
    try:
        url = urldefrag(urljoin(base, re.sub(r"[\r\n\t]", "", href.strip()))).url
        parts = urlsplit(url)
        return url.strip() if parts.scheme in {"http", "https"} and parts.hostname else ""
    except ValueError:  # http://[el.url] is read as a broken IPv6 address
        return ""
