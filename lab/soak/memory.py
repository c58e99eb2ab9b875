"""Samples the memory of a process, and finds how fast it grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np


def resident_mb() -> float:
    """Returns the resident megabytes of this process; 0 if the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmRSS:")), 0.0)


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Returns the slope of the straight line through the values."""
    return float(np.polyfit(times, values, 1)[0]) if len(times) > 2 else 0.0
