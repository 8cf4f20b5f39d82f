"""A server of one test's own on loopback."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeAlias

from flask import Flask
from werkzeug.serving import make_server

Stop: TypeAlias = Callable[[], None]


def serve(app: Flask) -> tuple[str, Stop]:
    """Serve an application on any free port; gives its address, and what ends it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    return f"http://127.0.0.1:{server.server_port}", stop
