"""The OpenAPI document is true: whatever is asked, the answer is a declared one, and what it forbids is refused."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.webapp.world import NOTICE_ID
from webapp.api.operations import OPERATIONS, PREFIX, Operation

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]


@pytest.fixture(scope="session")
def described(api_app: Flask) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", api_app)


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        pytest.param(operation, mode, id=f"{operation.name}-{mode.value}")
        for operation in OPERATIONS
        for mode in GenerationMode
        if operation.parameters or mode is GenerationMode.POSITIVE  # else there is nothing to give that is not allowed
    ],
)
def test_every_call_answers_as_described(
    described: schemathesis.BaseSchema, operation: Operation, mode: GenerationMode
) -> None:
    """With what the document allows (positive), and with what it does not (negative)."""

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=described[PREFIX + operation.path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    ask()


def test_the_document_is_openapi_3_1_and_names_every_route(api_app: Flask, api: FlaskClient) -> None:
    described = api.get("/api/v1/openapi.json").get_json()
    assert described["openapi"] == "3.1.0"
    served = {rule.rule.replace("<any_text:document_id>", "{id}") for rule in api_app.url_map.iter_rules()}
    served = {rule for rule in served if rule.startswith("/api/v1/")} - {"/api/v1/openapi.json"}
    assert set(described["paths"]) == served
    for model in described["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **model})


def test_the_page_for_people_has_every_call_and_model(api: FlaskClient) -> None:
    response = api.get("/api/docs")
    assert response.status_code == 200
    shown, described = response.get_data(as_text=True), api.get("/api/v1/openapi.json").get_json()
    assert all(path in shown for path in described["paths"])
    assert all(f'id="{name}"' in shown for name in described["components"]["schemas"])
    assert "<script>" not in shown


def test_a_known_document_is_answered_whole(api: FlaskClient) -> None:
    assert api.get(f"/api/v1/documents/{NOTICE_ID}").get_json()["document_number"] == "云政发〔2023〕12号"
