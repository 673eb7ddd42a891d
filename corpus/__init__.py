"""A sample collection: a listing of two pages, ten landing pages and their PDFs, in our own words."""

from pathlib import Path

if __name__ == "corpus":
    raise ImportError("import reportsearch.corpus: under its bare name every class would be loaded twice")

__all__ = ["sample_folder"]


def sample_folder() -> Path:
    """The folder that holds the sample's `reports.toml` and `site/`; it may be read-only."""
    return Path(__file__).parent
