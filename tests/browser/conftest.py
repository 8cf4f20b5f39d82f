"""A real browser on a real server on loopback; skipped, with the reason, where there is no Chromium (but not in CI)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, sync_playwright

from tests.browser.serving import serve
from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.world import build_world
from webapp.factory import create_app
from webapp.web_settings import WebSettings

# Loopback only, and nothing that a browser does by itself in the background.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        message = "no chromium on PATH; apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        except Error as error:
            if os.environ.get("CI"):
                pytest.fail(f"Chromium does not start: {error}")
            pytest.skip(f"Chromium does not start: {error}")
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the fictional district is served."""
    world = build_world(tmp_path_factory.mktemp("district"))
    engine = MemoryEngine(stored.document for stored in world.store.live_documents())
    app = create_app(engine, world.store, world.blobs, WebSettings(place_name="云溪区"))
    served, stop = serve(app)
    yield served
    stop()
    world.store.close()


def complains(message: ConsoleMessage) -> bool:
    """Whether a page complains. That it was itself answered with an error (404, 410) is told by what it shows."""
    own = "/static/" not in message.location["url"] and message.text.startswith("Failed to load resource: the server")
    return message.type == "error" and not own


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Opens a path in a window of a width; whatever the page complains of, or loads from elsewhere, fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(path: str, width: int = 1280, *, scripts: bool = True, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
            accept_downloads=True,
            base_url=address,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if complains(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith(address) else complaints.append(f"loads {request.url}"),
        )
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
