"""Blobs on S3: laid out like the folder, and whatever the storage does is one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

from corpus.blobs import Blobs, open_blobs
from corpus.errors import BlobDamagedError, BlobError, BlobWriteError
from corpus.object_blobs import ObjectBlobStore
from tests.corpus.test_blobs import PAGE, SHA256


@pytest.fixture
def objects(s3_url: str) -> ObjectBlobStore:
    return ObjectBlobStore.at(s3_url)


def bucket_of(blobs: Blobs) -> str:
    return blobs.url.split("/")[2]


def test_objects_are_laid_out_like_the_folder(s3_client: Any, objects: ObjectBlobStore) -> None:
    objects.put(PAGE)
    (listed,) = s3_client.list_objects_v2(Bucket=bucket_of(objects))["Contents"]
    assert listed["Key"] == f"gongkai/blobs/{SHA256[:2]}/{SHA256}"


def test_what_others_keep_in_the_bucket_is_left_alone(s3_client: Any, objects: ObjectBlobStore) -> None:
    bucket = bucket_of(objects)
    deeper = f"gongkai/blobs/old/cc/{'c' * 64}"
    for key in (
        f"gongkai/blobs-2/aa/{'a' * 64}",
        f"aa/{'a' * 64}",
        "gongkai/blobs/README",
        f"gongkai/{'b' * 64}",
        deeper,
    ):
        s3_client.put_object(Bucket=bucket, Key=key, Body=b"theirs")
    assert list(objects.names()) == []
    assert objects.sweep(set(), older_than_s=-10) == 0
    assert len(s3_client.list_objects_v2(Bucket=bucket)["Contents"]) == 5


def test_a_whole_bucket_may_be_for_blobs(s3_client: Any, s3_url: str) -> None:
    blobs = open_blobs(s3_url.removesuffix("/gongkai/blobs") + "/")
    assert (blobs.put(PAGE), blobs.read(SHA256), list(blobs.names())) == (SHA256, PAGE, [SHA256])
    (listed,) = s3_client.list_objects_v2(Bucket=bucket_of(blobs))["Contents"]
    assert listed["Key"] == f"{SHA256[:2]}/{SHA256}"


def test_more_blobs_than_one_answer_lists_are_all_listed(
    s3_client: Any, objects: ObjectBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    names = {objects.put(bytes([number])) for number in range(5)}
    assert len(s3_client.list_objects_v2(Bucket=bucket_of(objects))["Contents"]) == 2
    assert set(objects.names()) == names


def test_bytes_that_were_damaged_are_not_read(s3_client: Any, objects: ObjectBlobStore) -> None:
    s3_client.put_object(Bucket=bucket_of(objects), Key=f"gongkai/blobs/{SHA256[:2]}/{SHA256}", Body=PAGE[:-1])
    with pytest.raises(BlobDamagedError, match=f"{SHA256} is damaged"):
        objects.read(SHA256)


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    objects: ObjectBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.urandom(2_000_000)
    sha256 = objects.put(data)
    fetch, starts = objects.fetch, []

    class Breaking:
        def __init__(self, body: Any) -> None:
            self._body, self._left = body, 600_000

        def read(self, size: int) -> bytes:
            if not self._left:
                raise ConnectionResetError
            data: bytes = self._body.read(min(size, self._left))
            self._left -= len(data)
            return data

        def close(self) -> None:
            self._body.close()

    def breaking(name: str, start: int) -> Breaking:
        starts.append(start)
        return Breaking(fetch(name, start))

    monkeypatch.setattr(objects, "fetch", breaking)
    assert objects.read(sha256) == data
    assert starts == [0, 600_000, 1_200_000, 1_800_000]


def test_a_storage_that_breaks_off_again_is_named(objects: ObjectBlobStore) -> None:
    objects.put(PAGE)
    with objects.open(SHA256) as file:
        objects.delete(SHA256)
        with pytest.raises(BlobError, match=SHA256):
            file.read()


def _no_bucket(_: pytest.MonkeyPatch) -> str:
    return "s3://no-such-bucket/blobs"


def _nobody_there(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    return "s3://district/blobs"


def _no_key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    return "s3://district/blobs"


def _endpoint_without_scheme(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "minio.example.cn")
    return "s3://district/blobs"


def _no_driver(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(sys.modules, "boto3", None)
    return "s3://district/blobs"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_no_bucket, "the bucket 'no-such-bucket' of s3://no-such-bucket/blobs does not exist"),
        (_nobody_there, "s3://district/blobs cannot be used: Could not connect"),
        (_no_key, "s3://district/blobs cannot be used: (Unable to locate|Partial) credentials"),
        (_endpoint_without_scheme, "cannot use s3://district/blobs: Invalid endpoint: minio.example.cn"),
        (_no_driver, r"blobs on S3 need boto3: pip install 'gongkai\[s3\]'"),
    ],
)
@pytest.mark.usefixtures("s3_url")
def test_a_bucket_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[pytest.MonkeyPatch], str], said: str
) -> None:
    monkeypatch.setattr("corpus.object_blobs._TRIES", 1)
    with pytest.raises(BlobError, match=said) as refused:
        open_blobs(make(monkeypatch))
    assert "\n" not in str(refused.value)


def test_a_bucket_that_is_deleted_meanwhile_is_named(s3_client: Any, objects: ObjectBlobStore) -> None:
    s3_client.delete_bucket(Bucket=bucket_of(objects))
    with pytest.raises(BlobWriteError, match=f"the bucket '{bucket_of(objects)}' of .* does not exist"):
        objects.put(PAGE)
    with pytest.raises(BlobError, match="does not exist"):
        list(objects.names())
