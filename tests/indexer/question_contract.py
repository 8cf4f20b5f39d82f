"""What every engine makes of a question that was understood: filters, limits, numbers in part, and what it tells."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.engine import Query, SearchEngine
from tests.indexer.engine_contract import PAPERS, EngineFor, ids


class QuestionContract:
    """Inherited beside `EngineContract`, whose fixture ``engine`` holds `PAPERS`."""

    @pytest.mark.parametrize("text", ["津贴 -指南", "津贴 NOT 指南"])
    def test_what_is_excluded_is_not_found(self, engine: SearchEngine, text: str) -> None:
        every = set(ids(engine.search(Query(text="津贴", limit=100))))
        found = set(ids(engine.search(Query(text=text, limit=100))))
        assert found == {paper for paper in every if paper != "zn-gl"} != every

    def test_a_field_word_filters_and_beside_it_words_rank(self, engine: SearchEngine) -> None:
        results = engine.search(Query(text="津贴 类型：办事指南", limit=100))
        assert ids(results) == ["zn-gl"]
        kinds = next(facet for facet in results.facets if facet.field == "kind")
        assert [value.value for value in kinds.values if value.selected] == ["guide"]

    def test_field_words_alone_find_all_that_they_allow_newest_first(self, engine: SearchEngine) -> None:
        results = engine.search(Query(text="年份：2023", limit=100))
        days = [hit.published_on or hit.issued_on for hit in results.hits]
        assert results.total == len(days) == sum(_day(paper.id).year == 2023 for paper in PAPERS if _dated(paper.id))
        assert days == sorted((day for day in days if day), reverse=True)

    def test_what_was_chosen_beside_the_text_goes_before_its_field_words(self, engine: SearchEngine) -> None:
        results = engine.search(Query(text="津贴 类型：办事指南", filters={"kind": ("policy",)}, limit=100))
        assert "jt-2023" in ids(results)
        assert "zn-gl" not in ids(results)

    def test_a_title_is_limited_by_its_field_word(self, engine: SearchEngine) -> None:
        found = set(ids(engine.search(Query(text="标题：管理办法", limit=100))))
        assert found == {paper.id for paper in PAPERS if "管理办法" in paper.title}

    def test_either_of_two_will_do(self, engine: SearchEngine) -> None:
        found = set(ids(engine.search(Query(text="随迁子女 OR 社会保障卡", limit=100))))
        assert {"zs-2024", "jt-2023"} <= found

    @pytest.mark.parametrize("text", ["云澜政办规〔2023〕", "2023年8号文", "云澜政办规8号"])
    def test_a_number_in_part_finds_those_that_have_it(self, engine: SearchEngine, text: str) -> None:
        results = engine.search(Query(text=text, limit=100))
        assert results.hits[0].id == "jt-2023"
        assert "partial_number" in {item.what for item in results.understood}

    def test_a_filter_says_how_many_state_nothing_there(self, engine_for: EngineFor) -> None:
        engine = engine_for(PAPERS)
        undated = sum(not _dated(paper.id) for paper in PAPERS)
        assert undated
        results = engine.search(Query(since=date(1990, 1, 1), limit=100))
        assert results.total == len(PAPERS) - undated
        assert dict(results.unstated) == {"date": undated}
        assert dict(engine.search(Query(limit=100)).unstated) == {}

    def test_each_piece_that_was_understood_can_be_undone(self, engine: SearchEngine) -> None:
        for text in ("津贴 -指南", "2023年的津贴", '"高龄津贴" 类型：办事指南', "云澜区教育局 招生"):
            results = engine.search(Query(text=text))
            assert results.understood
            for item in results.understood:
                assert item.undo is not None
                assert item.undo != text
                again = engine.search(Query(text=item.undo)).understood
                assert (item.what, item.text) not in {(other.what, other.text) for other in again}


def _dated(paper: str) -> bool:
    return any(one.published_on or one.issued_on for one in PAPERS if one.id == paper)


def _day(paper: str) -> date:
    return next(day for one in PAPERS if one.id == paper and (day := one.published_on or one.issued_on))
