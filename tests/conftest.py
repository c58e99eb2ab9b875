"""Hooks that all tests share."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import coach
from lab.rigs import browser
from lab.rigs.needs import skip_or_fail


def pytest_sessionstart() -> None:
    """Load every module of the coach. Hypothesis takes examples from the constants of all loaded modules, so otherwise
    a random conversation would depend on the tests that ran before it in the same process.
    """
    for module in pkgutil.walk_packages(coach.__path__, "coach."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    # What is loaded now stays loaded: the garbage collector need not look at it, and may look more rarely at the rest.
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    """A real browser with one page."""
    program = browser.found()
    if program is None:
        skip_or_fail("no Chromium: install chromium-headless-shell")
    with browser.Browser(program, tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Keep tests from reading or writing the user's own files; rendered clips are kept from run to run.

    Not a fixture: conversations are tests that have no fixtures.
    """
    cache = session.config.cache
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache.mkdir("clips") if cache else Path(folder) / "cache"))
        patch.setenv("XDG_DATA_HOME", str(Path(folder) / "data"))
        patch.setenv("XDG_CONFIG_HOME", str(Path(folder) / "config"))
        return (yield)
