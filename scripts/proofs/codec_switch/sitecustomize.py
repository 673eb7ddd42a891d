"""Read by each Python that starts with this folder in its PYTHONPATH, child processes too: `default_codec` of Whoosh
gives the codec that the environment names, and each test that asks for it is written down.

WHOOSH_SUITE_CODEC is `stock` or `arrays`, WHOOSH_SUITE_CALLS a file; pytest keeps the test in PYTEST_CURRENT_TEST.
"""

import os
from pathlib import Path
from typing import Any

import whoosh.codec

_stock = whoosh.codec.default_codec
_seen: set[str] = set()


def default_codec(*args: Any, **options: Any) -> Any:
    """Options of the stock codec (the size of its blocks) say nothing to ours."""
    _write_down(os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0])
    if os.environ["WHOOSH_SUITE_CODEC"] == "stock":
        return _stock(*args, **options)
    from reportsearch.indexer.codec import ArrayCodec  # noqa: PLC0415  it imports whoosh.codec in its turn

    return ArrayCodec()


def _write_down(test: str) -> None:
    if test and test not in _seen:
        _seen.add(test)
        with Path(os.environ["WHOOSH_SUITE_CALLS"]).open("a", encoding="utf-8") as file:
            file.write(f"{test}\n")


whoosh.codec.default_codec = default_codec
