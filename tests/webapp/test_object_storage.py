"""Everything that reads and writes originals does so on object storage as in a folder."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from flask.testing import FlaskClient

from corpus.blob_copies import copy_blobs
from corpus.blobs import Blobs, open_blobs
from corpus.crawl import crawl
from corpus.store import DocumentStore, sqlite_url
from tests.corpus.crawl.conftest import ROOT, SETTINGS, document_at, site_at
from tests.corpus.crawl.server import TinyServer
from tests.webapp.conftest import ReadingClient
from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.test_migrate import Run, run
from tests.webapp.world import NOTICE_ID, PAGE_BYTES, PDF_BYTES, World
from webapp.factory import create_app
from webapp.web_settings import WebSettings

__all__ = ["run"]


@pytest.fixture
def objects(s3_url: str) -> Blobs:
    return open_blobs(s3_url)


@pytest.fixture
def client(world: World, engine: MemoryEngine, objects: Blobs) -> FlaskClient:
    """The site of the small district, its originals on S3."""
    copied = copy_blobs(set(world.blobs.names()), world.blobs, objects, lambda *_: None)
    assert copied.copied > 3
    app = create_app(engine, world.store, objects, WebSettings(place_name="云溪区"))
    app.test_client_class = ReadingClient
    return app.test_client()


def test_files_are_sent_whole_in_part_and_not_again(client: FlaskClient, world: World) -> None:
    path = f"/files/{world.pdf}/x.pdf"
    whole = client.get(path)
    assert (whole.status_code, whole.data, whole.content_length) == (200, PDF_BYTES, len(PDF_BYTES))
    part = client.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, PDF_BYTES[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(PDF_BYTES)}"
    assert client.get(path, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert client.get(path, headers={"Range": "bytes=9999999-"}).status_code == 416
    assert client.head(path).content_length == len(PDF_BYTES)
    assert client.get(f"/documents/{NOTICE_ID}/download").data == PAGE_BYTES


def test_a_package_holds_the_originals(client: FlaskClient) -> None:
    answer = client.get("/search.zip?q=低保")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        kept = [archive.read(name) for name in archive.namelist()]
    assert PAGE_BYTES in kept and PDF_BYTES in kept


def test_a_lost_file_and_a_storage_that_is_away_are_told_apart(
    client: FlaskClient, world: World, objects: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects.delete(world.pdf)
    lost = client.get(f"/files/{world.pdf}/x.pdf")
    assert (lost.status_code, "字节不在存储里" in lost.get_data(as_text=True)) == (500, True)
    nobody = boto3.Session("gongkai", "secret", region_name="us-east-1").client(
        "s3", endpoint_url="http://127.0.0.1:9", config=Config(retries={"total_max_attempts": 1})
    )
    monkeypatch.setattr(objects, "_client", nobody)
    away = client.get(f"/documents/{NOTICE_ID}/download")
    assert (away.status_code, "现在读不了" in away.get_data(as_text=True)) == (503, True)


def test_a_crawl_keeps_what_it_fetched_there_and_reads_it(
    objects: Blobs, store: DocumentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the crawler's own process finds the tiny parser
    with TinyServer() as server:
        server.links("/", "/a.html")
        server.article("/a.html", "甲", files=("甲.txt",))
        server.file("/%E7%94%B2.txt", "附件正文".encode())
        summary = crawl(site_at(server), store, objects, data_dir=tmp_path, settings=SETTINGS)
        assert (summary.outcome, summary.created, summary.files, summary.failed) == ("finished", 1, 1, ())
        document = document_at(store, f"{server.url}/a.html")
    assert document is not None and document.attachments[0].text == "附件正文"
    assert store.blob_names() == set(objects.names()) != set()
    assert not (tmp_path / "blobs").exists()


def test_the_command_line_keeps_and_purges_there(
    run: Run, objects: Blobs, s3_url: str, s3_client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gongkai.toml").write_text(f'blobs_url = "{s3_url}"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "办法.txt").write_text(
        "云澜区高龄津贴发放办法\n\n年满八十周岁的户籍老年人可以申请高龄津贴。\n", "utf-8"
    )
    code, _, said = run("ingest", "办法.txt")
    assert code == 0, said
    assert len(list(objects.names())) == 1
    assert not (tmp_path / "data" / "blobs").exists()
    status = json.loads(run("status", "--json")[1])
    assert (status["store"]["originals"], "blobs" in status["disk_bytes"]) == (s3_url, False)
    with DocumentStore.open(sqlite_url(tmp_path / "data" / "store.db")) as store:
        (document,) = (stored.document for stored in store.live_documents())
    code, _, said = run("withdraw", document.id, "--reason", "个人信息", "--purge")
    assert code == 0, said
    assert list(objects.names()) == []
    s3_client.delete_bucket(Bucket=s3_url.split("/")[2])
    code, out, _ = run("status", "--json")
    assert (code, json.loads(out)["store"]["originals"].startswith("away: the bucket")) == (0, True)
    code, _, said = run("ingest", "办法.txt")
    assert (code, "does not exist" in said, "Traceback" in said) == (1, True, False)
