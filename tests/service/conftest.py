"""One booted machine for all tests of the service."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.adapters.synthesis.clip_store import clip_folder
from coach.commands import Manner
from coach.wiring import engines
from lab.rigs.machine import CHECKOUT, HOME, Machine
from lab.rigs.needs import skip_or_fail

TOOLS = ("systemctl", "dbus-daemon", "loginctl", "unshare", "nsenter", "setpriv", "pulseaudio")
PLACE = f"{HOME}/my gym 100% $HOME"
"""The checkout as the user has it: everything stands in its path that a unit file reads as something else."""


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """Booted, the user logged in, nothing installed."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    reason = f"no {', '.join(missing)}: install systemd, dbus-user-session and pulseaudio" if missing else ""
    if os.getuid() != 0:
        reason = "only root may boot a machine in namespaces"
    if reason:
        skip_or_fail(reason)
    # What it says first is rendered here and taken over, else the voice is made ready at every run.
    pack, _, _ = engines.exercise()
    engines.voice(print).render(pack.prompts["greeting"].say[0], Manner.SENTENCE)
    # Not below pytest's folder, which is root's alone.
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    machine = None
    try:
        machine = Machine(folder)
        machine.as_root("install", "-d", "-o", "gym", "-g", "gym", f"{HOME}/.cache", f"{HOME}/.cache/coach")
        machine.as_root("cp", "-r", str(clip_folder()), f"{HOME}/.cache/coach/clips")
        machine.as_root("chown", "-R", "gym:gym", f"{HOME}/.cache/coach")
        machine.as_root("mkdir", PLACE)
        machine.as_root("mount", "--bind", str(CHECKOUT), PLACE)
        yield machine
    finally:
        if machine is not None:
            machine.close()
        folder.with_suffix(".log").unlink(missing_ok=True)
        folder.rmdir()
