"""The page that says which catalog items have nothing published, and its table to take away."""

from __future__ import annotations

import csv
import io

import pytest

from corpus.models import CatalogEntry, Document, Kind
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from tests.webapp.conftest import read_page, texts_of
from tests.webapp.staff.conftest import Staffer
from tests.webapp.staff.district import ALLOWANCE_ID, District

ROWS = (
    CatalogEntry(item="老年人福利", subitem="发放高龄津贴", content="发放标准", publisher="区民政局"),
    CatalogEntry(item="殡葬服务", subitem="公墓收费标准", publisher="区民政局", domain="殡葬服务"),
)


@pytest.fixture
def catalog(district: District) -> None:
    """The district has published a catalog, and what is in it was looked up."""
    with district.store.writing() as writer:
        writer.put(Document(id="yl-catalog", title="云澜区民政领域标准目录", kind=Kind.CATALOG, entries=ROWS))
    bring_up(district.store, IndexFolder(district.data / "index"))
    district.staff.coverage.make()


def test_nothing_is_said_before_it_was_looked_up(staffer: Staffer) -> None:
    assert "还没有核对过" in staffer.get("/staff/coverage").get_data(as_text=True)
    assert staffer.post("/staff/coverage/make").status_code == 303


@pytest.mark.usefixtures("catalog")
def test_items_without_a_document_come_first_and_are_called_a_lead(staffer: Staffer) -> None:
    page = read_page(staffer.get("/staff/coverage"))
    assert texts_of(page, "tbody .verdict")[0] == "未找到"
    assert "是线索，不是结论" in page.get_text()
    rows = [row.get_text(" ") for row in page.select("tbody tr")]
    assert "公墓收费标准" in rows[0]
    assert "高龄津贴的通知" in rows[1]
    assert "发布机构" in rows[1]
    missing = read_page(staffer.get("/staff/coverage?status=missing"))
    assert texts_of(missing, "tbody th a") == ["殡葬服务 · 公墓收费标准"]
    none = staffer.get("/staff/coverage?publisher=区财政局").get_data(as_text=True)
    assert "没有符合条件的事项" in none


@pytest.mark.usefixtures("catalog")
def test_the_table_is_taken_away_and_noted(staffer: Staffer, district: District) -> None:
    text = staffer.get("/staff/coverage.csv?domain=殡葬服务").get_data(as_text=True).removeprefix("\ufeff")
    header, *rows = csv.reader(io.StringIO(text))
    assert header[:3] == ["线索", "领域", "一级事项"]
    assert [row[:4] for row in rows] == [["未找到", "殡葬服务", "殡葬服务", "公墓收费标准"]]
    assert staffer.get("/staff/coverage.xlsx").status_code == 200
    assert any("目录落实情况" in line.subject for line in district.staff.audit.lines(5))


@pytest.mark.usefixtures("catalog")
def test_what_is_withdrawn_answers_no_row(staffer: Staffer, district: District) -> None:
    for document_id in (ALLOWANCE_ID, "yl-repost"):
        staffer.get("/staff/coverage")
        staffer.post("/staff/withdraw", document_id=document_id, reason="发布有误", note="")
    district.staff.takedowns.close()
    assert texts_of(read_page(staffer.get("/staff/coverage")), "tbody .verdict") == ["未找到", "未找到"]


@pytest.mark.usefixtures("catalog")
def test_what_is_withdrawn_does_not_stay_in_the_file(district: District) -> None:
    file = district.data / "index" / "catalog-coverage.json"
    assert f'"{ALLOWANCE_ID}"' in file.read_text("utf-8")
    district.staff.coverage.forget(ALLOWANCE_ID)
    assert f'"{ALLOWANCE_ID}"' not in file.read_text("utf-8")
