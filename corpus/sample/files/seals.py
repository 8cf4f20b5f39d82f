"""What do an electronic seal and a signature made with it look like (GB/T 38540-2020)?

The structures are there, and prove nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

_SEQUENCE, _SET, _INTEGER, _BITS, _OCTETS, _OID, _UTF8, _IA5, _TIME = 0x30, 0x31, 2, 3, 4, 6, 0x0C, 0x16, 0x18
_SM2_WITH_SM3 = bytes.fromhex("2a811ccf55018375")  # 1.2.156.10197.1.501
_ORGANISATION = bytes.fromhex("55040a")  # 2.5.4.10
_YEARS_VALID = 5


def seal(name: str, made_at: datetime) -> bytes:
    """SES_Seal (6.1): its header, number, properties and picture, here an empty one; without the maker's signature."""
    properties = _der(
        _SEQUENCE,
        _der(_INTEGER, b"\x01"),  # 单位印章
        _der(_UTF8, name.encode()),
        _der(_INTEGER, b"\x01"),  # the list of signers names certificates
        _der(_SEQUENCE, _der(_OCTETS, _certificate(name, made_at))),
        *(_time(moment) for moment in (made_at, made_at, made_at + timedelta(days=365 * _YEARS_VALID))),
    )
    picture = _der(_SEQUENCE, _der(_IA5, b"ofd"), _der(_OCTETS, b""), _der(_INTEGER, b"\x28"), _der(_INTEGER, b"\x28"))
    return _der(_SEQUENCE, _der(_SEQUENCE, _header(), _der(_IA5, b"99010200000001"), properties, picture))


def signature(sealed: bytes, organisation: str, signed_at: datetime) -> bytes:
    """SES_Signature (7.1): what was signed, the signer's certificate, the algorithm, and 64 bytes of nothing."""
    to_sign = _der(_SEQUENCE, _der(_INTEGER, b"\x04"), sealed, _time(signed_at), _der(_BITS, b"\x00" * 33))
    certificate = _der(_OCTETS, _certificate(organisation, signed_at))
    return _der(_SEQUENCE, to_sign, certificate, _der(_OID, _SM2_WITH_SM3), _der(_BITS, b"\x00" * 65))


def _header() -> bytes:
    return _der(_SEQUENCE, _der(_IA5, b"ES"), _der(_INTEGER, b"\x04"), _der(_IA5, b"example"))


def _certificate(organisation: str, made_at: datetime) -> bytes:
    """The part of a certificate that names its subject (RFC 5280, 4.1), which is its own issuer."""
    pair = _der(_SEQUENCE, _der(_OID, _ORGANISATION), _der(_UTF8, organisation.encode()))
    subject = _der(_SEQUENCE, _der(_SET, pair))
    validity = _der(_SEQUENCE, _time(made_at), _time(made_at + timedelta(days=365 * _YEARS_VALID)))
    algorithm = _der(_SEQUENCE, _der(_OID, _SM2_WITH_SM3))
    return _der(_SEQUENCE, _der(_SEQUENCE, _der(_INTEGER, b"\x01"), algorithm, subject, validity, subject))


def _time(moment: datetime) -> bytes:
    return _der(_TIME, f"{moment:%Y%m%d%H%M%S}Z".encode())


def _der(tag: int, *content: bytes) -> bytes:
    """A value in DER: tag, length, content (X.690, 8.1)."""
    inside = b"".join(content)
    if len(inside) < 0x80:
        length = bytes([len(inside)])
    else:
        size = (len(inside).bit_length() + 7) // 8
        length = bytes([0x80 | size]) + len(inside).to_bytes(size, "big")
    return bytes([tag]) + length + inside
