"""A hundred questions as citizens, kiosk visitors and clerks type them: what is understood of each, and nothing else.

They are our own, and stand in no set that anything is measured on. A row is the question, ⇒, and its pieces in the
order of the text; domains, official terms and other writings of quantities are left out (they have their own tests).
"""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.question import What, read_question

TODAY = date(2026, 3, 10)
LEFT_OUT = {What.DOMAIN, What.SYNONYM, What.AMOUNT}

QUESTIONS = """
# 社会救助、养老
低保怎么办理需要什么材料 ⇒ intent 流程 | intent 材料
我妈80岁了高龄补贴一个月多少钱 ⇒ intent 标准
五保户去哪里申请 ⇒ intent 地点
残疾证补办要几天 ⇒ intent 时限
请问临时救助找哪个部门 ⇒ intent 地点
区民政局电话号码是多少 ⇒ agency 区民政局 | intent 电话
云溪区民政局 低保标准 2025年 ⇒ agency 云溪区民政局 | intent 标准 | period 2025年
孤儿每月补助多少钱 ⇒ intent 标准
养老院收费标准 ⇒ intent 费用
六十五岁以上老人免费体检在哪里 ⇒ intent 地点
老年卡怎么办 ⇒ intent 流程
居家养老补贴政策解读 ⇒ kind 政策解读
澄江县养老服务设施规划公示 ⇒ region 澄江县 | kind 公示公告
# 户籍
户口迁移需要什么手续 ⇒ intent 材料
新生儿上户口要带什么 ⇒ intent 材料
去派出所办身份证要多久 ⇒ agency 公安局 | intent 时限
身份证丢了怎么补 ⇒ intent 流程
居住证几个工作日能下来 ⇒ intent 时限
云溪区公安分局户籍窗口上班时间 ⇒ agency 云溪区公安分局 | intent 时限
外地人能不能落户 ⇒ intent 条件
# 义务教育
小学入学条件 ⇒ intent 条件
去年区教体局的招生通知 ⇒ period 去年（2025年） | agency 区教育体育局 | kind 政策文件
2025年秋季义务教育招生公告 ⇒ period 2025年 | kind 公示公告
转学要什么证明 ⇒ intent 材料
幼儿园报名时间 梅林镇 ⇒ intent 时限 | region 梅林镇
随迁子女可不可以在本地上学 ⇒ intent 条件
青岭市教育局关于课后服务收费的通知 ⇒ agency 青岭市教育局 | kind 政策文件
# 社会保险
医保断了怎么补缴 ⇒ intent 流程
异地就医备案怎么弄 ⇒ intent 流程
社保卡去哪办 ⇒ intent 地点
养老金今年涨多少 ⇒ period 今年（2026年） | intent 标准
生育津贴能领多少 ⇒ intent 标准
失业金领取条件 ⇒ intent 条件
职工医保和居民医保报销比例 ⇒ intent 标准
退休年龄 女 50岁 ⇒
工伤认定申请表 ⇒
# 就业
人社局 2024年 招聘公告 ⇒ agency 人力资源和社会保障局 | period 2024年 | kind 公示公告
创业担保贷款额度 ⇒ intent 标准
就业见习补贴 实施细则 ⇒ kind 政策文件
三支一扶 去年 公示名单 ⇒ period 去年（2025年） | kind 公示公告
# 住房、不动产
公租房申请条件 ⇒ intent 条件
廉租房租金多少 ⇒ intent 标准
经适房上市交易规定 ⇒
住房公积金能提几次 ⇒
现行有效的公租房管理办法 ⇒ validity 现行有效 | kind 政策文件
已废止的物业管理规定 ⇒ validity 废止
老旧小区装电梯补贴标准 ⇒ intent 标准
房产证丢了怎么补办 ⇒ intent 流程
不动产登记中心地址 ⇒ agency 不动产登记中心 | intent 地点
# 征地
征地补偿标准 云溪区 2023年 ⇒ intent 标准 | region 云溪区 | period 2023年
拆迁安置方案 征求意见 ⇒ kind 意见征集
被征地农民社保 国办发〔2006〕29号 ⇒ document_number 国办发〔2006〕29号
青苗费赔多少 ⇒ intent 标准
# 文号
云澜政办规〔2023〕8号 ⇒ document_number 云澜政办规〔2023〕8号
云澜政办规2023 8号 ⇒ document_number 云澜政办规〔2023〕8号
云政发〔2024〕 ⇒ partial_number 云政发〔2024〕
54号文 ⇒ partial_number 第54号
2019年第54号公告 ⇒ partial_number 〔2019〕54号
文号：云政发〔2024〕12号 ⇒ document_number 云政发〔2024〕12号
国办发54号 ⇒ partial_number 国办发54号
市政府令第63号 ⇒ partial_number 市政府令63号
# 市场、食品药品
开饭店要办哪些证 ⇒
食品经营许可证怎么办理 ⇒ intent 流程
个体户注销流程 ⇒ intent 流程
营业执照变更要多久 ⇒ intent 时限
市场监管局投诉电话 ⇒ agency 市场监督管理局 | intent 电话
药店开办条件 ⇒ intent 条件
# 税收
增值税减免 小微企业 2023年以来 ⇒ period 2023年1月1日以来
个税退税什么时候截止 ⇒ intent 时限
契税多少 ⇒ intent 标准
税务局几点上班 ⇒ intent 时限
# 财政、规划
三公经费 近三年 ⇒ period 近三年（2023年3月10日—2026年3月10日）
区财政局2024年部门决算 ⇒ agency 区财政局 | period 2024年
政府工作报告 2021-2025年 ⇒ kind 报告年报 | period 2021年—2025年
十四五规划 云溪区 ⇒ period 2021年—2025年 | region 云溪区
今年上半年财政收支情况 ⇒ period 今年上半年（2026年1月—6月）
# 市政、城管、环境
暖气费多少钱 ⇒ intent 标准 | intent 费用
停水通知 今天 ⇒ period 今天（2026年3月10日）
路灯坏了打什么电话 ⇒ intent 电话
小区门口占道经营谁管 ⇒ intent 地点
养狗要不要办证 ⇒ intent 条件
渣土车扰民怎么投诉 ⇒ intent 流程
城管局电话 ⇒ agency 城市管理局 | intent 电话
环评审批 公示 2025年7月至9月 ⇒ kind 公示公告 | period 2025年7月—9月
噪音扰民找谁 ⇒ intent 地点
# 安全、救灾、农业、扶贫
安全生产许可证有效期 ⇒ intent 时限
烟花爆竹零售 条件 ⇒ intent 条件
今年防汛预案 ⇒ period 今年（2026年）
受灾补助什么时候发 ⇒ intent 时限
种粮补贴 每亩多少 ⇒ intent 标准
危房改造补助标准 ⇒ intent 标准
脱贫户有什么补贴 ⇒
农机补贴目录 2025 ⇒ period 2025年
# 文化
图书馆开放时间 ⇒ intent 时限
非遗传承人申报指南 ⇒ kind 办事指南
# 法律、村和街道
法律援助要钱吗 ⇒ intent 费用
免费律师咨询热线 ⇒ intent 电话
村委会选举办法 2021年3月 ⇒ period 2021年3月
街道办在哪 ⇒ agency 街道办事处 | intent 地点
三家店街道办事处电话 ⇒ agency 三家店街道办事处 | intent 电话
# 有标记的
"一次性告知" 服务指南 ⇒ phrase 一次性告知 | kind 办事指南
年份：2023 类型：解读 医保 ⇒ period 2023年 | kind 政策解读
标题：招生 单位：区教体局 ⇒ title 招生 | agency 区教育体育局
养老服务 -招聘 ⇒ excluded 招聘
公租房 AND 轮候 NOT 招标 ⇒ operator AND | excluded 招标
领域：社会救助 有效性：现行有效 ⇒ validity 现行有效
日期：2024年1月至6月 高龄津贴 ⇒ period 2024年1月—6月
疫苗接种点 不要招标 ⇒ excluded 招标
類型：公告 徵地 ⇒ kind 公示公告
# 繁体、机关、公开
最低生活保障標準 二〇二四年 ⇒ intent 标准 | period 2024年
國家醫保局 藥品目錄 ⇒ agency 国家医疗保障局
国家发改委 成品油价格 ⇒ agency 国家发展和改革委员会 | intent 费用
省卫健委2024年工作要点 ⇒ agency 省卫生健康委员会 | period 2024年
佛山市人社局 高温津贴 ⇒ agency 佛山市人力资源和社会保障局
依申请公开怎么申请 ⇒ intent 流程
信息公开年报 2024年度 ⇒ kind 报告年报 | period 2024年
"""

