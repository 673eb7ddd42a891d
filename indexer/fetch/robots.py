"""What a site allows: the rules of each origin, read once a run (RFC 9309).

Only the rules are known here, not the pages that they are for: redirects of a page are followed in fetcher.py.
"""

import logging
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from ..errors import FetchError
from ..settings import Limits
from .address import MAX_REDIRECTS, REDIRECT_STATUSES, checked, redirect_target
from .hosts import Hosts
from .session import Deadline

__all__ = ["MAX_CRAWL_DELAY_S", "ROBOTS_MAX_BYTES", "Robots"]

MAX_CRAWL_DELAY_S = 30.0  # Crawl-delay is in no standard, and sites that want no robots at all write an hour
ROBOTS_MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: parsers must read at least 500 kibibytes

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Origin:
    """The rules of one origin, or why they cannot be known; neither until they were asked for."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego | None = None
    refusal: FetchError | None = None


class Robots:
    """The rules of every origin that was asked for, each read once; safe to share between threads.

    `token` is what robots.txt calls us.
    """

    def __init__(self, token: str, hosts: Hosts, limits: Limits) -> None:
        self._token = token
        self._hosts = hosts
        self._limits = limits
        self._origins: dict[str, _Origin] = {}
        self._origins_lock = threading.Lock()

    def ask(self, url: str) -> None:
        """Raises FetchError where the site's robots.txt forbids the address or cannot be had."""
        name = "{0.scheme}://{0.netloc}".format(urlsplit(url)).lower()
        with self._origins_lock:
            origin = self._origins.setdefault(name, _Origin())
        with origin.lock:  # the second thread waits for the first one's copy
            if origin.rules is None and origin.refusal is None:
                self._read(name, origin)
        if origin.refusal is not None:
            raise FetchError(origin.refusal.status, origin.refusal.message, location=url)
        if origin.rules is not None and not origin.rules.can_fetch(url, self._token):
            raise FetchError("robots_denied", "Not allowed for robots.", location=url)

    def _read(self, name: str, origin: _Origin) -> None:
        """Fills in what the site says; what cannot be known forbids everything (RFC 9309 §2.3.1.4)."""
        try:
            origin.rules = Protego.parse(self._text(name))
        except FetchError as error:
            origin.refusal = error
            return
        delay_s = origin.rules.crawl_delay(self._token) or 0.0
        if delay_s:
            self._hosts.slow_down(name, min(delay_s, MAX_CRAWL_DELAY_S))
            _log.info("%s asks for %g s between requests", name, delay_s)

    def _text(self, name: str) -> str:
        """The text of robots.txt; "" where there is none, which allows everything.

        Raises FetchError where the site fails to answer, or answers with a server error.
        """
        deadline = Deadline(self._limits.total_timeout_s)  # not the rest of one page's: this holds for the run
        url = f"{name}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = self._hosts.exchange(url, deadline, ROBOTS_MAX_BYTES, truncate=True)
            except FetchError as error:
                message = f"Its robots.txt cannot be had, so nothing is fetched: {error.message}"
                raise FetchError("unreachable", message, location=name) from error
            if answer.status >= 500:
                message = f"Its robots.txt answers {answer.status}, which forbids everything."
                raise FetchError("robots_denied", message, location=name)
            if answer.status not in REDIRECT_STATUSES:
                return answer.data.decode("utf-8-sig", "replace") if answer.status < 300 else ""
            try:
                url = checked(redirect_target(answer), url)
            except FetchError:
                return ""  # leads to no web address: as good as none
        return ""  # RFC 9309 §2.3.1.2: after five redirects it may be taken as unavailable
