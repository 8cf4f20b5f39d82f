"""What was asked for? The page of a list, a decision with its reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import request

from webapp.accounts.audit import Action
from webapp.accounts.decisions import MAX_WHY, Choice
from webapp.staff.errors import DraftRefusedError
from webapp.staff.services import Staff
from webapp.views.staff.guard import address, signed_in


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: rows ``start`` to ``stop`` of ``total``."""

    number: int
    last: int
    start: int
    stop: int
    total: int


def page_number(total: int, rows: int) -> ListPage:
    """The page that ``?page=`` names, or the nearest there is."""
    last = max(1, -(-total // rows))
    asked = request.args.get("page", 1, type=int)
    number = min(max(asked, 1), last)
    return ListPage(number, last, (number - 1) * rows, min(number * rows, total), total)


def read_decision() -> tuple[Choice, str]:
    """Raises DraftRefusedError for a choice that is none, or a reason that is too long."""
    why = request.form.get("why", "").strip()
    try:
        choice = Choice(request.form.get("choice", ""))
    except ValueError:
        raise DraftRefusedError("请选择一种决定：都保留、合并、撤下，或者不是重复。") from None
    if len(why) > MAX_WHY:
        raise DraftRefusedError(f"理由最多 {MAX_WHY} 字。")
    return choice, why


def record_decision(staff: Staff, subject: str, members: Collection[str], choice: Choice, why: str) -> None:
    """Remember it, and note it in the audit log."""
    who = signed_in().name
    staff.decisions.record(subject, members, choice, why, who)
    staff.audit.record(who, Action.DECIDED, ", ".join(sorted(members)), f"{choice.label} {why}".strip(), address())
