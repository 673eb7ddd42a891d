"""Makes the sample collection: the site in `corpus/site/` with its PDFs, from the source in `scripts/sample/`.

    python scripts/make_corpus.py            writes corpus/site/ anew
    python scripts/make_corpus.py FOLDER     writes FOLDER/site/

It needs fpdf2. The same version of it gives the same bytes each time.
"""

import argparse
import shutil
from pathlib import Path

from sample.booklet import write_pdf
from sample.lines import read_hyphens
from sample.pages import Pages
from sample.source import read_booklet, read_shelf

SOURCE = Path(__file__).resolve().parent / "sample"
CORPUS = Path(__file__).resolve().parent.parent / "corpus"
PLAIN_PAGES = {"about": "About this shelf", "news": "News", "privacy": "Privacy and cookies"}


def make_corpus(folder: Path) -> None:
    """Writes `folder`/site; what stood there is replaced."""
    site = folder / "site"
    shutil.rmtree(site, ignore_errors=True)
    for name in ("reports", "files"):
        (site / name).mkdir(parents=True)
    shelf = read_shelf(SOURCE / "shelf.toml")
    pages = Pages(shelf, SOURCE / "templates")
    page_counts = make_files(site / "files")
    for report in shelf.reports:
        landing = read_booklet(SOURCE / "text" / f"{report.slug}.landing.md")
        _write(site / "reports" / f"{report.slug}.html", pages.landing(report, landing, page_counts))
    _write(site / "index.html", pages.listing(1))
    _write(site / "page-2.html", pages.listing(2))
    for name, title in PLAIN_PAGES.items():
        _write(site / f"{name}.html", pages.plain(name, title))
    _write(site / "style.css", (SOURCE / "templates" / "style.css").read_text("utf-8"))


def make_files(folder: Path) -> dict[str, int]:
    """The pages of each PDF by its name; the PDFs are written to `folder`."""
    hyphens = read_hyphens(SOURCE / "text" / "hyphens.txt")
    counts = {}
    for report in read_shelf(SOURCE / "shelf.toml").reports:
        for file in report.files:
            booklet = read_booklet(SOURCE / "text" / f"{file.text}.md")
            counts[file.name] = write_pdf(report, file, booklet, hyphens, folder / file.name)
    return counts


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample collection of reportsearch.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=CORPUS, help="where site/ is written (default: corpus/)"
    )
    make_corpus(parser.parse_args().folder)


if __name__ == "__main__":
    main()
