"""Where reports come from: each source yields candidates, and failures that do not end it."""

from collections.abc import Iterator

from ..access import Access
from ..report import Candidate, Failure
from ..settings import Source
from .folder import walk
from .listing import Runner, follow

__all__ = ["discover"]


def discover(source: Source, access: Access, run: Runner) -> Iterator[Candidate | Failure]:
    """What the source offers now, in its own order; `run` calls a reader on a listing's page, in a worker.

    Raises ReadError where the source cannot be read, or not to its end: what was not seen may still be there. So may
    the reports for which a failure stands, other than that of a link.
    """
    return follow(source, access, run) if source.listing else walk(source, access)
