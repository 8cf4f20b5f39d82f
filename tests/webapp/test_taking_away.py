"""Can what was found be taken away from the page of results?"""

from __future__ import annotations

import io
import zipfile

from bs4 import BeautifulSoup
from flask.testing import FlaskClient


def _page(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "lxml")


def test_every_way_that_the_page_offers_answers(client: FlaskClient) -> None:
    page = _page(client, "/search")
    offered = [str(link["href"]) for link in page.select(".take-away-all a, link[rel=alternate]")]
    assert len(offered) == 5
    for address in offered:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.data


def test_chosen_hits_come_as_one_file(client: FlaskClient) -> None:
    page = _page(client, "/search")
    form = page.select_one("form#chosen")
    assert form is not None
    chosen = [str(box["value"]) for box in page.select("input[form=chosen]")][:2]
    answer = client.post(str(form["action"]), data={"id": chosen})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        assert package.testzip() is None
        assert len({name.split("/")[0] for name in package.namelist() if "/" in name}) == len(chosen)
