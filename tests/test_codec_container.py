"""A file of sections: what its drawing says, and what becomes of a damaged one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsearch.indexer.codec import container
from reportsearch.indexer.codec.container import ContainerReader, ContainerWriter
from reportsearch.indexer.errors import IndexFormatError

DTYPES = ("<u1", "<u2", "<u4", "<u8", "<i8", "<f4")


class Memory:
    """A file in memory."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.closed = False

    def write(self, data: Any, /) -> None:
        self.data += data

    def close(self) -> None:
        self.closed = True


def written(sections: Mapping[str, Any]) -> bytes:
    file = Memory()
    writer = ContainerWriter(file)
    for name, data in sections.items():
        writer.add(name, data)
    writer.close()
    assert file.closed
    return bytes(file.data)


def read(data: bytes) -> ContainerReader:
    return ContainerReader(memoryview(data), "a.doc")


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    return np.frombuffer(draw(st.binary(max_size=40)).ljust(8, b"\0")[: 8 * draw(st.integers(0, 1))], dtype)


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).filter(lambda name: len(name.encode()) < 256)


def test_the_drawing_is_the_file() -> None:
    shown = " ".join(row.strip() for row in _hex_rows(container.__doc__ or ""))
    data = written({"month": b"\1\2\3"}).hex(" ").split()
    assert len(data) == len(shown.split())
    assert [known for known, byte in zip(shown.split(), data, strict=True) if known not in ("xx", byte)] == []


def _hex_rows(text: str) -> list[str]:
    rows = []
    for line in text.splitlines():
        place, _, rest = line.strip().partition("  ")
        if len(place) == 2 and all(char in "0123456789abcdef" for char in place):
            rows.append(rest.split("   ")[0])
    return rows


@given(st.dictionaries(names, st.one_of(st.binary(max_size=50), arrays()), max_size=6))
def test_what_is_written_is_read(sections: dict[str, Any]) -> None:
    reader = read(written(sections))
    assert list(reader.sections) == list(sections)
    for name, data in sections.items():
        assert name in reader
        if isinstance(data, bytes):
            assert bytes(reader.bytes(name)) == data
        else:
            assert reader.array(name).dtype == data.dtype
            assert reader.array(name).tobytes() == data.tobytes()
    assert list(reader.damaged()) == []
    assert all(section.offset % 8 == 0 for section in reader.sections.values())


@given(st.lists(st.binary(max_size=30), max_size=6))
def test_a_section_may_come_in_pieces(pieces: list[bytes]) -> None:
    file = Memory()
    writer = ContainerWriter(file)
    writer.begin("text", np.uint8)
    for piece in pieces:
        writer.extend(piece)
    assert writer.length == sum(map(len, pieces))
    writer.end()
    writer.close()
    assert bytes(file.data) == written({"text": b"".join(pieces)})


def test_numbers_of_the_other_byte_order_are_turned_round() -> None:
    reader = read(written({"n": np.array([1, 258], ">u2")}))
    assert reader.array("n").tolist() == [1, 258]
    assert bytes(reader.bytes("n")) == b"\1\0\2\1"


def test_arrays_are_views_and_cannot_be_written() -> None:
    data = written({"n": np.arange(5, dtype=np.uint32)})
    array = read(data).array("n")
    assert np.shares_memory(array, np.frombuffer(data, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 7


SECTIONS = {"one": b"\1\2\3", "two": np.arange(4, dtype=np.uint16), "none": b""}


def test_each_flipped_bit_is_found_and_its_section_named() -> None:
    data = written(SECTIONS)
    sections = read(data).sections.values()
    for byte in range(len(data)):
        inside = (section.name for section in sections if section.offset <= byte < section.offset + section.padded)
        expected = "header" if byte < 16 else next(inside, "table")
        for bit in range(8):
            flipped = bytearray(data)
            flipped[byte] ^= 1 << bit
            assert damages_of(bytes(flipped)) == [expected], (byte, bit)


def damages_of(data: bytes) -> list[str]:
    """The sections that are said to be damaged."""
    try:
        return list(read(data).damaged())
    except IndexFormatError as error:
        assert "a.doc" in str(error)
        assert "reportsearch" in str(error)
        return [error.section]


def test_a_file_that_is_cut_off_is_refused_wherever_it_is() -> None:
    data = written(SECTIONS)
    for length in range(len(data)):
        with pytest.raises(IndexFormatError, match=r"a\.doc .*reportsearch update"):
            read(data[:length])


def test_a_file_that_goes_on_behind_its_end_is_refused() -> None:
    with pytest.raises(IndexFormatError, match="damaged"):
        read(written(SECTIONS) + b"\0")


def test_a_later_version_is_refused_with_the_remedy() -> None:
    data = bytearray(written(SECTIONS))
    data[8] = container.FORMAT_VERSION + 1
    with pytest.raises(IndexFormatError, match=r"has format 2.*Use the version that wrote it") as caught:
        read(bytes(data))
    assert caught.value.section == "header"


def test_a_name_of_more_than_255_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="256 bytes"):
        written({"é" * 128: b""})
