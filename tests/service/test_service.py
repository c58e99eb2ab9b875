"""The gym corner as a service of a real systemd: installed, started, killed, hung, wrongly set, ended, removed.

The tests stand in the order of its life and share one machine.
"""

from __future__ import annotations

import re
import subprocess

import pytest

from lab.rigs.machine import CHECKOUT, HOME, Machine
from tests.service.conftest import PLACE

pytestmark = pytest.mark.live

INSTALL = f"{PLACE}/scripts/install-gym-corner"
SETTINGS = f"{HOME}/.config/coach/settings.toml"
UNIT = f"{HOME}/.config/systemd/user/gym-corner.service"
EXPOSURE = 21
"""Tenths of `systemd-analyze security`, at most. The unit has 20, and most of that is the network."""


def listens(machine: Machine) -> bool:
    return machine.unit_properties("ActiveState", "StatusText") == {
        "ActiveState": "active",
        "StatusText": "waiting for a lifter",
    }


def files(machine: Machine) -> str:
    """All of the user's, with their contents' sums."""
    outside = f"-path {PLACE!r} -prune -o -path '*/pulse/cookie' -prune -o"
    return machine.as_root("bash", "-c", f"find {HOME} {outside} -type f -exec cksum {{}} + | sort").stdout


def test_the_script_has_no_slips() -> None:
    """The one test that needs no machine."""
    done = subprocess.run(["shellcheck", str(CHECKOUT / "scripts/install-gym-corner")], check=False)
    assert done.returncode == 0


