"""Fetching against a real HTTP server on loopback: manners, limits and hostile answers."""

import gzip
import hashlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from reportsearch.indexer.errors import FetchError
from reportsearch.indexer.fetch import MAX_CRAWL_DELAY_S, Fetcher, Response
from reportsearch.indexer.settings import Limits

LIMITS = Limits(connect_timeout_s=2.0, read_timeout_s=2.0, total_timeout_s=5.0, max_bytes=1_000_000)

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Site"

    def do_GET(self) -> None:
        self.server.requests.append((time.monotonic(), self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path.partition("?")[0])
        if answer is None:
            self.reply(404, b"nothing here")
        else:
            answer(self)

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients that hang up are what many of these tests are about

    def page(self, path: str, body: bytes = b"hello", status: int = 200, **headers: str) -> str:
        self.answers[path] = lambda handler: handler.reply(status, body, **headers)
        return self.url + path

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        return self.page(path, b"", status, Location=target)

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests]


@contextmanager
def running() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        site.shutdown()
        thread.join()
        site.server_close()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "*")
    with running() as one:
        yield one


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(contact="shelf@example.org", limits=LIMITS) as one:
        yield one


def refused(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    return caught.value


def test_a_page_comes_back_with_its_type_and_charset(site: Site, fetcher: Fetcher) -> None:
    url = site.page("/a", b"<p>hello", Content_Type='Text/HTML ; Charset="Windows-1252"')
    response = fetcher.fetch(url + "#part")
    assert response == Response(url, 200, b"<p>hello", "text/html", "Windows-1252")
    assert response.sha256 == hashlib.sha256(b"<p>hello").hexdigest()


@pytest.mark.parametrize("header", ["", "nonsense", "text/html" * 1000, ";charset="])
def test_a_content_type_that_says_nothing_is_empty(site: Site, fetcher: Fetcher, header: str) -> None:
    response = fetcher.fetch(site.page("/a", Content_Type=header))
    assert (response.media_type, response.charset) == ("", None)


def test_the_user_agent_names_us_and_whom_to_write_to(site: Site, fetcher: Fetcher) -> None:
    fetcher.fetch(site.page("/a"))
    agents = {headers["User-Agent"] for _, _, headers in site.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("reportsearch/")
    assert fetcher.user_agent.endswith(" (+shelf@example.org)")


def test_a_contact_cannot_add_a_header(site: Site) -> None:
    with Fetcher(contact="me\r\nX-Evil: 1\x00)ü", limits=LIMITS) as fetcher:
        fetcher.fetch(site.page("/a"))
        assert fetcher.user_agent.endswith(" (+meX-Evil: 1)")
    assert all("X-Evil" not in headers for _, _, headers in site.requests)
    with Fetcher(contact="", limits=LIMITS) as fetcher:
        assert "(" not in fetcher.user_agent


# robots.txt, as RFC 9309 says


def test_what_robots_txt_forbids_is_not_fetched(site: Site, fetcher: Fetcher) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: ReportSearch\nDisallow: /secret\nAllow: /secret/open\n"
    site.page("/robots.txt", rules)
    assert refused(fetcher, site.page("/secret/a")).status == "robots_denied"
    assert fetcher.fetch(site.page("/secret/open")).status == 200
    assert fetcher.fetch(site.page("/b")).status == 200
    assert site.paths().count("/robots.txt") == 1
    assert "/secret/a" not in site.paths()


def test_a_redirect_into_a_forbidden_place_is_not_followed(site: Site, fetcher: Fetcher) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /secret")
    site.page("/secret")
    assert refused(fetcher, site.redirect("/a", "/secret")).status == "robots_denied"
    assert "/secret" not in site.paths()


def test_another_host_is_asked_for_its_own_rules(site: Site, fetcher: Fetcher) -> None:
    with running() as other:
        other.page("/robots.txt", b"User-agent: *\nDisallow: /")
        assert refused(fetcher, site.redirect("/a", other.page("/b"))).status == "robots_denied"
        assert other.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_a_robots_txt_that_is_not_there_allows_everything(site: Site, fetcher: Fetcher, status: int) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /", status)
    assert fetcher.fetch(site.page("/a")).data == b"hello"


def test_a_robots_txt_with_a_server_error_forbids_everything(site: Site, fetcher: Fetcher) -> None:
    site.page("/robots.txt", b"", 500)
    error = refused(fetcher, site.page("/a"))
    assert error.status == "robots_denied"
    assert "500" in error.message
    assert refused(fetcher, site.page("/b")).location == site.url + "/b"
    assert site.paths() == ["/robots.txt"]


def test_a_robots_txt_may_have_moved(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/robots.txt", "/r/robots.txt", 301)
    site.page("/r/robots.txt", b"\xef\xbb\xbfUser-agent: *\nDisallow: /a")
    assert refused(fetcher, site.page("/a")).status == "robots_denied"


@pytest.mark.parametrize("target", ["/robots.txt", "file:///etc/passwd", "http://[", ""])
def test_a_robots_txt_that_leads_nowhere_allows_everything(site: Site, fetcher: Fetcher, target: str) -> None:
    site.redirect("/robots.txt", target)
    assert fetcher.fetch(site.page("/a")).data == b"hello"
    assert site.paths().count("/robots.txt") <= 6


def test_of_a_huge_robots_txt_the_beginning_counts(site: Site, fetcher: Fetcher) -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# padding\n" * 60_000 + b"Disallow: /b\n"
    site.page("/robots.txt", rules)
    assert refused(fetcher, site.page("/a")).status == "robots_denied"
    assert fetcher.fetch(site.page("/b")).status == 200


def test_a_crawl_delay_paces_the_requests(site: Site, fetcher: Fetcher) -> None:
    site.page("/robots.txt", b"User-agent: *\nCrawl-delay: 0.3")
    urls = [site.page(path) for path in ("/a", "/b", "/c")]
    threads = [threading.Thread(target=fetcher.fetch, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [at_s for at_s, path, _ in site.requests if path != "/robots.txt"]
    assert all(later - earlier >= 0.28 for earlier, later in pairwise(times))
    assert len(times) == 3


@pytest.mark.parametrize(("asked", "kept_s"), [(b"86400", MAX_CRAWL_DELAY_S), (b"-1", 0.0), (b"nan", 0.0)])
def test_a_crawl_delay_has_a_limit(site: Site, fetcher: Fetcher, asked: bytes, kept_s: float) -> None:
    site.page("/robots.txt", b"User-agent: *\nCrawl-delay: " + asked)
    fetcher.fetch(site.page("/a"))
    assert fetcher._hosts.host(site.url).delay_s == kept_s


def test_closing_ends_the_wait_for_a_turn(site: Site, fetcher: Fetcher) -> None:
    site.page("/robots.txt", b"User-agent: *\nCrawl-delay: 30")
    fetcher.fetch(site.page("/a"))
    errors: list[FetchError] = []
    thread = threading.Thread(target=lambda: errors.append(refused(fetcher, site.url + "/a")))
    thread.start()
    fetcher.close()
    thread.join(5)
    assert [error.status for error in errors] == ["unreachable"]


def test_a_host_gets_one_request_at_a_time(site: Site, fetcher: Fetcher) -> None:
    busy = threading.Lock()
    overlaps: list[str] = []

    def answer(handler: Handler) -> None:
        if not busy.acquire(blocking=False):
            overlaps.append(handler.path)
            return handler.reply(200)
        site.over.wait(0.05)
        handler.reply(200)
        return busy.release()

    site.page("/robots.txt", b"")
    site.answers["/a"] = answer
    threads = [threading.Thread(target=fetcher.fetch, args=(f"{site.url}/a?{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.requests) == 7
    assert overlaps == []


# redirects


def test_redirects_are_followed_and_the_last_address_kept(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/a", "b?x=1", 301)
    site.redirect("/b", "//" + site.url.removeprefix("http://") + "/with space#top", 308)
    site.page("/with%20space", b"there")
    response = fetcher.fetch(site.url + "/a")
    assert (response.url, response.data) == (site.url + "/with%20space", b"there")


def test_a_loop_of_redirects_ends(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    error = refused(fetcher, site.url + "/a")
    assert (error.status, error.http_status) == ("http_error", 302)
    assert len(site.requests) == 1 + 6


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "javascript:alert(1)",
        "//[site:url-brief]",
        "http://127.0.0.1:99999/",
        "http://name:word@127.0.0.1/",
    ],
)
def test_a_redirect_leads_only_to_web_addresses(site: Site, fetcher: Fetcher, target: str) -> None:
    error = refused(fetcher, site.redirect("/a", target))
    assert error.status == "bad_url"
    assert "name:word" not in str(error)


def test_the_body_of_a_redirect_is_not_read(site: Site, fetcher: Fetcher) -> None:
    def endless(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/b")
        handler.end_headers()
        while not site.over.is_set():
            handler.wfile.write(b"x" * 65536)

    site.answers["/a"] = endless
    assert fetcher.fetch(site.page("/b") and site.url + "/a").data == b"hello"


def test_a_redirect_without_a_target_is_an_http_error(site: Site, fetcher: Fetcher) -> None:
    error = refused(fetcher, site.page("/a", b"", 302))
    assert (error.status, error.http_status) == ("http_error", 302)


# answers that are no success


@pytest.mark.parametrize("status", [404, 410, 403, 500, 304])
def test_an_error_has_its_status(site: Site, fetcher: Fetcher, status: int) -> None:
    error = refused(fetcher, site.page("/a", b"" if status == 304 else b"sorry", status))
    assert (error.status, error.http_status) == ("http_error", status)


def test_a_busy_site_is_tried_again(site: Site, fetcher: Fetcher) -> None:
    answers = [(503, {"Retry_After": "0"}), (502, {}), (200, {})]

    def answer(handler: Handler) -> None:
        status, headers = answers.pop(0)
        handler.reply(status, b"at last", **headers)

    site.answers["/a"] = answer
    assert fetcher.fetch(site.url + "/a").data == b"at last"


def test_a_long_or_odd_retry_after_does_not_hold_the_run_up(site: Site) -> None:
    with Fetcher(limits=replace(LIMITS, total_timeout_s=0.5)) as fetcher:
        started_s = time.monotonic()
        assert refused(fetcher, site.page("/a", b"", 503, Retry_After="86400")).status in {
            "http_error",
            "timeout",
        }
        assert time.monotonic() - started_s < 2
    with Fetcher(limits=LIMITS) as fetcher:
        assert refused(fetcher, site.page("/b", b"", 503, Retry_After="soon")).http_status == 503


def test_a_connection_that_was_dropped_is_made_anew(site: Site, fetcher: Fetcher) -> None:
    tries: list[str] = []

    def answer(handler: Handler) -> None:
        tries.append(handler.path)
        if len(tries) < 3:
            handler.close_connection = True
            return
        handler.reply(200, b"at last")

    site.answers["/a"] = answer
    assert fetcher.fetch(site.url + "/a").data == b"at last"


def test_a_server_that_is_down_is_unreachable(fetcher: Fetcher) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        error = refused(fetcher, f"http://127.0.0.1:{taken.getsockname()[1]}/a")
    assert error.status == "unreachable"
    assert "robots.txt" in error.message


def test_a_body_that_breaks_off_is_unreachable(site: Site, fetcher: Fetcher) -> None:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")
        handler.close_connection = True

    site.answers["/a"] = answer
    assert refused(fetcher, site.url + "/a").status == "unreachable"


def test_a_body_that_is_no_gzip_is_unreachable(site: Site, fetcher: Fetcher) -> None:
    assert refused(fetcher, site.page("/a", b"no gzip", Content_Encoding="gzip")).status == "unreachable"


# limits


def test_a_gzip_bomb_is_cut_off_by_its_real_size(site: Site, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < LIMITS.max_bytes
    assert refused(fetcher, site.page("/a", bomb, Content_Encoding="gzip")).status == "too_large"
    assert fetcher.fetch(site.page("/b", gzip.compress(b"small"), Content_Encoding="gzip")).data == b"small"


def test_a_body_over_the_limit_is_too_large(site: Site, fetcher: Fetcher) -> None:
    assert refused(fetcher, site.page("/a", b"x" * (LIMITS.max_bytes + 1))).status == "too_large"
    assert len(fetcher.fetch(site.page("/b", b"x" * LIMITS.max_bytes)).data) == LIMITS.max_bytes

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()  # no length is stated: the body ends with the connection
        while not site.over.is_set():
            handler.wfile.write(b"x" * 65536)

    site.answers["/c"] = endless
    assert refused(fetcher, site.url + "/c").status == "too_large"


def _drip(site: Site, headers: bytes, drop: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + headers)
        while not site.over.wait(0.02):
            handler.wfile.write(drop)

    return answer


@pytest.mark.parametrize(
    ("headers", "drop"),
    [
        (b"X-Long: ", b"a"),
        (b"Content-Length: 100000\r\n\r\n", b"a"),
        (b"Connection: close\r\n\r\n", b"a"),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
    ids=["headers", "body", "body without length", "chunks"],
)
def test_a_server_that_drips_is_cut_off(site: Site, headers: bytes, drop: bytes) -> None:
    site.answers["/a"] = _drip(site, headers, drop)
    with Fetcher(limits=replace(LIMITS, total_timeout_s=0.4)) as fetcher:
        started_s = time.monotonic()
        assert refused(fetcher, site.url + "/a").status == "timeout"
        assert time.monotonic() - started_s < 1.5
        assert fetcher.fetch(site.page("/b")).data == b"hello"  # the host is not poisoned by it


def test_a_server_that_says_nothing_is_a_timeout(site: Site) -> None:
    def silent(handler: Handler) -> None:
        site.over.wait(10)

    site.answers["/a"] = silent
    with Fetcher(limits=replace(LIMITS, read_timeout_s=0.2)) as fetcher:
        error = refused(fetcher, site.url + "/a")
    assert error.status == "timeout"
    assert site.paths().count("/a") == 1


# addresses


@pytest.mark.parametrize(
    "url",
    [
        "",
        "report.pdf",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "http://",
        "http:///path",
        "//[site:url-brief]",
        "http://[::1",
        "http://example.org:port/",
        "http://exa mple.org/",
        "http://example.org/a\r\nX-Evil: 1",
        "http://example.org/" + "a" * 9000,
        "http://" + "a" * 300 + ".example/",
        "http://..example/",
        "http://*.example/",
    ],
)
def test_what_is_no_web_address_is_refused(fetcher: Fetcher, url: str) -> None:
    assert refused(fetcher, url).status in {"bad_url", "unreachable"}


def test_passwords_are_neither_sent_nor_shown(site: Site, fetcher: Fetcher, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "reportsearch")
    error = refused(fetcher, site.url.replace("http://", "http://name:word@") + "/a")
    assert error.status == "bad_url"
    assert "name:word" not in str(error) + caplog.text
    assert site.requests == []


def test_no_cookie_comes_back(site: Site, fetcher: Fetcher) -> None:
    fetcher.fetch(site.page("/a", Set_Cookie="id=1; Path=/"))
    fetcher.fetch(site.page("/b"))
    assert all("Cookie" not in headers for _, _, headers in site.requests)