ROWS = [row.split("⇒") for row in QUESTIONS.strip().splitlines() if not row.startswith("#")]


def test_there_are_more_than_a_hundred_questions_over_ten_domains() -> None:
    assert len(ROWS) > 100
    assert len({text.strip() for text, _ in ROWS}) == len(ROWS)
    assert sum(row.startswith("#") for row in QUESTIONS.splitlines()) > 10


@pytest.mark.parametrize(("text", "expected"), [(text.strip(), said.strip()) for text, said in ROWS])
def test_what_is_understood(text: str, expected: str) -> None:
    pieces = [piece for piece in read_question(text, TODAY).pieces if piece.what not in LEFT_OUT]
    assert " | ".join(f"{piece.what.value} {piece.text}" for piece in pieces) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("低保怎么办理", "社会救助"),
        ("工伤认定申请表", "社会保险"),
        ("公租房申请条件", "保障性住房"),
        ("养老服务设施", "养老服务"),
        ("污水处理收费", "市政服务"),
        ("领域：征地 补偿", "农村集体土地征收"),
    ],
)
def test_the_domain_of_a_question(text: str, expected: str) -> None:
    assert [piece.text for piece in read_question(text, TODAY).of(What.DOMAIN)] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("房产证丢了", "房产证 → 不动产权证书、房屋所有权证"),
        ("五险怎么交", "五险 → 社会保险"),
        ("上訪", "上访 → 信访"),
        ("非遗传承人申报", "非遗传承人 → 非物质文化遗产代表性传承人"),
    ],
)
def test_the_official_terms_of_plain_words(text: str, expected: str) -> None:
    assert [piece.text for piece in read_question(text, TODAY).of(What.SYNONYM)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "小区物业费",
        "超市食品抽检",
        "教育局长任命",
        "人社部门职责",
        "地铁2号线",
        "5号楼消防",
        "3月5号停电",
        "合同是否有效",
        "关于废止部分规章的决定",
        "发展改革部署",
        "证明年限",
        "从前年龄大的",
        "合同失效",
        "法院受理的条件",
        "政府采购",
        "第三人撤销之诉",
        "两条线管理",
        "百分之二十",
        "接近全年",
        "附近几天",
    ],
)
def test_what_only_looks_like_a_number_a_day_or_a_body_is_none(text: str) -> None:
    sorts = (What.NUMBER, What.PARTIAL_NUMBER, What.PERIOD, What.AGENCY, What.REGION, What.VALIDITY, What.AMOUNT)
    assert read_question(text, TODAY).of(*sorts) == ()
