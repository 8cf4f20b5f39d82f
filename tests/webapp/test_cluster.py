"""An installation whose index is on a cluster: the commands and the pages, and what they say while it is away."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from tests.cluster import RunningCluster
from tests.webapp.conftest import read_page, text_of
from tests.webapp.test_cli import RECORDS
from webapp import cli
from webapp.factory import create_app
from webapp.settings import Settings
from webapp.workspace import Workspace


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in which two documents are, and no index."""
    lines = tmp_path / "records.jsonl"
    lines.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS), "utf-8")
    assert gongkai(tmp_path / "data", "ingest", str(lines)).exit_code == 0
    return tmp_path / "data"


@pytest.fixture
def on_cluster(opensearch: RunningCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an index of its own, as setting."""
    name = f"commands-{uuid4().hex[:12]}"
    url = ",".join((*opensearch.urls[1:], f"{opensearch.urls[0]}/{name}"))
    monkeypatch.setenv("GONGKAI_ENGINE_URL", url)
    yield url
    opensearch.ask("DELETE", f"/{name}-*")


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a cluster that refuses connections, as setting."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        monkeypatch.setenv("GONGKAI_ENGINE_URL", url)
        yield url


def gongkai(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.gongkai, [*arguments, "--data", str(data)])


def client(data: Path) -> FlaskClient:
    workspace = Workspace(Settings(data=data))
    return create_app(workspace.engine, workspace.store, workspace.blobs, workspace.web).test_client()


@pytest.mark.services
@pytest.mark.usefixtures("on_cluster")
def test_commands_and_pages_work_as_with_the_embedded_engine(
    data: Path, tmp_path: Path, opensearch: RunningCluster
) -> None:
    assert json.loads(gongkai(data, "status", "--json").stdout)["index"]["state"].startswith("missing")
    assert gongkai(data, "index").exit_code == 0
    opensearch.wait()  # until there is a second copy
    state = json.loads(gongkai(data, "status", "--json").stdout)["index"]
    assert (state["state"], state["documents"], state["health"]) == ("up to date", 2, "green")
    answer = json.loads(gongkai(data, "search", "云澜政办规[2023]7号", "--json", "--explain").stdout)
    assert [hit["id"] for hit in answer["hits"]] == ["y-1"]
    assert sum(answer["explain"]["y-1"].values()) == pytest.approx(answer["hits"][0]["score"])
    topics, qrels = tmp_path / "topics.tsv", tmp_path / "qrels"
    topics.write_text("t1\t高龄津贴怎么申请\n", "utf-8")
    qrels.write_text("t1 0 y-1 1\n", "utf-8")
    measured = gongkai(data, "evaluate", "--topics", str(topics), "--qrels", str(qrels), "--json")
    assert json.loads(measured.stdout)["hit_1"] == 1.0
    pages = client(data)
    shown = pages.get("/search", query_string={"q": "高龄津贴"})
    assert shown.status_code == 200
    assert "云澜区高龄津贴发放办法" in shown.text
    assert pages.get("/healthz").get_json()["documents"] == 2
    assert pages.get("/suggest.json", query_string={"q": "高龄"}).get_json()
    assert gongkai(data, "withdraw", "y-2", "--reason", "其他").exit_code == 0
    assert json.loads(gongkai(data, "search", "招生", "--json").stdout)["total"] == 0
    assert not (data / "index" / "CURRENT").exists()


@pytest.mark.usefixtures("away")
def test_while_the_cluster_is_away_pages_say_so_and_commands_end_with_the_reason(data: Path) -> None:
    pages = client(data)
    answer = pages.get("/search", query_string={"q": "高龄津贴"})
    assert answer.status_code == 503
    assert "暂时无法检索" in text_of(read_page(answer), ".trouble")
    assert answer.headers["Retry-After"] == "60"
    assert pages.get("/documents/y-1").status_code == 200  # what is in the store is still read
    health = pages.get("/healthz")
    assert (health.status_code, health.get_json()["part"]) == (503, "index")
    assert json.loads(gongkai(data, "status", "--json").stdout)["index"]["state"].startswith("away: ")
    failed = gongkai(data, "search", "高龄津贴")
    assert failed.exit_code == 1


def test_an_address_that_is_none_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url, says in (("localhost:9200", "http://HOST:9200/NAME"), ("http://localhost:9200/Gongkai", "small letters")):
        monkeypatch.setenv("GONGKAI_ENGINE_URL", url)
        result = gongkai(data, "index")
        assert result.exit_code == 2
        assert "engine_url" in result.stderr
        assert says in result.stderr
