"""An index that is too slow and too simple to be wrong: plain dictionaries, against which the real one is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import open_dir

from reportsearch.indexer.analysis import surfaces, terms
from reportsearch.indexer.codec import ArraySegment, IndexDocument, SegmentReader, read_toc
from reportsearch.indexer.fields import FILTER_FIELDS, TEXT_FIELDS
from reportsearch.indexer.report import Page

Word = tuple[int, str]
"""Position and surface."""
Postings = dict[str, dict[bytes, dict[str, list[Word]]]]
"""By field, term and identity of the document; a field of values has no words."""


@dataclass
class Contents:
    """All that an index says of its documents, by identity."""

    postings: Postings = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))
    lengths: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    stored: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, tuple[Page, ...]] = field(default_factory=dict)


def identity_of(document: IndexDocument) -> str:
    return document.values["id"][0]


def contents_of(documents: Iterable[IndexDocument]) -> Contents:
    """What an index of these documents must say."""
    contents = Contents()
    for document in documents:
        name = identity_of(document)
        texts = {**document.texts, "body": "\n".join(page.text for page in document.pages)}
        for field_name, text in texts.items():
            words = list(zip(terms(text, document.language), surfaces(text), strict=True))
            contents.lengths[field_name][name] = len(words)
            for position, (term, surface) in enumerate(words):
                of_term = contents.postings[field_name][encoded(term)]
                of_term.setdefault(name, []).append((position, surface))
        for field_name, values in document.values.items():
            for value in values:
                contents.postings[field_name][encoded(value)][name] = []
        for column, number in document.numbers.items():
            contents.numbers[column][name] = number
        contents.stored[name] = dict(document.stored)
        contents.pages[name] = tuple(
            Page(
                page.number, page.text, page.label, tuple(" ".join(title.split()) for title in page.headings), page.file
            )
            for page in document.pages
        )
    return contents


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def read_arrays(folder: Path) -> Contents:
    """What the index says, by its arrays."""
    contents = Contents()
    toc = read_toc(folder)
    assert toc is not None
    for segment in toc.segments:
        assert isinstance(segment, ArraySegment)
        reader = SegmentReader.open(folder, segment.segment_id())
        assert reader.doc_count == segment.doc_count_all()
        names = _names(reader, ~segment.deletions())
        for doc_id, name in names.items():
            assert name not in contents.stored, "a document is there twice"
            contents.stored[name] = reader.stored(doc_id)
            contents.pages[name] = reader.passages.pages(doc_id)
        for section in reader.documents.sections:
            kind, _, column = section.partition(":")
            if kind in ("lengths", "numbers"):
                values = reader.documents.array(section).tolist()
                target = contents.lengths if kind == "lengths" else contents.numbers
                target[column].update({name: values[doc_id] for doc_id, name in names.items()})
        for field_name in reader.fields():
            _read_field(reader, field_name, names, contents)
    return contents


def _names(reader: SegmentReader, live: np.ndarray[Any, Any]) -> dict[int, str]:
    """The identity of each document that is not deleted."""
    lexicon = reader.lexicon("id")
    assert lexicon is not None
    owners = {
        doc_id: lexicon.term(number).decode("utf-8", "surrogatepass")
        for number in range(len(lexicon))
        for doc_id in lexicon.posting(number).doc_ids.tolist()
    }
    return {doc_id: owners[doc_id] for doc_id in np.flatnonzero(live).tolist()}


def _read_field(reader: SegmentReader, field_name: str, names: dict[int, str], contents: Contents) -> None:
    lexicon = reader.lexicon(field_name)
    assert lexicon is not None
    for number, term in enumerate(lexicon.terms()):
        posting = lexicon.posting(number)
        doc_ids = posting.doc_ids.tolist()
        freqs = posting.term_freqs.tolist() if posting.term_freqs is not None else [1] * len(doc_ids)
        positions = posting.positions()
        if positions is None:
            words = [[] for _ in doc_ids]
        else:
            known = [surface.decode("utf-8", "surrogatepass") for surface in lexicon.surfaces(number)]
            words_of_term = np.arange(len(positions))
            ordinals = posting.surfaces_at(words_of_term).tolist() if posting.surface_bits else [0] * len(positions)
            flat = [(position, known[n]) for position, n in zip(positions.tolist(), ordinals, strict=True)]
            ends = np.cumsum(freqs).tolist()
            words = [flat[end - freq : end] for end, freq in zip(ends, freqs, strict=True)]
        for doc_id, of_document in zip(doc_ids, words, strict=True):
            if doc_id in names:
                contents.postings[field_name][term][names[doc_id]] = of_document


def assert_same(found: Contents, wanted: Contents) -> None:
    """The index says what it must, no more and no less."""
    assert found.stored == wanted.stored
    assert found.pages == wanted.pages
    for name in (*wanted.postings, *found.postings):
        assert _plain(found.postings[name]) == _plain(wanted.postings[name]), name
    for left, right in ((found.lengths, wanted.lengths), (found.numbers, wanted.numbers)):
        for name in (*left, *right):
            # a document without the field has 0 where another one has it
            assert _without_zeros(left[name]) == _without_zeros(right[name]), name


def _plain(terms_of_field: dict[bytes, dict[str, list[Word]]]) -> dict[bytes, dict[str, list[Word]]]:
    return {term: documents for term, documents in terms_of_field.items() if documents}


def _without_zeros(column: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in column.items() if number}


def assert_whoosh_says_the_same(folder: Path, wanted: Contents) -> None:
    """As `assert_same`, by Whoosh's own reader, one posting at a time."""
    index = open_dir(str(folder))
    with index.reader() as reader:
        stored = {doc_id: reader.stored_fields(doc_id) for doc_id in reader.all_doc_ids()}
        assert len(stored) == reader.doc_count() == len(wanted.stored)
        names = {}
        for name in wanted.stored:
            matcher = reader.postings("id", encoded(name))
            (doc_id,) = (each for each in matcher.all_ids() if not reader.is_deleted(each))
            names[doc_id] = name
            assert stored[doc_id] == wanted.stored[name]
        for field_name in TEXT_FIELDS:
            for term, documents in wanted.postings[field_name].items():
                assert (field_name, term) in reader
                matcher, found = reader.postings(field_name, term), {}
                while matcher.is_active():
                    if matcher.id() in names:
                        found[names[matcher.id()]] = matcher.value_as("positions")
                        assert matcher.weight() == len(matcher.value_as("positions"))
                    matcher.next()
                assert found == {name: [at for at, _ in words] for name, words in documents.items()}
            for doc_id, name in names.items():
                assert reader.doc_field_length(doc_id, field_name, 0) == wanted.lengths[field_name].get(name, 0)
        for field_name in FILTER_FIELDS:
            for term, documents in wanted.postings[field_name].items():
                ids = reader.postings(field_name, term).all_ids()
                assert {names[doc_id] for doc_id in ids if doc_id in names} == set(documents)
        for column in ("date", "page_count") if names else ():
            values = reader.column_reader(column)
            for doc_id, name in names.items():
                assert values[doc_id] == wanted.numbers[column].get(name, 0)
    index.close()
