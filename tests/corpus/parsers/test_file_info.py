"""What a file says of itself counts only where somebody said it."""

from __future__ import annotations

import pytest

from corpus.parsers.file_info import told

AUTHORS = (
    "(anonymous)|(unspecified)|Unknown|administrator|Administrator|Admin|User|MS User|Windows 用户|微软用户|Microsoft"
    "|管理员|lenovo|Lenovo User|HP|USER-20190611|雨林木风|作者|-"
)
TITLES = (
    "(anonymous)|untitled|无标题|Microsoft Word - 通知.doc|PowerPoint 演示文稿|文档1|Document1|幻灯片 1|Sheet1|未命名-1"
    "|新建 Microsoft Word 文档|20200728.doc"
)


@pytest.mark.parametrize("author", AUTHORS.split("|"))
def test_an_author_that_a_program_filled_in_is_none(author: str) -> None:
    assert told({"author": author, "producer": "WPS Office"}) == {"producer": "WPS Office"}


@pytest.mark.parametrize("title", TITLES.split("|"))
def test_a_title_that_a_program_filled_in_is_none(title: str) -> None:
    assert told({"title": title}) == {}


@pytest.mark.parametrize(
    "said",
    [
        {"author": "清河区人民政府办公室", "title": "关于印发政务公开工作要点的通知"},
        {"author": "李明", "title": "文档管理办法"},
        {"author": "wangfang", "title": "Open Government Report 2020"},
        {"author": "深度贫困地区工作组", "title": "2020年年报"},
        {"author": "方正明", "title": "新建道路公示"},
    ],
)
def test_what_people_said_stays(said: dict[str, str]) -> None:
    assert told(said) == said
