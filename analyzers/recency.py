"""Does a question want what is newest (最新, 刚出台的), without saying which days?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from analyzers.calendar_spans import Period, months_before
from analyzers.lookup import Typed

# 最近 before a count is a period (最近三年), 最近的 before a place the nearest one (最近的派出所); plans say 近期
# themselves (近期建设规划).
_WORDS = re.compile(
    r"最新(?:一期|一版|版本|版)?的?|新近的?|(?:刚刚?|最近|新)(?:出台|发布|公布|印发)了?的?"
    r"|最近(?! ?[\d〇零一二三四五六七八九十两半几的])"
)

_RECENT_MONTHS = 12


def find_newest(typed: Typed, today: date) -> Iterator[tuple[Period, int, int]]:
    """The last twelve months, and the words that ask for what is newest."""
    for match in _WORDS.finditer(typed.normal):
        if typed.is_word(match.start(), match.end()):
            yield Period(months_before(today, _RECENT_MONTHS), None), match.start(), match.end()
