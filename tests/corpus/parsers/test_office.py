"""Old and rare Office files, read through LibreOffice; those tests are skipped where it is missing, but not in CI."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from corpus.errors import UnreadableError
from corpus.parsers import Cell, Parsed, Source, office, sniff
from corpus.parsers.dispatch import parse, parser_version
from corpus.parsers.isolation import Limits, ParserPool
from tests.corpus.parsers.files import make_docx, make_ole
from tests.corpus.parsers.workbooks import make_xls

SLIDES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:body><office:presentation><draw:page draw:name="p1"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm"
 svg:height="3cm"><draw:text-box><text:p>NOTICE 2020</text:p></draw:text-box></draw:frame></draw:page>
</office:presentation></office:body></office:document>"""


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """The program; the test is skipped, with the reason, where it is not installed."""
    program = office.find_program()
    if program is None:
        reason = "no soffice; apt-get install libreoffice-writer-nogui libreoffice-impress-nogui"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture(scope="session")
def converted(libreoffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The notice of `make_docx` as .doc and .rtf, and a slide as .ppt and .pptx."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "a.docx").write_bytes(make_docx())
    (folder / "b.fodp").write_text(SLIDES, encoding="utf-8")
    for name, kind in (("a.docx", "doc"), ("a.docx", "rtf"), ("b.fodp", "ppt"), ("b.fodp", "pptx")):
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [libreoffice, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), name]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return {path.suffix[1:]: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("made", "name", "media_type"),
    [("doc", "通知.doc", sniff.DOC), ("doc", "通知.wps", sniff.WPS), ("rtf", "通知.doc", sniff.RTF)],
)
def test_an_old_document_reads_as_a_new_one(converted: dict[str, bytes], made: str, name: str, media_type: str) -> None:
    parsed = parse(Source(data=converted[made], name=name))
    new = parse(Source(data=make_docx(), name="通知.docx"))
    assert parsed.body == new.body
    assert (parsed.title, parsed.document_number, parsed.issued_on) == (new.title, new.document_number, new.issued_on)
    assert Cell("公开时限", 0, 0, 1, 3) in parsed.tables[0].cells
    assert parsed.media_type == media_type
    assert parsed.parser == parser_version(media_type)
    assert parsed.parser.startswith("office/1+word/3")


@pytest.mark.parametrize("made", ["ppt", "pptx"])
def test_slides_are_read_as_their_pages(converted: dict[str, bytes], made: str) -> None:
    parsed = parse(Source(data=converted[made], name=f"宣传.{made}"))
    assert "NOTICE 2020" in parsed.body
    assert parsed.parser == parser_version(parsed.media_type) == f"office/1+{parser_version(sniff.PDF)}"


def test_an_et_workbook_is_read_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_program", lambda: None)
    parsed = parse(Source(data=make_xls({(0, 0): ("序号", 0), (0, 1): ("事项", 0)}), name="目录.et"))
    assert (parsed.body, parsed.media_type) == ("序号\t事项", sniff.ET)
    assert parsed.parser == parser_version(sniff.XLS)


