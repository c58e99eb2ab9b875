"""The journal of a process that is really killed: only the record that was being written can be lost.

`COACH_KILLS=200 scripts/test tests/programs/test_journal_killed.py` kills as often.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random

from coach.adapters.journal.database import open_to_write
from coach.adapters.journal.file import FileHistory, old_journal_file
from coach.records import Record, RepDone
from lab.rigs.folders import CHECKOUT
from lab.rigs.journal_writer import session

KILLS = int(os.environ.get("COACH_KILLS", "20"))
OLD = b'{"session": "2025-01-01T00:00:00+00:00", "at": 12.5, "kind": "rep", "set": 1, "rep": 3}\n'


def kill_one(path: Path, began: str, chance: Random) -> int:
    """Start a session and kill it at some moment; returns how many records it had taken."""
    command = [sys.executable, "-m", "lab.rigs.journal_writer", str(path), began]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=CHECKOUT) as process:
        assert process.stdout is not None
        # Kill the process while it starts and makes its file, or after some records.
        wanted = chance.randrange(40) if chance.random() < 0.8 else 0
        taken = len(process.stdout.read(wanted))
        time.sleep(chance.random() * (0.003 if wanted else 0.3))
        process.kill()
        taken += len(process.stdout.read())
    assert process.returncode == -9
    return taken


def test_at_most_the_repetition_in_progress_is_lost(tmp_path: Path) -> None:
    chance, path = Random(15), tmp_path / "coach" / "journal.sqlite3"
    path.parent.mkdir()
    old_journal_file(path).write_bytes(OLD)
    before: dict[str, tuple[Record, ...]] = {"2025-01-01T00:00:00+00:00": (RepDone(12.5, 1, 3),)}
    for number in range(KILLS):
        began = f"2026-01-01T{number // 60:02}:{number % 60:02}:00+00:00"
        taken = kill_one(path, began, chance)
        after = {each.began: each.records for each in FileHistory(path).sessions()}
        written = after.pop(began, ())
        assert after == before, f"kill {number}: an earlier session has changed"
        assert taken <= len(written) <= taken + 1, f"kill {number}: {taken} were taken, {len(written)} are kept"
        assert written == tuple(islice(session(), len(written))), f"kill {number}"
        if written:
            before[began] = written
    with closing(open_to_write(path, old_journal_file(path))) as database:
        database.check()


def test_coaches_that_run_at_once_keep_all_of_their_own(tmp_path: Path) -> None:
    """Several processes begin in the same second, in a folder that holds only an old journal."""
    path, began = tmp_path / "coach" / "journal.sqlite3", "2026-01-01T00:00:00+00:00"
    path.parent.mkdir()
    old_journal_file(path).write_bytes(OLD)
    command = [sys.executable, "-m", "lab.rigs.journal_writer", str(path), began, "60"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) for _ in range(4)]
    for process in processes:
        told, _ = process.communicate()
        assert told == "." * 60, "nothing failed"
        assert process.returncode == 0
    written = {each.began: each.records for each in FileHistory(path).sessions()}
    assert written.pop("2025-01-01T00:00:00+00:00") == (RepDone(12.5, 1, 3),)
    assert written == {f"2026-01-01T00:00:0{number}+00:00": tuple(islice(session(), 60)) for number in range(4)}
