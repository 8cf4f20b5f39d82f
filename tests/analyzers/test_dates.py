"""Do the dates of government pages read as the days they name, and nothing else as a date?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.dates import CHINA_TIME, DateError, FoundDate, find_dates, find_signing_date, parse_date

DAY = date(2020, 7, 28)

SPELLINGS = [
    "2020-07-28",
    "2020-7-28",
    "2020/7/28",
    "2020.7.28",
    "2020.07.28",
    "2020——07——28 10:08",
    "2020－07－28 10∶08",
    "2020–07–28",
    "2020-07-28 10:08:33",
    "2020-07-28 10:08:33.0",
    "2020-07-28 10时08分",
    "2020-07-28 星期二 10:08",
    "2020年7月28日",
    "2020年07月28日 10:08",
    "2020年7月28日10时08分",
    "2020年7月28日（星期二）",
    "2020 年 7 月 28 日",
    "\u30002020\u2002年\u20027\u2002月\u200228\u2002日\u3000",
    "2020年7月28",
    "2020年7月28号",
    "２０２０年７月２８日",
    "２０２０－０７－２８",
    "２０２０．７．２８",
    "二〇二〇年七月二十八日",
    "二○二○年七月二十八日",
    "二Ｏ二Ｏ年七月二十八日",
    "二O二O年七月二十八日",
    "二零二零年七月二十八日",
    "二0二0年七月二十八日",
    "二〇二〇年七月二八日",
    "⼆〇⼆〇年七⽉⼆⼗⼋⽇",
    "20200728",
    "202007281008",
    "20200728100833",
    "2020-07-28T10:08:00+08:00",
    "2020-07-28T10:08:00.000+0800",
    "2020-07-28T02:08:00Z",
    "2020-07-27T20:08:00Z",
    "1595902080",
    "1595902080000",
    "1595865600",  # the first second of the day in China, still the 27th in London
    "1595951999",  # its last
    "Tue, 28 Jul 2020 10:08:00 GMT",
    "Mon, 27 Jul 2020 18:08:00 GMT",
    "Tue Jul 28 10:08:00 CST 2020",
    "Tue Jul 28 2020 10:08:00 GMT+0800 (中国标准时间)",
    "Jul 28, 2020 11:08:00 PM",
    "28 July 2020",
    "[2020-07-28]",
    "（2020年7月28日）",
    "\ufeff2020-07-28\u200b",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_met_on_government_pages_names_its_day(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize("text", ["二〇二四年十月十日", "二〇二四年一〇月一〇日", "2024年十月10日"])
def test_ten_is_read_in_either_way_of_writing_it(text: str) -> None:
    assert parse_date(text) == date(2024, 10, 10)


def test_the_first_month_may_be_called_yuanyue() -> None:
    assert parse_date("1998年元月1日") == date(1998, 1, 1)


@pytest.mark.parametrize("text", ["Tue, 28 Jul 2020 16:00:00 GMT", "2020-07-28T16:00:00Z", "2020-07-28T12:00:00-04:00"])
def test_a_moment_elsewhere_is_named_by_its_day_in_china(text: str) -> None:
    assert parse_date(text) == date(2020, 7, 29)


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-30",
        "2021年2月29日",
        "2020-13-01",
        "2020年7月0日",
        "二〇二〇年七月三十二日",
        "二〇二〇年十十月一日",
        "20201301",
        "0001-01-01",
        "1899-12-31",
        "9999-12-31",
        "2020-07-28 25:00",
        "2020-07-28 10:61",
        "9999999999",
        "99999999999999",
    ],
)
def test_an_impossible_day_is_refused(text: str) -> None:
    with pytest.raises(DateError, match="no such day or time between the years 1900 and 2100"):
        parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "发布日期",
        "2020年7月",
        "07-28",
        "28/07/2020",
        "2020-07/28",
        "国办发〔2020〕41号",
        "昨天",
        "2020-07-28至2020-08-03",
    ],
)
def test_what_is_not_one_day_is_refused_with_the_value_and_the_remedy(text: str) -> None:
    with pytest.raises(DateError, match="write it as 2020-07-28") as refusal:
        parse_date(text)
    assert text in str(refusal.value)
    assert refusal.value.value == text


@pytest.mark.parametrize("text", ["", " ", "\u3000\ufeff"])
def test_an_empty_text_is_refused_as_empty(text: str) -> None:
    with pytest.raises(DateError, match="the text is empty"):
        parse_date(text)


def _in_chinese(number: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


def _year_in_chinese(day: date, zero: str) -> str:
    return "".join((zero + "一二三四五六七八九")[int(digit)] for digit in str(day.year))


def _official(zero: str) -> Callable[[date], str]:
    return lambda day: f"{_year_in_chinese(day, zero)}年{_in_chinese(day.month)}月{_in_chinese(day.day)}日"


def _full_width(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日".translate(str.maketrans("0123456789", "０１２３４５６７８９"))


IN_TEXT: list[Callable[[date], str]] = [
    lambda day: day.isoformat(),
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}——{day.month:02}——{day.day:02}",
    lambda day: f"{day.year}－{day.month:02}－{day.day:02}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year} 年 {day.month} 月 {day.day} 日",
    _full_width,
    *(_official(zero) for zero in "〇○零ＯO"),
]
ALONE: list[Callable[[date], str]] = [
    *IN_TEXT,
    lambda day: day.strftime("%Y%m%d"),
    lambda day: f"{day.isoformat()}T10:08:00+08:00",
    lambda day: datetime.combine(day, time(6), UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    lambda day: datetime.combine(day, time(6)).strftime("%a %b %d %H:%M:%S CST %Y"),
]
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS, st.sampled_from(ALONE))
def test_a_day_written_in_any_spelling_reads_back(day: date, spell: Callable[[date], str]) -> None:
    assert parse_date(spell(day)) == day


@given(st.dates(date(2001, 9, 10), date(2100, 12, 31)), st.times(), st.sampled_from([1, 1000]))
def test_a_unix_time_is_its_day_in_china(day: date, at: time, per_second: int) -> None:
    seconds = int(datetime.combine(day, at, CHINA_TIME).timestamp())
    assert parse_date(str(seconds * per_second)) == day


@given(st.text(max_size=40))
def test_any_other_text_is_a_date_or_a_date_error(text: str) -> None:
    try:
        assert 1900 <= parse_date(text).year <= 2100
    except DateError as error:
        assert error.value == text


@given(st.lists(st.tuples(DAYS, st.sampled_from(IN_TEXT)), max_size=5))
def test_dates_in_running_text_are_found_in_order_where_they_stand(
    days: list[tuple[date, Callable[[date], str]]],
) -> None:
    text = "会议于" + "召开，自".join(spell(day) for day, spell in days) + "起施行。"
    found = find_dates(text)
    assert [each.value for each in found] == [day for day, _ in days]
    assert [text[each.start : each.end] for each in found] == [spell(day) for day, spell in days]


@given(st.text(alphabet="0123456789-/.年月日号二〇十一 〔〕T:", max_size=40))
def test_what_is_found_in_running_text_reads_alone_as_the_same_day(text: str) -> None:
    end = 0
    for each in find_dates(text):
        assert each.start >= end
        end = each.end
        assert parse_date(text[each.start : each.end]) == each.value
        assert not (text[each.start].isdecimal() and text[each.start - 1 : each.start].isdecimal())


@pytest.mark.parametrize(
    "text",
    [
        "青政办发〔2020〕41号",
        "国办发〔2019〕54号文件的第7条第28日",
        "云府发〔2020〕7-28号",
        "云府办2020-7-28号",
        "联系电话：0791-88462825",
        "联系电话：0791-2020-7-28",
        "咨询电话20200728",
        "编号12020-07-28",
        "编号2020-07-281",
        "身份证号360104202007281234",
        "版本2020.7.28.1",
        "地址1.2020.7.28",
        "标准号JX2020-07-28",
        "2020年13月1日",
        "2020年2月30日",
        "2020年7月",
        "12020年7月28日",
        "2020年7月281日",
        "7月28日",
    ],
)
def test_numbers_that_are_no_date_are_passed_over(text: str) -> None:
    assert find_dates(text) == []


def test_a_date_beside_a_document_number_is_found_alone() -> None:
    text = "《青云谱区实施方案》（青政办发〔2020〕41号）2020年7月28日印发，2022年9月底前完成"
    assert [each.value for each in find_dates(text)] == [DAY]


@pytest.mark.parametrize(
    "text", ["2020-07-28-2020-08-03", "2020.7.28—2020.8.3", "2020年7月28日至2020年8月3日", "2020/7/28~2020/8/3"]
)
def test_a_span_of_days_is_two_dates(text: str) -> None:
    assert [each.value for each in find_dates(text)] == [DAY, date(2020, 8, 3)]


def test_a_time_behind_a_date_is_not_part_of_its_span() -> None:
    assert find_dates("发布时间：2020-07-28T10:08 来源") == [FoundDate(DAY, 5, 15)]


def test_a_chinese_number_before_an_arabic_date_does_not_hide_it() -> None:
    assert [each.value for each in find_dates("附件一2020年7月28日")] == [DAY]


def test_the_signing_date_is_the_line_that_holds_nothing_else() -> None:
    body = (
        "各街办、镇：\n现将《实施方案》印发给你们，请认真贯彻执行。\n云溪区人民政府办公室\n"
        " 2020年7月28日 （此件主动公开）\n"
        "云溪区实施方案\n2022年底前，基本建成标准体系。\n2022年9月1日\n"
    )
    found = find_signing_date(body)
    assert found is not None
    assert found.value == DAY
    assert body[found.start : found.end] == "2020年7月28日"


def test_the_signing_date_of_a_text_without_lines_is_its_end() -> None:
    body = "自2019年1月1日起施行。　　清江市民政局　　二○二○年七月二十八日　　（此件公开发布）"
    found = find_signing_date(body)
    assert found is not None
    assert (found.value, body[found.start : found.end]) == (DAY, "二○二○年七月二十八日")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "自2020年7月28日起施行。",
        "2020-07-28 10:08\n正文",
        "2020年7月28日\u3000星期二 晴\n正文",
        "（2020年7月28日修订）",
    ],
)
def test_a_date_within_a_sentence_is_no_signing_date(body: str) -> None:
    assert find_signing_date(body) is None


def test_china_time_is_eight_hours_ahead() -> None:
    assert datetime(2020, 7, 28, tzinfo=CHINA_TIME).utcoffset() == timedelta(hours=8)
