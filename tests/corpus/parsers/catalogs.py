"""Random standard catalogs as they are found in the wild: their tables, and what a person reads in them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.models import Audience, CatalogEntry, Channel, Level, Mark, Method
from corpus.parsers import Cell, Table

ITEMS = (
    "最低生活保障",
    "特困人员供养",
    "临时救助",
    "施工许可",
    "法治宣传教育",
    "城镇零就业家庭",
    "公租房租赁",
    "征地管理",
    "养老机构备案",
)
SUBITEMS = (
    "办事指南",
    "审核信息",
    "审批信息",
    "政策法规文件",
    "监督检查",
    "招标投标信息",
    "法律知识普及服务",
    "政策措施",
    "项目概况",
)
CONTENTS = (
    "办理事项、办理条件、申请材料、办理流程、联系方式",
    "初审对象名单及相关信息",
    "1.机构名称；\n2.开放时间；\n3.联系电话。",
    "2020年度部门预算及“三公”经费",
    "与云澜区有关的政策文件，包括改革方案、发展规划等",
    "《征地补偿安置方案》公告及听证情况",
    "2021年7月抽检不合格名单",
)
PERIODS = {CONTENTS[3]: "2020", CONTENTS[6]: "2021-07"}
BASES = (
    "《中华人民共和国政府信息公开条例》（国务院令第711号）",
    "《国务院关于进一步加强和改进最低生活保障工作的意见》（国发〔2012〕45号）、各地相关政策法规文件",
    "《政府信息公开条例》、《关于全面推进政务公开工作的意见》（中办发〔2016〕8号）",
    "信息公开规定",
)
LIMITS = (
    "制定或获取信息之日起10个工作日内",
    "信息形成或变更之日起20个工作日内",
    "及时公开",
    "实时公开",
    "长期公开（动态调整）",
)
PUBLISHERS = ("云澜区民政局", "县级政府民政部门、乡镇政府（街道办）", "各镇人民政府、街道办事处", "区住房和城乡建设局")
CHANNELS = (
    "政府网站",
    "政府公报",
    "两微一端",
    "发布会/听证会",
    "广播电视",
    "纸质媒体",
    "公开查阅点",
    "政务服务中心",
    "便民服务站",
    "入户/现场",
    "社区/企事业单位/村公示栏（电子屏）",
    "精准推送",
    "其他",
)
DOMAINS = ("社会救助", "重大建设项目", "农村危房改造", "公共法律服务", "扶贫", "征地补偿", "国有土地上房屋征收与补偿")
GROUPS = ("本村（社区）居民", "申请人", "项目单位")
WORDINGS = {
    "serial": ("序号", "序 号", "序\n号", "编号"),
    "item": ("一级事项", "一级目录", "一级 事项"),
    "subitem": ("二级事项", "二级目录", "二级\n事项"),
    "items": ("公开事项", "公开 事项", "政务公开事项"),
    "content": ("公开内容（要素）", "公开内容\n（要素）", "公开内容(要素)", "公开要素", "公开信息内容", "公开内容"),
    "basis": ("公开依据", "公开 依据", "依据"),
    "time_limit": ("公开时限", "公开   时限", "公开时间", "时限"),
    "publisher": ("公开主体", "责任单位", "公开责任主体", "责任主体", "公开 主体"),
    "channels": ("公开渠道和载体", "公开渠道", "公开载体", "公开渠道\n和载体"),
    "audiences": ("公开对象", "公开 对象"),
    "whole_society": ("全社会", "全 社 会"),
    "specific_group": ("特定群体", "特定群体（请写明）", "特定群众", "特定\n群体(请写明)"),
    "methods": ("公开方式", "公开 方式"),
    "proactive": ("主动", "主动公开", "主 动"),
    "on_request": ("依申请", "依申请公开", "依申\n请公开"),
    "levels": ("公开层级", "公开级别", "公开\n层级"),
    "county": ("县级", "县（市、区）级", "区级"),
    "township": ("乡级", "乡镇（街道）级", "乡（镇）级", "乡、村级"),
    "remark": ("备注",),
}
TICKS = ("√", "✓", "✔", "■", "☑", "●", "是", "V")
BOXES = (("■", "□"), ("☑", "☐"), ("●", "○"), ("\uf0fe", "\uf0a8"), ("√", "□"), ("[√]", "[ ]"), ("■", "口"), ("t", "□"))
NO_TICKS = ("", "", "□", "×", "/", "○")
FOOTERS = ("注：1.公开事项指应公开事项的名称。", "第 2 页 共 3 页", "填报单位：云澜区民政局", "— 3 —")
PARTS = {
    "items": ("item", "subitem"),
    "audiences": ("whole_society", "specific_group"),
    "methods": ("proactive", "on_request"),
    "levels": ("county", "township"),
}


@dataclass
class Made:
    """Tables, and the entries that a person reads in them; ``title`` is the document's."""

    tables: list[Table]
    entries: list[CatalogEntry]
    title: str


