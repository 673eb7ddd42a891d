"""Whoosh's own searcher on an index that our writer wrote answers as on a stock index of the same documents."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import whoosh
from whoosh import index, query, sorting
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import Schema
from whoosh.qparser import QueryParser
from whoosh.query import spans
from whoosh.searching import Searcher

from reportsearch.indexer.codec import ArraySegment, IndexDocument, IndexWriter, create_index, read_toc
from reportsearch.indexer.report import Page
from reportsearch.indexer.schema import make_schema

WORDS = [
    *("kiln", "kilns", "brick", "bricks", "bonded", "labour", "labourer", "labourers", "child", "children", "guardian"),
    *("guardians", "court", "courts", "trafficking", "traffickers", "trafficked", "section", "45", "2016", "report"),
    *("reported", "reporting", "éducation", "education", "naïve"),
]
PUBLISHERS = ("Council", "Ministry of Labour", "charity", "")


@dataclass(frozen=True)
class Writing:
    """One document, and when it goes: it is in commit `added`, and no longer in commit `deleted`."""

    id: str
    title: str
    pages: tuple[Page, ...]
    publisher: str
    date: int
    added: int
    deleted: int | None = None

    @property
    def body(self) -> str:
        return "\n".join(page.text for page in self.pages)


@dataclass
class Twins:
    """The same documents in two indexes."""

    folder: Path
    writings: list[Writing]
    schema: Schema = field(default_factory=lambda: make_schema("en"))

    @property
    def ours(self) -> Path:
        return self.folder / "ours"

    @property
    def stock(self) -> Path:
        return self.folder / "stock"

    def write(self, commits: int) -> None:
        create_index(self.ours, self.schema)
        self.stock.mkdir()
        index.create_in(str(self.stock), self.schema)
        for commit in range(commits):
            added = [writing for writing in self.writings if writing.added == commit]
            deleted = [writing.id for writing in self.writings if writing.deleted == commit]
            self._write_ours(added, deleted)
            self._write_stock(added, deleted)

    def _write_ours(self, added: list[Writing], deleted: list[str]) -> None:
        writer = IndexWriter(self.ours)
        for writing in added:
            writer.add(
                IndexDocument(
                    language="en",
                    texts={"title": writing.title},
                    pages=writing.pages,
                    values={"id": [writing.id], "publisher": [writing.publisher] if writing.publisher else []},
                    numbers={"date": writing.date, "page_count": len(writing.pages)},
                    stored={"record": {"id": writing.id}},
                )
            )
        for identity in deleted:
            writer.delete("id", identity)
        writer.commit()

    def _write_stock(self, added: list[Writing], deleted: list[str]) -> None:
        writer = index.open_dir(str(self.stock)).writer(codec=W3Codec())
        for identity in deleted:
            writer.delete_by_term("id", identity)
        for writing in added:
            writer.add_document(
                id=writing.id,
                title=writing.title,
                body=writing.body,
                date=writing.date,
                page_count=len(writing.pages),
                record={"id": writing.id},
                **({"publisher": [writing.publisher]} if writing.publisher else {}),
            )
        writer.commit(merge=False)

    def searchers(self) -> tuple[Searcher, Searcher]:
        return index.open_dir(str(self.ours)).searcher(), index.open_dir(str(self.stock)).searcher()


def make_writings(random_: random.Random, count: int, commits: int) -> list[Writing]:
    """Small random documents, a fifth of which are deleted in a later commit."""

    def text(words: int) -> str:
        return " ".join(random_.choice(WORDS) for _ in range(words))

    made = []
    for number in range(count):
        added = random_.randrange(commits)
        later = range(added + 1, commits)
        deleted = random_.choice(later) if later and random_.random() < 0.3 else None
        pages = tuple(Page(page + 1, f"{text(random_.randrange(1, 30))}.") for page in range(random_.randrange(1, 4)))
        made.append(
            Writing(f"r{number}", text(3), pages, random_.choice(PUBLISHERS), random_.randrange(5), added, deleted)
        )
    return made


@pytest.fixture(params=range(3), scope="module")
def twins(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Searcher, Searcher]]:
    """The two searchers of a random collection: one segment, some of them, and enough that ours merges."""
    commits = (1, 3, 6)[request.param]
    writings = make_writings(random.Random(request.param), 60, commits)  # noqa: S311  no secrets
    made = Twins(tmp_path_factory.mktemp("twins"), writings)
    made.write(commits)
    ours, stock = made.searchers()
    with ours, stock:
        toc = read_toc(made.ours)
        assert toc is not None
        assert all(isinstance(segment, ArraySegment) for segment in toc.segments)
        assert ours.doc_count() == stock.doc_count() < 61
        yield ours, stock


def ids(searcher: Searcher, tree: query.Query, **options: object) -> list[str]:
    """The identities of what is found. Whoosh's matcher for what does not match gives deleted documents at times."""
    reader = searcher.reader()
    found = searcher.search(tree, limit=None, **options)
    return [hit["record"]["id"] for hit in found if not reader.is_deleted(hit.docnum)]


