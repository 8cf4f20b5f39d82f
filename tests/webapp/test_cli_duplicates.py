"""`gongkai duplicates` as people run it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.indexer.duplicates.conftest import OUTAGE, OUTAGE_LATER, SUBSIDY


def gongkai(*arguments: str, data: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "webapp", *arguments, "--data", str(data)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation")
    records = [
        {
            "id": "subsidy",
            "title": "关于发放高龄补贴的通知",
            "body": SUBSIDY,
            "issuer": "云澜区民政局",
            "column": "通知",
        },
        {"id": "copy", "title": "高龄补贴发放通知", "body": SUBSIDY, "issuer": "青石镇人民政府", "column": "转发"},
        {"id": "outage", "title": "2024年5月6日云澜电网检修信息", "body": OUTAGE},
    ]
    (folder / "all.jsonl").write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    assert gongkai("ingest", str(folder / "all.jsonl"), data=folder / "data").returncode == 0
    assert gongkai("index", data=folder / "data").returncode == 0
    return folder / "data"


def test_a_folder_is_checked_and_what_cannot_be_read_is_named(data: Path, tmp_path: Path) -> None:
    (tmp_path / "within").mkdir()
    (tmp_path / "within" / "补贴.txt").write_text(SUBSIDY, "utf-8")
    (tmp_path / "检修.txt").write_text(OUTAGE_LATER, "utf-8")
    (tmp_path / "空.txt").write_text("", "utf-8")
    (tmp_path / "扫描.pdf").write_bytes(b"%PDF-1.7 \x00\x01 broken")
    done = gongkai("duplicates", "check", str(tmp_path), str(tmp_path / "无.docx"), "--json", data=data)
    assert done.returncode == 3
    answer = json.loads(done.stdout)
    verdicts = {Path(item["name"]).name: item["verdict"] for item in answer["drafts"]}
    assert verdicts == {"补贴.txt": "same_text", "检修.txt": "same_template"}
    assert {Path(item["source"]).name for item in answer["refused"]} == {"空.txt", "扫描.pdf", "无.docx"}
    assert "refused" in done.stderr


def test_a_text_on_stdin_is_checked(data: Path) -> None:
    done = gongkai("duplicates", "check", "-", data=data, stdin=SUBSIDY)
    assert done.returncode == 0
    assert done.stdout.startswith("-: 正文相同\n")
    assert "[subsidy]" in done.stdout


def test_the_answers_are_written_as_csv(data: Path, tmp_path: Path) -> None:
    (tmp_path / "补贴.txt").write_text(SUBSIDY.replace("200元", "260元"), "utf-8")
    out = tmp_path / "out.csv"
    assert gongkai("duplicates", "check", str(tmp_path / "补贴.txt"), "--csv", str(out), data=data).returncode == 0
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert {(row["结论"], row["是否重复"], row["已发布文件"]) for row in rows} == {
        ("内容相近", "是", "subsidy"),
        ("内容相近", "是", "copy"),
    }
    assert rows[0]["不同之处"] == "金额：260元 → 200元"


def test_the_report_is_written_as_csv_and_spreadsheet(data: Path, tmp_path: Path) -> None:
    out, sheet = tmp_path / "out.csv", tmp_path / "out.xlsx"
    done = gongkai("duplicates", "report", "--csv", str(out), "--xlsx", str(sheet), data=data)
    assert done.returncode == 0
    assert "documents that could go" in done.stderr
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [(row["组"], row["结论"], row["发文机关"]) for row in rows] == [
        ("1", "正文相同", "青石镇人民政府"),
        ("1", "正文相同", "云澜区民政局"),
    ]
    assert load_workbook(sheet).active.max_row == 3


def test_without_an_index_the_remedy_is_named(tmp_path: Path) -> None:
    done = gongkai("duplicates", "check", "-", data=tmp_path, stdin=SUBSIDY)
    assert done.returncode == 1
    assert "gongkai index" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_text_that_is_too_long_is_refused(data: Path) -> None:
    done = gongkai("duplicates", "check", "-", data=data, stdin="长" * 2_700_000)
    assert done.returncode == 3
    assert "2,000,000 characters" in done.stderr
