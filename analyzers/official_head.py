"""What stands above the text of an official document: its letterhead, its number, its title and whom it addresses?

版头 and the first elements of 主体 of GB/T 9704-2012 党政机关公文格式 (7.2, 7.3.1, 7.3.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.document_number import find_document_numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """An element as read (``text``, without the white space of its setting) and its lines: ``lines[start:end]``.

    An element that is not there is empty and false.
    """

    text: str = ""
    start: int = 0
    end: int = 0

    def __bool__(self) -> bool:
        return bool(self.text)


ABSENT = Piece()

ORGANISATION = re.compile(
    r"[\u4e00-\u9fff（）()、·\s]{1,38}"
    r"(?:局|委|会|府|厅|部|办|室|院|所|中心|处|队|站|公司|银行|残联|妇联|文联|工商联|科协|协会|大学|学校|医院|署|团|集团|科|股|组|社|台|馆|海关|法院|检察院|支队|大队|总队|街道|镇|乡)"
    r"(?:[（(].{1,10}[）)])?"
)
"""The name of a body that may sign, by its last word; not more than a line long."""

_HEAD_LINES = 30  # 版头 and 标题 stand on the first page, of 22 lines (5.2.2); separators are lines here
_MAX_ORGANISATIONS = 8  # above one 文件
_MAX_TITLE_LINES = 6
_MAX_TITLE_CHARS = 200
_MAX_ADDRESSEE_LINES = 4
_MAX_ADDRESSEE_CHARS = 300

_NAME = r"[\u4e00-\u9fff（）()、·\s]"
_NO_TITLE = r"(?!.*关于)"  # a letterhead names bodies, no subject
_MAX_LINE_CHARS = 400  # nothing above the text is longer
_SEPARATOR = re.compile(r"[\s\-—–_＿─━=＝*★☆﹍﹎﹏…·.]{3,}")
_COPY_NUMBER = re.compile(r"(?:份\s*号\s*[：:]?\s*|No\.?\s*|№\s*)?(\d{6})")  # 7.2.1: six digits
_MARKING = re.compile(
    r"(?:密\s*级\s*[：:]\s*)?(?P<secret>(?:绝\s*密|机\s*密|秘\s*密)(?:\s*★\s*(?:\d{1,2}\s*[年月日]|长期)?)?)?\s*"
    r"(?:紧急程度\s*[：:]\s*)?(?P<urgent>特\s*提|特\s*急|加\s*急|平\s*急|紧\s*急)?"
)
_SIGNATORY = re.compile(r"签\s*发\s*人\s*[：:]\s*(?P<names>[\u4e00-\u9fff·\s、]{2,40})")
_NUMBER_LABEL = re.compile(r"(?:发文字号|文\s*号)\s*[：:]\s*")
_ORDER_NUMBER = re.compile(r"[（(〔\s]*(第\s*[\d一二三四五六七八九十百〇零]{1,6}\s*[号期次])[）)〕\s]*")
_BARE_NUMBER = re.compile(r"[〔［\[（(]\s*(?:19|20)\d\d\s*[〕］\]）)]\s*\d{1,5}\s*[号期]")
_FILE = re.compile(rf"{_NO_TITLE}(?P<name>{_NAME}{{0,60}}?)文\s*件(?=\s|$|[\u4e00-\u9fff]{{1,12}}[〔［\[（(])")
_ORDER = re.compile(rf"{_NO_TITLE}{_NAME}{{1,50}}?(?:府|院|会|局|部|署|厅|主\s*席)\s*令")
_MINUTES = re.compile(rf"{_NO_TITLE}{_NAME}{{1,40}}?纪\s*要")
_LETTER = re.compile(rf"(?:{ORGANISATION.pattern})(?:便?函)?")
_SPACED = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff])+(?![\u4e00-\u9fff])")
_BRACKETS = "（()）【】[] \u3000\t"

# 文种 of 《党政机关公文处理工作条例》, 第八条; those by which a document passes another on; and what is passed on
_PASSING = "通知|意见|决定|公告|通告|函|命令|令|通报|批复|报告|请示"
_GENRES = (
    f"{_PASSING}|决议|公报|议案|纪要"
    "|办法|条例|规定|细则|规则|规程|章程|准则|标准|规范|方案|预案|规划|计划|要点|安排|目录|清单|指南|制度|措施|公示|解读|说明"
)
_NOTE_BEHIND = r"(?:[（(][^（()）]{1,12}[）)])*$"
_ENDS = re.compile(rf"(?:{_GENRES}){_NOTE_BEHIND}")
_PASSES_ON = re.compile(r"关于(?:印发|转发|批转|公布|发布|下发|废止|修改)")
_ENDS_PASSING = re.compile(rf"的(?:{_PASSING}){_NOTE_BEHIND}")
_GOES_ON = re.compile(r"[的》〉）)、，和与及]|[（(](?:试行|暂行|修订|征求意见|草案)")
_TITLE_ABOUT = re.compile(r"关于|^(?:印发|转发|批转)")
_NOT_IN_TITLE = re.compile(
    r"[。；;！!：:，,]$|\t|^[（(#]|(?:通过|施行|实施)$|^(?:第.{1,5}[编章节条](?:\s|$)|[一二三四五六七八九十]{1,3}、|目\s*[录次]$)"
    r"|^[^《]{1,16}[：:]|[日号]$|^附\s*件\s*[\d一二三四五六七八九十]{0,3}\s*[:：]?$"
)
_TEXT_BEGINS = re.compile(r"[:：。]$|^[（(]|^第.{1,3}[编章条](?:\s|$)|^目\s*[录次]$")
_RECIPIENT = re.compile(
    rf"(?:各|你|有关|全体|全[市县区省]|机关各|本).*|{ORGANISATION.pattern}|.*(?:单位|部门|企业|同志|机构|村|社区|先生|女士)"
)
_LEADS_ON = re.compile(r"如下|以下|下列|[。！？?!]|^(?:现|为|根据|按照|经|附件|问|答)")


def close_up(text: str) -> str:
    """Without the spaces that set a name wide (``清 河 区 民 政 局``); other white space becomes one space."""
    return _SPACED.sub(lambda match: "".join(match[0].split()), " ".join(text.split()))


def read_number(line: str) -> tuple[str, str]:
    """The document number that fills a line by itself, and the 签发人 beside it; both empty where other words stand.

    A 公告 or 令 is numbered by all its issuers: 财政部 税务总局公告2020年第6号.
    """
    line = _NUMBER_LABEL.sub("", close_up(line), count=1)
    found = find_document_numbers(line)
    if len(found) != 1:
        return "", ""
    number, before, behind = found[0], line[: found[0].start].strip(_BRACKETS), line[found[0].end :].strip(_BRACKETS)
    if before and not behind and number.number.code.endswith(("公告", "令")) and ORGANISATION.fullmatch(before):
        return line, ""
    signatory = _SIGNATORY.fullmatch(before + behind)
    if before + behind and signatory is None:
        return "", ""
    return number.text.strip(), close_up(signatory["names"]) if signatory else ""


class Head:
    """The elements above the text of these lines (stripped); ``end`` is the line at which the text begins."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = [line[:_MAX_LINE_CHARS] for line in lines[:_HEAD_LINES]]
        self.copy_number = self.classification = self.urgency = ABSENT
        self.letterhead = self.document_number = self.signatory = self.title = self.addressees = ABSENT
        self.end = 0
        self._read_elements(with_letterhead=True)
        self._read_title()
        self._read_elements(with_letterhead=False)
        self._read_addressees()

    def _read_elements(self, *, with_letterhead: bool) -> None:
        at = self.end
        while at < len(self._lines):
            line = self._lines[at]
            if not line or _SEPARATOR.fullmatch(line):
                at += 1
            elif with_letterhead and not self.letterhead and (end := self._read_letterhead(at)):
                at = self.end = end
            elif self._read_marking(at) or self._read_number(line, at):
                at = self.end = at + 1
            else:
                return

    def _read_marking(self, at: int) -> bool:
        line = self._lines[at]
        if copy_number := _COPY_NUMBER.fullmatch(line):
            self.copy_number = Piece(copy_number[1], at, at + 1)
        elif (marking := _MARKING.fullmatch(line)) and (marking["secret"] or marking["urgent"]):
            if marking["secret"]:
                self.classification = Piece("".join(marking["secret"].split()), at, at + 1)
            if marking["urgent"]:
                self.urgency = Piece("".join(marking["urgent"].split()), at, at + 1)
        elif signatory := _SIGNATORY.fullmatch(line):
            self.signatory = Piece(close_up(signatory["names"]), at, at + 1)
        else:
            return False
        return True

    def _read_number(self, text: str, at: int) -> bool:
        number, signatory = read_number(text)
        if not number and self.letterhead.text.endswith("纪要") and _BARE_NUMBER.fullmatch(text):
            number = text
        if not number or self.document_number:
            return False
        self.document_number = Piece(number, at, at + 1)
        if signatory:
            self.signatory = Piece(signatory, at, at + 1)
        return True

    def _read_letterhead(self, at: int) -> int:
        """Read 发文机关标志, with the number beside or below it; give the line behind it, or 0 if none stands here.

        The forms: …文件 (7.2.4), under it any number of bodies; 令 with 第X号 (10.2); 纪要 (10.3); and the name alone
        above the number (信函, 10.1).
        """
        names: list[str] = []
        end = at
        while end < len(self._lines) and len(names) < _MAX_ORGANISATIONS:
            line = self._lines[end]
            if line and (match := _FILE.match(line)) and (names or ORGANISATION.fullmatch(match["name"].strip())):
                if rest := line[match.end() :].strip():
                    if not read_number(rest)[0]:
                        return 0
                    self._read_number(rest, end)
                name = "".join(match["name"].split())
                below = [] if rest else self._names_above_number(end + 1)
                text = "、".join(
                    [*names, *([name] if name else []), *("".join(self._lines[row].split()) for row in below)]
                )
                end = below[-1] if below else end
                self.letterhead = Piece(text + "文件", at, end + 1)
                return end + 1
            if line and ORGANISATION.fullmatch(line) is None:
                break
            if line:
                names.append("".join(line.split()))
            end += 1
        return self._read_named(at)

    def _names_above_number(self, begin: int) -> list[int]:
        """The lines between 文件, which is set at the middle of the names, and the number, if each is a name."""
        rows: list[int] = []
        for at in range(begin, len(self._lines)):
            if self._plain(at) and read_number(self._lines[at])[0]:
                return rows
            if self._lines[at]:
                rows.append(at)
                if ORGANISATION.fullmatch(self._lines[at]) is None:
                    break
        return []

    def _read_named(self, at: int) -> int:
        line = self._lines[at]
        below = next((index for index in range(at + 1, len(self._lines)) if self._plain(index)), at)
        for form, join in ((_ORDER, True), (_MINUTES, False)):
            if match := form.match(line):
                name = "".join(match[0].split())
                place = at if (rest := line[match.end() :].strip()) else below
                shown = rest or (self._lines[below] if below > at else "")
                if number := _ORDER_NUMBER.fullmatch(shown):
                    text = "".join(number[1].split())
                    self.document_number = Piece(name + text if join else text, at if join else place, place + 1)
                elif _BARE_NUMBER.fullmatch(shown) or read_number(shown)[0]:
                    self.document_number = Piece(read_number(shown)[0] or shown, place, place + 1)
                else:
                    return 0
                self.letterhead = Piece(name, at, at + 1)
                return place + 1
        if below > at and _LETTER.fullmatch(line) and read_number(self._lines[below])[0]:
            self.letterhead = Piece("".join(line.split()), at, at + 1)
            return at + 1
        return 0

    def _plain(self, at: int) -> bool:
        """Whether a line holds words that are no separator and no marking."""
        line = self._lines[at]
        return bool(line) and not _SEPARATOR.fullmatch(line) and _MARKING.fullmatch(line) is None

    def _read_title(self) -> None:
        """Join the lines of the title: from 关于 (and the bodies above it) to the word that says what it is."""
        block: list[tuple[int, str]] = []
        at = self.end
        while at < len(self._lines) and len(block) < _MAX_TITLE_LINES and not _NOT_IN_TITLE.search(self._lines[at]):
            if read_number(self._lines[at])[0] or len(self._lines[at]) > _MAX_TITLE_CHARS:
                break
            if self._lines[at] and not _SEPARATOR.fullmatch(self._lines[at]):
                block.append((at, close_up(self._lines[at])))
            at += 1
        first = next((index for index, (_, line) in enumerate(block) if _TITLE_ABOUT.search(line)), None)
        about = first is not None
        begin = first or 0
        while about and begin and ORGANISATION.fullmatch(block[begin - 1][1]) and block[begin][1][:1] != "《":
            begin -= 1
        for end in range((first or 0) + 1, len(block) + 1):
            title = "".join(line for _, line in block[begin:end])
            behind = self._next_line(block[end - 1][0])
            closed = bool(behind and (_TEXT_BEGINS.search(behind) or read_number(behind)[0]))
            if _is_title(title) and not _GOES_ON.match(behind) and (about or closed or end - begin == 1):
                break
            framed = (self.document_number or self.letterhead) and behind.endswith(("：", ":"))
            if framed and end == len(block):
                break
        else:
            return
        self.title = Piece(title, block[begin][0], block[end - 1][0] + 1)
        self.end = self.title.end

    def _next_line(self, at: int) -> str:
        return next((line for line in self._lines[at + 1 :] if line), "")

    def _read_addressees(self) -> None:
        text, start = "", None
        for at in range(self.end, len(self._lines)):
            line = self._lines[at]
            if not line:
                continue
            start = at if start is None else start
            text += line
            if line.endswith(("：", ":")):
                break
            if not line.endswith(("，", "、", "；", ",", ";")) or at - start >= _MAX_ADDRESSEE_LINES:
                return
        if start is None or len(text) > _MAX_ADDRESSEE_CHARS or not text.endswith(("：", ":")):
            return
        names = re.split(r"[，、,；;]", text[:-1])
        if not _LEADS_ON.search(text) and any(_RECIPIENT.fullmatch(name.strip()) for name in names):
            self.addressees = Piece(close_up(text[:-1]), start, at + 1)
            self.end = at + 1


def _is_title(text: str) -> bool:
    """Whether a title ends here: with a 文种, no 《 open, and what it passes on is followed by 的通知."""
    if not _ENDS.search(text) or text.count("《") != text.count("》") or text.count("〈") != text.count("〉"):
        return False
    return not _PASSES_ON.search(text) or _ENDS_PASSING.search(text) is not None
