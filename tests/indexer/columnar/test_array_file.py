from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indexer.columnar.array_file import Array, ArrayFile, ArrayFileWriter
from indexer.errors import IndexDamagedError

_KINDS = st.sampled_from(["u1", "<u2", "<u4", "<u8", "<i8", "<f4", "<f8", "?", ">u4"]).map(np.dtype)
_ARRAYS = _KINDS.flatmap(lambda kind: arrays.arrays(kind, arrays.array_shapes(max_dims=2, min_side=0, max_side=40)))
_NAMES = st.text(min_size=1, max_size=12)

# Where the directory of the file of the fixture begins: after 4,000 bytes, filled up to a multiple of 64, and 3 more.
_DIRECTORY_AT = 4035


def write(path: Path, contents: dict[str, Array]) -> None:
    with ArrayFileWriter(path) as writer:
        for name, array in contents.items():
            writer.add(name, array)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of two arrays."""
    write(tmp_path / "arrays", {"ids": np.arange(1000, dtype=np.uint32), "names": np.frombuffer(b"abc", np.uint8)})
    return tmp_path / "arrays"


@settings(max_examples=40)
@given(st.dictionaries(_NAMES, _ARRAYS, max_size=6))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, contents: dict[str, Array]) -> None:
    path = tmp_path_factory.mktemp("arrays") / "file"
    write(path, contents)
    read = ArrayFile(path)
    read.verify()
    assert list(read) == list(contents)
    for name, array in contents.items():
        assert read[name].dtype == array.dtype.newbyteorder("<")
        assert np.array_equal(read[name], array, equal_nan=array.dtype.kind == "f")
        assert read[name].shape == array.shape
        assert not read[name].flags.writeable


def test_arrays_begin_at_multiples_of_64_bytes(path: Path) -> None:
    start = ArrayFile(path)["ids"].ctypes.data
    assert (ArrayFile(path)["names"].ctypes.data - start) % 64 == start % 64 == 0


def test_an_array_may_come_in_pieces(tmp_path: Path) -> None:
    with ArrayFileWriter(tmp_path / "file") as writer:
        for piece in ([1, 2], [], [3]):
            writer.extend("numbers", np.array(piece, np.uint16))
    read = ArrayFile(tmp_path / "file")
    read.verify()
    assert read["numbers"].tolist() == [1, 2, 3]


def test_only_the_last_array_grows_and_by_its_own_kind(tmp_path: Path) -> None:
    with ArrayFileWriter(tmp_path / "file") as writer:
        writer.add("one", np.zeros(1, np.uint8))
        with pytest.raises(ValueError, match="already"):
            writer.add("one", np.zeros(1, np.uint8))
        with pytest.raises(ValueError, match="own kind"):
            writer.extend("one", np.zeros(1, np.uint16))
        writer.add("other", np.zeros(1, np.uint8))
        with pytest.raises(ValueError, match="last"):
            writer.extend("one", np.zeros(1, np.uint8))


def test_a_file_that_was_not_finished_cannot_be_opened(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    with pytest.raises(StoppedError), ArrayFileWriter(tmp_path / "file") as writer:
        writer.add("numbers", np.arange(100))
        raise StoppedError
    with pytest.raises(IndexDamagedError, match="not whole"):
        ArrayFile(tmp_path / "file")


@pytest.mark.parametrize("kept", [0, 1, 23, 24, 100, 4000])
def test_a_truncated_file_cannot_be_opened(path: Path, kept: int) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexDamagedError, match="not whole"):
        ArrayFile(path)


def test_a_file_that_lacks_its_beginning_cannot_be_opened_or_verified(path: Path) -> None:
    path.write_bytes(path.read_bytes()[64:])
    with pytest.raises((IndexDamagedError, ValueError)):
        ArrayFile(path).verify()


@pytest.mark.parametrize("at", [0, 2000, 3999])
def test_a_flipped_bit_is_found(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 4
    path.write_bytes(content)
    with pytest.raises(IndexDamagedError, match="ids"):
        ArrayFile(path).verify()


@pytest.mark.parametrize("bit", [0, 7])
def test_a_flipped_bit_of_the_directory_is_found(path: Path, bit: int) -> None:
    whole = path.read_bytes()
    padding = range(len(whole) - 12, len(whole) - 8)  # four bytes that mean nothing
    for at in range(_DIRECTORY_AT, len(whole)):
        content = bytearray(whole)
        content[at] ^= 1 << bit
        path.write_bytes(content)
        if at not in padding:
            with pytest.raises(IndexDamagedError, match="not whole"):
                ArrayFile(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ArrayFile(tmp_path / "missing")
    (tmp_path / "other").write_bytes(b"no arrays, but a text that is long enough for a tail")
    with pytest.raises(IndexDamagedError):
        ArrayFile(tmp_path / "other")


def test_arrays_outlive_the_file_object(path: Path) -> None:
    ids = ArrayFile(path)["ids"]
    path.unlink()
    assert int(ids.sum()) == 499_500
