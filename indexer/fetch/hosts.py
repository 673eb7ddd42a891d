"""Whose turn it is: one exchange at a time with each host, at the pace that it asks for.

Which addresses may be asked for, and what the answers mean, is not known here.
"""

import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import FetchError
from ..settings import Limits
from .session import Deadline, Session
from .transfer import Answer, Transfer

__all__ = ["Host", "Hosts"]


@dataclass(slots=True)
class Host:
    """One site's turn: its lock is held for a whole exchange, so its session has one user at a time."""

    session: Session
    lock: threading.Lock = field(default_factory=threading.Lock)
    delay_s: float = 0.0
    free_at_s: float = 0.0  # of the monotonic clock


class Hosts:
    """Every host of a run by its name; safe to share between threads."""

    def __init__(self, user_agent: str, limits: Limits) -> None:
        self._user_agent = user_agent
        self._limits = limits
        self._by_name: dict[str, Host] = {}
        self._by_name_lock = threading.Lock()
        self._closed = threading.Event()

    def host(self, url: str) -> Host:
        name = (urlsplit(url).hostname or "").lower()
        with self._by_name_lock:
            if name not in self._by_name:
                self._by_name[name] = Host(Session(self._user_agent))
            return self._by_name[name]

    def slow_down(self, url: str, delay_s: float) -> None:
        """From its next exchange on the host has at least this pause after each; never a shorter one than before."""
        host = self.host(url)
        host.delay_s = max(host.delay_s, delay_s)

    def exchange(self, url: str, deadline: Deadline, max_bytes: int, *, truncate: bool = False) -> Answer:
        """One GET when it is the host's turn; waiting for it does not count against the deadline."""
        host = self.host(url)
        started_s = time.monotonic()
        with host.lock:
            if self._closed.wait(max(0.0, host.free_at_s - time.monotonic())):
                raise FetchError("unreachable", "Not fetched: the run is over.", location=url)
            deadline.extend(time.monotonic() - started_s)
            try:
                return Transfer(url, host.session, self._limits, deadline).run(max_bytes, truncate=truncate)
            finally:
                host.free_at_s = time.monotonic() + host.delay_s

    def close(self) -> None:
        """Closes all connections; threads that wait for their turn or for a site end with a FetchError."""
        self._closed.set()
        with self._by_name_lock:
            for host in self._by_name.values():
                host.session.close()
