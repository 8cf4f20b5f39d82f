"""The kernels as machine code: numba compiles them, each once for a machine. `word_groups` says what they do.

None of them holds Python's lock, so threads really run side by side. They are written as the processor works, posting
by posting, and make no arrays on the way.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,type-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from indexer.columnar.layout import (
    COUNT,
    FIELD,
    FREQUENCIES,
    FREQUENCY,
    FREQUENCY_PLACES,
    FREQUENCY_VALUES,
    GROUP,
    IDS,
    LENGTHS,
    POSITION,
    POSITION_PLACES,
    POSITION_VALUES,
    POSITIONS,
    SAID,
    STEPS,
)

# What stands for a large number (see `saturated`).
_LARGE_FREQUENCY = 0xFF
_LARGE_STEP = 0xFFFF

# Stepping through so many postings takes about as long as looking one document up among them.
_LOOK_UP = 16

# From so many documents on, putting them in order takes longer than looking at each document of a segment.
_MANY = 512

_part = njit(nogil=True, error_model="numpy")
_kernel = njit(cache=True, nogil=True, error_model="numpy")


@_part
def place_in(numbers, begin, end, wanted):
    """The place of the first number that is not below this one."""
    while begin < end:
        middle = (begin + end) // 2
        if numbers[middle] < wanted:
            begin = middle + 1
        else:
            end = middle
    return begin


@_part
def frequency(octets, quads, field, at):
    """How often a word stands in a document, by its place in ``octets``."""
    if at < 0:
        return 1
    found = np.int64(octets[at])
    if found < _LARGE_FREQUENCY:
        return found
    begin = field[FREQUENCY_PLACES]
    place = place_in(quads, begin, begin + field[FREQUENCIES], at - field[FREQUENCY]) - begin
    return np.int64(quads[field[FREQUENCY_VALUES] + place])


@_part
def _step(pairs, quads, field, at):
    """The step to a position, by its place in ``pairs``."""
    found = np.int64(pairs[at])
    if found < _LARGE_STEP:
        return found
    begin = field[POSITION_PLACES]
    place = place_in(quads, begin, begin + field[POSITIONS], at - field[POSITION]) - begin
    return np.int64(quads[field[POSITION_VALUES] + place])


@_part
def _replace_least(heap, score):
    place, size = 0, len(heap)
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= score:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = score


@_kernel
def find(files, lists, factors, fields, norms, k, mask, best, tie, every, sums, met, touched):
    ids, octets, _, quads, lengths = files
    groups = lists[-1, GROUP] + 1
    count = 0
    for place in range(len(lists)):
        field, norm, factor = fields[lists[place, FIELD]], norms[lists[place, FIELD]], factors[place]
        begin, size, said, group = lists[place, IDS], lists[place, COUNT], lists[place, SAID], lists[place, GROUP]
        documents, codes = ids[begin : begin + size], lengths[field[LENGTHS] :]
        if group and count * _LOOK_UP < size:
            for number in range(count):
                document = touched[number]
                if met[document] < group:
                    continue
                at = place_in(documents, 0, size, document)
                if at < size and documents[at] == document:
                    met[document] = group + 1
                    weight = 1.0 if said < 0 else float(frequency(octets, quads, field, said + at))
                    sums[document] += factor * (weight * k / (weight + norm[codes[document]]))
            continue
        for number in range(size):
            document = documents[number]
            if met[document] < group:
                continue
            if met[document] == 0:
                touched[count] = document
                count += 1
            met[document] = group + 1
            weight = 1.0
            if said >= 0:
                weight = float(octets[said + number])
                if weight == _LARGE_FREQUENCY:
                    weight = float(frequency(octets, quads, field, said + number))
            sums[document] += factor * (weight * k / (weight + norm[codes[document]]))
    if every and len(lists) > 1:
        if count > _MANY:
            count = 0
            for document in range(len(met)):
                touched[count] = (
                    document  # stays if it is one: without a branch, which would be guessed wrong too often
                )
                count += met[document] > 0
        else:
            touched[:count].sort()
    total, kept, least = 0, 0, best[0] - tie
    near, scores = np.empty(count, np.int64), np.empty(count, np.float64)
    for number in range(count):
        document = touched[number]
        score, groups_met = sums[document], met[document]
        sums[document], met[document] = 0.0, 0
        if groups_met < groups or (len(mask) > 0 and not mask[document]):
            continue
        touched[total] = document
        total += 1
        if score >= least:
            near[kept], scores[kept] = document, score
            kept += 1
            if score > best[0]:
                _replace_least(best, score)
                least = best[0] - tie
    chosen = 0
    for number in range(kept):
        if scores[number] >= least:
            near[chosen], scores[chosen] = near[number], scores[number]
            chosen += 1
    return total, touched[: total if every else 0].copy(), near[:chosen].copy(), scores[:chosen].copy()


@_kernel
def follow(files, lists, fields, candidates, slop):
    ids, octets, pairs, quads, _ = files
    at, walked = lists[:, IDS].copy(), lists[:, STEPS].copy()
    before, after = np.empty(16, np.int64), np.empty(16, np.int64)
    there = np.zeros(len(candidates), np.bool_)
    for number in range(len(candidates)):
        kept = 0
        for word in range(len(lists)):
            field, said, begin = fields[lists[word, FIELD]], lists[word, SAID], lists[word, IDS]
            while ids[at[word]] != candidates[number]:
                walked[word] += frequency(octets, quads, field, -1 if said < 0 else said + at[word] - begin)
                at[word] += 1
            count = frequency(octets, quads, field, -1 if said < 0 else said + at[word] - begin)
            if count > len(after):
                before = np.append(before, np.empty(count, np.int64))
                after = np.empty(len(before), np.int64)
            position, place, found = 0, 0, 0
            for step in range(count):
                position += _step(pairs, quads, field, walked[word] + step)
                while place < kept and before[place] < position:
                    place += 1
                if word == 0 or (place > 0 and position - before[place - 1] <= slop):
                    after[found] = position
                    found += 1
            before, after = after, before
            kept = found
            if kept == 0:
                break
        there[number] = kept > 0
    return there
