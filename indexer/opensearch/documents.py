"""Fields of the index → what the cluster keeps: the index template, and a row as its document.

The cluster never cuts a text: words and pairs of characters come as token streams, parted by spaces, and its built-in
``whitespace`` analyzer takes them as they are. So both engines segment alike, with the same `analyzers.tokenizer`. No
offsets are kept: marks and snippets are found in the raw text, which is stored (`indexer.highlight`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from analyzers.normalize import normalize
from analyzers.tokenizer import words
from indexer.fields import KEY_COLUMNS, SEPARATOR
from indexer.ranking import BM25F

# A mark, a space or the end of a text in a pair of characters (津贴。 → 津贴 贴_); never a letter itself.
MARK = "_"
_NO_LETTER = re.compile(r"[\W_]")

# The similarity knows one b for all fields, where ours has .5 for titles and .75 for texts: what is ranked first by it
# is ranked again by ours.
_B = 0.75

# Longer than any word, in characters: what is longer (a pasted certificate) is no key.
_LONGEST_KEY = 8_000

# The streams that can be made again from what is stored, and that nobody reads.
_NOT_STORED = ("title_pairs", "body_pairs", "said", "paired")


def index_template(name: str, shards: int, replicas: int) -> dict[str, Any]:
    """The template of the generations of an index.

    ``title_words`` and ``body_words`` are the words of `indexer.fields`, ``title_pairs`` and ``body_pairs`` the pairs
    of neighbouring characters, with marks as ``_``: both rank, and in pairs phrases are looked up. ``said`` and
    ``paired`` have the same words and pairs, each once: in how many documents they stand. ``day`` is an ordinal as
    there, ``year`` its year; ``shown`` is what is only read: lengths of the fields, and the card of the hit.
    """
    stream = {"type": "text", "analyzer": "whitespace"}
    key = {"type": "keyword", "ignore_above": _LONGEST_KEY}
    sought = {**key, "doc_values": False}
    properties = {
        "id": key,
        "parent": key,
        "title": {"type": "text", "index": False},
        "body": {"type": "text", "index": False},
        **dict.fromkeys(("title_words", "body_words", "title_pairs", "body_pairs"), stream),
        "said": key,
        "paired": sought,
        **dict.fromkeys(("number", "cited", "article", "cites"), sought),
        "day": {"type": "integer"},
        "year": {"type": "integer"},
        **dict.fromkeys(KEY_COLUMNS, key),
        "shown": {"type": "object", "enabled": False},
    }
    model = BM25F()
    return {
        "index_patterns": [f"{name}-*"],
        "priority": len(name),  # of two names that begin alike the longer one's goes first
        "template": {
            "settings": {
                "number_of_shards": shards,
                "number_of_replicas": replicas,
                "refresh_interval": -1,  # a commit of the writer is seen when it is whole
                "similarity": {"default": {"type": "BM25", "k1": model.k1, "b": _B}},
                "merge.policy.expunge_deletes_allowed": 0,  # a purge leaves nothing
            },
            "mappings": {
                "dynamic": "strict",
                "_routing": {"required": True},
                "_source": {"excludes": list(_NOT_STORED)},
                "properties": properties,
            },
        },
    }


def key_of(document_id: str) -> str:
    """The id of a row in the cluster, where an id has 512 bytes at most."""
    return hashlib.sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def row_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the cluster is given for the fields of `indexer.mapping` (or of a catalog row)."""
    title, body, day = fields["title"], fields["body"], fields["day"]
    title_words, body_words = words(title), words(body)
    title_pairs, body_pairs = pairs(title), pairs(body)
    row = {
        "id": fields["id"],
        "parent": fields["parent"],
        "title": title,
        "body": body,
        "title_words": " ".join(title_words),
        "body_words": " ".join(body_words),
        "title_pairs": " ".join(title_pairs),
        "body_pairs": " ".join(body_pairs),
        "said": sorted({*title_words, *body_words}),
        "paired": sorted({pair for pair in (*title_pairs, *body_pairs) if MARK not in pair}),
        **{name: _listed(fields.get(name, ""), ",") for name in ("number", "cited", "article", "cites")},
        **{name: _listed(fields.get(name, b"").decode(), SEPARATOR) for name in KEY_COLUMNS},
        "day": day,
        "shown": {
            "lengths": [len(title_words), len(body_words), len(title_pairs), len(body_pairs)],
            "card": {
                name: value.isoformat() if isinstance(value, date) else value for name, value in fields["card"].items()
            },
        },
    }
    if day:
        row["year"] = date.fromordinal(day).year
    return row


def card_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The card of a hit (`indexer.mapping.card_of`) out of what the cluster stored."""
    card: dict[str, Any] = dict(row["shown"]["card"])
    card["issuers"] = tuple(card["issuers"])
    for name in ("issued_on", "published_on"):
        card[name] = date.fromisoformat(card[name]) if card[name] else None
    return card


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring characters of a text in its normal form, any mark or space being `MARK`."""
    return _paired(_marked(text) + MARK)


def phrase_pairs(phrase: str) -> list[str]:
    """The pairs that stand one after the other in a text that has the phrase; marks around it do not matter.

    Of a phrase of one character that character alone, with which a pair begins; [] if it has no letter at all.
    """
    letters = _marked(phrase).strip(MARK)
    return _paired(letters) if len(letters) > 1 else [*letters]


def _marked(text: str) -> str:
    return _NO_LETTER.sub(MARK, normalize(text))


def _paired(characters: str) -> list[str]:
    return list(map("".join, pairwise(characters)))


def _listed(joined: str, separator: str) -> list[str]:
    return [value for value in joined.split(separator) if value]
