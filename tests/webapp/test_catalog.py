"""The pages of the standard catalogs: over a real store and the real index."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from corpus.blobs import BlobStore
from corpus.models import Audience, CatalogEntry, Channel, Document, Kind, Level, Mark, Method
from corpus.store import DocumentStore
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from webapp.factory import create_app
from webapp.web_settings import WebSettings

LOW_INCOME = CatalogEntry(
    serial="1",
    item="最低生活保障",
    subitem="办事指南",
    content="办理事项、办理条件、最低生活保障标准、申请材料",
    basis="《云溪区社会救助实施细则》（云政发〔2021〕8号）",
    time_limit="制定或获取信息之日起10个工作日内",
    publisher="区民政局、各街道办事处",
    channels=(
        Channel("政府网站", Mark.TICKED),
        Channel("两微一端", Mark.UNTICKED),
        Channel("发布会/听证会", Mark.UNMARKED),
    ),
    audiences=(Audience.WHOLE_SOCIETY,),
    methods=(Method.PROACTIVE,),
    levels=(Level.COUNTY, Level.TOWNSHIP),
    domain="社会救助",
    row=3,
)
REVIEW = replace(
    LOW_INCOME,
    serial="2",
    subitem="审核信息",
    content="=初审对象名单及相关信息",
    audiences=(Audience.SPECIFIC_GROUP,),
    audience_text="申请人",
    methods=(Method.ON_REQUEST,),
    period="2023-07",
    row=4,
    uncertain=("the item was carried down",),
)
SCHOOL = CatalogEntry(serial="1", item="招生管理", subitem="招生政策", content="施教区划分", publisher="区教育局")


@pytest.fixture
def client(store: DocumentStore, blobs: BlobStore, tmp_path: Path) -> Iterator[FlaskClient]:
    with store.writing() as writer:
        writer.put(
            Document(
                id="bzml/救助", title="云溪区社会救助领域标准目录", kind=Kind.CATALOG, entries=(LOW_INCOME, REVIEW)
            )
        )
        writer.put(Document(id="bzml/教育", title="云溪区义务教育领域标准目录", kind=Kind.CATALOG, entries=(SCHOOL,)))
        writer.put(Document(id="tz-1", title="关于做好最低生活保障工作的通知", body="请认真贯彻。"))
    folder = IndexFolder(tmp_path / "index")
    sync(store, folder)
    engine = WhooshEngine(folder)
    yield create_app(engine, store, blobs, WebSettings(public_url="https://gk.yunxi.example.cn")).test_client()
    engine.close()


def _page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.get_data(as_text=True)


def test_every_row_of_every_catalog_is_listed_and_nothing_else(client: FlaskClient) -> None:
    page = _page(client, "/catalog")
    assert "共 <b>3</b> 项" in page
    assert "招生管理 · 招生政策" in page and "最低生活保障 · 审核信息" in page
    assert "关于做好最低生活保障工作的通知" not in page


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("domain=社会救助", 2),
        ("issuer=区教育局", 1),
        ("issuer=各街道办事处", 2),
        ("audience=特定群体", 1),
        ("method=on_request", 1),
        ("level=乡级", 2),
        ("period=2023", 1),
        ("period=2023-07", 1),
        ("issuer=区教育局&method=proactive", 0),
    ],
)
def test_rows_are_filtered_by_the_fields_of_the_template(client: FlaskClient, query: str, total: int) -> None:
    page = _page(client, f"/catalog?{query}")
    assert (f"找到 <b>{total}</b> 项" in page) or (total == 0 and "没有符合条件的目录事项" in page)


@pytest.mark.parametrize("query", ["method=某种方式", "level=国家级", "period=去年", "view=list"])
def test_a_malformed_parameter_is_named(client: FlaskClient, query: str) -> None:
    assert query.split("=")[0] in _page(client, f"/catalog?{query}", 400)


def test_the_table_shows_the_cells_in_the_order_of_the_template(client: FlaskClient) -> None:
    page = _page(client, "/catalog?view=table&q=办事指南").split("<tbody>")[1]
    cells = [
        "最低生活保障",
        "办事指南",
        "办理事项、办理条件",
        "云政发〔2021〕8号",
        "10个工作日内",
        "区民政局",
        "政府网站",
        "全社会",
        "主动公开",
    ]
    assert [page.index(cell) for cell in cells] == sorted(page.index(cell) for cell in cells)
    assert 'view=table">' in _page(client, "/catalog?view=table").split("</aside>")[0]  # what is clicked next keeps it


def test_a_row_has_a_page_with_its_marks_and_where_it_stands(client: FlaskClient) -> None:
    page = _page(client, "/catalog/bzml/救助/1")
    assert "最低生活保障 · 办事指南" in page
    assert "即 10 个工作日" in page
    assert '政府网站<span class="unseen">（选用）' in page and '两微一端<span class="unseen">（未选）' in page
    assert "查找《云溪区社会救助实施细则》" in page
    assert "出自《云溪区社会救助领域标准目录》，第 1 个表格第 3 行" in page
    assert "不能完全确定" not in page
    assert "1 处读取不能完全确定" in _page(client, "/catalog/bzml/救助/2")


@pytest.mark.parametrize("address", ["/catalog/bzml/救助/3", "/catalog/bzml/救助/0", "/catalog/没有/1"])
def test_a_row_that_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    _page(client, address, 404)


def test_a_search_finds_rows_beside_documents_and_leads_to_their_pages(client: FlaskClient) -> None:
    page = _page(client, "/search?q=最低生活保障")
    assert "找到 <b>3</b> 条" in page
    assert 'href="/documents/tz-1"' in page
    assert 'href="/catalog/bzml/%E6%95%91%E5%8A%A9/1"' in page


def test_the_workbook_has_the_layout_of_the_template_and_no_formula(client: FlaskClient) -> None:
    response = client.get("/catalog.xlsx?domain=社会救助")
    assert response.headers["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    assert sheet is not None
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "基层政务公开事项标准目录"
    assert rows[1][:4] == ["序号", "公开事项", "", "公开内容（要素）"]
    assert rows[2][1:3] == ["一级事项", "二级事项"]
    assert {"A1:N1", "A2:A3", "B2:C2", "D2:D3", "I2:J2", "K2:L2", "M2:N2"} <= {str(area) for area in sheet.merged_cells}
    both = {row[2]: row for row in rows[3:]}
    assert both["办事指南"][7] == "■政府网站  □两微一端\n发布会/听证会"
    assert both["办事指南"][8:] == ["√", "", "√", "", "√", "√"]
    assert both["审核信息"][8:12] == ["", "√申请人", "", "√"]
    content = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=初审对象名单及相关信息")
    assert content.data_type == "s" and content.quotePrefix


def test_the_csv_says_where_each_row_is_and_neutralises_formulas(client: FlaskClient) -> None:
    response = client.get("/catalog.csv?method=on_request")
    text = response.get_data().decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert row["公开内容（要素）"] == "'=初审对象名单及相关信息"
    assert row["来源文件"] == "云溪区社会救助领域标准目录"
    assert row["网址"] == "https://gk.yunxi.example.cn/catalog/bzml/%E6%95%91%E5%8A%A9/2"
    assert row["时期"] == "2023-07"
