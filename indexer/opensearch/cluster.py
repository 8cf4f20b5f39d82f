"""One cluster, asked with patience: what does it answer, and what is said when it does not?

The official client knows the nodes and passes over those that do not answer. Here is what it lacks: waits between two
tries that grow and are drawn at random, so that a cluster that recovers is not asked by everybody at once, and errors
of this package instead of its own.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import OpenSearchException, TransportError

from indexer.errors import IndexAwayError, IndexerError

# What passes by itself: too many requests (also a disk that is nearly full), a node that is gone or not there yet.
_PASSING = frozenset({429, 502, 503, 504})

# What a node says, with status 500, that was asking another one as that went: the next try goes to another copy.
_NODE_GONE = frozenset(
    {
        "node_disconnected_exception",
        "node_not_connected_exception",
        "node_closed_exception",
        "connect_transport_exception",
        "send_request_transport_exception",
        "receive_timeout_transport_exception",
        "no_shard_available_action_exception",
    }
)

_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 5.0

# For so long after a cluster was found away a reader's request is tried once only: whoever waits holds a thread of the
# server, and pages that need no index are to go on.
_AWAY_S = 5.0

# Connections that are kept to each node: as many as a worker of `gongkai serve` has threads, and some more.
_CONNECTIONS = 16

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one answer is waited for, and for how long a failed request is repeated; both in seconds."""

    answer_s: float
    repeat_s: float


ASKING = Patience(answer_s=10.0, repeat_s=3.0)
WRITING = Patience(answer_s=60.0, repeat_s=120.0)


class RefusedError(IndexerError):
    """The cluster answered with an error that will not pass."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        self.status, self.kind = status, kind
        super().__init__(f"{status} {kind}: {reason}")


class Cluster:
    """A cluster by its nodes; any number of threads may ask."""

    def __init__(self, nodes: tuple[str, ...], *, asking: Patience = ASKING, writing: Patience = WRITING) -> None:
        self.asking, self.writing = asking, writing
        self._away_until = 0.0
        # Its own repetition comes at once and without a wait: enough to pass over a node that is gone.
        self._client = OpenSearch(
            list(nodes), maxsize=_CONNECTIONS, max_retries=len(nodes) - 1, retry_on_status=(), http_compress=False
        )

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        patience: Patience | None = None,
        **parameters: Any,
    ) -> Any:
        """What the cluster answers. Raises IndexAwayError if it does not, RefusedError if it will not.

        Repeated while ``patience`` lasts, so only for what may be done twice; without one a reader's.
        """
        patience = patience or self.asking
        last: Exception | None = None
        known_away = patience is self.asking and time.monotonic() < self._away_until
        for _ in waits(0.0 if known_away else patience.repeat_s):
            try:
                return self._client.transport.perform_request(
                    method, path, params=_as_text(parameters), body=body, timeout=patience.answer_s
                )
            except NoConnection as error:
                last = error
            except TransportError as error:
                status = error.status_code if isinstance(error.status_code, int) else 0
                if not passes(status, (str(cause.get("type")) for cause in _causes(error))):
                    raise RefusedError(status, str(error.error), _reason(error)) from None
                last = error
            except OpenSearchException as error:
                raise IndexAwayError(f"the search cluster answers nothing that can be read: {error}") from None
        self._away_until = time.monotonic() + _AWAY_S
        raise IndexAwayError(f"the search cluster does not answer {method} {path}: {_reason(last)}") from None

    def close(self) -> None:
        self._client.close()


def passes(status: int, kinds: Iterable[str]) -> bool:
    """Will an error pass by itself, by its status and the types of its causes?"""
    return status in _PASSING or not _NODE_GONE.isdisjoint(kinds)


def waits(for_s: float) -> Iterator[None]:
    """Turns, with growing random waits between them, until ``for_s`` seconds are over; at least one turn."""
    until, longest = time.monotonic() + for_s, _FIRST_WAIT_S
    yield
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, random.uniform(longest / 2, longest)))  # noqa: S311 - no secret
        longest = min(2 * longest, _LONGEST_WAIT_S)
        yield


def _as_text(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters of an address as the cluster reads them."""
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in parameters.items()}


def _reason(error: Exception | None) -> str:
    """What the cluster says is wrong, in one line, without the request."""
    causes = _causes(error)
    if causes:
        reasons = dict.fromkeys(str(one["reason"]) for one in causes if one.get("reason"))
        return "; ".join(reasons)[:300] or str(causes[0].get("type"))
    return str((error.info if isinstance(error, TransportError) else None) or error)[:300]


def _causes(error: Exception | None) -> list[Mapping[str, Any]]:
    """An error of the cluster and what it says caused it, outermost first; [] where it says nothing of that kind."""
    info = error.info if isinstance(error, TransportError) else None
    said = info.get("error") if isinstance(info, dict) else None
    if not isinstance(said, dict):
        return []
    causes = [said, *said.get("root_cause", ()), *(one.get("reason", {}) for one in said.get("failed_shards", ()))]
    return [cause for cause in causes if isinstance(cause, dict)]
