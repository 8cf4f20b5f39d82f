"""The kiosk on the server that an operator runs: nothing that was asked is written down, and it goes on answering."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from filelock import FileLock
from werkzeug.serving import make_server

from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.test_cli import RECORDS, gongkai
from tests.webapp.world import World
from webapp.factory import create_app
from webapp.web_settings import WebSettings

SECRET = "高龄津贴zhangsan"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which two documents are indexed."""
    tmp_path = tmp_path_factory.mktemp("kiosk")
    lines = tmp_path / "records.jsonl"
    lines.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS), "utf-8")
    assert gongkai(tmp_path / "data", "ingest", str(lines)).returncode == 0
    assert gongkai(tmp_path / "data", "index").returncode == 0
    return tmp_path / "data"


@pytest.fixture
def server(data: Path) -> Iterator[tuple[subprocess.Popen[str], HTTPConnection]]:
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(data), "--port", "0", "--workers", "1"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=environment, **pipes) as process:  # type: ignore[call-overload]
        assert process.stderr is not None
        told = process.stderr.readline()
        assert told.startswith("gongkai: http://"), told
        connection = HTTPConnection(told.removeprefix("gongkai: http://").strip(), timeout=60)
        yield process, connection
        connection.close()
        process.kill()


def post(connection: HTTPConnection, path: str, **fields: str) -> tuple[int, str]:
    connection.request("POST", path, urlencode(fields), FORM)
    response = connection.getresponse()
    assert response.headers["Set-Cookie"] is None
    page = response.read().decode()
    connection.close()  # the server would, while another program runs
    return response.status, page


def test_no_question_is_written_down(data: Path, server: tuple[subprocess.Popen[str], HTTPConnection]) -> None:
    process, connection = server
    for path in ("/kiosk", "/kiosk/search", "/kiosk/suggest"):
        status, page = post(connection, path, q=SECRET)
        assert status == 200
        assert SECRET in page or path == "/kiosk/suggest"
    assert post(connection, "/kiosk/document", id="y-1", q=SECRET)[0] == 200
    assert post(connection, "/kiosk/search", q=SECRET, page="x")[0] == 400
    away = (data / "index" / "CURRENT").rename(data / "index" / "AWAY")  # so that errors are logged too
    assert post(connection, "/kiosk/search", q=SECRET)[0] == 503
    away.rename(data / "index" / "CURRENT")
    process.send_signal(signal.SIGTERM)
    written = "".join(process.communicate(timeout=60))
    assert "the kiosk cannot answer /kiosk/search" in written
    for spelling in (SECRET, urlencode({"q": SECRET}), "zhangsan"):
        assert spelling not in written
        holding = [file for file in data.rglob("*") if file.is_file() and spelling.encode() in file.read_bytes()]
        assert holding == []


def test_a_log_of_requests_has_only_the_addresses(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="werkzeug")  # whatever other tests of this process asked of it
    engine = MemoryEngine(stored.document for stored in world.store.live_documents())
    server = make_server("127.0.0.1", 0, create_app(engine, world.store, world.blobs, WebSettings()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    try:
        assert post(connection, "/kiosk/search", q=SECRET)[0] == 200
    finally:
        connection.close()
        server.shutdown()
        thread.join()
        server.server_close()
    assert "POST /kiosk/search HTTP/1.1" in caplog.text
    assert "zhangsan" not in caplog.text


def test_it_answers_while_an_index_is_built_and_after_it_failed(
    data: Path, server: tuple[subprocess.Popen[str], HTTPConnection]
) -> None:
    _, connection = server
    before = post(connection, "/kiosk/search", q="高龄津贴")
    assert before[0] == 200
    assert "文件截至" in before[1]
    with FileLock(data / "index" / "writer.lock"):  # another process writes
        unfinished = data / "index" / "000999"
        unfinished.mkdir()
        (unfinished / "torn").write_bytes(b"\0" * 100)
        assert gongkai(data, "index").returncode == 1
        assert post(connection, "/kiosk/search", q="高龄津贴") == before
    assert post(connection, "/kiosk/search", q="高龄津贴") == before
