"""What admins see: the audit log, and who has an account or a token."""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp.staff.services import Staff
from webapp.views.staff.asked import page_number

_PAGE_ROWS = 50


def add(pages: Blueprint, staff: Staff) -> None:
    @pages.get("/audit")
    def audit() -> str:
        page = page_number(staff.audit.count(), _PAGE_ROWS)
        return render_template("staff/audit.html", page=page, lines=staff.audit.lines(_PAGE_ROWS, page.start))

    @pages.get("/accounts")
    def accounts() -> str:
        return render_template("staff/accounts.html", users=staff.users.all(), tokens=staff.tokens.all())
