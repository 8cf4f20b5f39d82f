"""Does the portal behave as a web server should, and can a test change it while it runs?"""

from __future__ import annotations

import threading
import time
import tomllib

from corpus.sample import SamplePortal, manifest
from tests.corpus.sample.conftest import Client

POLICY = "/zwgk/zfwj/gfxwj/202406/t20240626_1202.html"


def test_home_page_answers_and_is_recorded(portal: SamplePortal, client: Client) -> None:
    answer = client.get("/")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "栖川市云澜区人民政府" in answer.text
    assert portal.requests == [("/", 200)]


def test_head_sends_the_same_headers_and_no_body(client: Client) -> None:
    got, head = client.get(POLICY), client.get(POLICY, "HEAD")
    assert head.body == b""
    assert head.status == 200
    for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified"):
        assert head.headers[name] == got.headers[name]


def test_a_current_copy_is_answered_304(client: Client) -> None:
    first = client.get(POLICY)
    by_tag = client.get(POLICY, If_None_Match=first.headers["ETag"])
    by_date = client.get(POLICY, If_Modified_Since=first.headers["Last-Modified"])
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert (by_date.status, by_date.body) == (304, b"")
    assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_a_stale_or_unreadable_condition_is_answered_in_full(client: Client) -> None:
    date = client.get(POLICY).headers["Last-Modified"]
    assert client.get(POLICY, If_None_Match='"old"').status == 200
    assert client.get(POLICY, If_None_Match='"old"', If_Modified_Since=date).status == 200
    assert client.get(POLICY, If_Modified_Since="Tue, 01 Jan 2019 00:00:00 GMT").status == 200
    assert client.get(POLICY, If_Modified_Since="last Tuesday").status == 200


def test_session_ids_and_unknown_queries_lead_to_the_same_page(client: Client) -> None:
    plain = client.get(POLICY).body
    assert client.get(f"{POLICY};jsessionid=8F3A2C7E").body == plain
    assert client.get(f"{POLICY}?from=timeline").body == plain


def test_unknown_paths_are_404_without_validators(client: Client) -> None:
    answer = client.get("/zwgk/nowhere.html")
    assert answer.status == 404
    assert answer.headers["ETag"] is None


def test_replace_changes_removes_and_breaks_a_page_while_running(portal: SamplePortal, client: Client) -> None:
    first = client.get(POLICY)
    portal.replace(POLICY, "<html>新内容</html>".encode())
    changed = client.get(POLICY, If_None_Match=first.headers["ETag"])
    assert (changed.status, changed.text) == (200, "<html>新内容</html>")
    assert changed.headers["Content-Type"] == first.headers["Content-Type"]
    portal.replace(POLICY, None)
    assert client.get(POLICY).status == 404
    portal.replace(POLICY, None, status=410)
    assert client.get(POLICY).status == 410
    portal.replace(POLICY, None, status=500)
    assert client.get(POLICY).status == 500
    portal.replace("/new.txt", b"new", content_type="text/plain")
    assert client.get("/new.txt").headers["Content-Type"] == "text/plain"
    portal.restore(POLICY)
    assert client.get(POLICY).body == first.body
    assert [status for path, status in portal.requests if path == POLICY] == [200, 200, 404, 410, 500, 200]


def test_delay_holds_answers_back(portal: SamplePortal, client: Client) -> None:
    portal.delay_s = 0.2
    start = time.monotonic()
    client.get("/")
    assert time.monotonic() - start >= 0.2


def test_many_clients_at_once_are_all_recorded(portal: SamplePortal, client: Client) -> None:
    threads = [threading.Thread(target=client.get, args=(POLICY,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert portal.requests == [(POLICY, 200)] * 12
    portal.forget_requests()
    assert portal.requests == []


def test_redirects_and_traps_answer_as_the_manifest_says(client: Client) -> None:
    truth = manifest()
    for path, target in truth.redirects.items():
        answer = client.get(path)
        assert answer.status in (301, 302)
        assert answer.headers["Location"] == target
        assert client.get(target).status == 200
    for path in truth.server_error:
        assert client.get(path).status == 500
    for path in truth.missing:
        assert client.get(path).status == 404
    for path in truth.forbidden:
        assert client.get(path).status == 200
    for path in truth.soft_404:
        answer = client.get(path)
        assert answer.status == 200
        assert "不存在" in answer.text
    for path in truth.challenge:
        answer = client.get(path)
        assert answer.status == 200
        assert "document.cookie" in answer.text
        assert "<body></body>" in answer.text


def test_the_json_call_pages_through_every_document_of_its_column(client: Client) -> None:
    import json

    first = json.loads(client.get("/api/list?category=17&page=1").text)
    urls: list[str] = []
    for page in range(1, first["pages"] + 1):
        urls.extend(row["url"] for row in json.loads(client.get(f"/api/list?page={page}&category=17").text)["articles"])
    assert len(urls) == first["total"] == len(set(urls))
    assert manifest().json_only < set(urls)
    assert set(urls) == {path for path, entry in manifest().entries.items() if entry.column == "部门文件"}
    assert json.loads(client.get("/api/list?category=17&page=99").text)["articles"] == []


def test_site_toml_describes_the_running_portal(portal: SamplePortal) -> None:
    site = tomllib.loads(portal.site_toml())
    assert site["site"]["start_urls"] == [f"{portal.url}/"]
    assert site["site"]["hosts"] == [portal.url.removeprefix("http://")]
    kinds = {column["prefix"]: column["kind"] for column in site["column"]}
    for path, entry in manifest().entries.items():
        assert [kind for prefix, kind in kinds.items() if path.startswith(prefix)] == [entry.kind]
    (listing,) = site["listing"]
    assert listing["url"] == f"{portal.url}/api/list?category=17&page={{page}}"
    assert listing["fields"] == {"url": "url", "title": "title", "published_on": "create_time"}


def test_two_portals_run_side_by_side() -> None:
    with SamplePortal() as one, SamplePortal() as two:
        assert one.url != two.url
        one.replace("/", None)
        assert Client(one.url).get("/").status == 404
        assert Client(two.url).get("/").status == 200
