"""The documented site files work as written, against servers that answer as those families do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from corpus.crawl import CrawlSettings, parse_site
from corpus.models import Validity
from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import ROOT, Crawl
from tests.corpus.crawl.server import Answer, Request, TinyServer

SETTINGS = CrawlSettings(retry_delay_s=0.0, timeout_s=10.0)  # and the real parsers
FILES = sorted((ROOT / "docs" / "sites").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_documented_site_file_can_be_read_and_says_that_it_is_untested(path: Path) -> None:
    text = path.read_text("utf-8")
    assert parse_site(text, path.name).listings()
    assert "Untested on a live site" in text


def article(title: str) -> Answer:
    return Answer(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>正文。</p></body></html>".encode()
    )


def described(name: str, server: TinyServer) -> list[dict[str, object]]:
    """The listing tables of a documented file, for this server."""
    text = (ROOT / "docs" / "sites" / name).read_text("utf-8").replace("www.example.gov.cn", server.host)
    return [listing.model_dump(mode="json") for listing in parse_site(text, name).listing]


def test_the_guangdong_platform_gives_its_articles_with_dates_and_validity(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    server.pages["/"] = Answer(b"<html><body>index</body></html>")
    rows = [
        {"url": f"{server.url}/a/{number}.html", "title": f"第{number}号通知", "create_time": 1_595_930_400, **flags}
        for number, flags in enumerate(({}, {"is_abolished": 1}, {"is_expired": 1}))
    ]
    for number in range(3):
        server.pages[f"/a/{number}.html"] = article(f"第{number}号通知")
    for category in ("5", "6"):
        for page, shown in ((1, rows[:2]), (2, rows[2:]), (3, [])):
            answer = {"total": 3 if category == "5" else 0, "articles": shown if category == "5" else []}
            server.pages[f"/gkmlpt/api/all/{category}?page={page}&sid=100001"] = Answer(
                json.dumps(answer).encode(), content_type="application/json"
            )
    summary = run_crawl(settings=SETTINGS, listing=described("guangdong-gkmlpt.toml", server))
    assert summary.outcome == "finished"
    found = {stored.document.title: stored.document for stored in store.live_documents()}
    assert {title: document.validity for title, document in found.items() if "通知" in title} == {
        "第0号通知": Validity.UNKNOWN,
        "第1号通知": Validity.REPEALED,
        "第2号通知": Validity.EXPIRED,
    }
    assert found["第0号通知"].published_on == date(2020, 7, 28)


def test_a_dataproxy_list_is_asked_by_post_and_paged_by_record_numbers(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    server.pages["/"] = Answer(b"<html><body>index</body></html>")
    for number in range(1, 18):
        server.pages[f"/art/{number}.html"] = article(f"公告{number}")

    def page(first: int, last: int) -> Answer:
        items = (
            f'<li><a href="/art/{n}.html" title="公告{n}">公告…</a><span>2023-04-{n:02}</span></li>'
            for n in range(first, min(last, 17) + 1)
        )
        records = "".join(f"<record><![CDATA[{item}]]></record>" for item in items)
        body = f"<datastore><totalrecord>17</totalrecord><recordset>{records}</recordset></datastore>"
        return Answer(body.encode(), content_type="text/xml; charset=utf-8")

    asked: list[Request] = []

    def first(request: Request) -> Answer:
        asked.append(request)
        return page(1, 15)

    path = "/module/web/jpage/dataproxy.jsp"
    server.pages[f"{path}?startrecord=1&endrecord=15&perpage=15"] = first
    server.pages[f"{path}?startrecord=16&endrecord=30&perpage=15"] = page(16, 30)
    summary = run_crawl(settings=SETTINGS, listing=described("dataproxy.toml", server))
    assert summary.outcome == "finished"
    assert [(request.method, request.body) for request in asked] == [("POST", b"col=1&webid=1&columnid=1229&unitid=1")]
    dated = {stored.document.title: stored.document.published_on for stored in store.live_documents()}
    assert {title for title in dated if title.startswith("公告")} == {f"公告{n}" for n in range(1, 18)}
    assert dated["公告17"] == date(2023, 4, 17)
