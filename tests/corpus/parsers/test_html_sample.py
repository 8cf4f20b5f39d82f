"""Every page of the sample portal is read as its manifest says; what a page does not tell is listed here."""

from __future__ import annotations

import pytest

from corpus.models import Kind
from corpus.parsers import Source, Verdict
from corpus.parsers.html import parse_html
from corpus.sample.manifest import ManifestEntry, manifest
from corpus.sample.site import build_site, request_key

# Pages whose title and column tell no kind, and whose text is asked for none: who is who, what an office does.
UNTOLD = {"机构与领导"}


def expected_kind(entry: ManifestEntry) -> Kind | None:
    if entry.column in UNTOLD:
        assert entry.kind == Kind.OTHER.value, "a kind that no page tells is other"
        return None
    return Kind(entry.kind)


@pytest.mark.parametrize("entry", manifest().entries.values(), ids=lambda entry: entry.path)
def test_a_page_of_the_sample_is_read_as_its_manifest_says(entry: ManifestEntry) -> None:
    page = build_site()[request_key(entry.path)]
    url = f"http://www.yunlan.example{entry.path}"
    parsed = parse_html(Source(data=page.body, url=url, content_type=page.content_type))
    assert parsed.verdict is Verdict.ARTICLE
    assert (parsed.kind, parsed.title, parsed.column, parsed.published_on) == (
        expected_kind(entry),
        entry.title,
        entry.column,
        entry.published_on,
    )
