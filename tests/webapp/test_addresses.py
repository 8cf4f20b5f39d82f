"""Any id reaches its document, whatever characters it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.views.addresses import decode_id, encode_id

_ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@given(_ids)
def test_an_id_in_an_address_is_that_id(document_id: str) -> None:
    written = encode_id(document_id)
    assert document_id == (written if written == document_id else decode_id(written))


@given(_ids, _ids)
def test_two_ids_have_two_addresses(one: str, other: str) -> None:
    assert (encode_id(one) == encode_id(other)) == (one == other)


@pytest.mark.parametrize("document_id", ["yx-2023-012", "zwgk/目录/义务教育", "a b?c#d%2F", "t1.html", "a.b/c..d"])
def test_a_usual_id_stands_verbatim(document_id: str) -> None:
    assert encode_id(document_id) == document_id


@pytest.mark.parametrize(
    "document_id", ["../etc/passwd", "a/../b", "/a", "a//b", "a/", ".", "a\\b", "a\nb", "~x", "x/download", "x/text"]
)
def test_an_id_that_would_not_arrive_is_encoded(document_id: str) -> None:
    assert encode_id(document_id).startswith("~")
    assert decode_id(encode_id(document_id)) == document_id


@pytest.mark.parametrize("text", ["plain", "~", "~!!!", "~a", "~_w"])
def test_what_encodes_no_id_is_none(text: str) -> None:
    assert decode_id(text) in (None, "")
