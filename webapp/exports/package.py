"""Documents as one ZIP: of each its text, its original and its attachments, and a list of all that is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from corpus.errors import BlobMissingError
from corpus.models import Attachment
from corpus.stored import StoredDocument
from webapp.exports.found import page_link
from webapp.exports.sheets import csv_stream
from webapp.exports.zip_stream import Member, zip_stream
from webapp.ports import Blobs
from webapp.views.document_text import plain_text
from webapp.views.file_names import download_name, original_name

MANIFEST = "清单.csv"
HEADER = (
    *("序号", "编号", "标题", "发文字号", "发文机关", "发布日期", "网址"),
    *("内容", "文件", "字节数", "SHA-256", "说明"),
)
NOT_KEPT = "没有收录"
_NOT_HERE = "找不到，或者已经撤下"
_LOST = "登记过，但存储里找不到"
# Folder names stay below what Windows lets a whole path have, 260 characters, with a file name behind them.
_FOLDER_CHARS = 40
_CHUNK_BYTES = 256 * 1024
# Beside these, documents and pictures are compressed already: to try again costs time and saves nothing.
_LOOSE_TYPES = (
    *("text/", "application/json", "application/xml", "application/xhtml"),
    *("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
)


class Package:
    """Walks the documents once, while the archive leaves; the manifest is its last member, when all is known."""

    def __init__(self, blobs: Blobs, domain_names: Mapping[str, str], public_url: str) -> None:
        self._blobs, self._domain_names, self._public_url = blobs, domain_names, public_url
        self._lines: list[Sequence[str]] = []

    def stream(self, documents: Iterable[tuple[str, StoredDocument | None]]) -> Iterator[bytes]:
        """The archive of documents by their ids; None stands for one that is not to be had."""
        return zip_stream(self._members(documents))

    def _members(self, documents: Iterable[tuple[str, StoredDocument | None]]) -> Iterator[Member]:
        for number, (document_id, stored) in enumerate(documents, 1):
            if stored is None:
                self._lines.append((str(number), document_id, *[""] * (len(HEADER) - 3), _NOT_HERE))
            else:
                yield from self._document(number, stored)
        yield Member(MANIFEST, csv_stream(HEADER, self._lines))

    def _document(self, number: int, stored: StoredDocument) -> Iterator[Member]:
        document = stored.document
        facts = (
            str(number),
            document.id,
            document.title,
            document.document_number,
            "、".join(document.issuers),
            document.published_on.isoformat() if document.published_on else "",
            page_link(self._public_url, document.id),
        )
        folder = f"{number:04}-{download_name(document.title[:_FOLDER_CHARS], '')}"
        names = _Names(folder)
        text = plain_text(document, self._domain_names).encode("utf-8", "replace")
        yield self._member(facts, "正文", names.free("正文.txt"), [text], packed=False, size=len(text))
        if kept := stored.original:
            name = original_name(document.title, kept.name, kept.media_type)
            yield from self._blob(facts, "原件", names.free(name), kept.sha256, kept.media_type, kept.size)
        for item in document.attachments:
            yield from self._attachment(facts, names, item)

    def _attachment(self, facts: Sequence[str], names: _Names, item: Attachment) -> Iterator[Member]:
        if not item.sha256:
            note = f"{NOT_KEPT}：{item.url}" if item.url else NOT_KEPT
            self._lines.append((*facts, f"附件：{item.name}", "", "", "", note))
            return
        path = names.free(download_name(item.name, item.media_type))
        yield from self._blob(facts, f"附件：{item.name}", path, item.sha256, item.media_type, item.size or 0)

    def _blob(
        self, facts: Sequence[str], what: str, path: str, sha256: str, media_type: str, size: int
    ) -> Iterator[Member]:
        try:
            with self._blobs.open(sha256) as file:
                chunks = iter(lambda: file.read(_CHUNK_BYTES), b"")
                yield self._member(facts, what, path, chunks, packed=not media_type.startswith(_LOOSE_TYPES), size=size)
        except (BlobMissingError, FileNotFoundError):
            self._lines.append((*facts, what, "", "", sha256, _LOST))

    def _member(
        self, facts: Sequence[str], what: str, path: str, chunks: Iterable[bytes], *, packed: bool, size: int
    ) -> Member:
        def noted() -> Iterator[bytes]:
            digest, length = hashlib.sha256(), 0
            for chunk in chunks:
                digest.update(chunk)
                length += len(chunk)
                yield chunk
            self._lines.append((*facts, what, path, str(length), digest.hexdigest(), ""))

        return Member(path, noted(), packed, size)


class _Names:
    """Names within one folder, each given once."""

    def __init__(self, folder: str) -> None:
        self._folder = PurePosixPath(folder)
        self._taken: set[str] = set()

    def free(self, name: str) -> str:
        path, wanted = self._folder / name, self._folder / name
        number = 1
        while str(path).lower() in self._taken:
            number += 1
            path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        self._taken.add(str(path).lower())
        return str(path)
