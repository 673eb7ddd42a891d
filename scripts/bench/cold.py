"""A worker: opens an index, answers one query with snippets, and ends. The whole process is measured from outside.

python -m bench.cold ENGINE FOLDER TEXT
"""

import sys
from pathlib import Path

from .engines import load


def main(name: str, folder: str, text: str) -> None:
    index = load(name).open(Path(folder))
    answer = index.snippets(text)
    print("\n".join(answer.marked))
    index.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
