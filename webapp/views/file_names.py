"""Under which name and type does a file leave us?"""

from __future__ import annotations

import re
from collections.abc import Mapping

# The endings that fit a type, the usual one first. WPS writes its own endings for files in Microsoft's formats.
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "application/msword": (".doc", ".wps", ".dot"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.ms-excel": (".xls", ".et"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.ms-powerpoint": (".ppt", ".dps"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.ms-works": (".wps",),
    "application/ofd": (".ofd",),
    "application/vnd.ofd": (".ofd",),
    "application/zip": (".zip",),
    "application/x-7z-compressed": (".7z",),
    "application/vnd.rar": (".rar",),
    "application/x-rar-compressed": (".rar",),
    "application/json": (".json",),
    "application/xml": (".xml",),
    "text/html": (".html", ".htm", ".shtml"),
    "application/xhtml+xml": (".html", ".xhtml", ".htm"),
    "text/plain": (".txt", ".md", ".log"),
    "text/csv": (".csv",),
    "text/xml": (".xml",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/tiff": (".tif", ".tiff"),
}
_FORMATS: Mapping[str, str] = {
    ".pdf": "PDF",
    ".doc": "Word",
    ".docx": "Word",
    ".wps": "WPS 文字",
    ".xls": "Excel",
    ".xlsx": "Excel",
    ".et": "WPS 表格",
    ".ofd": "OFD",
    ".zip": "ZIP",
    ".7z": "7z",
    ".rar": "RAR",
    ".ppt": "PPT",
    ".pptx": "PPT",
    ".html": "网页",
    ".htm": "网页",
    ".shtml": "网页",
    ".xhtml": "网页",
    ".txt": "文本",
    ".jpg": "图片",
    ".jpeg": "图片",
    ".png": "图片",
    ".gif": "图片",
    ".tif": "图片",
    ".tiff": "图片",
}
_KNOWN_ENDINGS = frozenset(ending for endings in _ENDINGS.values() for ending in endings)

# What file systems refuse in a name (Windows names the most), what would reorder it on the screen, and lone surrogates.
_REFUSED = re.compile('[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+')
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
# 255 bytes is what ext4 and NTFS-on-Linux keep; a Chinese character is three of them, and browsers append " (1)".
_MAX_NAME_BYTES = 200


def ending_of(name: str) -> str:
    """``.pdf``: the ending of a name if it is one that files have, else nothing (号 in “第3.2号” is none)."""
    match = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return match[0].lower() if match else ""


def download_name(name: str, media_type: str) -> str:
    """A name that every system can keep, with an ending that fits the type; ``name`` is as published."""
    name = " ".join(_REFUSED.sub(" ", name).split()).strip(" .") or "文件"
    ending = ending_of(name)
    fitting = _ENDINGS.get(_bare(media_type), ())
    if fitting and ending not in fitting:
        wrong = name[: -len(ending)] if ending in _KNOWN_ENDINGS else name
        return _shorten(wrong.rstrip(" .") or "文件", fitting[0])
    return _shorten(name[: len(name) - len(ending)], name[len(name) - len(ending) :])


def original_name(title: str, name: str, media_type: str) -> str:
    """The name of a document's original: its own if people can read it, else the title (``P020200728.pdf``, a page)."""
    if _HAN.search(name) and _bare(media_type) not in ("text/html", "application/xhtml+xml"):
        return download_name(name, media_type)
    return download_name(title + ending_of(name), media_type)


def content_type(media_type: str) -> str:
    """The type as a header may carry it. No charset: the page says its own, and it is often not UTF-8."""
    bare = _bare(media_type)
    return bare if _MEDIA_TYPE.fullmatch(bare) else "application/octet-stream"


def format_label(name: str, media_type: str) -> str:
    """PDF, Word, Excel …: what a person needs to know before opening it."""
    fitting = _ENDINGS.get(_bare(media_type), ())
    ending = ending_of(name)
    if fitting and ending not in fitting:
        ending = fitting[0]
    return _FORMATS.get(ending) or ending.lstrip(".").upper() or "文件"


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _shorten(stem: str, ending: str) -> str:
    room = _MAX_NAME_BYTES - len(ending)
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + ending
