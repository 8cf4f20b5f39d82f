"""Two web servers and one store: whatever was done at one is so at the other at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest

from corpus import database
from corpus.locks import locks_of
from tests.cluster import RunningCluster
from tests.webapp.test_cli import RECORDS
from tests.webapp.test_cli_serve import address

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]  # a cluster may take minutes to start

PASSWORD = "云澜湖畔的十二棵老柳树和桥"
FIRST, SECOND = (str(record["id"]) for record in RECORDS[:2])


@dataclass(frozen=True)
class Place:
    """Two machines' data folders, and what their environments say alike; on ``index`` stands the writer's lock."""

    folders: tuple[Path, Path]
    environment: dict[str, str]
    index: str

    def run(self, folder: Path, *arguments: str, typed: str = "") -> str:
        done = subprocess.run(
            self._command(folder, *arguments),
            input=typed,
            capture_output=True,
            text=True,
            timeout=240,
            env=self.environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def serving(self, folder: Path) -> Iterator[str]:
        """A server; gives its URL."""
        command = self._command(folder, "serve", "--port", "0", "--workers", "1")
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=self.environment) as process:
            try:
                yield f"http://{address(process)}"
            finally:
                process.terminate()
                process.communicate(timeout=60)

    @staticmethod
    def _command(folder: Path, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "webapp", *arguments, "--data", str(folder)]


class Browser:
    """It keeps cookies for the host, whichever server answers, as behind one name; ports do not count for them."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token = ""

    def get(self, url: str) -> tuple[int, str]:
        return self._ask(urllib.request.Request(url))  # noqa: S310 - loopback

    def post(self, url: str, **fields: str) -> tuple[int, str]:
        body = urlencode({"csrf_token": self._token, **fields}).encode()
        return self._ask(urllib.request.Request(url, body))  # noqa: S310

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=60) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read().decode()
        if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
            self._token = found[1]
        return status, text


def environment(**settings: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")}
    return {**kept, **{f"GONGKAI_{name.upper()}": value for name, value in settings.items()}}


@pytest.fixture(params=["embedded", "opensearch"])
def place(request: pytest.FixtureRequest, postgresql_url: str, tmp_path: Path) -> Iterator[Place]:
    """With the embedded index both servers need the folder in which it stands; with a cluster and object storage
    nothing of the file system is common."""
    alike = {"store_url": postgresql_url, "staff_secure_cookie": "false", "rate_limit": "4"}
    if request.param == "embedded":
        folder = tmp_path / "data"
        yield Place((folder, folder), environment(**alike), "")
        return
    cluster: RunningCluster = request.getfixturevalue("opensearch")
    objects: str = request.getfixturevalue("s3_url")
    index = f"test-{uuid4().hex[:12]}"
    engine_url = f"{','.join(cluster.urls)}/{index}"
    folders = tmp_path / "one", tmp_path / "two"
    with ExitStack() as left:
        left.callback(cluster.ask, "DELETE", f"/{index}-*")
        yield Place(folders, environment(**alike, engine_url=engine_url, blobs_url=objects), index)


def test_two_servers_and_one_writer(place: Place, tmp_path: Path) -> None:
    one, two = place.folders
    lines = tmp_path / "records.jsonl"
    lines.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS), "utf-8")
    place.run(one, "ingest", str(lines))
    place.run(one, "index")
    place.run(two, "user", "add", "chen", "--role", "staff", typed=f"{PASSWORD}\n")

    with place.serving(one) as here, place.serving(two) as there:
        for server in (here, there):
            status, page = Browser().get(f"{server}/search?q={quote('高龄津贴')}")
            assert (status, f"/documents/{FIRST}" in page) == (200, True)

        browser = Browser()
        browser.get(f"{here}/staff/sign-in")
        status, _ = browser.post(f"{here}/staff/sign-in", name="chen", password=PASSWORD)
        assert status == 200
        status, page = browser.get(f"{there}/staff/personal-data")
        assert (status, "chen" in page) == (200, True), "who signed in at one is known at the other"

        status, _ = browser.post(f"{there}/staff/withdraw", document_id=FIRST, reason="个人信息", note="")
        assert status == 200, "a form of one is taken at the other"
        assert Browser().get(f"{here}/documents/{FIRST}")[0] == 410
        status, page = Browser().get(f"{here}/search?q={quote('高龄津贴')}")
        assert (status, f"/documents/{FIRST}" in page) == (200, False)
        assert Browser().get(f"{here}/documents/{SECOND}")[0] == 200

        browser.get(f"{there}/staff/")
        browser.post(f"{there}/staff/sign-out")
        assert "sign-in" in browser.get(f"{here}/staff/")[1], "who signed out at one is out at the other"

        asked = [Browser().get(f"{(here, there)[number % 2]}/api/v1/status")[0] for number in range(12)]
        assert asked.count(200) in (4, 8), "4 a minute at both together, and the minute may have ended once"


@pytest.mark.parametrize("place", ["opensearch"], indirect=True)
def test_machines_without_a_common_folder_elect_one_writer_of_the_index(
    place: Place, postgresql_url: str, tmp_path: Path
) -> None:
    one, two = place.folders
    lines = tmp_path / "records.jsonl"
    lines.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS), "utf-8")
    place.run(one, "ingest", str(lines))
    store = database.connect(postgresql_url)
    with locks_of(store, tmp_path, space=f"index {place.index}").held("writer"):
        refused = subprocess.run(
            [sys.executable, "-m", "webapp", "index", "--data", str(two)],
            capture_output=True,
            text=True,
            env=place.environment,
            check=False,
        )
    assert refused.returncode == 1
    assert "another gongkai is writing the index" in refused.stderr
    place.run(two, "index")
    found = json.loads(place.run(one, "search", "高龄津贴", "--json"))
    assert [hit["id"] for hit in found["hits"]] == [FIRST]
