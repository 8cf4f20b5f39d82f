"""What does one document say, and how is it taken home?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import TypeAlias

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from analyzers.sections import read_sections
from corpus.models import Document, Validity
from corpus.stored import StoredDocument
from indexer.errors import IndexerError
from webapp.errors import BadParameterError, NotHereError
from webapp.exports.docx import docx_bytes
from webapp.kiosk.qr import qr_svg
from webapp.params import SearchRequest
from webapp.ports import Services
from webapp.views.addresses import document_url
from webapp.views.attached import attached
from webapp.views.body import Block, read_blocks
from webapp.views.citations import reference, structured_data
from webapp.views.contents import anchors, contents_list
from webapp.views.document_text import official_fields, plain_text
from webapp.views.downloads import send_blob, send_made, send_text
from webapp.views.file_names import download_name, original_name
from webapp.views.finding import find_document, find_or_none
from webapp.views.related import Related, related_to
from webapp.views.titles import unbroken_parts
from webapp.views.versions import Version, changed_facts, changes_between

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# China has one time zone and no summer time (since 1991).
_CHINA = timezone(timedelta(hours=8))

Answer: TypeAlias = BaseResponse | str

log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("documents", __name__)

    def part(document_id: str, ending: str, answer: Callable[[StoredDocument], Answer]) -> Answer:
        """One part of a document; where an id ends like a part of another one, the page of that id."""
        stored = find_or_none(services, document_id)
        if stored is None and (whole := find_or_none(services, f"{document_id}/{ending}")):
            return _page(services, whole)
        return answer(stored or find_document(services, document_id))

    @pages.get("/documents/<any_text:document_id>")
    def page(document_id: str) -> str:
        return _page(services, find_document(services, document_id))

    @pages.get("/documents/<any_text:document_id>/download")
    def original(document_id: str) -> Answer:
        return part(document_id, "download", lambda stored: _original(services, stored))

    @pages.get("/documents/<any_text:document_id>/text")
    def text(document_id: str) -> Answer:
        return part(document_id, "text", lambda stored: _text(services, stored.document))

    @pages.get("/documents/<any_text:document_id>/docx")
    def docx(document_id: str) -> Answer:
        return part(document_id, "docx", lambda stored: _docx(services, stored.document))

    @pages.get("/documents/<any_text:document_id>/versions/<int:number>")
    def version(document_id: str, number: int) -> Answer:
        return part(document_id, f"versions/{number}", lambda stored: _version(services, stored, number))

    return pages


def _original(services: Services, stored: StoredDocument) -> Response:
    if stored.original is None:
        raise NotHereError("原件", stored.document.title, "这份文件收录时没有原始文件，可以下载文本，或者打开原网页。")
    kept = stored.original
    name = original_name(stored.document.title, kept.name, kept.media_type)
    return send_blob(services.blobs, kept.sha256, media_type=kept.media_type, name=name)


def _text(services: Services, document: Document) -> Response:
    content = plain_text(document, services.domain_names)
    return send_text(content, name=download_name(document.title, "text/plain"))


def _docx(services: Services, document: Document) -> Response:
    content = docx_bytes(document, _blocks(document), official_fields(document, services.domain_names))
    return send_made(content, media_type=DOCX, name=download_name(document.title, DOCX))


def _version(services: Services, stored: StoredDocument, number: int) -> str:
    kept = [Version(*version) for version in services.store.versions_of(stored.document.id)]
    new = _numbered(kept, number, stored)
    against = request.args.get("against", "")
    if against and not (against.isascii() and against.isdecimal() and len(against) < 10):
        raise BadParameterError("against", against, "请写版本号，例如 1。")
    earlier = [version for version in kept if version.number < number]
    old = _numbered(kept, int(against), stored) if against else (earlier or [new])[-1]
    return render_template(
        "document_versions.html",
        search=SearchRequest(),
        document=stored.document,
        kept=kept[::-1],
        current=stored.version,
        old=old,
        new=new,
        facts=changed_facts(old.document, new.document),
        changes=changes_between(old.document, new.document),
    )


def _numbered(kept: list[Version], number: int, stored: StoredDocument) -> Version:
    for version in kept:
        if version.number == number:
            return version
    raise NotHereError(f"第 {number} 版", stored.document.title, f"本站保存了第 1 至第 {stored.version} 版。")


def _blocks(document: Document, ids: dict[int, str] | None = None) -> list[Block]:
    return read_blocks(document.body, shown_above=(document.title, document.document_number), anchors=ids or {})


def _page(services: Services, stored: StoredDocument) -> str:
    document = stored.document
    sections = read_sections(document.body)
    ids = {section.start: anchor for section, anchor in zip(sections, anchors(sections), strict=True)}
    blocks = _blocks(document, ids)
    fields = official_fields(document, services.domain_names)
    public = services.settings.public_url.rstrip("/")
    address = public + document_url(document.id) if public else ""
    return render_template(
        "document.html",
        search=SearchRequest(),
        stored=stored,
        document=document,
        title_parts=unbroken_parts(document.title),
        fields=[(label, value) for label, value in fields if label != "类型"],  # stands above the title
        blocks=blocks,
        files=list(attached(document)),
        contents=contents_list(sections),
        wide=any(block.is_wide for block in blocks),
        ended=document.validity in (Validity.REPEALED, Validity.EXPIRED),
        canonical=address or document_url(document.id),
        address=address,
        qr=qr_svg(address) if address else "",
        reference=reference(document, address, _today()),
        structured=structured_data(document, address),
        related=_related(services, document),
    )


def _related(services: Services, document: Document) -> Related | None:
    """None where the index cannot answer: the document itself can be read all the same, and the page says so."""
    try:
        return related_to(services.engine, document)
    except IndexerError as error:
        log.warning("nothing related to %s can be found: %s", document.id, error)
        return None


def _today() -> date:
    return datetime.now(_CHINA).date()
