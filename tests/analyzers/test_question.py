"""What a question becomes: words, marks, filters and boosts, every piece with its place and its undoing."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.agency_mentions import AgencyMention
from analyzers.document_number import DocumentNumber
from analyzers.intents import Intent
from analyzers.partial_number import PartialNumber
from analyzers.question import Piece, Question, What, read_question
from analyzers.tokenizer import question_core, question_words

TODAY = date(2026, 3, 10)
NUMBER = DocumentNumber("云澜政办规", 2023, 8)


def read(text: str) -> Question:
    return read_question(text, TODAY)


def only(text: str, what: What) -> Piece:
    (piece,) = read(text).of(what)
    return piece


def test_a_question_is_its_words_once_and_without_its_frame() -> None:
    question = read("高龄津贴怎么申领，津贴什么时候发放？")
    assert len(question.words) == len(set(question.words))
    assert {"津贴", "申领", "发放"} <= set(question.words)
    assert not {"怎么", "什么时候", "时候", "？", "，"} & set(question.words)
    assert (question.phrases, question.numbers, question.only_number) == ((), (), False)


def test_a_text_of_which_nothing_is_hidden_has_the_words_and_the_core_of_the_tokenizer() -> None:
    for text in ("高龄津贴标准", "云溪区民政局 低保", "2024年部门决算", "十四五规划"):
        assert read(text).words == tuple(dict.fromkeys(question_words(text)))
        assert read(text).core == question_core(text)


def test_what_only_asks_is_not_searched_for() -> None:
    question = read("残疾证去哪办要几天")
    assert question.core == "残疾证"
    assert question.intents == (Intent.PLACE, Intent.TIME_LIMIT)
    assert read("能不能").words  # but where nothing else is left, it is


def test_what_the_reader_says_by_today_is_not_searched_for() -> None:
    assert read("去年的公示").words == ("公示",)
    assert "上半年" in read("上半年财政收支").words  # titles say this one
    assert read("去年").words == ("去年",)


@pytest.mark.parametrize(
    "text", ["云澜政办规〔2023〕8号", " 云澜政办规[2023]8号 ", "雲瀾政辦規 2023 8", "云澜政办规２０２３年第８号"]
)
def test_a_number_alone_is_told_from_a_question_that_names_one(text: str) -> None:
    question = read(text)
    assert (question.numbers, question.only_number) == ((NUMBER,), True)
    assert question.words  # what is looked for where no document bears the number
    assert [piece.text for piece in question.pieces] == ["云澜政办规〔2023〕8号"]
    assert text[question.pieces[0].start : question.pieces[0].end] == text.strip()


def test_numbers_inside_a_question_are_read_once_each() -> None:
    question = read("云澜政办规〔2023〕8号和国发〔2012〕45号、云澜政办规[2023]8号还有效吗")
    assert question.numbers == (NUMBER, DocumentNumber("国发", 2012, 45))
    assert not question.only_number


def test_words_before_a_number_are_no_part_of_it() -> None:
    assert read("请问国办发〔2019〕54号").numbers == (DocumentNumber("国办发", 2019, 54),)
    assert read("医保 国办发〔2021〕14号").numbers == (DocumentNumber("国办发", 2021, 14),)
    assert not read("医保 国办发〔2021〕14号").only_number
    assert read("请问国办发〔2019〕54号").only_number


def test_a_number_typed_loosely_is_less_sure() -> None:
    assert only("云澜政办 2023 8", What.NUMBER).confidence < only("云澜政办〔2023〕8号", What.NUMBER).confidence


def test_a_partial_number_alone_is_told_too() -> None:
    assert (read("国办发〔2019〕").partial_numbers, read("国办发〔2019〕").only_partial) == (
        (PartialNumber("国办发", 2019),),
        True,
    )
    assert read("国办发54号 解读").only_partial is False


def test_phrases_stand_in_straight_quotes_and_are_normalised() -> None:
    question = read('"老年人 可以" "ＡＢ" "發放" "发放" 津贴')
    assert question.phrases == ("老年人 可以", "ab", "发放")
    assert "津贴" in question.words


@pytest.mark.parametrize(
    "text", ['"', '""', '"  "', "“放管服”改革", "「停水」", '停水"', '"试用"期满、"转正"之前，能辞退吗']
)
def test_what_only_looks_like_a_phrase_is_none(text: str) -> None:
    assert read(text).phrases == ()


def test_nothing_is_read_in_quotation_marks() -> None:
    question = read('"低保" "去年" "国办发〔2019〕54号" 申请')
    assert question.plain_words == ()
    assert {piece.what for piece in question.pieces} == {What.PHRASE}


def test_field_words_filter_and_free_text_only_ranks() -> None:
    asked = read("年份：2018-2020 类型：解读、公告 领域：社保 有效性：有效 网站：www.yunxi.example 栏目：通知公告 医保")
    assert asked.filters == {
        "year": ("2018", "2019", "2020"),
        "kind": ("interpretation", "notice"),
        "domain": ("social-insurance",),
        "validity": ("in_force",),
        "site": ("www.yunxi.example",),
        "column": ("通知公告",),
    }
    assert asked.words == ("医保",)
    assert all(
        piece.filters is (piece.what not in (What.SYNONYM, What.DOMAIN)) or piece.filters for piece in asked.pieces
    )
    said = read("2020年医保政策解读 现行有效")
    assert said.filters == {}
    assert {What.PERIOD, What.KIND, What.VALIDITY} <= {piece.what for piece in said.pieces}


def test_the_fields_of_an_address_are_understood_too() -> None:
    assert read("kind:guide year:2024 低保").filters == {"kind": ("guide",), "year": ("2024",)}


def test_values_of_one_field_add_up() -> None:
    assert read("年份：2018 年份：2020").filters == {"year": ("2018", "2020")}


def test_days_that_are_no_whole_years_bound_the_dates() -> None:
    asked = read("日期：2024年1月至6月 开始日期：2024-03-15 高龄津贴")
    assert (asked.since, asked.until) == (date(2024, 3, 15), date(2024, 6, 30))
    assert "year" not in asked.filters
    assert (read("日期：2023年以来").since, read("日期：2023年以来").until) == (date(2023, 1, 1), None)
    assert read("截至日期：2020-07-28").until == date(2020, 7, 28)


def test_an_issuer_is_asked_for_by_its_full_name() -> None:
    asked = read("发文机关：云溪区教体局 招生")
    assert asked.filters == {"issuer": ("云溪区教育体育局", "云溪区教育局")}
    assert isinstance(asked.pieces[0].value, AgencyMention)
    assert asked.pieces[0].value.matches("青岭市云溪区教育体育局")
    assert read("发文机关：青云集团").filters == {"issuer": ("青云集团",)}


def test_words_of_the_title_are_asked_for_and_searched_for() -> None:
    asked = read("標題：義務教育 招生")
    assert (asked.title, asked.words) == (("义务教育",), ("义务", "教育", "义务教育", "招生"))


def test_a_number_field_is_a_number_alone() -> None:
    assert (read("文号：云澜政办规[2023]8号").numbers, read("文号：云澜政办规[2023]8号").only_number) == (
        (NUMBER,),
        True,
    )
    assert read("文号：54号").partial_numbers == (PartialNumber(serial=54),)


def test_a_value_that_says_nothing_is_told_and_searched_for() -> None:
    asked = read("类型：苹果 年份：前朝 招生")
    assert [(piece.text, piece.confidence) for piece in asked.of(What.UNREAD)] == [("类型：苹果", 0), ("年份：前朝", 0)]
    assert (asked.filters, asked.words[0]) == ({}, "苹果")


@pytest.mark.parametrize("text", ["收费标准：多少", "申请的类型：解读", "https://www.example/year:2020"])
def test_a_field_word_within_a_text_is_none(text: str) -> None:
    assert read(text).filters == {}


def test_only_filters_ask_for_no_word() -> None:
    assert (read("年份：2020").words, read("年份：2020").core) == ((), "")


def test_what_is_excluded() -> None:
    assert (read("养老服务 -招聘 －招标").excluded, read('养老 -"公开 招聘"').excluded) == (
        ("招聘", "招标"),
        ("公开 招聘",),
    )
    assert read("养老 不要招聘").excluded == ("招聘",)
    assert "招聘" not in read("养老服务 -招聘").words


@pytest.mark.parametrize(
    "text", ["-招聘", '养老 -" "', "2018 -2020", "养老-招聘", "不要招聘", "可以不要彩礼吗", "老人 不要养老金了怎么办"]
)
def test_what_only_looks_excluded_is_not(text: str) -> None:
    assert read(text).excluded == ()


def test_operators_between_words() -> None:
    question = read('低保 AND 南昌 OR "五 保" NOT 招聘')
    assert question.alternatives == (("低保", "南昌"), ("五 保",))
    assert (question.excluded, question.phrases) == (("招聘",), ())
    assert not {"and", "or", "not", "招聘"} & set(question.words)


@pytest.mark.parametrize("text", ["AND", "AND 低保", "低保 OR", "RESEARCH AND DEVELOPMENT", "低保 and 南昌"])
def test_words_that_only_look_like_operators(text: str) -> None:
    assert (read(text).alternatives, read(text).of(What.OPERATOR)) == ((), ())


def test_quantities_are_looked_for_in_both_writings() -> None:
    (amount,) = read("65岁能不能免费坐公交").amounts
    assert (amount.text, amount.words) == ("65岁", ("65", "岁"))
    assert {"六十五岁", "六十五周岁"} <= {term.text for term in amount.terms}
    assert [term.text for term in read("满二十年").amounts[0].terms] == ["20年"]


def test_short_names_of_bodies_are_looked_for_in_full_too() -> None:
    question = read("近三年区卫健委公示")
    assert "卫健委" in question.words
    assert [term.text for term in question.agency_words[0].terms] == ["卫生健康委员会", "卫生健康局"]
    assert read("云溪区民政局").agency_words == ()


def test_a_question_how_something_is_done_is_told_from_others() -> None:
    assert read("高龄津贴怎么申领").asks_how
    assert not read("高龄津贴多少钱").asks_how


def test_an_empty_question_asks_for_nothing() -> None:
    for text in ("", "  \n", "？！"):
        assert (read(text).words, read(text).pieces) == ((), ())


@pytest.mark.parametrize(
    ("text", "what", "without", "literally"),
    [
        ("去年区教体局的招生通知", What.PERIOD, "区教体局的招生通知", '"去年" 区教体局的招生通知'),
        ("去年区教体局的招生通知", What.AGENCY, "去年 招生通知", '去年 "区教体局" 的招生通知'),
        ("养老 -招聘", What.EXCLUDED, "养老", "养老 招聘"),
        ('"低保 标准" 南昌', What.PHRASE, "南昌", "低保 标准 南昌"),
        ("年份：2020 低保", What.PERIOD, "低保", '"2020" 低保'),
        ("低保 AND 南昌", What.OPERATOR, "低保 南昌", "低保 南昌"),
        ("国办发〔2019〕54号 解读", What.NUMBER, "解读", '"国办发〔2019〕54号" 解读'),
    ],
)
def test_a_piece_can_be_taken_out_or_taken_literally(text: str, what: What, without: str, literally: str) -> None:
    question, piece = read(text), only(text, what)
    assert (question.without(piece), question.literally(piece)) == (without, literally)


def test_traditional_and_wide_characters_are_read_where_they_stand() -> None:
    text = "２０２３年雲溪區教體局的　解讀"
    question = read(text)
    assert [text[piece.start : piece.end] for piece in question.pieces] == ["２０２３年", "雲溪區教體局", "解讀"]
    assert [piece.text for piece in question.pieces] == ["2023年", "云溪区教育体育局", "政策解读"]
