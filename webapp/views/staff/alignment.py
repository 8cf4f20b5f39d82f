"""A draft beside a published document: what is equal, what differs, what is boilerplate."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from corpus.errors import UnknownDocumentError
from indexer.duplicates.model import AlignedParagraph, AlignedRow, SpanKind
from webapp.staff.drafts import State
from webapp.staff.services import Staff
from webapp.views.staff.guard import signed_in

# A page of more rows is slow to lay out; a law of 300 articles has about a thousand paragraphs.
_MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows that follow each other and are all boilerplate (folded) or are not."""

    boilerplate: bool
    rows: tuple[AlignedRow, ...]


def add(pages: Blueprint, staff: Staff) -> None:
    @pages.get("/drafts/<draft_id>/beside")
    def beside(draft_id: str) -> str:
        session = staff.folders.of(signed_in().folder)
        entry = session.entry(draft_id)
        if entry is None or entry.state is not State.CHECKED:
            abort(404)
        document_id = request.args.get("document", "")
        try:
            alignment = staff.checker.align(session.draft(draft_id), document_id)
        except UnknownDocumentError:
            abort(404)
        match = next((item for item in session.checked(draft_id).matches if item.document_id == document_id), None)
        return render_template(
            "staff/beside.html",
            entry=entry,
            match=match,
            alignment=alignment,
            folds=folded(alignment.rows[:_MAX_ROWS]),
            left_out=max(0, len(alignment.rows) - _MAX_ROWS),
        )


def folded(rows: tuple[AlignedRow, ...]) -> list[Fold]:
    """The rows in runs, boilerplate apart."""
    folds: list[Fold] = []
    for row in rows:
        boilerplate = all(map(_is_boilerplate, filter(None, (row.draft, row.published))))
        if folds and folds[-1].boilerplate == boilerplate:
            folds[-1] = Fold(boilerplate, (*folds[-1].rows, row))
        else:
            folds.append(Fold(boilerplate, (row,)))
    return folds


def _is_boilerplate(paragraph: AlignedParagraph) -> bool:
    return all(
        span.kind is SpanKind.BOILERPLATE for span in paragraph.spans if paragraph.text[span.start : span.end].strip()
    )
