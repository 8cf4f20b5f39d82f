"""docs/api.md holds: its commands are answered, and what it shows of an answer is in it."""

from __future__ import annotations

import json
import re
import shlex
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from webapp.settings import Settings

DOCS = Path(__file__).resolve().parents[3] / "docs" / "api.md"
BLOCKS = re.findall(r"```(sh|json|python)\n(.*?)```", DOCS.read_text("utf-8"), re.S)
COMMANDS = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line.startswith("curl")]
# An answer that is shown belongs to the last command above it.
SHOWN = [
    (before.splitlines()[-1], json.loads(text))
    for (kind, before), (after, text) in pairwise(BLOCKS)
    if (kind, after) == ("sh", "json")
]


def run(client: FlaskClient, command: str) -> TestResponse:
    """What curl would ask: ``-G`` puts the data into the address, else they are a form; ``-o`` names a file."""
    words = shlex.split(command, comments=True)[1:]
    data: list[tuple[str, str]] = []
    address, get = "", False
    while words:
        word = words.pop(0)
        if word == "-G":
            get = True
        elif word in ("-d", "--data-urlencode"):
            name, _, value = words.pop(0).partition("=")
            data.append((name, value))
        elif word == "-o":
            words.pop(0)
        else:
            assert not address
            address = word.removeprefix("$HOST")
    path, asked = urlsplit(address).path, parse_qsl(urlsplit(address).query)
    if data and not get:
        return client.post(path, data=urlencode(data), content_type="application/x-www-form-urlencoded")
    return client.get(path, query_string=urlencode([*asked, *data]))


def holds(shown: object, answer: object) -> bool:
    """Whether all that is shown is in the answer; of a list its first items."""
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(name in answer and holds(shown[name], answer[name]) for name in shown)
    if isinstance(shown, list):
        return isinstance(answer, list) and all(map(holds, shown, answer)) and len(shown) <= len(answer)
    return shown == answer


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_answered(api: FlaskClient, command: str) -> None:
    response = run(api, command)
    shown = dict(SHOWN).get(command)
    assert response.status_code == (shown or {}).get("status", 200)
    assert response.data


@pytest.mark.parametrize(("command", "shown"), SHOWN)
def test_what_is_shown_is_in_the_answer(api: FlaskClient, command: str, shown: dict[str, object]) -> None:
    assert holds(shown, run(api, command).get_json())


@pytest.fixture
def served(api_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, api_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_program_that_turns_pages_finds_everything(api: FlaskClient, served: str) -> None:
    (program,) = (text for kind, text in BLOCKS if kind == "python")
    names: dict[str, object] = {"HOST": served}
    exec(program, names)  # noqa: S102 - our own documentation
    found = names["found"]
    assert isinstance(found, list)
    assert len({hit["id"] for hit in found}) == len(found) == api.get("/api/v1/search?q=低保").get_json()["total"]


def test_the_settings_and_numbers_that_it_names_are_so() -> None:
    text = DOCS.read_text("utf-8")
    for name in ("rate_limit", "cors_origins", "metrics_token", "public_url"):
        assert name in Settings.model_fields
        assert f"`{name}`" in text
    assert f"`rate_limit` (default {Settings.model_fields['rate_limit'].default})" in text
