"""What every search engine does with the rows of standard catalogs: hits of their own, beside their document."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.models import Attachment, Audience, CatalogEntry, Channel, Document, Kind, Level, Mark, Method
from indexer.engine import CATALOG_FIELDS, Part, Query, SearchEngine, Sort
from indexer.errors import UnknownFieldError, UnknownValueError
from tests.indexer.engine_contract import EngineFor

GUIDE = CatalogEntry(
    serial="1",
    item="最低生活保障",
    subitem="办事指南",
    content="办理条件、申请材料、办理流程",
    basis="《云澜区社会救助实施细则》（云澜政发〔2021〕8号）",
    time_limit="10个工作日内",
    publisher="区民政局、各街道办事处",
    channels=(Channel("政府网站", Mark.TICKED), Channel("广播电视", Mark.UNTICKED)),
    audiences=(Audience.WHOLE_SOCIETY,),
    methods=(Method.PROACTIVE,),
    levels=(Level.COUNTY, Level.TOWNSHIP),
)
LIST = CatalogEntry(
    serial="2",
    item="最低生活保障",
    subitem="审核信息",
    content="初审对象名单",
    publisher="区民政局",
    audiences=(Audience.SPECIFIC_GROUP,),
    methods=(Method.PROACTIVE, Method.ON_REQUEST),
    period="2023-07",
)
BUDGET = CatalogEntry(serial="1", item="部门预算", content="收支总体情况表", publisher="区财政局", period="2023")

CATALOGS = (
    Document(
        id="ml#1",
        title="社会救助领域标准目录",
        kind=Kind.CATALOG,
        domain="社会救助",
        site="yunlan",
        published_on=date(2023, 8, 1),
        entries=(GUIDE, LIST),
    ),
    Document(
        id="ml-cz",
        title="财政预决算领域标准目录",
        kind=Kind.CATALOG,
        domain="财政预决算",
        attachments=(Attachment(name="目录.xlsx", url="http://www.yunlan.example.cn/ml.xlsx", entries=(BUDGET,)),),
    ),
    Document(id="tz", title="关于做好最低生活保障审核工作的通知", kind=Kind.NOTICE, body="区民政局负责审核信息。"),
)


class CatalogContract:
    @pytest.fixture(scope="class")
    @classmethod
    def catalog(cls, engine_for: EngineFor) -> SearchEngine:
        return engine_for(CATALOGS)

    def test_rows_count_with_their_documents_and_are_found_beside_them(self, catalog: SearchEngine) -> None:
        assert catalog.document_count() == 3
        everything = catalog.search(Query(limit=20))
        assert everything.total == 6
        assert {(hit.document_id, hit.entry) for hit in everything.hits} == {
            *(("ml#1", 0), ("ml#1", 1), ("ml#1", 2)),
            *(("ml-cz", 0), ("ml-cz", 1), ("tz", 0)),
        }
        assert len({hit.id for hit in everything.hits}) == 6

    def test_a_part_is_asked_for_alone(self, catalog: SearchEngine) -> None:
        rows = catalog.search(Query(text="最低生活保障", part=Part.ENTRY))
        assert [(hit.document_id, hit.entry) for hit in rows.hits] in (
            [("ml#1", 1), ("ml#1", 2)],
            [("ml#1", 2), ("ml#1", 1)],
        )
        assert {hit.kind for hit in rows.hits} == {"catalog"}
        documents = catalog.search(Query(text="最低生活保障", part=Part.DOCUMENT))
        assert {hit.id for hit in documents.hits} == {"tz"}

    def test_every_cell_of_a_row_is_searched(self, catalog: SearchEngine) -> None:
        for text in ("申请材料", "云澜政发〔2021〕8号", "工作日", "政府网站", "全社会", "乡级"):
            first = catalog.search(Query(text=text, part=Part.ENTRY)).hits[0]
            assert (first.document_id, first.entry) == ("ml#1", 1), text

    @pytest.mark.parametrize(
        ("field", "value", "rows"),
        [
            ("domain", "social-assistance", 2),
            ("issuer", "区民政局", 2),
            ("issuer", "各街道办事处", 1),
            ("audience", "specific_group", 1),
            ("method", "proactive", 2),
            ("method", "on_request", 1),
            ("level", "township", 1),
            ("period", "2023", 2),
            ("period", "2023-07", 1),
        ],
    )
    def test_rows_are_filtered_and_counted_by_their_own_fields(
        self, catalog: SearchEngine, field: str, value: str, rows: int
    ) -> None:
        query = Query(part=Part.ENTRY, facets=CATALOG_FIELDS, filters={field: (value,)})
        results = catalog.search(query)
        assert results.total == rows
        assert [facet.field for facet in results.facets] == list(CATALOG_FIELDS)
        counted = next(facet for facet in results.facets if facet.field == field)
        assert next(item.count for item in counted.values if item.value == value) == rows

    def test_a_row_has_the_date_and_site_of_its_document(self, catalog: SearchEngine) -> None:
        dated = catalog.search(Query(part=Part.ENTRY, since=date(2023, 8, 1), sort=Sort.DATE))
        assert {hit.document_id for hit in dated.hits} == {"ml#1"}
        assert {hit.site for hit in dated.hits} == {"yunlan"}

    def test_a_slip_in_a_field_is_named(self, catalog: SearchEngine) -> None:
        with pytest.raises(UnknownValueError):
            catalog.search(Query(filters={"level": ("国家级",)}))
        with pytest.raises(UnknownFieldError):
            catalog.search(Query(facets=("colour",)))