@pytest.mark.parametrize("made", ["doc", "rtf", "ppt"])
def test_a_damaged_file_is_refused_and_never_read_as_text(converted: dict[str, bytes], made: str) -> None:
    data = converted[made]
    garbage = {"doc": make_ole("WordDocument"), "rtf": data[: len(data) // 4], "ppt": make_ole("PowerPoint Document")}
    with pytest.raises(UnreadableError, match="LibreOffice cannot read the file"):
        parse(Source(data=garbage[made], name=f"a.{made}"))


WRITER, IMPRESS = "libreoffice-writer-nogui", "libreoffice-impress-nogui"
MISSING = {
    "a.doc": (make_ole("WordDocument"), WRITER),
    "a.wps": (make_ole("WordDocument"), WRITER),
    "a.rtf": (b"{\\rtf1 a}", WRITER),
    "a.ppt": (make_ole("PowerPoint Document"), IMPRESS),
}


@pytest.mark.parametrize("name", MISSING)
def test_without_libreoffice_the_reason_names_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_program", lambda: None)
    data, package = MISSING[name]
    with pytest.raises(UnreadableError) as refused:
        parse(Source(data=data, name=name))
    assert refused.value.reason == f"{name[2:]} files are read by LibreOffice: install the package {package}"


def test_locked_files_are_named_so_without_a_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_program", lambda: "/no/such/program")
    word = bytearray(make_ole("WordDocument").ljust(1024, b"\x00") + b"\xec\xa5".ljust(512, b"\x00"))
    word[1024 + 11] = 0x01  # fEncrypted
    for data, name in ((bytes(word), "a.doc"), (make_ole("PowerPoint Document") + _wide("EncryptedSummary"), "a.ppt")):
        with pytest.raises(UnreadableError, match="the file is locked with a password"):
            parse(Source(data=data, name=name))


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def fake_program(folder: Path, script: str) -> str:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


def read_with(program: str, monkeypatch: pytest.MonkeyPatch) -> Parsed:
    monkeypatch.setattr(office, "find_program", lambda: program)
    return parse(Source(data=b"{\\rtf1 a}", name="a.rtf"))


def test_a_conversion_without_end_is_killed_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "TIME_S", 1.0)
    program = fake_program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(UnreadableError, match="LibreOffice took longer than 1 s"):
        read_with(program, monkeypatch)
    assert ends(tmp_path / "child")


def ends(file: Path) -> bool:
    """Whether the process whose id stands in the file ends within seconds."""
    state = Path(f"/proc/{file.read_text().strip()}/stat")
    for _ in range(50):
        if not state.exists() or state.read_text().split()[2] == "Z":
            return True
        time.sleep(0.1)
    return False


def parse_with(source: Source) -> Parsed:
    """Runs in a worker: the source names the folder of the program, and where to put the worker's own id."""
    os.environ["PATH"] = f"{source.name}:{os.environ['PATH']}"
    Path(source.name, "worker").write_text(str(os.getpid()))
    return parse(Source(data=source.data, name="a.rtf"))


@pytest.mark.parametrize("end", ["timeout", "kill"])
def test_a_worker_that_is_stopped_takes_the_program_with_it(tmp_path: Path, end: str) -> None:
    fake_program(tmp_path, f"echo $$ > {tmp_path}/program; sleep 60 & echo $! > {tmp_path}/child; wait")
    limits = Limits(time_s=2.0, ocr_time_s=2.0) if end == "timeout" else Limits()
    with ParserPool(workers=1, limits=limits, parse=parse_with) as pool:
        source = Source(data=b"{\\rtf1 a}", name=str(tmp_path))
        ((_, read),) = pool.parse_all([(0, source)]) if end == "timeout" else _killed(pool, source, tmp_path)
    assert isinstance(read, UnreadableError)
    assert ("took longer" if end == "timeout" else "died") in read.reason
    assert ends(tmp_path / "program") and ends(tmp_path / "child")


def _killed(pool: ParserPool, source: Source, folder: Path) -> list[tuple[int, Parsed | UnreadableError]]:
    def kill() -> None:
        while not (folder / "child").exists() or not (folder / "child").read_text():
            time.sleep(0.05)
        os.kill(int((folder / "worker").read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    read = list(pool.parse_all([(0, source)]))
    killer.join()
    return read


def test_the_program_gets_a_profile_of_its_own_without_macros_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = 'env > OUT/env; pwd > OUT/folder; cp profile/user/registrymodifications.xcu OUT/; echo "$@" > OUT/args'
    script = script.replace("OUT", str(tmp_path))
    monkeypatch.setenv("HTTP_COOKIE_OF_OURS", "secret")
    with pytest.raises(UnreadableError, match="LibreOffice cannot read the file"):
        read_with(fake_program(tmp_path, script), monkeypatch)
    profile = (tmp_path / "registrymodifications.xcu").read_text()
    assert '<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value>' in profile
    assert '<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value>' in profile
    folder = (tmp_path / "folder").read_text().strip()
    assert f"-env:UserInstallation=file://{folder}/profile --headless" in (tmp_path / "args").read_text()
    assert "HTTP_COOKIE_OF_OURS" not in (tmp_path / "env").read_text()
    assert not Path(folder).exists()
