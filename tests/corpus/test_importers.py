"""Files, folders and JSON lines become documents; what cannot be read is listed and stops nothing."""

from __future__ import annotations

import errno
import gzip
import json
import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

import corpus.importers
from corpus.blobs import BlobStore
from corpus.errors import BlobWriteError
from corpus.file_documents import file_document_id
from corpus.importers import IngestSummary, ingest
from corpus.models import Document, Kind, Validity
from corpus.store import DocumentStore

PAGE = """<!doctype html><html><head><meta charset="utf-8">
<meta name="ArticleTitle" content="云澜区高龄津贴发放管理办法"><meta name="PubDate" content="2023-03-01">
<title>云澜区</title></head><body><div class="TRS_Editor"><p>第一条 年满八十周岁的老年人可以申领高龄津贴。</p>
<p>第二条 津贴按月发放到社会保障卡，由街道便民服务中心办理。</p></div></body></html>"""
NOTE = "关于滨河路停水的公告\n\n因管网检修，滨河路沿线停水，请居民提前储水。\n"


def record(number: int, **more: object) -> dict[str, object]:
    return {"id": f"yl-{number}", "title": f"关于第{number}标段停水的公告", **more}


def lines(*records: object) -> bytes:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in records).encode()


def documents(store: DocumentStore) -> dict[str, Document]:
    return {stored.document.id: stored.document for stored in store.live_documents()}


def outcome(summary: IngestSummary) -> tuple[int, int, int, int]:
    return summary.created, summary.changed, summary.unchanged, len(summary.refused)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


# -- JSON lines


@pytest.mark.parametrize("name", ["papers.jsonl", "papers.jsonl.gz"])
def test_json_lines_become_documents(store: DocumentStore, blobs: BlobStore, inbox: Path, name: str) -> None:
    data = lines(record(1, kind="policy", validity="有效", issuer=["甲", "乙"], 浏览量=3), record(2, body="停水。"))
    path = inbox / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert outcome(ingest([path], store, blobs)) == (2, 0, 0, 0)
    kept = documents(store)
    assert set(kept) == {"yl-1", "yl-2"}
    assert kept["yl-1"].kind is Kind.POLICY
    assert kept["yl-1"].validity is Validity.IN_FORCE
    assert kept["yl-1"].issuers == ("甲", "乙")
    assert kept["yl-1"].extra == {"浏览量": 3}
    assert store.blob_names() == set()


def test_a_bom_empty_lines_and_a_missing_last_newline_do_not_matter(
    store: DocumentStore, blobs: BlobStore, inbox: Path
) -> None:
    path = inbox / "papers.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines(record(1)) + b"\r\n  \n" + lines(record(2)).strip())
    assert outcome(ingest([path], store, blobs)) == (2, 0, 0, 0)


