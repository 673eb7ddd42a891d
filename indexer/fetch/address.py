"""Which addresses may be asked for at all, where a redirect leads, and how an address is shown.

Nothing here opens a connection, and nothing here knows what a site allows: that is for robots.py.
"""

import re
from urllib.parse import urldefrag, urlsplit

from ..errors import FetchError
from ..urls import is_url, join
from .transfer import Answer

__all__ = ["MAX_REDIRECTS", "REDIRECT_STATUSES", "checked", "redirect_target", "without_userinfo"]

MAX_REDIRECTS = 5  # RFC 9309 §2.3.1.2 asks for five; no honest site needs more for its pages
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
_MAX_URL_CHARS = 8000  # RFC 9110 §4.1 asks servers for 8000


def checked(url: str, referrer: str) -> str:
    """The address without fragment. Raises FetchError (bad_url) for what must not be fetched."""
    reason = _objection(url)
    if reason:
        led = f" {without_userinfo(referrer)[:300]} leads there." if referrer != url else ""
        raise FetchError("bad_url", f"{reason}.{led}", location=without_userinfo(url)[:300])
    return urldefrag(url).url


def redirect_target(answer: Answer) -> str:
    """Where a redirect leads, absolute. Raises FetchError where it says nothing, or nonsense."""
    # http.client reads headers as Latin-1, and sites send paths in UTF-8.
    location = answer.headers.get("Location", "").encode("latin-1", "replace").decode("utf-8", "replace")
    if not location:
        message = f"Answers {answer.status} and does not say where to."
        raise FetchError("http_error", message, location=answer.url, http_status=answer.status)
    try:
        target = join(answer.url, location)
    except ValueError as error:
        raise FetchError("bad_url", f"Redirects to no address: {error}.", location=answer.url) from error
    return target.replace(" ", "%20")


def without_userinfo(url: str) -> str:
    """The URL as it may be shown: without a name and password before the host."""
    return re.sub(r"^([\w+.-]{0,20}:)?//[^/?#]*@", r"\1//", url, count=1)


def _objection(url: str) -> str:
    """Why an address must not be fetched, "" where it may."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"Not a web address: {error}"
    if not is_url(url) or not parts.hostname or port == 0:
        return "Not an http or https address"
    if "@" in parts.netloc:
        return "The address holds a user name or password, which are not sent"
    if len(url) > _MAX_URL_CHARS or re.search(r"[\x00-\x20\x7f]", url):
        return "The address is too long, or has blanks in it"
    return ""
