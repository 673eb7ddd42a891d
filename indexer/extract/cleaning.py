"""Text as it is indexed, shown and cited: NFC, ordinary spaces, no control characters, words whole again.

Every step takes time in proportion to the text, whatever the text is.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

__all__ = ["clean", "clean_pages"]

# Letters drawn together: Latin, Armenian, Hebrew and Arabic presentation forms. Only these are decomposed for
# compatibility (NFKC): as a whole it would turn x² into x2 and ½ into 1⁄2.
_PRESENTATION_FORM = re.compile("[\ufb00-\ufb4f\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdfb\ufe80-\ufefc]")

# A run of more marks than any script stacks (UAX #15, stream-safe text): normalisation sorts each run, slowly. The
# first pattern also finds other rare characters, but is thirty times as fast: `re` has no table for those above U+FFFF.
_MARKS_KEPT = 30
_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.combining(chr(code)))
_RARE_MARKS = "".join(chr(code) for code in range(0x10000, 0x1F000) if unicodedata.combining(chr(code)))
_SUSPECT_RUN = re.compile(f"[{_MARKS}\U00010000-\U0001efff]{{{_MARKS_KEPT + 1}}}")
_MARK_RUN = re.compile(f"([{_MARKS}{_RARE_MARKS}]{{{_MARKS_KEPT}}})[{_MARKS}{_RARE_MARKS}]+")

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028]")
_SPACE = re.compile("[\t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SPACES = re.compile(" {2,}")
_BLANK_LINES = re.compile("\n{3,}")

# Scripts in which a zero-width joiner or non-joiner changes what is written (Unicode core specification, 23.2), and
# the signs of emoji sequences.
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ua840-\ua87f\ufe0f\u2600-\u27bf\U0001f000-\U0001faff"
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # here a zero-width space stands between words
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u180e\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
    f"|(?<![{_JOINING}])[\u200c\u200d]+|(?<![{_SPACELESS}])\u200b+"
)

# What stands where a word was cut at the end of a line. PDFium writes U+0002 (U+FFFE in another call) for the hyphen
# and leaves the line end out; U+00AC stands for a soft hyphen in text from old recognition programs.
_LINE_HYPHEN = re.compile("(?P<hard>[-\u2010])(?P<gap> {0,3})\n|(?P<soft>[\xad\xac])\n|[\x02\ufffe]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WORD_CHARS = 40  # longer than the parts of any word that is cut
_BEFORE = re.compile(rf"\w{{1,{_WORD_CHARS}}}\Z")
_AFTER = re.compile(rf"\w{{1,{_WORD_CHARS}}}")
_ADDRESS_CHARS = 80  # as far back as is looked for the slash of a web address
_IN_ADDRESS = re.compile(r"[/@_][^\s/@_]*\Z")
_IN_COMPOUND = re.compile(r"\w-\w+\Z")
# In front of another word these are no words by themselves: inter-agency says nothing of inter-national.
_PREFIXES = frozenset({
    "anti", "auto", "counter", "cross", "extra", "inter", "intra", "macro", "micro", "mid", "mini", "multi", "non",
    "out", "over", "post", "pre", "pro", "pseudo", "quasi", "self", "semi", "sub", "super", "trans", "ultra", "under",
})  # fmt: skip
_SHORTEST_PART = 3  # of a compound; shorter ones (in, be, re) are words and syllables alike
_CONJUNCTIONS = frozenset({"and", "or", "nor", "und", "oder"})  # behind a suspended hyphen: short- and long-term


@dataclass(frozen=True, slots=True)
class _Cut:
    """A word that a line end cut: `text[start:end]` is what stands between its letters before and after."""

    start: int
    end: int
    before: str
    after: str
    soft: bool
    spaced: bool
    linked: bool  # in a web address, or in a compound that has a hyphen already

    def mended(self, words: Set[str]) -> str | None:
        """What should stand there: nothing, a hyphen, or None for what does stand there.

        `words` are the words of the document in lower case, the compounds with their hyphens.
        """
        before, after = self.before.lower(), self.after.lower()
        if self.soft or before + after in words:
            return ""
        if f"{before}-{after}" in words:
            return "-"
        if self.spaced:  # as likely a dash
            return None
        if after in _CONJUNCTIONS:
            return "- "
        if self.linked or not (self.before[-1].islower() and self.after[0].islower()):
            return "-"
        both = min(len(before), len(after)) >= _SHORTEST_PART and before in words and after in words
        return "-" if both else ""


def clean(text: str) -> str:
    """The text with words joined that a line end cut, and without what cannot be read.

    Lines end in LF, at most one blank line stands between them, and single spaces between words.
    """
    return clean_pages([text])[0]


def clean_pages(texts: Sequence[str]) -> list[str]:
    """Each page cleaned; how a cut word is joined is decided by the words of all pages."""
    lines = [_SPACE.sub(" ", _LINE_END.sub("\n", text).replace("\u2029", "\n\n")) for text in texts]
    return [_tidy(text) for text in _join_cut_words(lines)]


def _tidy(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = _PRESENTATION_FORM.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)
        if _SUSPECT_RUN.search(text):
            text = _MARK_RUN.sub(r"\1", text)
        text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", text).replace(" \n", "\n").replace("\n ", "\n")
    return _BLANK_LINES.sub("\n\n", text).strip()


def _join_cut_words(texts: Sequence[str]) -> Sequence[str]:
    cuts = [_cuts(text) for text in texts]
    if not any(cuts):
        return texts
    words: set[str] = set()
    for text, found in zip(texts, cuts, strict=True):
        words.update(_words(_uncut(text, found).lower()))
    return [_mended(text, found, words) for text, found in zip(texts, cuts, strict=True)]


def _words(text: str) -> Iterator[str]:
    """The words of a text, compounds (as `a-b`, whatever their hyphens) and what they are made of."""
    for word in _WORD.findall(text.replace("\u2010", "-")):
        yield word
        if "-" in word:
            yield from (part for part in word.split("-") if part not in _PREFIXES)


def _cuts(text: str) -> list[_Cut]:
    found = []
    for hyphen in _LINE_HYPHEN.finditer(text):
        start, end = hyphen.span()
        before = _BEFORE.search(text, max(0, start - _WORD_CHARS), start)
        after = _AFTER.match(text, end, end + _WORD_CHARS)
        if before and after:
            context = text[max(0, start - _ADDRESS_CHARS) : start]
            linked = bool(_IN_ADDRESS.search(context) or _IN_COMPOUND.search(context))
            found.append(_Cut(start, end, before[0], after[0], bool(hyphen["soft"]), bool(hyphen["gap"]), linked))
    return found


def _uncut(text: str, cuts: Sequence[_Cut]) -> str:
    """The text without its cut words: their halves are no evidence of what is a word."""
    starts = [0, *(cut.end + len(cut.after) for cut in cuts)]
    ends = [*(cut.start - len(cut.before) for cut in cuts), len(text)]
    return "\n".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _mended(text: str, cuts: Sequence[_Cut], words: Set[str]) -> str:
    pieces, done = [], 0
    for cut in cuts:
        mended = cut.mended(words)
        pieces += [text[done : cut.start], text[cut.start : cut.end] if mended is None else mended]
        done = cut.end
    return "".join((*pieces, text[done:]))
