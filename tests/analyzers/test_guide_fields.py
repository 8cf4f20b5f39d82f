"""The part of a guide that is asked for is found under its heading or behind its label."""

from __future__ import annotations

import pytest

from analyzers.guide_fields import guide_field
from analyzers.intents import Intent, asks

HEADED = """\
一、受理条件
年满六十周岁，具有本区户籍。
二、申请材料
（一）身份证；
（二）一寸照片两张。
三、办理时限
受理之日起5个工作日。
四、收费标准
不收费。
五、办理地点和时间
望江路18号政务服务中心二楼。
六、咨询电话
0000-55500123。
"""
LABELLED = "办理条件：按需申请\n办理地点：望江路18号\n办理时限：7（工作日）\n咨询电话：0000-55500123\n"


@pytest.mark.parametrize(
    ("intent", "begins", "has"),
    [
        (Intent.CONDITION, "一、受理条件", "年满六十周岁"),
        (Intent.MATERIAL, "二、申请材料", "一寸照片两张"),
        (Intent.TIME_LIMIT, "三、办理时限", "5个工作日"),
        (Intent.FEE, "四、收费标准", "不收费"),
        (Intent.PLACE, "五、办理地点", "望江路18号"),
        (Intent.PHONE, "六、咨询电话", "0000-55500123"),
    ],
)
def test_a_headed_part_is_given_with_its_heading_and_nothing_of_the_next(intent: Intent, begins: str, has: str) -> None:
    found = guide_field(HEADED, intent)
    assert found is not None
    part = HEADED[slice(*found)]
    assert part.startswith(begins)
    assert has in part
    assert part.count("、") == 1 + part[len(begins) :].count("、")


@pytest.mark.parametrize(
    ("intent", "line"),
    [
        (Intent.PLACE, "办理地点：望江路18号"),
        (Intent.TIME_LIMIT, "办理时限：7（工作日）"),
        (Intent.PHONE, "咨询电话：0000-55500123"),
    ],
)
def test_a_labelled_line_is_given_whole(intent: Intent, line: str) -> None:
    found = guide_field(LABELLED, intent)
    assert found is not None
    assert LABELLED[slice(*found)] == line


def test_a_part_that_is_not_there_is_none() -> None:
    assert guide_field(LABELLED, Intent.MATERIAL) is None
    assert guide_field("", Intent.PHONE) is None
    assert guide_field("电话打不通的，可以到窗口反映有关地点和材料的问题。", Intent.PHONE) is None


@pytest.mark.parametrize(
    "text", ["低保怎么办", "65岁能不能免费坐公交", "要带什么", "谁可以申请", "多久能办好", "收费吗", "可否代办？"]
)
def test_a_question_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["低保标准", "云澜政办规〔2023〕8号", "义务教育招生通知", "多子女家庭", ""])
def test_the_name_of_something_does_not_ask(text: str) -> None:
    assert not asks(text)
