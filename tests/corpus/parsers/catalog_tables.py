"""Tables of catalogs, written down row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from corpus.models import CatalogEntry
from corpus.parsers import Cell, Table
from corpus.parsers.catalog import read_catalog

HEADER = [
    [
        "序号",
        "公开事项",
        "<",
        "公开内容（要素）",
        "公开依据",
        "公开时限",
        "公开主体",
        "公开渠道和载体",
        "公开对象",
        "<",
        "公开方式",
        "<",
        "公开层级",
        "<",
    ],
    [
        "^",
        "一级事项",
        "二级事项",
        "^",
        "^",
        "^",
        "^",
        "^",
        "全社会",
        "特定群体（请写明）",
        "主动",
        "依申请公开",
        "县级",
        "乡级",
    ],
]
LAW = "《中华人民共和国政府信息公开条例》"


def row(serial: str, item: str, subitem: str, content: str, **other: str) -> list[str]:
    cells = {
        "basis": LAW,
        "limit": "20个工作日内",
        "publisher": "云澜区民政局",
        "channels": "■政府网站 □政府公报",
        "whole": "√",
        "group": "",
        "proactive": "√",
        "request": "",
        "county": "√",
        "township": "",
    } | other
    return [serial, item, subitem, content, *cells.values()]


def entries(
    *rows: list[str], title: str = "云澜区基层政务公开标准目录", header: list[list[str]] = HEADER
) -> tuple[CatalogEntry, ...]:
    return read_catalog([grid_table([*header, *rows])], title=title).entries


def annex_table(gold: list[dict[str, Any]], *, spans: bool, header_spans: bool) -> Table:
    """The template of annex 2 with its two rows, typed again from what a person reads in it."""
    signs = {"ticked": "■", "unticked": "□", "unmarked": ""}
    rows: list[list[str]] = []
    if header_spans:
        rows.append(
            [
                "序号",
                "公开事项",
                "<",
                "公开内容",
                "公开依据",
                "公开   时限",
                "公开主体",
                "公开渠道和载体",
                "公开 对象",
                "<",
                "公开 方式",
                "<",
            ]
        )
        rows.append(
            ["^", "一级事项", "二级事项", "^", "^", "^", "^", "^", "全社会", "特定群体", "主动公开", "依申请公开"]
        )
    else:
        rows.append(
            [
                "序号",
                "公开事项",
                "公开内容",
                "公开依据",
                "公开   时限",
                "公开主体",
                "公开渠道和载体",
                "公开 对象",
                "公开 方式",
                "",
                "",
                "",
            ]
        )
        rows.append(["", "一级事项", "二级事项", "", "", "", "", "", "全社会", "特定群体", "主动公开", "依申请公开"])
    for number, entry in enumerate(gold):
        names = [signs[mark] + name for name, mark in entry["channels"]]
        channels = "\n".join("    ".join(names[n : n + 2]) for n in range(0, len(names), 2))
        item = entry["item"] if number == 0 else "^" if spans else ""
        texts = [entry[name] for name in ("subitem", "content", "basis", "time_limit", "publisher")]
        rows.append([entry["serial"], item, *texts, channels, "√", "", "√", ""])
    return grid_table(rows)


def grid_table(rows: Sequence[Sequence[str]], **about: str) -> Table:
    """A table from its rows: ``^`` goes on from the cell above, ``<`` from the cell to the left."""
    cells: dict[tuple[int, int], Cell] = {}
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text in ("^", "<"):
                at = owner[(row - 1, column) if text == "^" else (row, column - 1)]
                owner[row, column] = at
                old = cells[at]
                cells[at] = replace(
                    old, rows=max(old.rows, row - at[0] + 1), columns=max(old.columns, column - at[1] + 1)
                )
            else:
                owner[row, column] = (row, column)
                cells[row, column] = Cell(text, row, column)
    return Table(tuple(cells[at] for at in sorted(cells)), **about)
