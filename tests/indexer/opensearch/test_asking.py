"""What the cluster is asked, as far as it needs no cluster: addresses, phrases, numbers in part."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.grams import gram_arrays, gram_texts
from analyzers.partial_number import PartialNumber
from indexer.opensearch.address import read_address
from indexer.opensearch.asking import _key_pattern
from indexer.opensearch.documents import MARK, pairs, phrase_pairs

_TEXT = st.text("津贴标准a1_，。 \n", max_size=20)
_KEYS = ("国办发2019.54", "国办发2019.5", "国办2019.54", "沪府规2019.54", "国办发2018.54", "国办发12019.54", "国办发54")


def test_an_address_names_nodes_and_the_index() -> None:
    assert read_address("http://a:9200") == (("http://a:9200",), "gongkai")
    assert read_address("https://me:x@a:9200, https://b/xian") == (("https://me:x@a:9200", "https://b"), "xian")
    for wrong in ("a:9200", "http://", "http://a/Xian", "http://a/-x", "http://a/x/y", "http://a,ftp://b"):
        with pytest.raises(ValueError, match=r"write http|small letters"):
            read_address(wrong)


@given(_TEXT)
def test_pairs_of_letters_are_those_of_the_embedded_index(text: str) -> None:
    codes, _ = gram_arrays(text)
    assert [pair for pair in pairs(text) if MARK not in pair] == [one for one in gram_texts(codes) if len(one) == 2]
    assert len(pairs(text)) == len(text)


@given(_TEXT, _TEXT, _TEXT)
def test_a_phrase_stands_in_every_text_that_has_it(before: str, phrase: str, after: str) -> None:
    found, wanted = pairs(before + phrase + after), phrase_pairs(phrase)
    if len(wanted) == 1 and len(wanted[0]) == 1:
        assert any(pair.startswith(wanted[0]) for pair in found)
    elif wanted:
        assert any(found[at : at + len(wanted)] == wanted for at in range(len(found)))
    else:
        assert not re.search(r"[^\W_]", phrase)


@pytest.mark.parametrize(
    "number",
    [
        PartialNumber("国办发", 2019),
        PartialNumber("国办发", None, 54),
        PartialNumber("", 2019, 54),
        PartialNumber("", None, 54),
        PartialNumber("国办.+", 2019),
    ],
)
def test_a_number_in_part_asks_for_the_keys_that_it_matches(number: PartialNumber) -> None:
    # The cluster's expressions are those of Python as far as we use them; they match whole words.
    asked = re.compile(_key_pattern(number))
    assert [key for key in _KEYS if asked.fullmatch(key)] == [key for key in _KEYS if number.matches(key)]
