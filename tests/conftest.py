"""What all tests share."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import coach


def pytest_sessionstart() -> None:
    """Loads every module of the coach: Hypothesis draws from the constants of all modules that are loaded, so that a
    random conversation would depend on which tests ran before it in the same process."""
    for module in pkgutil.walk_packages(coach.__path__, "coach."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Tests neither read nor write what belongs to the user; rendered clips are kept from run to run.

    No fixture: conversations are tests that have none.
    """
    cache = session.config.cache
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache.mkdir("clips") if cache else Path(folder) / "cache"))
        patch.setenv("XDG_DATA_HOME", str(Path(folder) / "data"))
        patch.setenv("XDG_CONFIG_HOME", str(Path(folder) / "config"))
        return (yield)
