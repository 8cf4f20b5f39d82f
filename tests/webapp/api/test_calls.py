"""The calls of `/api/v1`, over the real engine: what they answer, and how one walks over everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corpus.blobs import BlobStore
from corpus.models import CatalogEntry, Channel, Document, Kind, Mark, Method
from corpus.store import DocumentStore
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.webapp.api.conftest import PUBLIC
from tests.webapp.world import GONE_ID, GUIDE_ID, NOTICE_ID, WITHDRAWN_ID, WITHDRAWN_WORDS
from webapp.factory import create_app
from webapp.web_settings import WebSettings


def walk(client: FlaskClient, call: str, items: str, **parameters: object) -> Iterator[dict[str, object]]:
    """Every item of a call, page after page."""
    cursor: str | None = ""
    while cursor is not None:
        asked = {**parameters, **({"cursor": cursor} if cursor else {})}
        answer = client.get(f"/api/v1/{call}", query_string=asked).get_json()
        if not answer[items]:
            return
        yield from answer[items]
        cursor = answer["next"]


def test_a_hit_says_where_it_is_and_what_of_it_matched(api: FlaskClient) -> None:
    answer = api.get("/api/v1/search?q=低保怎么申请&kind=guide").get_json()
    (hit,) = answer["hits"]
    assert (hit["id"], hit["kind"], hit["issuers"]) == (GUIDE_ID, "guide", ["云溪区民政局"])
    assert hit["page"] == f"{PUBLIC}/documents/yx-guide-%E4%BD%8E%E4%BF%9D"
    assert hit["title_marks"]
    assert hit["passage"]["text"]
    assert answer["next"] is None
    assert api.get(hit["page"].removeprefix(PUBLIC)).status_code == 200


def test_a_walk_over_a_search_finds_every_hit_once_in_the_order_of_one_page(api: FlaskClient) -> None:
    whole = api.get("/api/v1/search?q=低保工作&limit=100").get_json()
    assert whole["total"] == len(whole["hits"]) > 60
    walked = [hit["id"] for hit in walk(api, "search", "hits", q="低保工作", limit=7)]
    assert walked == [hit["id"] for hit in whole["hits"]]


def test_a_walk_goes_on_behind_its_last_hit_when_the_index_changed(
    store: DocumentStore, blobs: BlobStore, tmp_path: Path
) -> None:
    folder = IndexFolder(tmp_path / "index")
    with store.writing() as writer:
        for day in range(1, 11):
            writer.put(Document(id=f"n-{day:02}", title=f"低保公示第{day}期", published_on=date(2024, 5, day)))
    sync(store, folder)
    engine = WhooshEngine(folder)
    client = create_app(engine, store, blobs, WebSettings()).test_client()
    asked = {"q": "低保公示", "sort": "date", "limit": 3}
    page = client.get("/api/v1/search", query_string=asked).get_json()
    assert [hit["id"] for hit in page["hits"]] == ["n-10", "n-09", "n-08"]
    with store.writing() as writer:
        writer.put(Document(id="new", title="低保公示第11期", published_on=date(2024, 5, 20)))
        writer.withdraw("n-10", reason="个人信息", note="")
        writer.put(Document(id="newer", title="低保公示第12期", published_on=date(2024, 5, 21)))
    sync(store, folder)
    page = client.get("/api/v1/search", query_string={**asked, "cursor": page["next"]}).get_json()
    assert [hit["id"] for hit in page["hits"]] == ["n-07", "n-06", "n-05"]
    with store.writing() as writer:
        writer.withdraw("n-05", reason="个人信息", note="")
    sync(store, folder)
    page = client.get("/api/v1/search", query_string={**asked, "cursor": page["next"]}).get_json()
    assert [hit["id"] for hit in page["hits"]] == ["n-04", "n-03", "n-02"]
    engine.close()


def test_facets_count_what_the_search_finds(api: FlaskClient) -> None:
    answer = api.get("/api/v1/facets?q=低保").get_json()
    assert answer["total"] == api.get("/api/v1/search?q=低保").get_json()["total"]
    guides = next(item for item in answer["facets"]["kind"] if item["value"] == "guide")
    assert guides == {"value": "guide", "label": "办事指南", "count": 1}
    found = api.get("/api/v1/facets?q=低保&kind=guide").get_json()
    assert found["total"] == 1
    assert found["facets"]["kind"] == answer["facets"]["kind"]


def test_suggestions_lead_somewhere(api: FlaskClient) -> None:
    (first, *_) = api.get("/api/v1/suggest?q=dibao").get_json()["suggestions"]
    assert "低保" in first["text"]
    assert api.get(first["url"].removeprefix(PUBLIC)).status_code == 200


def test_a_document_has_its_fields_its_text_and_its_files(api: FlaskClient) -> None:
    answer = api.get(f"/api/v1/documents/{NOTICE_ID}").get_json()
    assert answer["state"] == "live"
    assert answer["body"].startswith("云溪区人民政府关于进一步加强")
    assert (answer["issued_on"], answer["validity"]) == ("2023-06-15", "in_force")
    for address in (answer["page"], answer["text"], answer["original"]["url"]):
        assert api.get(address.removeprefix(PUBLIC)).status_code == 200
    files = [item["file"] for item in answer["attachments"]]
    assert [bool(file) for file in files] == [True, True, False]
    assert api.get(files[0].removeprefix(PUBLIC)).status_code == 200
    assert api.get("/api/v1/documents/zwgk%2F目录%2F义务教育").get_json()["kind"] == "catalog"


def test_a_walk_over_all_documents_has_the_gone_and_of_the_withdrawn_nothing_but_that(api: FlaskClient) -> None:
    lines = {line["id"]: line for line in walk(api, "documents", "documents", limit=9)}
    assert len(lines) == 68
    assert lines[GONE_ID]["state"] == "gone"
    withdrawn = {name: value for name, value in lines[WITHDRAWN_ID].items() if value is not None}
    assert set(withdrawn) == {"id", "state", "changed_at"}
    assert WITHDRAWN_WORDS not in str(lines)
    assert str(lines[NOTICE_ID]["changed_at"]).endswith("Z")


def test_the_last_cursor_of_all_documents_leads_to_what_changed_since(store: DocumentStore, blobs: BlobStore) -> None:
    with store.writing() as writer:
        writer.put_many([(Document(id=f"d-{number}", title=f"第{number}号公告"), None) for number in range(3)])
    client = create_app(WhooshEngine(IndexFolder(Path("none"))), store, blobs, WebSettings()).test_client()
    first = client.get("/api/v1/documents").get_json()
    assert [line["id"] for line in first["documents"]] == ["d-0", "d-1", "d-2"]
    nothing = client.get("/api/v1/documents", query_string={"cursor": first["next"]}).get_json()
    assert nothing == {"documents": [], "next": first["next"]}
    with store.writing() as writer:
        writer.put(Document(id="d-1", title="第1号公告（更正）"))
        writer.withdraw("d-0", reason="发布有误", note="", purge=True)
    later = client.get("/api/v1/documents", query_string={"cursor": first["next"]}).get_json()["documents"]
    assert [(line["id"], line["state"], line["title"]) for line in later] == [
        ("d-1", "live", "第1号公告（更正）"),
        ("d-0", "withdrawn", None),
    ]


def test_catalog_rows_are_answered_as_published(store: DocumentStore, blobs: BlobStore, tmp_path: Path) -> None:
    entries = tuple(
        CatalogEntry(
            serial=str(number),
            item="社会救助",
            subitem=f"低保第{number}项",
            publisher="区民政局",
            channels=(Channel("政府网站", Mark.TICKED), Channel("公示栏", Mark.UNTICKED)),
            methods=(Method.PROACTIVE,),
        )
        for number in range(1, 6)
    )
    with store.writing() as writer:
        writer.put(Document(id="c-1", title="社会救助标准目录", kind=Kind.CATALOG, entries=entries))
    folder = IndexFolder(tmp_path / "index")
    sync(store, folder)
    engine = WhooshEngine(folder)
    client = create_app(engine, store, blobs, WebSettings()).test_client()
    rows = list(walk(client, "catalog", "rows", q="低保", method="proactive", limit=2))
    assert sorted(str(row["serial"]) for row in rows) == ["1", "2", "3", "4", "5"]
    assert rows[0]["channels"] == [{"name": "政府网站", "mark": "ticked"}, {"name": "公示栏", "mark": "unticked"}]
    assert client.get(str(rows[0]["page"])).status_code == 200
    engine.close()


def test_feeds_and_status(api: FlaskClient) -> None:
    feeds = api.get("/api/v1/feeds").get_json()
    assert api.get(feeds["search"].removeprefix(PUBLIC) + "?q=低保").mimetype == "application/atom+xml"
    assert all(api.get(item["url"].removeprefix(PUBLIC)).status_code == 200 for item in feeds["domains"])
    status = api.get("/api/v1/status").get_json()
    assert status["documents"] == status["stored"] == 66
    assert status["changed_at"]


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("search?q=低保&utm_source=wx", "utm_source"),
        ("search?kind=政策", "kind"),
        ("search?limit=101", "limit"),
        ("search?limit=", "limit"),
        ("search?limit=1&limit=2", "limit"),
        ("search?year=20", "year"),
        ("search?since=2024-02-30", "since"),
        ("search?since=2024-02-02&until=2024-02-01", "since"),
        ("search?cursor=!!!", "cursor"),
        ("search?cursor=W10", "cursor"),
        ("documents?cursor=WzEsIiIsIjAwMDAwMDAwMDAwMDAwMDAiXQ", "cursor"),
        ("facets?sort=date", "sort"),
        ("status?x=", "x"),
        ("openapi.json?x=1", "x"),
    ],
)
def test_what_is_not_described_is_refused_by_its_name(api: FlaskClient, address: str, parameter: str) -> None:
    response = api.get(f"/api/v1/{address}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.get_json()["parameter"] == parameter


def test_a_cursor_belongs_to_one_search(api: FlaskClient) -> None:
    cursor = api.get("/api/v1/search?q=低保&limit=2").get_json()["next"]
    assert api.get(f"/api/v1/search?q=低保&cursor={cursor}").status_code == 200  # another limit is no other search
    assert api.get(f"/api/v1/search?q=低保&kind=news&cursor={cursor}").get_json()["parameter"] == "cursor"


@pytest.mark.parametrize(
    ("path", "status"), [("documents/none", 404), (f"documents/{WITHDRAWN_ID}", 410), ("nowhere", 404), ("../x", 404)]
)
def test_errors_are_problem_documents(api: FlaskClient, path: str, status: int) -> None:
    response = api.get(f"/api/v1/{path}")
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert response.get_json()["status"] == status
    assert WITHDRAWN_WORDS not in response.get_data(as_text=True)
    assert api.post("/api/v1/search").content_type == "application/problem+json"
