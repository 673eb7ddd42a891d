"""Searching by hand: words in plain lists, looked through one by one. Too slow and too simple to be wrong.

Collections are drawn from few words, so that all things collide; reports are added, replaced and deleted in several
commits. `python tests/by_hand.py QUERIES SEED` compares so many queries with the engine and prints what differs.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import Stemmer
from whoosh import query
from whoosh.reading import IndexReader, SegmentReader

from reportsearch.indexer.codec import index_writer, read_toc
from reportsearch.indexer.report import Page, PublicationDate, Report
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search.engine import Request
from reportsearch.search.nodes import AnyField, PhraseInAnyField
from reportsearch.search.whoosh_engine import WhooshEngine
from reportsearch.search.whoosh_engine.rank import BM25F, Scoring, SummedBM25
from reportsearch.search.whoosh_engine.whoosh_searchers import matches_of, searchers_of

Scores = dict[str, float]
"""By identity."""

WRITTEN = {
    "child": "child", "Child": "child", "children": "children", "child's": "child", "childs": "childs",
    "traffic": "traffic", "trafficked": "trafficked", "TRAFFICKING": "trafficking", "trafficker": "trafficker",
    "kiln": "kiln", "kilns": "kilns", "report": "report", "reports": "reports", "reported": "reported",
    "Kinder": "kinder", "Kind": "kind", "Häuser": "hauser", "Haus": "haus", "enfants": "enfants", "enfant": "enfant",
    "déplacés": "deplaces", "the": "the", "of": "of", "2016": "2016", "45": "45", "b": "b",
}  # fmt: skip
"""Words as texts have them, and their surfaces."""
SURFACES = sorted(set(WRITTEN.values()))
LANGUAGES = {"en": "english", "de": "german", "fr": "french"}
FIELDS = ("title", "headings", "summary", "body")
VALUES = {
    "publisher": ["ecpat uk", "amt", "unicef"],
    "topic": ["care", "forced labour", "begging"],
    "kind": ["report", "leaflet"],
}
_STEMMERS = {code: Stemmer.Stemmer(name) for code, name in LANGUAGES.items()}


def stem(surface: str, language: str) -> str:
    found: str = _STEMMERS[language].stemWord(surface)
    return found or surface


@dataclass(frozen=True)
class Word:
    """One word of a text."""

    surface: str
    term: str


@dataclass(frozen=True)
class Sheet:
    """A report as a person has it on the desk: words by field, and what is said of it."""

    id: str
    words: Mapping[str, Sequence[Word]]
    values: Mapping[str, Sequence[str]]
    date: PublicationDate | None


class Collection:
    """Reports in an index folder and on the desk. `drawn` decides everything."""

    def __init__(self, folder: Path, drawn: random.Random, *, long: bool = False) -> None:
        self.folder = folder
        self.sheets: dict[str, Sheet] = {}
        self.languages: list[str] = []
        self._drawn = drawn
        self._numbers = 0
        store = WhooshStore(folder, "en")
        for _ in range(drawn.randint(1, 7)):
            merges = drawn.random() < 0.5
            with patch.object(index_writer, "choose_merges", index_writer.choose_merges if merges else lambda _: []):
                self._commit(store, drawn.choice((1, 2, 5, 20)))
        if long:
            self._commit(store, 1, words=70_000)

    def _commit(self, store: WhooshStore, reports: int, words: int = 0) -> None:
        writer = store.writer()
        gone = self._drawn.sample(sorted(self.sheets), min(len(self.sheets), self._drawn.choice((0, 0, 1, 3))))
        for identity in gone:
            if self._drawn.random() < 0.5:
                writer.replace(self._report(identity, words))
            else:
                writer.delete(identity)
                del self.sheets[identity]
        for _ in range(reports):
            self._numbers += 1
            writer.replace(self._report(f"report-{self._numbers}", words))
        writer.commit()

    def _report(self, identity: str, words: int) -> Report:
        drawn = self._drawn
        said = drawn.choice(("en", "en", "de", "fr", ""))
        language = said or "en"
        texts = {"title": self._text(drawn.choice((1, 3, 5))), "summary": self._text(drawn.choice((0, 8)))}
        pages, headings, body = [], [], []
        for number in range(1, drawn.randint(1, 4)):
            titles = [self._text(drawn.randint(1, 3), " ") for _ in range(drawn.choice((0, 0, 1)))]
            text = self._text(words or drawn.choice((0, 5, 40)))
            of_page = tuple(title for title, _ in titles)
            pages.append(Page(number, "\n".join([*of_page, text[0]]), "", of_page))
            headings += [word for _, of_title in titles for word in of_title]
            body += [*(word for _, of_title in titles for word in of_title), *text[1]]
        values = {
            name: drawn.sample(known, drawn.randint(0, 2 if name == "topic" else 1)) for name, known in VALUES.items()
        }
        date = PublicationDate(drawn.randint(2014, 2016), drawn.choice((None, 5))) if drawn.random() < 0.8 else None
        written = {"title": texts["title"][1], "summary": texts["summary"][1], "headings": headings, "body": body}
        self.sheets[identity] = Sheet(
            identity,
            {name: [_word(each, language) for each in of_field] for name, of_field in written.items()},
            values | {"year": [str(date.year)] if date else [], "language": [said] if said else []},
            date,
        )
        return Report(
            identity, "", texts["title"][0], texts["summary"][0], publisher="".join(values["publisher"]).upper(),
            date=date, language=said, topics=tuple(values["topic"]), kind="".join(values["kind"]), pages=tuple(pages),
        )  # fmt: skip

    def _text(self, words: int, *between: str) -> tuple[str, list[str]]:
        written = self._drawn.choices(list(WRITTEN), k=words)
        joints = between or (" ", " ", ", ", "-", "\n", ". ")
        return "".join(word + self._drawn.choice(joints) for word in written).strip(" ,-\n"), written


def _word(written: str, language: str) -> Word:
    return Word(WRITTEN[written], stem(WRITTEN[written], language))


class ByHand:
    """The reports that answer a query, with their scores."""

    def __init__(self, sheets: Mapping[str, Sheet], scoring: Scoring) -> None:
        self.sheets = sheets
        self._scoring = scoring
        count = max(1, len(sheets))
        self._averages = {name: sum(len(sheet.words[name]) for sheet in sheets.values()) / count for name in FIELDS}

    def answer(self, request: Request) -> tuple[Scores, dict[str, float]]:
        """The scores of all matches, and by what they are ordered: how many of few words they have comes first."""
        scores = {name: score for name, score in self.scores(request.tree).items() if self._passes(name, request)}
        words = request.tree.subqueries if type(request.tree) is query.Or else []
        covered: Counter[str] = Counter()
        if 2 <= len(words) <= 3 and all(type(word) is AnyField for word in words):
            covered.update(name for word in words for name in self.scores(word))
        return scores, {name: 1000 * covered[name] + score for name, score in scores.items()}

    def _passes(self, name: str, request: Request) -> bool:
        values = self.sheets[name].values

        def has(field: str, wanted: Sequence[str]) -> bool:
            return any(value.lower() in values[field] for value in wanted)

        passes = all(not wanted or has(field, wanted) for field, wanted in request.filters.items())
        return passes and not any(has(field, barred) for field, barred in request.exclude.items())

    def facets(self, names: Sequence[str] | Scores, field: str) -> dict[str, int]:
        return dict(Counter(value for name in names for value in self.sheets[name].values[field]))

    def scores(self, tree: query.Query) -> Scores:
        match tree:
            case AnyField():
                return self._word(tree)
            case PhraseInAnyField():
                return self._phrase(tree)
            case query.Term():
                return self._term(tree.fieldname, tree.text)
            case query.Or():
                return self._sum(tree.subqueries)
            case query.And():
                wanted = [self.scores(each) for each in tree.subqueries if not isinstance(each, query.Not)]
                barred = [self.scores(each.query) for each in tree.subqueries if isinstance(each, query.Not)]
                wanted = wanted or [dict.fromkeys(self.sheets, 1.0)]
                names = set(self.sheets).intersection(*wanted).difference(*barred)
                return {name: sum(each[name] for each in wanted) for name in names}
            case query.AndMaybe():
                required, optional = self.scores(tree.a), self.scores(tree.b)
                return {name: score + optional.get(name, 0.0) for name, score in required.items()}
            case query.AndNot():
                barred_names = self.scores(tree.b)
                return {name: score for name, score in self.scores(tree.a).items() if name not in barred_names}
            case query.Require():
                needed = self.scores(tree.b)
                return {name: score for name, score in self.scores(tree.a).items() if name in needed}
            case query.Not():
                return dict.fromkeys(set(self.sheets) - set(self.scores(tree.query)), 1.0)
            case query.ConstantScoreQuery():
                return dict.fromkeys(self.scores(tree.child), tree.score)
            case query.Every():
                field = tree.fieldname
                return {name: tree.boost for name in self.sheets if field is None or self._terms(name, field)}
        return self._expanded(tree)

    def _sum(self, trees: Sequence[query.Query]) -> Scores:
        total: Scores = {}
        for each in trees:
            for name, score in self.scores(each).items():
                total[name] = total.get(name, 0.0) + score
        return total

    def _terms(self, name: str, field: str) -> list[str]:
        if field in FIELDS:
            return [word.term for word in self.sheets[name].words[field]]
        return [name] if field == "id" else list(self.sheets[name].values[field])

    def _word(self, word: AnyField) -> Scores:
        def frequencies(sheet: Sheet) -> Iterator[tuple[str, int]]:
            for field in FIELDS:
                for term in dict.fromkeys(word.terms):
                    yield (
                        field,
                        sum(
                            each.term == term and (not word.exact or each.surface == word.surface)
                            for each in sheet.words[field]
                        ),
                    )

        return self._scored(frequencies, None)

    def _phrase(self, phrase: PhraseInAnyField) -> Scores:
        def fits(part: AnyField, word: Word) -> bool:
            return word.term in part.terms and (not part.exact or word.surface == part.surface)

        def frequencies(sheet: Sheet) -> Iterator[tuple[str, int]]:
            for field in FIELDS:
                words = sheet.words[field]
                yield (
                    field,
                    sum(
                        all(map(fits, phrase.parts, words[first : first + len(phrase.parts)]))
                        for first in range(len(words) - len(phrase.parts) + 1)
                    ),
                )

        return self._scored(frequencies, sum(self._telling(part.terms) for part in phrase.parts))

    def _telling(self, terms: Sequence[str]) -> float:
        """The idf of a word in any inflection."""
        return self._idf(sum(any(w.term in terms for f in FIELDS for w in s.words[f]) for s in self.sheets.values()))

    def _term(self, field: str, text: str) -> Scores:
        return self._scored(lambda sheet: iter([(field, self._terms(sheet.id, field).count(text))]), None)

    def _idf(self, having: int) -> float:
        return math.log(1 + (len(self.sheets) - having + 0.5) / (having + 0.5))

    def _scored(self, frequencies: Callable[[Sheet], Iterator[tuple[str, int]]], idf: float | None) -> Scores:
        found = {name: [pair for pair in frequencies(sheet) if pair[1]] for name, sheet in self.sheets.items()}
        found = {name: pairs for name, pairs in found.items() if pairs}
        idf = self._idf(len(found)) if idf is None else idf
        return {name: self._score(self.sheets[name], pairs, idf) for name, pairs in found.items()}

    def _score(self, sheet: Sheet, frequencies: Sequence[tuple[str, int]], idf: float) -> float:
        """Robertson & Zaragoza 2009, §3.6; or the sum over fields of Robertson et al. 1994."""
        if isinstance(self._scoring, SummedBM25):
            k1 = self._scoring.k1
            return sum(idf * tf * (k1 + 1) / (tf + k1 * self._length(sheet, field, 0.75)) for field, tf in frequencies)
        boosts = {"title": 3.0}
        weight = sum(boosts.get(field, 1.0) * tf / self._length(sheet, field, 0.6) for field, tf in frequencies)
        return idf * 2.5 * weight / (1.5 + weight)

    def _length(self, sheet: Sheet, field: str, b: float) -> float:
        if field not in FIELDS or not self._averages[field]:
            return 1.0
        return 1 - b + b * len(sheet.words[field]) / self._averages[field]

    def _expanded(self, tree: query.Query) -> Scores:
        fits = fitting(tree)
        return {name: tree.boost for name in self.sheets if any(map(fits, self._terms(name, tree.fieldname)))}


def fitting(tree: query.Query) -> Callable[[str], bool]:
    """Whether a term is one that a pattern stands for."""
    match tree:
        case query.Prefix():
            return lambda term: term.startswith(tree.text)
        case query.Wildcard():
            return lambda term: fnmatchcase(term, tree.text)
        case query.FuzzyTerm():
            return lambda term: (
                term.startswith(tree.text[: tree.prefixlength]) and edits(term, tree.text) <= tree.maxdist
            )
        case query.TermRange():
            return lambda term: (
                (tree.start is None or term > tree.start or (term == tree.start and not tree.startexcl))
                and (tree.end is None or term < tree.end or (term == tree.end and not tree.endexcl))
            )
    raise TypeError(f"{type(tree).__name__} is no pattern")


def edits(one: str, other: str) -> int:
    """The optimal string alignment distance: edits, of which the exchange of neighbours is one, none edited twice."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        rows.append([i] + [0] * len(other))
        for j, b in enumerate(other, 1):
            best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i][j] = best
    return rows[-1][-1]


