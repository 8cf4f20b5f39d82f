"""May this be published? One call for a content-management system, before it publishes: a clear yes or no."""

from __future__ import annotations

import json
from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from werkzeug.exceptions import HTTPException

from corpus.errors import CorpusError, UnreadableError
from corpus.parsers import Source
from indexer.duplicates.drafts import MAX_CHARACTERS
from indexer.duplicates.model import CheckedDraft, Draft, Match
from indexer.errors import IndexerError
from webapp.accounts.audit import Action
from webapp.staff.queue import file_draft, text_draft
from webapp.staff.reasons import reason_in_chinese
from webapp.staff.services import Staff

_MAX_BYTES = 100 << 20
# Matches beyond these change no verdict.
_MAX_MATCHES = 10


class CheckRequest(BaseModel):
    """What is about to be published, as text. A file is sent as ``multipart/form-data``, in the field ``file``."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(max_length=500)] = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]


class FactModel(BaseModel):
    """A fact that the draft and the published document state differently; empty where one does not state it."""

    kind: str
    draft: str
    published: str


class MatchModel(BaseModel):
    """A published document that the draft was compared with; the similarities are between 0 and 1."""

    id: str
    title: str
    url: str
    document_number: str
    published_on: str | None = Field(description="YYYY-MM-DD")
    verdict: str
    verdict_label: str
    jaccard: float
    draft_in_published: float
    published_in_draft: float
    facts: list[FactModel]


class CheckAnswer(BaseModel):
    """``publish`` is false when the same thing is out already; ``reasons`` say why, in Chinese, for people."""

    publish: bool
    verdict: str
    verdict_label: str
    reasons: list[str]
    matches: list[MatchModel]


class _ProblemError(Exception):
    """An answer that is no verdict (RFC 9457)."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        self.status, self.title, self.detail = status, title, detail
        super().__init__(title)


def blueprint(staff: Staff) -> Blueprint:
    api = Blueprint("staff_api", __name__, url_prefix="/api/v1")

    @api.post("/duplicates/check")
    def check() -> Response:
        caller = _caller(staff)
        try:
            checked = staff.checker.check(_draft())
        except UnreadableError as error:
            raise _ProblemError(422, "读不出文字", reason_in_chinese(error.reason)) from None
        except (IndexerError, CorpusError):
            raise _ProblemError(503, "现在不能比对", "索引没有打开；管理员可运行 gongkai status 查看原因。") from None
        found = ", ".join(match.document_id for match in checked.matches[:5])
        staff.audit.record(f"token:{caller}", Action.CHECKED, found, checked.verdict.label, request.remote_addr or "")
        return _json(answer_of(checked).model_dump(), 200)

    @api.errorhandler(_ProblemError)
    def problem(error: _ProblemError) -> Response:
        response = _json({"title": error.title, "status": error.status, "detail": error.detail}, error.status)
        response.mimetype = "application/problem+json"
        if error.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if error.status == 503:
            response.headers["Retry-After"] = "60"
        return response

    @api.errorhandler(HTTPException)
    def http_problem(error: HTTPException) -> Response:
        too_large = f"文件最大 {_MAX_BYTES >> 20} MB。"
        status = error.code or 500
        return problem(_ProblemError(status, error.name, too_large if status == 413 else error.description or ""))

    return api


def answer_of(checked: CheckedDraft) -> CheckAnswer:
    """The verdict as the call answers it."""
    same = [match for match in checked.matches if match.verdict.is_duplicate]
    reasons = [_reason(match) for match in same or checked.matches[:1]]
    reasons += [reason_in_chinese(problem) for problem in checked.problems]
    return CheckAnswer(
        publish=not checked.verdict.is_duplicate,
        verdict=checked.verdict.value,
        verdict_label=checked.verdict.label,
        reasons=reasons[:_MAX_MATCHES],
        matches=[_match(match) for match in checked.matches[:_MAX_MATCHES]],
    )


def _caller(staff: Staff) -> str:
    """The name of the token that the request carries."""
    authorization = request.authorization
    secret = authorization.token if authorization is not None and authorization.type == "bearer" else None
    name = staff.tokens.name_of(secret) if secret else None
    if name is None:
        raise _ProblemError(401, "没有权限", "请在 Authorization 里带上有效的令牌：Bearer gk_…")
    return name


def _draft() -> Draft:
    """What the request holds. Raises _ProblemError, UnreadableError."""
    request.max_content_length = _MAX_BYTES
    if request.mimetype == "application/json":
        try:
            asked = CheckRequest.model_validate(json.loads(request.get_data()))
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or "正文"
            raise _ProblemError(422, f"字段 {name} 不能这样写", first["msg"]) from None
        except (ValueError, RecursionError):
            raise _ProblemError(400, "不是 JSON", "请求的内容应是 UTF-8 的 JSON。") from None
        return text_draft(asked.title, asked.text.encode("utf-8", "replace"))
    if request.mimetype != "multipart/form-data":
        raise _ProblemError(415, "不接受这种内容", "请发送 application/json，或者 multipart/form-data（字段 file）。")
    file = request.files.get("file")
    if file is None:
        raise _ProblemError(422, "没有文件", "请把文件放在字段 file 里。")
    name, data = (file.filename or "file").rpartition("/")[2], file.stream.read()
    from corpus.parsers.isolation import ParserPool  # loads every parser

    with ParserPool(workers=1) as pool:
        read = pool.parse(Source(data=data, name=name))
    if read.members:
        raise _ProblemError(422, "不接受压缩包", "请逐个提交压缩包里的文件。")
    return file_draft(name, data, read)


def _reason(match: Match) -> str:
    number = f"（{match.document_number}）" if match.document_number else ""
    day = f"，{match.published_on.isoformat()}" if match.published_on else ""
    return f"{match.verdict.label}：《{match.title}》{number}{day}"


def _match(match: Match) -> MatchModel:
    return MatchModel(
        id=match.document_id,
        title=match.title,
        url=match.url,
        document_number=match.document_number,
        published_on=match.published_on.isoformat() if match.published_on else None,
        verdict=match.verdict.value,
        verdict_label=match.verdict.label,
        jaccard=round(match.jaccard, 4),
        draft_in_published=round(match.draft_in_published, 4),
        published_in_draft=round(match.published_in_draft, 4),
        facts=[FactModel(kind=fact.kind.value, draft=fact.draft, published=fact.published) for fact in match.facts],
    )


def _json(value: object, status: int) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
