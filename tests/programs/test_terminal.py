"""Standard output and error that are closed, full or in another encoding: one line at most, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.rigs.folders import CONVERSATIONS

STOP = CONVERSATIONS / "stop.yaml"


def run(shell: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `coach` in a shell, because the shell closes and redirects standard output and error."""
    program = f'coach() {{ {sys.executable} -m coach "$@"; }}; {shell}'
    return subprocess.run(["sh", "-c", program], capture_output=True, check=False, env={**os.environ, **environment})


@pytest.mark.parametrize("command", ["commands", "diagram", f"rehearse {STOP}", "check", "check --schema script"])
def test_a_full_disk_is_one_line(command: str) -> None:
    told = run(f"coach {command} > /dev/full")
    assert told.returncode == 1
    assert told.stderr == b"coach: the output cannot be used (No space left on device): give another\n"


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_closed_streams_are_no_reason_to_fail(streams: str) -> None:
    told = run(f"coach rehearse --quiet {STOP} {streams}; echo $? >&2")
    assert told.stderr == b"0\n"
    refused = run(f"coach rehearse nowhere.yaml {streams}; echo $? >&2")
    assert refused.stderr.splitlines()[-1] == b"1"


def test_who_has_read_enough_is_no_fault() -> None:
    told = run("coach commands | head -n 1")
    assert (told.stdout, told.stderr) == (b"safety:\n", b"")


def test_letters_that_the_terminal_lacks_are_escaped(tmp_path: Path) -> None:
    script = tmp_path / "größe.yaml"
    script.write_text("story: Größe.\nscript:\n  - lifter: end workout\n", encoding="utf-8")
    told = run(f"coach rehearse --record {script}", PYTHONIOENCODING="ascii")
    assert told.returncode == 0
    assert told.stdout.startswith(b"# Gr\\xf6\\xdfe.\n")
    broken = tmp_path / os.fsdecode(b"\xff.yaml")
    broken.write_text("story: x\n")
    refused = run(f"coach check {tmp_path}")
    assert refused.returncode == 1
    assert b"\\udcff.yaml" in refused.stdout
    assert b"Traceback" not in refused.stderr
