"""What is done to a collection: update it from its sources, add single reports, remove some."""

from collections.abc import Iterable, Iterator

from .access import Access
from .report import Candidate, Failure
from .run import Run, RunOptions, RunSummary
from .settings import Settings, Source
from .sources.folder import candidates_of_file, walk
from .sources.listing import check_selectors
from .urls import is_url, local_path

__all__ = ["add", "remove", "update"]

ADDED = "added"
"""The name under which reports stand that `add` brought; no `update` takes them out again."""

_DEFAULTS = RunOptions()


def update(settings: Settings, sources: Iterable[Source], options: RunOptions = _DEFAULTS) -> RunSummary:
    """Brings the index to what the sources offer now; reports that a source no longer offers are taken out.

    A source that cannot be read whole loses nothing. Raises SettingsError for a selector that is no CSS, before
    anything is read; LockHeldError, IndexFormatError, CollectionError.
    """
    sources = list(sources)
    for source in sources:
        check_selectors(source)
    with Run.opened(settings, options) as run:
        for source in sources:
            run.take_source(source)
        return run.finish()


def add(settings: Settings, places: Iterable[str], options: RunOptions = _DEFAULTS) -> RunSummary:
    """Adds or replaces single reports: web pages with their files, PDFs, folders, JSON lines. Takes nothing out."""
    with Run.opened(settings, options) as run:
        for place in places:
            run.take(_candidates_at(place, run.access), ADDED)
        return run.finish()


def remove(settings: Settings, names: Iterable[str], options: RunOptions = _DEFAULTS) -> RunSummary:
    """Takes reports out, each named by its identity, URL or path.

    Raises ReportNotFoundError for a name that is none, before anything is changed.
    """
    with Run.opened(settings, options) as run:
        for identity in [run.identity_of(name) for name in names]:
            run.remove(identity)
        return run.finish()


def _candidates_at(place: str, access: Access) -> Iterator[Candidate | Failure]:
    location = access.locate(place)
    if is_url(location):
        try:
            yield Candidate(access.identity(location), location, ADDED, follow=True)
        except ValueError:
            yield Failure(place[:500], "bad_url", "This is no address that can be fetched.", ADDED)
        return
    path = local_path(location)
    if path.is_dir():
        yield from walk(Source(ADDED, folder=str(path)), access)
    else:
        yield from candidates_of_file(path, ADDED, access)
