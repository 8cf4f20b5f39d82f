"""What should a crawl of the sample portal find?

Everything is derived from the text files that the pages are made from: a crawl can be held to it field by field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from corpus.sample import oddities
from corpus.sample.articles import AttachmentFormat, AttachmentText, Catalog, CatalogRow, Kind, Validity
from corpus.sample.columns import Placement, Template, file_placements, placements
from corpus.sample.listings import scripted_only
from corpus.sample.markup import plain_text

# The fields that a family of pages shows as metadata (meta tags, field table, info line, breadcrumb). What is not here
# stands in the page's text only, or not at all.
_TITLE_LINE = frozenset({"title", "published_on", "source", "column"})
_FIELD_TABLE = _TITLE_LINE | {"document_number", "issuer", "issued_on", "index_number", "subject", "validity"}
SHOWN_FIELDS: dict[Template, frozenset[str]] = {
    "trs": frozenset(_FIELD_TABLE | {"keywords"}),
    "vsb": frozenset(_FIELD_TABLE),
    "ucap": _TITLE_LINE,
    "gbk": _TITLE_LINE,
}


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """A document at one URL, with the values that are true of it; ``shown`` names those its page has as metadata."""

    path: str
    id: str
    template: Template
    kind: Kind
    column: str
    title: str
    published_at: datetime
    source: str
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    validity: Validity
    index_number: str | None
    subject: str | None
    keywords: str
    phrase: str
    text: str
    attachments: tuple[tuple[str, str], ...]  # (name, path)
    rows: tuple[CatalogRow, ...]
    channels: tuple[str, ...]  # the names in every row's 公开渠道和载体 cell, in their order
    roles: frozenset[str]
    shown: frozenset[str]

    @property
    def published_on(self) -> date:
        return self.published_at.date()


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file: the document that carries it, by path (the file itself where a list leads to it), and what it says.

    ``phrases`` stand in no page and in no other file; ``catalogs`` are all the standard catalogs in it.
    """

    path: str
    document: str
    name: str
    title: str  # of the document
    format: AttachmentFormat
    kind: Kind
    column: str
    published_on: date
    phrases: tuple[str, ...]
    catalogs: tuple[Catalog, ...]
    shows_picture: bool  # its text is a picture
    member_formats: frozenset[AttachmentFormat]  # of an archive

    @property
    def is_document(self) -> bool:
        return self.path == self.document


@dataclass(frozen=True, slots=True)
class Manifest:
    """The portal's documents and files by path, and its paths by role."""

    entries: dict[str, ManifestEntry]
    files: dict[str, ManifestFile]
    attachment_phrases: dict[str, str]  # phrase that stands only in an attachment → path of its document
    forbidden: frozenset[str]
    broken: frozenset[str]
    soft_404: frozenset[str]
    challenge: frozenset[str]
    server_error: frozenset[str]
    missing: frozenset[str]
    image_only: frozenset[str]
    raw_title: frozenset[str]
    json_only: frozenset[str]
    sitemap_only: frozenset[str]
    redirects: dict[str, str]
    exact_duplicates: tuple[frozenset[str], ...]
    near_duplicates: tuple[frozenset[str], ...]
    repealed: dict[str, str]  # path of the repealed document → path of the one that repeals it
    unsupported_attachments: frozenset[str]  # paths of .rar files


@lru_cache(maxsize=1)
def manifest() -> Manifest:
    entries = {placement.path: _entry(placement) for placement in placements()}
    by_id: dict[str, list[str]] = {}
    for entry in entries.values():
        by_id.setdefault(entry.id, []).append(entry.path)

    def having(role: str) -> frozenset[str]:
        return frozenset(entry.path for entry in entries.values() if role in entry.roles)

    def linked(prefix: str) -> list[tuple[str, str]]:
        """(path, path of the document that its role ``prefix:ID`` names)."""
        return [
            (entry.path, by_id[role.removeprefix(prefix)][0])
            for entry in entries.values()
            for role in sorted(entry.roles)
            if role.startswith(prefix)
        ]

    return Manifest(
        entries=entries,
        files={file.path: file for file in _files()},
        attachment_phrases={
            phrase: placement.path
            for placement in reversed(placements())
            for attachment in placement.article.attachments
            for phrase in attachment.phrases
        },
        forbidden=frozenset(oddities.FORBIDDEN),
        broken=having("broken"),
        soft_404=frozenset({oddities.SOFT_404}),
        challenge=frozenset({oddities.CHALLENGE}),
        server_error=frozenset({oddities.SERVER_ERROR}),
        missing=frozenset({oddities.MISSING}),
        image_only=having("image_only"),
        raw_title=having("raw_title"),
        json_only=scripted_only(),
        sitemap_only=having("sitemap_only"),
        redirects={
            oddities.REDIRECT: oddities.REDIRECT_TARGET,
            oddities.SECTION_REDIRECT: oddities.SECTION_TARGET,
        },
        exact_duplicates=tuple(frozenset(paths) for paths in by_id.values() if len(paths) > 1),
        near_duplicates=tuple(frozenset(pair) for pair in linked("near_duplicate_of:")),
        repealed=dict(linked("repealed_by:")),
        unsupported_attachments=frozenset(
            path for entry in entries.values() for _, path in entry.attachments if path.endswith(".rar")
        ),
    )


def _files() -> Iterator[ManifestFile]:
    for placement in (*placements(), *file_placements()):
        for attachment, path in zip(placement.article.attachments, placement.attachment_paths(), strict=True):
            yield _file(placement, attachment, path)


def _file(placement: Placement, attachment: AttachmentText, path: str) -> ManifestFile:
    return ManifestFile(
        path=path,
        document=placement.path,
        name=attachment.name,
        title=placement.article.title,
        format=attachment.format,
        kind=placement.column.kind,
        column=placement.column.name,
        published_on=placement.article.published_at.date(),
        phrases=attachment.phrases,
        catalogs=attachment.catalogs,
        shows_picture=bool(attachment.prerendered) and attachment.format != "xls",
        member_formats=frozenset(member.format for member in attachment.members),
    )


def _entry(placement: Placement) -> ManifestEntry:
    article, column = placement.article, placement.column
    return ManifestEntry(
        path=placement.path,
        id=article.id,
        template=column.template,
        kind=column.kind,
        column=column.name,
        title=article.title,
        published_at=article.published_at,
        source=article.source,
        document_number=article.document_number,
        issuer=article.issuer,
        issued_on=article.issued_on,
        effective_on=article.effective_on,
        expires_on=article.expires_on,
        validity=article.validity,
        index_number=article.index_number,
        subject=article.subject,
        keywords=article.keywords,
        phrase=article.phrase,
        text=plain_text(article.body),
        attachments=tuple(
            (a.name, path) for a, path in zip(article.attachments, placement.attachment_paths(), strict=True)
        ),
        rows=article.rows,
        channels=article.channels,
        roles=frozenset(article.roles),
        shown=SHOWN_FIELDS[column.template],
    )
