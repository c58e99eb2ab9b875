"""Ten years of training: how long the coach takes to answer questions about them, to report, to write and to start.

`ten_years.py` makes the journal. Start-up is measured with `coach run` on a private PulseAudio, in turn with the
journal and without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from coach.adapters.journal.file import FileHistory, FileJournal
from coach.adapters.journal.thread import JournalThread
from coach.ports import History
from coach.records import RepDone, SetEnded
from coach.training.log import workouts
from lab.benchmarks.figures import Figure, table
from lab.benchmarks.overview import first_word, render_everything
from lab.benchmarks.ten_years import ten_years
from lab.rigs.sound_server import TOOLS, SoundServer

_QUESTION = ((100, 50.0),)
"""Bar of the slowest answer, in milliseconds."""
_REPORT = ((100, 3000.0),)
_PAUSE_S = 0.05
"""Seconds between two records; a live coach writes a record every few seconds."""


def main(quick: bool = False) -> None:
    """Measures everything and prints the table. `quick`: a tenth of the sessions, and no start-up."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        file = data / "coach" / "journal.sqlite3"
        history = FileHistory(file)
        began = time.perf_counter()
        count = history.add(ten_years(sessions=150 if quick else 1500))
        added = time.perf_counter() - began
        records = sum(len(session.records) for session in history.sessions())
        size = file.stat().st_size / 1e6
        print(f"{count} sessions, {records} records, {size:.1f} MB; made and added in {added:.1f} s\n")
        groups = [("a question by voice", _questions(history, 20)), ("a report", _reports(data, 2 if quick else 5))]
        if not quick:
            groups.append(("start to first word", _starts(data)))
        # Writing is measured last, because it adds sessions.
        groups.append(("a record is written: the conversation waits", _writes(file, 100)))
        print(table(groups))


def _timed(name: str, ask: Callable[[], object], times: int, bars: tuple[tuple[int, float], ...]) -> Figure:
    """Measures `ask` several times. The first time counts too: a single question finds no warm cache."""
    values = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        values.append((time.perf_counter() - began) * 1000)
    return Figure(name, tuple(values), bars=bars)


def _questions(history: History, times: int) -> list[Figure]:
    def last_set() -> object:
        newest = next(workouts(history.sessions()))
        return newest.sets[-1]

    def sets_today() -> object:
        (newest,) = history.sessions(1)
        return sum(isinstance(record, SetEnded) for record in newest.records)

    return [
        _timed("what did I do last time (the last workout, put together)", last_set, times, _QUESTION),
        _timed("how many sets today (the last session)", sets_today, times, _QUESTION),
        _timed("how many workouts", history.count_workouts, times, _QUESTION),
        _timed("what the lifter prefers", history.preferences, times, _QUESTION),
    ]


def _reports(data: Path, times: int) -> list[Figure]:
    """Measures commands in their own processes, as a lifter calls them."""
    environment = {**os.environ, "XDG_DATA_HOME": str(data)}

    def call(*arguments: str) -> None:
        command = [sys.executable, "-m", "coach", *arguments]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)

    def put_together() -> None:
        for _ in workouts(FileHistory(data / "coach" / "journal.sqlite3").sessions(without_kinds=("rep",))):
            pass

    page = str(data / "report.html")
    return [
        _timed("coach report", lambda: call("report", "--out", page), times, _REPORT),
        _timed("coach history", lambda: call("history"), times, ()),
        _timed("every workout, put together without its repetitions", put_together, times, ()),
    ]


def _writes(file: Path, times: int) -> list[Figure]:
    """Measures how long the conversation waits for a record; the first record is written after the file is checked."""
    first: list[float] = []
    later: list[float] = []
    for number in range(5):
        failed: list[object] = []
        journal = JournalThread(
            FileJournal(file, datetime(2030, 1, 1, number, tzinfo=UTC), failed.append), failed.append
        )
        with closing(journal):
            for rep in range(times // 5 + 1):
                began = time.perf_counter()
                journal.write(RepDone(float(rep), 1, rep))
                (later if rep else first).append((time.perf_counter() - began) * 1000)
                # The conversation waits for the first record no longer than for others; one second lets it be written.
                time.sleep(_PAUSE_S if rep else 1.0)
        if failed:
            raise AssertionError(failed)
    return [Figure("the first of a session", tuple(first)), Figure("the others", tuple(later))]


def _starts(data: Path) -> list[Figure]:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        print(f"start to first word: not measured, no {', '.join(missing)}")
        return []
    with tempfile.TemporaryDirectory() as folder:
        cache, without = Path(folder) / "cache", Path(folder) / "data"
        render_everything(cache)
        server = SoundServer(Path(folder))
        try:
            server.prepare()
            # The first session looks up values that are kept for later sessions.
            first_word(server, cache, 0.0, without)
            seconds: dict[Path, list[float]] = {without: [], data: []}
            for _ in range(9):
                for place, values in seconds.items():
                    values.append(first_word(server, cache, 0.0, place)[0])
        finally:
            server.close()
    named = {"without a journal": seconds[without], "with ten years": seconds[data]}
    return [Figure(name, tuple(values), unit="s", bars=((50, 1.0),)) for name, values in named.items()]
