"""Shapes of pages as the usual systems of government sites write them, each reduced to what matters."""

from __future__ import annotations

import time
from datetime import date

import pytest

from corpus.errors import UnreadableError
from corpus.models import Kind, Validity
from corpus.parsers import Link, Parsed, Source, Verdict
from corpus.parsers.html import parse_html
from corpus.parsers.html.markup import MAX_BYTES, MAX_DEPTH, MAX_TAGS

URL = "http://www.qinghe.gov.cn/zwgk/tzgg/202007/t20200728_1.html"
TEXT = "各镇人民政府，区直各单位：现将《清河区村务公开办法》印发给你们，请认真贯彻执行。"


def read(markup: str, url: str = URL) -> Parsed:
    return parse_html(Source(data=markup.encode(), url=url))


def article(body: str, head: str = "<title>关于印发清河区村务公开办法的通知-清河区人民政府</title>") -> Parsed:
    return read(f"<html><head>{head}</head><body>{body}</body></html>")


FIELD_TABLES = {
    "cells in pairs": "<table><tr><td>索&ensp;引&ensp;号：</td><td>QH-2020-00041</td>"
    "<td>主题分类:</td><td>民政</td></tr><tr><td>发文机关：</td><td>清河区民政局</td><td>成文日期：</td><td>2020年7月20日</td></tr>"
    "<tr><th>文　　号：</th><td>清民发〔2020〕12号</td><th>时 效 性：</th><td>已废止</td></tr></table>",
    "cells without colons": "<table><tr><th>索引号</th><td>QH-2020-00041</td><th>主题分类</th><td>民政</td></tr>"
    "<tr><th>发布机构</th><td>清河区民政局</td><th>生成日期</th><td>2020-07-20</td></tr>"
    "<tr><th>发文字号</th><td>清民发〔2020〕12号</td><th>是否有效</th><td>废止</td></tr></table>",
    "label and value in one cell": "<table><tr><td>索引号: QH-2020-00041</td><td>主题分类: 民政</td></tr>"
    "<tr><td>发布机构: 清河区民政局</td><td>生成日期: 2020/7/20</td></tr>"
    "<tr><td>文件编号: 清民发〔2020〕12号</td><td>有效性: 废止</td></tr></table>",
    "dl": "<dl><dt>索引号：</dt><dd>QH-2020-00041</dd>"
    "<dt>信息分类：</dt><dd>民政</dd><dt>发文单位：</dt><dd>清河区民政局</dd>"
    "<dt>成文日期：</dt><dd>二〇二〇年七月二十日</dd><dt>发文字号：</dt><dd>清民发〔2020〕12号</dd>"
    "<dt>有效性：</dt><dd>废止</dd></dl>",
    "list with inline labels": "<ul><li><b>索 引 号：</b><span>QH-2020-00041</span></li><li><b>主题分类：</b>民政</li>"
    "<li><b>发文机构</b>：清河区民政局</li><li><b>成文日期：</b>2020-07-20 00:00</li>"
    "<li><b>发文字号：</b>清民发〔2020〕12号</li><li><b>有 效 性：</b><i>废止</i></li></ul>",
    "several in one line": "<div><span>索引号：</span><em>QH-2020-00041</em> <span>主题分类：</span><em>民政</em></div>"
    "<p>发文机关：清河区民政局　成文日期：2020-07-20　发文字号：清民发〔2020〕12号　有效性：废止</p>",
    "div beside div": "<div class=row><div>索引号：</div><div>QH-2020-00041</div></div>"
    "<div class=row><div>主题分类：</div><div>民政</div></div>"
    "<div class=row><div>发文机关：</div><div>清河区民政局</div></div>"
    "<div class=row><div>成文日期：</div><div>2020-07-20</div></div>"
    "<div class=row><div>发文字号：</div><div>清民发〔2020〕12号</div></div>"
    "<div class=row><div>有效性：</div><div>废止</div></div>",
}


