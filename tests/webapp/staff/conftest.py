"""What the tests of the staff area share: a district of their own, and somebody who is signed in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webapp.staff.district import ADMIN, PASSWORD, STAFF, District, open_district, prepare_data

# The cookie travels over HTTPS only.
BASE = {"base_url": "https://staff.example.cn"}


class Staffer:
    """A browser as the tests need it: it keeps the cookie, and sends the token of the last page with each form."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str) -> TestResponse:
        response = self.client.get(path, **BASE)
        if found := re.search(rb'name="csrf_token" value="([^"]+)"', response.data):
            self._token = found[1].decode()
        return response

    def post(self, path: str, **fields: object) -> TestResponse:
        referrer = {"Referer": BASE["base_url"] + "/staff/"}
        response = self.client.post(path, data={"csrf_token": self._token, **fields}, headers=referrer, **BASE)
        response.request.environ["wsgi.input"].close()  # a large form is sent from a file
        return response

    def sign_in(self, name: str = STAFF, password: str = PASSWORD) -> TestResponse:
        self.get("/staff/sign-in")
        response = self.post("/staff/sign-in", name=name, password=password)
        if response.status_code == 302:
            self.get("/staff/")
        return response


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the district, to be copied."""
    data = tmp_path_factory.mktemp("staff") / "data"
    prepare_data(data)
    return data


@pytest.fixture
def district(prepared: Path, tmp_path: Path) -> Iterator[District]:
    opened = open_district(Path(shutil.copytree(prepared, tmp_path / "data")))
    yield opened
    opened.close()


@pytest.fixture
def visitor(district: District) -> Staffer:
    return Staffer(district.app.test_client())


@pytest.fixture
def staffer(district: District) -> Staffer:
    made = Staffer(district.app.test_client())
    assert made.sign_in().status_code == 302
    return made


@pytest.fixture
def admin(district: District) -> Staffer:
    made = Staffer(district.app.test_client())
    assert made.sign_in(ADMIN).status_code == 302
    return made
