"""An HTTP session that keeps nothing, tells nothing, and lets no exchange outlast its deadline.

What is asked for, and what the answer means, is not known here: only how requests and urllib3 are held to the limits.
"""

import logging
import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import InvalidHeader, ReadTimeoutError
from urllib3.util import Retry

__all__ = ["MAX_RETRY_AFTER_S", "Deadline", "Session"]

MAX_RETRY_AFTER_S = 5.0

_log = logging.getLogger(__name__)


class Deadline:
    """The moment by which a fetch with all its hops must be over."""

    def __init__(self, seconds: float) -> None:
        self.at_s = time.monotonic() + seconds

    @property
    def remaining_s(self) -> float:
        return self.at_s - time.monotonic()

    def extend(self, seconds: float) -> None:
        self.at_s += seconds

    def expire(self) -> None:
        """It is over now."""
        self.at_s = time.monotonic()


class Session(requests.Session):
    """The connections to one host: no cookies kept, no passwords sent, no redirects followed."""

    def __init__(self, user_agent: str) -> None:
        super().__init__()
        self.headers["User-Agent"] = user_agent
        self.headers["Accept"] = "text/html, application/xhtml+xml, application/pdf, */*;q=0.5"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # With a callable here requests sends no password from ~/.netrc, and still uses the environment's proxies.
        self.auth = _no_password
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def cut_off_at(self, url: str, deadline: Deadline) -> AbstractContextManager[None]:
        """Until the end of the block, the deadline ends every read of this URL; retries stop there too."""
        adapter = self.get_adapter(url)
        assert isinstance(adapter, _Adapter)
        return adapter.cut_off_at(deadline)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: to offer the next request of a redirect, requests would read the body of this one to its end."""
        return None


class _Adapter(HTTPAdapter):
    """An adapter whose open connections can be cut off from another thread.

    Timeouts of sockets bound only the wait for the next byte: a server that sends one byte at a time, in the
    headers or in the body, would keep a thread for ever.
    """

    def __init__(self) -> None:
        self._connections: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()
        self._response: BaseHTTPResponse | None = None
        self._deadline: Deadline | None = None
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
    def cut_off_at(self, deadline: Deadline) -> Iterator[None]:
        """Until the end of the block, the deadline ends every read; retries stop there too."""
        self.max_retries = _Retry.until(deadline)
        self._deadline = deadline
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(deadline, done), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()  # so that it never cuts the next exchange
            self._response = self._deadline = None

    def close(self) -> None:
        """Closes the connections; an exchange that is under way in another thread ends now, and is not retried."""
        deadline = self._deadline
        if deadline is not None:
            deadline.expire()
            self._cut()
        super().close()

    def _watch(self, deadline: Deadline, done: threading.Event) -> None:
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

    deadline: Deadline

    @classmethod
    def until(cls, deadline: Deadline) -> Self:
        retry = cls(
            total=2, redirect=False, status_forcelist=(502, 503, 504), backoff_factor=0.2, raise_on_status=False
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


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _shut_down(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        _log.debug("Nothing to cut off: the connection was closed")
