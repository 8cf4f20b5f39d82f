"""The command line as a person uses it: real processes, real exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.sample import manifest

RECORDS = [
    {
        "id": "y-1",
        "title": "云澜区高龄津贴发放办法",
        "kind": "policy",
        "document_number": "云澜政办规〔2023〕7号",
        "issuer": "云澜区民政局",
        "published_on": "2023-05-06",
        "validity": "有效",
        "body": "年满八十周岁的户籍老年人可以申请高龄津贴，由社区受理。",
    },
    {"id": "y-2", "title": "关于开展2024年义务教育招生工作的通知", "kind": "notice", "body": "秘密词语甲乙丙丁。"},
]


def gongkai(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "webapp", *arguments, "--data", str(data)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")}
    return subprocess.run(command, capture_output=True, text=True, timeout=240, env=environment, check=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in which two documents are indexed."""
    lines = tmp_path / "records.jsonl"
    lines.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS), "utf-8")
    folder = tmp_path / "data"
    assert gongkai(folder, "ingest", str(lines)).returncode == 0
    assert gongkai(folder, "index").returncode == 0
    return folder


def test_a_search_prints_one_json_document_of_the_stated_shape(data: Path) -> None:
    answer = json.loads(gongkai(data, "search", "云澜政办规[2023]7号", "--json").stdout)
    assert set(answer) == {"query", "understood", "total", "took_ms", "answer", "hits", "facets", "suggestion"}
    assert answer["total"] == 1
    (hit,) = answer["hits"]
    assert (
        hit.items()
        >= {
            "id": "y-1",
            "kind": "policy",
            "issuer": "云澜区民政局",
            "published_on": "2023-05-06",
            "document_number": "云澜政办规〔2023〕7号",
        }.items()
    )


def test_filters_narrow_and_a_wrong_one_is_a_usage_error_that_says_what_is_allowed(data: Path) -> None:
    narrowed = json.loads(gongkai(data, "search", "申请 招生", "--filter", "kind=notice", "--json").stdout)
    assert [hit["id"] for hit in narrowed["hits"]] == ["y-2"]
    for wrong, said in (("colour=red", "issuer"), ("kind=poem", "policy"), ("kind", "FIELD=VALUE")):
        refused = gongkai(data, "search", "招生", "--filter", wrong)
        assert refused.returncode == 2
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr


def test_explain_says_what_each_word_adds(data: Path) -> None:
    answer = json.loads(gongkai(data, "search", "高龄津贴 申请", "--json", "--explain").stdout)
    assert sum(answer["explain"]["y-1"].values()) == pytest.approx(answer["hits"][0]["score"], abs=1e-5)


def test_searching_before_indexing_names_the_remedy(tmp_path: Path) -> None:
    refused = gongkai(tmp_path / "data", "search", "低保")
    assert refused.returncode == 1
    assert "gongkai index" in refused.stderr


def test_refused_inputs_are_listed_and_stop_nothing(data: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "good.txt").write_text("关于停水的通知\n因管网检修，滨河路停水。", "utf-8")
    (mixed / "empty.pdf").write_bytes(b"")
    (mixed / "cut.docx").write_bytes(b"PK\x03\x04 cut off")
    (mixed / "bad.jsonl").write_text('{"id": "z-1", "title": "好"}\n{broken\n{"id": "z-2"}\n', "utf-8")
    done = gongkai(data, "ingest", str(mixed), str(tmp_path / "nowhere"), "--json")
    assert done.returncode == 3
    counted = json.loads(done.stdout)
    assert (counted["new"], counted["refused"]) == (2, 5)
    listed = json.loads(gongkai(data, "status", "--json", "--failures").stdout)["failures_list"]
    assert len(listed) == 5
    assert all(item["reason"] for item in listed)


def test_a_withdrawn_document_is_out_of_everything_and_a_purge_leaves_no_word_of_it(data: Path) -> None:
    done = gongkai(data, "withdraw", "y-2", "--reason", "个人信息", "--purge")
    assert done.returncode == 0, done.stderr
    assert json.loads(gongkai(data, "search", "义务教育招生", "--json").stdout)["total"] == 0
    assert json.loads(gongkai(data, "search", "高龄津贴", "--json").stdout)["total"] == 1
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert "甲乙丙丁".encode() not in kept
    assert "高龄津贴".encode() in kept
    unknown = gongkai(data, "withdraw", "no-such-id", "--reason", "其他")
    assert unknown.returncode == 1
    assert "no-such-id" in unknown.stderr


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (("--help",), {"scrapy", "sqlalchemy", "whoosh", "opencc", "numpy", "flask", "gunicorn", "pydantic", "rich"}),
        (("search", "高龄津贴"), {"scrapy", "flask", "gunicorn", "pdfminer"}),
    ],
)
def test_a_command_imports_only_what_it_runs_on(data: Path, arguments: tuple[str, ...], unneeded: set[str]) -> None:
    program = f"import sys; sys.argv[1:] = {[*arguments]!r}\nfrom webapp.cli import main\ntry: main()\n"
    program += "finally: print(*sys.modules)"
    environment = {**os.environ, "GONGKAI_DATA": str(data)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True)
    assert not unneeded & set(done.stdout.splitlines()[-1].split())


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    environment = {**os.environ, "GONGKAI_PORT": "eighty"}
    command = [sys.executable, "-m", "webapp", "status", "--data", str(tmp_path)]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert refused.returncode == 2
    assert "port" in refused.stderr
    assert "eighty" in refused.stderr


def test_the_demo_finds_what_stands_only_inside_attachments(tmp_path: Path) -> None:
    done = gongkai(tmp_path, "demo", "--once")
    assert done.returncode == 0, done.stderr
    readable = (".pdf", ".docx")
    entries = manifest().entries
    phrases = {
        phrase: path
        for phrase, path in manifest().attachment_phrases.items()
        if all(Path(file).suffix in readable for _, file in entries[path].attachments)
    }
    assert phrases
    for phrase, path in phrases.items():
        answer = json.loads(gongkai(tmp_path, "search", f'"{phrase}"', "--json").stdout)
        assert [hit["url"].endswith(path) for hit in answer["hits"]] == [True], phrase
