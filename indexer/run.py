"""One run, from what sources offer to one commit.

Reading happens in threads and worker processes; what they bring is taken in the order of the sources, so that the
index does not depend on how many there are. The index is committed first, the ledger saved after it: a run that dies
between the two is repeated by the next one, with the same result.
"""

from __future__ import annotations

import datetime
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from .access import Access
from .engine import DryWriter, IndexStore, ReportWriter
from .errors import LockHeldError, ReadError, ReportNotFoundError
from .extract.pool import ExtractionPool
from .fetch import Fetcher
from .gather import Gatherer, Outcome
from .ledger import Ledger, ReportRow
from .report import Candidate, Failure
from .settings import Settings, Source
from .sources import discover
from .urls import storable
from .whoosh_writer import WhooshStore

__all__ = ["Progress", "Run", "RunOptions", "RunSummary", "locked", "store_for"]

logger = logging.getLogger(__name__)

_OF_LINKS = frozenset({"bad_url", "outside"})
"""Failures of links that never led to a report; behind any other a report may be that was read before."""


class Progress(Protocol):
    """Who watches a run."""

    def found(self, candidate: Candidate) -> None:
        """A source offers this one; it will be read."""

    def done(self, candidate: Candidate) -> None:
        """This one is read, or has failed."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run. `force` reads also what has not changed, and lets a source become empty; with `dry_run` nothing is
    written; `lock_wait_s` is how long to wait for another run to finish."""

    force: bool = False
    dry_run: bool = False
    lock_wait_s: float = 0.0
    progress: Progress | None = None


@dataclass(slots=True)
class RunSummary:
    """What a run did. `failures` holds also those of files that failed before and have not changed since."""

    found: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicates: int = 0
    pages: int = 0
    failures: list[Failure] = field(default_factory=list)
    index_version: str | None = None
    committed: bool = False

    def counts(self) -> dict[str, int]:
        """The numbers, for the ledger and for people."""
        names = ("found", "added", "changed", "unchanged", "removed", "duplicates", "pages")
        return {name: getattr(self, name) for name in names} | {"failed": len(self.failures)}


def store_for(settings: Settings) -> IndexStore:
    """The collection's index, for writing."""
    return WhooshStore(settings.index_folder, settings.language, workers=settings.limits.workers)


class Run:
    """The state of one run; the lock is held as long as it lives."""

    def __init__(
        self, store: IndexStore, ledger: Ledger, access: Access, pool: ExtractionPool, options: RunOptions
    ) -> None:
        self.access = access
        self.summary = RunSummary()
        self._store = store
        self._ledger = ledger
        self._pool = pool
        today = datetime.datetime.now(datetime.UTC).date()
        self._gatherer = Gatherer(access, pool, force=options.force, today=today)
        self._options = options
        self._started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        self._writer: ReportWriter = DryWriter() if options.dry_run else store.writer()
        self._known = self._reconciled()
        self._seen: set[str] = set()
        self._failures: dict[str, list[Failure]] = {}  # of each source as a whole

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings, options: RunOptions) -> Iterator[Run]:
        """A run that holds the collection's lock; what it wrote is forgotten where it ends in an error."""
        with ExitStack() as stack:
            stack.enter_context(locked(settings.state_folder, options.lock_wait_s))
            ledger = stack.enter_context(Ledger(settings.state_folder / "ledger.sqlite"))
            access = Access(settings, stack.enter_context(Fetcher(contact=settings.contact, limits=settings.limits)))
            pool = stack.enter_context(ExtractionPool(settings.limits))
            run = cls(store_for(settings), ledger, access, pool, options)
            try:
                yield run
            except BaseException:
                with suppress(OSError):  # a full disk also gets in the way of tidying up
                    run._writer.cancel()
                raise

    def _reconciled(self) -> dict[str, ReportRow]:
        """What earlier runs saw; from the index itself where the ledger describes another version of it."""
        version = self._store.version()
        if version == self._ledger.described_version():
            return self._ledger.reports()
        logger.info("the ledger does not describe index %s: every report is read again", version)
        self._ledger.forget_reports()
        return {entry.id: ReportRow(entry.id, entry.source, (), entry.content_hash) for entry in self._store.entries()}

    def identity_of(self, name: str) -> str:
        """The identity of the report that a person means by `name`."""
        tries = [name]
        with suppress(ValueError):
            tries.append(self.access.identity(self.access.locate(name)))
        for identity in tries:
            if identity in self._known:
                return identity
        raise ReportNotFoundError(f"No report is known as {name!r}. `reportsearch search` prints the identities.")

    def remove(self, identity: str) -> None:
        if self._known[identity].content_hash:
            self._writer.delete(identity)
            self.summary.removed += 1
        self._ledger.remove(identity)

    def take_source(self, source: Source) -> None:
        """Reads a source; what it no longer offers goes, if it was read to its end."""
        found_before = self.summary.found
        complete = self.take(discover(source, self.access, self._pool.run), source.name)
        if not complete:
            return
        gone = [row for row in self._known.values() if row.source == source.name and row.id not in self._seen]
        indexed = sum(bool(row.content_hash) for row in gone)
        if indexed and self.summary.found == found_before and not self._options.force:
            message = f"The source had {indexed} reports and has none now."
            self._fail(Failure(source.location, "emptied", message), source.name)
            return
        for row in gone:
            self.remove(row.id)

    def take(self, offers: Iterator[Candidate | Failure], source: str) -> bool:
        """Reads and records what is offered; whether the source was read to its end."""
        sieve = _Sieve(offers, self._seen, self.summary, self._options.progress)
        complete = True
        for outcome in _in_order(sieve, self._gather, self.access.settings.limits.workers, stop=self._stop):
            complete = self._record(outcome) and complete
        self._failures.setdefault(source, [])
        for failure in sieve.failures:
            self._fail(failure, source)
        return sieve.complete and complete

    def _stop(self) -> None:
        """Ends the workers and connections, so that the threads that wait for them come back."""
        self._pool.close()
        self.access.close()

    def _fail(self, failure: Failure, source: str) -> None:
        location = self.access.portable(failure.location) if failure.location.startswith("file:") else failure.location
        named = Failure(storable(location), failure.status, storable(failure.message), source)
        self._failures[source].append(named)
        self.summary.failures.append(named)

    def _gather(self, candidate: Candidate) -> Outcome:
        return self._gatherer.gather(candidate, self._known.get(candidate.identity))

    def _record(self, outcome: Outcome) -> bool:
        """Writes down what became of a candidate; False for a line of records that may have been one before, under a
        name that it does not say now."""
        candidate, known = outcome.candidate, self._known.get(outcome.candidate.identity)
        former = known.content_hash if known else ""
        content_hash = outcome.report.content_hash if outcome.report else former
        row = ReportRow(candidate.identity, candidate.source, outcome.parts, content_hash)
        failures = outcome.failures
        if outcome.unchanged:
            failures = tuple(row.failure for row in self._ledger.failures(candidate.identity))
            self.summary.unchanged += bool(former)
        elif outcome.report is not None:
            self._count(outcome, former)
        if not outcome.unchanged or (known and known.source != candidate.source):
            self._ledger.put(row, failures)
        self.summary.failures.extend(failures)
        if self._options.progress is not None:
            self._options.progress.done(candidate)
        return candidate.record is None or bool(content_hash)

    def _count(self, outcome: Outcome, former: str) -> None:
        assert outcome.report is not None
        report = outcome.report
        self.summary.pages += sum(page.number is not None for page in report.pages)
        if report.content_hash == former:
            self.summary.unchanged += 1
            return
        self._writer.replace(report)
        if former:
            self.summary.changed += 1
        else:
            self.summary.added += 1

    def finish(self) -> RunSummary:
        """Commits the index, then the ledger."""
        summary = self.summary
        for source, failures in self._failures.items():
            self._ledger.put_failures("", source, failures)
        summary.committed = bool(summary.added or summary.changed or summary.removed) and not self._options.dry_run
        if summary.committed:
            self._writer.commit()
        summary.index_version = self._store.version()
        if not self._options.dry_run:
            self._ledger.put_run(self._started, summary.index_version or "", summary.counts())
            self._ledger.save()
            logger.info("run finished: %s", summary.counts())
        return summary


