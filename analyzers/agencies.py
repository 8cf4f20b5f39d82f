"""Which body does this name mean? Short forms (人社部, 区发改委) to full names, and a string of issuers to names."""

import re
from functools import cache

from analyzers.lexicon import agencies

# A place, or only its rank (区, 市), before a kind of body: 云溪区, 清江市云溪区, 省, 梅林镇, 经济开发区, 北京.
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|"
    "青海|宁夏|新疆|深圳"
)
_PLACE = re.compile(rf"(?:[\u4e00-\u9fff]{{0,30}}(?:省|市|区|县|旗|州|盟|镇|乡|街道|苏木|新区|兵团)|{_PROVINCES})")
_BRANCH = re.compile(r"(?P<head>.+?局)(?P<branch>[\u4e00-\u9fff]{1,12}分局)")

_PIECE = re.compile(r"(?:[（(][^（()）]*[)）]|[^\s、，,；;/／|])+")
_AND_OTHERS = re.compile(r"等[0-9０-９一二三四五六七八九十]*个?(?:部门|单位|部委|机关)?")


def canonical_agency(name: str) -> str:
    """Give the full name: ``人社部`` → ``人力资源和社会保障部``, ``云溪区发改委`` → ``云溪区发展和改革委员会``.

    A place before a short form is kept, and so is a branch behind it (``市自规局云溪分局``). Spaces within a short name
    are layout (``财 政 部``). A former body keeps its own name; `Agency.successors` in the lexicon says who came after.
    A name that is not known, or whose short form is uncertain (文旅局), comes back trimmed and otherwise unchanged.
    """
    trimmed = " ".join(name.split())
    closed = trimmed.replace(" ", "")
    if full := _full_names().get(closed):
        return full
    if expanded := _expand_local(closed):
        return expanded
    if (match := _BRANCH.fullmatch(closed)) and (head := _expand_local(match["head"])):
        return head + match["branch"]
    return trimmed


def split_issuers(text: str) -> tuple[str, ...]:
    """Split a string of issuers (发文机关) into their names, as written, each once, in order.

    Names are separated by spaces, line breaks, 、，；or /, but never within brackets, and never at 和 or 与, which
    stand within names (发展和改革委员会). Letters spaced for layout (``财 政 部``) are one name; a place alone
    (``云溪区 人民政府``) belongs to what follows; ``等八部门`` is left out.
    """
    names: list[str] = []
    run = ""  # letters or a place that wait for the rest of their name
    for piece in _PIECE.findall(text):
        if piece[0] in "（(" and names and not run:
            names[-1] += piece
        elif len(piece) == 1 or (_PLACE.fullmatch(piece) and not run):
            run += piece
            if run in _full_names():
                names.append(run)
                run = ""
        else:
            names.append(run + piece)
            run = ""
    if run:
        names.append(run)
    return tuple(dict.fromkeys(filter(None, map(_without_others, names))))


def _without_others(name: str) -> str:
    head, found, _ = name.rpartition("等")
    return head if found and _AND_OTHERS.fullmatch(name, len(head)) else name


def _expand_local(name: str) -> str | None:
    """The full name where a place stands before the short or full form of a kind of body; the longest form decides."""
    for length in range(len(name) - 1, 1, -1):
        full = _kinds().get(name[-length:])
        # a street office is named by its street alone (青云街道办), everything else by a place with its rank
        if full is not None and (_PLACE.fullmatch(name[:-length]) or full == "街道办事处"):
            return name[:-length] + full
    return None


@cache
def _full_names() -> dict[str, str]:
    return {form: agency.name for agency in agencies() for form in (agency.name, *agency.short_forms)}


@cache
def _kinds() -> dict[str, str]:
    kinds = (agency for agency in agencies() if agency.level == "kind")
    return {form: agency.name for agency in kinds for form in (agency.name, *agency.short_forms)}
