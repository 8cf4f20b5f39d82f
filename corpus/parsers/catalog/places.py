"""What do the lines around the rows of a catalog tell: a domain (领域), a note, a period?"""

from __future__ import annotations

import re
from functools import cache

from analyzers.lexicon import domains
from corpus.parsers.catalog.marks import squeeze

_NUMBERING = re.compile(
    r"^(?:附件\s*\d*[:：.、]?|附表\s*\d*[:：.、]?|第[一二三四五六七八九十\d]+[部章节][分]?|"
    r"[(（]?[一二三四五六七八九十百]{1,4}[)）、.．]|[(（]?\d{1,3}(?:[)）、.．]|(?=[\u4e00-\u9fff])))\s*"
)
_IN_DOMAIN = re.compile(r"(?P<name>[\u4e00-\u9fff、“”]{2,30}?)领域")
# A place or a body in front of a domain's name: 云澜区, 九龙街道办事处, 保安镇人民政府
_OWNER = re.compile(r".*(?:人民政府|政府|办事处|街道办|自治[县区州]|[省市区县旗镇乡局委])(?=[\u4e00-\u9fff]{2})")
_MORE_DOMAINS = ("农村危房改造", "涉农补贴")  # of the 26 of 国办发〔2019〕54号, the two that the plan leaves out
_NOTE = re.compile(
    r"[*※]?(?:注|备注|注释|附注|说明|填表说明|填报说明|编制说明|要素说明|标准目录要素说明|填报(?:单位|人|日期)|填表(?:人|单位|日期)|"
    r"审核人?|联系(?:人|电话|方式)|合计|总计|共计|小计|第\d+页|共\d+页)(?:$|[\d:：.、，（(一]|共|第|\s)"
)
_PAGE = re.compile(r"[-—–\s第]*\d{1,4}[-—–\s页]*(?:[/共]\s*\d{1,4}\s*页?)?")
_PERIOD = re.compile(r"(?<![\d〔\[(（第])((?:19|20)\d\d)年(?:度)?(?:(1[0-2]|0?[1-9])月)?(?!版)")
_TITLES = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")


def is_note(text: str) -> bool:
    """Whether a line of its own is a remark, a total or a page number, and no section of the catalog."""
    plain = squeeze(text)
    return bool(_NOTE.match(plain) or _PAGE.fullmatch(plain))


def read_domain(text: str, *, alone: bool = False) -> str:
    """The one domain that a title (社会救助领域…标准目录) or a section row (一、重大建设项目领域) names, as printed.

    A name that we know (the plan's, and those of 国办发〔2019〕54号) is found wherever it stands; another one only in
    front of 领域, without its numbering and the place before it. ``alone`` says that the text is a section row or the
    name of a sheet, which may be a name and nothing else. Empty if it names none, or several.
    """
    plain = _NUMBERING.sub("", "".join(text.split()))
    if alone and plain in _names(short=True):
        return plain
    known = list(dict.fromkeys(_known().findall(plain)))
    if "领域" not in plain and not re.search(r"(?:标准)?目录", plain):
        return known[0] if alone and known == [plain] else ""
    if known:
        return known[0] if len(known) == 1 else ""
    match = _IN_DOMAIN.search(plain)
    if match is None:
        return ""
    name = _NUMBERING.sub("", _OWNER.sub("", match["name"]))
    if re.search(r"[个各]$|试点$|重点$|相关$|其他$|\d", name) or any(sign in name for sign in "、和"):
        return ""
    return name


def read_numbering(text: str) -> str:
    """The text without the numbering in front of it (（一）, 2.)."""
    return _NUMBERING.sub("", text.strip())


def read_period(*texts: str) -> str:
    """The year (2020) or month (2020-07) that the first telling text names; empty if it names none, or several.

    What stands in the title of a cited document, in a document number or before 版 is no period.
    """
    for text in texts:
        found = {
            f"{match[1]}-{int(match[2]):02}" if match[2] else match[1]
            for match in _PERIOD.finditer(_TITLES.sub(" ", "".join(text.split())))
        }
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


@cache
def _names(*, short: bool = False) -> frozenset[str]:
    names = {name for domain in domains() for name in (domain.name, domain.guidance_name)}
    return frozenset(names | set(_MORE_DOMAINS) | ({n for d in domains() for n in d.short_names} if short else set()))


@cache
def _known() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_names(), key=len, reverse=True))))
