"""Which published documents are one thing published more than once: the same text, a repost, a version of it?

Of the same title, and then by the verdict of `indexer.duplicates` on their texts: what says different facts in the same
words is not one. Found from the signatures (`indexer.upkeep`) and kept beside them as ``twins.json``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from filelock import FileLock

from corpus.store import DocumentStore
from indexer.columnar.array_file import Array
from indexer.duplicates.checker import Sides, match
from indexer.duplicates.model import Verdict
from indexer.duplicates.signature_file import SignatureFile
from indexer.duplicates.signatures import Signatures, open_signatures
from indexer.duplicates.verdicts import Thresholds
from indexer.errors import IndexDamagedError
from indexer.generations import write_atomically

TWINS = "twins.json"

_SAME = frozenset({Verdict.SAME_FILE, Verdict.SAME_TEXT, Verdict.REPOST, Verdict.NEAR_DUPLICATE, Verdict.NEW_VERSION})

# Texts whose signatures estimate a smaller Jaccard are not compared: by it most versions of laws are found, and of
# articles of one number in two versions of a law most that say something else are not.
_LEAST_JACCARD = 0.35

# A title that more documents have is that of a form (公示); and of those of one title so many are compared with.
_MOST_OF_A_TITLE, _MOST_HEADS = 50, 4

# Documents are prepared once for several comparisons, so many at a time.
_PREPARED = 64

_READ_BATCH = 1_000

Pair = tuple[str, str]  # two ids, the smaller first


@dataclass(frozen=True, slots=True)
class _Signed:
    """A document of the signatures."""

    id: str
    digest: int  # 0 without a text
    number: int  # the key of its 文号, 0 without one
    signature: Array


def refresh_twins(store: DocumentStore, generation: Path) -> int:
    """Bring the twins of a generation up to the store and its signatures; gives how many pairs were compared.

    A pair of which neither has changed is not compared again.
    """
    with FileLock(generation.parent / "twins.lock"):
        return _refresh(store, generation)


def _refresh(store: DocumentStore, generation: Path) -> int:
    change = store.last_change()
    try:
        before, known = _read(generation / TWINS)
    except (FileNotFoundError, IndexDamagedError):  # not made yet, or to be made anew
        before, known = 0, {}
    if before == change:
        return 0
    if known:
        changed = _changed(store, before)
        known = {pair: same for pair, same in known.items() if changed.isdisjoint(pair)}
    signatures = open_signatures(generation)
    judge = _Judge(store, signatures.files[0], known)
    for group in _of_one_title(signatures):
        _compare(group, judge)
    pairs = ",\n".join(json.dumps([*pair, same], ensure_ascii=False) for pair, same in sorted(judge.verdicts.items()))
    write_atomically(generation / TWINS, f'{{"change": {change}, "pairs": [\n{pairs}\n]}}\n')
    return judge.compared


def read_twins(path: Path) -> tuple[tuple[str, ...], ...]:
    """Groups of two ids or more. Raises FileNotFoundError, IndexDamagedError."""
    groups: dict[str, set[str]] = {}
    for pair, same in _read(path)[1].items():
        if same:
            joined = groups.get(pair[0], {pair[0]}) | groups.get(pair[1], {pair[1]})
            groups.update(dict.fromkeys(joined, joined))
    return tuple({min(group): tuple(sorted(group)) for group in groups.values()}.values())


def _read(path: Path) -> tuple[int, dict[Pair, bool]]:
    try:
        found = json.loads(path.read_text("utf-8"))
        return int(found["change"]), {(one, other): bool(same) for one, other, same in found["pairs"]}
    except (ValueError, TypeError, KeyError) as error:
        raise IndexDamagedError(f"{path.name} cannot be read ({error}); run `gongkai index --rebuild`") from error


def _changed(store: DocumentStore, after: int) -> set[str]:
    ids: set[str] = set()
    while changes := store.changes(after, _READ_BATCH):
        after = changes[-1].number
        ids.update(change.document_id for change in changes)
    return ids


def _of_one_title(signatures: Signatures) -> Iterator[list[_Signed]]:
    """The documents of each title that several have, in the order of the signatures."""
    files = signatures.files
    keys = np.concatenate([file.file["title_keys"] for file in files])
    rows = np.concatenate([file.file["title_rows"] for file in files]).astype(np.int64)
    owners = np.repeat(np.arange(len(files)), [len(file.file["title_keys"]) for file in files])
    order = np.lexsort((rows, owners, keys))
    bounds = np.append(np.flatnonzero(np.diff(keys[order], prepend=keys[order][:1] + 1)), len(keys))
    columns = [(_by_row(file, "digest"), _by_row(file, "number")) for file in files]
    for start, end in pairwise(bounds.tolist()):
        if 1 < end - start <= _MOST_OF_A_TITLE:
            places = [(int(owners[place]), int(rows[place])) for place in order[start:end]]
            group = [
                _Signed(
                    name,
                    int(columns[owner][0][row]) if files[owner].counts[row] else 0,
                    int(columns[owner][1][row]),
                    files[owner].file["minhash"][row],
                )
                for owner, row in places
                if (name := signatures.current(owner, row)) is not None
            ]
            if len(group) > 1:
                yield group


def _by_row(file: SignatureFile, name: str) -> Array:
    found = np.zeros(len(file), np.uint64)
    found[file.file[f"{name}_rows"]] = file.file[f"{name}_keys"]
    return found


def _compare(group: Sequence[_Signed], same: Callable[[_Signed, _Signed], bool]) -> None:
    """Each with the first of those that are something else, until it is the same as one."""
    heads: list[_Signed] = []
    for one in group:
        if not any(same(head, one) for head in heads[:_MOST_HEADS]):
            heads.append(one)


class _Judge:
    """Tells whether two documents of one title are the same, by their texts only where nothing else tells."""

    def __init__(self, store: DocumentStore, first: SignatureFile, known: dict[Pair, bool]) -> None:
        self._known = known
        self.verdicts: dict[Pair, bool] = {}
        self.compared = 0
        limits = Thresholds()

        @lru_cache(_PREPARED)
        def sides(document_id: str) -> Sides | None:
            stored = store.get(document_id)
            if stored is None or stored.state != "live":
                return None
            return Sides(stored.document, first.boilerplate, stored.original.sha256 if stored.original else "")

        def by_text(pair: Pair) -> bool:
            one, other = map(sides, pair)
            return one is not None and other is not None and match(one, other, limits).verdict in _SAME

        self._by_text = by_text

    def __call__(self, one: _Signed, other: _Signed) -> bool:
        same_number = one.number == other.number != 0
        if not one.digest or not other.digest:
            surely: bool | None = same_number
        elif one.digest == other.digest:
            surely = True
        elif not same_number and float((one.signature == other.signature).mean()) < _LEAST_JACCARD:
            surely = False
        else:
            surely = None
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        if surely is None:
            if pair not in self._known:
                self.compared += 1
                self._known[pair] = self._by_text(pair)
            surely = self.verdicts[pair] = self._known[pair]
        elif surely:
            self.verdicts[pair] = True
        return surely
