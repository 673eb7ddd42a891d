"""fresh: a clone, one command, and the sample answers; for somebody who has nothing installed."""

import re
from collections.abc import Iterator

from .process import clean_environment, run
from .proof import Figure, Proof, Workbench, at_most, below

__all__ = ["PROOF"]

QUERY = "going missing from care"
TITLE = "Heading back to harm"
FIRST = 3
FIRST_RUN_S, SECOND_RUN_S = 300, 10


def measure(workbench: Workbench) -> Iterator[Figure]:
    workbench.note("needs the network: the first run installs from the package registry")
    clone = workbench.clone("fresh")
    home = workbench.folder / "fresh-home"
    home.mkdir()
    environment = clean_environment(HOME=str(home))
    first, second = (run([clone / "scripts" / "run", QUERY], cwd=home, environment=environment) for _ in range(2))
    yield below("fresh-seconds-of-first-run", first.seconds, FIRST_RUN_S)
    yield below("fresh-seconds-of-second-run", second.seconds, SECOND_RUN_S)
    for name, done in (("first", first), ("second", second)):
        titles = re.findall(r"^\d+\. (.+)$", done.stdout, re.MULTILINE)
        workbench.detail(done.output)
        ranks = [rank for rank, title in enumerate(titles, 1) if TITLE.casefold() in title.casefold()]
        yield at_most(f"fresh-rank-in-{name}-run", min(ranks, default=len(titles) + FIRST + 1), FIRST)


PROOF = Proof("fresh", "scripts/run in a fresh clone answers from the sample; first and second time (network)", measure)