def both(twins: tuple[Searcher, Searcher], ask: Callable[[Searcher], object]) -> object:
    """What both say. Fails where they differ."""
    ours, stock = map(ask, twins)
    assert ours == stock
    return ours


def term(text: str, name: str = "body") -> query.Term:
    return query.Term(name, text)


QUERIES = {
    "term": term("kiln"),
    "no such term": term("quarry"),
    "no such field": term("kiln", "summary"),
    "and": query.And([term("kiln"), term("child"), term("court")]),
    "or": query.Or([term("kiln"), term("45"), term("court", "title")]),
    "not": query.And([term("child"), query.Not(term("kiln"))]),
    "all but": query.Not(term("kiln")),
    "phrase": query.Phrase("body", ["child", "traffick"], slop=2),
    "tight phrase": query.Phrase("body", ["brick", "kiln"]),
    "prefix": query.Prefix("body", "traff"),
    "prefix of all": query.Prefix("publisher", ""),
    "wildcard": query.Wildcard("body", "*our*"),
    "regex": query.Regex("body", "(lab|court).*"),
    "fuzzy": query.FuzzyTerm("body", "childs", maxdist=2),
    "fuzzy with prefix": query.FuzzyTerm("body", "kitn", maxdist=1, prefixlength=2),
    "range": query.TermRange("body", "c", "l"),
    "open range": query.TermRange("body", "r", None, startexcl=True),
    "every": query.Every(),
    "every with field": query.Every("publisher"),
    "filter field": term("Ministry of Labour", "publisher"),
    "best of": query.DisjunctionMax([term("kiln"), term("kiln", "title")]),
    "constant": query.ConstantScoreQuery(term("report")),
    "optional": query.AndMaybe(term("kiln"), term("court")),
    "require": query.Require(term("kiln"), term("court")),
    "near": spans.SpanNear(term("child"), term("court"), slop=3, ordered=False),
    "near, all": spans.SpanNear2([term("child"), term("court"), term("kiln")], slop=4),
    "first": spans.SpanFirst(term("kiln"), limit=2),
    "span or": spans.SpanOr([term("kiln"), term("brick")]),
    "span not": spans.SpanNot(term("child"), spans.SpanNear(term("child"), term("court"))),
    "contains": spans.SpanContains(spans.SpanNear(term("child"), term("court"), slop=5), term("kiln")),
    "before": spans.SpanBefore(term("kiln"), term("court")),
    "conditional": spans.SpanCondition(term("kiln"), term("court")),
}


BY_VERSION_3 = {"require", "span not"}
"""What the matchers of former versions find wrong documents for, or nothing but an exception."""


@pytest.mark.parametrize("name", QUERIES)
def test_every_type_of_query_finds_the_same_documents(twins: tuple[Searcher, Searcher], name: str) -> None:
    if name in BY_VERSION_3 and whoosh.__version__ < (3,):
        pytest.skip("this version of Whoosh has a matcher for it that is wrong")
    found = both(twins, lambda searcher: sorted(ids(searcher, QUERIES[name])))
    assert isinstance(found, list)
    assert bool(found) != name.startswith("no such")


@pytest.mark.parametrize("twins", [0], indirect=True, scope="module")
def test_one_word_without_another(twins: tuple[Searcher, Searcher]) -> None:
    """Whoosh's matcher for it begins with a wrong document at times, one in each segment: so with one segment alone."""
    both(twins, lambda searcher: sorted(ids(searcher, query.AndNot(term("kiln"), term("court")))))


def test_the_best_ten_are_the_best_of_all(twins: tuple[Searcher, Searcher]) -> None:
    """Blocks of postings that cannot be among the best are passed over: with the same result as without that."""
    tree = query.Or([term("kiln"), term("court"), term("child")])
    for searcher in twins:
        whole = {hit.docnum: hit.score for hit in searcher.search(tree, limit=None)}
        best = [hit.score for hit in searcher.search(tree, limit=10)]
        assert best == pytest.approx(sorted(whole.values(), reverse=True)[:10])


