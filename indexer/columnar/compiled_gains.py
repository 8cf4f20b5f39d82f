"""The arithmetic of ranking as machine code: numba compiles it, once for a machine. `arithmetic` says what each does.

As in `compiled`, nothing holds Python's lock, and what is borrowed (``places``, ``sums``, ``others``: zeros, an entry a
document) is left as zeros.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,type-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from indexer.columnar.compiled import frequency, place_in
from indexer.columnar.layout import COUNT, FIELD, GROUP, IDS, LENGTHS, SAID

_kernel = njit(cache=True, nogil=True, error_model="numpy")


@_kernel
def hear(files, lists, fields, loud, ways, places):
    ids, octets, _, quads, lengths = files
    most = lists[:, COUNT].sum()
    documents, heard = np.empty(most, np.int64), np.empty(most, np.float64)
    starts = np.zeros(ways + 1, np.int64)
    count, row = 0, 0
    for way in range(ways):
        while row < len(lists) and lists[row, GROUP] == way:
            column, begin, said = lists[row, FIELD], lists[row, IDS], lists[row, SAID]
            field, table = fields[column], loud[column]
            codes = lengths[field[LENGTHS] :]
            beyond = row + 1  # of the words that must stand there too
            while beyond < len(lists) and lists[beyond, GROUP] == way and lists[beyond, FIELD] == column:
                beyond += 1
            for number in range(lists[row, COUNT]):
                document = np.int64(ids[begin + number])
                often = frequency(octets, quads, field, -1 if said < 0 else said + number)
                for other in range(row + 1, beyond):
                    first, end = lists[other, IDS], lists[other, IDS] + lists[other, COUNT]
                    at = place_in(ids, first, end, document)
                    if at == end or ids[at] != document:
                        often = 0
                        break
                    there = lists[other, SAID]
                    often = min(often, frequency(octets, quads, field, -1 if there < 0 else there + at - first))
                if often == 0:
                    continue
                place = places[document] - 1
                if place < 0:
                    place = count
                    count += 1
                    documents[place], heard[place] = document, 0.0
                    places[document] = count
                heard[place] += often * table[codes[document]]
            row = beyond
        for place in range(starts[way], count):
            places[documents[place]] = 0
        starts[way + 1] = count
    return documents[:count], heard[:count], starts


@_kernel
def add(gained, said, ways, factors, k1):
    documents, heard, starts = said
    for number in range(len(ways)):
        for place in range(starts[ways[number]], starts[ways[number] + 1]):
            loud = heard[place]
            gained[documents[place]] += factors[number] * (loud * ((k1 + 1) / (k1 + loud)))


@_kernel
def surpass(gained, said, ways, shares, factor, own, own_factors, k1, sums, others):
    documents, heard, starts = said
    add(others, said, own, own_factors, k1)
    most = 0
    for way in ways:
        most += starts[way + 1] - starts[way]
    touched, count = np.empty(most, np.int64), 0
    for number in range(len(ways)):
        for place in range(starts[ways[number]], starts[ways[number] + 1]):
            document = documents[place]
            if sums[document] == 0:
                touched[count] = document
                count += 1
            sums[document] += shares[number] * heard[place]
    for document in touched[:count]:
        loud = sums[document]
        gained[document] += max(factor * (loud * ((k1 + 1) / (k1 + loud))) - others[document], 0.0)
        sums[document] = 0.0
    for way in own:
        for place in range(starts[way], starts[way + 1]):
            others[documents[place]] = 0.0


@_kernel
def best_of(gained, allowed, rows, factors, share, words, pairs, k1, sums, others):
    most = 0
    for row in range(len(rows)):
        starts = pairs[2] if rows[row, 1] else words[2]
        most += starts[rows[row, 2] + 1] - starts[rows[row, 2]]
    touched, count, first = np.empty(most, np.int64), 0, 0
    for row in range(len(rows)):
        documents, heard, starts = pairs if rows[row, 1] else words
        way = rows[row, 2]
        for place in range(starts[way], starts[way + 1]):
            document, loud = documents[place], heard[place]
            if sums[document] == 0:
                touched[count] = document
                count += 1
            sums[document] += factors[row] * (loud * ((k1 + 1) / (k1 + loud)))
        if row + 1 == len(rows) or rows[row + 1, 0] != rows[row, 0]:
            for place in range(first, count):
                document = touched[place]
                others[document] = max(others[document], sums[document])
                sums[document] = 0.0
            first = count
    for document in touched[:count]:
        if allowed[document]:
            gained[document] += share * others[document]
        others[document] = 0.0


@_kernel
def surround(gained, before, after, targets, starts, citing, standing, beside_share, citing_share):
    size = len(gained)
    beside, cited, known = np.zeros(size), np.zeros(size), np.zeros(size)
    for number in range(len(targets)):
        document = targets[number]
        if gained[document] > 0:
            best = 0.0
            for place in range(starts[number], starts[number + 1]):
                best = max(best, gained[citing[place]])
            cited[document] = citing_share * best
    for document in range(size):
        if gained[document] > 0:
            best = 0.0
            if before[document] < size:
                best = gained[before[document]]
            if after[document] < size:
                best = max(best, gained[after[document]])
            beside[document] = beside_share * best
            known[document] = standing[document] * (gained[document] + beside[document] + cited[document])
    return beside, cited, known


@_kernel
def select(scores, alive):
    ids, found, count = np.empty(len(scores), np.int64), np.empty(len(scores), np.float64), 0
    for document in range(len(scores)):
        ids[count], found[count] = document, scores[document]  # stays if it counts: without a branch to be guessed
        count += scores[document] > 0 and (len(alive) == 0 or alive[document])
    return ids[:count], found[:count]


@_kernel
def tally(codes, ids, size):
    counts = np.zeros(size, np.int64)
    for document in ids:
        counts[codes[document]] += 1
    return counts
