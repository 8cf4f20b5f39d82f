"""What does a person, or a program, read when a request cannot be answered?"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from corpus.errors import CorpusError
from indexer.errors import (
    IndexAwayError,
    IndexBusyError,
    IndexerError,
    IndexMissingError,
    IndexOutdatedError,
    QueryError,
    UnknownValueError,
)
from webapp.errors import BadParameterError, LostFileError, NotHereError, WithdrawnError
from webapp.params import SearchRequest
from webapp.presenters import FIELD_LABELS, chinese_date


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong (``title``), with which value (``detail``), and what to do (``remedy``).

    ``nearest`` are searches for something near, by what they are called.
    """

    status: int
    title: str
    detail: str = ""
    remedy: str = ""
    parameter: str = ""
    offers_search: bool = True
    nearest: tuple[tuple[str, SearchRequest], ...] = ()


# Where programs ask, they are answered in their own language (RFC 9457).
_FOR_PROGRAMS = ("/search.json", "/suggest.json", "/healthz")
_PROGRAM_PREFIX = "/api/"

# Of werkzeug's own errors, those that can be met here.
_HTTP_TITLES = {
    400: ("请求读不懂", "请从首页重新进入，或者检查地址是否完整。"),
    404: ("没有这个页面", "地址可能抄错了，或者页面已经换了地方；可以直接搜索要找的文件。"),
    405: ("这个地址不接受这种请求", "请用浏览器直接打开地址。"),
    413: ("发送的内容太大", "这里的页面只读取地址，不接收上传。"),
    414: ("地址太长", "请缩短问题，或者去掉一些条件。"),
    429: ("请求太频繁", "请按回答里 Retry-After 的秒数等一等再试。"),
    503: ("现在导出的人太多", "请过半分钟再试。"),
    416: ("要求的字节范围不在文件之内", "请从头下载整个文件。"),
}


def register(app: Flask) -> None:
    """Answer every error that a view may let through."""

    @app.errorhandler(BadParameterError)
    def bad_parameter(error: BadParameterError) -> Response:
        label = FIELD_LABELS.get(error.name, "")
        title = f"参数 {error.name}（{label}）不能这样写" if label else f"参数 {error.name} 不能这样写"
        return _answer(Problem(400, title, f"收到的是“{error.value}”。", error.allowed, parameter=error.name))

    @app.errorhandler(NotHereError)
    def not_here(error: NotHereError) -> Response:
        return _answer(Problem(404, f"没有找到{error.what}", f"“{error.name}”", error.remedy))

    @app.errorhandler(WithdrawnError)
    def withdrawn(error: WithdrawnError) -> Response:
        audit = error.withdrawal
        detail = f"撤下日期：{chinese_date(audit.withdrawn_on)}。原因类别：{audit.reason}。" if audit else ""
        return _answer(
            Problem(
                410,
                "这份文件已经撤下",
                detail,
                "撤下的文件不再提供正文和下载。需要时请向发文机关申请公开。",
                nearest=error.nearest,
            )
        )

    @app.errorhandler(LostFileError)
    def lost_file(error: LostFileError) -> Response:
        current_app.logger.error("%s", error)
        detail = f"“{error.name}”已经登记，但字节不在存储里。"
        return _answer(
            Problem(500, "保存的文件找不到了", detail, "管理员：请从备份恢复 blobs 文件夹，编号已经记入日志。")
        )

    @app.errorhandler(QueryError)
    def bad_query(error: QueryError) -> Response:
        if isinstance(error, UnknownValueError):
            return bad_parameter(BadParameterError(error.field, error.value, f"可以是 {'、'.join(error.known)}。"))
        return _answer(
            Problem(400, "这个问题不能这样查", f"检索程序的说明：{error}", "请换一种写法，或者去掉一些条件。")
        )

    @app.errorhandler(IndexerError)
    def engine_failed(error: IndexerError) -> Response:
        current_app.logger.error("the engine cannot answer %s: %s", request.path, error)
        return _answer(_engine_problem(error))

    @app.errorhandler(CorpusError)
    @app.errorhandler(SQLAlchemyError)
    def store_failed(error: Exception) -> Response:
        current_app.logger.error("the store cannot answer %s", request.path, exc_info=error)
        return _answer(
            Problem(
                503,
                "文件库现在读不了",
                "搜索和阅读都要用到文件库，它没有正常打开。",
                "管理员：运行 gongkai status 查看原因（磁盘、权限、数据库地址），恢复后不需要重启。",
                offers_search=False,
            )
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400 and error.response is not None:
            return make_response(error.response)
        if isinstance(error, SecurityError):
            return _plain_refusal()
        title, remedy = _HTTP_TITLES.get(status, ("请求不能完成", "请从首页重新进入。"))
        detail = f"请求的地址是 {request.path[:200]}" if status in (404, 405) else ""
        response = _answer(Problem(status, title, detail, remedy))
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):  # Allow of 405, Content-Range of 416
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        mark = secrets.token_hex(4)
        current_app.logger.error("error %s at %s", mark, request.path, exc_info=error)
        return _answer(
            Problem(
                500,
                "这一页出了错",
                f"错误在本站，不在您的操作；已经记入日志，编号 {mark}。",
                "可以返回首页继续查找。若反复出现，请把编号告诉网站管理员。",
            )
        )


def _engine_problem(error: IndexerError) -> Problem:
    if isinstance(error, IndexMissingError):
        title, detail = "还没有建立索引", "文件已经可以收录，但搜索要先建立索引。"
        remedy = "管理员：运行 gongkai index，完成后刷新本页，不需要重启。"
    elif isinstance(error, IndexOutdatedError):
        title, detail = "索引和程序的版本不一致", "程序或词典更新之后，索引还没有重建。"
        remedy = "管理员：运行 gongkai index --rebuild，完成后刷新本页；重建期间已保存的文件不受影响。"
    elif isinstance(error, IndexAwayError):
        title, detail = "暂时无法检索", "存放索引的服务器现在没有回答。文件本身不受影响。"
        remedy = "请稍后再试。管理员：运行 gongkai status 查看原因；集群恢复后不需要重启，新收录的文件会自动补上。"
    elif isinstance(error, IndexBusyError):
        title, detail, remedy = "索引正在写入", "另一个程序正在更新索引。", "等它完成后刷新本页。"
    else:
        title, detail = "搜索现在用不了", "索引没有正常打开，原因已经记入日志。"
        remedy = "管理员：运行 gongkai status 查看原因；必要时运行 gongkai index --rebuild 重建。"
    return Problem(503, title, detail, remedy, offers_search=False)


def _answer(problem: Problem) -> Response:
    if request.path in _FOR_PROGRAMS or request.path.startswith(_PROGRAM_PREFIX):
        body = {
            "title": problem.title,
            "status": problem.status,
            "detail": f"{problem.detail}{problem.remedy}",
            **({"parameter": problem.parameter} if problem.parameter else {}),
        }
        response = jsonify(body)
        response.mimetype = "application/problem+json"
    else:
        response = make_response(render_template("error.html", problem=problem, search=SearchRequest()))
    response.status_code = problem.status
    if problem.status == 503:
        response.headers["Retry-After"] = "60"
    return response


def _plain_refusal() -> Response:
    """The Host header is not ours, so no address can be made: not even a page."""
    response = make_response("这个网站不用这个域名访问。管理员：请把它加入 trusted_hosts 设置。\n", 400)
    response.mimetype = "text/plain"
    return response
