"""Which files does the document carry (附件), and what are they called?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from corpus.parsers import Link
from corpus.parsers.html.furniture import in_frame
from corpus.parsers.html.layout import attribute
from corpus.parsers.html.links import link_text, relative, resolve
from corpus.parsers.spacing import tidy

_FILES = frozenset(
    [
        "pdf",
        "doc",
        "docx",
        "wps",
        "xls",
        "xlsx",
        "et",
        "ppt",
        "pptx",
        "dps",
        "ofd",
        "rtf",
        "txt",
        "csv",
        "zip",
        "rar",
        "7z",
        "ceb",
        "gd",
        "sep",
        "tif",
        "tiff",
    ]
)
_PICTURES = frozenset(["png", "jpg", "jpeg", "gif", "bmp"])
_PAGES = frozenset(
    ["html", "htm", "shtml", "shtm", "xhtml", "jhtml", "asp", "aspx", "php", "jsp", "do", "action", "jspx"]
)
_EXTENSION = re.compile(r"\.(\w{1,5})$")
_GENERIC = re.compile(
    r"[【\[（(]?(点击|点此|请|立即)?(此处|这里)?(下载|查看|预览|浏览|打开)?(附件|文件|原文|正文|全文|详情|PDF|Word)?(下载|查看)?[】\]）)]?",
    re.I,
)
_STRING = r"""["']((?:[^"'\\\r\n]|\\.){0,400})["']"""
_NAME_KEY = r"""["']?\b(?:name|title|file_?name|att_?name|text)["']?\s*:\s*"""
_URL_KEY = r"""["']?\b(?:url|path|href|link|src|file_?url|file_?path)["']?\s*:\s*"""
_BETWEEN = r"""\s*,(?:[^{}]{0,200}?,)?\s*"""
_OBJECTS = (
    re.compile(rf"{_NAME_KEY}{_STRING}{_BETWEEN}{_URL_KEY}{_STRING}", re.IGNORECASE),
    re.compile(rf"{_URL_KEY}{_STRING}{_BETWEEN}{_NAME_KEY}{_STRING}", re.IGNORECASE),
)
_VIEWER_CALL = re.compile(r"""\w*pdf\w*\s*\(\s*["']([^"'\r\n]{1,400}\.pdf)["']""", re.IGNORECASE)


def read_attachments(soup: BeautifulSoup, base: str) -> list[Link]:
    """The attached files in page order, without repeats; `Link.text` is the file's name as shown.

    They are found as links, as frames that show a file, and in scripts such as ``apps=[{name:"…",url:"…"}]``. Files
    linked from the header, the footer or a menu of the site belong to no document and are left out. Of a page without a
    URL (a saved file) relative addresses are kept as they are. A picture is a file only where the link's words say so
    (海报.png, 附件1：区位图); any other link to one is decoration, or shows it larger.
    """
    found: dict[str, str] = {}
    for href, name in (*_linked(soup), *_framed(soup), *_scripted(soup)):
        url = resolve(base, href) or (not base and relative(href)) or ""
        if url and not found.get(url):
            found[url] = name or _file_name(url)
    return [Link(url, name) for url, name in found.items()]


def file_extension(url: str) -> str:
    """The extension of the file behind a URL, in its path or in a value of its query; empty if it is a page."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    candidates = [parts.path.rstrip(), *(value for _, value in parse_qsl(parts.query))]
    for candidate in candidates:
        match = _EXTENSION.search(candidate)
        if match is not None and match[1].lower() in _FILES:
            return match[1].lower()
    return ""


def _linked(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all("a", href=True):
        href, text = attribute(tag, "href"), tidy("".join(tag.strings))
        is_file = file_extension(href) or (_names_file(text) and not _is_page(href)) or _is_named_picture(href, text)
        if is_file and not in_frame(tag):
            yield href, _name(tag, text)


def _name(tag: Tag, text: str) -> str:
    if text and not _GENERIC.fullmatch(text):
        return link_text(tag)
    named = (tidy(attribute(tag, name)) for name in ("title", "download", "textvalue"))
    return next((name for name in named if name and not _GENERIC.fullmatch(name)), "")


def _framed(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for tag in soup.find_all(["iframe", "embed", "object"]):
        source = attribute(tag, "src") or attribute(tag, "data")
        if file_extension(source):
            values = [value for _, value in parse_qsl(urlsplit(source).query) if file_extension(value)]
            yield (values[0] if values else source), tidy(attribute(tag, "title"))


def _scripted(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    for script in soup.find_all("script"):
        source = script.string or ""
        for order, pattern in enumerate(_OBJECTS):
            for match in pattern.finditer(source):
                name, href = (match[1], match[2]) if order == 0 else (match[2], match[1])
                if file_extension(_unescape(href)):
                    yield _unescape(href), tidy(_unescape(name))
        for match in _VIEWER_CALL.finditer(source):
            yield match[1], ""


def _unescape(literal: str) -> str:
    return (
        re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), literal)
        .replace("\\/", "/")
        .replace("\\", "")
    )


def _names_file(text: str) -> bool:
    match = _EXTENSION.search(text)
    return match is not None and match[1].lower() in _FILES


def _is_named_picture(href: str, text: str) -> bool:
    shown = _EXTENSION.search(text)
    named = text.startswith("附件") or (shown is not None and shown[1].lower() in _PICTURES)
    return named and _path_extension(href) in _PICTURES


def _is_page(href: str) -> bool:
    return _path_extension(href) in _PAGES and "?" not in href


def _path_extension(href: str) -> str:
    try:
        match = _EXTENSION.search(urlsplit(href.strip()).path)
    except ValueError:
        return ""
    return match[1].lower() if match is not None else ""


def _file_name(url: str) -> str:
    parts = urlsplit(url)
    values = [value for _, value in parse_qsl(parts.query) if _names_file(value)]
    return values[0] if values else unquote(parts.path.rsplit("/", 1)[-1])
