"""Which published documents show full personal numbers? With one step to withdraw them."""

from __future__ import annotations

import logging
from threading import Thread

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from analyzers.personal_data import find_personal_data, mask_personal_data
from corpus.models import Document
from corpus.stored import StoredDocument
from webapp.accounts.audit import Action
from webapp.ports import Services
from webapp.staff.errors import DraftRefusedError
from webapp.staff.services import Staff
from webapp.staff.withdrawal import REASON_CLASSES
from webapp.views.staff.asked import page_number
from webapp.views.staff.guard import address, signed_in

_PAGE_ROWS = 30
# What is shown around a number: enough to tell whose it is and why it stands there.
_AROUND = 24
# So few changed documents are looked through before the page answers; more take a thread of their own.
_AT_ONCE = 500

logger = logging.getLogger(__name__)


def add(pages: Blueprint, services: Services, staff: Staff) -> None:
    @pages.app_template_global()
    def withdrawn_just_now() -> tuple[str, bool] | None:
        """The title of the document that ``?withdrawn=`` names, and whether the index has still to follow."""
        stored = services.store.get(request.args.get("withdrawn", ""))
        if stored is None or stored.state != "withdrawn":
            return None
        return mask_personal_data(stored.document.title), staff.takedowns.index_follows()

    @pages.get("/personal-data")
    def personal_data() -> str:
        behind = staff.findings.behind()
        if 0 < behind <= _AT_ONCE:
            staff.findings.catch_up()
            behind = 0
        page = page_number(staff.findings.count(), _PAGE_ROWS)
        findings = staff.findings.listed(_PAGE_ROWS, page.start)
        documents = {
            stored.document.id: stored
            for stored in services.store.documents([finding.document_id for finding in findings])
            if stored.state == "live"
        }
        return render_template(
            "staff/personal_data.html",
            rows=[
                (documents[item.document_id], item.counts, _example(documents[item.document_id]))
                for item in findings
                if item.document_id in documents
            ],
            page=page,
            behind=behind,
        )

    @pages.post("/personal-data/scan")
    def scan() -> AnyResponse:
        Thread(target=_scan, args=(staff,), name="personal-data", daemon=True).start()
        return redirect(url_for("staff.personal_data"), 303)

    @pages.post("/withdraw")
    def withdraw() -> AnyResponse:
        document_id, reason = request.form.get("document_id", ""), request.form.get("reason", "")
        stored = services.store.get(document_id)
        if stored is None or stored.state == "withdrawn":
            raise DraftRefusedError("没有这份文件，或者已经撤下。")
        if reason not in REASON_CLASSES:
            raise DraftRefusedError(f"请选择撤下的原因：{'、'.join(REASON_CLASSES)}。")
        who, note = signed_in().name, request.form.get("note", "").strip()[:500]
        staff.audit.record(who, Action.WITHDREW, document_id, f"{reason} {note}".strip(), address())
        staff.takedowns.withdraw(document_id, reason=reason, note=f"{who} {note}".strip())
        staff.report.forget(document_id)
        staff.coverage.forget(document_id)
        back = "staff.report" if request.form.get("back") == "report" else "staff.personal_data"
        return redirect(url_for(back, withdrawn=document_id, _anchor="withdrawn"), 303)


def _scan(staff: Staff) -> None:
    try:
        staff.findings.catch_up()
    except Exception as error:
        logger.error("looking for personal numbers failed: %s", type(error).__name__)


def _example(stored: StoredDocument) -> str:
    """The first number with what stands around it, masked."""
    for text in _texts(stored.document):
        masked = mask_personal_data(text)
        for found in find_personal_data(text):
            start, end = max(0, found.start - _AROUND), found.end + _AROUND
            return f"{'…' if start else ''}{masked[start:end]}{'…' if end < len(text) else ''}"
    return ""


def _texts(document: Document) -> tuple[str, ...]:
    return (document.title, document.body, *(item.text for item in document.attachments))
