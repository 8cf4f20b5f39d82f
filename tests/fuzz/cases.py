"""What is one fuzzed file, and which small changes of bytes make it out of a good one?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from corpus.parsers import Source

Draw = st.DrawFn
Change = Callable[[Draw, bytes], tuple[bytes, str]]
"""Draws a change of a file, or of a part of it: the changed bytes, and in words what was changed."""

MAX_BYTES = 200_000
"""A changed file is cut off here: what is slow for its size shows in small files too."""

# Lengths, counts and places where arithmetic goes wrong, in both byte orders.
_WHOLE = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, (1 << 63) - 1)
_FIELDS = tuple(
    dict.fromkeys(
        (number & ((1 << 8 * size) - 1)).to_bytes(size, order)
        for size in (1, 2, 4, 8)
        for number in _WHOLE
        for order in ("little", "big")
    )
)


@dataclass(frozen=True, slots=True)
class Seed:
    """A good file."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A file to read, and the steps that made it, which alone are printed: not its bytes."""

    source: Source
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(self.steps)

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG002 (Hypothesis calls it)
        printer.text(str(self))


@st.composite
def changed(draw: Draw, seeds: Sequence[Seed], change: Change | None = None, most: int = 4) -> Case:
    """One of the ``seeds`` after up to ``most`` steps; each is a ``change``, or, as often, one of bytes alone."""
    seed = draw(st.sampled_from(seeds))
    data, steps = seed.data, [seed.name]
    only_bytes = change is None or draw(st.booleans())
    for _ in range(draw(st.integers(0, most))):
        data, step = change_bytes(draw, data, seeds) if only_bytes or change is None else change(draw, data)
        data = data[:MAX_BYTES]
        steps.append(step)
    return Case(Source(data=data, name=seed.name), tuple(steps))


def change_bytes(draw: Draw, data: bytes, others: Sequence[Seed] = ()) -> tuple[bytes, str]:
    """Flips, puts in, takes out, repeats or cuts off some bytes, or goes on as another file does."""
    if not data:
        return draw(st.binary(max_size=8)), "some bytes"
    at = draw(st.integers(0, len(data) - 1))
    size = draw(st.one_of(st.integers(1, 16), st.integers(1, max(1, len(data) // 2))))
    kind = draw(st.sampled_from(("cut", "drop", "flip", "number", "put", "repeat", "move", "splice")))
    if kind == "cut":
        return data[:at], f"cut off at {at}"
    if kind == "drop":
        return data[:at] + data[at + size :], f"{size} bytes taken out at {at}"
    if kind == "flip":
        bit = draw(st.integers(0, 7))
        return data[:at] + bytes((data[at] ^ 1 << bit,)) + data[at + 1 :], f"bit {bit} flipped at {at}"
    if kind == "number":
        number = draw(st.sampled_from(_FIELDS))
        return data[:at] + number + data[at + len(number) :], f"{number.hex()} at {at}"
    if kind == "put":
        put = draw(st.binary(min_size=1, max_size=16))
        return data[:at] + put + data[at:], f"{put!r} put in at {at}"
    if kind == "repeat":
        times = draw(st.sampled_from((2, 3, 50, 2000)))
        piece = data[at : at + size] * times
        return data[:at] + piece[:MAX_BYTES] + data[at + size :], f"{size} bytes at {at} {times} times"
    if kind == "move":
        to = draw(st.integers(0, len(data) - 1))
        piece, rest = data[at : at + size], data[:at] + data[at + size :]
        return rest[:to] + piece + rest[to:], f"{size} bytes moved from {at} to {to}"
    other = draw(st.sampled_from(others)) if others else None
    tail = other.data if other else data
    start = draw(st.integers(0, max(0, len(tail) - 1)))
    return data[:at] + tail[start:], f"from {at} on as {other.name if other else 'itself'} from {start} on"
