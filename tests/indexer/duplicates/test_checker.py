"""What is the verdict on a draft, and on what evidence?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

import opencc
import pytest

from corpus.errors import UnknownDocumentError
from corpus.models import Attachment, CatalogEntry, Document
from indexer.duplicates.checker import Checker
from indexer.duplicates.drafts import MAX_CHARACTERS, draft_of_published
from indexer.duplicates.model import Direction, FactKind, Verdict
from tests.indexer.duplicates.conftest import DOCUMENTS, OUTAGE_LATER, SUBSIDY, best, draft

SUBSIDY_DOCUMENT = DOCUMENTS[0]


def test_the_same_bytes_are_the_same_file(published: Callable[..., Checker]) -> None:
    checker = published(replace(SUBSIDY_DOCUMENT, body="扫描件"), sha256="ab" * 32)
    answer = checker.check(replace(draft("无法识别"), sha256="ab" * 32))
    assert answer.verdict is Verdict.SAME_FILE
    assert best(answer).document_id == "subsidy"


def test_a_file_that_a_document_carries_is_the_same_file(published: Callable[..., Checker]) -> None:
    checker = published(
        *DOCUMENTS, Document(id="page", title="年报", body="详见附件", attachments=(Attachment(name="a"),))
    )
    with checker._store.writing() as writer:
        writer.put(Document(id="page", title="年报", attachments=(Attachment(name="年报.pdf", url="http://a.cn/1"),)))
        writer.put_file("http://a.cn/1", sha256="cd" * 32, size=9, media_type="application/pdf")
    checker = published(DOCUMENTS[1])
    assert checker.check(replace(draft(""), sha256="cd" * 32)).verdict is Verdict.SAME_FILE


@pytest.mark.parametrize(
    "body",
    [
        SUBSIDY,
        SUBSIDY.replace("\n", ""),
        SUBSIDY.replace("，", ", ").replace("100", "１００"),
        "当前位置：首页>政务公开 时间：2024-03-14 微信 微博 QQ空间\n" + SUBSIDY + "\n特此通知。",
    ],
    ids=["as it is", "one line", "widths", "with the frame of its page"],
)
def test_the_same_text_is_told_however_it_is_written(checker: Checker, body: str) -> None:
    answer = checker.check(draft(body))
    assert answer.verdict is Verdict.SAME_TEXT
    assert best(answer).document_id == "subsidy"
    assert best(answer).jaccard == 1.0
    assert not best(answer).facts


def test_a_copy_in_traditional_characters_is_a_duplicate(checker: Checker) -> None:
    answer = checker.check(draft(opencc.OpenCC("s2t").convert(SUBSIDY)))
    assert answer.verdict.is_duplicate
    assert best(answer).jaccard > 0.9


def test_an_excerpt_is_a_repost_and_says_who_was_first(checker: Checker) -> None:
    answer = checker.check(draft("\n".join(SUBSIDY.split("\n")[2:4]), published_on=date(2024, 4, 1)))
    assert answer.verdict is Verdict.REPOST
    assert best(answer).draft_in_published > 0.9 > 0.6 > best(answer).published_in_draft
    assert best(answer).direction is Direction.DRAFT_LATER


def test_a_text_around_a_published_one_is_a_repost(checker: Checker) -> None:
    added = (
        "区政府督查室近日通报了上半年民生实事项目的进展。老旧小区加装电梯已经完工十二部，公共停车场新增泊位三百余个，"
        "镇卫生院的中医馆全部建成开放。通报要求各牵头单位对照年初台账逐项销号，对进度滞后的项目倒排工期，按周调度。"
        "下面转发区民政局的一份通知，供各镇结合实际参照办理，执行中遇到的情况请及时与区民政局养老服务科联系。"
    )
    answer = checker.check(draft(f"{added}\n{SUBSIDY}"))
    assert answer.verdict is Verdict.REPOST
    assert best(answer).published_in_draft > 0.9


def test_an_edited_text_is_a_near_duplicate_and_tells_the_facts_that_differ(checker: Checker) -> None:
    answer = checker.check(draft(SUBSIDY.replace("每人每月200元", "每人每月260元")))
    assert answer.verdict is Verdict.NEAR_DUPLICATE
    assert [(fact.kind, fact.draft, fact.published) for fact in best(answer).facts] == [
        (FactKind.AMOUNT, "260元", "200元")
    ]


def test_the_same_number_with_other_content_is_a_new_version(checker: Checker) -> None:
    body = (
        "\n".join(SUBSIDY.split("\n")[:4])
        + "\n六、本通知由区民政局负责解释，此前规定与本通知不一致的以本通知为准。\n" * 4
    )
    answer = checker.check(draft(body, document_number="云澜民规（2024）第3号"))
    assert answer.verdict is Verdict.NEW_VERSION
    assert not answer.verdict.is_duplicate


def test_the_same_title_with_other_content_is_a_new_version(checker: Checker) -> None:
    body = "\n".join(SUBSIDY.split("\n")[1:3]) + "\n发放标准、办理程序由各镇自行确定，报区民政局备案后公布实施。"
    assert checker.check(draft(body, title=SUBSIDY_DOCUMENT.title)).verdict is Verdict.NEW_VERSION


def test_a_template_with_other_facts_is_no_duplicate(checker: Checker) -> None:
    answer = checker.check(draft(OUTAGE_LATER, title="2024年6月18日云澜电网检修信息"))
    assert answer.verdict is Verdict.SAME_TEMPLATE
    assert not answer.verdict.is_duplicate
    assert {FactKind.DATE, FactKind.NUMBER} <= {fact.kind for fact in best(answer).facts}


def misread(text: str, share: float) -> str:
    """The text with that share of its Chinese characters read as others, as OCR does."""
    draw = Random(1)
    return "".join(
        "己" if "\u4e00" <= character <= "\u9fff" and draw.random() < share else character for character in text
    )


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_a_misread_copy_is_a_near_duplicate_whatever_its_broken_facts_say(checker: Checker, share: float) -> None:
    answer = checker.check(draft(misread(SUBSIDY, share)))
    assert answer.verdict is Verdict.NEAR_DUPLICATE
    assert best(answer).document_id == "subsidy"


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_a_misread_notice_of_another_month_is_no_duplicate(checker: Checker, share: float) -> None:
    assert not checker.check(draft(misread(OUTAGE_LATER, share))).verdict.is_duplicate


def test_some_figures_changed_in_a_short_text_are_an_edit_and_all_of_them_another_case(checker: Checker) -> None:
    some = SUBSIDY.replace("100元", "120元").replace("200元", "260元").replace("500元", "600元")
    assert checker.check(draft(some)).verdict is Verdict.NEAR_DUPLICATE
    every = some.replace("八十周岁", "七十周岁").replace("八十至八十九周岁", "七十至七十九周岁").replace("五个", "六个")
    every = every.replace("九十至九十九", "八十至九十八").replace("百岁以上", "九十八岁以上").replace("十日", "六日")
    every = every.replace("2024年3月12日", "2026年5月17日")
    answer = checker.check(draft(every))
    assert answer.verdict is Verdict.SAME_TEMPLATE, answer


def test_an_excerpt_that_begins_in_the_midst_of_a_fact_is_a_repost(checker: Checker) -> None:
    at = SUBSIDY.index("00元，九十至")
    answer = checker.check(draft(SUBSIDY[at : at + 120]))
    assert answer.verdict is Verdict.REPOST
    assert best(answer).facts == ()  # what it leaves out does not differ


def test_a_text_in_one_line_is_no_label_whatever_it_begins_with(checker: Checker) -> None:
    text = SUBSIDY.replace("各镇人民政府，区直各单位：", "公开目录：").replace("\n", "")
    assert checker.check(draft(text)).verdict.is_duplicate


def test_two_cities_that_copied_each_other_are_one_template(published: Callable[..., Checker]) -> None:
    law = "".join(
        f"台州市人民政府有关部门应当按照职责做好第{at}类事项的管理工作，台州市财政予以保障。" for at in "甲乙丙丁戊"
    )
    checker = published(Document(id="law", title="管理条例", body=law), DOCUMENTS[1])
    assert checker.check(draft(law.replace("台州", "衢州"))).verdict is Verdict.SAME_TEMPLATE
    assert checker.check(draft(law)).verdict is Verdict.SAME_TEXT


def test_the_same_catalog_item_of_the_same_publisher_is_told(checker: Checker) -> None:
    row = CatalogEntry(item="养老服务业务办理", subitem="养老机构备案", publisher="区民政局", content="备案材料、时限")
    body = "本表列出民政部门应当公开的事项，请各镇核对后在门户网站发布。"
    answer = checker.check(draft(body, title="民政领域目录", entries=(row,)))
    assert answer.verdict is Verdict.SAME_CATALOG_ITEM
    assert best(answer).items == ("养老服务业务办理 · 养老机构备案",)
    other = replace(row, publisher="各镇人民政府")
    assert checker.check(draft(body, title="民政领域目录", entries=(other,))).verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize("body", ["", "见附件", "正文见附件", "   \n  "])
def test_a_draft_that_says_nothing_is_not_comparable(checker: Checker, body: str) -> None:
    answer = checker.check(draft(body, title="云澜区“十四五”社会事业发展规划"))
    assert answer.verdict is Verdict.NOT_COMPARABLE
    assert [match.document_id for match in answer.matches] == ["plan"]


def test_something_new_is_not_found(checker: Checker) -> None:
    answer = checker.check(draft("区气象台今晨发布大风蓝色预警，预计未来六小时内平均风力达六级，请注意防范高空坠物。"))
    assert (answer.verdict, answer.matches) == (Verdict.NOT_FOUND, ())


def test_a_text_that_is_too_long_is_answered_clearly(checker: Checker) -> None:
    answer = checker.check(draft("长" * (MAX_CHARACTERS + 1)))
    assert answer.verdict is Verdict.NOT_COMPARABLE
    assert "2,000,001 characters" in answer.problems[0]


def test_a_published_document_is_not_its_own_duplicate(checker: Checker) -> None:
    stored = checker._store.get("subsidy")
    assert stored is not None
    assert checker.check(draft_of_published(stored)).verdict is Verdict.NOT_FOUND


def test_what_is_withdrawn_is_not_compared_with(checker: Checker) -> None:
    with checker._store.writing() as writer:
        writer.withdraw("subsidy", reason="发布有误")
    assert checker.check(draft(SUBSIDY)).verdict is Verdict.NOT_FOUND
    with pytest.raises(UnknownDocumentError):
        checker.align(draft(SUBSIDY), "subsidy")


def test_what_changed_is_found_as_it_stands_now(published: Callable[..., Checker]) -> None:
    checker = published(*DOCUMENTS)
    assert checker.check(draft(OUTAGE_LATER)).verdict is not Verdict.SAME_TEXT
    changed = replace(DOCUMENTS[1], body=OUTAGE_LATER)
    published(changed)
    assert checker.check(draft(OUTAGE_LATER)).verdict is Verdict.SAME_TEXT
    assert checker.check(draft(SUBSIDY)).verdict is Verdict.SAME_TEXT
