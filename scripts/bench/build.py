"""A worker: builds one index, and prints what it cost.

python -m bench.build ENGINE FOLDER DOCUMENTS WORKERS
"""

import json
import sys
from pathlib import Path

from .documents import read_documents
from .engines import load
from .stopwatch import Stopwatch


def main(name: str, folder: str, documents: str, workers: str) -> None:
    engine = load(name, writing=True)
    watch = Stopwatch()
    engine.build(Path(folder), watch.excluding(read_documents(Path(documents))), int(workers))
    print(json.dumps(watch.read()))


if __name__ == "__main__":  # workers of a build that spawns them import this module again
    main(*sys.argv[1:])
