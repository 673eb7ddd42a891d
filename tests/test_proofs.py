"""The proofs about the index in short: `scripts/prove` does the same with more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kill", "bit-flips", "readers", "segments", "sizes"])
def test_an_index_survives_what_it_must(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "proofs", name],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS), "REPORTSEARCH_PROVE_SHARE": "0.05"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS" in done.stdout
    assert "FAIL" not in done.stdout
