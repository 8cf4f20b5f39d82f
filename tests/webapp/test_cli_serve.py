"""`gongkai serve` as an operator runs it: gunicorn with its workers, asked over HTTP, ended by SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.webapp.test_cli import RECORDS, gongkai


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which two documents are indexed."""
    folder = tmp_path_factory.mktemp("serve")
    lines = folder / "records.jsonl"
    lines.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS), "utf-8")
    assert gongkai(folder / "data", "ingest", str(lines)).returncode == 0
    assert gongkai(folder / "data", "index").returncode == 0
    return folder / "data"


@pytest.fixture
def server(data: Path) -> Iterator[subprocess.Popen[str]]:
    """The server, just started on any free port; its stderr is to be read."""
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(data), "--port", "0", "--workers", "2"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        yield process
        process.kill()


def address(server: subprocess.Popen[str]) -> str:
    """Host and port where it listens, as it says itself once it does."""
    assert server.stderr is not None
    told = server.stderr.readline()
    assert told.startswith("gongkai: http://127.0.0.1:"), told
    return told.removeprefix("gongkai: http://").strip()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_cleanly(server: subprocess.Popen[str], end: signal.Signals) -> None:
    with closing(HTTPConnection(address(server), timeout=60)) as connection:
        for path, words in (("/", "政务公开"), (f"/search?q={quote('高龄津贴')}", "/documents/y-1"), ("/healthz", "")):
            connection.request("GET", path)
            response = connection.getresponse()
            assert response.status == 200
            assert words in response.read().decode()
    server.send_signal(end)
    _, complaints = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "Traceback" not in complaints


def test_a_port_that_is_taken_is_told(server: subprocess.Popen[str], data: Path) -> None:
    port = address(server).rpartition(":")[2]
    refused = gongkai(data, "serve", "--port", port)
    assert refused.returncode == 1
    assert port in refused.stderr
    assert "Traceback" not in refused.stderr


def test_nothing_to_serve_names_the_remedy(tmp_path: Path) -> None:
    refused = gongkai(tmp_path / "data", "serve", "--port", "0")
    assert refused.returncode == 1
    assert "gongkai index" in refused.stderr