class Asker:
    """Draws queries."""

    def __init__(self, drawn: random.Random, languages: Sequence[str] = ("en", "de", "fr")) -> None:
        self._drawn = drawn
        self._languages = languages

    def request(self) -> Request:
        drawn = self._drawn
        tree = query.Or([self.word() for _ in range(drawn.randint(1, 5))]) if drawn.random() < 0.3 else self.tree(3)
        filters = {name: drawn.sample(self._values(name), drawn.randint(1, 2)) for name in self._some(0.2)}
        exclude = {name: drawn.sample(self._values(name), 1) for name in self._some(0.1)}
        facets = drawn.choice(((), (), ("publisher", "topic")))
        return Request(tree, filters, exclude, facets, limit=drawn.choice((1, 3, 10)), offset=drawn.choice((0, 0, 2)))

    def _some(self, chance: float) -> list[str]:
        return [name for name in ("publisher", "topic", "year", "kind") if self._drawn.random() < chance]

    @staticmethod
    def _values(name: str) -> list[str]:
        return (
            ["2014", "2015", "2016", "1999"] if name == "year" else [*VALUES[name], "NOBODY", VALUES[name][0].upper()]
        )

    def word(self, *, exact: bool | None = None) -> AnyField:
        surface = self._drawn.choice([*SURFACES, "nowhere"])
        exact = self._drawn.random() < 0.3 if exact is None else exact
        stems = dict.fromkeys(stem(surface, language) for language in self._languages)
        return AnyField(surface, surface, tuple(stems), exact=exact)

    def phrase(self, *, exact: bool | None = None) -> PhraseInAnyField:
        return PhraseInAnyField([self.word(exact=exact) for _ in range(self._drawn.choice((2, 2, 2, 3, 4)))])

    def tree(self, depth: int) -> query.Query:
        if depth == 0 or self._drawn.random() < 0.3:
            return self._drawn.choice((self.word, self.word, self.phrase, self.term, self.pattern, self.every))()
        make = self._drawn.choice(("or", "and", "andmaybe", "andnot", "not", "require", "constant"))
        one, other = self.tree(depth - 1), self.tree(depth - 1)
        more = [self.tree(depth - 1) for _ in range(self._drawn.randint(0, 2))]
        return {
            "or": lambda: query.Or([one, other, *more]),
            "and": lambda: query.And([one, other, *(query.Not(each) for each in more)]),
            "andmaybe": lambda: query.AndMaybe(one, other),
            "andnot": lambda: query.AndNot(one, other),
            "not": lambda: query.Not(one),
            "require": lambda: query.Require(one, other),
            "constant": lambda: query.ConstantScoreQuery(one, 2.5),
        }[make]()

    def term(self) -> query.Query:
        field = self._drawn.choice((*FIELDS, "topic", "kind"))
        surface = self._drawn.choice(SURFACES)
        text = stem(surface, "en") if field in FIELDS else self._drawn.choice(VALUES[field])
        return query.Term(field, text)

    def every(self) -> query.Query:
        return query.Every(self._drawn.choice((None, None, "title", "summary", "topic")))

    def pattern(self) -> query.Query:
        drawn = self._drawn
        field = drawn.choice((*FIELDS, "topic", "publisher"))
        surface = drawn.choice([*SURFACES, "care", "forced labour", "ecpat uk"])
        beginning = surface[: drawn.randint(1, 4)]
        letter = drawn.choice("abcdefghiklnorst")
        place = drawn.randrange(len(surface))
        before, at, behind = surface[:place], surface[place], surface[place + 1 :]
        slip = drawn.choice((before + letter + behind, before + letter + at + behind, before + behind)) or letter
        swapped = before + behind[:1] + at + behind[1:]
        glob = drawn.choice((f"{beginning[:1]}*{surface[-1]}", f"?{surface[1:3]}*", f"[{letter}k]*"))
        distance, alike = drawn.choice((1, 2)), drawn.choice((0, 1, 2))
        excluding = [drawn.random() < 0.5 for _ in range(2)]
        low, high = sorted((beginning, drawn.choice(SURFACES)))
        return drawn.choice((
            lambda: query.Prefix(field, beginning),
            lambda: query.Wildcard(field, glob),
            lambda: query.FuzzyTerm(field, slip, maxdist=distance, prefixlength=alike),
            lambda: query.FuzzyTerm(field, swapped, maxdist=distance, prefixlength=alike),
            lambda: query.TermRange(field, drawn.choice((low, None)), drawn.choice((high, None)), *excluding),
        ))()  # fmt: skip