@pytest.mark.parametrize("shape", FIELD_TABLES)
def test_the_field_table_is_read_in_any_markup(shape: str) -> None:
    parsed = article(f"<div class=xxgk>{FIELD_TABLES[shape]}</div><div id=zoom><p>{TEXT}</p></div>")
    assert (parsed.index_number, parsed.subject, parsed.issuers) == ("QH-2020-00041", "民政", ("清河区民政局",))
    assert (parsed.issued_on, parsed.document_number) == (date(2020, 7, 20), "清民发〔2020〕12号")
    assert parsed.validity is Validity.REPEALED
    assert parsed.body == TEXT


def test_meta_tags_are_trusted_before_the_table_and_the_table_before_the_text() -> None:
    parsed = article(
        "<ul><li>标题：表中的标题</li><li>发布日期：2020-07-29</li><li>成文日期：2020-07-20</li></ul>"
        "<div class=TRS_Editor><p>正文内容，请认真贯彻执行。</p><p>清河区民政局</p><p>2020年7月18日</p></div>",
        head="<META NAME='articletitle' CONTENT='标签中的标题'><meta name=PUBDATE content='2020——07——28 10∶08'>"
        "<meta name=Desctiption content=摘要><meta name=KeyWords content='村务，公开'>",
    )
    assert (parsed.title, parsed.published_on) == ("标签中的标题", date(2020, 7, 28))
    assert (parsed.issued_on, parsed.issuers) == (date(2020, 7, 20), ("清河区民政局",))
    assert (parsed.keywords, parsed.extra["description"]) == (("村务", "公开"), "摘要")


def test_the_text_itself_gives_number_signer_and_date() -> None:
    parsed = article(
        "<h1>关于印发清河区村务公开办法的通知</h1><p>清民发〔2020〕12号</p><p>2020-07-28 10:08　来源：清河区民政局</p>"
        f"<div class=zw><p>{TEXT}</p><p>附件：清河区村务公开办法</p>"
        "<p>清河区民政局</p><p>清河区财政局</p><p>二〇二〇年七月二十日</p></div>"
    )
    assert parsed.document_number == "清民发〔2020〕12号"
    assert parsed.issuers == ("清河区民政局", "清河区财政局")
    assert (parsed.issued_on, parsed.published_on) == (date(2020, 7, 20), date(2020, 7, 28))
    assert parsed.source == "清河区民政局"
    assert parsed.body.startswith(TEXT)


def test_a_number_that_the_text_cites_is_not_its_own() -> None:
    assert article(f"<div id=zoom><p>根据《办法》（清政发〔2019〕3号），{TEXT}</p></div>").document_number == ""


def test_an_empty_source_is_not_the_button_behind_it() -> None:
    line = "<p>2025年06月27日 17:52 来源：<span></span> 【<span>打印</span>】</p>"
    parsed = article(f"<h2>成交结果公告</h2>{line}<div id=zoom><p>{TEXT}</p></div>")
    assert (parsed.source, parsed.published_on) == ("", date(2025, 6, 27))


def test_unreadable_values_are_kept_aside() -> None:
    parsed = article(f"<ul><li>有效性：长期</li><li>成文日期：当年</li></ul><div id=zoom><p>{TEXT}</p></div>")
    assert (parsed.validity, parsed.issued_on) == (Validity.UNKNOWN, None)
    assert (parsed.extra["有效性"], parsed.extra["成文日期"]) == ("长期", "当年")


CONTAINERS = {
    "TRS": "<div class=article_content><div class=detail_video></div><div class=TRS_Editor>{}</div></div>",
    "开普": "<div class=wrap><div id=UCAP-CONTENT>{}</div></div>",
    "博达": "<form name=_newscontent_fromname><div id=vsb_content_500><div class=v_news_content>{}</div></div></form>",
    "大汉": "<table><tr><td class=xx><!--<$[信息内容]>begin-->{}<!--<$[信息内容]>end--></td></tr></table>",
    "gkmlpt": "<div class='main-content'><div class='article-content'>{}</div></div>",
    "none known": "<div class=left><a href=/a.html>栏目一</a></div><div class=xyz><div class=abc>{}</div></div>",
    "layout table": "<table><tr><td><a href=/a.html>栏目一</a><br><a href=/b.html>栏目二</a></td>"
    "<td>{}</td></tr></table>",
}


