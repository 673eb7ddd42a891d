"""A worker: puts changed documents in the place of one in a hundred, several times; prints what each time cost.

python -m bench.replace ENGINE FOLDER DOCUMENTS SEED TIMES
"""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .documents import Document, read_documents
from .engines import load
from .stopwatch import Stopwatch

SHARE = 0.01


def main(name: str, folder: str, documents: str, seed: str, times: str) -> None:
    engine = load(name, writing=True)
    costs = []
    for chosen in _drawn(Path(documents), int(seed), int(times)):
        watch = Stopwatch()
        engine.replace(Path(folder), chosen)
        costs.append(watch.read())
    print(json.dumps(costs))


def _drawn(path: Path, seed: int, times: int) -> Iterator[list[Document]]:
    """For each time other documents, each with a sentence more than it had."""
    rng = random.Random(seed)  # noqa: S311  documents, not secrets
    count = sum(1 for _ in read_documents(path))
    share = max(1, round(count * SHARE))
    order = rng.sample(range(count), min(count, share * times))
    wanted = set(order)
    read = {number: document for number, document in enumerate(read_documents(path)) if number in wanted}
    for first in range(0, len(order), share):
        numbers = order[first : first + share]
        yield [replace(read[number], text=f"{read[number].text}\nIt was revised later.") for number in numbers]


if __name__ == "__main__":
    main(*sys.argv[1:])
