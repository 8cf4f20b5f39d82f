"""The OpenAPI 3.1 document of `/api/v1`, made of the operations and models that answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webapp.api.models import Problem
from webapp.api.operations import OPERATIONS, PREFIX, Operation
from webapp.api.parameters import Parameter
from webapp.views.staff_api import CheckAnswer, CheckRequest
from webapp.web_settings import WebSettings

_REF = "#/components/schemas/{model}"
_ERRORS: Mapping[int, str] = {
    400: "参数不对：parameter 是它的名字，detail 说可以怎么写",
    404: "没有这份文件",
    410: "这份文件已经撤下",
    429: "请求太频繁，Retry-After 是要等的秒数",
    500: "本站出错，已记入日志",
    503: "索引或文件库现在打不开，Retry-After 是可以再试的秒数",
}
_NAMES_DOCUMENT = (404, 410)
_CHECK_ERRORS: Mapping[int, str] = {
    400: "不是 JSON",
    401: "没有令牌，或者令牌不对",
    413: "内容太大",
    415: "不接受这种内容",
    422: "字段不对，或者读不出文字",
}


def document(settings: WebSettings, *, checks_duplicates: bool) -> dict[str, Any]:
    """The document; the duplicates check is in it where this installation answers it."""
    answers = [operation.answer for operation in OPERATIONS] + ([CheckAnswer] if checks_duplicates else [])
    inputs = [CheckRequest] if checks_duplicates else []
    paths = {PREFIX + operation.path: {"get": _operation(operation)} for operation in OPERATIONS}
    if checks_duplicates:
        paths[f"{PREFIX}/duplicates/check"] = {"post": _check_operation()}
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.site_name} API",
            "version": version("gongkai"),
            "description": "只读接口，回答公开的文件。除查重外都不需要令牌。没有写出的参数一律回答 400。",
        },
        "servers": [{"url": settings.public_url.rstrip("/") or "/"}],
        "paths": paths,
        "components": {"schemas": _schemas([*answers, Problem], inputs)},
    }
    if checks_duplicates:
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return described


def _schemas(answers: Iterable[type[BaseModel]], inputs: Iterable[type[BaseModel]]) -> dict[str, Any]:
    _, written = models_json_schema(
        [*((model, "serialization") for model in answers), *((model, "validation") for model in inputs)],
        ref_template=_REF,
    )
    schemas: dict[str, Any] = written["$defs"]
    return schemas


def _operation(operation: Operation) -> dict[str, Any]:
    parameters = [_parameter(parameter) for parameter in operation.parameters]
    if operation.names_document:
        about = "编号；里面的 / 写成 %2F"
        schema = {"type": "string", "minLength": 1}
        parameters.insert(0, {"name": "id", "in": "path", "required": True, "description": about, "schema": schema})
    errors = [status for status in _ERRORS if status not in _NAMES_DOCUMENT or operation.names_document]
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            "200": _answer("找到了", operation.answer),
            "304": {"description": "和 If-None-Match 里的一样，没有变"},
            **{str(status): _problem(_ERRORS[status]) for status in errors},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(parameter.schema)
    if parameter.many:
        schema = {"type": "array", "items": schema, "maxItems": parameter.most}
    return {"name": parameter.name, "in": "query", "description": parameter.about, "schema": schema}


def _check_operation() -> dict[str, Any]:
    file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    return {
        "operationId": "check_duplicates",
        "summary": "发布之前查重：这份稿子是不是已经公开过",
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": _REF.format(model=CheckRequest.__name__)}},
                "multipart/form-data": {"schema": file},
            },
        },
        "responses": {
            "200": _answer("结论", CheckAnswer),
            **{str(status): _problem(text) for status, text in sorted({**_CHECK_ERRORS, **_SERVER_ERRORS}.items())},
        },
    }


_SERVER_ERRORS = {status: text for status, text in _ERRORS.items() if status >= 429}


def _answer(about: str, model: type[BaseModel]) -> dict[str, Any]:
    return {
        "description": about,
        "content": {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}},
    }


def _problem(about: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=Problem.__name__)}
    return {"description": about, "content": {"application/problem+json": {"schema": schema}}}