@pytest.mark.parametrize("system", CONTAINERS)
def test_the_text_is_found_in_any_container(system: str) -> None:
    text = f"<p>{TEXT}</p><p>　　一、公开内容；</p><p>二、公开时限。</p>"
    furniture = (
        "<div class=crumb>当前位置：<a href=/>首页</a> &gt; <a href=/tzgg/>通知公告</a> &gt; 正文</div>"
        "<div class=share_box><a>微信</a><a>微博</a></div>"
    )
    parsed = article(
        furniture
        + CONTAINERS[system].format(text)
        + "<p>【打印本页】【关闭窗口】</p><div class=footer>版权所有：清河区，主办：办公室。</div>"
    )
    assert parsed.body == f"{TEXT}\n一、公开内容；\n二、公开时限。"
    assert (parsed.column, parsed.verdict) == ("通知公告", Verdict.ARTICLE)


def test_tables_are_rows_with_tabs_and_keep_their_columns() -> None:
    parsed = article(
        f"<div id=zoom><p>{TEXT}</p><table><tr><td colspan=3><b>收费标准</b></td></tr>"
        "<tr><td rowspan=2>书本费</td><td>语文<br>上册</td><td><p>12元</p></td></tr>"
        "<tr><td>数学</td><td>10元</td></tr>"
        "<tr><td colspan=2>合计</td><td>22元</td></tr></table><p>以上。</p></div>"
    )
    assert parsed.body.split("\n")[1:] == [
        "收费标准",
        "书本费\t语文 上册\t12元",
        "\t数学\t10元",
        "合计\t\t22元",
        "以上。",
    ]


def test_cells_in_a_list_in_a_cell_are_part_of_it() -> None:
    parsed = article(
        f"<div id=zoom><p>{TEXT}</p><table><tr><td>序号</td><td>事项</td></tr>"
        "<tr><td>1</td><td>救助<ul>甲<td>每月</td><td>全社会</td></tr></table></div>"
    )
    assert parsed.body.split("\n")[1:] == ["序号\t事项", "1\t救助 甲 每月 全社会"]
    assert [cell.text for cell in parsed.tables[0].cells][3] == "救助\n甲\n每月\n全社会"


def test_a_cell_in_a_list_in_no_cell_is_a_line() -> None:
    row = "<tr><td>1</td><ul><td>每月</td></ul><td>低保</td></tr>"
    parsed = article(f"<div id=zoom><p>{TEXT}</p><table><tr><td>序号</td><td>事项</td></tr>{row}</table></div>")
    assert sorted(parsed.body.split()[1:]) == sorted(["序号", "事项", "1", "每月", "低保"])


def test_control_characters_are_no_text() -> None:
    parsed = read("<title>公&#8;告</title><div id=zoom><p>低&#27;保&#2;公示。</p></div>")
    assert (parsed.title, parsed.body) == ("公告", "低保公示。")


def test_a_line_that_was_wrapped_in_the_source_is_joined() -> None:
    parsed = article("<div id=zoom><p>各镇人民政府，\n   区直各单位：</p><p>Office\n365</p><pre>甲，\n乙</pre></div>")
    assert parsed.body == "各镇人民政府，区直各单位：\nOffice 365\n甲，\n乙"


def test_hidden_parts_scripts_and_comments_are_no_text() -> None:
    parsed = article(
        f"<div id=zoom><p>{TEXT}</p><p style='display: none'>隐藏</p><script>var a='脚本';</script>"
        "<noscript>请开启</noscript><!-- 注释 --><style>p{}</style></div>"
    )
    assert parsed.body == TEXT


