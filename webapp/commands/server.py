"""gunicorn, configured by our settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from indexer.engine import Query, SearchEngine
from indexer.errors import IndexerError
from webapp.factory import create_app
from webapp.kiosk.freshness import indexed_at
from webapp.settings import Settings
from webapp.workspace import Workspace

# Requests that one worker answers at a time; more would wait for the interpreter anyway.
_THREADS = 8

# A question with a plain word in it, for which official terms are looked for too.
_WARMING = "低保怎么申请"

# Seconds after which a worker that answers nobody is replaced.
_TIMEOUT_S = 60


class Server(BaseApplication):  # type: ignore[misc]
    """Serves on ``address`` (``host:port``; port 0 is any free one) until SIGTERM or Ctrl-C, which is exit code 0.

    ``on_ready`` is told the URL once somebody may ask. Each worker opens its own store and index; nothing is shared in
    memory. Nor is anything kept there between requests: see docs/scaling.md for what several machines share.
    """

    def __init__(self, settings: Settings, *, address: str, workers: int, on_ready: Callable[[str], None]) -> None:
        self._settings = settings
        self._options: dict[str, Any] = {
            "bind": address,
            "workers": workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            "timeout": _TIMEOUT_S,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda arbiter: on_ready(_url(arbiter)),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        workspace = Workspace(self._settings)
        workspace.staff.keep_sweeping()
        _warm_up(workspace.engine)
        as_of = partial(indexed_at, workspace.index)
        return create_app(
            workspace.engine,
            workspace.store,
            workspace.blobs,
            workspace.web,
            workspace.staff,
            as_of,
            workspace.shared,
        )


def _warm_up(engine: SearchEngine) -> None:
    """Ask what makes the engine load its words, its phrasebook and its machine code, before anybody waits for that.

    It takes a second or two, once for a machine some five more, where numba compiles. Whoever asks meanwhile is served
    after that; where nothing can be asked, the pages say so.
    """
    with suppress(IndexerError):
        engine.search(Query(text=_WARMING))


def _url(arbiter: Arbiter) -> str:
    return str(arbiter.LISTENERS[0])
