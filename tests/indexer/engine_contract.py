"""What every search engine does: one suite that each inherits, on the published papers of a fictional district."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from threading import Thread

import pytest

from analyzers.normalize import normalize
from corpus.models import Attachment, Document, Kind, Validity
from indexer.engine import FACET_FIELDS, Query, SearchEngine, SearchResults, Sort
from indexer.errors import QueryError, UnknownFieldError, UnknownValueError

EngineFor = Callable[[Sequence[Document]], SearchEngine]

PAPERS = (
    Document(
        id="zs-2024",
        title="关于做好2024年义务教育招生入学工作的通知",
        url="http://www.yunlan.example.cn/zwgk/1.html",
        site="yunlan",
        column="政策文件",
        kind=Kind.POLICY,
        document_number="云澜教字〔2024〕12号",
        issuers=("云澜区教育局",),
        issued_on=date(2024, 4, 28),
        published_on=date(2024, 5, 6),
        validity=Validity.IN_FORCE,
        body="各小学、初中：\n适龄儿童的监护人应当于6月20日前登记。\n随迁子女凭居住证入学。",
    ),
    Document(
        id="jt-2023",
        title="云澜区高龄津贴发放管理办法",
        site="yunlan",
        column="政策文件",
        kind=Kind.POLICY,
        document_number="云澜政办规〔2023〕8号",
        issuers=("云澜区人民政府办公室",),
        published_on=date(2023, 3, 1),
        validity=Validity.AMENDED,
        body="第一条 年满八十周岁的老年人可以申领高龄津贴。\n第二条 津贴按月发放到社会保障卡。",
    ),
    Document(
        id="jd-2023",
        title="《高龄津贴发放管理办法》政策解读",
        site="yunlan",
        column="政策解读",
        kind=Kind.INTERPRETATION,
        issuers=("云澜区民政局",),
        published_on=date(2023, 3, 5),
        body="近日印发的云澜政办规〔2023〕8号文件放宽了申领条件，老年人可以在社区办理。",
    ),
    Document(
        id="zn-gl",
        title="高龄津贴申领指南",
        site="yunlan",
        column="办事指南",
        kind=Kind.GUIDE,
        issuers=("云澜区民政局",),
        validity=Validity.IN_FORCE,
        body="携带身份证到街道便民服务中心办理，五个工作日内答复。",
    ),
    Document(
        id="ts-2024",
        title="关于滨河路沿线停水的公告",
        site="yunlan-water",
        column="公示公告",
        kind=Kind.NOTICE,
        document_number="云澜区水利局公告2024年第3号",
        issuers=("云澜区水利局", "云澜区民政局"),
        issued_on=date(2024, 6, 28),
        published_on=date(2024, 6, 30),
        body="因管网检修，滨河路沿线停水，请老年人家庭提前储水。",
        attachments=(
            Attachment(
                name="停水范围.pdf",
                url="http://www.yunlan.example.cn/files/fw.pdf",
                text="停水范围：望江社区、梧桐社区。",
            ),
        ),
    ),
    Document(
        id="jz-2022",
        title="关于ＬＴＥ和5G基站选址的公示",
        site="yunlan",
        column="公示公告",
        kind=Kind.NOTICE,
        issued_on=date(2022, 12, 31),
        body="公示期七日。基站电磁辐射符合国家标准。",
    ),
    Document(
        id="ft-2022",
        title="關於濱河路街道辦事處遷址的公告",
        site="yunlan",
        kind=Kind.NOTICE,
        published_on=date(2022, 12, 31),
        body="辦公地點遷至梧桐社區，聯繫電話不變。",
    ),
    Document(id="wu", title="云澜区统计年鉴", kind=Kind.REPORT, published_on=date(2023, 1, 1)),
)

NOTICES = tuple(
    Document(
        id=f"n-{number:02}",
        title=f"第{number}号供水管网检修公告",
        kind=Kind.NOTICE if number % 3 else Kind.GUIDE,
        published_on=date(2020 + number % 4, 1 + number % 12, 1 + number % 28) if number % 5 else None,
        body="检修期间请提前储水。" * (1 + number % 4),
    )
    for number in range(45)
)

QUESTIONS = (
    "高龄津贴怎么申领",
    "滨河路停水",
    "云澜政办规〔2023〕8号",
    '"老年人可以"',
    "義務教育入學",
    "5g",
    "梧桐社区",
    "没有这样的词语组合鑫",
    "",
)


def ids(results: SearchResults) -> list[str]:
    return [hit.id for hit in results.hits]


def counts(results: SearchResults, field: str) -> dict[str, int]:
    (facet,) = (facet for facet in results.facets if facet.field == field)
    return {value.value: value.count for value in facet.values}


class EngineContract:
    """A subclass gives the fixture ``engine_for`` (of class scope); everything else holds for every engine.

    ``rounds`` is how often each of eight threads asks every question.
    """

    rounds = 5

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, engine_for: EngineFor) -> SearchEngine:
        return engine_for(PAPERS)

    @pytest.fixture(scope="class")
    @classmethod
    def notices(cls, engine_for: EngineFor) -> SearchEngine:
        return engine_for(NOTICES)

    # -- what is found

    def test_a_word_finds_the_documents_that_say_it_in_title_body_or_attachment(self, engine: SearchEngine) -> None:
        assert set(ids(engine.search(Query(text="高龄津贴")))) == {"jt-2023", "jd-2023", "zn-gl"}
        assert set(ids(engine.search(Query(text="老年人")))) == {"jt-2023", "jd-2023", "ts-2024"}
        assert ids(engine.search(Query(text="望江")))[:1] == ["ts-2024"]

    def test_the_document_that_says_all_of_the_question_comes_first(self, engine: SearchEngine) -> None:
        assert ids(engine.search(Query(text="义务教育招生怎么登记")))[0] == "zs-2024"
        assert ids(engine.search(Query(text="高龄津贴申领指南")))[0] == "zn-gl"
        scores = [hit.score for hit in engine.search(Query(text="高龄津贴 申领 老年人")).hits]
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0

    def test_the_empty_question_finds_everything_newest_first_and_the_undated_last(self, engine: SearchEngine) -> None:
        results = engine.search(Query(limit=100))
        assert results.total == len(PAPERS) == engine.document_count()
        assert ids(results)[:4] == ["ts-2024", "zs-2024", "jd-2023", "jt-2023"]
        assert ids(results)[-1] == "zn-gl"
        assert engine.search(Query(text="  ", limit=0)).total == len(PAPERS)

    def test_a_question_that_nothing_answers_has_an_empty_answer(self, engine: SearchEngine) -> None:
        for text in ("龘靐齉", "？！", "quux", '"津贴高龄"'):
            results = engine.search(Query(text=text))
            assert (results.total, results.hits) == (0, ()), text
            assert [facet.field for facet in results.facets] == list(FACET_FIELDS)
            assert all(facet.values == () for facet in results.facets)

    def test_an_engine_without_documents_answers_too(self, engine_for: EngineFor) -> None:
        nothing = engine_for([])
        assert nothing.document_count() == 0
        for text in ("停水", "", "云澜政办规〔2023〕8号", '"停水"'):
            assert nothing.search(Query(text=text, filters={"year": ("2024",)})).total == 0

    def test_a_question_in_traditional_characters_finds_simplified_text_and_the_reverse(
        self, engine: SearchEngine
    ) -> None:
        assert set(ids(engine.search(Query(text="高齡津貼")))) == {"jt-2023", "jd-2023", "zn-gl"}
        assert "ft-2022" in ids(engine.search(Query(text="办事处迁址")))

    def test_width_and_case_make_no_difference(self, engine: SearchEngine) -> None:
        for text in ("5G", "５ｇ", "LTE", "lte", "ＬＴＥ"):
            assert ids(engine.search(Query(text=text))) == ["jz-2022"], text

    def test_what_a_hit_shows_is_what_was_published(self, engine: SearchEngine) -> None:
        (hit,) = (hit for hit in engine.search(Query(text="义务教育")).hits if hit.id == "zs-2024")
        paper = PAPERS[0]
        assert (hit.title.text, hit.url, hit.kind, hit.document_number, hit.issuers) == (
            paper.title,
            paper.url,
            "policy",
            paper.document_number,
            paper.issuers,
        )
        assert (hit.issued_on, hit.published_on, hit.validity) == (paper.issued_on, paper.published_on, "in_force")
        assert (hit.site, hit.column) == (paper.site, paper.column)

    def test_the_answer_names_its_question(self, engine: SearchEngine) -> None:
        query = Query(text="停水", filters={"kind": ("notice",)}, limit=3)
        assert engine.search(query).query == query

    @pytest.mark.parametrize("sort", list(Sort))
    def test_a_plain_word_finds_its_official_term_and_the_answer_says_so(
        self, engine: SearchEngine, sort: Sort
    ) -> None:
        results = engine.search(Query(text="高龄补贴", sort=sort))
        assert {"jt-2023", "jd-2023", "zn-gl"} <= set(ids(results))
        assert ("synonym", "高龄补贴 → 高龄津贴") in {(item.what, item.text) for item in results.understood}
        assert "synonym" not in {item.what for item in engine.search(Query(text='"高龄补贴"', sort=sort)).understood}

    # -- numbers and phrases

    @pytest.mark.parametrize(
        "written",
        [
            "云澜政办规〔2023〕8号",
            "云澜政办规[2023]8号",
            "云澜政办规（2023）第8号",
            "云澜政办规【２０２３】８号",
            "云澜政办规2023年8号",
            "云澜政办规 2023 8",
            "雲瀾政辦規〔2023〕8號",
        ],
    )
    def test_a_document_number_in_any_writing_finds_its_document_and_then_those_that_name_it(
        self, engine: SearchEngine, written: str
    ) -> None:
        results = engine.search(Query(text=written))
        assert ids(results) == ["jt-2023", "jd-2023"]
        assert [(item.what, item.text) for item in results.understood] == [("document_number", "云澜政办规〔2023〕8号")]

    def test_a_number_inside_a_question_puts_its_document_first(self, engine: SearchEngine) -> None:
        assert ids(engine.search(Query(text="云澜区水利局公告2024年第3号说什么时候储水")))[0] == "ts-2024"
        assert ids(engine.search(Query(text="根据云澜政办规〔2023〕8号，指南在哪里")))[0] == "jt-2023"

    def test_an_unknown_number_falls_back_to_its_words(self, engine: SearchEngine) -> None:
        assert "zs-2024" in ids(engine.search(Query(text="义务教育招生〔2019〕77号")))

    def test_a_phrase_in_straight_quotes_must_stand_in_the_text(self, engine: SearchEngine) -> None:
        results = engine.search(Query(text='"老年人可以"'))
        assert set(ids(results)) == {"jt-2023", "jd-2023"}
        assert [(item.what, item.text) for item in results.understood] == [("phrase", "老年人可以")]
        assert ids(engine.search(Query(text='"老年人可以申领" 津贴'))) == ["jt-2023"]
        assert ids(engine.search(Query(text='"滨河路街道办事处"'))) == ["ft-2022"]
        assert len(ids(engine.search(Query(text="“老年人可以申领” 津贴")))) > 1  # these are ordinary punctuation

    # -- paging and order

    @pytest.mark.parametrize("query", [Query(text="检修 储水"), Query(text="检修", sort=Sort.DATE), Query()])
    def test_pages_have_no_gaps_no_repeats_and_one_exact_total(self, notices: SearchEngine, query: Query) -> None:
        def page(offset: int, limit: int) -> SearchResults:
            return notices.search(Query(text=query.text, sort=query.sort, offset=offset, limit=limit))

        whole = page(0, 1_000)
        assert whole.total == len(whole.hits) == len(set(ids(whole))) == len(NOTICES)
        pages = [page(offset, 7) for offset in range(0, len(NOTICES) + 7, 7)]
        assert {one.total for one in pages} == {len(NOTICES)}
        assert [found for one in pages for found in ids(one)] == ids(whole)
        assert page(len(NOTICES), 7).hits == page(10**9, 7).hits == page(0, 0).hits == ()

    def test_by_date_is_newest_first_and_the_undated_come_last(self, notices: SearchEngine) -> None:
        hits = notices.search(Query(text="检修", sort=Sort.DATE, limit=100)).hits
        days = [hit.published_on for hit in hits]
        dated = [day for day in days if day]
        assert dated == sorted(dated, reverse=True)
        assert days[len(dated) :] == [None] * 9

    # -- filters and facets

    def test_filters_allow_any_value_within_a_field_and_all_fields_together(self, notices: SearchEngine) -> None:
        def found(**filters: tuple[str, ...]) -> set[str]:
            results = notices.search(Query(text="检修", filters=filters, limit=100))
            assert results.total == len(results.hits)
            return set(ids(results))

        guides, both = found(kind=("guide",)), found(kind=("guide", "notice"))
        assert guides == {f"n-{number:02}" for number in range(0, 45, 3)}
        assert both == found() == found(kind=())
        years = found(year=("2021", "2023"))
        assert years == {item.id for item in NOTICES if item.published_on and item.published_on.year in (2021, 2023)}
        assert found(kind=("guide",), year=("2021", "2023")) == guides & years

    def test_every_field_filters(self, engine: SearchEngine) -> None:
        for field, value, expected in (
            ("kind", "interpretation", {"jd-2023"}),
            ("issuer", "云澜区民政局", {"jd-2023", "zn-gl", "ts-2024"}),
            ("year", "2022", {"jz-2022", "ft-2022"}),
            ("validity", "in_force", {"zs-2024", "zn-gl"}),
            ("site", "yunlan-water", {"ts-2024"}),
            ("column", "政策文件", {"zs-2024", "jt-2023"}),
        ):
            results = engine.search(Query(filters={field: (value,)}, limit=100))
            assert set(ids(results)) == expected, field
            assert results.total == len(expected)

    def test_every_domain_that_is_counted_filters_to_its_count(self, engine: SearchEngine) -> None:
        domains = counts(engine.search(Query()), "domain")
        assert domains
        for domain, count in domains.items():
            assert engine.search(Query(filters={"domain": (domain,)})).total == count

    def test_a_filter_that_nothing_passes_empties_the_answer_and_is_still_shown(self, engine: SearchEngine) -> None:
        results = engine.search(Query(text="津贴", filters={"issuer": ("云澜区气象局",)}))
        assert (results.total, results.hits) == (0, ())
        (facet,) = (facet for facet in results.facets if facet.field == "issuer")
        assert [value.value for value in facet.values if value.selected] == ["云澜区气象局"]
        assert sum(value.count for value in facet.values) > 0  # what choosing another issuer would give
        assert counts(results, "kind") == {}

    def test_a_facet_counts_all_hits_whatever_the_page_and_leaves_its_own_filter_out(
        self, notices: SearchEngine
    ) -> None:
        query = Query(text="检修", filters={"kind": ("guide",)}, offset=10, limit=2)
        results = notices.search(query)
        assert counts(results, "kind") == {"notice": 30, "guide": 15}
        guides = [item for item in NOTICES if item.kind is Kind.GUIDE and item.published_on]
        assert sum(counts(results, "year").values()) == len(guides)
        (kinds,) = (facet for facet in results.facets if facet.field == "kind")
        assert {value.value for value in kinds.values if value.selected} == {"guide"}

    def test_a_document_of_two_issuers_counts_for_both(self, engine: SearchEngine) -> None:
        issuers = counts(engine.search(Query(text="停水")), "issuer")
        assert issuers["云澜区水利局"] == 1
        assert issuers["云澜区民政局"] >= 1

    def test_facets_are_commonest_first_and_years_newest_first(self, notices: SearchEngine) -> None:
        results = notices.search(Query(text="检修"))
        assert [facet.field for facet in results.facets] == list(FACET_FIELDS)
        for facet in results.facets:
            if facet.field == "year":
                years = [int(value.value) for value in facet.values]
                assert years == sorted(years, reverse=True)
            else:
                numbers = [value.count for value in facet.values]
                assert numbers == sorted(numbers, reverse=True)
            assert all(value.count > 0 for value in facet.values)

    def test_what_a_facet_promises_is_what_its_filter_gives(self, engine: SearchEngine) -> None:
        for facet in engine.search(Query(text="滨河路 津贴 老年人")).facets:
            for value in facet.values:
                chosen = Query(text="滨河路 津贴 老年人", filters={facet.field: (value.value,)})
                assert engine.search(chosen).total == value.count, (facet.field, value.value)

    def test_since_and_until_are_inclusive_and_take_the_date_of_issue_where_no_other_is(
        self, engine: SearchEngine
    ) -> None:
        def found(since: date | None, until: date | None) -> set[str]:
            results = engine.search(Query(since=since, until=until, limit=100))
            assert results.total == len(results.hits)
            return set(ids(results))

        assert found(date(2022, 12, 31), date(2022, 12, 31)) == {"jz-2022", "ft-2022"}
        assert found(date(2023, 1, 1), date(2023, 3, 4)) == {"wu", "jt-2023"}
        assert found(date(2024, 6, 30), None) == {"ts-2024"}
        assert found(date(2024, 7, 1), None) == set()
        assert found(None, date(2022, 12, 30)) == set()
        assert "zn-gl" not in found(date.min, date.max)  # it has no date

    def test_a_date_range_narrows_the_counts_of_every_facet(self, engine: SearchEngine) -> None:
        results = engine.search(Query(since=date(2024, 1, 1)))
        assert counts(results, "year") == {"2024": 2}
        assert counts(results, "kind") == {"policy": 1, "notice": 1}

    # -- marks

    @pytest.mark.parametrize("text", ["高龄津贴", "高齡津貼", "梧桐社区", "5g", "滨河路停水", '"老年人可以"'])
    def test_marks_are_in_bounds_in_order_and_on_words_of_the_question(self, engine: SearchEngine, text: str) -> None:
        wanted = normalize(text)
        hits = engine.search(Query(text=text)).hits
        assert hits
        for hit in hits:
            assert hit.title.spans or hit.snippet.spans
            for marked in (hit.title, hit.snippet):
                assert all(0 <= start < end <= len(marked.text) for start, end in marked.spans)
                assert all(end < start for (_, end), (start, _) in pairwise(marked.spans))
                assert all(normalize(marked.text[start:end]) in wanted for start, end in marked.spans)

    def test_a_snippet_shows_the_words_asked_for(self, engine: SearchEngine) -> None:
        (hit,) = (hit for hit in engine.search(Query(text="社会保障卡")).hits if hit.id == "jt-2023")
        assert [hit.snippet.text[start:end] for start, end in hit.snippet.spans] == ["社会保障卡"]
        (bare,) = (hit for hit in engine.search(Query(text="统计年鉴")).hits if hit.id == "wu")
        assert (bare.snippet.text, bare.snippet.spans) == ("", ())

    # -- what cannot be asked

    def test_an_unknown_field_is_named_with_those_that_there_are(self, engine: SearchEngine) -> None:
        with pytest.raises(UnknownFieldError, match=r"colour.*kind"):
            engine.search(Query(text="停水", filters={"colour": ("red",)}))

    @pytest.mark.parametrize(("field", "value"), [("kind", "poem"), ("kind", "通知"), ("validity", "有效")])
    def test_an_unknown_value_is_named_with_those_that_there_are(
        self, engine: SearchEngine, field: str, value: str
    ) -> None:
        with pytest.raises(UnknownValueError, match=rf"{value}.*use one of"):
            engine.search(Query(filters={field: ("policy" if field == "kind" else "amended", value)}))

    @pytest.mark.parametrize(
        "query",
        [
            Query(filters={"year": ("24",)}),
            Query(filters={"year": ("next",)}),
            Query(filters={"year": ("２０２４",)}),
            Query(filters={"year": ("0000",)}),
            Query(filters={"year": ("2024\n",)}),
            Query(offset=-1),
            Query(limit=-1),
            Query(since=date(2024, 1, 2), until=date(2024, 1, 1)),
        ],
    )
    def test_a_slip_of_the_reader_is_a_query_error(self, engine: SearchEngine, query: Query) -> None:
        with pytest.raises(QueryError):
            engine.search(query)

    @pytest.mark.parametrize(
        "text",
        [
            "\0",
            "\ud800",
            '"\ud800"',
            '"',
            '""',
            '"""',
            "〔2024〕",
            "第号",
            "的",
            "*",
            "title:停水 AND (",
            "停" * 5_000,
            '"' + "".join(chr(0x4E00 + i) for i in range(300)) + '"',
            "𠮷野家" * 3,
            "\u200b\ufeff",
            "%00<script>",
        ],
    )
    def test_no_text_breaks_an_engine(self, engine: SearchEngine, text: str) -> None:
        for sort in Sort:
            results = engine.search(Query(text=text, sort=sort, limit=100))
            assert results.total == len(results.hits) <= len(PAPERS)

    # -- threads

    def test_eight_threads_get_the_answers_that_one_gets(self, engine: SearchEngine) -> None:
        queries = [Query(text=text, sort=sort, limit=20) for text in QUESTIONS for sort in Sort]
        expected = [(results.total, results.hits) for results in map(engine.search, queries)]
        wrong: list[object] = []

        def ask(first: int) -> None:
            try:
                for step in range(self.rounds * len(queries)):
                    place = (first + step) % len(queries)
                    results = engine.search(queries[place])
                    if (results.total, results.hits) != expected[place]:
                        wrong.append(queries[place])
            except Exception as error:  # a thread's exception would otherwise pass unseen
                wrong.append(error)

        threads = [Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