def test_attachments_come_from_lists_links_frames_and_scripts() -> None:
    parsed = article(
        f"<div id=zoom><p>{TEXT}</p><p>附件：<a href='./P1.docx'>附件1：申请表</a></p>"
        "<p><a href='/download.jsp?id=7' title='名单.xls'>下载附件</a>"
        "<a href='P2.pdf' title='方案.pdf'>点击下载</a></p>"
        "<p><a href=el.url>模板</a><a href='javascript:void(0)'>无.doc</a><a href='{{file.pdf}}'>无</a></p></div>"
        "<iframe src='/viewer.html?file=/files/full.pdf'></iframe><div class=footer><a href='/help.pdf'>帮助</a></div>"
        '<script>var apps=[{name:"附件2.xlsx",url:"http://www.qinghe.gov.cn/f/2.xlsx"},\n'
        '{"url":"\\/f\\/3.zip", "size":3, "fileName":"\\u9644\\u4ef6.zip"},{name:"",url:""}];</script>'
    )
    base = "http://www.qinghe.gov.cn"
    assert parsed.attachments == (
        Link(f"{base}/zwgk/tzgg/202007/P1.docx", "附件1：申请表"),
        Link(f"{base}/zwgk/tzgg/202007/P2.pdf", "方案.pdf"),
        Link(f"{base}/files/full.pdf", "full.pdf"),
        Link(f"{base}/f/2.xlsx", "附件2.xlsx"),
        Link(f"{base}/f/3.zip", "附件.zip"),
    )


def test_links_are_absolute_without_repeats_leftovers_and_attachments() -> None:
    parsed = read(
        "<base href='http://www.qinghe.gov.cn/zwgk/'><div id=zoom><p>正文，正文。</p></div>"
        "<a href='a.htm '>甲</a><a href='a.htm#top'></a><a href='//m.qinghe.gov.cn/b'><img src=x></a><a href='/b.html'>"
        "截断的标…</a><a href='/c.html' title='完整的标题到此为止'>完整的标题…</a><a href='mailto:a@b.cn'>信</a>"
        "<a href='http://[el.url]/'>坏</a><a href='#'>顶</a><a href='el.chnldocurl'>模板</a><a href='{{u}}'>模板</a>"
        "<a href='f.pdf'>文件</a><iframe src='list.html'></iframe><meta http-equiv=refresh content='0; url=/new/'>"
    )
    assert [(link.url.removeprefix("http://"), link.text) for link in parsed.links] == [
        ("www.qinghe.gov.cn/zwgk/a.htm", "甲"),
        ("m.qinghe.gov.cn/b", ""),
        ("www.qinghe.gov.cn/b.html", "截断的标…"),
        ("www.qinghe.gov.cn/c.html", "完整的标题到此为止"),
        ("www.qinghe.gov.cn/zwgk/list.html", ""),
        ("www.qinghe.gov.cn/new/", ""),
    ]


@pytest.mark.parametrize(
    "script",
    [
        'createPageHTML(4, 0, "index", "html");',
        "createPageHTML('page_div',4, 1,'index','html',56);",
        'var countPage = 4; var currentPage = 0; createPageHTML(countPage, currentPage, "index", "html");',
        'var countPage=4\nfor(i){document.write("<a href=\\"index"+"_"+i+"."+"html\\">"+i+"</a>");}',
    ],
)
def test_the_pages_of_a_listing_are_read_out_of_its_script(script: str) -> None:
    rows = "".join(
        f"<li><a href='./t{n}.html'>清河区第{n}号公告公示</a><span>07-{n}</span></li>" for n in range(10, 15)
    )
    parsed = read(f"<title>通知公告</title><ul>{rows}</ul><script>{script}</script>", url="http://a.gov.cn/tz/")
    assert parsed.verdict is Verdict.LISTING
    assert [link.url for link in parsed.links[-3:]] == [f"http://a.gov.cn/tz/index_{n}.html" for n in (1, 2, 3)]


def test_an_article_with_a_list_of_news_beside_it_is_an_article() -> None:
    news = "".join(f"<li><a href='/n{n}.html'>清河区动态新闻第{n}条</a> 2020-07-{n}</li>" for n in range(10, 20))
    parsed = article(
        f"<h1>清河区召开会议</h1><p>2020-07-28 来源：清河发布</p><div class=a><p>{TEXT * 8}</p></div><ul>{news}</ul>"
    )
    assert (parsed.verdict, parsed.body) == (Verdict.ARTICLE, TEXT * 8)


