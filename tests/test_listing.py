"""A live listing: cards, landing pages and PDFs over HTTP on loopback become one report each, and survive bad days."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fpdf import FPDF

from reportsearch.indexer import pipeline
from reportsearch.indexer.errors import SettingsError
from reportsearch.indexer.report import Origin
from reportsearch.indexer.run import RunOptions, RunSummary
from reportsearch.indexer.settings import Settings, Source, load_settings
from reportsearch.search import open_collection

TITLES = (
    "Better support, better protection: Steps lawyers and guardians can take to better identify and protect "
    "trafficked children",
    "Heading back to harm: A study on trafficked and unaccompanied children going missing from care in the UK",
    "Class Acts? Examining modern slavery legislation across the UK",
    "Time to deliver",
    "UK implementation of the UN Convention on the Rights of the Child",
    "FAQs on child trafficking",
    "Trafficking for Forced Criminal Activities and Begging in Europe",
    "Proposal for a Revised National Referral Mechanism (NRM): For Adults",
    "Proposal for a Revised National Referral Mechanism (NRM): For Children",
    "Modern Slavery, Human Trafficking and Human Exploitation Bill",
)


@dataclass
class Site:
    """A site under the test's control: bodies by path, statuses that override them, and what was asked for."""

    pages: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    address: str = ""


def pdf(*pages: str) -> bytes:
    document = FPDF()
    document.set_font("Helvetica", size=12)
    for text in pages:
        document.add_page()
        document.multi_cell(0, 8, text)
    return bytes(document.output())


def card(number: int) -> str:
    link = f"/reports/{number}?utm_source=list"
    return (
        f'<article><h3><a href="{link}">{TITLES[number]}</a></h3><p>Teaser number {number} about children and the '
        f'people who look after them.</p><a href="{link}">Read more</a></article>'
    )


def listing(numbers: range, following: str = "") -> bytes:
    menu = "".join(f'<li><a href="/menu/{number}">Menu entry {number}</a></li>' for number in range(12))
    link = f'<a rel="next" href="{following}">Next</a>' if following else ""
    cards = "".join(card(number) for number in numbers)
    return (
        f"<html lang=en><nav><ul>{menu}</ul></nav><main>{cards}{link}</main><footer>© Example</footer></html>".encode()
    )


def landing(number: int) -> bytes:
    text = " ".join([f"Landing page {number} speaks of placements, guardians and the duties of councils."] * 6)
    files = f'<p><a href="/files/{number}.pdf">Download the report (PDF)</a></p>' if number % 2 else ""
    return f"<html lang=en><main><h1>{TITLES[number]}</h1><p>{text}</p>{files}</main></html>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {"/list": listing(range(6), "/list?page=2"), "/list?page=2": listing(range(5, 10))}
    for number in range(10):
        pages[f"/reports/{number}?utm_source=list"] = landing(number)
        pages[f"/files/{number}.pdf"] = pdf(f"Cover of report {number}.", f"Kilns and quarries, finding {number}.")
    state = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            state.agents.add(self.headers["User-Agent"])
            body = state.pages.get(self.path, b"")
            self.send_response(state.statuses.get(self.path, 200 if self.path in state.pages else 404))
            self.send_header("Content-Type", "application/pdf" if body.startswith(b"%PDF") else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, {"REPORTSEARCH_CONTACT": "search@example.org", "REPORTSEARCH_READ_TIMEOUT_S": "5"})


def update(settings: Settings, site: Site, **options: bool) -> RunSummary:
    return pipeline.update(settings, [Source("web", listing=f"{site.address}/list")], RunOptions(**options))


def test_ten_cards_on_two_pages_are_ten_reports_with_their_pdfs(settings: Settings, site: Site) -> None:
    summary = update(settings, site)
    assert (summary.found, summary.added, summary.failures) == (10, 10, [])
    with open_collection(settings.folder) as collection:
        hits = collection.search("trafficking children placements", per_page=20)
        assert sorted(hit.title for hit in hits) == sorted(TITLES)
        report = collection.report(f"{site.address}/reports/1?utm_source=list")
        assert report.id == f"{site.address}/reports/1?utm_source=list".partition("?")[0]
        assert report.summary.startswith("Teaser number 1")
        assert (report.origins["title"], report.origins["summary"]) == (Origin.PAGE, Origin.CARD)
        assert [file.media_type for file in report.files] == ["text/html", "application/pdf"]
        (best, *_) = collection.search('"quarries finding 1"')
        snippet = best.snippets[0]
        assert (best.title, snippet.page) == (TITLES[1], 2)
        assert snippet.link == snippet.file + "#page=2" == f"{site.address}/files/1.pdf#page=2"
        (best, *_) = collection.search('"landing page 4"')
        assert "#:~:text=Landing%20page%204" in best.snippets[0].link


def test_the_site_is_asked_politely(settings: Settings, site: Site) -> None:
    update(settings, site)
    assert site.asked.count("/robots.txt") == 1
    assert not [path for path in site.asked if path.startswith("/menu")]
    (agent,) = site.agents
    assert agent.startswith("reportsearch/")
    assert agent.endswith("(+search@example.org)")


