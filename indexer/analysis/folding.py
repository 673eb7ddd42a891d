"""Folding: what does not count when words or metadata values are compared."""

import unicodedata

__all__ = ["fold", "fold_character"]

_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ĸ": "k"}
)
"""Letters that Unicode does not take for an accented one, and people type as one."""

_POINTS = range(10, 36)
"""Combining classes of the vowel points of Hebrew, Arabic and Syriac, which most texts leave out."""
_ABOVE_AND_BELOW = 200
"""Combining classes from here on are the accents of Latin, Greek and Cyrillic. Between the two stand marks that make
another letter: virama (9), the voicing of kana (8), vowels of Thai and Tibetan (103 to 132)."""


def fold(value: str) -> str:
    """The text without case, accents and compatibility forms, white space as single spaces."""
    if value.isascii():
        return " ".join(value.lower().split())
    # once more after it is decomposed: the modifier letter of a capital becomes the capital
    decomposed = unicodedata.normalize("NFKD", value.casefold()).casefold().translate(_WITHOUT_DECOMPOSITION)
    kept = "".join(char for char in decomposed if not _is_accent(char))
    return " ".join(unicodedata.normalize("NFC", kept).casefold().split())


def _is_accent(char: str) -> bool:
    order = unicodedata.combining(char)
    return order >= _ABOVE_AND_BELOW or order in _POINTS or order == 1


def fold_character(char: str) -> str:
    """One character folded; itself where its fold is none or several, or another one between letters."""
    folded = fold(char)
    return folded if len(folded) == 1 and fold(f"x{char}x") == f"x{folded}x" else char
