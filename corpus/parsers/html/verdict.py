"""Is this page an article, a listing, an error that says 200, a challenge, or nothing?"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.parsers import Verdict
from corpus.parsers.rules import any_of

MIN_ROWS = 3
"""Fewer dated links may be the neighbours of an article (上一篇, 下一篇)."""

_CHALLENGE_CHARS = 120  # what a page shows beside its script when it is only a gate
_ERROR_CHARS = 500  # an error page with its navigation; real texts that speak of missing pages are longer
_MIN_LINKS = 5
_MIN_TEXT_CHARS = 200  # of sentences in a place that no template marks, beside rows of a listing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of a page. ``text`` is its main text, ``shown`` all of its lines, ``source`` its markup."""

    source: str
    browser_title: str
    shown: str
    text: str
    running: int  # characters of its sentences outside of the rows of a listing
    has_article_title: bool  # in the meta tags
    official_fields: int  # in the official field table
    fields: int  # these, and 来源 and 时间 under the title
    known_container: bool
    has_files: bool  # attachments, or pictures in the text
    rows: int
    links: int


def judge(page: Evidence) -> Verdict:
    """Decide by content; the HTTP status is not asked, because gates answer 200 or 412 and errors 200.

    An article title in the meta tags makes an article, if there is anything to read: text, files, or the official
    fields themselves. Without one, a known container or an official field table does; then rows with dates make a
    listing unless running text outweighs them.
    """
    challenge, soft_404 = any_of("verdicts", "challenge"), any_of("verdicts", "soft_404")
    if len(page.shown) < _CHALLENGE_CHARS and page.links < _MIN_LINKS and challenge.search(page.source):
        return Verdict.CHALLENGE
    named = page.has_article_title and bool(page.text)
    if (
        not named
        and len(page.shown) < _ERROR_CHARS
        and (soft_404.search(page.browser_title) or soft_404.search(page.shown))
    ):
        return Verdict.SOFT_404
    if page.has_article_title:
        readable = page.text or page.has_files or page.official_fields >= 3
        return Verdict.ARTICLE if readable else Verdict.EMPTY
    if (page.known_container and (page.text or page.has_files)) or page.official_fields >= 3:
        return Verdict.ARTICLE
    if page.rows >= MIN_ROWS and page.running < _MIN_TEXT_CHARS:
        return Verdict.LISTING
    if page.fields or (page.text and page.running):
        return Verdict.ARTICLE
    if page.links >= _MIN_LINKS or page.rows:
        return Verdict.LISTING
    if page.shown or page.has_files:
        return Verdict.ARTICLE
    return Verdict.EMPTY
