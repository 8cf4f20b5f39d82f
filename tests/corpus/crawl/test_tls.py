"""A certificate that nobody vouches for is refused, unless the site file or the platform says otherwise."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from corpus.blobs import BlobStore
from corpus.crawl import CrawlSummary, crawl
from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import SETTINGS, reasons, site_at
from tests.corpus.crawl.server import TinyServer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[TinyServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with TinyServer(context) as running:
        running.links("/", "/a.html")
        running.article("/a.html", "甲")
        yield running


def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: TinyServer,
    certificate: Path,
    store: DocumentStore,
    blobs: BlobStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(**site: object) -> CrawlSummary:
        return crawl(site_at(server, **site), store, blobs, data_dir=tmp_path, settings=SETTINGS)

    refused = run()
    assert not server.requests
    assert (refused.outcome, refused.exit_code, store.counts()["live"]) == ("failed", 1, 0)
    assert reasons(refused, server)["/"] == (
        "robots.txt cannot be read: the server's TLS certificate is not valid; "
        "verify_tls = false in the site file would accept it"
    )

    accepted = run(verify_tls=False)
    assert (accepted.outcome, accepted.created) == ("finished", 1)

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted = run()
    assert (trusted.outcome, trusted.failed) == ("finished", ())
