"""What `coach doctor` reports of disk and clock."""

from __future__ import annotations

import shutil
import time
from types import SimpleNamespace

import pytest

from coach.doctor import machine
from coach.doctor.examination import Examination
from coach.doctor.finding import Status
from coach.settings import Settings


@pytest.mark.parametrize(("free_mb", "status"), [(20, Status.FIX), (200, Status.HINT), (20_000, Status.OK)])
def test_a_disk_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch, free_mb: float, status: Status) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_mb * 1e6))
    [found] = machine.disk(Examination(Settings()))
    assert found.status is status


def test_a_clock_that_starts_in_the_past_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 0.0)
    [found] = machine.clock(Examination(Settings()))
    assert found.status is Status.FIX
    assert "the day on which the coach was installed" in found.text
