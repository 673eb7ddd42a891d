"""One candidate, read: its page, the files behind it, and the report they make, or what it failed by.

Runs in several threads at once; the parsing itself happens in worker processes.
"""

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from .access import Access, Opened
from .assemble import assemble
from .errors import FetchError, ReadError
from .extract.pool import ExtractionPool
from .ledger import Part, ReportRow, Yield
from .report import Candidate, Document, Failure, Report
from .sources.records import document_of_record, place_of, record_fingerprint

__all__ = ["Gatherer", "Outcome"]

_CARD = "(card)"
_UNFINISHED = Part("(unfinished)", "")  # among the parts: the next run has to look again
_PASSING = frozenset({"crashed", "out_of_memory", "timeout", "too_large", "unreadable"})  # though the bytes stay
_IN_PART = frozenset({"broken", "too_large", "truncated"})  # remarks on a file that was not read to its end


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a candidate.

    With `unchanged` nothing was parsed: its parts and failures are those of the last time. Without a `report` there is
    nothing to index; what an earlier run indexed stays.
    """

    candidate: Candidate
    parts: tuple[Part, ...] = ()
    report: Report | None = None
    failures: tuple[Failure, ...] = ()
    unchanged: bool = False


class _Missing(Exception):  # noqa: N818  not an error: a turn in the flow of one candidate
    """Less can be read now of a part of the report than an earlier run could."""


class Gatherer:
    """Reads candidates for one run. `force` parses also what has not changed."""

    def __init__(self, access: Access, pool: ExtractionPool, *, force: bool, today: datetime.date) -> None:
        self._access = access
        self._pool = pool
        self._force = force
        self._today = today

    def gather(self, candidate: Candidate, known: ReportRow | None) -> Outcome:
        """The candidate's report, or why there is none; never raises for what is wrong with the candidate itself."""
        if candidate.record is not None:
            return self._from_record(candidate, known)
        return _Reading(self._access, self._pool, candidate, known, self._force, self._today).outcome()

    def _from_record(self, candidate: Candidate, known: ReportRow | None) -> Outcome:
        assert candidate.record is not None
        parts: tuple[Part, ...] = ()
        try:
            fingerprint = record_fingerprint(candidate.record, candidate.identity)
            parts = (Part(self._access.portable(candidate.location), fingerprint),)
            if known and known.parts == parts and not self._force:
                return Outcome(candidate, parts, unchanged=True)
            document = document_of_record(candidate.record, candidate.identity)
        except ReadError as error:
            place = place_of(candidate, self._access)
            return Outcome(candidate, parts, failures=(Failure(place, error.status, error.message, candidate.source),))
        return Outcome(candidate, parts, assemble(candidate, [document], self._access, self._today))


def _failure(error: ReadError, candidate: Candidate, access: Access) -> Failure:
    location = error.location
    if location.startswith("file:"):
        location = access.portable(location)
    return Failure(location, error.status, error.message, candidate.source)


