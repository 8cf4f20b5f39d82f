"""What people and programs are told: the JSON of an answer, labels, marks, dates, sizes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine import Facet, FacetValue, Hit, Marked, Query, SearchResults, Understood
from webapp.presenters import (
    chinese_date,
    file_size,
    results_to_json,
    safe_link,
    segments,
    understood_label,
    value_label,
)


def test_the_json_of_an_answer_has_the_shape_of_the_contract() -> None:
    hit = Hit(
        id="yx-1",
        document_id="yx-1",
        entry=0,
        title=Marked("低保标准", ((0, 2),)),
        snippet=Marked("提高低保标准"),
        url="https://www.yunxi.example.cn/1.html",
        kind="policy",
        document_number="云政发〔2023〕12号",
        issuers=("云溪区民政局", "云溪区财政局"),
        issued_on=date(2023, 6, 1),
        published_on=None,
        validity="in_force",
        site="",
        column="",
        score=3.14159265,
    )
    results = SearchResults(
        query=Query(text="低保"),
        total=1,
        hits=(hit,),
        facets=(Facet("kind", (FacetValue("policy", 1, selected=True),)),),
        understood=(Understood("phrase", "低保"),),
        took_ms=0.4821,
    )
    assert json.loads(json.dumps(results_to_json(results))) == {
        "query": "低保",
        "understood": [{"what": "phrase", "text": "低保", "undo": None}],
        "total": 1,
        "took_ms": 0.48,
        "answer": None,
        "hits": [
            {
                "id": "yx-1",
                "title": "低保标准",
                "url": "https://www.yunxi.example.cn/1.html",
                "kind": "policy",
                "document_number": "云政发〔2023〕12号",
                "issuer": "云溪区民政局、云溪区财政局",
                "published_on": None,
                "score": 3.141593,
                "snippet": "提高低保标准",
                "passage": None,
            }
        ],
        "facets": {"kind": [{"value": "policy", "count": 1}]},
        "suggestion": None,
    }


def test_values_have_the_names_that_people_see() -> None:
    domains = {"social-assistance": "社会救助"}
    assert value_label("kind", "guide", domains) == "办事指南"
    assert value_label("validity", "repealed", domains) == "废止"
    assert value_label("domain", "social-assistance", domains) == "社会救助"
    assert value_label("domain", "自定领域", domains) == "自定领域"
    assert value_label("year", "2020", domains) == "2020年"
    assert value_label("issuer", "云溪区民政局", domains) == "云溪区民政局"
    assert value_label("kind", "未知", domains) == "未知"
    assert understood_label("document_number") == "文号"
    assert understood_label("something_new") == "条件"


def test_marked_spans_cut_the_text() -> None:
    assert list(segments(Marked("低保怎么申请低保", ((0, 2), (6, 8))))) == [
        ("低保", True),
        ("怎么申请", False),
        ("低保", True),
    ]
    assert list(segments(Marked(""))) == []


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_segments_keep_the_text_whatever_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    ordered = tuple(sorted((min(span), max(span)) for span in spans))
    assert "".join(part for part, _ in segments(Marked(text, ordered))) == text


def test_dates_are_told_by_chinas_calendar() -> None:
    assert chinese_date(date(2020, 7, 28)) == "2020年7月28日"
    assert chinese_date(datetime(2020, 7, 27, 16, 0, tzinfo=UTC)) == "2020年7月28日"
    assert chinese_date(datetime(2020, 7, 27, 15, 59)) == "2020年7月27日"  # noqa: DTZ001  # as the store gives it: UTC
    assert chinese_date(None) == ""


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, ""),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (319_488, "312 KB"),
        (1_048_575, "1.0 MB"),
        (1_500_000, "1.4 MB"),
        (25_000_000, "24 MB"),
        (5_000_000_000, "4.7 GB"),
    ],
)
def test_sizes_are_said_as_file_managers_say_them(size: int | None, text: str) -> None:
    assert file_size(size) == text


def test_only_addresses_of_the_web_become_links() -> None:
    assert safe_link("HTTPS://www.yunxi.example.cn/") == "HTTPS://www.yunxi.example.cn/"
    for url in ("javascript:alert(1)", " https://x", "data:text/html,x", "//x.cn", "file:///etc/passwd", ""):
        assert safe_link(url) == ""
