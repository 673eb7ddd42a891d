"""sizes: reports of no and of 50 million characters, a word of a megabyte, a hundred thousand words, in one commit."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from reportsearch.indexer.codec import check_index
from reportsearch.indexer.report import Page, Report
from reportsearch.indexer.settings import load_settings
from reportsearch.indexer.whoosh_writer import WhooshStore
from reportsearch.search import open_collection

from .process import clean_environment, run
from .proof import Figure, Proof, Workbench, exactly
from .seeded import document, share

__all__ = ["PROOF"]

CHARS = 50_000_000


def measure(workbench: Workbench) -> Iterator[Figure]:
    folder = workbench.folder / "sizes"
    folder.mkdir()
    environment = clean_environment(PYTHONPATH=str(workbench.root / "scripts"))
    command = [sys.executable, "-P", "-m", "proofs.sizes", folder, str(share(CHARS))]
    written = run([*command, "write"], cwd=folder, environment=environment)
    workbench.note(f"written in {written.seconds:.1f} s with {written.peak_process_mb:.0f} MB at most")
    read = run([*command, "read"], cwd=folder, environment=environment)
    workbench.note(f"read in {read.seconds:.1f} s with {read.peak_process_mb:.0f} MB at most")
    for name, holds in read.json.items():
        yield exactly(f"sizes-{name}", int(holds), 1)


def _texts(chars: int) -> dict[str, str]:
    prose = " ".join(page.text for page in document("long", 1, 20_000).pages)
    return {
        "long": (prose + " ") * (chars // len(prose)) + "Numbats eat termites.",
        "nothing": "",
        "word": "w" * 1_000_000 + " okapis",
        "words": " ".join(f"w{number:x}" for number in random.Random(2).sample(range(1 << 30), 100_000)),  # noqa: S311
        "pairs": "児童福祉難民支援" * (chars // 80) + "。終",
    }


def _write(folder: Path, texts: dict[str, str]) -> None:
    writer = WhooshStore(load_settings(folder).index_folder, "en").writer()
    for name, text in texts.items():
        writer.replace(Report(id=name, url="", title=name, pages=(Page(None, text),)))
    writer.commit()


def _read(folder: Path, texts: dict[str, str]) -> dict[str, bool]:
    found = check_index(load_settings(folder).index_folder)
    with open_collection(folder) as collection:
        said = {f"{name}-comes-back": collection.report(name).pages == (Page(None, texts[name]),) for name in texts}
        for query, name in (("numbats", "long"), ("okapis", "word"), ("児童福祉", "pairs"), ("nothing", "nothing")):
            hits = collection.search(query)
            said[f"{name}-is-found"] = [hit.id for hit in hits] == [name] and len(hits[0].snippets[0].text) < 2000
    return {**said, "index-is-whole": found is not None and not found.damages}


PROOF = Proof("sizes", "reports of 0 and 50 million characters, a word of 1 MB, 100,000 distinct words", measure)

if __name__ == "__main__":
    wanted = _texts(int(sys.argv[2]))
    if sys.argv[3] == "write":
        _write(Path(sys.argv[1]), wanted)
    else:
        print(json.dumps(_read(Path(sys.argv[1]), wanted)))
