"""eval: the ranking on five judged collections, as our command judges it and as two others do."""

import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from .process import reportsearch, run
from .proof import Figure, Proof, SkippedError, Workbench, at_least, below

__all__ = ["PROOF"]

WHOOSH = {"cranfield": 0.387, "cacm": 0.429, "scifact": 0.655, "nfcorpus_ecir": 0.328, "dol_goods": 0.726}
"""nDCG@10 of Whoosh 2.7.4 as it comes, on title and text."""
TOLERANCE = 0.02
DIFFERENCE = 0.0005
"""What figures that are rounded to four places may differ by."""

METRICS = ("ndcg_at_10", "map", "recall_at_100")


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.data("cranfield")
    for name, whoosh in WHOOSH.items():
        yield from _judge(name, whoosh, workbench)


def _judge(name: str, whoosh: float, workbench: Workbench) -> Iterator[Figure]:
    folder = workbench.data(name)
    trec = workbench.folder / f"{name}.trec"
    ours = reportsearch("eval", folder, "--format", "json", "--run-file", trec, cwd=workbench.folder).json
    workbench.note(f"{name}: " + ", ".join(f"{key} {value}" for key, value in ours.items()))
    label = f"eval-{name.replace('_', '-')}"
    yield at_least(f"{label}-ndcg-at-10", ours["ndcg_at_10"], round(whoosh - TOLERANCE, 3))
    qrels = workbench.folder / f"{name}.qrels"
    qrels.write_text(_encoded((folder / "qrels.tsv").read_text(encoding="utf-8")), encoding="utf-8")
    yield below(f"{label}-difference-from-definition", _difference(ours, _by_definition(qrels, trec)), DIFFERENCE)
    try:
        score_run = workbench.data("../measure/score_run.py")
    except SkippedError:
        workbench.note("there is no measure/score_run.py beside the data to compare with")
        return
    theirs = run([sys.executable, score_run, qrels, trec], cwd=workbench.folder).json
    yield below(f"{label}-difference-from-score-run", _difference(ours, theirs), DIFFERENCE)


def _difference(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """The largest over all metrics; as large as can be where the number of queries differs."""
    if ours["queries"] != theirs["queries"]:
        return 1.0
    return max(abs(ours[metric] - theirs[metric]) for metric in METRICS)


def _encoded(qrels: str) -> str:
    """The judgements with names as they stand in a ranking in TREC form: without white space."""
    rows = [line.split("\t") for line in qrels.splitlines() if line.strip()]
    return "".join(
        "\t".join(re.sub(r"\s", lambda space: quote(space.group()), cell) for cell in row) + "\n" for row in rows
    )


def _by_definition(qrels: Path, trec: Path) -> dict[str, float]:
    """The figures from judgements and ranking, each as its definition reads.

    nDCG@10 = DCG / ideal DCG, DCG = Σ_i≤10 gain_i / log2(i + 1) (Järvelin & Kekäläinen 2002). Average precision = mean
    over the relevant documents of the precision at their rank, 0 where not found. Recall at 100 = the share of the
    relevant documents among the first 100. All as means over the queries that have a relevant document.
    """
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in qrels.read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        grades[query][document] = int(grade)
    rank_of: dict[str, dict[str, int]] = defaultdict(dict)
    for line in trec.read_text(encoding="utf-8").splitlines():
        query, _, document, rank, _, _ = line.split()
        rank_of[query][document] = int(rank)
    judged = [query for query, row in grades.items() if max(row.values()) > 0]
    sums = dict.fromkeys(METRICS, 0.0)
    for query in judged:
        for metric, value in zip(METRICS, _of_query(grades[query], rank_of[query]), strict=True):
            sums[metric] += value
    return {"queries": len(judged)} | {metric: total / len(judged) for metric, total in sums.items()}


def _of_query(grades: Mapping[str, int], rank_of: Mapping[str, int]) -> tuple[float, float, float]:
    ideal = sorted(grades.values(), reverse=True)[:10]
    best = sum(grade / math.log2(rank + 1) for rank, grade in enumerate(ideal, 1))
    gained = sum(grade / math.log2(rank_of[name] + 1) for name, grade in grades.items() if rank_of.get(name, 11) <= 10)
    relevant = [name for name, grade in grades.items() if grade > 0]
    ranks = sorted(rank_of[name] for name in relevant if name in rank_of)
    precision = sum(sum(other <= rank for other in ranks) / rank for rank in ranks) / len(relevant)
    recall = sum(rank <= 100 for rank in ranks) / len(relevant)
    return gained / best, precision, recall


PROOF = Proof("eval", "nDCG@10 on five judged collections, and that two other scorers say the same", measure)