def test_filters_and_masks(twins: tuple[Searcher, Searcher]) -> None:
    both(twins, lambda searcher: sorted(ids(searcher, term("kiln"), filter=term("council", "publisher"))))
    both(twins, lambda searcher: sorted(ids(searcher, term("kiln"), filter=term("Council", "publisher"))))
    both(twins, lambda searcher: sorted(ids(searcher, term("kiln"), mask=term("charity", "publisher"))))


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("name", ["date", "page_count", "id", "publisher"])
def test_sorting(twins: tuple[Searcher, Searcher], name: str, reverse: bool) -> None:
    """By columns, and by fields that have none; documents that are equal come in any order, so a second key parts
    them."""
    order = sorting.MultiFacet([sorting.FieldFacet(name, reverse=reverse), sorting.FieldFacet("id")])
    both(twins, lambda searcher: ids(searcher, query.Every(), sortedby=order))


@pytest.mark.parametrize("name", ["date", "page_count", "publisher"])
def test_groups(twins: tuple[Searcher, Searcher], name: str) -> None:
    def groups(searcher: Searcher) -> dict[object, list[str]]:
        found = searcher.search(term("kiln"), groupedby=name, limit=None).groups(name)
        return {
            key: sorted(searcher.stored_fields(number)["record"]["id"] for number in numbers)
            for key, numbers in found.items()
        }

    both(twins, groups)


def test_more_like_this(twins: tuple[Searcher, Searcher]) -> None:
    text = "Bonded labourers in brick kilns."

    def alike(searcher: Searcher) -> list[str]:
        number = searcher.document_number(id=ids(searcher, term("kiln"), sortedby="id")[0])
        return sorted(hit["record"]["id"] for hit in searcher.more_like(number, "body", text=text, top=None))

    assert both(twins, alike)


def test_key_terms_of_a_text(twins: tuple[Searcher, Searcher]) -> None:
    found = both(
        twins,
        lambda s: sorted(word for word, _ in s.key_terms_from_text("body", "children in brick kilns", numterms=9)),
    )
    assert found


@pytest.mark.parametrize("word", ["kitn", "chld", "corut", "labor", "zzzzzz"])
def test_spelling(twins: tuple[Searcher, Searcher], word: str) -> None:
    both(twins, lambda searcher: searcher.suggest("body", word, maxdist=2, limit=5))
    both(twins, lambda searcher: sorted(searcher.reader().terms_within("body", word, maxdist=2)))
    both(twins, lambda s: s.correct_query(QueryParser("body", s.schema).parse(word), word, maxdist=2).string)


def test_what_the_reader_says(twins: tuple[Searcher, Searcher]) -> None:
    for name in ("title", "body", "id", "publisher"):
        words = both(twins, lambda searcher, name=name: live_terms(searcher, name))
        assert words
    both(twins, lambda searcher: searcher.reader().doc_count())
    both(twins, lambda searcher: sorted(fields["record"]["id"] for fields in searcher.reader().all_stored_fields()))


def live_terms(searcher: Searcher, name: str) -> dict[bytes, list[tuple[str, float, object]]]:
    """The postings of each term in the documents that are not deleted: identity, weight, positions."""
    reader = searcher.reader()
    found: dict[bytes, list[tuple[str, float, object]]] = {}
    for text in reader.lexicon(name):
        matcher = reader.postings(name, text)
        while matcher.is_active():
            identity = reader.stored_fields(matcher.id())["record"]["id"]
            positions = matcher.value_as("positions") if matcher.supports("positions") else None
            found.setdefault(text, []).append((identity, matcher.weight(), positions))
            matcher.next()
    return {text: sorted(postings) for text, postings in found.items()}


def test_terms_are_walked_from_any_place(twins: tuple[Searcher, Searcher]) -> None:
    ours, stock = twins

    def walked(searcher: Searcher, start: str) -> list[tuple[str, bytes]]:
        live = {(name, text) for name in ("body", "title") for text in live_terms(searcher, name)}
        return [pair for pair in searcher.reader().terms_from("body", start) if pair in live]

    for start in ("", "a", "child", "childz", "zzz"):
        assert walked(ours, start) == walked(stock, start)
