"""`gongkai crawl` of the same sites on several machines: each site is crawled once, those that are free first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import func

from corpus.crawl import CrawlSettings, crawl, load_site
from corpus.tables import crawl_hosts
from tests.corpus.crawl.server import Answer, Request, TinyServer
from webapp.commands.collect import crawl_sites
from webapp.settings import Settings
from webapp.workspace import Workspace

pytestmark = pytest.mark.services

QUICK = CrawlSettings(retry_delay_s=0.0)


@pytest.fixture
def servers() -> Iterator[tuple[TinyServer, TinyServer]]:
    with ExitStack() as stack:
        first, second = (stack.enter_context(TinyServer()) for _ in range(2))
        for server in (first, second):
            server.links("/", "/a.html")
            server.article("/a.html", f"关于{server.host}的通知")
        yield first, second


@pytest.fixture
def workspace(postgresql_url: str, tmp_path: Path) -> Iterator[Workspace]:
    with closing(Workspace(Settings(data=tmp_path / "data", store_url=postgresql_url))) as opened:
        yield opened


def site_file(server: TinyServer, name: str, folder: Path) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(
        f'[site]\nid = "{name}"\nstart_urls = ["{server.url}/"]\ndelay_s = 0.0\nallow_private = true\n', "utf-8"
    )
    return path


def test_a_site_that_another_machine_crawls_goes_last_and_is_taken_over_when_that_died(
    servers: tuple[TinyServer, TinyServer], workspace: Workspace, tmp_path: Path
) -> None:
    taken, free = (site_file(server, name, tmp_path) for server, name in zip(servers, ("taken", "free"), strict=True))
    with workspace.store.writing() as writer:
        until_s = func.extract("epoch", func.clock_timestamp()) + 10.0
        writer.connection.execute(crawl_hosts.insert().values(host=servers[0].host, holder="other", until_s=until_s))
    summaries = crawl_sites(workspace, [str(taken), str(free)])
    assert [(one.site, one.outcome) for one in summaries] == [("free", "finished"), ("taken", "finished")]


def test_a_site_that_another_machine_finished_meanwhile_is_not_crawled_again(
    servers: tuple[TinyServer, TinyServer], workspace: Workspace, tmp_path: Path
) -> None:
    first, second = (
        site_file(server, name, tmp_path) for server, name in zip(servers, ("first", "second"), strict=True)
    )
    page = servers[0].pages["/a.html"]
    assert isinstance(page, Answer)

    def meanwhile(_request: Request) -> Answer:
        crawl(load_site(second), workspace.store, workspace.blobs, data_dir=tmp_path / "other", settings=QUICK)
        return page

    servers[0].pages["/a.html"] = meanwhile
    summaries = crawl_sites(workspace, [str(first), str(second)])
    assert [(one.site, one.outcome) for one in summaries] == [("first", "finished"), ("second", "finished")]
    assert len(servers[1].asked("/a.html")) == 1
    again = crawl_sites(workspace, [str(second)])
    assert (again[0].outcome, again[0].number) == ("finished", 3), "the next command begins a new crawl"