BAD_LINES = {
    "no JSON": b"{half",
    "invalid UTF-8": '{"id": "a", "title": "停水"}'.encode("gbk"),
    "no object": b'["a"]',
    "no title": b'{"id": "a"}',
    "no id": '{"title": "停水"}'.encode(),
    "body no text": '{"id": "a", "title": "停水", "body": []}'.encode(),
    "deep": b'{"id": "a", "title": "b", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep enough to parse only": b'{"id": "a", "title": "b", "x": ' + b"[" * 700 + b"]" * 700 + b"}",
    "number of 5,000 digits": b'{"id": "a", "title": "b", "x": ' + b"1" * 5_000 + b"}",
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_is_no_document_is_listed_with_its_number_and_stops_nothing(
    store: DocumentStore, blobs: BlobStore, inbox: Path, line: bytes
) -> None:
    path = inbox / "papers.jsonl"
    path.write_bytes(lines(record(1)) + line + b"\n" + lines(record(3)))
    summary = ingest([path], store, blobs)
    assert {"yl-1", "yl-3"} <= set(documents(store))
    assert set(documents(store)) <= {"yl-1", "yl-3", "a"}
    if "a" in documents(store):  # nested deeply, but this Python can read and write it
        assert summary.refused == []
        return
    ((where, reason),) = summary.refused
    assert where == f"{path}, line 2"
    assert reason
    assert [(failure.source, failure.reason) for failure in store.failures()] == [(where, reason)]


def test_a_surrogate_in_an_unknown_key_does_not_stop_the_others(
    store: DocumentStore, blobs: BlobStore, inbox: Path
) -> None:
    path = inbox / "papers.jsonl"
    path.write_bytes(b'{"id": "a", "title": "b", "x": "\\ud83d"}\n' + lines(record(2)))
    assert outcome(ingest([path], store, blobs)) == (2, 0, 0, 0)


def test_a_listed_line_that_was_mended_is_listed_no_more(store: DocumentStore, blobs: BlobStore, inbox: Path) -> None:
    path = inbox / "papers.jsonl"
    path.write_bytes(lines(record(1), {"id": "yl-2"}))
    ingest([path], store, blobs)
    assert len(store.failures()) == 1
    path.write_bytes(lines(record(1), record(2)))
    assert outcome(ingest([path], store, blobs)) == (1, 0, 1, 0)
    assert store.failures() == []


def test_a_truncated_gzip_keeps_what_came_before_the_break(store: DocumentStore, blobs: BlobStore, inbox: Path) -> None:
    path = inbox / "papers.jsonl.gz"
    whole = gzip.compress(lines(*(record(number, body=os.urandom(60).hex()) for number in range(2_000))))
    path.write_bytes(whole[: len(whole) // 2])
    summary = ingest([path, _file(inbox / "note.txt", NOTE)], store, blobs)
    assert 0 < summary.created - 1 < 2_000
    ((where, reason),) = summary.refused
    assert where == str(path)
    assert "breaks off after line" in reason


def test_what_is_no_gzip_is_listed(store: DocumentStore, blobs: BlobStore, inbox: Path) -> None:
    path = inbox / "papers.jsonl.gz"
    path.write_bytes(lines(record(1)))
    summary = ingest([path], store, blobs)
    assert outcome(summary) == (0, 0, 0, 1)
    assert "breaks off after line 0" in summary.refused[0][1]


def test_of_an_id_that_comes_twice_the_later_one_counts(store: DocumentStore, blobs: BlobStore, inbox: Path) -> None:
    path = inbox / "papers.jsonl"
    path.write_bytes(lines(record(1, body="先"), record(1, body="后")))
    ingest([path], store, blobs)
    assert documents(store)["yl-1"].body == "后"


def test_batches_make_no_difference(
    store: DocumentStore, blobs: BlobStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.importers, "_BATCH_DOCUMENTS", 3)
    path = inbox / "papers.jsonl"
    path.write_bytes(lines(*(record(number) for number in range(10)), {"id": "bad"}, record(0, body="改")))
    seen: list[int] = []
    summary = ingest([path], store, blobs, seen.append)
    assert outcome(summary) == (10, 1, 0, 1)
    assert seen == [3, 6, 9, 11]
    assert documents(store)["yl-0"].body == "改"


def test_large_originals_are_not_piled_up_in_memory(
    store: DocumentStore, blobs: BlobStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.importers, "_BATCH_SIZE", 5_000)
    for number in range(4):
        _file(inbox / f"{number}.html", PAGE + " " * 6_000)  # much file, little text
    seen: list[int] = []
    ingest([inbox], store, blobs, seen.append)
    assert seen == [1, 2, 3, 4]


# -- files and folders


def _file(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_folder_is_read_with_all_below_and_what_is_hidden_left_out(
    store: DocumentStore, blobs: BlobStore, inbox: Path
) -> None:
    page = _file(inbox / "2023" / "办法.html", PAGE)
    note = _file(inbox / "公告.txt", NOTE)
    papers = _file(inbox / "papers.jsonl", lines(record(1)))
    for hidden in (".git/config", "~$办法.docx", "2023/.DS_Store"):
        _file(inbox / hidden, b"\x00\x01")
    summary = ingest([inbox], store, blobs)
    assert summary.refused == []
    kept = documents(store)
    assert set(kept) == {file_document_id(str(page)), file_document_id(str(note)), "yl-1"}
    article = kept[file_document_id(str(page))]
    assert article.title == "云澜区高龄津贴发放管理办法"
    assert "年满八十周岁" in article.body
    stored = store.get(file_document_id(str(page)))
    assert stored is not None and stored.original is not None
    assert (stored.original.name, stored.original.media_type) == ("办法.html", "text/html")
    assert blobs.read(stored.original.sha256) == page.read_bytes()
    assert papers.exists()


def test_a_file_has_one_id_however_it_is_named(
    store: DocumentStore, blobs: BlobStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _file(inbox / "a" / "1.html", PAGE)
    assert outcome(ingest([inbox], store, blobs)) == (1, 0, 0, 0)
    monkeypatch.chdir(inbox)
    (inbox / "link").symlink_to("a")
    for name in (page, Path("a/1.html"), Path("a"), Path(), Path("link/1.html"), Path("a/../a/1.html")):
        assert ingest([name], store, blobs).created == 0, name
    assert len(documents(store)) == 1


def test_files_of_the_same_name_in_different_folders_are_different_documents(
    store: DocumentStore, blobs: BlobStore, inbox: Path
) -> None:
    one, other = _file(inbox / "a" / "1.html", PAGE), _file(inbox / "b" / "1.html", PAGE.replace("八十", "九十"))
    assert outcome(ingest([one, other], store, blobs)) == (2, 0, 0, 0)


def test_ingesting_again_changes_nothing_and_a_changed_file_is_a_new_version(
    store: DocumentStore, blobs: BlobStore, inbox: Path
) -> None:
    page = _file(inbox / "办法.html", PAGE)
    _file(inbox / "papers.jsonl", lines(record(1), record(2)))
    assert outcome(ingest([inbox], store, blobs)) == (3, 0, 0, 0)
    change = store.last_change()
    assert outcome(ingest([inbox], store, blobs)) == (0, 0, 3, 0)
    assert store.last_change() == change
    _file(page, PAGE.replace("八十", "九十"))
    assert outcome(ingest([inbox], store, blobs)) == (0, 1, 2, 0)
    versions = store.versions_of(file_document_id(str(page)))
    assert ["八十" in document.body for _, document, _ in versions] == [True, False]
    for sha256 in store.blob_names():
        assert blobs.read(sha256)


UNREADABLE = {
    "empty.html": (b"", "empty"),
    "empty.pdf": (b"", "empty"),
    "program.exe": (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)), "no known type"),
    "archive.rar": (b"Rar!\x1a\x07\x01\x00" + b"\0" * 40, "rar archives are not supported"),
    "broken.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<", ""),
    "broken.docx": (b"PK\x03\x04\x14\x00\x06\x00", ""),
    "table.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ""),
    "soft404.html": (
        "<html><head><title>页面不存在</title></head><body>您访问的页面不存在</body></html>".encode(),
        "soft_404",
    ),
}


def test_what_cannot_be_read_is_kept_and_listed_with_its_reason_and_stops_nothing(
    store: DocumentStore, blobs: BlobStore, inbox: Path
) -> None:
    for name, (data, _) in UNREADABLE.items():
        _file(inbox / name, data)
    _file(inbox / "办法.html", PAGE)
    summary = ingest([inbox], store, blobs)
    assert summary.created == 1
    reasons = {Path(where).name: reason for where, reason in summary.refused}
    assert set(reasons) == set(UNREADABLE)
    for name, (_, reason) in UNREADABLE.items():
        assert reason in reasons[name], name
        assert "Traceback" not in reasons[name]
    assert {(failure.source, failure.reason) for failure in store.failures()} == set(summary.refused)
    assert len(store.blob_names()) == 1 + len({data for data, _ in UNREADABLE.values() if data})
    assert {path.name for path in blobs.folder.rglob("*") if path.is_file()} == store.blob_names()


def test_a_file_that_is_not_there_or_cannot_be_opened_is_listed(
    store: DocumentStore, blobs: BlobStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _file(inbox / "locked.html", PAGE)
    note = _file(inbox / "公告.txt", NOTE)
    read = Path.read_bytes

    def locked(self: Path) -> bytes:
        if self.name == "locked.html":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", locked)
    summary = ingest([inbox / "missing", inbox], store, blobs)
    assert dict(summary.refused) == {
        str(inbox / "missing"): "there is no such file or folder",
        str(inbox / "locked.html"): "the file cannot be opened: Permission denied",
    }
    assert set(documents(store)) == {file_document_id(str(note))}


def test_a_file_that_is_too_large_is_refused_unread(
    store: DocumentStore, blobs: BlobStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.importers, "MAX_FILE_BYTES", 1 << 20)
    _file(inbox / "扫描件.pdf", b"%PDF-1.7\n" + b"\0" * (1 << 20))
    _file(inbox / "公告.txt", NOTE)
    summary = ingest([inbox], store, blobs)
    assert summary.created == 1
    assert summary.refused == [(str(inbox / "扫描件.pdf"), "the file is larger than 1 MB")]
    assert len(store.blob_names()) == 1


def test_a_file_name_in_gbk_is_read_as_people_wrote_it(store: DocumentStore, blobs: BlobStore, inbox: Path) -> None:
    """As archives made on Chinese Windows unpack: the bytes of the name are no UTF-8."""
    for name, data in (("高龄津贴.txt", NOTE.encode()), ("损坏.pdf", b"%PDF-1.7"), ("批.jsonl", b"{half")):
        with open(os.fsencode(inbox) + b"/" + name.encode("gbk"), "wb") as file:  # noqa: PTH123 - bytes
            file.write(data)
    summary = ingest([inbox], store, blobs)
    assert summary.created == 1
    assert {where.removeprefix(f"{inbox}/") for where, _ in summary.refused} == {"损坏.pdf", "批.jsonl, line 1"}
    (document,) = documents(store).values()
    assert document.id == file_document_id(f"{inbox}/高龄津贴.txt")


def test_a_file_without_a_title_is_named_by_its_file(store: DocumentStore, blobs: BlobStore, inbox: Path) -> None:
    _file(inbox / "2024年公示.html", '<html><body><div class="TRS_Editor"><img src="gs.jpg"></div></body></html>')
    ingest([inbox], store, blobs)
    (document,) = documents(store).values()
    assert document.title == "2024年公示"


# -- what must not happen


def test_a_withdrawn_document_stays_so_and_its_file_is_not_kept(
    store: DocumentStore, blobs: BlobStore, inbox: Path
) -> None:
    page = _file(inbox / "办法.html", PAGE)
    _file(inbox / "papers.jsonl", lines(record(1), record(2)))
    ingest([inbox], store, blobs)
    gone: list[str] = []
    for document_id in (file_document_id(str(page)), "yl-1"):
        with store.writing() as writer:
            gone += writer.withdraw(document_id, reason="个人信息", purge=True)
    for sha256 in gone:
        blobs.delete(sha256)
    summary = ingest([inbox], store, blobs)
    assert (summary.created, summary.changed, summary.unchanged, summary.withdrawn) == (0, 0, 1, 2)
    assert len(summary.refused) == 2
    assert all("was withdrawn and stays so" in reason for _, reason in summary.refused)
    assert set(documents(store)) == {"yl-2"}
    assert [path for path in blobs.folder.rglob("*") if path.is_file()] == []


def test_a_full_disk_keeps_what_was_committed_and_no_document_without_its_file(
    store: DocumentStore, blobs: BlobStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.importers, "_BATCH_DOCUMENTS", 1)
    _file(inbox / "1.html", PAGE)
    _file(inbox / "2.html", PAGE.replace("八十", "九十"))
    put, puts = blobs.put, list[bytes]()

    def full(data: bytes) -> str:
        puts.append(data)
        if len(puts) > 1:
            raise BlobWriteError("cannot keep: No space left on device")
        return put(data)

    with monkeypatch.context() as broken:
        broken.setattr(blobs, "put", full)
        with pytest.raises(BlobWriteError):
            ingest([inbox], store, blobs)
    assert set(documents(store)) == {file_document_id(str(inbox / "1.html"))}
    assert outcome(ingest([inbox], store, blobs)) == (1, 0, 1, 0)


def test_an_interruption_keeps_the_batches_before_it(
    store: DocumentStore, blobs: BlobStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.importers, "_BATCH_DOCUMENTS", 4)
    path = _file(inbox / "papers.jsonl", lines(*(record(number) for number in range(10))))

    def interrupt(read: int) -> None:
        if read == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest([path], store, blobs, interrupt)
    assert len(documents(store)) == 8
    assert outcome(ingest([path], store, blobs)) == (2, 0, 8, 0)


# -- real collections


def _every(path: Path, step: int) -> Sequence[bytes]:
    with gzip.open(path, "rb") as file:
        return list(islice(file, 0, None, step))


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "step"), [("gov-documents.jsonl.gz", 20), ("statutes.jsonl.gz", 120), ("titles.jsonl.gz", 60)]
)
def test_the_real_collections_are_taken_whole(
    store: DocumentStore, blobs: BlobStore, inbox: Path, realdata: Path, name: str, step: int
) -> None:
    sample = _every(realdata / name, step)
    assert len(sample) > 300
    path = _file(inbox / name, gzip.compress(b"".join(sample)))
    summary = ingest([path], store, blobs)
    assert summary.refused == []
    assert summary.created == len(sample)
    assert set(documents(store)) == {json.loads(line)["id"] for line in sample}
    assert outcome(ingest([path], store, blobs)) == (0, 0, len(sample), 0)
    for line in sample[::25]:
        given = json.loads(line)
        document = documents(store)[given["id"]]
        assert document.body == given.get("body", "")
        assert document.document_number == given.get("document_number", "").strip()
