"""Archives: every file in them is read, under a name that leads nowhere; what harms is refused soon."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping

import py7zr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from py7zr.exceptions import DecompressionBombError

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, archive
from corpus.parsers.archive import files as archive_files
from corpus.parsers.archive.names import clean_name, decode_names
from corpus.parsers.dispatch import parse
from tests.corpus.parsers.files import make_docx
from tests.corpus.parsers.workbooks import pack

NOTICE = "关于低保公示的通知\n各镇人民政府：请公示。".encode()


def seven(files: Mapping[str, bytes], password: str | None = None, *, plain_header: bool = False) -> bytes:
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", password=password) as written:
        written.set_encoded_header_mode(not plain_header)
        for name, content in files.items():
            written.writestr(content, name)
    return stream.getvalue()


def named_in(charset: str, *names: str) -> bytes:
    """A zip whose names are in this encoding and not flagged as UTF-8."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        for name in names:
            entry = zipfile.ZipInfo("x")
            entry.filename = name.encode(charset).decode("cp437")
            written.writestr(entry, NOTICE)
    data = stream.getvalue()
    for name in names:  # the library writes what is no ASCII as UTF-8, and flags it
        raw = name.encode(charset)
        data = data.replace(raw.decode("cp437").encode(), raw.ljust(len(raw.decode("cp437").encode()), b" "))
    return _unflagged(data)


def _unflagged(data: bytes) -> bytes:
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset + 1] &= ~0x08
            at = changed.find(signature, at + 4)
    return bytes(changed)


def read(data: bytes, name: str = "附件.zip") -> Parsed:
    return parse(Source(data=data, name=name))


@pytest.mark.parametrize("make", [pack, seven])
def test_every_file_is_read_by_its_own_parser(make: Callable[[Mapping[str, bytes]], bytes]) -> None:
    parsed = read(
        make({"通知.docx": make_docx(), "说明/公示.txt": NOTICE, "图.rar": b"Rar!\x1a\x07\x00 ..."}), "低保公示.zip"
    )
    assert (parsed.title, parsed.tables) == ("低保公示", ())
    assert parsed.parser.startswith("archive/1")
    assert [member.name for member in parsed.members] == ["通知.docx", "说明/公示.txt", "图.rar"]
    word, text, rar = parsed.members
    assert word.parsed is not None
    assert word.parsed.parser.startswith("word/3")
    assert word.parsed.title == "关于印发村务公开办法的通知"
    assert text.data == NOTICE
    assert (rar.parsed, rar.problem) == (None, "rar archives are not supported")
    assert parsed.problems == ("图.rar: rar archives are not supported",)
    assert parsed.body.startswith("通知.docx\n说明/公示.txt\n图.rar\n清河区民政局文件\n")
    assert parsed.body.endswith("各镇人民政府：请公示。")


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_names_that_are_not_flagged_are_read(charset: str) -> None:
    parsed = read(named_in(charset, "关于低保的通知.txt", "說明.txt"))
    assert [member.name.strip() for member in parsed.members] == ["关于低保的通知.txt", "說明.txt"]


def test_a_name_that_is_valid_in_both_encodings_is_chinese() -> None:
    assert decode_names(["一.txt".encode("gbk")]) == ["一.txt"]
    assert decode_names(["一.txt".encode()]) == ["一.txt"]
    assert decode_names([b"plain.txt", "通知.txt".encode("gbk")]) == ["plain.txt", "通知.txt"]


CLEANED = {
    "../../etc/passwd": "etc/passwd",
    "/root/通知.txt": "root/通知.txt",
    "C:\\文件\\..\\通知.txt": "文件/通知.txt",
    "a//b/./c.txt": "a/b/c.txt",
    "a\x00b\u202etxt.exe": "abtxt.exe",
    "__MACOSX/._通知.txt": "",
    "材料/.DS_Store": "",
    "~$通知.docx": "",
    "..": "",
}


@pytest.mark.parametrize("name", CLEANED)
def test_a_name_leads_nowhere(name: str) -> None:
    assert clean_name(name) == CLEANED[name]


@given(name=st.text(st.sampled_from("./\\:C~$ \x00\u202e通知"), max_size=30))
def test_cleaning_a_name_twice_is_cleaning_it_once(name: str) -> None:
    clean = clean_name(name)
    assert clean_name(clean) == clean
    assert ".." not in clean.split("/")
    assert not clean.startswith("/")


def renamed_7z(data: bytes, name: str, other: str) -> bytes:
    """The 7z with another name of the same length in its header, and the sums that this changes."""
    changed = bytearray(data.replace(name.encode("utf-16-le"), other.encode("utf-16-le")))
    start, size = struct.unpack("<QQ", changed[12:28])
    changed[28:32] = struct.pack("<I", zlib.crc32(changed[32 + start : 32 + start + size]))
    changed[8:12] = struct.pack("<I", zlib.crc32(changed[12:32]))
    return bytes(changed)


def test_names_that_lead_out_are_read_under_a_safe_one() -> None:
    inside = {"aa/bb/通知.txt": NOTICE, "说明.txt": NOTICE}
    as_zip = pack(inside).replace(b"aa/bb", b"../..")
    as_7z = renamed_7z(seven(inside, plain_header=True), "aa/bb", "../..")
    for data in (as_zip, as_7z):
        parsed = read(data)
        assert [member.name for member in parsed.members] == ["通知.txt", "说明.txt"]
        assert [member.data for member in parsed.members] == [NOTICE, NOTICE]


