"""Politely fetched bytes: robots.txt, one request at a time for each host, and a limit on everything.

    fetch(url)
      each hop (at most five redirects):
        may this address be fetched?    robots.txt of its origin, read once a run
        wait for the host's turn        one lock and one pace for each host
        exchange                        one GET with its retries, cut off at the deadline

The only module that imports requests. Robots: RFC 9309; HTTP: RFC 9110.
"""

import logging
import re
import socket
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, Self
from urllib.parse import urldefrag, urlsplit

import requests
from protego import Protego
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, InvalidHeader, LocationParseError, ReadTimeoutError
from urllib3.util import Retry

from .errors import FetchError
from .settings import Limits
from .urls import is_url, join

__all__ = ["Fetcher", "Response"]

MAX_REDIRECTS = 5  # RFC 9309 §2.3.1.2 asks for five; no honest site needs more for its pages
MAX_CRAWL_DELAY_S = 30.0  # Crawl-delay is in no standard, and sites that want no robots at all write an hour
MAX_RETRY_AFTER_S = 5.0
ROBOTS_MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: parsers must read at least 500 kibibytes
_MAX_URL_CHARS = 8000  # RFC 9110 §4.1 asks servers for 8000
_CHUNK_BYTES = 64 * 1024
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]{1,40})""", re.ASCII | re.I)
_REDIRECTS = (301, 302, 303, 307, 308)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: `url` is where it was found after redirects, `data` the decoded body.

    `media_type` is lower-case, "" where the site does not say; `charset` as the site declares it.
    """

    url: str
    status: int
    data: bytes
    media_type: str = ""
    charset: str | None = None

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


class Fetcher:
    """Fetches over HTTP for one run; a context manager, safe to share between threads.

    No cookies are kept, and no passwords sent; proxies are those of the environment. `contact` (an address or
    URL) is part of the User-Agent header, so that a site knows whom to write to.
    """

    def __init__(
        self, *, contact: str = "", limits: Limits | None = None, user_agent_name: str = "reportsearch"
    ) -> None:
        self.limits = limits or Limits()
        self.user_agent = _user_agent(user_agent_name, contact)
        self._token = user_agent_name  # what robots.txt calls us: RFC 9309 §2.2.1, the product token alone
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, _Robots] = {}
        self._registry_lock = threading.Lock()
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections; threads that wait for their turn end with a FetchError."""
        self._closed.set()
        with self._registry_lock:
            for host in self._hosts.values():
                host.session.close()

    def fetch(self, url: str) -> Response:
        """What stands at an http or https address.

        Raises FetchError: bad_url, robots_denied, unreachable, timeout, too_large or http_error (with its
        `http_status`; redirects that lead nowhere are one too).
        """
        deadline = _Deadline(self.limits.total_timeout_s)
        first_url = url
        for _ in range(MAX_REDIRECTS + 1):
            url = _checked(url, first_url)
            self._ask_robots(url)
            answer = self._exchange(url, deadline, self.limits.max_bytes)
            if answer.status not in _REDIRECTS:
                return _response(answer)
            url = _redirect_target(answer)
            _log.debug("%s leads to %s", answer.url, _without_userinfo(url))
        message = f"More than {MAX_REDIRECTS} redirects."
        raise FetchError("http_error", message, location=first_url, http_status=answer.status)

    def _ask_robots(self, url: str) -> None:
        """Raises FetchError where the site's robots.txt forbids the address or cannot be had."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url)).lower()
        with self._registry_lock:
            robots = self._robots.setdefault(origin, _Robots())
        with robots.lock:  # the second thread waits for the first one's copy
            if robots.rules is None and robots.refusal is None:
                self._read_robots(origin, robots)
        if robots.refusal is not None:
            raise FetchError(robots.refusal.status, robots.refusal.message, location=url)
        if robots.rules is not None and not robots.rules.can_fetch(url, self._token):
            raise FetchError("robots_denied", "Not allowed for robots.", location=url)

    def _read_robots(self, origin: str, robots: "_Robots") -> None:
        """Fills in what the site says; what cannot be known forbids everything (RFC 9309 §2.3.1.4)."""
        try:
            robots.rules = Protego.parse(self._robots_text(origin))
        except FetchError as error:
            robots.refusal = error
            return
        delay_s = robots.rules.crawl_delay(self._token) or 0.0
        if delay_s:
            host = self._host(origin)
            host.delay_s = max(host.delay_s, min(delay_s, MAX_CRAWL_DELAY_S))
            _log.info("%s asks for %g s between requests", origin, delay_s)

    def _robots_text(self, origin: str) -> str:
        """The text of robots.txt; "" where there is none, which allows everything.

        Raises FetchError where the site fails to answer, or answers with a server error.
        """
        deadline = _Deadline(self.limits.total_timeout_s)  # not the rest of one page's: this holds for the run
        url = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = self._exchange(url, deadline, ROBOTS_MAX_BYTES, truncate=True)
            except FetchError as error:
                message = f"Its robots.txt cannot be had, so nothing is fetched: {error.message}"
                raise FetchError("unreachable", message, location=origin) from error
            if answer.status >= 500:
                message = f"Its robots.txt answers {answer.status}, which forbids everything."
                raise FetchError("robots_denied", message, location=origin)
            if answer.status not in _REDIRECTS:
                return answer.data.decode("utf-8-sig", "replace") if answer.status < 300 else ""
            try:
                url = _checked(_redirect_target(answer), url)
            except FetchError:
                return ""  # leads to no web address: as good as none
        return ""  # RFC 9309 §2.3.1.2: after five redirects it may be taken as unavailable

    def _host(self, url: str) -> "_Host":
        name = (urlsplit(url).hostname or "").lower()
        with self._registry_lock:
            if name not in self._hosts:
                self._hosts[name] = _Host(_session(self.user_agent))
            return self._hosts[name]

    def _exchange(self, url: str, deadline: "_Deadline", max_bytes: int, *, truncate: bool = False) -> "_Answer":
        """One GET when it is the host's turn; waiting for it does not count against the deadline."""
        host = self._host(url)
        started_s = time.monotonic()
        with host.lock:
            if self._closed.wait(max(0.0, host.free_at_s - time.monotonic())):
                raise FetchError("unreachable", "Not fetched: the run is over.", location=url)
            deadline.extend(time.monotonic() - started_s)
            try:
                return _Transfer(url, host.session, self.limits, deadline).run(max_bytes, truncate=truncate)
            finally:
                host.free_at_s = time.monotonic() + host.delay_s


