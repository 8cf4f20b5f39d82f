"""Bodies and places that a question names, and the issuers that they can be."""

from __future__ import annotations

import pytest

from analyzers.agency_mentions import FoundAgency, find_agencies, read_agency
from analyzers.lookup import Typed
from analyzers.regions import FoundRegion, Level, Region


def found(text: str) -> tuple[list[FoundAgency], list[FoundRegion]]:
    return find_agencies(Typed.read(text))


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("区教体局", "区教育体育局", Level.COUNTY),
        ("请问云溪区教体局在哪", "云溪区教育体育局", Level.COUNTY),
        ("清江市云溪区人民政府", "清江市云溪区人民政府", Level.COUNTY),
        ("佛山市南海区桂城街道办事处", "佛山市南海区桂城街道办事处", Level.STREET),
        ("街道办", "街道办事处", Level.STREET),
        ("福建人社局", "福建省人力资源和社会保障局", Level.PROVINCE),
        ("省水利厅", "省水利厅", Level.PROVINCE),
        ("卫健委", "卫生健康委员会", None),
        ("國家發改委", "国家发展和改革委员会", Level.NATIONAL),
        ("国家药品监管局", "国家药品监督管理局", Level.NATIONAL),
        ("人力资源社会保障部办公厅", "人力资源和社会保障部办公厅", Level.NATIONAL),
        ("浦东新区政府", "浦东新区人民政府", Level.COUNTY),
        ("北京市东城区法院", "北京市东城区人民法院", Level.COUNTY),
        ("转发市发展改革委", "市发展和改革委员会", Level.CITY),
        ("梅林镇政府", "梅林镇人民政府", Level.TOWN),
        ("市文旅局", "市文化和旅游局", Level.CITY),
        ("派出所", "公安局", None),
    ],
)
def test_a_body_with_its_place_and_level(text: str, name: str, level: Level | None) -> None:
    (one,), _ = found(text)
    assert (str(one.agency), one.agency.level) == (name, level)
    assert text[one.start : one.end] in text


@pytest.mark.parametrize(
    "text",
    ["市教育局长", "人社部门", "政府采购", "法院受理", "交通部分路段", "建设部署", "总工会", "税务局", "公安局门口"],
)
def test_what_is_no_body(text: str) -> None:
    assert found(text)[0] == []


@pytest.mark.parametrize(
    ("text", "issuer", "is_it"),
    [
        ("区教体局", "青岭市云溪区教育体育局", True),
        ("区教体局", "澄江县教育体育局", False),
        ("教体局", "澄江县教育体育局", True),
        ("云溪区教育局", "青岭市云溪区教育体育局", True),
        ("云溪区教体局", "青岭市澄江区教育体育局", False),
        ("福建人社局", "福建省人力资源和社会保障厅", True),
        ("区政府办", "云溪区人民政府办公室", True),
        ("国家发改委", "国家发展和改革委员会办公厅", True),
        ("国家发改委", "云溪区发展和改革委员会", False),
        ("上海市旅游局", "上海市旅游局", True),
        ("上海市旅游局", "上海市文化和旅游局", True),
    ],
)
def test_which_issuers_a_body_can_be(text: str, issuer: str, is_it: bool) -> None:
    agency = read_agency(text)
    assert agency is not None
    assert agency.matches(issuer) is is_it


def test_a_text_that_is_more_than_a_body_is_none() -> None:
    assert read_agency("区教体局的通知") is None


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("江西对企业", "江西省", Level.PROVINCE),
        ("佛山依托什么平台", "佛山市", Level.CITY),
        ("云溪区低保标准", "云溪区", Level.COUNTY),
        ("湖北省黄冈市浠水县医院", "湖北省黄冈市浠水县", Level.COUNTY),
        ("报名时间 梅林镇", "梅林镇", Level.TOWN),
        ("海南藏族自治州", "海南藏族自治州", Level.CITY),
        ("石景山区停水", "石景山区", Level.COUNTY),
    ],
)
def test_places_alone(text: str, name: str, level: Level) -> None:
    _, (one,) = found(text)
    assert (str(one.region), one.region.level) == (name, level)


@pytest.mark.parametrize(
    "text", ["小区物业", "超市食品", "风景区门票", "污染区", "全市公交", "返乡创业", "城市社区", "朝阳产业", "来宾登记"]
)
def test_what_is_no_place(text: str) -> None:
    assert found(text) == ([], [])


def test_a_region_knows_what_is_of_it() -> None:
    region = Region("云溪区", Level.COUNTY, ("清江市",))
    assert (str(region), region.stem, region.is_in("清江市云溪区教育体育局")) == ("清江市云溪区", "云溪", True)
    assert not Region("区", Level.COUNTY).is_in("云溪区")
    assert Region("广西壮族自治区", Level.PROVINCE).is_in("广西财政厅")
    assert {level.label for level in Level} == {"国家", "省级", "市级", "区县级", "乡镇", "街道", "村和社区"}
