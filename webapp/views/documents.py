"""What does one document say, and how is it taken home?"""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from analyzers.sections import read_sections
from corpus.models import Validity
from corpus.stored import StoredDocument
from webapp.errors import NotHereError
from webapp.params import SearchRequest
from webapp.ports import Services
from webapp.views.addresses import document_url
from webapp.views.body import read_blocks
from webapp.views.contents import anchors, contents_list
from webapp.views.document_text import official_fields, plain_text
from webapp.views.downloads import send_blob, send_text
from webapp.views.file_names import download_name, original_name
from webapp.views.finding import find_document, find_or_none
from webapp.views.titles import unbroken_parts


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("documents", __name__)

    @pages.get("/documents/<any_text:document_id>")
    def page(document_id: str) -> str:
        return _page(services, find_document(services, document_id))

    @pages.get("/documents/<any_text:document_id>/download")
    def original(document_id: str) -> Response | str:
        stored = find_or_none(services, document_id)
        if stored is None and (whole := find_or_none(services, f"{document_id}/download")):
            return _page(services, whole)  # an id may end so too
        stored = stored or find_document(services, document_id)
        if stored.original is None:
            raise NotHereError(
                "原件", stored.document.title, "这份文件收录时没有原始文件，可以下载文本，或者打开原网页。"
            )
        kept = stored.original
        name = original_name(stored.document.title, kept.name, kept.media_type)
        return send_blob(services.blobs, kept.sha256, media_type=kept.media_type, name=name)

    @pages.get("/documents/<any_text:document_id>/text")
    def text(document_id: str) -> Response | str:
        stored = find_or_none(services, document_id)
        if stored is None and (whole := find_or_none(services, f"{document_id}/text")):
            return _page(services, whole)
        stored = stored or find_document(services, document_id)
        content = plain_text(stored.document, services.domain_names)
        return send_text(content, name=download_name(stored.document.title, "text/plain"))

    return pages


def _page(services: Services, stored: StoredDocument) -> str:
    document = stored.document
    sections = read_sections(document.body)
    ids = {section.start: anchor for section, anchor in zip(sections, anchors(sections), strict=True)}
    blocks = read_blocks(document.body, shown_above=(document.title, document.document_number), anchors=ids)
    fields = official_fields(document, services.domain_names)
    return render_template(
        "document.html",
        search=SearchRequest(),
        stored=stored,
        document=document,
        title_parts=unbroken_parts(document.title),
        fields=[(label, value) for label, value in fields if label != "类型"],  # stands above the title
        blocks=blocks,
        contents=contents_list(sections),
        wide=any(block.is_wide for block in blocks),
        ended=document.validity in (Validity.REPEALED, Validity.EXPIRED),
        canonical=services.settings.public_url.rstrip("/") + document_url(document.id),
    )
