"""A page that the tests of a file share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coach.events import SessionStarted
from lab.rigs.corner import Served, served
from tests.programs.page.shown import show


@pytest.fixture(scope="module")
def one_for_all() -> Iterator[Served]:
    with served() as one:
        yield one


@pytest.fixture
def local(one_for_all: Served) -> Served:
    """A page for this computer alone."""
    one_for_all.requests.clear()
    one_for_all.show(SessionStarted(0.0))
    show(one_for_all)
    return one_for_all
