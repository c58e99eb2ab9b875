"""What all tests share."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Tests neither read nor write what belongs to the user; rendered clips are kept from run to run.

    No fixture: conversations are tests that have none.
    """
    cache = session.config.cache
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache.mkdir("clips") if cache else Path(folder) / "cache"))
        patch.setenv("XDG_DATA_HOME", str(Path(folder) / "data"))
        return (yield)