class WhooshAsker(Asker):
    """Draws queries of kinds that only Whoosh's matchers know as well, and words in any inflection alone: of how words
    are written Whoosh knows nothing."""

    def word(self, *, exact: bool | None = None) -> AnyField:
        return super().word(exact=False)

    def phrase(self, *, exact: bool | None = None) -> PhraseInAnyField:
        return super().phrase(exact=False)

    def every(self) -> query.Query:
        return self.term()  # in a query that needs no scores Whoosh makes a slip over it

    def tree(self, depth: int) -> query.Query:
        if depth == 2 and self._drawn.random() < 0.1:
            return self._nothing()
        tree = self._rare(depth) if self._drawn.random() < 0.4 else super().tree(depth)
        # AndNotMatcher of Whoosh 3.54 does not look whether the first match is to be left out
        return query.And([tree.a, query.Not(tree.b)]) if isinstance(tree, query.AndNot) else tree

    def _nothing(self) -> query.Query:
        """A query that finds nothing; within others Whoosh fails over it."""
        return self._drawn.choice((
            query.NumericRange("absent", 1, 3),
            query.Term("absent", "child"),
            query.Prefix("absent", "c"),
            query.Regex("absent", "c"),
            query.NullQuery,
            query.Or([]),
            query.And([]),
        ))  # fmt: skip

    def _rare(self, depth: int) -> query.Query:
        drawn = self._drawn
        field = drawn.choice(FIELDS)
        one, other = (query.Term(field, stem(drawn.choice(SURFACES), "en")) for _ in range(2))
        slop, ordered = drawn.randint(1, 4), drawn.random() < 0.5
        return drawn.choice((
            lambda: query.Phrase(field, [one.text, other.text], slop=slop),
            lambda: query.SpanNear(one, other, slop=slop, ordered=ordered),
            lambda: query.SpanFirst(one, limit=slop),
            lambda: query.SpanNot(one, other),
            lambda: query.SpanOr([one, other]),
            lambda: query.SpanBefore(one, other),
            lambda: query.SpanContains(query.SpanNear(one, other, slop=slop), one),
            lambda: query.Regex(field, drawn.choice(("chi.*", "k.l", "(re|tra).*", "[0-9]+"))),
            lambda: query.DisjunctionMax([one, self.tree(max(0, depth - 1))]),
            lambda: query.Variations(field, drawn.choice(SURFACES)),
            lambda: query.Otherwise(one, other),
            lambda: query.Prefix(field, one.text[:2]).with_boost(2.0),
            lambda: query.Or([one, other], minmatch=2),
        ))()  # fmt: skip


