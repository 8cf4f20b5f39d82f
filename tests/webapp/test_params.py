"""Search addresses: what is read, what is refused, and what is made of a search again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from corpus.models import Kind, Validity
from indexer.engine import Sort
from webapp.errors import BadParameterError
from webapp.params import MAX_PAGE, MAX_QUESTION_CHARS, SearchRequest


def read(*pairs: tuple[str, str]) -> SearchRequest:
    return SearchRequest.read(MultiDict(pairs))


def test_every_parameter_is_read() -> None:
    search = read(
        ("q", " 低保　怎么申请\n"),
        ("kind", "policy"),
        ("kind", "guide"),
        ("issuer", "云溪区民政局"),
        ("domain", "social-assistance"),
        ("year", "2023"),
        ("validity", "in_force"),
        ("site", "云溪区人民政府"),
        ("column", "政策文件"),
        ("since", "2020-01-31"),
        ("until", "2020-07-28"),
        ("sort", "date"),
        ("page", "3"),
    )
    query = search.to_query()
    assert query.text == "低保 怎么申请"
    assert query.filters["kind"] == ("policy", "guide")
    assert query.filters["column"] == ("政策文件",)
    assert (query.since, query.until) == (date(2020, 1, 31), date(2020, 7, 28))
    assert (query.sort, query.offset, query.limit) == (Sort.DATE, 20, 10)


def test_chinese_names_of_kind_and_validity_are_read_as_their_codes() -> None:
    search = read(("kind", "政策文件"), ("kind", "policy"), ("validity", "有效"))
    assert dict(search.filters) == {"kind": ("policy",), "validity": ("in_force",)}


def test_empty_parameters_are_no_parameters() -> None:
    assert read(("q", ""), ("since", ""), ("until", " "), ("kind", ""), ("page", "")) == SearchRequest()


def test_unknown_parameters_are_ignored_and_left_out_of_the_address() -> None:
    assert read(("q", "低保"), ("from", "singlemessage"), ("isappinstalled", "0")).pairs() == [("q", "低保")]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("kind", "xx", "policy（政策文件）"),
        ("validity", "好", "repealed（废止）"),
        ("year", "20", "四位数字"),
        ("year", "２０２０", "四位数字"),
        ("since", "2020-13-01", "2020-07-28"),
        ("until", "28/07/2020", "2020-07-28"),
        ("sort", "up", "relevance"),
        ("page", "0", f"1 到 {MAX_PAGE}"),
        ("page", "-1", f"1 到 {MAX_PAGE}"),
        ("page", "２", f"1 到 {MAX_PAGE}"),
        ("page", "101", f"1 到 {MAX_PAGE}"),
        ("page", "9" * 5000, f"1 到 {MAX_PAGE}"),
        ("q", "长" * (MAX_QUESTION_CHARS + 1), "500"),
        ("site", "x" * 201, "200"),
    ],
)
def test_a_malformed_parameter_is_refused_by_name_with_what_is_allowed(name: str, value: str, allowed: str) -> None:
    with pytest.raises(BadParameterError) as caught:
        read((name, value))
    assert caught.value.name == name
    assert allowed in caught.value.allowed
    assert len(caught.value.value) <= 61


def test_dates_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(BadParameterError, match="since"):
        read(("since", "2021-01-01"), ("until", "2020-01-01"))


def test_two_different_questions_are_refused_but_the_same_one_twice_is_not() -> None:
    assert read(("q", "低保"), ("q", "低保")).text == "低保"
    with pytest.raises(BadParameterError, match="只能出现一次"):
        read(("q", "低保"), ("q", "医保"))


def test_too_many_values_are_refused() -> None:
    with pytest.raises(BadParameterError, match="20"):
        read(*(("issuer", f"第{number}办") for number in range(21)))


def test_what_cannot_be_seen_is_no_part_of_a_question() -> None:
    assert read(("q", "低\u200b保\x00\u202e")).text == "低 保"


def test_links_change_one_thing_and_go_back_to_the_first_page() -> None:
    search = read(("q", "低保"), ("kind", "policy"), ("kind", "guide"), ("page", "4"), ("since", "2020-01-01"))
    assert search.without_value("kind", "policy").pairs() == [
        ("q", "低保"),
        ("kind", "guide"),
        ("since", "2020-01-01"),
    ]
    assert search.with_value("year", "2020").filters["year"] == ("2020",)
    assert search.with_value("year", "2020").page == 1
    assert search.without_filters().pairs() == [("q", "低保")]
    assert search.without_dates().pairs() == [("q", "低保"), ("kind", "policy"), ("kind", "guide")]
    assert search.with_page(5).page == 5
    assert search.with_sort(Sort.DATE).pairs()[-1] == ("sort", "date")


_words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs")), min_size=1, max_size=30)


@given(
    text=st.one_of(st.just(""), _words),
    kinds=st.lists(st.sampled_from([kind.value for kind in Kind]), unique=True),
    validity=st.lists(st.sampled_from([validity.value for validity in Validity]), unique=True),
    issuers=st.lists(_words, unique=True, max_size=5),
    since=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2030, 1, 1))),
    sort=st.sampled_from(Sort),
    page=st.integers(1, MAX_PAGE),
)
def test_the_address_of_a_search_is_read_as_the_same_search(
    text: str, kinds: list[str], validity: list[str], issuers: list[str], since: date | None, sort: Sort, page: int
) -> None:
    search = SearchRequest(
        text=text.replace("\ufffd", ""),
        filters={
            name: tuple(values)
            for name, values in (("kind", kinds), ("issuer", issuers), ("validity", validity))
            if values and "\ufffd" not in "".join(values)
        },
        since=since,
        sort=sort,
        page=page,
    )
    again = SearchRequest.read(MultiDict(search.pairs()))
    assert again == search
    assert iri_to_uri(search.query_string()) == search.query_string()


def test_links_that_vary_one_field_are_the_addresses_of_those_searches() -> None:
    search = SearchRequest(
        text="低保 A&B",
        filters={"kind": ("guide",), "issuer": ("云溪区民政局",), "year": ("2023",)},
        since=date(2020, 1, 1),
        sort=Sort.DATE,
        page=3,
    )
    for name, value in (("kind", "policy"), ("issuer", "云溪区 教育局&财政局"), ("column", "政策"), ("year", "2024")):
        chosen = search.filters.get(name, ())
        assert search.varying(name)((*chosen, value)) == search.with_value(name, value).query_string()
    assert search.varying("kind")(()) == search.without_value("kind", "guide").query_string()
    assert SearchRequest().varying("kind")(()) == ""