def test_links_folders_and_repeated_names() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        written.writestr(link, "/etc/passwd")
        written.mkdir("材料")
        with pytest.warns(UserWarning, match="Duplicate name"):
            for _ in range(3):
                written.writestr("材料/a.txt", NOTICE)
        written.writestr("__MACOSX/a.txt", b"x")
    names = [member.name for member in read(stream.getvalue()).members]
    assert names == ["材料/a.txt", "材料/a (2).txt", "材料/a (3).txt"]


def nested(depth: int) -> bytes:
    data = pack({"底.txt": NOTICE})
    for level in range(depth - 1):
        data = pack({f"第{level}层.zip": data}) if level % 2 else seven({f"第{level}层.zip": data})
    return data


def test_archives_in_archives_are_read_to_a_depth_of_three() -> None:
    parsed = read(nested(3))
    (first,) = parsed.members
    assert first.parsed is not None
    (second,) = first.parsed.members
    assert second.parsed is not None
    assert second.parsed.members[0].data == NOTICE
    assert parsed.body.endswith("各镇人民政府：请公示。")
    (first,) = read(nested(4)).members
    assert first.parsed is not None
    assert first.parsed.members[0].parsed is not None
    assert "to a depth of 3 only" in first.parsed.members[0].parsed.members[0].problem


def locked(*names: str) -> bytes:
    data = bytearray(pack(dict.fromkeys(names, NOTICE), method=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def test_a_locked_file_is_a_member_with_a_problem() -> None:
    parsed = read(locked("保密.txt", "公开.txt"))
    assert [(member.name, member.problem) for member in parsed.members] == [
        ("保密.txt", "it is locked with a password"),
        ("公开.txt", ""),
    ]
    assert parsed.problems == ("保密.txt: it is locked with a password",)


def test_a_damaged_file_leaves_the_others_readable() -> None:
    data = bytearray(pack({"坏.txt": NOTICE, "好.txt": NOTICE}, method=zipfile.ZIP_STORED))
    data[data.index(NOTICE) + 3] ^= 0xFF
    assert [member.problem for member in read(bytes(data)).members] == ["it is damaged", ""]


def test_what_is_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    monkeypatch.setattr(archive._Budget, "__init__", _small_budget)
    for make in (pack, seven):
        parsed = read(make({"大.txt": b"x" * 5000, **{f"{n}.txt": NOTICE for n in range(4)}}))
        assert [member.problem[:42] for member in parsed.members] == [
            "the files of the archive unpack to more th",
            "",
            "",
        ]
        assert parsed.problems[0] == "only 3 of its 5 files are read"


def _small_budget(self: archive._Budget) -> None:
    self.files, self.room = 3, 3000


def test_bombs_are_members_with_a_problem_and_cost_nothing() -> None:
    zeros = b"\x00" * (70 << 20)
    parsed = read(pack({"炸弹.txt": zeros, "通知.txt": NOTICE}))
    assert [member.problem for member in parsed.members] == ["it is packed too tightly to be a document", ""]
    parsed = read(seven({"炸弹.txt": zeros + zeros, "通知.txt": NOTICE}))
    assert [member.problem for member in parsed.members] == ["the files of the archive unpack to more than 80 MB", ""]


def test_a_7z_that_unpacks_to_more_than_it_says_is_stopped() -> None:
    taking = archive_files._File(4)
    taking.write(b"1234")
    with pytest.raises(DecompressionBombError):
        taking.write(b"5")
    assert taking.read() == b"1234"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: pack({}), "the archive holds no files"),
    "empty 7z": (lambda: seven({}), "the archive holds no files"),
    "only noise": (lambda: pack({"__MACOSX/a": b"x"}), "the archive holds no files"),
    "locked": (lambda: locked("a.txt"), "the archive is locked with a password"),
    "locked 7z": (lambda: seven({"a.txt": NOTICE}, password="secret"), "the archive is locked with a password"),
    "truncated": (lambda: pack({"a.txt": NOTICE})[:-30], "damaged or incomplete"),
    "truncated 7z": (lambda: seven({"a.txt": NOTICE * 100})[:-30], "damaged or incomplete"),
    "no 7z": (lambda: b"7z\xbc\xaf\x27\x1c" + b"x" * 200, "damaged or incomplete"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_says_why(case: str) -> None:
    make, reason = REFUSED[case]
    with pytest.raises(UnreadableError, match=reason):
        read(make())


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.sampled_from(
        [pack({"a.txt": NOTICE, "b.docx": make_docx()}), seven({"a.txt": NOTICE, "b.txt": NOTICE * 9})]
    ),
    cut=st.floats(0.5, 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=6),
)
def test_damaged_archives_are_read_or_refused(data: bytes, cut: float, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(data)
    for place, mask in flips:
        damaged[min(int(place * len(damaged)), len(damaged) - 1)] ^= mask
    started = time.process_time()
    try:
        parsed = read(bytes(damaged[: int(cut * len(damaged))]))
    except UnreadableError as refused:
        assert refused.reason
    else:
        assert all((member.parsed is None) == bool(member.problem) for member in parsed.members)
    assert time.process_time() - started < 10
