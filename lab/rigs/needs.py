"""What a test does on a machine that lacks a program which the test needs."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def skip_or_fail(reason: str) -> NoReturn:
    """Fail in CI, which installs everything; elsewhere skip the test, with the reason."""
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)
