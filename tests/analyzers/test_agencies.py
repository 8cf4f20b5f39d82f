"""Do short forms of agencies become full names, and strings of issuers their parts, with none invented or broken?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.agencies import canonical_agency, split_issuers
from analyzers.lexicon import agencies


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("人社部", "人力资源和社会保障部"),
        ("人力资源社会保障部", "人力资源和社会保障部"),
        ("国家发改委", "国家发展和改革委员会"),
        ("国家发展改革委", "国家发展和改革委员会"),
        ("国办", "国务院办公厅"),
        ("市场监管总局", "国家市场监督管理总局"),
        ("发改委", "发展和改革委员会"),  # of the place that publishes, not the national one
        ("区发改委", "区发展和改革委员会"),
        ("清江市云溪区人社局", "清江市云溪区人力资源和社会保障局"),
        ("区教体局", "区教育体育局"),
        ("区卫生健康委", "区卫生健康委员会"),
        ("区市场监管局", "区市场监督管理局"),
        ("市监局", "市场监督管理局"),
        ("省住建厅", "省住房和城乡建设厅"),
        ("北京市住建委", "北京市住房和城乡建设委员会"),
        ("江西药监局", "江西药品监督管理局"),
        ("区政府", "区人民政府"),
        ("区政府办", "区人民政府办公室"),
        ("市政府办公厅", "市人民政府办公厅"),
        ("梅林镇政府", "梅林镇人民政府"),
        ("青云街道办", "青云街道办事处"),
        ("清江市中院", "清江市中级人民法院"),
        ("清江市人大常委会", "清江市人民代表大会常务委员会"),
        ("市自规局云溪分局", "市自然资源和规划局云溪分局"),
    ],
)
def test_a_short_form_becomes_the_full_name_with_its_place(written: str, full: str) -> None:
    assert canonical_agency(written) == full


@pytest.mark.parametrize(
    "name",
    [
        "云溪区人民政府",
        "云溪区人民法院",
        "清江市第一中级人民法院",
        "国家税务总局云溪区税务局",
        "市自然资源局云溪分局",
        "云溪公安分局",
        "区文旅局",  # 文化和旅游局 here, 文化广电旅游局 there
        "中共云溪区委办公室",
        "云溪水泥厂",
        "行政处",
        "",
    ],
)
def test_a_full_unknown_or_uncertain_name_is_left_as_it_is(name: str) -> None:
    assert canonical_agency(name) == name


def test_a_former_body_keeps_its_name_and_the_lexicon_names_its_successor() -> None:
    assert canonical_agency("国家卫计委") == "国家卫生和计划生育委员会"
    successors = {agency.name: agency.successors for agency in agencies()}
    assert successors["国家卫生和计划生育委员会"] == ("国家卫生健康委员会",)


@pytest.mark.parametrize("written", ["财 政 部", "\u3000财政部\u00a0", "财\u2002政\u2002部"])
def test_spaces_of_layout_do_not_hide_a_name(written: str) -> None:
    assert canonical_agency(written) == "财政部"


def test_an_unknown_name_is_trimmed_and_its_spaces_made_single() -> None:
    assert canonical_agency("  Yunxi\u3000Office ") == "Yunxi Office"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("教育部 财政部 人力资源社会保障部", ("教育部", "财政部", "人力资源社会保障部")),
        (
            "教育部、国家发展和改革委员会，财政部；审计署/司法部",
            ("教育部", "国家发展和改革委员会", "财政部", "审计署", "司法部"),
        ),
        ("云溪区民政局\n云溪区财政局\n", ("云溪区民政局", "云溪区财政局")),
        ("国家新闻出版署（国家版权局） 公安部", ("国家新闻出版署（国家版权局）", "公安部")),
        ("国家新闻出版署 （国家版权局）", ("国家新闻出版署（国家版权局）",)),
        ("人力资源社会保障部(人才、就业司)", ("人力资源社会保障部(人才、就业司)",)),
        ("财 政 部\n教 育 部", ("财政部", "教育部")),
        ("云溪区 人民政府", ("云溪区人民政府",)),
        ("民政部 教育部等八部门", ("民政部", "教育部")),
        ("教育部等5部门", ("教育部",)),
        ("民政部、财政部等", ("民政部", "财政部")),
        ("高等教育司", ("高等教育司",)),
        ("财政部 财政部", ("财政部",)),
        ("云溪区", ("云溪区",)),
        (" 、，", ()),
        ("", ()),
    ],
)
def test_a_string_of_issuers_is_split_into_its_names(text: str, names: tuple[str, ...]) -> None:
    assert split_issuers(text) == names


FORMS = [form for agency in agencies() for form in (agency.name, *agency.short_forms)]
PLACES = ["", "省", "市", "区", "云溪区", "清江市云溪区", "梅林镇", "江西省", "北京"]


@given(st.sampled_from(PLACES), st.sampled_from(FORMS) | st.text(max_size=12))
def test_a_full_name_is_the_full_name_of_itself(place: str, form: str) -> None:
    full = canonical_agency(place + form)
    assert canonical_agency(full) == full


@given(st.lists(st.sampled_from([name for name in FORMS if len(name) > 2]), unique=True), st.sampled_from(" 、，；\n/"))
def test_names_joined_by_any_separator_come_apart_again(names: list[str], separator: str) -> None:
    assert split_issuers(separator.join(names)) == tuple(names)


@given(st.text(alphabet="教育部财政 、，（）()等八门和\n", max_size=30))
def test_splitting_loses_only_separators_repeats_and_others(text: str) -> None:
    names = split_issuers(text)
    assert all(names)
    assert len(set(names)) == len(names)
    letters = re.sub(r"[\s、，]", "", text)
    assert all(re.sub(r"[\s、，]", "", name) in letters for name in names)
