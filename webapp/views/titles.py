"""Where may a title be broken into lines? (GB/T 9704-2012, 7.3.1: 回行时，要做到词意完整.)"""

from __future__ import annotations

import re

from analyzers.tokenizer import segmenter

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


def unbroken_parts(title: str) -> list[str]:
    """The title cut where a line may end, never inside a word of the segmenter; joined, it is the title again."""
    joined: set[int] = set()  # places between two characters of one word
    for run in _HAN_RUN.finditer(title):
        start = run.start()
        for word in segmenter().cut(run[0]):
            # Search mode gives a long word beside the words inside it, so a word is looked up, not counted up to.
            for match in re.finditer(re.escape(word), run[0]):
                joined.update(range(start + match.start() + 1, start + match.end()))
    cuts = [
        place
        for place in range(1, len(title))
        if place not in joined and _HAN_RUN.match(title[place]) and _HAN_RUN.match(title[place - 1])
    ]
    return [title[start:end] for start, end in zip([0, *cuts], [*cuts, len(title)], strict=True)]
