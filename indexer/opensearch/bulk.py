"""Bulk requests: rows as lines of JSON, sent until each was taken or refused for good."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from corpus.models import Document
from indexer.catalog_mapping import index_rows
from indexer.errors import IndexAwayError
from indexer.opensearch.cluster import Cluster, RefusedError, passes, waits
from indexer.opensearch.documents import key_of, row_of

# Bytes of a request: the cluster refuses 100 MB, and takes 5 to 15 best.
_LARGEST_BYTES = 8_000_000

_DONE = frozenset({200, 201, 404})  # 404: what is to be deleted is not there


class Action(NamedTuple):
    """One row to be written or deleted: its key, the id of what it is a row of, and the lines that say so."""

    key: str
    parent: str
    lines: bytes


def prepare(documents: Sequence[Document]) -> Sequence[Action]:
    """The actions that write documents with their catalog rows."""
    return [_writing(fields) for document in documents for fields in index_rows(document)]


def deletion(key: str, parent: str) -> Action:
    """The action that deletes a row."""
    return Action(key, parent, _lines({"delete": {"_id": key, "routing": key_of(parent)}}))


def send(cluster: Cluster, index: str, actions: Sequence[Action]) -> list[tuple[str, str]]:
    """Write and delete rows; gives what was refused, as (id of the document, reason).

    Raises IndexAwayError if the cluster does not take all of it while its patience lasts.
    """
    refused = []
    for request in _requests(actions):
        left, reason = list(request), ""
        for _ in waits(cluster.writing.repeat_s):
            left, reason, bad = _once(cluster, index, left)
            refused += bad
            if not left:
                break
        else:
            raise IndexAwayError(f"the search cluster does not take {len(left):,} rows: {reason}")
    return refused


def _once(cluster: Cluster, index: str, actions: Sequence[Action]) -> tuple[list[Action], str, list[tuple[str, str]]]:
    """Send once: what is to be sent again, why, and what was refused for good."""
    body = b"".join(action.lines for action in actions)
    try:
        answer = cluster.ask("POST", f"/{index}/_bulk", body, patience=cluster.writing)
    except RefusedError as error:
        if error.status != 413 or len(actions) == 1:
            raise
        half = len(actions) // 2  # a proxy allows less
        first, then = (_once(cluster, index, part) for part in (actions[:half], actions[half:]))
        return [*first[0], *then[0]], first[1] or then[1], [*first[2], *then[2]]
    again, reason, refused = [], "", []
    for action, item in zip(actions, answer["items"], strict=True):
        ((_, said),) = item.items()
        if said["status"] in _DONE:
            continue
        if passes(said["status"], [str(said.get("error", {}).get("type"))]):
            again.append(action)
            reason = _why(said)
        else:
            refused.append((action.parent, _why(said)))
    return again, reason, refused


def _why(said: dict[str, Any]) -> str:
    error = said.get("error", {})
    return f"{error.get('type', said['status'])}: {error.get('reason', '')}"[:300]


def _requests(actions: Sequence[Action]) -> Iterator[list[Action]]:
    """Requests that are not too large; all that belongs to one document stands in one."""
    request: list[Action] = []
    size = 0
    for action in actions:
        if request and size + len(action.lines) > _LARGEST_BYTES and action.parent != request[-1].parent:
            yield request
            request, size = [], 0
        request.append(action)
        size += len(action.lines)
    if request:
        yield request


def _writing(fields: dict[str, Any]) -> Action:
    key, parent = key_of(fields["id"]), fields["parent"]
    return Action(key, parent, _lines({"index": {"_id": key, "routing": key_of(parent)}}, row_of(fields)))


def _lines(*objects: object) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for one in objects)
