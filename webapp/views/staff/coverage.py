"""Which catalog items (公开事项) have nothing published that answers them, and which seem to be late?"""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from indexer.coverage import CoveredRow, Status
from webapp.staff.coverage import HEADER, KeptCoverage, coverage_rows
from webapp.staff.services import Staff
from webapp.views.staff.asked import page_number
from webapp.views.staff.exporting import table_response

_PAGE_ROWS = 50


def add(pages: Blueprint, staff: Staff) -> None:
    @pages.get("/coverage")
    def coverage() -> str:
        kept = staff.coverage.read()
        found = _asked(kept)
        page = page_number(len(found), _PAGE_ROWS)
        counts = Counter(row.status for row in kept.rows) if kept else Counter[Status]()
        return render_template(
            "staff/coverage.html",
            kept=kept,
            behind=staff.coverage.behind(kept) if kept else 0,
            making=staff.coverage.progress(),
            rows=found[page.start : page.stop],
            page=page,
            asked=_filters(),
            counts=[(status, counts[status]) for status in Status if counts[status]],
            domains=sorted({row.domain for row in kept.rows if row.domain}) if kept else [],
        )

    @pages.post("/coverage/make")
    def make_coverage() -> AnyResponse:
        staff.coverage.start()
        return redirect(url_for("staff.coverage"), 303)

    @pages.get("/coverage/progress.json")
    def coverage_progress() -> Response:
        done, total = staff.coverage.progress() or (1, 1)
        return jsonify(done=done, total=max(total, 1))

    @pages.get("/coverage.<suffix>")
    def coverage_file(suffix: str) -> Response:
        return table_response(staff, "目录落实情况", suffix, HEADER, coverage_rows(_asked(staff.coverage.read())))


def _filters() -> dict[str, str]:
    names = ("status", "domain", "publisher")
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def _asked(kept: KeptCoverage | None) -> list[CoveredRow]:
    """The rows that the filters leave; what nothing was found of comes first, then what seems late."""
    asked, order = _filters(), list(Status)
    found = [
        row
        for row in (kept.rows if kept else ())
        if asked.get("status", row.status) == row.status
        and asked.get("domain", row.domain) == row.domain
        and asked.get("publisher", "") in row.publisher
    ]
    return sorted(found, key=lambda row: order.index(row.status))
