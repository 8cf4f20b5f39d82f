"""What every place for original bytes keeps to: a folder, and a bucket on a server that speaks S3."""

from __future__ import annotations

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.blobs import Blobs, open_blobs
from corpus.errors import BlobDamagedError, BlobError, BlobMissingError

PAGE = "<title>关于停水的公告</title>".encode("gbk")
SHA256 = hashlib.sha256(PAGE).hexdigest()

NO_NAMES = [
    "",
    "a" * 63,
    "a" * 65,
    "A" * 64,
    "g" * 64,
    "../" + "a" * 61,
    "../../etc/passwd",
    "/etc/passwd",
    "aa/" + "a" * 61,
    "a" * 64 + "\n",
    "a" * 63 + "\0",
    "..\\..\\boot.ini",
    "．．／" + "a" * 61,
    "１" * 64,
]


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest) -> Blobs:
    """An empty blob store, in each of the places."""
    if request.param == "folder":
        found: Blobs = request.getfixturevalue("blobs")
        return found
    return open_blobs(request.getfixturevalue("s3_url"))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_what_is_kept_reads_back_under_its_sha256(kept: Blobs, data: bytes) -> None:
    sha256 = kept.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert kept.read(sha256) == data
    assert kept.size(sha256) == len(data)
    with kept.open(sha256) as file:
        assert file.read() == data


def test_what_is_kept_twice_is_there_once(kept: Blobs) -> None:
    assert kept.put(PAGE) == kept.put(PAGE) == SHA256
    kept.add(SHA256, io.BytesIO(PAGE))
    assert list(kept.names()) == [SHA256]


def test_another_process_finds_them_by_the_url(kept: Blobs) -> None:
    kept.put(PAGE)
    assert open_blobs(kept.url).read(SHA256) == PAGE


def test_many_writers_of_the_same_bytes_leave_one_whole_copy(kept: Blobs) -> None:
    data = os.urandom(300_000)
    with ThreadPoolExecutor(8) as writers:
        names = set(writers.map(kept.put, [data] * 8))
    assert names == set(kept.names()) == {hashlib.sha256(data).hexdigest()}
    assert kept.read(names.pop()) == data


def test_a_file_can_be_read_from_any_place(kept: Blobs) -> None:
    data = os.urandom(900_000)
    with kept.open(kept.put(data)) as file:
        assert file.read(10) == data[:10]
        assert file.seek(500_000) == 500_000
        assert file.read(300_000) == data[500_000:800_000]
        assert (file.seek(-5, io.SEEK_END), file.read(), file.read()) == (899_995, data[-5:], b"")
        assert (file.seek(0), file.read()) == (0, data)


@pytest.mark.parametrize("size", [0, 1, 8 << 20, (17 << 20) + 1], ids=["empty", "a byte", "a part", "parts and a byte"])
def test_a_file_is_added_under_the_name_that_it_is_said_to_have(kept: Blobs, size: int) -> None:
    data = os.urandom(size)
    sha256 = hashlib.sha256(data).hexdigest()
    kept.add(sha256, io.BytesIO(data))
    assert kept.read(sha256) == data
    with pytest.raises(BlobDamagedError, match=SHA256):
        kept.add(SHA256, io.BytesIO(data))
    assert list(kept.names()) == [sha256]


@pytest.mark.parametrize("name", [*NO_NAMES, "a" * 64])
def test_what_is_not_kept_or_no_name_of_a_blob_is_missing(kept: Blobs, name: str) -> None:
    kept.put(PAGE)
    for read in (kept.open, kept.read, kept.size):
        with pytest.raises(BlobMissingError):
            read(name)
    kept.delete(name)
    assert list(kept.names()) == [SHA256]


def test_what_is_deleted_is_gone_and_may_be_deleted_again(kept: Blobs) -> None:
    kept.put(PAGE)
    for _ in range(2):
        kept.delete(SHA256)
        with pytest.raises(BlobMissingError):
            kept.read(SHA256)
    assert list(kept.names()) == []


def test_a_sweep_spares_what_is_needed_and_what_is_young(kept: Blobs) -> None:
    needed, orphan = kept.put(b"needed"), kept.put(b"orphan")
    assert kept.sweep({needed}) == 0
    assert set(kept.names()) == {needed, orphan}
    assert kept.sweep({needed}, older_than_s=-10) == 1
    assert list(kept.names()) == [needed]


@pytest.mark.parametrize(
    "url", ["gs://bucket/blobs", "https://s3.example.cn/bucket", "s3:///blobs", "s3://key:secret@bucket/"]
)
def test_what_is_no_place_for_blobs_is_refused(url: str) -> None:
    with pytest.raises(BlobError, match="blobs_url is s3://bucket/prefix") as refused:
        open_blobs(url)
    assert "secret" not in str(refused.value)
