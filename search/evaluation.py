"""How good the ranking is, on queries with judged answers.

    corpus.jsonl    {"id", "title", "text"} a line (any record that `add` takes)
    queries.jsonl   {"id", "text"} a line
    qrels.tsv       query ⇥ document ⇥ relevance

Figures are means over the judged queries that have a relevant document. nDCG@10 with gain = relevance and discount
log2(rank + 1) (Järvelin & Kekäläinen 2002), average precision and recall at 100 over the whole ranking that is kept.
"""

import json
import math
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

from reportsearch.indexer.errors import CollectionError
from reportsearch.indexer.pipeline import add
from reportsearch.indexer.run import Progress, RunOptions
from reportsearch.indexer.settings import load_settings

from .collection import Collection, open_collection

__all__ = ["Comparison", "Evaluation", "Judged", "compare", "evaluate", "read_run", "score", "write_run"]

DEPTH = 1000
"""How much of a ranking is kept, as TREC does."""
PERMUTATIONS = 10_000

Qrels = Mapping[str, Mapping[str, int]]
Run = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged collection, without its documents."""

    corpus: Path
    queries: Mapping[str, str]
    qrels: Qrels

    @classmethod
    def read(cls, folder: Path) -> "Judged":
        """The collection in a folder. Raises CollectionError where a file is missing or says something else."""
        file = folder
        try:
            file = folder / "queries.jsonl"
            lines = file.read_text(encoding="utf-8").splitlines()
            queries = {str(row["id"]): str(row["text"]) for row in map(json.loads, filter(str.strip, lines))}
            file = folder / "qrels.tsv"
            qrels: dict[str, dict[str, int]] = defaultdict(dict)
            for line in filter(str.strip, file.read_text(encoding="utf-8").splitlines()):
                query, document, relevance = line.split("\t")
                qrels[query][document] = int(relevance)
            file = folder / "corpus.jsonl"
            if not file.is_file():
                raise FileNotFoundError(2, "No such file", str(file))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CollectionError(
                f"{file} cannot be used: {error}. A judged collection has corpus.jsonl (id, title, text), "
                "queries.jsonl (id, text) and qrels.tsv (query, document, relevance by tabs)."
            ) from error
        return cls(file, queries, qrels)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one ranking; `ms_per_query` is the mean time to ten hits with snippets."""

    queries: int
    ndcg_at_10: float
    map: float
    recall_at_100: float
    ms_per_query: float
    run: Run
    ndcg_by_query: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two rankings in mean nDCG@10 (this one less the other), and how easily chance makes it."""

    other: float
    difference: float
    p_value: float


def evaluate(judged: Judged, language: str = "en", progress: Progress | None = None) -> Evaluation:
    """Indexes the collection aside, asks all its queries, and judges the answers."""
    with tempfile.TemporaryDirectory(prefix="reportsearch-eval-") as folder:
        (Path(folder) / "reports.toml").write_text(f'[collection]\nlanguage = "{language}"\n', encoding="utf-8")
        add(load_settings(Path(folder)), [str(judged.corpus.resolve())], RunOptions(progress=progress))
        with open_collection(folder) as collection:
            run = {query: _ranked(collection, text) for query, text in judged.queries.items()}
            started = time.perf_counter()
            for text in judged.queries.values():
                collection.search(text)
            seconds = time.perf_counter() - started
    return score(judged.qrels, run, 1000 * seconds / max(1, len(judged.queries)))


def _ranked(collection: Collection, text: str) -> list[str]:
    return [hit.id for hit in collection.search(text, per_page=DEPTH, snippets=False)]


def score(qrels: Qrels, run: Run, ms_per_query: float = 0.0) -> Evaluation:
    """The figures of a ranking; a judged query without an answer counts as zero."""
    ndcg, precision, recall = {}, [], []
    for query, relevance in qrels.items():
        relevant = {document for document, grade in relevance.items() if grade > 0}
        if not relevant:
            continue
        ranked = list(dict.fromkeys(run.get(query, ())))
        ndcg[query] = _dcg([relevance.get(document, 0) for document in ranked[:10]]) / _dcg(
            sorted(relevance.values(), reverse=True)[:10]
        )
        hits = [number for number, document in enumerate(ranked, 1) if document in relevant]
        precision.append(sum(count / number for count, number in enumerate(hits, 1)) / len(relevant))
        recall.append(len(relevant.intersection(ranked[:100])) / len(relevant))
    count = max(1, len(ndcg))
    return Evaluation(
        len(ndcg),
        sum(ndcg.values()) / count,
        sum(precision) / count,
        sum(recall) / count,
        ms_per_query,
        run,
        ndcg,
    )


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(number + 1) for number, gain in enumerate(gains, 1))


def write_run(path: Path, run: Run) -> None:
    """Writes the ranking in TREC form: query Q0 document rank score name.

    The form is separated by white space, so white space in a name is percent-encoded (`Dominican%20Republic`).
    """
    with path.open("w", encoding="utf-8") as file:
        for query, ranked in run.items():
            for rank, document in enumerate(ranked, 1):
                file.write(f"{_word(query)} Q0 {_word(document)} {rank} {len(ranked) - rank + 1} reportsearch\n")


def _word(name: str) -> str:
    return re.sub(r"\s", lambda space: quote(space.group()), name)


def read_run(path: Path) -> Run:
    """A ranking in TREC form. Raises CollectionError where the file is in another one."""
    ranked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            query, _, document, rank, _, _ = line.split()
            ranked[query].append((int(rank), document))
    except (OSError, ValueError) as error:
        raise CollectionError(
            f"{path} is no ranking in TREC form (query Q0 document rank score name): {error}."
        ) from error
    return {query: [document for _, document in sorted(documents)] for query, documents in ranked.items()}


def compare(qrels: Qrels, this: Evaluation, other: Run) -> Comparison:
    """The difference in nDCG@10 from another ranking, with a paired randomisation test.

    Smucker, Allan & Carterette, A Comparison of Statistical Significance Tests for IR Evaluation (CIKM 2007), §3.3.
    """
    encoded = {_word(query): {_word(name): grade for name, grade in row.items()} for query, row in qrels.items()}
    theirs = score(encoded, other)
    differences = np.array([value - theirs.ndcg_by_query[_word(query)] for query, value in this.ndcg_by_query.items()])
    observed = differences.mean() if len(differences) else 0.0
    signs = np.random.default_rng(0).choice((-1.0, 1.0), size=(PERMUTATIONS, len(differences)))
    as_large = np.abs(signs @ differences) >= abs(differences.sum()) - 1e-12
    return Comparison(theirs.ndcg_at_10, float(observed), (int(as_large.sum()) + 1) / (PERMUTATIONS + 1))
