"""Codes of languages (ISO 639, as BCP 47 uses them): which there are, and how they are written shortest."""

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["SHORTER_CODES", "why_no_language"]

_TAG = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]+)*")
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss "
    "st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_TWO_LETTERS = frozenset(_ISO_639_1.split())

# fmt: off
SHORTER_CODES: Mapping[str, str] = MappingProxyType({
    "ara": "ar", "chi": "zh", "zho": "zh", "cze": "cs", "ces": "cs", "dan": "da", "dut": "nl", "nld": "nl",
    "eng": "en", "fin": "fi", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "gre": "el", "ell": "el",
    "hin": "hi", "hun": "hu", "ita": "it", "jpn": "ja", "kor": "ko", "nor": "no", "pol": "pl", "por": "pt",
    "rum": "ro", "ron": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr", "ukr": "uk", "vie": "vi",
})
# fmt: on
"""ISO 639-2 codes, of both kinds, where ISO 639-1 has one of two letters."""


def why_no_language(code: str) -> str:
    """Why this is not how a language is written, with the remedy; "" where it is.

    Of codes of three letters without a shorter form there are thousands: each is taken.
    """
    tag = _TAG.fullmatch(code)
    if tag is None:
        return f"{code!r} is no language code: write en, fr or pt-BR"
    if tag[1] in SHORTER_CODES:
        return f"{code!r} has a shorter code: write {SHORTER_CODES[tag[1]]}"
    if len(tag[1]) == 2 and tag[1] not in _TWO_LETTERS:
        return f"{code!r} is no language of ISO 639-1: write en, fr or pt-BR"
    return ""
