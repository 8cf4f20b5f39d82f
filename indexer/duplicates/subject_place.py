"""Of which place is a text? Two that differ in it are about other cases, however much one took over from the other.

Cities copy each other's regulations nearly word for word (台州 and 衢州 theirs on legislation: a Jaccard of .84).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from analyzers.lexicon.questions import places
from analyzers.normalize import normalize

# What follows the name of a place that governs: 云澜区人民政府, 临江县行政区域内.
_GOVERNED = "人民政府|人民代表大会|政府|管理委员会|管委会|行政区域|辖区|境内|范围内"
# A name that is on no list is told by its rank; a character of these says that it is no name (本市, 各县, 设区的市).
_UNLISTED = re.compile(rf"[^\W\d_a-z本各级设县市区乡镇的在全该所辖省自]{{2}}[市县区旗镇](?={_GOVERNED})")

# A place that is named less often may stand in the text for any reason.
_LEAST = 2


def place_of(text: str) -> str:
    """The place that a text names most, by its full name without a rank; empty where none is, or two as often."""
    normal = normalize(text)
    listed, names = _listed()
    counts = Counter(names[match[0]] for match in listed.finditer(normal))
    counts.update(match[0][:-1] for match in _UNLISTED.finditer(normal) if match[0] not in names)
    (first, count), (_, second) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return first if count >= _LEAST and count > second else ""


@cache
def _listed() -> tuple[re.Pattern[str], dict[str, str]]:
    """Finds the listed provinces and cities; and every name of one → its first short form."""
    names: dict[str, str] = {}
    for place in places():
        stem = place.short_forms[0] if place.short_forms else place.name
        for form in (place.name, *place.short_forms):
            names.setdefault(normalize(form), normalize(stem))
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(pattern), names
