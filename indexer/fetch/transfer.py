"""One GET over HTTP: its status, headers and body within the limits, or one FetchError.

A redirect or an error is an answer like any other here; what follows from it is for the callers.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError, LocationParseError, ReadTimeoutError

from ..errors import FetchError
from ..settings import Limits
from .session import Deadline, Session

__all__ = ["Answer", "Transfer"]

_CHUNK_BYTES = 64 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one GET brought; `headers` can be asked in any letter case, `data` is the decoded body of a success."""

    url: str
    status: int
    headers: Mapping[str, str]
    data: bytes


class Transfer:
    """One GET, its retries and its body, with every failure turned into a FetchError."""

    def __init__(self, url: str, session: Session, limits: Limits, deadline: Deadline) -> None:
        self.url = url
        self.session = session
        self.limits = limits
        self.deadline = deadline

    def run(self, max_bytes: int, *, truncate: bool) -> Answer:
        """The answer; a body longer than `max_bytes` is cut there (`truncate`) or raises too_large."""
        cut_off = self.session.cut_off_at(self.url, self.deadline)
        _log.debug("GET %s", self.url)
        try:
            with cut_off, self._get() as response:
                data = self._body(response, max_bytes, truncate=truncate)
        except (requests.RequestException, HTTPError, ValueError, OSError) as error:
            raise self._failure(error) from error
        if self.deadline.remaining_s <= 0:  # a body without a stated length looks whole when it is cut off
            raise self._overdue()
        return Answer(self.url, response.status_code, response.headers, data)

    def _get(self) -> requests.Response:
        timeout = (self.limits.connect_timeout_s, self.limits.read_timeout_s)
        return self.session.get(self.url, timeout=timeout, stream=True, allow_redirects=False)

    def _body(self, response: requests.Response, max_bytes: int, *, truncate: bool) -> bytes:
        """The decoded body; nothing of an answer that is not used (a redirect, an error)."""
        if not 200 <= response.status_code < 300:
            return b""
        encoded = "Content-Encoding" in response.headers
        announced = response.headers.get("Content-Length", "")
        if not truncate and not encoded and announced.isdecimal() and int(announced[:20]) > max_bytes:
            raise self._too_large(max_bytes)
        chunks: list[bytes] = []
        size_bytes = 0
        for chunk in response.iter_content(_CHUNK_BYTES):
            chunks.append(chunk)
            size_bytes += len(chunk)
            if size_bytes > max_bytes:
                if truncate:
                    break
                raise self._too_large(max_bytes)
            if self.deadline.remaining_s <= 0:
                raise self._overdue()
        return b"".join(chunks)[:max_bytes]

    def _failure(self, error: Exception) -> FetchError:
        _log.debug("%s: %r", self.url, error)
        if self.deadline.remaining_s <= 0:
            return self._overdue()
        if isinstance(error, requests.ReadTimeout) or _caused_by_read_timeout(error):
            message = f"No answer for {self.limits.read_timeout_s:g} s (read_timeout_s)."
            return FetchError("timeout", message, location=self.url)
        if isinstance(error, requests.exceptions.InvalidURL | LocationParseError | UnicodeError):
            return FetchError("bad_url", "Not a web address.", location=self.url)
        return FetchError("unreachable", _reason(error), location=self.url)

    def _overdue(self) -> FetchError:
        message = f"Not complete after {self.limits.total_timeout_s:g} s (total_timeout_s)."
        return FetchError("timeout", message, location=self.url)

    def _too_large(self, max_bytes: int) -> FetchError:
        return FetchError("too_large", f"More than {max_bytes} bytes.", location=self.url)


def _caused_by_read_timeout(error: Exception) -> bool:
    """Whether requests hides a read timeout, as it does for one in the middle of a body."""
    return any(isinstance(reason, ReadTimeoutError) for reason in (error, *error.args))


def _reason(error: Exception) -> str:
    """What went wrong in a few words, without the address of an object or a proxy's password."""
    if isinstance(error, requests.exceptions.SSLError):
        return "Its certificate cannot be trusted, or the encryption failed."
    if isinstance(error, requests.exceptions.ProxyError):
        return "The proxy of the environment did not help."
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "No connection within the limit (connect_timeout_s)."
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "The answer broke off, or is damaged."
    return "No connection to the site, or it broke off."
