"""What stands at an address: redirects followed, each hop as polite as the first, and the answer as a value.

How bytes come over the wire is not known here: that is for transfer.py and what stands below it.
"""

import logging
import re
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self

from ..errors import FetchError
from ..settings import Limits
from .address import MAX_REDIRECTS, REDIRECT_STATUSES, checked, redirect_target, without_userinfo
from .hosts import Hosts
from .robots import Robots
from .session import Deadline
from .transfer import Answer

__all__ = ["Fetcher", "Response"]

_MEDIA_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]{1,40})""", re.ASCII | re.I)

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
        self._hosts = Hosts(self.user_agent, self.limits)
        # RFC 9309 §2.2.1: robots.txt calls us by the product token alone.
        self._robots = Robots(user_agent_name, self._hosts, self.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections; threads that wait for their turn or for a site end with a FetchError."""
        self._hosts.close()

    def fetch(self, url: str) -> Response:
        """What stands at an http or https address.

        Raises FetchError: bad_url, robots_denied, unreachable, timeout, too_large or http_error (with its
        `http_status`; redirects that lead nowhere are one too).
        """
        deadline = Deadline(self.limits.total_timeout_s)
        first_url = url
        for _ in range(MAX_REDIRECTS + 1):
            url = checked(url, first_url)
            self._robots.ask(url)
            answer = self._hosts.exchange(url, deadline, self.limits.max_bytes)
            if answer.status not in REDIRECT_STATUSES:
                return _response(answer)
            url = redirect_target(answer)
            _log.debug("%s leads to %s", answer.url, without_userinfo(url))
        message = f"More than {MAX_REDIRECTS} redirects."
        raise FetchError("http_error", message, location=first_url, http_status=answer.status)


def _user_agent(name: str, contact: str) -> str:
    """`reportsearch/0.1.0 (+contact)`; the contact in printable ASCII, so that it cannot add a header."""
    try:
        number = version("reportsearch")
    except PackageNotFoundError:
        number = "0"
    printable = re.sub(r"[^ -~]|[()]", "", contact).strip()[:200]
    return f"{name}/{number} (+{printable})" if printable else f"{name}/{number}"


def _response(answer: Answer) -> Response:
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
