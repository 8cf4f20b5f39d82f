"""How many requests were answered, how, and how fast, over all workers of a machine since the folder was made?

A monitor asks each machine and adds up. One file that all workers share: a row for each endpoint and class of status (2
of 200 …), of the buckets of a histogram and the sum of seconds. Nothing of a request but these three is kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, g, request

# Upper bounds in seconds: what Prometheus's own clients take.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_CLASSES = (1, 2, 3, 4, 5)
# Requests that no endpoint takes.
NO_ENDPOINT = "none"
# The requests in each bucket, those above the last, and the sum of their seconds.
_ROW = struct.Struct(f"<{len(BUCKETS) + 1}Qd")


@dataclass(frozen=True, slots=True)
class Histogram:
    """The requests of an endpoint with a class of status; ``counts`` by bucket, the last beyond all of them."""

    endpoint: str
    status: int
    counts: tuple[int, ...]
    seconds: float


class RequestCounts:
    """Counts in a file of the folder; ``endpoints`` says which rows it has, others begin another file."""

    def __init__(self, folder: Path, endpoints: Sequence[str]) -> None:
        self._endpoints = sorted({*endpoints, NO_ENDPOINT})
        digest = hashlib.sha256("\n".join(self._endpoints).encode()).hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"requests-{digest}"
        self._rows = {name: number * len(_CLASSES) for number, name in enumerate(self._endpoints)}

    def add(self, endpoint: str, status: int, seconds: float) -> None:
        row = (self._rows[endpoint] + status // 100 - 1) * _ROW.size
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            # What was never written reads as nothing.
            values = list(_ROW.unpack(os.pread(file, _ROW.size, row).ljust(_ROW.size, b"\0")))
            values[bisect_left(BUCKETS, seconds)] += 1
            values[-1] += seconds
            os.pwrite(file, _ROW.pack(*values), row)
        finally:
            os.close(file)

    def histograms(self) -> Iterator[Histogram]:
        """Those of which there are any requests."""
        data = self._path.read_bytes() if self._path.exists() else b""
        data = data.ljust(len(self._rows) * len(_CLASSES) * _ROW.size, b"\0")
        for endpoint, first in self._rows.items():
            for number, status in enumerate(_CLASSES, first):
                *counts, seconds = _ROW.unpack_from(data, number * _ROW.size)
                if any(counts):
                    yield Histogram(endpoint, status, tuple(counts), seconds)


class RequestMeter:
    """Counts every request of an application, once its endpoints are known."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app, self._folder = app, folder
        app.before_request(self._begin)
        app.after_request(self._end)

    @cached_property
    def counts(self) -> RequestCounts:
        return RequestCounts(self._folder, list(self._app.view_functions))

    @staticmethod
    def _begin() -> None:
        g.began = time.perf_counter()

    def _end(self, response: Response) -> Response:
        began = g.get("began")
        if began is not None:  # else the host was refused before anything began
            try:
                self.counts.add(request.endpoint or NO_ENDPOINT, response.status_code, time.perf_counter() - began)
            except OSError as error:  # a full disk: the answer is worth more than its count
                self._app.logger.warning("requests are not counted: %s", error)
        return response