class _Reading:
    """The state of reading one candidate; what was opened once is not opened again."""

    def __init__(
        self,
        access: Access,
        pool: ExtractionPool,
        candidate: Candidate,
        known: ReportRow | None,
        force: bool,
        today: datetime.date,
    ) -> None:
        self._access = access
        self._pool = pool
        self._candidate = candidate
        self._known = known
        self._force = force
        self._today = today
        self._opened: dict[str, Opened] = {}
        self._failures: list[Failure] = []
        self._parts: list[Part] = []
        self._unopened: dict[str, FetchError] = {}

    def outcome(self) -> Outcome:
        candidate = self._candidate
        if self._known and not self._force and self._is_unchanged(self._known):
            return Outcome(candidate, self._known.parts, unchanged=True)
        if candidate.claims or candidate.files:
            self._parts.append(self._card())
        try:
            documents = list(self._documents())
        except _Missing:
            return Outcome(candidate, self._finished(self._kept()), failures=tuple(self._failures))
        except ReadError as error:
            self._failures.append(_failure(error, candidate, self._access))
            return Outcome(candidate, self._finished(self._kept()), failures=tuple(self._failures))
        report = assemble(candidate, documents, self._access, self._today)
        return Outcome(candidate, self._finished(self._parts), report, tuple(self._failures))

    def _kept(self) -> list[Part]:
        """The parts of the report that stays in the index, with the fingerprints of now: the same bytes fail again in
        the same way, which spares the next run the parsing."""
        kept = {part.location: part for part in self._parts}
        for part in self._known.parts if self._known else ():
            if part != _UNFINISHED:
                kept[part.location] = replace(kept.get(part.location, part), text=part.text)
        return list(kept.values())

    def _finished(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        """The parts, marked where the next run has to look again whatever their bytes."""
        again = self._unopened or any(failure.status in _PASSING for failure in self._failures)
        return (*parts, _UNFINISHED) if again else tuple(parts)

    def _is_unchanged(self, known: ReportRow) -> bool:
        """Whether card, page and files have the bytes of the last time (for web pages, that means fetching them)."""
        if not known.parts or _UNFINISHED in known.parts:
            return False
        for part in known.parts:
            if part.location == _CARD:
                if part != self._card():
                    return False
                continue
            try:
                opened = self._open(part.location, referrer=None)
            except ReadError:
                return False  # read anew, so that the failure is told
            if opened.fingerprint != part.fingerprint:
                return False
        return True

    def _documents(self) -> Iterator[Document]:
        """The page or file that the candidate names, and the files behind it, in order.

        Raises ReadError where the first cannot be read, and _Missing where less can be read of one than before.
        """
        first = self._document(self._candidate.location, referrer=None)
        yield first
        seen = {first.file.location, self._candidate.location}
        hashes = {first.file.sha256}
        for location in self._files_behind(first):
            if location in seen:
                continue
            seen.add(location)
            try:
                document = self._document(location, referrer=first.file.location)
            except ReadError as error:
                self._failures.append(_failure(error, self._candidate, self._access))
                if not _is_gone(error):
                    self._check_loss(location, Yield.NOTHING)
                continue
            if document.file.sha256 not in hashes:
                hashes.add(document.file.sha256)
                yield document

    def _files_behind(self, first: Document) -> Sequence[str]:
        links = first.links if self._candidate.follow else ()
        found = tuple(dict.fromkeys((*self._candidate.files, *links)))
        limit = self._access.settings.limits.max_files_per_report
        return found[:limit]

    def _document(self, location: str, referrer: str | None) -> Document:
        self._access.check(location, referrer)
        opened = self._open(location, referrer)
        self._parts.append(Part(location, opened.fingerprint, Yield.NOTHING))
        document = self._pool.extract(opened.raw)
        text = _yield_of(document)
        self._parts[-1] = Part(location, opened.fingerprint, text)
        for remark in document.remarks:
            where = self._access.portable(remark.location) if remark.location.startswith("file:") else remark.location
            self._failures.append(Failure(where, remark.status, remark.message, self._candidate.source))
        self._check_loss(location, text)
        return document

    def _open(self, location: str, referrer: str | None) -> Opened:
        if location in self._unopened:
            raise self._unopened[location]
        if location not in self._opened:
            try:
                self._opened[location] = self._access.open(location, referrer=referrer)
            except FetchError as error:
                self._unopened[location] = error
                raise
        return self._opened[location]

    def _check_loss(self, location: str, text: Yield) -> None:
        """Raises _Missing where an earlier run read more of this part than `text`."""
        known = self._known.parts if self._known else ()
        if any(part.location == location and part.text > text for part in known):
            raise _Missing

    def _card(self) -> Part:
        candidate = self._candidate
        claims = [[claim.field, str(claim.value)] for claim in candidate.claims]
        said = json.dumps([claims, candidate.files])
        return Part(_CARD, sha256(said.encode()).hexdigest())


def _is_gone(error: ReadError) -> bool:
    """Whether the site says for good that there is nothing; 404 leaves open whether it will be back (RFC 9110
    §15.5.5)."""
    return isinstance(error, FetchError) and error.http_status == 410


def _yield_of(document: Document) -> Yield:
    if not any(page.text for page in document.pages):
        return Yield.NOTHING
    return Yield.PART if any(remark.status in _IN_PART for remark in document.remarks) else Yield.WHOLE
