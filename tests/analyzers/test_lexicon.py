"""Are the word lists well-formed and true to their sources, and is a bad row refused with its place?"""

import logging
import re
import warnings
from pathlib import Path

import pytest

from analyzers import lexicon
from analyzers.lexicon import (
    LexiconError,
    agencies,
    domains,
    function_words,
    how_frames,
    question_frames,
    synonyms,
    user_words,
)

PLAN = [  # the numbered list of 青政办发〔2020〕41号, 二（一）
    "重大建设项目",
    "公共资源交易",
    "义务教育",
    "户籍管理",
    "社会救助",
    "养老服务",
    "公共法律服务",
    "财政预决算",
    "就业创业",
    "社会保险",
    "农村集体土地征收",
    "生态环境",
    "保障性住房",
    "国有土地上房屋征收与补偿",
    "市政服务",
    "城市综合执法",
    "公共文化服务",
    "卫生健康",
    "安全生产",
    "救灾",
    "食品药品监管",
    "税收管理",
    "扶贫",
]


def _words(text: str) -> list[str]:
    return text.split()


def test_the_23_domains_stand_in_the_order_of_the_plan_and_the_24th_without_departments() -> None:
    assert [(domain.number, domain.name) for domain in domains()] == [*enumerate(PLAN, 1), (None, "国土空间规划")]
    assert [domain.name for domain in domains() if not domain.departments] == ["国土空间规划"]


def test_domains_name_the_departments_of_the_plan() -> None:
    departments = {domain.slug: domain.departments for domain in domains()}
    assert departments["compulsory-education"] == ("教育体育局",)
    assert departments["tax"] == ("税务局",)
    assert departments["social-assistance"][:2] == ("民政局", "医疗保障局")


def test_every_domain_has_its_words_in_chinese_without_repeats() -> None:
    for domain in domains():
        assert len(domain.words) == len(set(domain.words)) >= 10, domain.name
        assert all(re.fullmatch("[\u4e00-\u9fff]{2,}", word) for word in domain.words), domain.name


def test_a_word_belongs_to_one_domain() -> None:
    words = [word for domain in domains() for word in domain.words]
    assert {word for word in words if words.count(word) > 1} == set()


def test_successors_are_agencies_of_the_list_and_present_ones_have_none() -> None:
    by_name = {agency.name: agency for agency in agencies()}
    for agency in agencies():
        for successor in agency.successors:
            assert by_name[successor].successors == (), (agency.name, successor)


def test_all_26_departments_of_the_state_council_are_present() -> None:
    names = {agency.name for agency in agencies() if agency.level == "national" and not agency.successors}
    assert names >= {
        *_words("外交部 国防部 国家发展和改革委员会 教育部 科学技术部 工业和信息化部 国家民族事务委员会 公安部"),
        *_words("国家安全部 民政部 司法部 财政部 人力资源和社会保障部 自然资源部 生态环境部 住房和城乡建设部"),
        *_words("交通运输部 水利部"),
        *_words("农业农村部 商务部 文化和旅游部 国家卫生健康委员会 退役军人事务部 应急管理部 中国人民银行 审计署"),
    }


def test_plain_words_lead_to_official_terms_one_way() -> None:
    assert synonyms()["偷东西"] == ("盗窃",)
    assert "失信被执行人" in synonyms()["老赖"]
    assert "盗窃" not in synonyms()


def test_equal_words_lead_both_ways() -> None:
    assert synonyms()["低保"] == ("最低生活保障",)
    assert synonyms()["最低生活保障"] == ("低保",)


def test_there_are_at_least_600_plain_words_and_none_leads_to_itself() -> None:
    assert len(synonyms()) >= 600
    assert all(plain not in terms and len(set(terms)) == len(terms) for plain, terms in synonyms().items())


def test_the_synonyms_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(TypeError):
        synonyms()["低保"] = ()  # type: ignore[index]


def test_words_that_decide_what_a_title_says_are_no_stop_words() -> None:
    stopped = function_words() | question_frames()
    assert stopped.isdisjoint(
        _words("不 无 非 未 没 免 禁 关于 通知 意见 办法 公告 印发 可以 应当 必须 不得 上 下 大 新 年 第")
    )


def test_the_frames_of_questions_and_the_words_of_grammar_are_apart() -> None:
    assert {"怎么", "如何", "什么", "多少", "是否", "有没有", "请问", "需要"} <= question_frames()
    assert {"的", "了", "在", "是", "和", "与", "吗", "呢"} <= function_words()
    assert function_words().isdisjoint(question_frames())


