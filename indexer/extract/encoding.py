"""Bytes as text: the byte order mark, then what was declared, then what the bytes themselves say."""

import codecs
import re

from charset_normalizer import from_bytes

__all__ = ["decode"]

_MARKS = (  # the longer marks first: that of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SUPERSET = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
}
"""What is meant by a declared name, as browsers read it (WHATWG Encoding Standard, 4.2)."""

# Codecs of Python that are no encodings of pages, decode anything, or take time quadratic in the text.
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "mbcs", "oem"})
_ISO_2022_JP = re.compile(rb"\x1b\$[@B][!-~]")
_OTHER_SCRIPTS = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256")
_GUESSES = (  # the more usual first; Baltic (cp1257) is left out, because Turkish is taken for it
    *("cp1252", "cp932", "euc_jp", "gb18030", "big5", "cp949"),
    *(*_OTHER_SCRIPTS, "cp1250", "cp1254", "mac_roman"),
)
_OTHER_SCRIPT_SHARE = 0.3  # of the bytes, at the least, of a text in Cyrillic, Greek, Hebrew or Arabic letters
_LAST_RESORT = "cp1252"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_SEARCHED_BYTES = 1_048_576
_SAMPLE_BYTES = 16_384
_RARE_SYLLABLES_TOLERATED = 0.05
_ERRORS_TOLERATED = 0.02  # of the characters beyond ASCII, in a UTF-8 file that was cut or patched


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of the bytes; U+FFFD stands where they are wrong, and the byte order mark is gone.

    `declared` is the charset of the HTTP header or of the page; one that is unknown or does not fit is passed over.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding in _candidates(data, declared):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _repaired_utf8(data) or data.decode(_guess(data), "replace")


def _candidates(data: bytes, declared: str | None) -> list[str]:
    codec = _codec(declared)
    if codec is None:
        return ["iso2022_jp", "utf-8"] if _ISO_2022_JP.search(data) else ["utf-8"]
    # Every byte means something in a one-byte encoding, and servers declare one by default; but what is valid UTF-8
    # beyond ASCII is UTF-8.
    one_byte = codec.startswith(("cp125", "iso8859", "mac", "koi8"))
    return ["utf-8", codec] if one_byte else [codec, "utf-8"]


def _codec(declared: str | None) -> str | None:
    try:
        name = codecs.lookup((declared or "").strip()).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError):  # not from bytes to text (rot13, zlib)
        return None
    return None if name in _REFUSED else _SUPERSET.get(name, name)


def _repaired_utf8(data: bytes) -> str:
    """The text as UTF-8 if nearly all of it is that, else ""."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if wrong <= max(1, beyond_ascii * _ERRORS_TOLERATED) < beyond_ascii else ""


def _guess(data: bytes) -> str:
    """The encoding that a sample of the lines beyond ASCII speaks for; of equals, the more usual."""
    sample = _sample(data)
    latin = len(_BEYOND_ASCII.findall(sample)) < len(sample) * _OTHER_SCRIPT_SHARE
    guesses = [
        guess
        for guess in _GUESSES
        if not (latin and guess in _OTHER_SCRIPTS) and not (guess == "cp949" and _is_hardly_korean(sample))
    ]
    matches = from_bytes(sample, cp_isolation=guesses, enable_fallback=False)
    ranked = sorted(
        (match for match in matches if match.encoding in guesses),
        key=lambda match: (match.chaos, -match.coherence, guesses.index(match.encoding)),
    )
    return ranked[0].encoding if ranked else _LAST_RESORT


def _is_hardly_korean(sample: bytes) -> bool:
    """Whether much lies outside of EUC-KR, which has the syllables in use; the others of cp949 fit any Japanese."""
    text = sample.decode("euc_kr", "replace")
    return text.count("\N{REPLACEMENT CHARACTER}") > len(text) * _RARE_SYLLABLES_TOLERATED


def _sample(data: bytes) -> bytes:
    """Lines beyond ASCII from where the first of them stands."""
    first = _BEYOND_ASCII.search(data)
    start = max(0, first.start() - _SAMPLE_BYTES // 16) if first else 0
    lines, size = [], 0
    for line in data[start : start + _SEARCHED_BYTES].splitlines():
        if not line.isascii():
            lines.append(line[:_SAMPLE_BYTES])
            size += len(line)
            if size >= _SAMPLE_BYTES:
                break
    return b"\n".join(lines)[:_SAMPLE_BYTES]
