"""bit-flips: each bit that is not as it was written is named with its file and section, and what `check` finds whole
gives no wrong answer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from whoosh import query

from reportsearch.indexer.codec import SegmentReader, check_index
from reportsearch.indexer.errors import ReportSearchError
from reportsearch.indexer.report import Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import open_collection

from .proof import Figure, Proof, Workbench, at_least, exactly
from .seeded import document, share

__all__ = ["PROOF"]

FLIPS = 1000
COMMITS = 6
DOCUMENTS = 60
WORDS = 400
QUERIES = (
    "version",
    "v3x v4x",
    '"report d100"',
    query.Prefix("body", "ba"),
    query.And([query.Term("body", "version"), query.Not(query.Term("body", "v4x"))]),
)
"""Words of all reports and of some, a phrase, the beginning of a word, one word without another."""
TOC = "table of contents"
HEADER_BYTES = 16


def measure(workbench: Workbench) -> Iterator[Figure]:
    folder = load_settings(workbench.folder / "bit-flips").index_folder
    _write(folder)
    right = _answers(folder)
    assert all(answer is not None and answer[0] for answer in right), "each query finds something"
    whole = check_index(folder)
    assert whole is not None
    yield exactly("bit-flips-said-of-a-whole-index", len(whole.damages), 0)
    places = _places(folder)
    names, weights = zip(*((name, (folder / name).stat().st_size) for name in places), strict=True)
    choices, named, sections = random.Random(8), 0, Counter[str]()  # noqa: S311
    answers = Counter[str]()
    for file in choices.choices(names, weights, k=share(FLIPS)):
        bit = choices.randrange((folder / file).stat().st_size * 8)
        section = _section_at(places[file], bit // 8)
        _flip(folder / file, bit)
        found = check_index(folder)
        given = _answers(folder)
        _flip(folder / file, bit)
        said = [] if found is None else [(damage.file, damage.section) for damage in found.damages]
        named += said == [(file, section)]
        is_verified = found is not None and not found.damages
        for answer, right_answer in zip(given, right, strict=True):
            kind = "refused" if answer is None else "right" if answer == right_answer else "wrong"
            answers[f"{kind}, verified" if is_verified else kind] += 1
        sections[section.partition(":")[2] or section] += 1
        if said != [(file, section)]:
            workbench.note(f"bit {bit} of {file} is in {section}, and check says {said}")
    workbench.detail(", ".join(f"{count} in {name}" for name, count in sections.most_common()))
    told = ", ".join(f"{number} {kind}" for kind, number in answers.items())
    workbench.note(f"answers from an index with one bit flipped: {told}")
    yield exactly("bit-flips-wrong-answers-from-verified-sections", answers["wrong, verified"], 0)
    yield at_least("bit-flips-files", len(places), COMMITS)
    yield exactly("bit-flips-named-with-file-and-section", named, share(FLIPS))
    last = check_index(folder)
    yield exactly("bit-flips-left", len(last.damages) if last else -1, 0)


def _write(folder: Path) -> None:
    """Several segments, some of whose documents are deleted."""
    for commit in range(COMMITS):
        writer = WhooshStore(folder, "en").writer()
        for number in range(DOCUMENTS):
            name = f"d{commit * (DOCUMENTS - 5) + number}"
            made = document(name, commit, WORDS)
            writer.replace(Report(name, "", made.texts["title"], made.texts["summary"], pages=tuple(made.pages)))
        writer.commit()


def _answers(folder: Path) -> list[tuple[int, list[object]] | None]:
    """What some queries find, with snippets; None for one that is refused because of damage."""
    found: list[tuple[int, list[object]] | None] = []
    try:
        with open_collection(folder.parent.parent) as collection:
            for asked in QUERIES:
                try:
                    hits = collection.search(asked, snippets=2)
                    found.append((hits.total, [(hit.id, hit.score, hit.title, hit.snippets) for hit in hits]))
                except ReportSearchError:
                    found.append(None)
    except ReportSearchError:
        found += [None] * (len(QUERIES) - len(found))
    return found


def _places(folder: Path) -> dict[str, list[tuple[int, str]]]:
    """Where each section ends, by file; of the files that the commit names."""
    found = check_index(folder)
    assert found is not None
    assert found.toc is not None
    places = {f"_MAIN_{found.toc.generation}.toc": [(1 << 60, TOC)]}
    for segment in found.toc.segments:
        reader = SegmentReader.open(folder, segment.segment_id())
        for container in (reader.documents, reader.terms):
            sections = container.sections.values()
            ends = [(section.offset + section.padded, section.name) for section in sections]
            places[container.name] = [(HEADER_BYTES, "header"), *ends, (1 << 60, "table")]
    return places


def _section_at(places: list[tuple[int, str]], byte: int) -> str:
    return next(name for end, name in places if byte < end)


def _flip(path: Path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


PROOF = Proof("bit-flips", "1,000 bits flipped over all files of a commit: `check` names file and section", measure)