def test_frames_that_ask_how_are_question_frames() -> None:
    assert {"怎么", "如何", "怎样"} <= how_frames() < question_frames()
    assert how_frames().isdisjoint({"什么", "是否", "请问"})


def test_no_official_term_or_domain_word_is_a_stop_word() -> None:
    stopped = function_words() | question_frames()
    assert stopped.isdisjoint(term for terms in synonyms().values() for term in terms)
    assert stopped.isdisjoint(synonyms())
    assert stopped.isdisjoint(word for domain in domains() for word in domain.words)


@pytest.fixture(scope="module")
def stock_jieba(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A jieba tokenizer of its own with the dictionary it ships with, whatever words others added to the shared one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of jieba's own import (pkg_resources, old escapes)
        import jieba
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer.initialize()
    return tokenizer


def _cut(tokenizer: object, text: str) -> list[str]:
    return list(tokenizer.lcut(text))  # type: ignore[attr-defined]


def test_every_user_word_is_one_that_jieba_splits(stock_jieba: object) -> None:
    assert {"政务公开", "一网通办", "不动产权证书", "最低生活保障", "公租房"} <= set(user_words())
    assert [word for word in user_words() if len(_cut(stock_jieba, word)) == 1] == []
    assert set(user_words(broken_only=True)) < set(user_words())


def test_user_words_are_whole_after_adding_them_and_do_not_break_their_neighbours(stock_jieba: object) -> None:
    for word in user_words():
        stock_jieba.add_word(word)  # type: ignore[attr-defined]
    assert [word for word in user_words() if _cut(stock_jieba, word) != [word]] == []
    assert _cut(stock_jieba, "县级以上农业农村部门负责") == ["县级", "以上", "农业农村部门", "负责"]
    assert _cut(stock_jieba, "云溪区政府办公室统一公开")[-2:] == ["统一", "公开"]
    assert _cut(stock_jieba, "卫生健康委员会") == ["卫生健康委员会"]
    assert _cut(stock_jieba, "网格员工") == ["网格", "员工"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("低保\t>\t最低生活保障", "3 cells where a row has 4"),
        ("低保\t>\t最低生活保障\t-\t-", "5 cells where a row has 4"),
        ("低保\t>\t\t-", "an empty cell"),
        ("低保 \t>\t最低生活保障\t-", "a space around one"),
        ("低保\t→\t最低生活保障\t-", "write > (one way) or = (equal)"),
        ("低保\t>\t低保\t-", "leads to itself"),
        ("户口\t>\t户籍\t-", "has a row already"),
    ],
)
def test_a_bad_row_of_synonyms_is_refused_with_file_and_line(
    row: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"# head\n\n户口\t>\t户籍\t-\n{row}\n"
    monkeypatch.setattr(lexicon, "_packaged", lambda _: text)
    with pytest.raises(LexiconError, match=re.escape(problem)) as refusal:
        synonyms.__wrapped__()
    assert str(refusal.value).startswith("synonyms.tsv, line 4: ")
    assert (refusal.value.file, refusal.value.line) == ("synonyms.tsv", 4)


@pytest.mark.parametrize(
    ("read", "row", "problem"),
    [
        (domains, "一\tx\t领域\t领域\t-\t-\t-", "the number is '一'"),
        (domains, "1\tBad Slug\t领域\t领域\t-\t-\t-", "the slug is 'Bad Slug'"),
        (domains, "1\ta\t领域\t领域\t-\t-\t-\n2\ta\t另\t另\t-\t-\t-", "has a row already"),
        (agencies, "town\t民政局\t-\t-", "the level is 'town'"),
        (agencies, "kind\t民政局\t民政局\t-", "has a meaning already"),
        (user_words, "other\t公租房", "the kind is 'other'"),
        (user_words, "term\t公租房 公租房", "is listed already"),
        (lexicon._stopwords, "verbs\t是", "the section is 'verbs'"),
        (lexicon._stopwords, "function\t的 的", "is listed already"),
    ],
)
def test_a_bad_row_of_any_list_is_refused(
    read: object, row: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "_packaged", lambda _: row)
    with pytest.raises(LexiconError, match=re.escape(problem)):
        read.__wrapped__()  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", sorted(Path(lexicon.__file__).parent.glob("*.tsv")), ids=lambda path: path.name)
def test_every_list_says_at_its_head_what_a_row_is_and_where_it_comes_from(path: Path) -> None:
    head = "".join(line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("#"))
    assert "A row is" in head
    assert re.search("# Sources?:", head)
