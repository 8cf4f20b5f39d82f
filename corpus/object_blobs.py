"""How are the original bytes kept on S3-compatible object storage?

Endpoint, key and region are boto3's own business: ``AWS_ENDPOINT_URL_S3``, ``AWS_ACCESS_KEY_ID``,
``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, or the files and roles that it knows (docs/cluster.md).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from corpus.blobs import checked_pieces, is_sha256
from corpus.errors import BlobError, BlobMissingError, BlobWriteError

# Seconds that the storage may take to accept a connection, and to go on with an answer.
_CONNECT_TIMEOUT_S = 5
_READ_TIMEOUT_S = 60
# Tries of one request, with pauses that double and jitter (boto3's "standard" mode).
_TRIES = 5
# Connections kept open; as many as threads that serve pages or copy blobs at once.
_CONNECTIONS = 32
# How much of an object is read ahead, in bytes.
_BUFFER_BYTES = 256 * 1024

_MISSING = {"404", "NoSuchKey", "NotFound"}
_FORBIDDEN = {"403", "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch"}


class ObjectBlobStore:
    """Objects ``<prefix>/ab/abcdef…``, laid out like the folder of `blobs.BlobStore`, so any tool can copy them.

    S3 shows an object when it is whole, and not before.
    """

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    @classmethod
    def at(cls, url: str) -> ObjectBlobStore:
        """Reach a bucket: ``s3://bucket/prefix``.

        Raises BlobError: boto3 is not installed, the bucket is not there, the key may not use it, nobody answers.
        """
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise BlobError(f"blobs on S3 need boto3: pip install 'gongkai[s3]' ({error})") from error
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.hostname or parts.netloc != parts.hostname or parts.query:
            raise BlobError("blobs_url is s3://bucket/prefix; keys and endpoint are set in AWS_… variables")
        config = Config(
            connect_timeout=_CONNECT_TIMEOUT_S,
            read_timeout=_READ_TIMEOUT_S,
            retries={"mode": "standard", "total_max_attempts": _TRIES},
            max_pool_connections=_CONNECTIONS,
            # Storages other than Amazon's refuse boto3's newer checksums; the SHA-256 of a blob is its name anyway.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        try:
            client = boto3.Session().client("s3", config=config)  # the default one remembers the first key it saw
        except (BotoCoreError, ValueError) as error:  # ValueError: an endpoint that is no URL
            raise BlobError(f"cannot use {url}: {error}") from error
        blobs = cls(client, parts.netloc, parts.path.strip("/"))
        with blobs._asking(BlobError):
            client.head_bucket(Bucket=blobs._bucket)
        return blobs

    @property
    def url(self) -> str:
        """``s3://bucket/prefix``."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def put(self, data: bytes) -> str:
        """Keep the bytes; gives their SHA-256 in hexadecimal. Raises BlobWriteError."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self._has(sha256):
            with self._asking(BlobWriteError):
                self._client.put_object(Bucket=self._bucket, Key=self._key(sha256), Body=data)
        return sha256

    def add(self, sha256: str, file: BinaryIO) -> None:
        """Keep a file that is said to have this SHA-256. Raises BlobDamagedError if it has not, BlobWriteError.

        A large one goes up in parts; should this process die half-way, a lifecycle rule of the bucket removes them.
        """
        from boto3.s3.transfer import TransferConfig

        if not self._has(sha256):
            with self._asking(BlobWriteError):
                self._client.upload_fileobj(
                    _Pieces(checked_pieces(sha256, file)),
                    self._bucket,
                    self._key(sha256),
                    Config=TransferConfig(use_threads=False),
                )

    def open(self, sha256: str) -> BinaryIO:
        """A blob's bytes as a file that can seek, fetched as they are read. Raises BlobMissingError."""
        return io.BufferedReader(_Object(self, sha256, self.size(sha256)), _BUFFER_BYTES)

    def read(self, sha256: str) -> bytes:
        """A blob's bytes, whole, verified. Raises BlobMissingError, BlobDamagedError."""
        with self.open(sha256) as file:
            return b"".join(checked_pieces(sha256, file))

    def size(self, sha256: str) -> int:
        """A blob's length in bytes. Raises BlobMissingError, also for anything that is no SHA-256."""
        if not is_sha256(sha256):
            raise BlobMissingError(sha256)
        with self._asking(BlobError, sha256):
            size: int = self._client.head_object(Bucket=self._bucket, Key=self._key(sha256))["ContentLength"]
        return size

    def names(self) -> Iterator[str]:
        """The SHA-256 of every blob, in no particular order."""
        for name, _ in self._kept():
            yield name

    def delete(self, sha256: str) -> None:
        """Forget a blob; one that is not there is no error, so a purge can be repeated.

        In a bucket that keeps old versions of objects, a lifecycle rule must forget those.
        """
        if is_sha256(sha256):
            with self._asking(BlobWriteError):
                self._client.delete_object(Bucket=self._bucket, Key=self._key(sha256))

    def sweep(self, needed: Collection[str], older_than_s: float = 3_600) -> int:
        """Remove blobs under the prefix that are not ``needed`` and older than so many seconds; gives how many."""
        deadline = datetime.now(UTC) - timedelta(seconds=older_than_s)
        removed = 0
        for name, put_at in self._kept():
            if name not in needed and put_at < deadline:
                self.delete(name)
                removed += 1
        return removed

    def fetch(self, sha256: str, start: int) -> Any:
        """The stream of a blob's bytes from ``start`` on."""
        with self._asking(BlobError, sha256):
            return self._client.get_object(
                Bucket=self._bucket, Key=self._key(sha256), **({"Range": f"bytes={start}-"} if start else {})
            )["Body"]

    def _has(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except BlobMissingError:
            return False
        return True

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}/{sha256[:2]}/{sha256}".lstrip("/")

    def _kept(self) -> Iterator[tuple[str, datetime]]:
        """Each blob's SHA-256 and when it was put; what lies deeper under the prefix is another installation's."""
        for item in self._objects():
            name = item["Key"].rpartition("/")[2]
            if is_sha256(name) and item["Key"] == self._key(name):
                yield name, item["LastModified"]

    def _objects(self) -> Iterator[dict[str, Any]]:
        pages = iter(
            self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}/".lstrip("/")
            )
        )
        while True:
            with self._asking(BlobError):
                page = next(pages, None)
            if page is None:
                return
            yield from page.get("Contents", [])

    @contextmanager
    def _asking(self, kind: type[BlobError], sha256: str = "") -> Iterator[None]:
        """What boto3 raises becomes an error of ours, one sentence that names the bucket and the remedy."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            answer = error.response.get("Error", {})
            code, message = str(answer.get("Code", "")), str(answer.get("Message", ""))
            if sha256 and code in _MISSING:
                raise BlobMissingError(sha256) from error
            if code in _MISSING or code == "NoSuchBucket":
                raise kind(f"the bucket {self._bucket!r} of {self.url} does not exist") from error
            if code in _FORBIDDEN:
                raise kind(
                    f"{self.url} refuses the key ({code}: {message}): it must be allowed to list the bucket, and to "
                    "get, put and delete objects"
                ) from error
            raise kind(f"{self.url} refuses: {code}: {message}") from error
        except (BotoCoreError, Boto3Error) as error:
            raise kind(f"{self.url} cannot be used: {error}") from error


class _Object(io.RawIOBase):
    """A blob as a file. A seek costs nothing; what is read after it comes by a new request from there on."""

    def __init__(self, blobs: ObjectBlobStore, sha256: str, size: int) -> None:
        self._blobs, self._sha256, self._size = blobs, sha256, size
        self._position = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError(f"cannot seek to {start + offset}")
        if start + offset != self._position:
            self._let_go()
            self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._size:
            return 0
        wanted = min(len(buffer), self._size - self._position)
        piece = self._read(wanted) or self._read(wanted)  # a storage, or what is before it, cuts long transfers off
        if not piece:
            raise BlobError(f"{self._blobs.url} broke off the blob {self._sha256} at byte {self._position}")
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _read(self, size: int) -> bytes:
        """At most so many bytes from here on; none if the connection breaks."""
        from botocore.exceptions import BotoCoreError

        try:
            if self._body is None:
                self._body = self._blobs.fetch(self._sha256, self._position)
            piece: bytes = self._body.read(size)
        except (BotoCoreError, OSError):
            piece = b""
        if not piece:
            self._let_go()
        return piece

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file that can only be read on; `read` gives less than it is asked for at the end only."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._left], len(self._left)
        while size < 0 or length < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            parts.append(piece)
            length += len(piece)
        data = b"".join(parts)
        if size < 0:
            size = len(data)
        self._left = data[size:]
        return data[:size]