VERDICTS = {
    "<title>404</title><body><p>您访问的页面不存在</p><a href=/>返回首页</a>": Verdict.SOFT_404,
    "<body><h1>抱歉，您要查看的信息已删除或不存在！</h1>": Verdict.SOFT_404,
    "<title>404 Not Found</title><body><center><h1>404 Not Found</h1></center><hr>nginx": Verdict.SOFT_404,
    "<meta charset=utf-8><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script><body></body>": Verdict.CHALLENGE,
    "<script>document.cookie='__jsl_clearance=1';location.href='/'</script>": Verdict.CHALLENGE,
    "<title>安全验证</title><body><div>请完成滑块验证</div><script src=/captcha.js></script>": Verdict.CHALLENGE,
    "<html><head><title></title></head><body></body></html>": Verdict.EMPTY,
    "<meta name=ArticleTitle content=公告><title>公告</title><div id=zoom></div>": Verdict.EMPTY,
    "<meta name=ArticleTitle content=流程图><div id=zoom><img src=/a.png></div>": Verdict.ARTICLE,
    "<meta name=ArticleTitle content=公告><div id=zoom><a href=/a.doc>公告.doc</a></div>": Verdict.ARTICLE,
    "<meta name=ArticleTitle content=公告><div id=zoom><p>因系统维护，部分页面不存在。</p></div>": Verdict.ARTICLE,
}


@pytest.mark.parametrize("markup", VERDICTS)
def test_what_is_no_article_is_told_apart(markup: str) -> None:
    assert read(markup).verdict is VERDICTS[markup]


def test_an_image_only_text_names_its_pictures() -> None:
    parsed = read(
        "<meta name=ArticleTitle content=流程图><div id=zoom><img src=./a.png><img src=/icon16/xls.gif></div>"
    )
    assert parsed.problems == ("the text is a picture: needs OCR",)
    assert parsed.extra["images"] == ["http://www.qinghe.gov.cn/zwgk/tzgg/202007/a.png"]


@pytest.mark.parametrize(
    ("browser_title", "title"),
    [
        ("关于印发村务公开办法的通知_通知公告_清河区人民政府", "关于印发村务公开办法的通知"),
        ("清河区人民政府门户网站 通知公告 - 关于印发村务公开办法的通知", "关于印发村务公开办法的通知"),
        ("关于2020-2021学年招生的通知-清河区教育局", "关于2020-2021学年招生的通知"),
    ],
)
def test_the_browsers_title_loses_its_site(browser_title: str, title: str) -> None:
    assert article(f"<div id=zoom><p>{TEXT}</p></div>", head=f"<title>{browser_title}</title>").title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("清河区村务公开办法", "清河区村务公开办法"),
        ("我区召开村务公开会议。会议指出，" + "要公开村务，" * 40, "我区召开村务公开会议。"),
        ("要公开村务，" * 40, ""),
    ],
)
def test_without_a_title_the_first_sentence_stands_for_it_if_it_is_short(text: str, title: str) -> None:
    parsed = article(f"<div id=zoom><p>{text}</p><p>{TEXT}</p></div>", head="")
    assert (parsed.title, parsed.problems) == (title, ("the page shows no title",))


@pytest.mark.parametrize(
    ("script", "source"),
    [
        ("var S='区民政局';if(S!=''){document.write(\"来源：区民政局\")}", "区民政局"),
        ("document.writeln('<span>来源：</span><b>区民政局</b>');", "区民政局"),
        ("document.write('来源：' + SOURCE)", ""),
        ("document.write('来源：')", ""),
        ("// document.write('来源：区民政局')", ""),
    ],
)
def test_a_source_is_read_where_a_script_writes_it_as_it_stands(script: str, source: str) -> None:
    assert article(f"<script>{script}</script><div id=zoom><p>{TEXT}</p></div>").source == source
    shown = f"<p>来源：区财政局</p><script>{script}</script><div id=zoom><p>{TEXT}</p></div>"
    assert article(shown).source == "区财政局"


@pytest.mark.parametrize("tail", ["查看内容", "正文", "文章详情", "浏览新闻", "信息详细页", "民政局首页"])
def test_what_a_breadcrumb_ends_in_is_no_column_if_every_page_says_so(tail: str) -> None:
    crumbs = f"<td>当前位置：<a href=/>首页</a> → <a href=/tz/>通知公告</a> → {tail}</td>"
    body = f"<table><tr>{crumbs}</tr></table><h1>停水公告</h1><div id=zoom><p>{TEXT}</p></div>"
    assert article(body).column == "通知公告"


