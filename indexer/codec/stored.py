"""Stored values as bytes: MessagePack, with types of our own where it has none. Nothing is pickled.

Extension types: 1 tuple, 2 date and time (ISO 8601), 3 date, 4 decimal number, 5 whole number beyond 64 bits, 6 set,
7 time of day.
"""

import datetime
from decimal import Decimal
from typing import Any

import msgpack

__all__ = ["decode_values", "encode_values"]

_TUPLE, _DATETIME, _DATE, _DECIMAL, _BIG, _SET, _TIME = range(1, 8)


def encode_values(values: Any) -> bytes:
    """The bytes of a value. Raises TypeError for one that no program but its own could read."""
    packed = msgpack.packb(values, default=_extended, strict_types=True, unicode_errors="surrogatepass")
    assert isinstance(packed, bytes)
    return packed


def decode_values(data: bytes | memoryview) -> Any:
    """The value that `encode_values` made these bytes of."""
    return msgpack.unpackb(
        data, ext_hook=_restored, strict_map_key=False, unicode_errors="surrogatepass", max_ext_len=2**31 - 1
    )


def _extended(value: Any) -> msgpack.ExtType:
    match value:
        case tuple():
            return msgpack.ExtType(_TUPLE, encode_values(list(value)))
        case datetime.datetime():
            return msgpack.ExtType(_DATETIME, value.isoformat().encode())
        case datetime.date():
            return msgpack.ExtType(_DATE, value.isoformat().encode())
        case datetime.time():
            return msgpack.ExtType(_TIME, value.isoformat().encode())
        case Decimal():
            return msgpack.ExtType(_DECIMAL, str(value).encode())
        case int():
            return msgpack.ExtType(_BIG, str(value).encode())
        case set() | frozenset():
            return msgpack.ExtType(_SET, encode_values(sorted(value)))
        case str() | float() | dict() | list() | bytes():  # of a class of its own
            base = next(base for base in (str, float, dict, list, bytes) if isinstance(value, base))
            raise TypeError(f"a stored value of the class {type(value).__qualname__}: store it as {base.__name__}")
    raise TypeError(f"a value of the class {type(value).__qualname__} cannot be stored: turn it into a plain one")


def _restored(code: int, data: bytes) -> Any:
    match code:
        case 1:
            return tuple(decode_values(data))
        case 2:
            return datetime.datetime.fromisoformat(data.decode())
        case 3:
            return datetime.date.fromisoformat(data.decode())
        case 4:
            return Decimal(data.decode())
        case 5:
            return int(data)
        case 6:
            return set(decode_values(data))
        case 7:
            return datetime.time.fromisoformat(data.decode())
    raise ValueError(f"a stored value of the unknown kind {code}")
