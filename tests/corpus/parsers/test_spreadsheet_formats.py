"""Numbers and dates as a person sees them in their cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.parsers.spreadsheet.formats import BUILTIN_FORMATS, show_number

DAY = 44040  # 28 July 2020

SHOWN = [
    (3.0, "General", "3"),
    (0.1 + 0.2, "General", "0.3"),
    (-2.5, "", "-2.5"),
    (1e20, "General", "1E+20"),
    (330106199001011.0, "General", "330106199001011"),
    (5.0, "@", "5"),
    (7, "000", "007"),
    (2.5, "0", "3"),
    (-3, "0", "-3"),
    (-0.2, "0", "0"),
    (0.5, "#.##", ".5"),
    (12, "#.##", "12"),
    (3, "0.0_ ", "3.0"),
    (1234567.891, "#,##0.00", "1,234,567.89"),
    (1234500, '0.0,"千"', "1234.5千"),
    (0.256, "0.0%", "25.6%"),
    (0.0045, "0.00%", "0.45%"),
    (-1234.5, "#,##0_);(#,##0)", "(1,235)"),
    (-5, "0.00;[Red]-0.00", "-5.00"),
    (0, '0;-0;"无"', "无"),
    (5, ";;;", ""),
    (5, '"第"0"号"', "第5号"),
    (13812345678, "000-0000-0000", "138-1234-5678"),
    (1, '[=1]"是";[=0]"否";0', "是"),
    (0, '[=1]"是";[=0]"否";0', "否"),
    (7, '[=1]"是";[=0]"否";0', "7"),
    (12345, "0.00E+00", "1.23E+04"),
    (0.00012, "0.00E+00", "1.20E-04"),
    (1234, '_("¥"* #,##0.00_)', "¥1,234.00"),
    (1234, "[$¥-804]#,##0.00", "¥1,234.00"),
    (0.5, "# ?/?", "0.5"),
    (1, 'General"人"', "1人"),
    (10005, "[DBNum2]0", "壹万零伍"),
    (105, "[DBNum1]0", "一百〇五"),
    (12345, "[DBNum2]General", "壹万贰仟叁佰肆拾伍"),
    (DAY, "yyyy-mm-dd", "2020-07-28"),
    (DAY, r"yyyy\-mm\-dd;@", "2020-07-28"),
    (DAY, 'yyyy"年"m"月"', "2020年7月"),
    (DAY, 'yyyy"."mm"."dd', "2020.07.28"),
    (DAY, BUILTIN_FORMATS[14], "2020/7/28"),
    (DAY, BUILTIN_FORMATS[31], "2020年7月28日"),
    (DAY, BUILTIN_FORMATS[57], "2020年7月"),
    (DAY, "[$-F800]dddd, mmmm dd, yyyy", "2020年7月28日"),
    (DAY, '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二〇年七月二十八日"),
    (DAY, "d-mmm-yy", "28-Jul-20"),
    (DAY, "aaaa", "星期二"),
    (DAY + 0.5, "yyyy/m/d h:mm", "2020/7/28 12:00"),
    (DAY + 0.75, '上午/下午h"时"mm"分"', "下午6时00分"),
    (DAY + 0.75, "h:mm AM/PM", "6:00 PM"),
    (0.0001, "mm:ss.0", "00:08.6"),
    (1.5, "[h]:mm", "36:00"),
    (60, "yyyy-m-d", "1900-2-28"),
    (61, "yyyy-m-d", "1900-3-1"),
    (99999999, "yyyy-mm-dd", "99999999"),
    (-1, "yyyy-mm-dd", "-1"),
]


@pytest.mark.parametrize(("value", "code", "shown"), SHOWN)
def test_a_number_looks_as_its_format_says(value: float, code: str, shown: str) -> None:
    assert show_number(value, code) == shown


def test_days_of_a_macintosh_count_from_1904() -> None:
    assert show_number(DAY - 1462, "yyyy-mm-dd", since_1904=True) == "2020-07-28"


@given(
    value=st.floats(allow_nan=False, width=64),
    code=st.text(st.sampled_from('0#?,.%E+-;@"\\_*[]ymdhs/年 aDBNum12$=<>G'), max_size=24),
)
def test_any_format_shows_something_without_an_error(value: float, code: str) -> None:
    assert "\x00" not in show_number(value, code)
