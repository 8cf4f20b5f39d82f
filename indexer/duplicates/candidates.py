"""Which published documents may be a draft once more? Few, found by keys, bands, shared shingles and the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from corpus.models import Document
from indexer.duplicates.model import Draft
from indexer.duplicates.shingles import digests_of, distinct, letters_of, shingles_of
from indexer.duplicates.signature_file import SignatureFile
from indexer.duplicates.signatures import Signatures
from indexer.duplicates.signing import item_text, limits_of, minhash, text_keys, title_keys
from indexer.engine import FACET_FIELDS, Part, Query, SearchEngine
from indexer.mapping import own_number_key, searchable_text

# So many are taken of each kind of evidence; what a draft has more of is more of the same. Of a draft with few shingles
# (an excerpt of a notice whose like is published every month) many have some, and are soon compared.
_OF_A_KIND = 8
_OF_A_SHORT_KIND, _SHORT = 24, 300

# Estimates from here on are looked into: of a text with one character in five misread a third of the shingles are left,
# and an estimate from 10 of them is uncertain.
_LEAST_JACCARD, _LEAST_SHARE = 0.1, 0.15

# One document in so many, but at least so many: a shingle or band that more have is boilerplate.
_FREQUENT_ONE_IN, _FREQUENT = 200, 500

# Of a long draft so many shingles are looked up: a share of them tells as much as all.
_LOOKED_UP = 1 << 16

# The index is asked where fewer were found, with so many characters of the title, or of the text where there is none:
# at 200,000 documents 60 characters take 70 ms, more than all the rest.
_ENOUGH = 4
_ASKED_CHARACTERS = 32
_ASKED_HITS = 5


def find_candidates(draft: Draft, signatures: Signatures, engine: SearchEngine) -> list[str]:
    """The ids of documents worth comparing, each once; the surest kinds of evidence first."""
    document = draft.document
    letters = letters_of([searchable_text(document)])
    every, starts = shingles_of(letters)
    hashes = distinct(every)
    keys = {
        "file": [int(sha256[:16], 16) for sha256 in _files(draft)],
        "digest": digests_of(letters).tolist(),
        "number": text_keys([own_number_key(document)]).tolist(),
        "title": title_keys([document.title]).tolist(),
    }
    items = text_keys([item_text(entry) for entry in document.all_entries if entry.publisher]).tolist()
    signature = minhash(every, starts)[0] if len(every) else None
    most_of_a_kind = _OF_A_KIND if len(hashes) > _SHORT else _OF_A_SHORT_KIND
    looked_up = hashes[hashes < limits_of(np.array([len(hashes)]))[0]] if len(hashes) > _LOOKED_UP else hashes
    found: list[str] = []
    for number, file in enumerate(signatures.files):
        most = max(_FREQUENT, len(file) // _FREQUENT_ONE_IN)
        rows: list[int] = []
        for name, values in keys.items():
            for key in values:
                rows += file.with_key(name, key)[:most_of_a_kind].tolist()
        rows += _with_items(file, items)
        if signature is not None:
            near, estimates = file.in_a_band(signature, most)
            rows += near[estimates >= _LEAST_JACCARD][:most_of_a_kind].tolist()
            shared = file.sharing(looked_up, most)
            share = shared.hits / np.maximum(1, np.minimum(shared.possible, file.kept[shared.rows]))
            enough = np.flatnonzero((share >= _LEAST_SHARE) & (shared.hits > 1))
            # What has all of an excerpt, and what has most of a text that is full of misread characters.
            for worth in (np.round(share, 1) + shared.hits / 1e9, shared.hits * share):
                rows += shared.rows[enough[np.argsort(-worth[enough], kind="stable")[:most_of_a_kind]]].tolist()
        found += filter(None, (signatures.current(number, row) for row in dict.fromkeys(rows)))
    if len(found) < _ENOUGH:
        found += _hits(document, engine)
    return [document_id for document_id in dict.fromkeys(found) if document_id != draft.published_id]


def _files(draft: Draft) -> Iterable[str]:
    return filter(None, {draft.sha256, *(item.sha256 for item in draft.document.attachments)})


def _with_items(file: SignatureFile, items: list[int]) -> list[int]:
    counts = Counter(row for key in items for row in set(file.with_key("item", key).tolist()))
    return [row for row, _ in counts.most_common(_OF_A_KIND)]


def _hits(document: Document, engine: SearchEngine) -> list[str]:
    """The index's own top hits."""
    text = (document.title or document.body.strip())[:_ASKED_CHARACTERS]
    if not text:
        return []
    query = Query(text=text, part=Part.DOCUMENT, facets=FACET_FIELDS[:0], limit=_ASKED_HITS)
    return [hit.document_id for hit in engine.search(query).hits]
