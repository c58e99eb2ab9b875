"""A machine of our own: a booted systemd with a user `gym`, in namespaces, on a copy-on-write view of this one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("machine.sh")
TIMEOUT_SECONDS = 60
"""A time-out for a busy machine, never an expectation."""
HOME = "/home/gym"
_USER = 4242
_SOUND = """\
load-module module-native-protocol-unix
load-module module-null-sink sink_name=speaker rate=22050 channels=1 norewinds=1
load-module module-null-sink sink_name=feed rate=16000 channels=1 norewinds=1
set-default-sink speaker
set-default-source feed.monitor
"""


class Machine:
    """Booted; the user's manager and sound server are there, as after a login."""

    def __init__(self, folder: Path) -> None:
        """`folder`: empty, and not read through by others."""
        self._log = folder.with_suffix(".log")
        with self._log.open("wb") as log:
            self._outer = subprocess.Popen(
                ["unshare", "--mount", "bash", str(SCRIPT), str(folder)], stdout=log, stderr=subprocess.STDOUT, cwd="/"
            )
        self._init = 0
        self.wait_until(self._booted, "systemd runs")
        # The interpreter may lie in root's home, and the checkout anywhere.
        for place in (Path(sys.executable).resolve(), CHECKOUT / "scripts"):
            self.as_root("chmod", "a+x", *map(str, place.parents))
        self.as_root("systemctl", "start", f"user@{_USER}.service")
        self.write(f"{HOME}/.config/pulse/default.pa", _SOUND)
        self.write(f"{HOME}/.asoundrc", "pcm.!default { type pulse }\nctl.!default { type pulse }\n")

    def as_root(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in it as root."""
        return self._run(["env", "-i", "--chdir=/", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *command], check)

    def as_user(self, *command: str, check: bool = False, folder: str = HOME) -> subprocess.CompletedProcess[str]:
        """Run a command in it as the user, in a folder, with what a login sets."""
        login = [f"HOME={HOME}", "USER=gym", f"XDG_RUNTIME_DIR=/run/user/{_USER}", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
        who = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups"]
        return self._run([*who, "env", "-i", f"--chdir={folder}", *login, *command], check)

    def write(self, path: str, text: str) -> None:
        """A file of the user."""
        self._run(["install", "-D", "-o", "gym", "-g", "gym", "-m", "644", "/dev/stdin", path], True, text)
        self.as_root("chown", "-R", "gym:gym", f"{HOME}/.config")

    def unit_properties(self, *properties: str, unit: str = "gym-corner.service") -> dict[str, str]:
        """What systemd says of a service of the user."""
        wanted = [f"--property={name}" for name in properties]
        lines = self.as_user("systemctl", "--user", "show", unit, *wanted).stdout.splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def coach(self) -> str:
        """Process number of the coach that runs; waits for one."""
        found: list[str] = []

        def runs() -> bool:
            found.append(self.unit_properties("MainPID").get("MainPID", "0"))
            return found[-1] != "0"

        self.wait_until(runs, "a coach runs")
        return found[-1]

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for `what`, patiently."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while not holds():
            assert self._outer.poll() is None, self._log.read_text()
            assert time.monotonic() < end, f"not within {TIMEOUT_SECONDS} s: {what}\n{self.journal()}"
            time.sleep(0.05)

    def journal(self) -> str:
        """What was logged so far."""
        return self.as_root("journalctl", "--no-pager", "--lines=400", check=False).stdout if self._init else ""

    def close(self) -> None:
        """End it, and nothing else."""
        if self._init:
            subprocess.run(["kill", "-KILL", str(self._init)], check=True)
        else:
            self._outer.terminate()
        self._outer.wait(TIMEOUT_SECONDS)

    def _booted(self) -> bool:
        if not self._init:
            [unshared, *_] = [*_children(self._outer.pid), 0]
            [self._init, *_] = [*_children(unshared), 0]
            return False
        return self.as_root("systemctl", "is-active", "--quiet", "machine.target", check=False).returncode == 0

    def _run(self, command: list[str], check: bool, given: str | None = None) -> subprocess.CompletedProcess[str]:
        entered = ["nsenter", f"--target={self._init}", "--all", "--root", *command]
        # In a session of its own: a signal that goes to its whole group must not reach the tests.
        done = subprocess.run(
            entered,
            input=given,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
            cwd="/",
            start_new_session=True,
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
