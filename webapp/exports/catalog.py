"""Rows of standard catalogs as a spreadsheet in the layout of the template (基层政务公开事项标准目录), and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from corpus.models import Audience, CatalogEntry, Channel, Level, Mark, Method
from webapp.exports.sheets import Form, csv_stream, form_stream

CAPTION = "基层政务公开事项标准目录"

_TICK = "√"
_MARKS = {Mark.TICKED: "■", Mark.UNTICKED: "□", Mark.UNMARKED: ""}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the template: the heading that it stands under, its own, its width in characters, what it shows."""

    group: str
    name: str
    width: int
    show: Callable[[CatalogEntry], str]


def _columns(with_levels: bool) -> list[_Column]:
    """The columns of annex 2 of the plan, in its order; 公开层级 only where a row tells it."""
    columns = [
        _Column("", "序号", 6, lambda entry: entry.serial),
        _Column("公开事项", "一级事项", 14, lambda entry: entry.item),
        _Column("公开事项", "二级事项", 14, lambda entry: entry.subitem),
        _Column("", "公开内容（要素）", 34, lambda entry: entry.content),
        _Column("", "公开依据", 34, lambda entry: entry.basis),
        _Column("", "公开时限", 18, lambda entry: entry.time_limit),
        _Column("", "公开主体", 18, lambda entry: entry.publisher),
        _Column("", "公开渠道和载体", 36, lambda entry: channels_as_published(entry.channels)),
        _Column("公开对象", "全社会", 8, lambda entry: _tick(Audience.WHOLE_SOCIETY in entry.audiences)),
        _Column("公开对象", "特定群体", 10, _specific_group),
        _Column("公开方式", "主动公开", 8, lambda entry: _tick(Method.PROACTIVE in entry.methods)),
        _Column("公开方式", "依申请公开", 8, lambda entry: _tick(Method.ON_REQUEST in entry.methods)),
    ]
    if with_levels:
        columns += [
            _Column("公开层级", "县级", 6, lambda entry: _tick(Level.COUNTY in entry.levels)),
            _Column("公开层级", "乡级", 6, lambda entry: _tick(Level.TOWNSHIP in entry.levels)),
        ]
    return columns


def channels_as_published(channels: Sequence[Channel]) -> str:
    """``■政府网站 □两微一端``, two a line, as the template prints them."""
    named = [f"{_MARKS[item.mark]}{item.name}" for item in channels]
    return "\n".join("  ".join(named[start : start + 2]) for start in range(0, len(named), 2))


def catalog_xlsx(entries: Iterable[CatalogEntry], *, with_levels: bool) -> Iterator[bytes]:
    """A workbook of one sheet: caption, the headings in two lines, a row an entry; ``with_levels`` adds 公开层级."""
    columns = _columns(with_levels)
    form = Form(
        caption=CAPTION,
        headings=(
            [column.group or column.name for column in columns],
            [column.name if column.group else "" for column in columns],
        ),
        widths=[column.width for column in columns],
        merged=list(_merged(columns)),
    )
    rows = (
        (entry.serial or str(number), *(column.show(entry) for column in columns[1:]))
        for number, entry in enumerate(entries, 1)
    )
    return form_stream("标准目录", form, rows)


def _merged(columns: Sequence[_Column]) -> Iterator[str]:
    """The caption over all columns, a group over its own, a column without a group over both lines of headings."""
    letters = ascii_uppercase[: len(columns)]
    yield f"A1:{letters[-1]}1"
    for letter, column in zip(letters, columns, strict=True):
        if not column.group:
            yield f"{letter}2:{letter}3"
    for group in dict.fromkeys(column.group for column in columns if column.group):
        under = [letter for letter, column in zip(letters, columns, strict=True) if column.group == group]
        yield f"{under[0]}2:{under[-1]}2"


def catalog_csv(rows: Iterable[tuple[CatalogEntry, str, str]]) -> Iterator[bytes]:
    """CSV of (entry, title of its document, address of its page), with one header line."""
    columns = _columns(with_levels=True)
    header = [*(column.name for column in columns), "时期", "领域", "来源文件", "网址"]
    return csv_stream(
        header,
        (
            (*(column.show(entry) for column in columns), entry.period, entry.domain, title, address)
            for entry, title, address in rows
        ),
    )


def _tick(ticked: bool) -> str:
    return _TICK if ticked else ""


def _specific_group(entry: CatalogEntry) -> str:
    if Audience.SPECIFIC_GROUP not in entry.audiences:
        return entry.audience_text
    return f"{_TICK}{entry.audience_text}"
