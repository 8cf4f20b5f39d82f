"""A small fictional corpus: its words with document frequencies, titles, and other things to suggest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from analyzers.tokenizer import words
from indexer.phrasebook_layout import Kind
from indexer.phrasebook_writer import Entry, build

TITLES = [
    ("t1", "云溪区人民政府关于调整城乡居民医疗保险缴费标准的通知"),
    ("t2", "云溪区医疗保障局关于医疗保险报销范围的解读"),
    ("t3", "云溪区养老保险待遇领取办事指南"),
    ("t4", "清江市云溪区民政局关于最低生活保障审核确认的公示"),
    ("t5", "云溪区教育体育局2024年义务教育招生通知"),
    ("t6", "云溪区不动产登记中心关于不动产登记的公告"),
    ("t7", "云溪区人民政府办公室关于印发安全生产目标责任考核办法的通知"),
    ("t8", "云溪区住房公积金提取办事指南"),
    ("t9", "云溪区文化旅游局关于景点门票优惠的公告"),
    ("t10", "云溪区图书馆经典诵读活动的通知"),
    ("t11", "云溪区政务服务APP上线公告"),
    ("t12", "西安路街道办事处关于老旧小区改造方案的公示"),
    ("t13", "云溪区残疾人机动轮椅车燃油补贴发放公示"),
    ("t14", "清江市重庆路小学负责人任职公示"),
]
MORE = [
    Entry(Kind.NUMBER, "云政办发〔2024〕54号", "t7"),
    Entry(Kind.NUMBER, "云政发〔2023〕5号", "t1"),
    Entry(Kind.AGENCY, "云溪区教育体育局", "", 5),
    Entry(Kind.AGENCY, "云溪区民政局", "", 9),
    Entry(Kind.ITEM, "医疗救助对象名单", "c1/1"),
]


def build_sample(path: Path) -> None:
    """Write its phrasebook: every title counts for thirty documents, as words of texts would."""
    counted: Counter[str] = Counter()
    for _, title in TITLES:
        counted.update(dict.fromkeys(words(title), 30))
    build(path, counted.items(), TITLES, MORE)
