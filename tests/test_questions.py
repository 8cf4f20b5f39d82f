"""Twenty questions as citizens, visitors of a service hall and clerks type them, put to the sample portal.

None of them stands in a collection of topics. The document wanted is among the first two hits.
"""

from __future__ import annotations

import pytest

from indexer.engine import Query
from tests.crawled import Demo

# What is typed, and what the title of the document wanted has.
QUESTIONS = (
    ("低保怎么办", "最低生活保障申请办事指南"),
    ("八十岁老人每月能领多少钱", "高龄老人津贴发放管理办法"),
    ("gaolingjintie", "高龄津贴办事指南"),
    ("gljt", "高龄津贴办事指南"),
    ("高零津贴", "高龄津贴"),
    ("小孩上小学要什么材料", "新生入学报名办事指南"),
    ("请问廉租房怎么申请", "公共租赁住房保障实施细则"),
    ("医保报销比例", "医保住院费用报销"),
    ("云澜政办规2023", "公共租赁住房保障实施细则"),
    ("残疾人有什么补贴", "残疾人护理补贴办事指南"),
    ("区民政局去年的通知", "云澜区民政局"),
    ("区教体局的招生通知", "招生入学工作"),
    ("政府信息公开申请 电话", "政府信息公开指南"),
    ("2025年部门预算", "2025年部门预算公开说明"),
    ("養老服務補貼", "养老服务"),
    ("失业金怎么领", "失业保险服务"),
    ("老房子加装电梯", "既有住宅加装电梯管理办法"),
    ("哪里能办居住证", "居住证申领"),
    ("标题：指南 残疾人", "残疾人护理补贴办事指南"),
    ("年份：2025 类型：政策解读", "2025年云澜区最低生活保障标准调整政策问答"),
)


@pytest.mark.parametrize(("typed", "wanted"), QUESTIONS, ids=[typed for typed, _ in QUESTIONS])
def test_the_document_wanted_is_among_the_first_two(demo: Demo, typed: str, wanted: str) -> None:
    titles = [hit.title.text for hit in demo.engine.search(Query(text=typed)).hits]
    assert any(wanted in title for title in titles[:2]), titles[:5]
