"""How do staff come in and go out?"""

from __future__ import annotations

from datetime import datetime
from math import ceil

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts.audit import Action
from webapp.accounts.errors import LockedOutError
from webapp.staff.services import Staff
from webapp.views.staff.guard import SignedIn, address, signed_in

_WRONG = "用户名或密码不对。"


def add(pages: Blueprint, staff: Staff) -> None:
    @pages.get("/sign-in")
    def sign_in() -> AnyResponse:
        if current_user.is_authenticated:
            return redirect(url_for("staff.home"))
        return _form()

    @pages.post("/sign-in")
    def enter() -> AnyResponse:
        name, password = request.form.get("name", "").strip(), request.form.get("password", "")
        try:
            staff.lockout.begin(name, address())
        except LockedOutError as error:
            staff.audit.record(_known(staff, name), Action.LOCKED_OUT, address=address())
            return _form(_wait_text(error.until, staff.clock()), 429)
        user = staff.users.verify(name, password)
        if user is None:
            staff.audit.record(_known(staff, name), Action.SIGN_IN_FAILED, address=address())
            return _form(_WRONG, 403)
        staff.lockout.succeeded(name, address())
        staff.sweep()
        secret, folder = staff.sessions.start(user.name)
        staff.folders.open(folder)
        found = staff.sessions.find(secret)
        assert found is not None  # noqa: S101 - it was started just now
        session.clear()  # nothing of the time before is carried over
        login_user(SignedIn(secret, found))
        staff.audit.record(user.name, Action.SIGNED_IN, address=address())
        return redirect(url_for("staff.home"))

    @pages.post("/sign-out")
    def sign_out() -> AnyResponse:
        user = signed_in()
        staff.sessions.end(user.id)
        staff.folders.wipe(user.folder)
        staff.audit.record(user.name, Action.SIGNED_OUT, address=address())
        logout_user()
        session.clear()
        response = make_response(redirect(url_for("staff.sign_in"), 303))
        # "back" shows nothing, also in a browser that keeps pages in memory.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


def _form(problem: str = "", status: int = 200) -> Response:
    return make_response(render_template("staff/sign_in.html", problem=problem), status)


def _known(staff: Staff, name: str) -> str:
    """The name, if an account has it: people type passwords into the wrong field."""
    return name if staff.users.find(name) else ""


def _wait_text(until: datetime, now: datetime) -> str:
    seconds = max(1, ceil((until - now).total_seconds()))
    wait = f"{seconds} 秒" if seconds < 120 else f"{ceil(seconds / 60)} 分钟"
    return f"失败次数太多，请在 {wait}后再试。"