@dataclass(slots=True)
class _Host:
    """One site's turn: its lock is held for a whole exchange, so its session has one user at a time."""

    session: requests.Session
    lock: threading.Lock = field(default_factory=threading.Lock)
    delay_s: float = 0.0
    free_at_s: float = 0.0


@dataclass(slots=True)
class _Robots:
    """The rules of one origin, or why they cannot be known; neither until they were asked for."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego | None = None
    refusal: FetchError | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    status: int
    headers: Mapping[str, str]
    data: bytes


class _Deadline:
    """The moment by which a fetch with all its hops must be over."""

    def __init__(self, seconds: float) -> None:
        self.at_s = time.monotonic() + seconds

    @property
    def remaining_s(self) -> float:
        return self.at_s - time.monotonic()

    def extend(self, seconds: float) -> None:
        self.at_s += seconds


class _Transfer:
    """One GET, its retries and its body, with every failure turned into a FetchError."""

    def __init__(self, url: str, session: requests.Session, limits: Limits, deadline: _Deadline) -> None:
        self.url = url
        self.session = session
        self.limits = limits
        self.deadline = deadline

    def run(self, max_bytes: int, *, truncate: bool) -> _Answer:
        """The answer; a body longer than `max_bytes` is cut there (`truncate`) or raises too_large."""
        adapter = self.session.get_adapter(self.url)
        assert isinstance(adapter, _Adapter)
        _log.debug("GET %s", self.url)
        try:
            with adapter.cut_off_at(self.deadline), self._get() as response:
                data = self._body(response, max_bytes, truncate=truncate)
        except (requests.RequestException, HTTPError, ValueError, OSError) as error:
            raise self._failure(error) from error
        if self.deadline.remaining_s <= 0:  # a body without a stated length looks whole when it is cut off
            raise self._overdue()
        return _Answer(self.url, response.status_code, response.headers, data)

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


class _Adapter(HTTPAdapter):
    """An adapter whose open connections can be cut off from another thread.

    Timeouts of sockets bound only the wait for the next byte: a server that sends one byte at a time, in the
    headers or in the body, would keep a thread for ever.
    """

    def __init__(self) -> None:
        self._connections: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()
        self._response: BaseHTTPResponse | None = None
        super().__init__(pool_connections=2, pool_maxsize=1)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        if not isinstance(pool.ConnectionCls, partial):
            pool.ConnectionCls = partial(self._connect, pool.ConnectionCls)
        return pool

    def _connect(self, kind: type[HTTPConnection], *args: Any, **kwargs: Any) -> HTTPConnection:
        connection = kind(*args, **kwargs)
        self._connections.add(connection)
        return connection

    def build_response(self, request: requests.PreparedRequest, response: Any) -> requests.Response:
        self._response = response
        return super().build_response(request, response)

    @contextmanager
    def cut_off_at(self, deadline: _Deadline) -> Iterator[None]:
        """Until the end of the block, the deadline ends every read; retries stop there too."""
        self.max_retries = _Retry.until(deadline)
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(deadline, done), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()  # so that it never cuts the next exchange
            self._response = None

    def _watch(self, deadline: _Deadline, done: threading.Event) -> None:
        # Again every second: at the deadline the connection may not have been made yet.
        while not done.wait(deadline.remaining_s if deadline.remaining_s > 0 else 1.0):
            self._cut()

    def _cut(self) -> None:
        # Until the headers are in, the connection holds the socket; then the response may be its only holder.
        for connection in list(self._connections):
            sock = connection.sock
            if sock is not None:
                _shut_down(sock)
        response = self._response
        if response is not None:
            try:
                response.shutdown()
            except (OSError, ValueError, RuntimeError):
                _log.debug("Nothing to cut off: the answer was complete")


class _Retry(Retry):
    """Two more tries for a broken connection and for 502, 503, 504, within the deadline."""

    deadline: _Deadline

    @classmethod
    def until(cls, deadline: _Deadline) -> Self:
        retry = cls(
            total=2,
            redirect=False,
            status_forcelist=(502, 503, 504),
            backoff_factor=0.2,
            raise_on_status=False,
        )
        retry.deadline = deadline
        return retry

    def new(self, **changes: Any) -> Self:
        retry = super().new(**changes)
        retry.deadline = self.deadline
        return retry

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        if error is not None and (isinstance(error, ReadTimeoutError) or self.deadline.remaining_s <= 0):
            raise error  # a site that is silent for half a minute will be so again
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        try:
            seconds = super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None
        if seconds is None:
            return None
        return max(0.0, min(seconds, MAX_RETRY_AFTER_S, self.deadline.remaining_s))


class _Session(requests.Session):
    """A session that leaves redirects alone: to offer the next request, requests reads their body to its end."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