def test_a_dry_run_shows_all_and_changes_nothing(machine: Machine) -> None:
    before = files(machine)
    shown = machine.as_user(INSTALL, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    for line in (
        f"would write the settings {SETTINGS}",
        '    | profile = "speaker"',
        f"would write the service {UNIT}",
        "    | Type=notify",
        "would let the service run without a login (loginctl enable-linger gym)",
        "Nothing was changed.",
    ):
        assert line in shown.stdout.splitlines()
    assert files(machine) == before
    assert machine.unit_properties("LoadState")["LoadState"] == "not-found"


@pytest.mark.parametrize(
    ("spoil", "mend", "told"),
    [
        ("true", "true", r"root.*: run the script as that user"),
        ("chmod 000 /run/user/4242", "chmod 700 /run/user/4242", r"cannot be reached.*: log in as gym at the machine"),
        (
            "chmod 000 /run/user/4242; mv /run/systemd/system /run/x",
            "chmod 700 /run/user/4242; mv /run/x /run/systemd/system",
            r"systemd does not run this machine.*: start scripts/run yourself",
        ),
        (
            "mv /usr/bin/loginctl /x",
            "mv /x /usr/bin/loginctl",
            r"no loginctl, so this machine has no systemd: start scripts/run",
        ),
    ],
)
def test_what_is_missing_is_told_with_its_remedy(machine: Machine, spoil: str, mend: str, told: str) -> None:
    machine.as_root("bash", "-c", spoil)
    try:
        done = (machine.as_root if "root" in told else machine.as_user)(INSTALL, check=False)
    finally:
        machine.as_root("bash", "-c", mend)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert re.match(f"install-gym-corner: .*{told}", line)
    assert machine.unit_properties("LoadState")["LoadState"] == "not-found"


def test_without_a_sound_server_the_remedy_is_told(machine: Machine) -> None:
    units = [f"/usr/lib/systemd/user/pulseaudio.{kind}" for kind in ("service", "socket")]
    machine.as_root("bash", "-c", f"for unit in {' '.join(units)}; do mv $unit $unit.away; done")
    machine.as_root("mv", "/run/user/4242/pulse", "/run/user/4242/away")
    machine.as_user("systemctl", "--user", "daemon-reload")
    try:
        done = machine.as_user(INSTALL)
    finally:
        machine.as_root("bash", "-c", f"for unit in {' '.join(units)}; do mv $unit.away $unit; done")
        machine.as_root("mv", "/run/user/4242/away", "/run/user/4242/pulse")
        machine.as_user("systemctl", "--user", "daemon-reload")
    assert done.returncode == 1
    assert "neither PipeWire nor PulseAudio is installed: install one" in done.stderr


def test_it_is_installed_and_listens(machine: Machine) -> None:
    machine.write(f"{UNIT}.d/short.conf", "[Service]\nWatchdogSec=5\nTimeoutAbortSec=100ms\nRestartSec=100ms\n")
    done = machine.as_user(INSTALL, check=True)
    assert f"write the service {UNIT}" in done.stdout.splitlines()
    machine.wait_until(lambda: listens(machine), "the coach listens")
    # Settings that are there are never overwritten.
    machine.write(SETTINGS, 'profile = "speaker"\n[voice]\nceiling_db = -3\n')
    again = machine.as_user(INSTALL, check=True)
    last = "Nothing to change: the gym corner is installed. Now: waiting for a lifter, active, running"
    assert again.stdout.splitlines()[-1] == last
    assert "ceiling_db = -3" in machine.as_user("cat", SETTINGS).stdout
    assert machine.as_root("ls", "/var/lib/systemd/linger").stdout == "gym\n"
    # It writes where it may.
    assert machine.as_user("test", "-s", f"{HOME}/.local/share/coach/journal.sqlite3").returncode == 0


def test_the_unit_is_sound_and_closed(machine: Machine) -> None:
    verified = machine.as_user("systemd-analyze", "--user", "verify", UNIT)
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")
    judged = machine.as_user("systemd-analyze", "--user", "security", "--offline=yes", f"--threshold={EXPOSURE}", UNIT)
    assert judged.returncode == 0, judged.stdout[-200:]


def test_the_sandbox_holds(machine: Machine) -> None:
    """As the running coach has it, seen from inside its namespaces."""
    pid = machine.coach()
    status = machine.as_root("cat", f"/proc/{pid}/status").stdout
    assert {"NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000"} <= set(status.splitlines())
    tries = (
        f"for place in {HOME} /var/tmp/.. /etc '{PLACE}'; do touch \"$place/trace\" 2>/dev/null && echo $place; done;"
        f"for place in /tmp {HOME}/.local/share/coach {HOME}/.cache/coach {HOME}/.local/state/coach;"
        ' do touch "$place/trace" && rm "$place/trace" || echo not $place; done'
    )
    entered = ["nsenter", f"--target={pid}", "--mount", "--user", "--preserve-credentials", "bash", "-c", tries]
    assert machine.as_user(*entered).stdout == ""


def test_a_coach_that_hangs_is_ended_and_listens_again(machine: Machine) -> None:
    """The real watchdog, in a shorter time; `test_manager.py` shows that each thread's hang starves it."""
    machine.wait_until(lambda: listens(machine), "the coach listens")
    hung = machine.coach()
    machine.as_root("kill", "-STOP", hung)
    machine.wait_until(
        lambda: machine.unit_properties("MainPID")["MainPID"] not in ("0", hung) and listens(machine),
        "it listens again",
    )
    logged = machine.journal()
    assert "Watchdog timeout" in logged


def test_it_ends_as_it_should(machine: Machine) -> None:
    machine.as_user("systemctl", "--user", "stop", "gym-corner", check=True)
    ended = {"ActiveState": "inactive", "Result": "success", "ExecMainStatus": "143"}
    assert machine.unit_properties(*ended) == ended


def test_wrong_settings_are_told_and_do_not_spin(machine: Machine) -> None:
    machine.write(SETTINGS, 'profile = "loudspeaker"\n')
    machine.as_user("systemctl", "--user", "--no-block", "restart", "gym-corner", check=True)
    machine.wait_until(
        lambda: machine.unit_properties("StatusText")["StatusText"].startswith("cannot start: "), "the fault is told"
    )
    now = machine.unit_properties("ActiveState", "StatusText")
    assert now["ActiveState"] == "activating"
    assert re.match(rf"cannot start: {SETTINGS}:1: .*'loudspeaker'.* \(next try in 30 s\)", now["StatusText"])
    machine.write(SETTINGS, 'profile = "speaker"\n')


def test_it_is_removed_and_what_is_the_lifters_stays(machine: Machine) -> None:
    machine.as_root("rm", "-r", f"{UNIT}.d")
    kept = set(files(machine).splitlines())
    shown = machine.as_user(INSTALL, "--uninstall", "--dry-run", check=True)
    assert "Nothing was changed." in shown.stdout
    assert set(files(machine).splitlines()) == kept
    machine.as_user(INSTALL, "--uninstall", check=True)
    [gone] = kept - set(files(machine).splitlines())
    assert gone.endswith(UNIT)
    assert machine.as_root("ls", "/var/lib/systemd/linger").stdout == ""
    # Without lingering and a session its manager ends.
    machine.as_root("systemctl", "restart", "user@4242.service")
    assert machine.unit_properties("LoadState")["LoadState"] == "not-found"
    again = machine.as_user(INSTALL, "--uninstall", check=True)
    assert again.stdout == "Nothing to remove: no gym corner is installed for gym.\n"
