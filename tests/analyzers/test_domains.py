"""Do titles find their domain, and stay without one where they name none?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.domains import classify_domain
from analyzers.lexicon import domains

TITLES: list[tuple[str, str | None]] = [
    ("云溪区2023年重大建设项目清单", "major-projects"),
    ("关于云溪河综合整治工程可行性研究报告的批复", "major-projects"),
    ("清江市政府投资项目管理办法", "major-projects"),
    ("云溪区第三中学扩建项目招标公告", "public-resource-trading"),
    ("区机关食堂食材配送服务采购项目中标公告", "public-resource-trading"),
    ("清江市公共资源交易目录（2022年版）", "public-resource-trading"),
    ("2022年云溪区小学一年级新生入学工作实施方案", "compulsory-education"),
    ("关于公布2023年义务教育阶段学校招生划片范围的通知", "compulsory-education"),
    ("云溪区教育体育局关于规范校外培训机构管理的公告", "compulsory-education"),
    ("关于进一步放宽户口迁移政策的通知", "household-registration"),
    ("居住证办理指南", "household-registration"),
    ("新生儿出生登记（上户口）办事指南", "household-registration"),
    ("关于提高城乡居民最低生活保障标准的通知", "social-assistance"),
    ("云溪区2021年第三季度临时救助对象公示", "social-assistance"),
    ("特困人员救助供养办事指南", "social-assistance"),
    ("云溪区城乡低保标准调整情况说明", "social-assistance"),
    ("关于发放80周岁以上老年人高龄津贴的通知", "elderly-care"),
    ("云溪区养老机构备案信息一览表", "elderly-care"),
    ("关于推进居家和社区养老服务发展的实施意见", "elderly-care"),
    ("云溪区法律援助中心办理流程", "legal-services"),
    ("关于加强人民调解工作的意见", "legal-services"),
    ("公证机构收费标准公示", "legal-services"),
    ("云溪区民政局2022年度部门预算", "budgets"),
    ("关于云溪区2021年财政决算（草案）的报告", "budgets"),
    ("2023年云溪区“三公”经费预算安排情况说明", "budgets"),
    ("关于做好2022年高校毕业生就业工作的通知", "employment"),
    ("创业担保贷款申请指南", "employment"),
    ("云溪区春风行动大型招聘会公告", "employment"),
    ("关于2023年度城乡居民基本养老保险缴费的通告", "social-insurance"),
    ("失业保险金申领办事指南", "social-insurance"),
    ("关于调整退休人员基本养老金的通知", "social-insurance"),
    ("异地就医备案流程", "social-insurance"),
    ("云溪区人民政府征收土地预公告", "land-expropriation"),
    ("关于青云镇集体土地征地补偿安置方案的公告", "land-expropriation"),
    ("云溪区2022年饮用水水源水质状况报告", "environment"),
    ("关于某某公司年产5000吨涂料项目环境影响报告表的批复", "environment"),
    ("清江市大气污染防治条例", "environment"),
    ("云溪区2023年公共租赁住房保障对象名单公示", "affordable-housing"),
    ("关于公租房租赁补贴发放的通知", "affordable-housing"),
    ("清江市棚户区改造项目计划", "affordable-housing"),
    ("云溪区人民政府关于云溪路片区房屋征收决定的公告", "house-expropriation"),
    ("国有土地上房屋征收与补偿条例实施细则", "house-expropriation"),
    ("关于云溪大道临时停水的通告", "municipal-services"),
    ("城市道路挖掘许可办事指南", "municipal-services"),
    ("关于调整管道燃气销售价格的通知", "municipal-services"),
    ("关于开展占道经营专项整治的通告", "urban-enforcement"),
    ("清江市城市生活垃圾分类管理办法", "urban-enforcement"),
    ("云溪区养犬管理规定", "urban-enforcement"),
    ("区图书馆2023年元旦开放时间公告", "culture"),
    ("云溪区第五批非物质文化遗产代表性项目名录", "culture"),
    ("2022年送戏下乡活动安排", "culture"),
    ("云溪区医疗机构校验结果公示", "health"),
    ("关于做好新冠肺炎疫情防控工作的通告", "health"),
    ("预防接种门诊一览表", "health"),
    ("清江市“5·12”较大生产安全事故调查报告", "work-safety"),
    ("关于加强烟花爆竹安全生产工作的通知", "work-safety"),
    ("云溪区自然灾害救助应急预案", "disaster-relief"),
    ("关于下拨2020年洪涝救灾资金的通知", "disaster-relief"),
    ("云溪区食品安全监督抽检信息公告（第5期）", "food-drug"),
    ("药品零售企业许可办事指南", "food-drug"),
    ("关于小规模纳税人免征增值税政策的公告", "tax"),
    ("云溪区税务局欠税公告", "tax"),
    ("云溪区2019年脱贫攻坚项目库公示", "poverty-alleviation"),
    ("关于下达2020年财政专项扶贫资金的通知", "poverty-alleviation"),
    ("云溪区国土空间总体规划（2021—2035年）公示", "spatial-planning"),
    ("关于云溪片区控制性详细规划调整的批复", "spatial-planning"),
    ("云溪区人民政府关于张三等同志职务任免的通知", None),
    ("云溪区2022年政府信息公开工作年度报告", None),
    ("关于调整区政府领导工作分工的通知", None),
    ("云溪区人民政府工作规则", None),
    ("关于印发云溪区数字政府建设实施方案的通知", None),
    ("云溪区气象局行政执法公示", None),
]


@pytest.mark.parametrize(("title", "slug"), TITLES)
def test_a_title_written_as_officials_write_finds_its_domain(title: str, slug: str | None) -> None:
    assert classify_domain(title) == slug


def test_the_titles_above_cover_every_domain() -> None:
    assert {slug for _, slug in TITLES if slug} == {domain.slug for domain in domains()}


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("城乡居民基本养老保险待遇申领", "social-insurance"),  # not 养老服务
        ("城乡医疗救助办理指南", "social-assistance"),  # not 卫生健康
        ("国有土地上房屋征收评估办法", "house-expropriation"),  # not 征地
        ("保障性租赁住房项目认定", "affordable-housing"),
    ],
)
def test_the_longer_word_decides_where_words_overlap(title: str, slug: str) -> None:
    assert classify_domain(title) == slug


@pytest.mark.parametrize("domain", domains(), ids=lambda domain: domain.slug)
def test_a_domain_is_found_by_its_own_name(domain: object) -> None:
    names = {each.slug: each.name for each in domains()}
    slug = getattr(domain, "slug", "")
    assert classify_domain(f"云溪区{names[slug]}领域政务公开标准目录") == slug


@pytest.mark.parametrize(
    "title",
    [
        "市政府关于印发本市能源发展“十二五”规划的通知",
        "市政务服务中心工作简报",
        "清江市创业投资引导基金管理办法",
        "关于张三同志免职退休的通知",
    ],
)
def test_words_that_only_look_like_a_domain_do_not_decide(title: str) -> None:
    assert classify_domain(title) is None


def test_the_issuer_at_the_head_of_a_title_does_not_decide_against_its_matter() -> None:
    assert classify_domain("清江市卫生健康委员会关于2023年部门预算的公告") == "budgets"
    assert classify_domain("清江市食品药品监督管理局关于加强安全生产工作的通知") == "work-safety"


def test_two_domains_alike_are_not_clear() -> None:
    assert classify_domain("关于做好低保和公证工作的通知") is None


def test_the_beginning_of_the_body_decides_where_the_title_says_nothing() -> None:
    body = "为做好困难群众基本生活保障，对低保对象、特困人员发放价格临时补贴，现将临时救助标准通知如下。"
    assert classify_domain("关于印发实施方案的通知", body) == "social-assistance"


def test_what_stands_far_down_in_the_body_does_not_count() -> None:
    assert classify_domain("关于印发实施方案的通知", "工作" * 300 + "低保 特困人员 临时救助 最低生活保障") is None


def test_a_single_short_word_in_the_body_is_not_enough() -> None:
    assert classify_domain("会议纪要", "会上提到了公证。") is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gets_a_known_slug_or_none(title: str, body: str) -> None:
    assert classify_domain(title, body) in {None, *(domain.slug for domain in domains())}