def test_the_breadcrumb_may_end_in_the_column_or_in_the_title() -> None:
    crumbs = "<div class=position>您现在的位置：<a href=/>首页</a> > <a href=/gk/>政务公开</a> > {}</div>"
    text = f"<h1>停水公告</h1><div id=zoom><p>{TEXT}</p></div>"
    head = "<title>停水公告</title>"
    assert article(crumbs.format("停水公告") + text, head).column == "政务公开"
    assert article(crumbs.format("停水公告") + text, head).title == "停水公告"
    assert article(crumbs.format("公示公告") + text, head).column == "公示公告"


@pytest.mark.parametrize(
    ("title", "column", "kind"),
    [
        ("《清河区村务公开办法》政策解读", "部门文件", Kind.INTERPRETATION),
        ("清河区民政局老年优待证办事指南", "部门文件", Kind.GUIDE),
        ("关于公开征求《办法（征求意见稿）》意见的公告", "通知公告", Kind.CONSULTATION),
        ("清河区养老服务领域基层政务公开标准目录", "政务公开", Kind.CATALOG),
        ("清河区2020年政府信息公开工作年度报告", "", Kind.REPORT),
        ("关于拟录用人员名单的公示", "公示公告", Kind.NOTICE),
        ("清河区人民政府关于印发村务公开办法的通知", "", Kind.POLICY),
        ("清河区召开会议", "清河要闻", Kind.NEWS),
        ("简介", "", None),
    ],
)
def test_title_and_column_tell_the_kind(title: str, column: str, kind: Kind | None) -> None:
    head = f"<meta name=ArticleTitle content='{title}'><meta name=ColumnName content='{column}'>"
    assert article(f"<div id=zoom><p>{TEXT}</p></div>", head=head).kind is kind


def test_a_gbk_page_is_read_whatever_its_header_says() -> None:
    markup = f"<meta charset=iso-8859-1><title>村务公开</title><div id=zoom><p>{TEXT}</p></div>"
    parsed = parse_html(Source(data=markup.encode("gbk"), content_type="text/html; charset=UTF-8"))
    assert (parsed.title, parsed.body, parsed.problems) == ("村务公开", TEXT, ())


def test_damaged_characters_are_a_problem_and_no_failure() -> None:
    data = f"<title>村务公开</title><div id=zoom><p>{TEXT * 5}</p></div>".encode()
    parsed = parse_html(Source(data=data[:100] + b"\xff\xfe" + data[100:]))
    assert parsed.body.endswith("请认真贯彻执行。")
    assert parsed.problems[0].endswith("characters are damaged (utf-8)")


def test_pages_beyond_the_limits_are_refused_with_the_limit() -> None:
    hundred_mb = b"<html><body><div id=zoom>" + b"<p>x</p>" * (100_000_000 // 8)
    pages = (hundred_mb, b"<p>" * (MAX_TAGS + 1), b"<div>" * (MAX_DEPTH + 2))
    started = time.perf_counter()
    reasons = []
    for page in pages:
        with pytest.raises(UnreadableError) as refused:
            parse_html(Source(data=page))
        reasons.append(refused.value.reason)
    assert reasons == [
        f"the page is larger than {MAX_BYTES >> 20} MB",
        f"the page has more than {MAX_TAGS:,} tags",
        f"the page is nested more than {MAX_DEPTH:,} levels deep",
    ]
    assert time.perf_counter() - started < 10


def test_a_large_page_of_styled_text_and_pictures_is_read() -> None:
    line = "<p class=MsoNormal><span style='a'><font face=宋体>清河区村务公开，</font></span><o:p></o:p></p>"
    picture = f"<img src='data:image/png;base64,{'QUJD' * 500_000}'>"
    started = time.perf_counter()
    parsed = article(f"<div class=TRS_Editor>{picture}{line * 15_000}</div>")
    assert parsed.body.count("\n") == 14_999
    assert time.perf_counter() - started < 20


def test_a_document_keeps_the_problems() -> None:
    parsed = read("<meta name=ArticleTitle content=流程图><div id=zoom><img src=/a.png></div>")
    document = parsed.to_document("1", url=URL, site="qinghe")
    assert document.extra["problems"] == ["the text is a picture: needs OCR"]