def difference(engine: WhooshEngine, hand: ByHand, request: Request) -> str:
    """What the engine answers otherwise; "" where nothing is."""
    scores, order = hand.answer(request)
    everything = Request(request.tree, request.filters, request.exclude, request.facets, limit=10_000)
    with engine.snapshot() as snapshot:
        ranking = snapshot.search(everything)
        part = snapshot.search(request)
        names = [*snapshot.identities(Request(request.tree, request.filters, request.exclude, limit=10_000)).ids]
    found = {match.record["id"]: match.score for match in ranking.matches}
    ranked = list(found)
    if set(found) != set(scores):
        return f"documents: {sorted(set(found) ^ set(scores))}"
    if ranking.total != len(scores) or part.total != len(scores):
        return f"total: {ranking.total}, {part.total}, not {len(scores)}"
    wrong = {name: (found[name], score) for name, score in scores.items() if abs(found[name] - score) > 1e-5}
    if wrong:
        return f"scores: {wrong}"
    if any(order[a] < order[b] - 1e-5 for a, b in pairwise(ranked)):
        return "the order is not that of the scores"
    shown = [match.record["id"] for match in part.matches]
    if shown != ranked[request.offset : request.offset + request.limit]:
        return f"the part: {shown}, not {ranked[request.offset : request.offset + request.limit]}"
    if names != ranked:
        return "the identities are others"
    counts = {field: dict(ranking.facets[field]) for field in request.facets}
    if counts != {field: hand.facets(scores, field) for field in request.facets}:
        return f"facets: {counts}"
    return ""


