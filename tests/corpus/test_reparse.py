"""Stored originals are read again: what a better parser gains is taken, what others said of a document stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.blobs import BlobStore
from corpus.crawl import CrawlSettings, crawl, parse_site
from corpus.file_documents import file_document_id
from corpus.models import Attachment, Document, Kind, Original
from corpus.parsers.dispatch import parser_version
from corpus.reparse import ReparseSummary, reparse
from corpus.sample import SamplePortal
from corpus.store import DocumentStore
from corpus.stored import StoredDocument

URL = "http://www.example.gov.cn/zwgk/1.html"
FILE_URL = "http://www.example.gov.cn/zwgk/1.txt"
TITLE, BODY = "关于滨河路停水的公告", "因管网检修，滨河路沿线停水，请居民提前储水，不便之处敬请谅解。"
PAGE = f"""<!doctype html><html><head><meta charset="utf-8"><title>云澜区</title>
<meta name="ArticleTitle" content="{TITLE}"></head>
<body><div class="TRS_Editor"><p>{BODY}</p></div></body></html>""".encode()
NOT_FOUND = "<html><head><title>页面不存在</title></head><body>您访问的页面不存在</body></html>".encode()
NOTICE = Document(id="y-1", title=TITLE, url=URL, site="yunlan", kind=Kind.NOTICE, body=BODY)
TODAY = parser_version("text/html")


@pytest.fixture
def store(store_url: str) -> Iterator[DocumentStore]:
    """An empty store, in each of the databases."""
    with DocumentStore.open(store_url) as opened:
        yield opened


def keep(
    store: DocumentStore, blobs: BlobStore, data: bytes = PAGE, *, parser: str = "html/0", **values: object
) -> Document:
    """A document as an earlier parser read it out of a page."""
    document = replace(NOTICE, **values)  # type: ignore[arg-type]
    original = Original(sha256=blobs.put(data), media_type="text/html", name="1.html", size=len(data), parser=parser)
    with store.writing() as writer:
        writer.put(document, original)
    return document


def stored(store: DocumentStore, document_id: str = "y-1") -> StoredDocument:
    found = store.get(document_id)
    assert found is not None
    return found


def parser_of(store: DocumentStore, document_id: str = "y-1") -> str:
    original = stored(store, document_id).original
    assert original is not None
    return original.parser


def counts(summary: ReparseSummary) -> tuple[int, int, int, int]:
    return summary.changed, summary.unchanged, summary.files, len(summary.refused)


def test_a_better_reading_is_a_new_version_and_is_made_once(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, title="云澜区", body="因管网检修")
    assert counts(reparse(store, blobs)) == (1, 0, 0, 0)
    now = stored(store)
    assert (now.version, now.document.title, now.document.body) == (2, TITLE, BODY)
    assert parser_of(store) == TODAY
    assert [document.body for _, document, _ in store.versions_of("y-1")] == ["因管网检修", BODY]
    assert counts(reparse(store, blobs)) == (0, 0, 0, 0)


def test_an_equal_reading_makes_no_version_and_notes_who_read(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs)
    change = store.last_change()
    assert counts(reparse(store, blobs)) == (0, 1, 0, 0)
    assert (stored(store).version, store.last_change(), parser_of(store)) == (1, change, TODAY)
    assert counts(reparse(store, blobs)) == (0, 0, 0, 0)
    assert counts(reparse(store, blobs, everything=True)) == (0, 1, 0, 0)


def test_everything_reads_each_document_once(store: DocumentStore, blobs: BlobStore) -> None:
    for number in range(3):
        keep(store, blobs, parser=TODAY, id=f"y-{number}", body="短")
    seen: list[int] = []
    assert counts(reparse(store, blobs, everything=True, on_progress=seen.append)) == (3, 0, 0, 0)
    assert seen == [1, 1, 1]


def test_what_the_listing_and_the_site_file_said_stays(store: DocumentStore, blobs: BlobStore) -> None:
    silent = b'<html><body><div class="TRS_Editor"><p><img src="notice.jpg"></p></div></body></html>'
    said: dict[str, Any] = {
        "title": "停水公告",
        "column": "公示公告",
        "kind": Kind.NOTICE,
        "issuers": ("云澜区水务局",),
        "published_on": date(2024, 5, 6),
        "region": "云澜区",
    }
    keep(store, blobs, silent, **said, body="短")
    assert counts(reparse(store, blobs)) == (1, 0, 0, 0)
    document = stored(store).document
    assert {name: getattr(document, name) for name in said} == said
    assert document.body == ""


def test_what_the_page_itself_says_counts_more(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, title="停水公告", column="公示公告")
    reparse(store, blobs)
    assert (stored(store).document.title, stored(store).document.column) == (TITLE, "公示公告")


def test_what_reads_as_no_document_any_more_stays_and_is_listed_until_it_does(
    store: DocumentStore, blobs: BlobStore
) -> None:
    before = keep(store, blobs, NOT_FOUND)
    lost = keep(store, blobs, PAGE + b"\n", id="y-2", url="")
    missing = stored(store, "y-2").original
    assert missing is not None
    blobs.delete(missing.sha256)
    summary = reparse(store, blobs)
    assert counts(summary) == (0, 0, 0, 2)
    reasons = dict(summary.refused)
    assert "soft_404" in reasons[URL]
    assert missing.sha256 in reasons["y-2"]
    assert {failure.source: failure.reason for failure in store.failures()} == reasons
    assert (stored(store).document, stored(store, "y-2").document) == (before, lost)
    assert parser_of(store) == "html/0"
    blobs.put(PAGE + b"\n")
    assert counts(reparse(store, blobs, failed_only=True)) == (0, 1, 0, 1)
    assert [failure.source for failure in store.failures()] == [URL]


def test_failed_leaves_alone_what_an_earlier_parser_read(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, body="短")
    assert counts(reparse(store, blobs, failed_only=True)) == (0, 0, 0, 0)
    assert stored(store).document.body == "短"


def test_a_file_that_could_not_be_read_becomes_a_document(store: DocumentStore, blobs: BlobStore) -> None:
    with store.writing() as writer:
        writer.record_failure("/inbox/1.html", "html files cannot be read yet", blobs.put(PAGE))
        writer.record_failure("/inbox/2.html", "html files cannot be read yet", blobs.put(NOT_FOUND))
    summary = reparse(store, blobs, failed_only=True)
    assert counts(summary) == (1, 0, 0, 1)
    now = stored(store, file_document_id("/inbox/1.html"))
    assert now.document.title == TITLE
    assert now.original is not None and blobs.read(now.original.sha256) == PAGE
    ((source, reason),) = summary.refused
    assert source == "/inbox/2.html" and "soft_404" in reason
    assert [(failure.source, failure.reason) for failure in store.failures()] == [(source, reason)]


def test_a_failed_page_is_left_to_the_next_crawl(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, b"<p>earlier</p>", body="短")
    with store.writing() as writer:
        writer.record_failure(URL, "ofd files cannot be read yet", blobs.put(PAGE))
    summary = reparse(store, blobs, everything=True)
    ((source, reason),) = summary.left
    assert source == URL and "the next crawl" in reason
    assert summary.refused == []
    assert stored(store).document.body == "短"
    assert [failure.reason for failure in store.failures()] == ["ofd files cannot be read yet"]


def test_attached_files_are_read_again(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, parser=TODAY, attachments=(Attachment(name="附件", url=FILE_URL),))
    sha256 = blobs.put("滨河路一号至九号停水。".encode())
    with store.writing() as writer:
        writer.put_file(FILE_URL, sha256=sha256, size=33, media_type="text/plain")
        writer.put_extract(sha256, parser="text/0", text="滨河路")
    change = store.last_change()
    assert counts(reparse(store, blobs)) == (0, 0, 1, 0)
    assert stored(store).document.attachments[0].text == "滨河路一号至九号停水。"
    assert store.last_change() > change  # so that the index takes the words in
    assert counts(reparse(store, blobs)) == (0, 0, 0, 0)


def test_an_attached_file_that_fails_keeps_its_text_or_takes_todays_reason(
    store: DocumentStore, blobs: BlobStore
) -> None:
    urls = [FILE_URL, FILE_URL.replace("1.txt", "2.pdf")]
    keep(store, blobs, parser=TODAY, attachments=tuple(Attachment(name=url[-5:], url=url) for url in urls))
    once, never = blobs.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<"), blobs.put(b"%PDF-1.7\n2 0 obj\n<<")
    with store.writing() as writer:
        for url, sha256 in zip(urls, (once, never), strict=True):
            writer.put_file(url, sha256=sha256, size=1, media_type="application/pdf")
        writer.put_extract(once, parser="pdf/0", text="滨河路")
        writer.put_extract(never, parser="", problem="pdf files cannot be read yet")
    summary = reparse(store, blobs)
    assert counts(summary) == (0, 0, 0, 2)
    kept, failed = stored(store).document.attachments
    assert (kept.text, kept.problem) == ("滨河路", "")
    assert failed.problem == dict(summary.refused)[urls[1]] != "pdf files cannot be read yet"


def test_what_stays_unreadable_is_refused_once_and_when_asked_for(store: DocumentStore, blobs: BlobStore) -> None:
    """A document, a file that came by itself, and two attached files: one never read, one of which a text is kept."""
    urls = [FILE_URL, FILE_URL.replace("1.txt", "2.pdf")]
    keep(store, blobs, NOT_FOUND, attachments=tuple(Attachment(name="附件", url=url) for url in urls))
    cut = [blobs.put(b"%PDF-1.7\n" + number + b" 0 obj\n<<") for number in (b"1", b"2")]
    with store.writing() as writer:
        writer.record_failure("/inbox/2.html", "html files cannot be read yet", blobs.put(NOT_FOUND))
        for url, sha256 in zip(urls, cut, strict=True):
            writer.put_file(url, sha256=sha256, size=1, media_type="application/pdf")
        writer.put_extract(cut[0], parser="pdf/0", text="滨河路")
        writer.put_extract(cut[1], parser="", problem="pdf files cannot be read yet")
    everyone = sorted([URL, "/inbox/2.html", *urls])

    def refused(*, everything: bool = False, failed_only: bool = False) -> tuple[list[str], list[str]]:
        summary = reparse(store, blobs, everything=everything, failed_only=failed_only)
        return sorted(source for source, _ in summary.refused), sorted(source for source, _ in summary.known)

    assert refused() == (everyone, [])
    assert refused() == ([], everyone)
    assert refused(everything=True) == (everyone, [])
    assert refused(failed_only=True) == (everyone, [])
    assert stored(store).document.attachments[0].text == "滨河路"


def test_an_attached_file_that_was_read_in_part_is_not_read_each_time(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, parser=TODAY, attachments=(Attachment(name="附件", url=FILE_URL),))
    sha256 = blobs.put("滨河路一号至九号停水。".encode())
    with store.writing() as writer:
        writer.put_file(FILE_URL, sha256=sha256, size=33, media_type="text/plain")
        writer.put_extract(
            sha256, parser=parser_version("text/plain"), text="滨河路", problem="3 characters are damaged"
        )
    assert counts(reparse(store, blobs)) == (0, 0, 0, 0)
    assert counts(reparse(store, blobs, failed_only=True)) == (0, 0, 1, 0)


def test_a_guess_of_the_first_line_does_not_replace_what_a_listing_said(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, "表一\n单位：万元\n".encode(), title="2024年清河区部门预算", url=FILE_URL, parser="text/0")
    keep(store, blobs, "表二\n单位：万元\n".encode(), id="y-2", title="P020240507", url="", parser="text/0")
    assert counts(reparse(store, blobs)) == (2, 0, 0, 0)
    assert stored(store).document.title == "2024年清河区部门预算"
    assert stored(store, "y-2").document.title == "表二"


def test_what_is_gone_or_withdrawn_is_not_read(store: DocumentStore, blobs: BlobStore) -> None:
    keep(store, blobs, body="短")
    keep(store, blobs, id="y-2", body="短")
    with store.writing() as writer:
        writer.mark_gone(["y-1"])
        writer.withdraw("y-2", reason="其他")
    assert counts(reparse(store, blobs, everything=True)) == (0, 0, 0, 0)
    assert [stored(store, name).state for name in ("y-1", "y-2")] == ["gone", "withdrawn"]


def test_a_crawl_that_is_faster_is_not_overwritten(store: DocumentStore, tmp_path: Path) -> None:
    class Overtaken(BlobStore):
        def read(self, sha256: str) -> bytes:
            keep(store, self, b"<p>newer</p>", parser=TODAY, body="新的正文")
            return super().read(sha256)

    blobs = Overtaken(tmp_path / "blobs")
    keep(store, blobs, body="短")
    assert counts(reparse(store, blobs)) == (0, 0, 0, 0)
    assert (stored(store).version, stored(store).document.body) == (2, "新的正文")


def test_a_crawled_site_read_again_is_as_it_was(store: DocumentStore, blobs: BlobStore, tmp_path: Path) -> None:
    with SamplePortal() as portal:
        settings = CrawlSettings(retry_delay_s=0.0)
        site = parse_site(portal.site_toml())
        assert crawl(site, store, blobs, data_dir=tmp_path, settings=settings).outcome == "finished"
    live, change = store.counts()["live"], store.last_change()
    assert live > 50
    summary = reparse(store, blobs, everything=True)
    assert (summary.changed, summary.unchanged) == (0, live)
    assert store.last_change() == change
    assert summary.files > 5
