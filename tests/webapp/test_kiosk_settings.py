"""What an operator writes about the kiosk: the guide's example is read whole, mistakes are named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from webapp.kiosk.settings import KioskSettings
from webapp.settings import Settings

_GUIDE = Path(__file__).resolve().parents[2] / "docs" / "kiosk.md"
DESK = {"who": "云溪区政务服务中心", "where": "一楼大厅"}


def example() -> str:
    (block,) = re.findall(r"```toml\n(.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def test_the_example_of_the_guide_names_every_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gongkai.toml").write_text(example(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    kiosk = Settings().kiosk
    assert kiosk.disclosure is not None
    assert [line.lines for line in kiosk.disclosure.form] == [1, 1, 2, 6, 1]
    assert [(entry.question, entry.kind, entry.domain) for entry in kiosk.entries] == [
        ("低保怎么申请", "", ""),
        ("", "", "elderly-care"),
        ("", "guide", ""),
    ]
    named = set(re.findall(r"\b([a-z_]+)\b", example()))
    assert named >= set(KioskSettings.model_fields)
    assert named >= set(type(kiosk.disclosure).model_fields)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"idle_s": 0}, "greater than 0"),
        ({"idle_s": 10, "warn_s": 10}, "must be less than idle_s"),
        ({"idel_s": 60}, "not permitted"),
        ({"entries": [{"label": "空"}]}, "needs a question, a kind or a domain"),
        ({"entries": [{"label": "错", "kind": "没有这一类"}]}, "use one of"),
        ({"entries": [{"label": "错", "domain": "没有这个领域"}]}, "use one of"),
        ({"entries": [{"label": "一", "question": "低保"}] * 13}, "at most 12"),
        ({"disclosure": {"who": "云溪区政务服务中心"}}, "Field required"),
        ({"disclosure": DESK | {"where": " "}}, "at least 1 character"),
        ({"inquiry": DESK | {"url": "javascript:alert(1)"}}, "https://"),
        ({"inquiry": DESK | {"form": [{"label": "姓名"}]}}, "form_title"),
        ({"inquiry": DESK | {"form_title": "申请表", "form": [{"label": "姓名", "lines": 13}]}}, "less than or equal"),
    ],
)
def test_a_mistake_is_named(written: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        KioskSettings.model_validate(written)