def compared(queries: int, seed: int, *, per_collection: int = 50) -> Iterator[tuple[Request, str]]:
    """So many requests, each with what the engine answers otherwise."""
    drawn = random.Random(seed)  # noqa: S311  not a secret
    asker = Asker(drawn)
    for number in range(-(-queries // per_collection)):
        with tempfile.TemporaryDirectory(prefix="by-hand-") as folder:
            collection = Collection(Path(folder), drawn, long=number % 20 == 5)
            scoring: Scoring = SummedBM25() if drawn.random() < 0.3 else BM25F()
            engine, hand = WhooshEngine(Path(folder), scoring), ByHand(collection.sheets, scoring)
            for _ in range(min(per_collection, queries - number * per_collection)):
                request = asker.request()
                yield request, difference(engine, hand, request)


def compared_with_whoosh(queries: int, seed: int, *, per_collection: int = 50) -> Iterator[tuple[query.Query, str]]:
    """So many queries of all kinds, each with the documents that Whoosh's own matchers find otherwise.

    Whoosh's documentation says that an exchange of neighbours is one edit; its readers of one segment take it for two.
    """
    drawn = random.Random(seed)  # noqa: S311
    asker = WhooshAsker(drawn, ["en"])
    for number in range(-(-queries // per_collection)):
        with tempfile.TemporaryDirectory(prefix="by-hand-") as folder:
            Collection(Path(folder), drawn)
            engine, toc = WhooshEngine(Path(folder)), read_toc(Path(folder))
            assert toc is not None
            searchers = searchers_of(Path(folder), toc)
            for _ in range(min(per_collection, queries - number * per_collection)):
                tree = asker.tree(2)
                try:
                    with patch.object(SegmentReader, "terms_within", IndexReader.terms_within):
                        theirs = {
                            str(searcher.stored_fields(doc_id)["record"]["id"])
                            for searcher in searchers
                            for doc_id in matches_of(searcher, tree).doc_ids.tolist()
                        }
                except (NotImplementedError, ValueError, IndexError):  # Whoosh fails over some of its own queries
                    continue
                with engine.snapshot() as snapshot:
                    ours = set(snapshot.identities(Request(tree, limit=10_000)).ids)
                yield (
                    tree,
                    f"documents: ours {sorted(ours - theirs)}, theirs {sorted(theirs - ours)}" * (ours != theirs),
                )


def main(queries: int, seed: int) -> dict[str, Any]:
    """How many of the answers are others than by hand, and than Whoosh's."""
    by_hand = [(str(request), what) for request, what in compared(queries, seed) if what]
    whoosh = [(str(tree), what) for tree, what in compared_with_whoosh(queries, seed) if what]
    return {"queries": queries, "by_hand": len(by_hand), "whoosh": len(whoosh), "first": [*by_hand[:3], *whoosh[:3]]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*map(int, sys.argv[1:]))))
