"""The gym corner under a real systemd: how soon it listens again, and what it costs while nobody speaks.

The machine is that of the tests (`tests/service`): systemd in namespaces, PulseAudio with virtual devices. What is
usually said is rendered before, as it is a few minutes after the first start.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from coach.adapters.synthesis.clip_store import clip_folder
from coach.wiring import engines, usual_lines
from lab.rigs.machine import CHECKOUT, HOME, Machine

RUNS = 5
SETTLE_S = 60.0
"""In which it looks up what it keeps: the expectations of the live phrases."""
WATCH_S = 20.0
_PLACE = f"{HOME}/coach"


def main(quick: bool) -> None:
    """Measures everything and prints the table."""
    pack, _, plan = engines.exercise()
    engines.voice(print).prepare([*usual_lines.first_lines(pack, plan), *usual_lines.later_lines(pack)])
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    machine = Machine(folder)
    try:
        _install(machine)
        wait_until_it_listens(machine, "")
        runs = 1 if quick else RUNS
        restarts = [_restarted(machine) for _ in range(runs)]
        deaths = [_killed(machine) for _ in range(runs)]
        _show("restart to listening, warm", restarts, "s", "3 s")
        _show("death (kill -9) to listening, warm", deaths, "s", "3 s")
        if not quick:
            time.sleep(SETTLE_S)
            _show("CPU of one core, loudspeaker profile, nobody speaks", [_share(machine)], "%", "5 %")
    finally:
        machine.close()
        folder.with_suffix(".log").unlink(missing_ok=True)
        folder.rmdir()


def wait_until_it_listens(machine: Machine, before: str) -> None:
    """`before`: the process number of the coach that was there before."""
    machine.wait_until(
        lambda: (
            (now := machine.unit_properties("MainPID", "ActiveState"))["ActiveState"] == "active"
            and now["MainPID"] not in ("0", before)
        ),
        "the coach listens",
    )


def _install(machine: Machine) -> None:
    machine.as_root("mkdir", "--parents", _PLACE, f"{HOME}/.cache/coach")
    machine.as_root("cp", "-r", str(clip_folder()), f"{HOME}/.cache/coach/clips")
    machine.as_root("chown", "-R", "gym:gym", f"{HOME}/.cache")
    machine.as_root("mount", "--bind", str(CHECKOUT), _PLACE)
    machine.as_user(f"{_PLACE}/scripts/install-gym-corner", check=True)


def _restarted(machine: Machine) -> float:
    """Seconds; systemctl returns when the coach has reported that it listens."""
    began = time.perf_counter()
    machine.as_user("systemctl", "--user", "restart", "gym-corner", check=True)
    return time.perf_counter() - began


def _killed(machine: Machine) -> float:
    """Seconds, the one that systemd waits included."""
    before = machine.coach()
    began = time.perf_counter()
    machine.as_root("kill", "-KILL", before)
    wait_until_it_listens(machine, before)
    return time.perf_counter() - began


def _share(machine: Machine) -> float:
    before, began = int(machine.unit_properties("CPUUsageNSec")["CPUUsageNSec"]), time.perf_counter()
    time.sleep(WATCH_S)
    used = int(machine.unit_properties("CPUUsageNSec")["CPUUsageNSec"]) - before
    return used / 1e7 / (time.perf_counter() - began)


def _show(name: str, values: list[float], unit: str, bar: str) -> None:
    print(f"{name:55}  {statistics.median(values):5.2f} {unit}  worst {max(values):5.2f} {unit}  bar {bar}")
