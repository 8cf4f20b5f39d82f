"""Who gets in, how large may a request be, and what keeps it from being seen later? Everything below ``/staff``."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO

from flask import Flask, Request, Response, abort, g, redirect, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts.sessions import Session
from webapp.accounts.users import Role
from webapp.staff.drafts import MAX_DRAFTS, SessionDrafts, open_private
from webapp.staff.services import Staff

PREFIX = "/staff"
# What may be asked for without signing in.
_OPEN = frozenset({"staff.sign_in", "staff.enter"})
_ADMINS = frozenset({"staff.audit", "staff.accounts"})
_UPLOADS = frozenset({"staff.check"})
# The fields of the form beside its files.
_FORM_FIELDS = 10
# A text of `drafts.MAX_CHARACTERS` in UTF-8, and a little more.
_MAX_FORM_BYTES = 7 << 20

# What a page asks by itself, second by second, while drafts are checked.
_POLLED = "staff.progress"


class SignedIn(UserMixin):  # type: ignore[misc]
    """Flask-Login's user: its id is the secret of the session, so that a session can be ended at once."""

    def __init__(self, secret: str, session: Session) -> None:
        self.id = secret
        self.session = session
        self.name, self.role, self.folder = session.user_name, session.role, session.folder

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


class _StaffOnlySessions(SecureCookieSessionInterface):
    """Flask's signed cookie, read and set below ``/staff`` only."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if is_staff_path(request.path) else None


class StaffRequest(Request):
    """Flask's request; files that staff upload land in the folder of their session, not in memory or /tmp."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        session: SessionDrafts | None = g.get("uploads_of")
        if session is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        landing = Landing(session.landing_path())
        g.landed.append(landing)
        return landing


class Landing(io.RawIOBase, IO[bytes]):
    """A file that is written once. The form's reader rewinds it when it is whole: then it is closed, as a thousand in
    one form would keep as many descriptors."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open_private(path)

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._file.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
        self._file.close()
        return 0

    def close(self) -> None:
        self._file.close()
        super().close()


def is_staff_path(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def signed_in() -> SignedIn:
    """Who asks; only where the guard has let somebody in."""
    user: SignedIn = current_user._get_current_object()
    return user


def address() -> str:
    return request.remote_addr or ""


def prepare(app: Flask, staff: Staff) -> CSRFProtect:
    """Sessions, sign-in and CSRF checks for the application; gives the latter, for what programs may call instead."""
    secure = staff.settings.secure_cookie
    app.config.update(
        SECRET_KEY=staff.settings.secret_key,
        SESSION_COOKIE_NAME="__Secure-gongkai-staff" if secure else "gongkai-staff",
        SESSION_COOKIE_PATH=PREFIX,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session
    )
    app.session_interface = _StaffOnlySessions()
    app.request_class = StaffRequest
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the session ends on the server; an address may change in an office

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(secret: str) -> SignedIn | None:
        session = staff.sessions.find(secret, in_use=request.endpoint != _POLLED)
        return None if session is None else SignedIn(secret, session)

    @app.before_request
    def let_in() -> AnyResponse | None:
        if not is_staff_path(request.path) or request.endpoint in _OPEN or request.endpoint is None:
            return None
        if not current_user.is_authenticated:
            if request.method != "GET":
                abort(401)
            return redirect(url_for("staff.sign_in"))
        if request.endpoint in _ADMINS and not signed_in().is_admin:
            abort(403)
        if request.endpoint in _UPLOADS:
            _make_room(staff)
        return None

    @app.teardown_request
    def remove_landed(_: BaseException | None) -> None:
        for landing in g.get("landed", ()):
            landing.close()
            landing.path.unlink(missing_ok=True)  # those that became drafts have moved

    @app.after_request
    def keep_private(response: Response) -> Response:
        if is_staff_path(request.path):
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    return CSRFProtect(app)  # after `let_in`: nothing that a stranger sends is read


def _make_room(staff: Staff) -> None:
    """Let this request be as large as an upload, and its files land in the session's folder."""
    request.max_content_length = staff.settings.upload_bytes
    request.max_form_memory_size = _MAX_FORM_BYTES
    request.max_form_parts = MAX_DRAFTS + _FORM_FIELDS
    g.uploads_of = staff.folders.of(signed_in().folder)
    g.landed = []
