"""Articles of law are told by law and number, and what a text cites is read as lawyers write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.law_articles import Article, article_of, cited_articles, law_name, name_endings


@pytest.mark.parametrize(
    ("title", "article"),
    [
        ("中华人民共和国民法典第四百六十七条", Article("民法典", 467)),
        ("民法典 第10条", Article("民法典", 10)),
        ("中华人民共和国刑法（2020修正）第三百零七条之一", Article("刑法", 307, 1)),
        ("关于适用《中华人民共和国民事诉讼法》的解释第一百零二条", Article("关于适用民事诉讼法的解释", 102)),
        ("关于修改第三条的决定", None),
        ("第三条", None),
        ("云澜区养犬管理办法", None),
    ],
)  # fmt: skip
def test_a_title_tells_the_article(title: str, article: Article | None) -> None:
    assert article_of(title) == article


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("依照《中华人民共和国刑法》第二百六十四条处罚。", {"刑法/264.0", "刑法/0.0"}),
        ("《养猫法》（2012年修正）第八条第一款、第六条和第七条", {f"养猫法/{n}.0" for n in (0, 8, 6, 7)}),
        ("违反本法第二十条、第二十一条之一的规定", {"养犬法/20.0", "养犬法/21.1"}),
        ("《云澜区供水条例》实施后", {"云澜区供水条例/0.0"}),
        ("第五条规定的期限，自送达之日起算", set()),
        ("第二十条 饲养人应当……", set()),
        ("见《关于停水的通知》", set()),
    ],
)  # fmt: skip
def test_what_is_cited(text: str, cited: set[str]) -> None:
    assert {article.key for article in cited_articles(text, Article("养犬法", 3))} == cited


def test_a_bare_name_may_have_words_before_it_and_its_endings_tell_the_law() -> None:
    (article,) = cited_articles("应当认定为刑法第二百七十七条规定的情形")
    assert next(name for name in name_endings(article.law) if name in {"刑法", "民法典"}) == "刑法"


def test_an_article_does_not_cite_itself_and_an_unknown_law_has_no_own_articles() -> None:
    assert cited_articles("本法第三条", Article("养犬法", 3)) == set()
    assert cited_articles("本法第三条") == set()


@given(st.builds(Article, st.text("刑民法典/，", min_size=1), st.integers(0, 2000), st.integers(0, 9)))
def test_a_key_is_read_back(article: Article) -> None:
    assert Article.of_key(article.key) == article


@given(st.text("《》〈中华人民共和国刑法（）() ,、第一条", max_size=30))
def test_a_name_is_kept_as_a_word_of_the_index(title: str) -> None:
    assert not set(law_name(title)) & set(", 《》")
    cited_articles(title)
