"""What is published more than once is one hit of a list, and nothing of it is lost."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pytest

from corpus.models import Document, Kind
from corpus.store import DocumentStore
from indexer.engine import Query, SearchResults, Sort
from indexer.generations import IndexFolder
from indexer.twins import TWINS, read_twins, refresh_twins
from indexer.upkeep import bring_up, bring_up_and_purge
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep, notices

_RULES = (
    "第一条 为了规范停车泊位的设置和使用，改善道路交通秩序，制定本办法。\n"
    "第二条 停车泊位由区城市管理部门会同公安机关交通管理部门设置，任何单位和个人不得擅自占用。\n"
    "第三条 停车泊位实行差别化收费，收费标准由区发展和改革部门制定并向社会公布。\n"
    "第四条 擅自在停车泊位内设置障碍物的，由区城市管理部门责令改正；拒不改正的，依法处理。"
)
_AMENDED = _RULES.replace("实行差别化收费", "按照区域和时段实行差别化收费") + "\n第五条 新能源汽车减半收费。"

TITLE = "云澜区停车泊位管理办法"


def rules(name: str, text: str, year: int, **more: object) -> Document:
    return Document(id=name, title=TITLE, body=text, published_on=date(year, 3, 1), kind=Kind.POLICY, **more)  # type: ignore[arg-type]


PAPERS = (
    rules("old", _RULES, 2019),
    rules("new", _AMENDED, 2023),
    rules("copy", _AMENDED, 2023, column="公示"),
    Document(id="other", title="云澜区停车泊位收费公告", body="停车泊位收费见附件。", published_on=date(2024, 1, 1)),
    # The same form, of two cases: what it says of each is another thing.
    Document(id="case-1", title="建设工程规划许可公示", body="云澜区第一小学，停车泊位120个，公示期至2024年3月1日。"),
    Document(id="case-2", title="建设工程规划许可公示", body="滨河路农贸市场，停车泊位45个，公示期至2023年7月9日。"),
    *notices(30),
)


def ids(results: SearchResults) -> list[str]:
    return [hit.id for hit in results.hits]


def test_copies_and_versions_are_twins_and_cases_of_one_form_are_not(folder: IndexFolder) -> None:
    assert read_twins(folder.live() / TWINS) == (("copy", "new", "old"),)


@pytest.mark.parametrize("sort", list(Sort))
def test_a_collapsed_list_shows_the_newest_and_says_how_many_more_there_are(engine: WhooshEngine, sort: Sort) -> None:
    every = engine.search(Query(text="停车泊位", limit=100, sort=sort))
    assert {"old", "new", "copy", "other", "case-1", "case-2"} <= set(ids(every))
    assert every.listed == every.total
    assert {hit.others for hit in every.hits} == {0}
    one = engine.search(Query(text="停车泊位", limit=100, sort=sort, collapse=True))
    assert one.total == every.total
    assert one.facets == every.facets
    assert one.listed == len(one.hits) == every.total - 2
    (shown,) = (hit for hit in one.hits if hit.id in ("old", "new", "copy"))
    assert (shown.id in ("new", "copy"), shown.others) == (True, 2)
    assert {hit.id: hit.others for hit in one.hits if hit is not shown}.keys() >= {"other", "case-1", "case-2"}


def test_what_only_an_old_version_says_is_found_by_it(engine: WhooshEngine) -> None:
    results = engine.search(Query(text="新能源汽车减半", limit=100, collapse=True))
    assert results.hits[0].id in ("new", "copy")
    dated = engine.search(Query(text="停车泊位", limit=100, until=date(2020, 1, 1), collapse=True))
    assert ("old", 0) in {(hit.id, hit.others) for hit in dated.hits}


def test_the_others_are_listed_by_their_twin(engine: WhooshEngine) -> None:
    results = engine.search(Query(text="停车泊位", limit=100, twins_of="copy"))
    assert sorted(ids(results)) == ["copy", "new", "old"]
    kinds = next(facet for facet in results.facets if facet.field == "kind")
    assert [(value.value, value.count) for value in kinds.values] == [("policy", 3)]
    assert ids(engine.search(Query(text="停车泊位", twins_of="other"))) == ["other"]
    assert engine.search(Query(text="停车泊位", twins_of="nobody")).total == 0


def test_collapsed_pages_have_no_gaps_and_no_repeats(engine: WhooshEngine) -> None:
    query = Query(text="停车泊位 通知", limit=100, collapse=True)
    whole = engine.search(query)
    pages = [engine.search(Query(text=query.text, offset=at, limit=3, collapse=True)) for at in range(0, 45, 3)]
    assert [name for page in pages for name in ids(page)] == ids(whole)
    assert {page.listed for page in pages} == {whole.listed}


def test_an_explanation_adds_up_in_a_collapsed_list_too(engine: WhooshEngine) -> None:
    query = Query(text="停车泊位收费", collapse=True)
    hit = engine.search(query).hits[0]
    assert sum(engine.explain(query, hit.id).values()) == pytest.approx(hit.score)


def test_only_what_changed_is_compared_again(store: DocumentStore, folder: IndexFolder, engine: WhooshEngine) -> None:
    assert refresh_twins(store, folder.live()) == 0
    keep(store, [Document(id="unlike", title="夏季防溺水通知", body="加强水域巡查。")])
    bring_up(store, folder)
    known = (folder.live() / TWINS).read_text("utf-8")
    assert '"old"' in known
    (hit,) = (hit for hit in engine.search(Query(text="停车泊位", collapse=True)).hits if hit.others)
    assert hit.others == 2
    keep(store, [rules("old", "已失效，全文不再提供。", 2019)])
    bring_up(store, folder)
    assert read_twins(folder.live() / TWINS) == (("copy", "new"),)


def test_what_is_withdrawn_stands_in_no_list_of_twins(store: DocumentStore, folder: IndexFolder) -> None:
    with store.writing() as writer:
        writer.withdraw("old", reason="其他", note="", purge=True)
    bring_up_and_purge(store, folder)
    assert "old" not in (folder.live() / TWINS).read_text("utf-8")


def test_without_the_file_every_document_is_listed(folder: IndexFolder, caplog: pytest.LogCaptureFixture) -> None:
    (folder.live() / TWINS).write_text("{", "utf-8")
    with closing(WhooshEngine(folder)) as engine:
        results = engine.search(Query(text="停车泊位", collapse=True))
        assert results.listed == results.total
    assert "listed one by one" in caplog.text
