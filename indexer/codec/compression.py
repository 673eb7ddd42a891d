"""Short texts, compressed one by one with what they have in common (Zstandard, RFC 8878, without its magic number)."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

from .ranges import bounds_of

__all__ = ["Blobs", "Compressor", "Decompressor", "Dictionaries", "train"]

LEVEL = 3
"""From level 6 on it takes three times as long for texts 3 % smaller."""
DICTIONARY_BYTES = 112_640
"""The size that zstd's own tool trains by default; texts of a page shrink to .35 with it, to .51 without."""
SAMPLE_BYTES = 2_000_000
"""What a dictionary is trained on; twice as much takes twice as long for texts .5 % smaller."""
MIN_SAMPLES = 100


class Dictionaries(NamedTuple):
    """What texts and stored values have in common, for compressing them; b"" is none."""

    text: bytes = b""
    stored: bytes = b""


class Compressor:
    """Compresses with a dictionary; b"" is none."""

    def __init__(self, dictionary: bytes = b"") -> None:
        self.dictionary = dictionary
        parameters = zstandard.ZstdCompressionParameters.from_level(
            LEVEL, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=True, write_checksum=False,
            write_dict_id=False,
        )  # fmt: skip
        data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._compressor = zstandard.ZstdCompressor(dict_data=data, compression_params=parameters)

    def compress(self, texts: Sequence[bytes]) -> list[bytes]:
        """Each of these compressed by itself; b"" stays so. Other threads run meanwhile: one call for a short text each
        would wait for them as often."""
        filled: list[Any] = [text for text in texts if text]
        if not filled:
            return [b""] * len(texts)
        if _MANY_AT_ONCE:
            many = self._compressor.multi_compress_to_buffer(filled, threads=1)
            compressed = [many[number].tobytes() for number in range(len(filled))]
        else:
            compressed = [self._compressor.compress(text) for text in filled]
        rest = iter(compressed)
        return [next(rest) if text else b"" for text in texts]


_MANY_AT_ONCE = "multi_compress_to_buffer" in zstandard.backend_features


class Decompressor:
    """The inverse, for one dictionary. Not for two threads at once."""

    def __init__(self, dictionary: bytes = b"") -> None:
        data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._decompressor = zstandard.ZstdDecompressor(dict_data=data, format=zstandard.FORMAT_ZSTD1_MAGICLESS)

    def decompress(self, data: bytes | memoryview) -> bytes:
        """Raises zstandard.ZstdError for what is damaged."""
        return self._decompressor.decompress(data) if len(data) else b""


def train(samples: Iterable[bytes]) -> bytes:
    """A dictionary for texts like these; b"" where there are too few to gain by one. The same for the same samples."""
    chosen: list[bytes] = []
    total = 0
    for sample in samples:
        if sample:
            chosen.append(sample)
            total += len(sample)
        if total >= SAMPLE_BYTES:
            break
    if len(chosen) < MIN_SAMPLES or total < 10 * DICTIONARY_BYTES // 2:
        return b""
    try:
        return zstandard.train_dictionary(DICTIONARY_BYTES, list(chosen)).as_bytes()
    except zstandard.ZstdError:  # they have nothing in common
        return b""


class Blobs:
    """Many byte strings as one, with where each ends: `data` and `bounds` (int64[n + 1])."""

    def __init__(self, data: bytes | memoryview, bounds: NDArray[np.int64]) -> None:
        self.data = data
        self.bounds = bounds

    @classmethod
    def of(cls, blobs: Sequence[bytes]) -> "Blobs":
        lengths = np.fromiter(map(len, blobs), np.int64, len(blobs))
        return cls(b"".join(blobs), bounds_of(lengths))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, number: int) -> bytes | memoryview:
        return self.data[self.bounds[number] : self.bounds[number + 1]]
