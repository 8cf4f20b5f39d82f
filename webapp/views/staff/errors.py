"""What do staff read when a request cannot be answered?"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from webapp.staff.errors import StaffError

# What a browser sends before it reads an answer: so much of a body that is refused is read and forgotten.
_DRAINED_BYTES = 512 << 20
_CHUNK = 1 << 20


def register(pages: Blueprint) -> None:
    @pages.errorhandler(CSRFError)
    def stale(error: CSRFError) -> Response:  # noqa: ARG001 - its reason is for programmers
        return answer(400, "这一页已经过期", "请返回上一页，刷新后再提交一次。")

    @pages.errorhandler(401)
    def stranger(error: HTTPException) -> Response:  # noqa: ARG001
        return answer(401, "登录已经结束", "请重新登录，再提交一次。")

    @pages.errorhandler(403)
    def not_allowed(error: HTTPException) -> Response:  # noqa: ARG001
        return answer(403, "这一页只有管理员可以看", "需要时请联系本单位的管理员。")

    @pages.errorhandler(413)
    def too_large(error: HTTPException) -> Response:  # noqa: ARG001
        _drain()
        return answer(413, "提交的内容太大", "一段文字最多 200 万字；文件请分几次提交，每次最多 1000 份、300 MB。")

    @pages.errorhandler(StaffError)
    def refused(error: StaffError) -> Response:
        return answer(400, "没有提交", str(error))


def answer(status: int, title: str, remedy: str) -> Response:
    response = make_response(render_template("staff/trouble.html", status=status, title=title, remedy=remedy), status)
    if status == 413:
        response.headers["Connection"] = "close"
    return response


def _drain() -> None:
    """Read what is still being sent: a browser shows no answer while it cannot send."""
    left = min(request.content_length or 0, _DRAINED_BYTES)
    stream = request.environ["wsgi.input"]
    while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
        left -= len(chunk)