def test_nothing_changed_means_nothing_written(settings: Settings, site: Site) -> None:
    update(settings, site)
    before = sorted((path.name, path.stat().st_mtime_ns) for path in settings.index_folder.iterdir())
    again = update(settings, site)
    assert (again.unchanged, again.committed) == (10, False)
    assert sorted((path.name, path.stat().st_mtime_ns) for path in settings.index_folder.iterdir()) == before


def test_a_site_that_is_down_costs_nothing(settings: Settings, site: Site) -> None:
    update(settings, site)
    site.statuses = dict.fromkeys([*site.pages, "/robots.txt"], 500)
    again = update(settings, site)
    assert (again.removed, again.changed) == (0, 0)
    assert {failure.status for failure in again.failures} <= {"robots_denied", "http_error"}
    with open_collection(settings.folder) as collection:
        assert len(collection.search("placements", per_page=20)) == 10


def test_a_second_page_that_fails_takes_nothing_out(settings: Settings, site: Site) -> None:
    update(settings, site)
    site.statuses["/list?page=2"] = 500
    again = update(settings, site)
    assert (again.found, again.removed, [failure.status for failure in again.failures]) == (6, 0, ["http_error"])


def test_a_card_that_is_gone_takes_its_report_out(settings: Settings, site: Site) -> None:
    update(settings, site)
    site.pages["/list?page=2"] = listing(range(5, 9))
    assert update(settings, site).removed == 1


def test_a_pdf_that_fails_for_a_day_keeps_the_report_whole(settings: Settings, site: Site) -> None:
    update(settings, site)
    site.statuses["/files/1.pdf"] = 503
    site.pages["/reports/1?utm_source=list"] = landing(1).replace(b"councils", b"mayors")
    again = update(settings, site)
    assert (again.changed, [failure.status for failure in again.failures]) == (0, ["http_error"])
    with open_collection(settings.folder) as collection:
        assert collection.search('"quarries finding 1"').total == 1
    del site.statuses["/files/1.pdf"]
    assert update(settings, site).changed == 1


def test_a_new_pdf_that_fails_is_tried_again(settings: Settings, site: Site) -> None:
    site.statuses["/files/1.pdf"] = 500
    first = update(settings, site)
    assert (first.added, [failure.location for failure in first.failures]) == (10, [f"{site.address}/files/1.pdf"])
    del site.statuses["/files/1.pdf"]
    assert update(settings, site).changed == 1
    with open_collection(settings.folder) as collection:
        assert collection.failures() == []
        assert collection.search('"quarries finding 1"').total == 1


def test_a_page_that_changes_is_read_anew(settings: Settings, site: Site) -> None:
    update(settings, site)
    site.pages["/reports/4?utm_source=list"] = landing(4).replace(b"councils", b"archipelagos")
    assert update(settings, site).changed == 1
    with open_collection(settings.folder) as collection:
        assert collection.search("archipelagos").total == 1


def test_a_teaser_that_changes_is_enough(settings: Settings, site: Site) -> None:
    update(settings, site)
    site.pages["/list"] = site.pages["/list"].replace(b"Teaser number 2", b"Zeppelin number 2")
    assert update(settings, site).changed == 1
    with open_collection(settings.folder) as collection:
        assert collection.search("zeppelin")[0].title == TITLES[2]


def test_selectors_of_the_settings_override_what_is_found(settings: Settings, site: Site) -> None:
    source = Source("web", listing=f"{site.address}/list", item="nav li")
    summary = pipeline.update(settings, [source])
    assert [path for path in site.asked if path.startswith("/menu")]
    assert summary.found == 12


def test_a_selector_that_is_no_css_is_told_before_anything_is_fetched(settings: Settings, site: Site) -> None:
    sources = [Source("one", listing=f"{site.address}/list"), Source("two", listing=f"{site.address}/list", item="h3[")]
    with pytest.raises(SettingsError, match=r"'two'.*item = 'h3\['"):
        pipeline.update(settings, sources)
    assert site.asked == []


def test_a_saved_page_with_root_relative_links_leads_to_its_site(settings: Settings, site: Site) -> None:
    (settings.folder / "saved.html").write_bytes(listing(range(6), "/list?page=2"))
    source = Source("saved", listing="saved.html", base_url=f"{site.address}/list")
    summary = pipeline.update(settings, [source])
    assert (summary.added, summary.failures) == (10, [])
    assert "/list" not in site.asked
    with open_collection(settings.folder) as collection:
        assert collection.report(f"{site.address}/reports/3").source == "saved"


def test_a_listing_that_is_no_address_costs_the_others_nothing(settings: Settings, site: Site) -> None:
    sources = [Source("bad", listing="http://[bad"), Source("web", listing=f"{site.address}/list")]
    summary = pipeline.update(settings, sources)
    assert (summary.added, [(one.location, one.status) for one in summary.failures]) == (
        10,
        [("http://[bad", "bad_url")],
    )


def test_a_landing_page_given_to_add_brings_its_pdf(settings: Settings, site: Site) -> None:
    summary = pipeline.add(settings, [f"{site.address}/reports/3?utm_source=list"])
    assert (summary.added, summary.pages) == (1, 2)
