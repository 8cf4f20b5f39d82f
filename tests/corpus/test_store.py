"""The store keeps every version, orders changes, and forgets only what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex

import pytest
import sqlalchemy

import corpus.database
from corpus.blobs import BlobStore
from corpus.errors import StoreBusyError, StoreError, UnknownDocumentError
from corpus.models import Attachment, Document, Kind, Original, Validity
from corpus.store import DocumentStore, sqlite_url
from corpus.stored import StoredFile
from corpus.tables import documents, metadata

NOTICE = Document(
    id="yunxi-1",
    title="关于做好2024年义务教育招生工作的通知",
    url="http://www.example.gov.cn/zwgk/1.html",
    site="yunxi",
    kind=Kind.POLICY,
    document_number="云教体字〔2024〕12号",
    issuers=("云溪区教育体育局",),
    issued_on=date(2024, 4, 28),
    validity=Validity.IN_FORCE,
    keywords=("义务教育", "招生"),
    body="各小学、初中：\n现将有关事项通知如下。",
    attachments=(Attachment(name="学区划分表.pdf", url="http://www.example.gov.cn/files/a.pdf"),),
    fetched_at=datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
    extra={"classification": "基础教育"},
)
ORIGINAL = Original(sha256="a" * 64, media_type="text/html", name="1.html", size=1200, parser="html/1")


@pytest.fixture
def store(store_url: str) -> Iterator[DocumentStore]:
    """An empty store, in each of the databases."""
    with DocumentStore.open(store_url) as opened:
        yield opened


def put(store: DocumentStore, *documents: Document) -> None:
    with store.writing() as writer:
        writer.put_many([(document, ORIGINAL) for document in documents])


def test_a_document_reads_back_as_it_was_kept(store: DocumentStore) -> None:
    put(store, NOTICE)
    stored = store.get("yunxi-1")
    assert stored is not None
    assert stored.document == NOTICE
    assert (stored.state, stored.version, stored.original) == ("live", 1, ORIGINAL)


def test_an_equal_document_changes_nothing_and_another_one_makes_a_version(store: DocumentStore) -> None:
    put(store, NOTICE)
    before = store.last_change()
    put(store, replace(NOTICE, fetched_at=datetime(2024, 6, 1, tzinfo=UTC)))
    assert store.last_change() == before
    put(store, replace(NOTICE, validity=Validity.REPEALED))
    assert store.last_change() == before + 1
    assert [number for number, _, _ in store.versions_of("yunxi-1")] == [1, 2]
    assert store.versions_of("yunxi-1")[0][1].validity is Validity.IN_FORCE


def test_changes_name_each_document_once_at_its_last_change(store: DocumentStore) -> None:
    second = replace(NOTICE, id="yunxi-2", title="补充通知")
    put(store, NOTICE, second)
    put(store, replace(NOTICE, body="改"))
    with store.writing() as writer:
        assert writer.mark_gone(["yunxi-2", "never-there"]) == 1
    changes = store.changes(after=0, limit=10)
    assert [(change.document_id, change.live) for change in changes] == [("yunxi-1", True), ("yunxi-2", False)]
    assert [change.number for change in changes] == sorted(change.number for change in changes)
    assert store.changes(after=changes[-1].number, limit=10) == []
    assert store.change_count(after=changes[0].number) == 1


def test_a_gone_document_that_returns_is_live_without_a_new_version(store: DocumentStore) -> None:
    put(store, NOTICE)
    with store.writing() as writer:
        writer.mark_gone(["yunxi-1"])
    put(store, NOTICE)
    stored = store.get("yunxi-1")
    assert stored is not None
    assert (stored.state, stored.version) == ("live", 1)


def test_a_transaction_that_fails_leaves_nothing(store: DocumentStore) -> None:
    with pytest.raises(RuntimeError), store.writing() as writer:
        writer.put(NOTICE)
        raise RuntimeError("power cut")
    assert store.get("yunxi-1") is None
    assert store.last_change() == 0


def test_a_file_shows_on_the_documents_that_carry_it_and_touches_them(store: DocumentStore) -> None:
    put(store, NOTICE)
    before = store.last_change()
    assert store.counts()["pending_files"] == 1
    with store.writing() as writer:
        assert writer.put_file(NOTICE.attachments[0].url, sha256="b" * 64, size=321_000, media_type="application/pdf")
        writer.put_extract("b" * 64, parser="pdf/1", text="第一小学学区：滨河路以东")
    assert store.last_change() > before
    stored = store.get("yunxi-1")
    assert stored is not None
    (attachment,) = stored.document.attachments
    assert (attachment.name, attachment.size, attachment.text) == (
        "学区划分表.pdf",
        321_000,
        "第一小学学区：滨河路以东",
    )
    assert store.file("b" * 64) == StoredFile(
        sha256="b" * 64, media_type="application/pdf", size=321_000, names=("学区划分表.pdf",)
    )
    with store.writing() as writer:
        assert not writer.put_file(NOTICE.attachments[0].url, sha256="b" * 64, size=321_000)
        assert writer.put_file(NOTICE.attachments[0].url, sha256="c" * 64, size=5, media_type="text/plain")
    assert store.file("b" * 64) is None


def test_a_withdrawn_document_stays_so_whatever_is_crawled(store: DocumentStore) -> None:
    put(store, NOTICE)
    with store.writing() as writer:
        assert writer.withdraw("yunxi-1", reason="个人信息", note="附件含身份证号") == []
    with store.writing() as writer:
        summary = writer.put(replace(NOTICE, body="新的正文"))
    assert summary.withdrawn == ["yunxi-1"]
    stored = store.get("yunxi-1")
    assert stored is not None and stored.state == "withdrawn"
    audit = store.withdrawal("yunxi-1")
    assert audit is not None and (audit.reason, audit.purged) == ("个人信息", False)
    with pytest.raises(UnknownDocumentError), store.writing() as writer:
        writer.withdraw("no-such-id", reason="其他")


def test_a_purge_that_was_cut_off_is_gone_on_with_and_spares_what_came_again(
    store: DocumentStore, blobs: BlobStore
) -> None:
    secret, shared = blobs.put(b"secret"), blobs.put(b"shared")
    for document_id, sha256 in (("yunxi-1", secret), ("yunxi-2", shared)):
        original = Original(sha256=sha256, media_type="text/html", name="a.html", size=6, parser="html/1")
        with store.writing() as writer:
            writer.put(replace(NOTICE, id=document_id, attachments=()), original)
    for document_id in ("yunxi-1", "yunxi-2"):
        with store.writing() as writer:  # and then the process dies
            writer.withdraw(document_id, reason="个人信息", purge=True)
    with store.writing() as writer:
        writer.put(replace(NOTICE, id="yunxi-3"), original)
    with store.writing() as writer:
        writer.withdraw("yunxi-1", reason="个人信息", purge=True)
        writer.delete_unwanted(blobs)
    assert set(blobs.names()) == {shared}


def test_a_purge_leaves_only_the_audit_line(store: DocumentStore, tmp_path: Path) -> None:
    secret = "身份证号三六〇一零四一九九九"
    other = replace(NOTICE, id="yunxi-2", attachments=())
    put(store, replace(NOTICE, body=secret), other)
    with store.writing() as writer:
        writer.put_file(NOTICE.attachments[0].url, sha256="b" * 64, size=1, media_type="application/pdf")
        writer.put_extract("b" * 64, parser="pdf/1", text=secret)
    put(store, replace(NOTICE, body="已改", attachments=()))  # the secret and its file live on in version 1
    with store.writing() as writer:
        orphans = writer.withdraw("yunxi-1", reason="个人信息", purge=True)
    assert orphans == ["b" * 64]  # the page's own bytes are those of yunxi-2 as well
    assert store.get("yunxi-1") is None
    assert store.versions_of("yunxi-1") == []
    assert store.get("yunxi-2") is not None
    audit = store.withdrawal("yunxi-1")
    assert audit is not None and audit.purged
    store.forget_deleted()
    with store.reading() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(table.select())]
    kept = repr(rows).encode() + b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    assert secret.encode() not in kept
    assert NOTICE.url.encode() in kept  # of yunxi-2: the test would notice a store that keeps nothing


def test_readers_see_one_moment_and_wait_for_no_writer(store: DocumentStore) -> None:
    put(store, NOTICE)
    count = sqlalchemy.select(sqlalchemy.func.count()).select_from(documents)
    with store.reading() as connection:
        assert connection.scalar(count) == 1
        put(store, replace(NOTICE, id="yunxi-2"))
        assert connection.scalar(count) == 1
    with store.writing() as writer:
        writer.put(replace(NOTICE, id="yunxi-3"))
        assert store.counts()["live"] == 2


def test_text_that_a_database_refuses_is_kept_without_what_it_refuses(store: DocumentStore) -> None:
    odd = replace(NOTICE, site="s" * 3_000, extra={"raw": "a\0b"})
    put(store, replace(odd, attachments=(Attachment(name="a", url="http://www.example.gov.cn/?" + "长" * 3_000),)))
    with store.writing() as writer:
        writer.record_failure("/inbox/\0.pdf", "no text: \0\ud83d")
        writer.put_extract("b" * 64, parser="pdf/1", text="一\0二\ud83d")
        writer.put_file(NOTICE.attachments[0].url, sha256="b" * 64, size=1, media_type="application/pdf")
    put(store, odd)
    assert store.failures()[0].source == "/inbox/.pdf"
    stored = store.get("yunxi-1")
    assert stored is not None
    assert (stored.document.attachments[0].text, stored.document.site) == ("一二?", odd.site)
    with store.writing() as writer:
        writer.clear_failure("/inbox/\0.pdf")
    assert store.failures() == []


def test_a_database_that_refuses_is_an_error_of_the_store(store: DocumentStore) -> None:
    with pytest.raises(StoreError, match="cannot be written"), store.writing() as writer:
        writer.connection.exec_driver_sql("INSERT INTO documents (id) VALUES (NULL)")
    with pytest.raises(StoreError, match="cannot be read"), store.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM no_such_table")
    assert store.counts()["live"] == 0


def test_a_second_writer_is_told_so(store: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.database, "BUSY_TIMEOUT_S", 0.05)
    first_is_in, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.writing() as writer:
            writer.put(NOTICE)
            first_is_in.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    first_is_in.wait(10)
    try:
        with (
            DocumentStore.open(store.engine.url.render_as_string(hide_password=False)) as other,
            pytest.raises(StoreBusyError, match="another program"),
            other.writing() as writer,
        ):
            writer.put(NOTICE)
    finally:
        done.set()
        holder.join()
    assert store.get("yunxi-1") is not None


def test_the_store_tells_how_large_it_is(store: DocumentStore) -> None:
    before = store.size_bytes()
    put(store, *(replace(NOTICE, id=f"yunxi-{number}", body=token_hex(10_000)) for number in range(20)))
    assert before + 200_000 < store.size_bytes() < before + 3_000_000


def test_what_could_not_be_read_is_listed_until_it_can(store: DocumentStore) -> None:
    with store.writing() as writer:
        writer.record_failure("http://www.example.gov.cn/b.pdf", "the file is truncated")
        writer.record_failure("http://www.example.gov.cn/b.pdf", "the file is empty")
    assert [(failure.source, failure.reason) for failure in store.failures()] == [
        ("http://www.example.gov.cn/b.pdf", "the file is empty")
    ]
    with store.writing() as writer:
        writer.clear_failure("http://www.example.gov.cn/b.pdf")
    assert store.failures() == []


def test_two_programs_that_open_a_new_store_at_once_make_it_once(store_url: str) -> None:
    problems: list[Exception] = []

    def open_it() -> None:
        try:
            with DocumentStore.open(store_url) as opened:
                opened.counts()
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


@pytest.mark.services
def test_a_database_server_that_was_restarted_is_found_again(postgresql_url: str) -> None:
    with DocumentStore.open(postgresql_url) as store:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        with DocumentStore.open(postgresql_url) as other, other.reading() as connection:
            connection.exec_driver_sql(f"{others} AND datname = current_database()")
        put(store, NOTICE)
        assert store.counts()["live"] == 1


@pytest.mark.parametrize("url", ["", "data/store.db", "mysql://localhost/store", "sqlite+none:///store.db"])
def test_what_is_no_url_of_a_store_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="store_url"):
        DocumentStore.open(url)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match="example") as refused:
        DocumentStore.open("postgresql+psycopg://gongkai:secret@/example?host=/no/such/folder")
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database, whatever its name says" * 50)
    with pytest.raises(StoreError, match=r"text\.db"):
        DocumentStore.open(sqlite_url(tmp_path / "text.db"))
