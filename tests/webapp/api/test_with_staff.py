"""Beside a staff area: its call is in the OpenAPI document and answers as described, and its guard lets exports be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

from tests.webapp.api.test_schemathesis import CHECKS
from tests.webapp.staff.district import ALLOWANCE_ID, District, open_district, prepare_data


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    data = tmp_path_factory.mktemp("district") / "data"
    prepare_data(data)
    opened = open_district(data)
    yield opened
    opened.close()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_duplicates_check_answers_as_described(district: District, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", district.app)
    call = described["/api/v1/duplicates/check"]["POST"]
    headers = {"Authorization": f"Bearer {district.staff.tokens.add(mode.value)}", "Accept-Encoding": "identity"}

    @settings(max_examples=8, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=call.as_strategy(generation_mode=mode, media_type="application/json"))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()


def test_without_a_token_it_says_so_as_described(district: District) -> None:
    client = district.app.test_client()
    described = client.get("/api/v1/openapi.json").get_json()
    call = described["paths"]["/api/v1/duplicates/check"]["post"]
    assert call["security"] == [{"token": []}]
    assert described["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    response = client.post("/api/v1/duplicates/check", json={"text": "正文"})
    assert str(response.status_code) == "401"
    assert "401" in call["responses"]


def test_chosen_documents_are_sent_to_whoever_asks(district: District) -> None:
    """It changes nothing, so it needs no token of a form."""
    response = district.app.test_client().post("/search.zip", data={"id": ALLOWANCE_ID}, buffered=True)
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert any(Path(name).name == "正文.txt" for name in archive.namelist())
