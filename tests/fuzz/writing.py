"""Which texts and pages does nobody write, and how are good ones spoilt? Tag soup, odd characters, any encoding."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import strategies as st

from corpus.parsers import Source
from tests.fuzz.cases import MAX_BYTES, Case, Draw, Seed, change_bytes
from tests.fuzz.pieces import ATTRIBUTES, PAGE_PIECES, TAGS, WORDS

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")
_TIMES = (1, 1, 1, 2, 40, 1200)
_WORD = st.one_of(st.sampled_from(WORDS), st.text(st.characters(), max_size=12))


@st.composite
def soup(draw: Draw, most: int = 12) -> str:
    """Markup as it comes: elements that never end, end twice or hold themselves a thousand times."""
    pieces: list[str] = []
    for _ in range(draw(st.integers(1, most))):
        tag = draw(st.sampled_from(TAGS))
        opened = f"<{' '.join([tag, *draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=2))])}>"
        word = draw(_WORD)
        times = draw(st.sampled_from(_TIMES))
        kind = draw(st.sampled_from(("closed", "closed", "open", "close", "nested", "piece", "word", "row")))
        pieces.append(
            {
                "closed": f"{opened}{word}</{tag}>" * times,
                "open": f"{opened}{word}" * times,
                "close": f"</{tag}>" * times,
                "nested": opened * times + word + f"</{tag}>" * times,
                "piece": draw(st.sampled_from(PAGE_PIECES)) * times,
                "word": word * times,
                "row": f"<tr>{f'<td>{word}</td>{opened}' * 3}</tr>" * times,
            }[kind]
        )
    return "".join(pieces)


@st.composite
def lines(draw: Draw, parted_by: str = "") -> str:
    """Words that mean something beside each other and beside what means nothing; ``parted_by`` tabs or commas, too."""
    pieces = draw(st.lists(_WORD, max_size=30))
    gap = draw(st.sampled_from(("", "\n", parted_by, f"{parted_by}\n")))
    return (gap.join(pieces) * draw(st.sampled_from(_TIMES)))[:MAX_BYTES]


def encoded(draw: Draw, text: str) -> tuple[bytes, str]:
    """In one of the encodings, with surrogates where it has them."""
    encoding = draw(st.sampled_from(ENCODINGS))
    try:
        return text.encode(encoding, "surrogatepass"), encoding
    except UnicodeError:
        return text.encode(encoding, "replace"), f"{encoding}, lossy"


@st.composite
def pages(draw: Draw, seeds: Sequence[Seed]) -> Case:
    """A page of soup, or soup in a good page, in some encoding that the header may tell, and perhaps wrongly."""
    put = draw(soup())
    if draw(st.booleans()):
        data, how = encoded(draw, f"<html>{put}")
        steps = [f"soup in {how}: {put[:200]!r}"]
        name = "soup.html"
    else:
        seed = draw(st.sampled_from(seeds))
        data, name, steps = seed.data, seed.name, [seed.name]
        places = [match.start() for match in re.finditer(rb"[<>]", data)] or [0]
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.sampled_from(places))
            data = data[:at] + put.encode("utf-8", "surrogatepass") + data[at:]
            steps.append(f"{put[:200]!r} put in at {at}")
    header = draw(
        st.sampled_from(("", "text/html", "text/html; charset=gbk", "text/html; charset=x", "charset=utf-16"))
    )
    url = draw(st.sampled_from(("", "http://www.qinghe.gov.cn/a/b/1.html")))
    source = Source(data=data[:MAX_BYTES], name=name, url=url, content_type=header)
    return Case(source, (*steps, f"header {header!r}"))


@st.composite
def texts(draw: Draw, seeds: Sequence[Seed], parted_by: str = "") -> Case:
    """Lines in some encoding, alone or in a good file, then perhaps a change of its bytes."""
    put = draw(lines(parted_by))
    data, how = encoded(draw, put)
    steps = [f"{put[:200]!r} in {how}"]
    seed = draw(st.sampled_from(seeds))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(seed.data)))
        data = seed.data[:at] + data + seed.data[at:]
        steps.append(f"put into {seed.name} at {at}")
    if draw(st.booleans()):
        data, step = change_bytes(draw, data, seeds)
        steps.append(step)
    header = draw(st.sampled_from(("", "text/plain", "text/csv; charset=gbk", "text/plain; charset=utf-16")))
    source = Source(data=data[:MAX_BYTES], name=seed.name, content_type=header)
    return Case(source, (*steps, f"header {header!r}"))
