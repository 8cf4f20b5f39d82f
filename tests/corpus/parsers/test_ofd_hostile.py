"""OFD files that are damaged, made to be slow or made to break out: an answer, and a quick one."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator, Mapping

import pytest

from corpus.errors import UnreadableError
from corpus.parsers import Source, ofd
from corpus.parsers.ofd import parse_ofd
from corpus.parsers.ofd.parts import Parts
from tests.corpus.parsers.ofd_files import Content, layer, pack, part, parts_of, path, read, read_page, words

GOOD = layer(words("村务公开", 30, 30))
MAX_S = 20  # with the making of the file, on a busy machine


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < MAX_S


def _renamed(parts: Mapping[str, Content], **new: str) -> dict[str, Content]:
    return {new.get(name.rsplit("/")[-1].removesuffix(".xml"), name): content for name, content in parts.items()}


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"readme.txt": "空"}, "the OFD file is damaged or incomplete"),
        (parts_of(GOOD) | {"OFD.xml": b"\x00\x01"}, "the OFD file cannot be read: OFD.xml is no XML"),
        (parts_of(GOOD) | {"OFD.xml": part("OFD", "")}, "the OFD file cannot be read: it names no document"),
        (_renamed(parts_of(GOOD), Document="Doc_1/D.xml"), "the OFD file cannot be read: its document is missing"),
        (parts_of(GOOD) | {"Doc_0/Document.xml": "没有"}, "the OFD file cannot be read: its document is no XML"),
        (parts_of(GOOD) | {"Doc_0/Document.xml": "密", "Encryptions.xml": "<a/>"}, "the OFD file is encrypted"),
    ],
)
def test_what_is_no_document_is_refused(parts: Mapping[str, Content], reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(parts)
    assert refused.value.reason == reason


def test_a_password_and_a_cut_file_are_refused() -> None:
    data = bytearray(pack(parts_of(GOOD)))
    for place in range(len(data) - 4):
        if data[place : place + 4] == b"PK\x01\x02":
            data[place + 8] |= 1  # the flag of the directory that says: encrypted
    with pytest.raises(UnreadableError, match="the OFD file is encrypted"):
        parse_ofd(Source(data=bytes(data)))
    with pytest.raises(UnreadableError, match="the OFD file is damaged or incomplete"):
        parse_ofd(Source(data=pack(parts_of(GOOD))[:-60]))


def test_a_zip_bomb_is_refused() -> None:
    bomb = parts_of(GOOD) | {f"Doc_0/Res/{n}.png": b"\x00" * (64 << 20) for n in range(5)}
    with pytest.raises(UnreadableError, match="unpacks to more than 256 MB"):
        read(bomb)


def test_a_page_too_large_to_parse_is_named() -> None:
    huge = random.Random(1).randbytes(25 << 20).hex()
    parsed = read(parts_of(GOOD, GOOD) | {"Doc_0/Pages/Page_1/Content.xml": huge})
    assert (parsed.body, parsed.problems) == ("村务公开", ("page 2 is too large",))


def test_pages_that_all_are_one_large_part_are_read_so_often_only() -> None:
    filling = f"<!--{random.Random(1).randbytes(1 << 18).hex()}-->" * 30  # 15 MB
    content = part("Page", GOOD) + filling
    pages_listed = '<ofd:Page ID="1" BaseLoc="C.xml"/>' * 400
    document = part("Document", f"<ofd:Pages>{pages_listed}</ofd:Pages>")
    parsed = read(parts_of() | {"Doc_0/Document.xml": document, "Doc_0/C.xml": content})
    assert parsed.body.count("村务公开") == 17  # 256 MB
    assert parsed.problems[0] == "page 18 is too large"
    assert len(parsed.problems) <= 51


@pytest.mark.parametrize("place", ['<Page ID="&e11;"/>', "<Page>&e11;</Page>", "<Page>&f;</Page>", "<Page>&e0;</Page>"])
def test_entities_are_neither_expanded_nor_fetched(place: str) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    page = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY e0 "村务">{levels}]>{place}'
    parsed = read(parts_of(GOOD) | {"Doc_0/Pages/Page_0/Content.xml": page})
    assert (parsed.body, parsed.problems) == ("", ("page 1 is no XML",))


@pytest.mark.parametrize(
    "location", ["../../../etc/passwd", "/../../etc/passwd", "file:///etc/passwd", "..\\..\\x", ""]
)
def test_nothing_outside_the_package_is_read(location: str) -> None:
    parts = parts_of(GOOD, GOOD)
    document = str(parts["Doc_0/Document.xml"]).replace("Pages/Page_0/Content.xml", location)
    parsed = read(parts | {"Doc_0/Document.xml": document})
    assert (parsed.body, parsed.problems) == ("村务公开", ("page 1 is missing",))


def test_a_damaged_page_leaves_the_others() -> None:
    data = bytearray(pack(parts_of(GOOD, layer(words("随机的一页" * 30, 30, 30)), GOOD)))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entry = package.getinfo("Doc_0/Pages/Page_1/Content.xml")
    data[entry.header_offset + 100] ^= 0xFF
    parsed = parse_ofd(Source(data=bytes(data)))
    assert (parsed.body.count("村务公开"), parsed.problems) == (2, ("page 2 is damaged",))


@pytest.mark.parametrize("kind", ["Template", "Annotations", "Attachments", "DocumentRes", "Signatures"])
def test_other_missing_parts_are_named(kind: str) -> None:
    page = layer(words("村务公开", 30, 30), after='<ofd:Template TemplateID="7"/>' if kind == "Template" else "")
    element = f"<ofd:{kind}>none.xml</ofd:{kind}>"
    common = {"DocumentRes": element, "Template": '<ofd:TemplatePage ID="7" BaseLoc="none.xml"/>'}.get(kind, "")
    parsed = read(
        parts_of(
            page,
            common=common,
            body=element if kind == "Signatures" else "",
            document=element if kind in {"Annotations", "Attachments"} else "",
        )
    )
    assert parsed.body == "村务公开"
    (problem,) = parsed.problems
    assert problem.endswith("is missing")


def test_templates_and_composites_that_name_themselves_end() -> None:
    loop = layer(words("模板", 30, 60), before='<ofd:Template TemplateID="7"/>')
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>'
        f'{words("图章", 30, 30)}<ofd:CompositeObject ID="9" Boundary="0 0 9 9" ResourceID="{1 - n}"/>'
        "</ofd:Content></ofd:CompositeGraphicUnit>"
        for n in (0, 1)
    )
    resources = part("Res", f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>")
    used = '<ofd:CompositeObject ID="8" Boundary="0 60 9 9" ResourceID="0"/>'
    parsed = read(
        parts_of(
            layer(used, before='<ofd:Template TemplateID="7"/>'),
            common='<ofd:TemplatePage ID="7" BaseLoc="T.xml"/><ofd:DocumentRes>R.xml</ofd:DocumentRes>',
            files={"Doc_0/T.xml": part("Page", loop), "Doc_0/R.xml": resources},
        )
    )
    assert parsed.body.split("\n") == ["模板", "图章"]
    assert parsed.problems == ()


def test_composites_that_multiply_end_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, "MAX_OBJECTS", 200_000)
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>'
        + f'<ofd:CompositeObject ID="9" Boundary="0 0 9 9" ResourceID="{n + 1}"/>' * 10
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for n in range(14)
    )
    used = '<ofd:CompositeObject ID="8" Boundary="0 0 9 9" ResourceID="0"/>'
    parsed = read(
        parts_of(
            GOOD,
            layer(used),
            common="<ofd:DocumentRes>R.xml</ofd:DocumentRes>",
            files={"Doc_0/R.xml": part("Res", f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>")},
        )
    )
    assert parsed.body == "村务公开"
    assert parsed.problems == ("it holds more than 200,000 objects; the rest was not read",)


def test_no_more_than_3000_pages_are_read() -> None:
    listed = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' * 20_000
    parts = parts_of(GOOD)
    document = part("Document", f"<ofd:Pages>{listed}</ofd:Pages>")
    parsed = read(parts | {"Doc_0/Document.xml": document})
    assert parsed.extra["pages"] == 3000
    assert parsed.problems == ("only the first 3,000 pages were read",)


def test_thousands_of_missing_pages_are_not_named_one_by_one() -> None:
    listed = "".join(f'<ofd:Page ID="1" BaseLoc="none_{n}.xml"/>' for n in range(2000))
    parts = parts_of(GOOD)
    parsed = read(parts | {"Doc_0/Document.xml": part("Document", f"<ofd:Pages>{listed}</ofd:Pages>")})
    assert len(parsed.problems) == 51
    assert parsed.problems[-1] == "1,950 more problems"


def test_deeply_nested_blocks_are_no_recursion() -> None:
    parsed = read_page("<ofd:PageBlock>" * 200 + words("村务公开", 30, 30) + "</ofd:PageBlock>" * 200)
    assert parsed.body == "村务公开"
    parsed = read(parts_of(GOOD, layer("<ofd:PageBlock>" * 5000 + "</ofd:PageBlock>" * 5000)))
    assert parsed.problems == ("page 2 is no XML",)


@pytest.mark.parametrize(
    "shown",
    [
        words("字" * 100_000, 30, 30, code='X="0" Y="5"'),
        words("字", 30, 30) * 8000,
        "".join(words("字", 30 + n % 7 / 10, 30) for n in range(8000)),
        "".join(words("行文", n % 190, 10 + n / 60) for n in range(8000)),
        path("M 0 0 " + "L 9 9 " * 300_000),
        path(
            "".join(f"M 20 {20 + n / 4} L 190 {20 + n / 4} M {20 + n / 6} 20 L {20 + n / 6} 270 " for n in range(999))
        ),
        path("M 0 0 L 1e400 nan L inf 5 B 1 X 2 Q 9") + words("字", 30, 30, attributes='CTM="1e99 0 0 1e99 nan 0"'),
        words("字 " * 3000, 30, 30) + words("字", 30, 30, size=1e-9) + words("字", 30, 30, size=99999),
    ],
    ids=["one code", "one place", "near places", "all over", "long path", "dense grid", "mad numbers", "mad sizes"],
)
def test_a_page_made_to_be_slow_is_not(shown: str) -> None:
    assert read_page(shown, words("村务公开", 30, 250)).extra["pages"] == 1


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\x30",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x80" * 9,
        b"\x30\x05" * 5000,
        b"\x30\x82\x27\x10" + b"\x30\x00" * 5000,
    ],
)
def test_a_signature_that_is_no_der_is_counted(value: bytes) -> None:
    signature = part(
        "Signature",
        "<ofd:SignedInfo><ofd:SignatureDateTime>20200720101500Z</ofd:SignatureDateTime>"
        "<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo><ofd:SignedValue>V.dat</ofd:SignedValue>",
    )
    listed = part("Signatures", '<ofd:Signature ID="1" BaseLoc="S/S.xml"/><ofd:Signature ID="2" BaseLoc="none.xml"/>')
    parsed = read(
        parts_of(
            GOOD,
            body="<ofd:Signatures>/Doc_0/Signatures.xml</ofd:Signatures>",
            files={
                "Doc_0/Signatures.xml": listed,
                "Doc_0/S/S.xml": signature,
                "Doc_0/S/Seal.esl": value,
                "Doc_0/S/V.dat": value,
            },
        )
    )
    assert parsed.extra["signatures"] == [{"signed_on": "2020-07-20"}, {}]


def test_a_part_is_found_by_names_inside_only() -> None:
    with zipfile.ZipFile(io.BytesIO(pack({"../../x.xml": "<a/>", "a/b.xml": "<b/>"}))) as package:
        parts = Parts(package)
        assert parts.find("/x.xml") == "x.xml"  # an entry that tries to lead out is a part of the root
        assert parts.find("../../../../a/b.xml", "a/c") == "a/b.xml"
        assert parts.find("b.xml", "c", "a") == "a/b.xml"
        assert parts.find("none.xml", "a") is None
