"""Which addresses are the same, which lead nowhere, and what kind of file does one name?"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from urllib.parse import quote, unquote, urljoin, urlsplit

# What browsers and servers accept; longer ones are traps (a page that appends to its own query).
MAX_URL_LENGTH = 2_000

_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that name a visitor's session, never a page. ``sid`` only when its value looks like a token: the
# Guangdong platform's ``sid`` is the number of a site.
_SESSION_NAMES = re.compile(r"(?:php|j|aspx?)?sess(?:ion)?_?id\w*|aspsessionid\w*|cfid|cftoken|utm_\w+", re.IGNORECASE)
_SESSION_TOKEN = re.compile(r"(?=.*\d)(?=.*[a-z])[0-9a-z_-]{16,}", re.IGNORECASE)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*", re.IGNORECASE)

_UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")

# What scripts and templates leave in an href that was never filled: ``el.url``, ``{{item.url}}``, ``'+url+'``.
_LEFTOVER_TEXT = re.compile(r"\{\{|\}\}|\$\{|\{\w*\}|<%|%>|['\"]\s*\+|\+\s*['\"]|javascript:|<\w|\[object ")
_LEFTOVER_NAME = re.compile(r"[a-z_$][\w$]*(?:\[\w+\])?\.(?:\w*url|link\w*|href|src)|undefined|null|nan", re.IGNORECASE)


class FileClass(StrEnum):
    """What an address names, by its extension."""

    PAGE = "page"
    ATTACHMENT = "attachment"  # fetched and kept, even before it can be read
    UNSUPPORTED = "unsupported"  # listed, not fetched
    FURNITURE = "furniture"  # pictures, styles, scripts, films of the page itself: ignored


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ATTACHMENTS = _words("pdf doc docx xls xlsx wps et ofd zip 7z ppt pptx dps txt csv rtf")
_UNSUPPORTED = _words("rar tar gz tgz bz2 xz exe msi apk iso dmg")
_FURNITURE = _words(
    "css js mjs map ico svg gif jpg jpeg png bmp webp tif tiff woff woff2 ttf eot otf rss atom swf "
    "mp3 m4a wav wma mp4 m3u8 avi wmv flv mov mkv"
)


def canonical_url(url: str) -> str | None:
    """The one spelling of an address; None for what is no address of a page.

    Scheme and host are lowered, the default port, fragment, session ids, ``utm_…`` and white space at the ends (also
    ``%20``) dropped, dot segments resolved, percent-encoding made uniform. The query keeps its order: some servers
    read it by position, and the address is also what people click. ``http`` and ``https`` stay apart (a site that
    means the same redirects). Refused: other schemes, user names, template leftovers, more than `MAX_URL_LENGTH`.
    """
    url = re.sub(r"[\t\r\n]", "", url).strip(" \f\v\0\u3000\u00a0\ufeff")
    if len(url) > MAX_URL_LENGTH or is_leftover(url):
        return None
    try:
        parts = urlsplit(url)
        scheme, port = parts.scheme.lower(), parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if scheme not in _DEFAULT_PORTS or not host or parts.username is not None:
        return None
    if ":" in host:  # IPv6
        host = f"[{host}]"
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = _PATH_SESSION.sub("", parts.path)
    path = re.sub(r"(?:\s|%20|%09|%0[aAdD]|%C2%A0|%E3%80%80)+$", "", path)
    path = _resolve_dots(_encode(path, "!$&'()*+,;=:@/")) or "/"
    query = "&".join(
        _encode(re.sub(r"(?:\s|%20)+$", "", item), "!$'()*+,;=:@/?")
        for item in parts.query.split("&")
        if item and not _is_session(item)
    )
    found = f"{scheme}://{netloc}{path}" + (f"?{query}" if query else "")
    return found if len(found) <= MAX_URL_LENGTH else None


def join_url(base: str, href: str) -> str | None:
    """The canonical address that ``href`` means on the page ``base``; None for what is no address of a page."""
    try:
        return canonical_url(urljoin(base, href.strip()))
    except ValueError:  # http://[el.url]/ is read as a broken IPv6 address
        return None


def document_id_for(url: str) -> str:
    """The id of the document at this address: the first 16 hexadecimal digits (64 bits) of the SHA-256 of its
    canonical spelling. Raises ValueError for what is no address of a page."""
    canonical = canonical_url(url)
    if canonical is None:
        raise ValueError(f"not the address of a page: {url!r}; it must begin with http:// or https://")
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def is_leftover(url: str) -> bool:
    """Is this what a script or template left behind, resolved or not?"""
    text = unquote(url)
    if _LEFTOVER_TEXT.search(text):
        return True
    last = re.split(r"[?#]", text, maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1]
    return _LEFTOVER_NAME.fullmatch(last.strip()) is not None


def host_of(url: str) -> str:
    """``host`` or ``host:port`` of a canonical address."""
    return urlsplit(url).netloc


def file_name(url: str) -> str:
    """The last part of the path, readable; empty if there is none."""
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1]).replace("/", "_")


def classify(url: str) -> FileClass:
    """What a canonical address names, by the extension of its path."""
    _, dot, extension = urlsplit(url).path.rsplit("/", 1)[-1].rpartition(".")
    extension = extension.lower() if dot else ""
    if extension in _ATTACHMENTS:
        return FileClass.ATTACHMENT
    if extension in _UNSUPPORTED:
        return FileClass.UNSUPPORTED
    if extension in _FURNITURE:
        return FileClass.FURNITURE
    return FileClass.PAGE


def _is_session(item: str) -> bool:
    name, _, value = item.partition("=")
    name = unquote(name)
    if name.lower() in ("sid", "session", "token_sid"):
        return _SESSION_TOKEN.fullmatch(value) is not None
    return _SESSION_NAMES.fullmatch(name) is not None


def _encode(text: str, safe: str) -> str:
    """Percent-encoding in one spelling: what needs none is plain, the rest UTF-8 in upper case."""

    def plain(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return quote(_PERCENT.sub(plain, text), safe=safe + "%")


def _resolve_dots(path: str) -> str:
    """Without ``.`` and ``..`` (RFC 3986, 5.2.4); what would climb above the root stays there."""
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
