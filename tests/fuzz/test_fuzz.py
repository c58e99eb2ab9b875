"""Broken files of every reader: refused or accepted, never a traceback or a hang, in bounded memory. See
`scripts/fuzz`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.fuzz.readers import READERS
from lab.fuzz.running import max_memory, run

BUDGET = 1200
"""Cases of the quickest reader: all readers together take some twenty seconds."""


@pytest.mark.parametrize("name", READERS)
def test_whatever_stands_in_a_file(name: str, tmp_path: Path) -> None:
    before = max_memory()
    counts = run(name, 0, BUDGET // READERS[name].slow, tmp_path)
    assert not counts.findings, "\n".join(counts.findings[:3])
    assert counts.taken < counts.cases or name == "journal", "the journal passes over what it cannot read"
    assert counts.taken > 0 or name == "pack", "of the few packs all may be broken"
    assert max_memory() - before < 500 << 20
