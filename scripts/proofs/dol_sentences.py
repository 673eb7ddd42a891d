"""dol-sentences: a sentence that somebody copied out of a report finds the report, and the page where it stands."""

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from reportsearch.search import Collection, Hit, open_collection

from .dol import indexed
from .pdf_text import page_texts, tool
from .proof import Figure, Proof, Workbench, at_least

__all__ = ["PROOF"]

SEED = 20261124
SENTENCES = 200
MIN_WORDS, MAX_WORDS = 8, 12
REPORT_FOUND, PAGE_NAMED = 95.0, 93.0
ALL = 1000
"""Hits looked through: some sentences stand in most reports."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_QUOTES = re.compile('[“”„‟«»"]')


@dataclass(frozen=True, slots=True)
class Sentence:
    """The first words of a sentence, and the physical page that they were copied from."""

    file: Path
    page: int
    text: str


def measure(workbench: Workbench) -> Iterator[Figure]:
    dol = indexed(workbench)
    sample = _sample(dol.files)
    workbench.note(f"{len(sample)} sentences of {MIN_WORDS} to {MAX_WORDS} words, copied with {tool()}, seed {SEED}")
    twins = _twins(dol.files)
    reports, pages, times = 0, 0, []
    with open_collection(dol.folder) as collection:
        for sentence in sample:
            hits, took_ms = _hits(collection, sentence, twins[sentence.file])
            named = {snippet.page for hit in hits for snippet in hit.snippets}
            reports += bool(hits)
            pages += sentence.page in named
            times.append(took_ms)
            if sentence.page not in named:
                workbench.detail(
                    f"{sentence.file.name} p. {sentence.page}, named {sorted(map(str, named))}: {sentence.text}"
                )
    workbench.note(f"median {median(times):.0f} ms a phrase with the snippets of all hits, in the process")
    yield at_least("dol-sentences-report-found-percent", 100 * reports / len(sample), REPORT_FOUND)
    yield at_least("dol-sentences-page-named-percent", 100 * pages / len(sample), PAGE_NAMED)


def _hits(collection: Collection, sentence: Sentence, files: frozenset[Path]) -> tuple[list[Hit], float]:
    """Those hits that are one of the files, and the milliseconds that the search took."""
    results = collection.search(f'"{sentence.text}"', per_page=ALL)
    # an identity is a path within the collection, or an absolute one
    return [hit for hit in results if collection.settings.folder / hit.id in files], results.took_ms


def _sample(files: Sequence[Path]) -> list[Sentence]:
    chance = random.Random(SEED)  # noqa: S311  nobody is to be kept from guessing
    everything = [
        (path, page, words)
        for path in files
        for page, text in enumerate(page_texts(path), 1)
        for words in _sentences(text)
    ]
    return [
        Sentence(path, page, " ".join(words[: chance.randint(MIN_WORDS, MAX_WORDS)]))
        for path, page, words in chance.sample(everything, SENTENCES)
    ]


def _sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence of a page that is long enough and has letters.

    Quotation marks are left out: within a phrase they would end it.
    """
    for sentence in _SENTENCE_END.split(text):
        words = _QUOTES.sub(" ", sentence).split()
        if len(words) >= MIN_WORDS and any(character.isalpha() for word in words[:MIN_WORDS] for character in word):
            yield words


def _twins(files: Sequence[Path]) -> dict[Path, frozenset[Path]]:
    """For each file those with the same bytes, itself among them."""
    groups: dict[bytes, set[Path]] = defaultdict(set)
    for path in files:
        groups[hashlib.sha256(path.read_bytes()).digest()].add(path)
    return {path: frozenset(group) for group in groups.values() for path in group}


PROOF = Proof("dol-sentences", "200 sentences copied from real PDFs find their report, and name its page", measure)
