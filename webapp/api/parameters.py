"""Which parameters does a call take? Each is one rule that the OpenAPI document states and every request is held to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from corpus.models import Audience, Kind, Level, Method, Validity
from indexer.engine import Sort
from webapp.errors import BadParameterError
from webapp.params import MAX_QUESTION_CHARS, MAX_VALUE_CHARS, MAX_VALUES, Scope

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
_MAX_CURSOR_CHARS = 1_000

_YEAR = "^[12][0-9]{3}$"
_PERIOD = "^[12][0-9]{3}(-(0[1-9]|1[0-2]))?$"
_CURSOR = "^[A-Za-z0-9_-]+$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the query string: what it means, and the JSON Schema that each of its values keeps to.

    Of JSON Schema it takes ``enum``, ``pattern``, ``minLength``, ``maxLength``, ``minimum``, ``maximum`` and the
    ``format`` date. With ``many`` it may be repeated, and any of the values is allowed.
    """

    name: str
    about: str
    schema: Mapping[str, object]
    many: bool = False

    @property
    def most(self) -> int:
        """How often it may stand in an address."""
        return MAX_VALUES if self.many else 1

    def check(self, values: list[str]) -> None:
        """Raises BadParameterError for the first value that is not allowed."""
        if len(values) > self.most:
            raise BadParameterError(self.name, f"{len(values)} 个值", f"最多 {self.most} 个。")
        for value in values:
            if not self._allows(value):
                raise BadParameterError(self.name, value, self.allowed)

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        rule = self.schema
        if "enum" in rule:
            return f"可以是 {'、'.join(map(str, _list(rule['enum'])))}。"
        if rule["type"] == "integer":
            return f"可以是 {rule['minimum']} 到 {rule['maximum']} 的整数。"
        if rule.get("format") == "date":
            return "请写成年-月-日，如 2020-07-28。"
        if "pattern" in rule:
            return f"要符合 {rule['pattern']}。"
        return f"{rule.get('minLength', 0)} 到 {rule['maxLength']} 个字。"

    def _allows(self, value: str) -> bool:
        rule = self.schema
        if rule["type"] == "integer":
            lowest, highest = _int(rule["minimum"]), _int(rule["maximum"])
            return bool(re.fullmatch("0|[1-9][0-9]{0,8}", value)) and lowest <= int(value) <= highest
        if "enum" in rule and value not in _list(rule["enum"]):
            return False
        if rule.get("format") == "date" and not _is_date(value):
            return False
        if not _int(rule.get("minLength", 0)) <= len(value) <= _int(rule.get("maxLength", len(value))):
            return False
        return "pattern" not in rule or bool(re.fullmatch(str(rule["pattern"]), value))


def check(parameters: Iterable[Parameter], arguments: MultiDict[str, str]) -> None:
    """Hold a request to its call's parameters. Raises BadParameterError, also for one that the call does not know."""
    known = {parameter.name: parameter for parameter in parameters}
    for name, values in arguments.lists():
        if name not in known:
            allowed = f"这里的参数是 {'、'.join(known)}。" if known else "这里没有参数。"
            raise BadParameterError(name, values[0] if values else "", f"没有这个参数。{allowed}")
        known[name].check(values)


def _list(value: object) -> list[object]:
    assert isinstance(value, list)  # noqa: S101
    return value


def _int(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101
    return value


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _named(name: str, about: str, values: Iterable[str]) -> Parameter:
    return Parameter(name=name, about=about, schema={"type": "string", "enum": [str(one) for one in values]}, many=True)


def _text(name: str, about: str) -> Parameter:
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_VALUE_CHARS}
    return Parameter(name=name, about=about, schema=schema, many=True)


_FILTERS = {
    parameter.name: parameter
    for parameter in (
        _named("kind", "类型", Kind),
        _text("domain", "领域，名称或代码"),
        _text("issuer", "发文机关全称"),
        Parameter(name="year", about="年份", schema={"type": "string", "pattern": _YEAR}, many=True),
        _named("validity", "有效性", Validity),
        _text("site", "网站"),
        _text("column", "栏目"),
        _named("audience", "公开对象", Audience),
        _named("method", "公开方式", Method),
        _named("level", "公开层级", Level),
        Parameter(name="period", about="时期，年或年-月", schema={"type": "string", "pattern": _PERIOD}, many=True),
    )
}
_DAY = {"type": "string", "format": "date"}

QUESTION = Parameter(name="q", about="问题、词句或发文字号", schema={"type": "string", "maxLength": MAX_QUESTION_CHARS})
LIMIT = Parameter(
    name="limit",
    about=f"一次最多给多少条；不写是 {DEFAULT_LIMIT}",
    schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
)
CURSOR = Parameter(
    name="cursor",
    about="上一次回答里的 next，从它后面接着给",
    schema={"type": "string", "maxLength": _MAX_CURSOR_CHARS, "pattern": _CURSOR},
)
SORT = Parameter(name="sort", about="次序", schema={"type": "string", "enum": [sort.value for sort in Sort]})


def narrowing(scope: Scope) -> tuple[Parameter, ...]:
    """The question and the filters of a scope."""
    return (
        QUESTION,
        *(_FILTERS[name] for name in scope.value),
        Parameter(name="since", about="这一天起", schema=_DAY),
        Parameter(name="until", about="到这一天", schema=_DAY),
    )