class _Sieve:
    """Candidates that this run has not seen yet; failures are set aside.

    `complete` is whether the source was read to its end, and none of its failures can stand for a report.
    """

    def __init__(
        self,
        offers: Iterator[Candidate | Failure],
        seen: set[str],
        summary: RunSummary,
        progress: Progress | None,
    ) -> None:
        self.failures: list[Failure] = []
        self.complete = False
        self._offers = offers
        self._seen = seen
        self._summary = summary
        self._progress = progress

    def __iter__(self) -> Iterator[Candidate]:
        hidden = False
        try:
            for offer in self._offers:
                if isinstance(offer, Failure):
                    self.failures.append(offer)
                    hidden |= offer.status not in _OF_LINKS
                elif offer.identity in self._seen:
                    self._summary.duplicates += 1
                    logger.info("%s is passed over: %s was offered before", offer.location, offer.identity)
                else:
                    self._seen.add(offer.identity)
                    self._summary.found += 1
                    if self._progress is not None:
                        self._progress.found(offer)
                    yield offer
            self.complete = not hidden
        except ReadError as error:
            self.failures.append(Failure(error.location, error.status, error.message))


def _in_order(
    candidates: Iterable[Candidate],
    work: Callable[[Candidate], Outcome],
    workers: int,
    *,
    stop: Callable[[], None],
) -> Iterator[Outcome]:
    """The outcomes in the order of the candidates, a few of which are under way at a time.

    `stop` is called where the run ends in an error or is interrupted: else the threads would finish their work first.
    """
    waiting: deque[Future[Outcome]] = deque()
    iterator = iter(candidates)
    with ThreadPoolExecutor(workers, thread_name_prefix="gather") as threads:
        try:
            waiting.extend(threads.submit(work, candidate) for candidate in islice(iterator, 4 * workers))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(threads.submit(work, candidate) for candidate in islice(iterator, 1))
        except BaseException:
            for future in waiting:
                future.cancel()
            stop()
            raise


@contextmanager
def locked(folder: Path, wait_s: float) -> Iterator[None]:
    """Holds the collection's lock. The system frees it when this process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=wait_s)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockHeldError(
            f"Another run is writing to {folder.parent}. Wait until it is done, or give --lock-wait SECONDS."
        ) from error
    try:
        yield
    finally:
        lock.release()
