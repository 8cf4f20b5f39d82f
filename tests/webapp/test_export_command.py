"""`gongkai export`: what a query finds, in files that are read back; `jsonl` fills another data folder."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from corpus.models import Document, Kind, Validity
from corpus.store import DocumentStore, sqlite_url
from indexer.generations import IndexFolder
from indexer.sync import sync
from webapp.cli import gongkai

DOCUMENTS = (
    Document(
        id="y-1",
        title="云澜区高龄津贴发放办法",
        kind=Kind.POLICY,
        document_number="云澜政办规〔2023〕7号",
        issuers=("云澜区民政局", "云澜区财政局"),
        validity=Validity.IN_FORCE,
        body="年满八十周岁的户籍老年人\n可以申请高龄津贴。",
    ),
    Document(id="y-2", title="=HYPERLINK(高龄津贴)", body="高龄津贴名单"),
    Document(id="y-3", title="义务教育招生通知", body="招生时间"),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    with DocumentStore.open(sqlite_url(folder / "store.db")) as store:
        with store.writing() as writer:
            writer.put_many([(document, None) for document in DOCUMENTS])
        sync(store, IndexFolder(folder / "index"))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(gongkai, arguments)


def test_csv_goes_to_stdout_and_the_row_count_to_stderr(data: Path) -> None:
    result = run("export", "高龄津贴", "--data", str(data))
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"))))
    assert {row["编号"] for row in rows} == {"y-1", "y-2"}
    assert {row["标题"] for row in rows} == {"云澜区高龄津贴发放办法", "'=HYPERLINK(高龄津贴)"}
    assert "2 rows" in result.stderr


def test_a_workbook_is_written_whole_or_not_at_all(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果.xlsx"
    result = run("export", "--format", "xlsx", "--out", str(out), "--data", str(data))
    assert result.exit_code == 0, result.output
    assert load_workbook(out).active.max_row == 1 + len(DOCUMENTS)
    assert f"3 rows in {out}" in result.stderr
    missing = tmp_path / "没有" / "结果.csv"
    assert run("export", "--out", str(missing), "--data", str(data)).exit_code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "结果.xlsx"]


def test_what_was_exported_as_jsonl_can_be_ingested(data: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "all.jsonl", tmp_path / "other"
    assert run("export", "--format", "jsonl", "--out", str(out), "--data", str(data)).exit_code == 0
    assert run("ingest", str(out), "--data", str(other)).exit_code == 0
    with DocumentStore.open(sqlite_url(other / "store.db")) as store:
        read = {stored.document.id: stored.document for stored in store.live_documents()}
    assert read == {document.id: document for document in DOCUMENTS}


def test_without_an_index_it_says_what_to_run(tmp_path: Path) -> None:
    result = run("export", "低保", "--data", str(tmp_path / "data"))
    assert result.exit_code == 1
    assert "gongkai index" in str(result.exception)