def _session(user_agent: str) -> requests.Session:
    session = _Session()
    session.headers["User-Agent"] = user_agent
    session.headers["Accept"] = "text/html, application/xhtml+xml, application/pdf, */*;q=0.5"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # With a callable here requests sends no password from ~/.netrc, and still uses the environment's proxies.
    session.auth = _no_password
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    return session


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _user_agent(name: str, contact: str) -> str:
    """`reportsearch/0.1.0 (+contact)`; the contact in printable ASCII, so that it cannot add a header."""
    try:
        number = version("reportsearch")
    except PackageNotFoundError:
        number = "0"
    printable = re.sub(r"[^ -~]|[()]", "", contact).strip()[:200]
    return f"{name}/{number} (+{printable})" if printable else f"{name}/{number}"


def _checked(url: str, referrer: str) -> str:
    """The address without fragment. Raises FetchError (bad_url) for what must not be fetched."""
    reason = _objection(url)
    if reason:
        led = f" {_without_userinfo(referrer)[:300]} leads there." if referrer != url else ""
        raise FetchError("bad_url", f"{reason}.{led}", location=_without_userinfo(url)[:300])
    return urldefrag(url).url


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


def _redirect_target(answer: _Answer) -> str:
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


def _response(answer: _Answer) -> Response:
    """The answer as a Response. Raises FetchError (http_error) where its status is not one of success."""
    if not 200 <= answer.status < 300:
        message = f"Answers {answer.status}."
        raise FetchError("http_error", message, location=answer.url, http_status=answer.status)
    content_type = answer.headers.get("Content-Type", "")[:1000]
    media_type = content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(content_type)
    return Response(
        url=answer.url,
        status=answer.status,
        data=answer.data,
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "",
        charset=charset[1] if charset else None,
    )


def _shut_down(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        _log.debug("Nothing to cut off: the connection was closed")


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


def _without_userinfo(url: str) -> str:
    """The URL as it may be shown: without a name and password before the host."""
    return re.sub(r"^([\w+.-]{0,20}:)?//[^/?#]*@", r"\1//", url, count=1)
