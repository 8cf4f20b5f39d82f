"""The lists that help to understand a question are well-formed and fit the vocabulary."""

from __future__ import annotations

import re

import pytest

from analyzers.categories import read_domain, read_kind, read_validity_word
from analyzers.intents import Intent, find_intents
from analyzers.lexicon import LexiconError, agencies, domains, questions
from analyzers.lexicon.questions import (
    INTENTS,
    generic_offices,
    intent_words,
    kind_words,
    no_places,
    office_nicknames,
    places,
)
from analyzers.lookup import Typed
from analyzers.pieces import What
from corpus.models import Kind, Validity, read_validity


def test_kinds_and_validities_are_those_of_the_vocabulary() -> None:
    assert {row.code for row in kind_words()} == {kind.value for kind in Kind} - {Kind.OTHER.value}
    assert all(read_kind(kind.label) == (kind.value, kind.label) for kind in Kind if kind is not Kind.OTHER)
    for validity in set(Validity) - {Validity.UNKNOWN}:
        assert (
            read_validity_word(validity.value) == read_validity_word(validity.label) == (validity.value, validity.label)
        )
    for word in ("有效", "已修订", "废止", "过期"):
        known = read_validity_word(word)
        assert known is not None
        assert read_validity(word) == known[0]


def test_a_domain_is_known_by_all_its_names() -> None:
    for domain in domains():
        for name in (domain.slug, domain.name, domain.guidance_name, *domain.short_names):
            assert read_domain(name) == (domain.slug, domain.name)
    assert read_domain("足球") is None
    assert read_kind("足球") is None
    assert read_validity_word("足球") is None


def test_intents_are_those_of_the_list_and_their_words_are_found_alone() -> None:
    assert tuple(intent.value for intent in Intent) == INTENTS
    for row in intent_words():
        for word in row.words:
            assert {one.intent.value for one in find_intents(Typed.read(word))} >= set(row.intents), word
    assert {intent.label for intent in Intent} == {"条件", "材料", "流程", "时限", "地点", "电话", "标准", "费用"}


def test_every_piece_has_a_name_for_people() -> None:
    assert all(re.search("[\u4e00-\u9fff]", what.label) for what in What)


def test_there_are_all_provinces_and_prefectures() -> None:
    names = [place.name for place in places()]
    assert len(names) == len(set(names))
    provinces = {place.name for place in places() if place.level == "province"}
    assert len(provinces) == 35  # 34 and 新疆生产建设兵团
    assert {place.province for place in places() if place.level == "city"} <= provinces
    assert len(names) > 360
    forms = [form for place in places() for form in (place.name, *place.short_forms)]
    assert {form for form in forms if forms.count(form) > 1} == set()
    assert no_places().isdisjoint(forms)


def test_generic_offices_are_kinds_and_nicknames_lead_elsewhere() -> None:
    kinds = {agency.name for agency in agencies() if agency.level == "kind"}
    assert generic_offices() <= kinds
    assert all(names and (word not in names or word.endswith("中心")) for word, names in office_nicknames().items())


@pytest.mark.parametrize(
    ("read", "row", "problem"),
    [
        (places, "town\t梅林镇\t-\t-", "the level is 'town'"),
        (office_nicknames, "pet\t工商局\t市场监督管理局\t-", "the sort is 'pet'"),
        (office_nicknames, "nickname\t工商局\t市场监督管理局\t-\nnickname\t工商局\t税务局\t-", "has a row already"),
        (kind_words, "law\t法律\t-\t-\nlaw\t法规\t-\t-", "has a row already"),
        (intent_words, "wish\tframe\t想要\t-", "the intent is 'wish'"),
        (intent_words, "fee\tloud\t多少钱\t-", "the manner is 'loud'"),
        (intent_words, "fee\tframe\t多少钱 多少钱\t-", "is listed already"),
    ],
)
def test_a_bad_row_is_refused(read: object, row: str, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "_packaged", lambda _: row)
    with pytest.raises(LexiconError, match=re.escape(problem)):
        read.__wrapped__()  # type: ignore[attr-defined]
