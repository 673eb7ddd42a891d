"""Titles as they are: which say nothing, and what of one is its site's name.

Strings only: where a title stands, and whose claim is believed, is not known here.
"""

import re
from collections.abc import Iterable

__all__ = ["comparable", "is_junk_title", "without_site"]

_MAX_CHARS = 1000  # of a title with its site's name

_JUNK_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel|publisher)\b.*|powerpoint[ -]pr[eé]sentation|untitled.{0,30}"
    r"|(?:document|doc|slide|layout|page|sheet|presentation|title|cover)[ _-]?\d{0,5}"
    r"|home ?page|home|index|welcome|no title|\(?null\)?|none|undefined|n/a|template|print"
    r"|404.{0,30}|page not found|loading.{0,5}|just a moment.{0,5}",
    re.I | re.S,
)
_FILE_NAME = re.compile(
    r"[^\n]{0,200}\.(?:pdf|docx?|docm|dotx?|rtf|odt|indd|qxd|qxp|pptx?|xlsx?|html?|aspx?|php|txt|pub|tmp"
    r"|ai|eps|ps|tex|dvi|tiff?|jpe?g|png|cdr|pmd|p65|fm|wpd)",
    re.I,
)
_SEPARATOR = re.compile(r"\s+[|–—·•»«~:/\\-]+\s+|\s*\|\s*|\s*[»«]\s*|:\s+")


def is_junk_title(title: str) -> bool:
    """Whether a title says nothing: a program's default, a file's name, "Home", no letter or digit."""
    text = " ".join(title.split())
    if not re.search(r"[^\W_]", text):
        return True
    return bool(_JUNK_TITLE.fullmatch(text) or _FILE_NAME.fullmatch(text))


def without_site(title: str, sites: Iterable[str], titles: Iterable[str]) -> str:
    """The title without a site's name before or behind it ("Title | Site").

    `sites` are the names the site gives itself; `titles` are headings: what follows one of them is the site's.
    """
    title = " ".join(title.split())[:_MAX_CHARS]
    known = {comparable(site) for site in sites if site}
    headings = {comparable(heading) for heading in titles if heading}
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
    for start, end in cuts:
        if title[start] == ":":  # what follows is more likely a subtitle
            continue
        if comparable(title[:start]) in headings:
            return title[:start]
        if comparable(title[end:]) in headings:
            return title[end:]
    if cuts and comparable(title[cuts[-1][1] :]) in known:
        return title[: cuts[-1][0]]
    if cuts and comparable(title[: cuts[0][0]]) in known:
        return title[cuts[0][1] :]
    return title


def comparable(text: str) -> str:
    """The letters and digits alone, in one case: the same for two spellings of one name."""
    return re.sub(r"[\W_]+", "", text).casefold()