@dataclass
class Catalog:
    """One random layout. ``noise`` adds what makes reading uncertain: lost spans, stray spaces, footers, empty rows."""

    seed: int
    noise: bool = False
    headers: bool = False  # a header on every page
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        dice = self.dice = random.Random(self.seed)
        self.columns = self._order()
        self.words = {name: dice.choice(forms) for name, forms in WORDINGS.items()}
        if self.words["basis"] == "依据" or self.words["time_limit"] == "时限":
            self.words["content"] = "公开内容"
        self.tick, self.no_tick = dice.choice(TICKS), dice.choice(NO_TICKS)
        self.channel_style = dice.choice(("boxes", "boxes", "behind", "plain", "columns"))
        self.audience_style = dice.choice(("columns", "columns", "text"))
        self.flat = dice.random() < 0.2
        self.lost = self.noise and dice.random() < 0.5
        self.head_lost = self.lost and dice.random() < 0.3
        self.boxes = dice.choice(BOXES)
        self.blank_columns = dice.randint(0, 1) if self.noise else 0
        self.sections = dice.random() < 0.4
        self.title_row = dice.random() < 0.3
        self.domain = dice.choice(DOMAINS)

    def _order(self) -> list[str]:
        middle = ["content", "basis", "time_limit", "publisher", "channels"]
        if self.dice.random() < 0.3:
            self.dice.shuffle(middle)
        columns = ["serial", "items", *middle, "audiences", "methods"]
        if self.dice.random() < 0.6:
            columns.append("levels")
        if self.dice.random() < 0.2:
            columns.append("remark")
        if self.dice.random() < 0.1:
            columns.remove("serial")
        return columns

    def leaves(self) -> list[tuple[str, str, str]]:
        """(group, leaf, header word) of every column of the grid."""
        found: list[tuple[str, str, str]] = []
        for name in self.columns:
            if name == "channels" and self.channel_style == "columns":
                found += [(name, channel, channel) for channel in CHANNELS[:6]]
            elif name == "audiences" and self.audience_style == "text":
                found.append((name, name, self.words[name]))
            else:
                found += [(name, part, self.words[part]) for part in PARTS.get(name, (name,))]
        return found

    def header(self) -> list[Cell]:
        leaves = self.leaves()
        if self.flat:
            return [Cell(word, 0, column) for column, (_, _, word) in enumerate(leaves)]
        if self.head_lost:
            return self._slid(leaves)
        cells: list[Cell] = []
        column = 0
        while column < len(leaves):
            group = leaves[column][0]
            width = sum(1 for leaf in leaves if leaf[0] == group)
            if width == 1:
                cells.append(Cell(leaves[column][2], 0, column, rows=2))
            else:
                cells.append(Cell(self.words[group], 0, column, columns=width))
                cells += [Cell(leaves[column + n][2], 1, column + n) for n in range(width)]
            column += width
        return sorted(cells, key=lambda cell: (cell.row, cell.column))

    def _slid(self, leaves: Sequence[tuple[str, str, str]]) -> list[Cell]:
        """A header of two rows that lost its merged cells: the words of the upper one slid to the left."""
        groups = list(dict.fromkeys(leaf[0] for leaf in leaves))
        alone = {group for group in groups if sum(1 for leaf in leaves if leaf[0] == group) == 1}
        upper = [self.words[group] for group in groups]
        lower = ["" if group in alone else word for group, _, word in leaves]
        return [Cell(word, 0, n) for n, word in enumerate(upper)] + [Cell(word, 1, n) for n, word in enumerate(lower)]

    def entries(self) -> Iterator[CatalogEntry]:
        """The rows, in groups of one item."""
        dice, serial = self.dice, 0
        for item in dice.sample(ITEMS, dice.randint(2, 5)):
            basis, limit, publisher = dice.choice(BASES), dice.choice(LIMITS), dice.choice(PUBLISHERS)
            for subitem in dice.sample(SUBITEMS, dice.randint(1, 4)):
                serial += 1
                if dice.random() < 0.5:
                    basis, limit, publisher = dice.choice(BASES), dice.choice(LIMITS), dice.choice(PUBLISHERS)
                content = dice.choice(CONTENTS)
                specific = dice.random() < 0.3
                audiences = (Audience.SPECIFIC_GROUP,) if specific else (Audience.WHOLE_SOCIETY,)
                yield CatalogEntry(
                    serial=str(serial) if "serial" in self.columns else "",
                    item=item,
                    subitem=subitem,
                    content=content,
                    basis=basis,
                    time_limit=limit,
                    publisher=publisher,
                    channels=self._channels(),
                    audiences=audiences,
                    audience_text=dice.choice(GROUPS) if specific and dice.random() < 0.7 else "",
                    methods=(Method.ON_REQUEST,) if dice.random() < 0.1 else (Method.PROACTIVE,),
                    levels=tuple(Level)
                    if "levels" not in self.columns or dice.random() < 0.3
                    else (dice.choice(list(Level)),),
                    period=PERIODS.get(content, ""),
                )

    def _channels(self) -> tuple[Channel, ...]:
        dice = self.dice
        if self.channel_style == "columns":
            ticked = set(dice.sample(CHANNELS[:6], dice.randint(1, 3)))
            return tuple(Channel(name, Mark.TICKED if name in ticked else Mark.UNTICKED) for name in CHANNELS[:6])
        if self.channel_style == "plain":
            return tuple(Channel(name, Mark.UNMARKED) for name in dice.sample(CHANNELS, dice.randint(1, 4)))
        names = dice.sample(CHANNELS, dice.randint(1, 13))
        names.sort(key=CHANNELS.index)
        marks = [dice.choice((Mark.TICKED, Mark.UNTICKED)) for _ in names]
        if self.channel_style == "boxes" and len(names) > 2 and dice.random() < 0.2:
            marks[dice.randrange(1, len(names))] = Mark.UNMARKED
        return tuple(Channel(name, mark) for name, mark in zip(names, marks, strict=True))

    def channel_text(self, channels: Sequence[Channel]) -> str:
        dice = self.dice
        box, empty = self.boxes
        signs = {Mark.TICKED: box, Mark.UNTICKED: empty, Mark.UNMARKED: ""}
        if self.channel_style == "plain":
            return dice.choice(("、", "\n", " ", "；")).join(channel.name for channel in channels)
        if self.channel_style == "behind":
            signs = {Mark.TICKED: "√", Mark.UNTICKED: "□", Mark.UNMARKED: ""}
            return " ".join(channel.name + signs[channel.mark] for channel in channels)
        bare = any(channel.mark is Mark.UNMARKED for channel in channels)
        gap = "    " if bare else dice.choice(("    ", " ", ""))
        shown = [signs[channel.mark] + channel.name for channel in channels]
        if self.noise and dice.random() < 0.3:
            shown = [name.replace("（电子屏）", "\n（电子屏）").replace("政府网站", "政府 网站") for name in shown]
        return "\n".join(gap.join(shown[n : n + 2]) for n in range(0, len(shown), 2))

    def values(self, entry: CatalogEntry) -> list[str]:
        """The text of each cell of the row."""
        return [self._value(entry, group, leaf) for group, leaf, _ in self.leaves()]

    def _value(self, entry: CatalogEntry, group: str, leaf: str) -> str:
        if leaf == "channels":
            return self.channel_text(entry.channels)
        if group == "channels":
            return self.tick if Channel(leaf, Mark.TICKED) in entry.channels else self.no_tick
        if leaf == "audiences":
            if Audience.WHOLE_SOCIETY in entry.audiences:
                return "全社会"
            return f"特定群体：{entry.audience_text}" if entry.audience_text else "特定群体"
        if group in ("audiences", "methods", "levels"):
            ticked = leaf in {*entry.audiences, *entry.methods, *entry.levels}
            words = entry.audience_text if leaf == "specific_group" and ticked else ""
            if words and self.tick in "是V":
                return words
            return (self.tick if ticked else self.no_tick) + words
        return "" if leaf == "remark" else str(getattr(entry, leaf))

    def make(self) -> Made:
        """The tables of the catalog: on several pages perhaps, with or without a header on each."""
        dice = self.dice
        entries = list(self.entries())
        if "levels" not in self.columns:
            entries = [replace(entry, levels=()) for entry in entries]
        pages = 1 if dice.random() < 0.5 else 3
        repeat = dice.random() < 0.5 or self.headers
        size = max(2, -(-len(entries) // pages))
        parts = [entries[n : n + size] for n in range(0, len(entries), size)]
        if len(parts) > 1 and len(parts[-1]) == 1:
            last = parts.pop()
            parts[-1] += last
        title_domain = "" if self.sections else self.domain
        tables: list[Table] = []
        truth: list[CatalogEntry] = []
        domain, width = title_domain, len(self.leaves()) + self.blank_columns
        for number, part in enumerate(parts, start=1):
            cells: list[Cell] = []
            row = 0
            if number == 1 or repeat:
                if number == 1 and self.title_row:
                    cells.append(Cell(f"（一）{self.domain}领域基层政务公开标准目录", 0, 0, columns=width))
                    domain, row = self.domain, 1
                cells += [replace(cell, row=cell.row + row) for cell in self.header()]
                row += 1 if self.flat else 2
            if self.sections and number == 1:
                domain = dice.choice(DOMAINS)
                named = dice.choice((f"一、{domain}领域", f"（二）{domain}", domain))
                cells.append(Cell(named, row, 0, columns=1 if self.lost else width))
                row += 1
            if self.noise and number > 1 and dice.random() < 0.3:
                cells.append(Cell(*self._torn(tables, truth), row=row, column=self._place("content")))
                row += 1
            body, rows = self._body(part, row)
            if self.noise and number > 1 and part[0].item == parts[number - 2][-1].item:
                top = (row, self._place("item"))
                body = [replace(cell, text="") if (cell.row, cell.column) == top else cell for cell in body]
            cells += body
            truth += [
                replace(entry, table=number, row=at + 1, domain=domain) for entry, at in zip(part, rows, strict=True)
            ]
            if self.noise and dice.random() < 0.4:
                end = max(cell.row + cell.rows for cell in cells)
                cells.append(Cell(dice.choice(FOOTERS), end, 0, columns=width))
            tables.append(Table(tuple(cells)))
        title = f"云澜区{self.domain}领域基层政务公开标准目录" if title_domain else "云澜区基层政务公开事项标准目录"
        return Made(tables, truth, title)

    def _place(self, name: str) -> int:
        return [leaf for _, leaf, _ in self.leaves()].index(name)

    def _torn(self, tables: list[Table], truth: list[CatalogEntry]) -> tuple[str]:
        """Tear the last content of the last page in two, as a page does: its second half goes to the next page."""
        last, place = truth[-1], self._place("content")
        half = len(last.content) // 2
        cells = tables[-1].cells
        torn = [
            replace(cell, text=last.content[:half]) if (cell.row, cell.column) == (last.row - 1, place) else cell
            for cell in cells
        ]
        tables[-1] = Table(tuple(torn))
        return (last.content[half:],)

    def _body(self, part: Sequence[CatalogEntry], first: int) -> tuple[list[Cell], list[int]]:
        """The cells of these rows; the same value in rows of one item below each other is one cell, or, where the
        spans were lost, one value above empty cells."""
        cells: list[Cell] = []
        rows: list[int] = []
        dice, row = self.dice, first
        for _ in part:
            if self.noise and dice.random() < 0.1:
                cells += [Cell("", row, column) for column in range(len(self.leaves()))]
                row += 1
            rows.append(row)
            row += 1
        values = [self.values(entry) for entry in part]
        whole = all(b == a + 1 for a, b in pairwise(rows))
        for column, (_, leaf, _) in enumerate(self.leaves()):
            place = 0
            while place < len(part):
                height = 1
                shared = leaf == "item" or (leaf not in ("serial", "subitem", "content", "channels") and whole)
                if self.lost and leaf not in ("item", "basis", "time_limit", "publisher"):
                    shared = False  # which mark of a group lost its span cannot be told
                while (
                    shared
                    and place + height < len(part)
                    and part[place + height].item == part[place].item
                    and values[place + height][column] == values[place][column]
                    and (whole or self.lost)
                ):
                    height += 1
                text = self._stray(values[place][column], leaf)
                above = values[place - 1][column] if place else ""
                if self.noise and leaf in ("basis", "publisher") and text == above and self.dice.random() < 0.3:
                    text = self.dice.choice(("同上", "同 上"))
                span = 1 if self.lost else height
                cells.append(Cell(text, rows[place], column, rows=span))
                if self.lost:
                    cells += [Cell("", rows[place + n], column) for n in range(1, height)]
                place += height
        return sorted(cells, key=lambda cell: (cell.row, cell.column)), rows

    def _stray(self, text: str, leaf: str) -> str:
        if not self.noise or self.dice.random() < 0.7 or not text:
            return text
        if leaf in ("whole_society", "proactive", "county", "serial"):
            return f" {text}\n"
        return f"  {text} "
