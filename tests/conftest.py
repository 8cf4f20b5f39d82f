"""What every test may ask for."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import pytest
import sqlalchemy
from hypothesis import settings

from corpus.blobs import BlobStore
from corpus.store import DocumentStore, sqlite_url
from tests.cluster import NoClusterError, RunningCluster, started
from tests.crawled import demo  # noqa: F401 - a fixture for all

# Timings are never asserted, and a first call may build its tables.
settings.register_profile("gongkai", deadline=None)
settings.load_profile("gongkai")

_ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a file run in one process, and all that need the cluster in one: it starts once, and they change it."""
    for item in items:
        needs_cluster = "opensearch" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("opensearch" if needs_cluster else str(item.path.relative_to(_ROOT))))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real documents to measure on; the test is skipped, with the reason, where it is missing.

    In CI (``CI`` is set) it must be there.
    """
    folder = Path(os.environ.get("GONGKAI_REALDATA", _ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        _lacking(f"no real documents in {folder}; set GONGKAI_REALDATA")
    return folder


def _lacking(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a database on a PostgreSQL server of our own, on a Unix socket.

    Skipped, with the reason, where PostgreSQL is not installed (but not in CI).
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))  # where Debian keeps them, off the PATH
    initdb = shutil.which("initdb") or (str(found[-1]) if found else None)
    if initdb is None:
        _lacking("no initdb; apt-get install postgresql")
    programs = Path(initdb).resolve().parent
    user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="gongkai-pg-"))  # the path of a socket has at most 107 characters
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "data"), *arguments]
        with (folder / "log").open("ab") as log:
            done = subprocess.run(command, user=user, cwd=folder, stdout=log, stderr=log, check=False)
        if done.returncode:
            pytest.fail(f"{program} failed: {(folder / 'log').read_text()}")

    try:
        run("initdb", "--username=gongkai", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        run("pg_ctl", "start", "--wait", "--options", f"-k {folder} -c listen_addresses= -c fsync=off")
        yield f"postgresql+psycopg://gongkai@/postgres?host={folder}"
        run("pg_ctl", "stop", "--wait", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """The URL of an empty PostgreSQL database."""
    server = sqlalchemy.create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(  # what a test that failed left open
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    server.dispose()
    return postgresql


@pytest.fixture(scope="session")
def opensearch() -> Iterator[RunningCluster]:
    """Three nodes of OpenSearch on loopback; who stops one starts it again (`RunningCluster.restore`).

    Skipped, with the reason, where a Java, Maven or what it fetches is lacking (but not in CI).
    """
    with ExitStack() as stack:
        try:
            cluster = started(stack)
        except NoClusterError as error:
            _lacking(str(error))
        yield cluster


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server in this process that speaks S3."""
    from moto.server import ThreadedMotoServer  # slow to import, and few tests need it

    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else a line a request, in every report
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def s3_client(s3_server: str) -> Any:
    """What the server holds, seen by boto3."""
    import boto3

    return boto3.Session("gongkai", "secret", region_name="us-east-1").client("s3", endpoint_url=s3_server)


@pytest.fixture
def s3_url(s3_client: Any, s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty folder in a bucket; where and with which key stands in the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "gongkai")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    bucket = f"district-{uuid4().hex}"
    s3_client.create_bucket(Bucket=bucket)
    return f"s3://{bucket}/gongkai/blobs"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that is not there yet, in each of the databases."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "store.db")
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    """An empty store in a file of its own."""
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as opened:
        yield opened


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    """An empty blob store."""
    return BlobStore(tmp_path / "blobs")
