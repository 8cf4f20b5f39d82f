"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from corpus.blobs import BlobStore
from corpus.store import DocumentStore, sqlite_url

# Timings are never asserted, and a first call may build its tables.
settings.register_profile("gongkai", deadline=None)
settings.load_profile("gongkai")

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real documents to measure on; the test is skipped, with the reason, where it is missing.

    In CI (``CI`` is set) it must be there.
    """
    folder = Path(os.environ.get("GONGKAI_REALDATA", _ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        message = f"no real documents in {folder}; set GONGKAI_REALDATA"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    """An empty store in a file of its own."""
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as opened:
        yield opened


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    """An empty blob store."""
    return BlobStore(tmp_path / "blobs")
