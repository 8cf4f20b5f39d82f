"""Where in a guide (办事指南) stands the part that is asked for: its materials, its place, its telephone?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from analyzers.intents import Intent
from analyzers.lexicon import LexiconError
from analyzers.lexicon_rows import rows
from analyzers.sections import read_sections

# 七、办理地点和时间 is a heading, a line of more characters is a sentence.
_LONGEST_LABEL = 12
# 申请材料：身份证 or 办理地点：…, one line each, as guides are written that are no running text.
_LABELLED = re.compile(
    rf"^[^\S\n]*(?P<label>[^\s：:，。；]{{2,{_LONGEST_LABEL}}})[：:](?P<value>[^\n]*\S)", re.MULTILINE
)


def guide_field(text: str, intent: Intent) -> tuple[int, int] | None:
    """Where the part stands, its heading or label included (start, end); None for none.

    A heading goes before a label; the first of several counts, but one that the intent's best word names goes first.
    """
    headed = [
        (section.heading, section.start, section.end)
        for section in read_sections(text)
        if 0 < len(section.heading) <= _LONGEST_LABEL
    ]
    labelled = [(match["label"], match.start("label"), match.end()) for match in _LABELLED.finditer(text)]
    for word in _heading_words()[intent]:
        for heading, start, end in (*headed, *labelled):
            if word in heading:
                return start, end
    return None


@cache
def _heading_words() -> Mapping[Intent, tuple[str, ...]]:
    """By intent, the words of its headings, the surest first."""
    file = "guide_fields.tsv"
    found: dict[Intent, tuple[str, ...]] = {}
    for line, (name, words) in rows(file, 2):
        if name not in set(Intent) or name in found:
            raise LexiconError(file, line, f"the intent is {name!r}; one row for each of {', '.join(Intent)}")
        found[Intent(name)] = tuple(words.split())
    if missing := set(Intent) - found.keys():
        raise LexiconError(file, 0, f"no row for {', '.join(sorted(missing))}")
    return found
