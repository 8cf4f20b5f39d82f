"""What an operator writes in ``[theme]``: the guide's example is whole, mistakes are named, pages show what is set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.webapp.conftest import MakeClient, read_page, text_of, texts_of
from webapp.settings import Settings
from webapp.theme import Theme, contrast
from webapp.web_settings import WebSettings

_GUIDE = Path(__file__).resolve().parents[2] / "docs" / "theme.md"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Theme:
    (block,) = re.findall(r"```toml\n(.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "gongkai.toml").write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Settings().theme


def test_the_example_of_the_guide_names_every_setting(example: Theme) -> None:
    assert example.model_fields_set == set(Theme.model_fields)


def test_pages_show_what_is_set(make_client: MakeClient, example: Theme) -> None:
    asking = "https://www.yunxi.example.cn/ysqgk/"
    client = make_client(settings=WebSettings(place_name="云溪区", theme=example, disclosure_request_url=asking))
    page = read_page(client.get("/search"))
    assert text_of(page, ".brand") == f"{example.emblem}云溪区{example.name}"
    assert texts_of(page, ".bottom-links a")[3:] == ["办事", "互动", "依申请公开", "网站地图"]
    imprint = " ".join(texts_of(page, ".imprint li"))
    for value in (example.organiser, example.operator, example.site_code, example.contact, example.icp, example.police):
        assert value in imprint
    (sheet,) = page.select("link[href$='/theme.css']")
    answer = client.get(str(sheet["href"]))
    assert answer.mimetype == "text/css"
    assert f"--qing: {example.colour};" in answer.get_data(as_text=True)


def test_pages_show_nothing_that_is_not_set(make_client: MakeClient) -> None:
    client = make_client()
    page = read_page(client.get("/search"))
    assert not page.select(".imprint, .emblem, link[href$='/theme.css']")
    assert texts_of(page, ".bottom-links a") == ["首页", "标准目录", "全部文件"]
    assert client.get("/theme.css").data == b""


@pytest.mark.parametrize("name", ["colour", "alarm_colour"])
@pytest.mark.parametrize(
    ("value", "words"),
    [("blue", "six hexadecimal digits"), ("#12507", "six hexadecimal"), ("#5fa8d3", "choose a darker one")],
)
def test_a_colour_that_cannot_be_used_is_named_with_the_remedy(name: str, value: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Theme.model_validate({name: value})


@pytest.mark.parametrize("value", ["javascript:alert(1)", "//evil.example.cn", "www.yunxi.example.cn"])
def test_an_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="is no address"):
        Theme(services_url=value)


@pytest.mark.parametrize("colour", ["#12507b", "#000000", "#7a1c15", "#0b5d3b", "#4b2e83", "#6b6200"])
def test_whatever_the_colour_text_of_it_can_be_read_by_day_and_by_night(colour: str) -> None:
    sheet = Theme(colour=colour).stylesheet()
    day, night = sheet.split("dark)")
    for properties, grounds in ((day, ("#fbfaf7", "#ffffff")), (night, ("#14171d", "#1b1f27"))):
        values = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", properties))
        for ground in (*grounds, values["qing-tint"], values["qing-mark"], values["on-qing"]):
            assert contrast(values["qing"], ground) >= 4.5, (values, ground)


def test_the_contrast_of_black_and_white_is_the_highest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
