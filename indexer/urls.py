"""Addresses: one canonical form, so that one report has one identity however it was linked.

Nothing here reads the network. URLs follow RFC 3986 as browsers read them; only http and https are addresses of
reports.
"""

import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit, urlunsplit

__all__ = [
    "canonical_url",
    "file_uri",
    "is_url",
    "join",
    "local_path",
    "path_of",
    "same_site",
    "storable",
    "why_no_place",
    "why_no_url",
]

_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(enc|mi)|yclid|wt\.mc_id)$", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_IN_PATH = "/:@!$&'()*+,;=~-._%"  # RFC 3986 §3.3, and % because what is quoted stays quoted
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)  # two letters at least: C:// is a drive
_ESCAPED_BYTE = re.compile(r"\\u(dc[89a-f][0-9a-f])")


def is_url(location: str) -> bool:
    """Whether this is an http or https address, and not a path."""
    return location[:8].lower().startswith(("http://", "https://"))


def canonical_url(url: str) -> str:
    """The URL without fragment, tracking parameters, default port and letter case of the host.

    The order of the other parameters stays: some sites mind it. Raises ValueError for what is no http or https URL.
    """
    parts = urlsplit(url.strip())
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in _DEFAULT_PORTS or not host:
        raise ValueError(f"{url!r} is not an http or https address")
    host = host if host.isascii() else host.encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host.rstrip(".")
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [pair for pair in pairs if not _TRACKING.match(pair[0])]
        if len(kept) != len(pairs):
            query = urlencode(kept)
    return urlunsplit((scheme, host, quote(parts.path or "/", safe=_SAFE_IN_PATH), query, ""))


def why_no_url(text: str) -> str:
    """Why this is no http or https address, with the remedy; "" where it is one."""
    if not is_url(text):
        return f"{text!r} is no http or https address: write it with http:// or https:// in front"
    try:
        canonical_url(text)
    except ValueError as error:
        return f"{text!r} is no web address ({error}): copy it from the address bar of a browser"
    return ""


def why_no_place(text: str) -> str:
    """Why this is neither an http or https address nor a path, with the remedy; "" where it may be one of them."""
    if "\0" in text:
        return f"{text!r} has a NUL character in it, which no path can have: take it out"
    if is_url(text):
        return why_no_url(text)
    if _SCHEME.match(text):
        return f"{text!r} cannot be read: write an http or https address, or the path of a file or folder"
    return ""


def join(base: str, href: str) -> str:
    """The absolute URL that `href` means on the page `base`, as a browser reads it (line breaks inside are dropped).

    Raises ValueError where it cannot be one (`//[site:url-brief]`).
    """
    joined = urljoin(base, re.sub(r"[\t\r\n]", "", href).strip())
    urlsplit(joined).port  # noqa: B018  raises ValueError for a port that is no number
    return joined


def same_site(one: str, other: str) -> bool:
    """Whether two URLs are of one host, with or without www."""
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    return hosts[0] == hosts[1] != ""


def file_uri(path: Path) -> str:
    """The `file:` URL of an absolute path."""
    return path.as_uri()


def local_path(uri: str) -> Path:
    """The path that a `file:` URL names, without query and fragment.

    Raises ValueError for another scheme or host, and for a name with a NUL, which no file can have.
    """
    parts = urlsplit(uri)
    path = unquote_to_bytes(parts.path)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or b"\0" in path:
        raise ValueError(f"{uri!r} is not the address of a local file")
    return Path(os.fsdecode(path))


def storable(text: str) -> str:
    """The text in characters that UTF-8 has: bytes of a file's name that are none stand as `\\udce9` (PEP 383)."""
    return text.encode("utf-8", "backslashreplace").decode()


def path_of(stored: str) -> Path:
    """The path that `storable` made storable."""
    return Path(_ESCAPED_BYTE.sub(lambda escape: chr(int(escape[1], 16)), stored))
