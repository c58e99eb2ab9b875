"""Start-up, memory, CPU share and the speed of rehearsals, on this machine.

Live figures come from `coach run` in its own process on a private PulseAudio: the time is that of the first sound that
really came out of the (virtual) loudspeaker. Without PulseAudio they are left out, and the table says so.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.rehearsal.scripts.script import VOICES as SPEAKERS
from coach.rehearsal.scripts.script import read_script
from coach.settings import Hearing
from coach.wiring import engines, rehearsing, usual_lines
from coach.wiring.recognizers import EMBEDDED
from lab.rigs.sound_server import SPEAKER_RATE, TOOLS, SoundServer

CONVERSATIONS = Path(__file__).parent.parent.parent / "tests" / "conversations"
RUNS = 5
LISTENING_S = 20.0
"""Seconds for which the live coach is watched."""
TALK_S = 15.0
AUDIBLE = 300
"""Sample value from which sound is audible (full scale is 32768); before the first word the mix is digital silence."""


def main() -> None:
    """Measures everything and prints the table."""
    rows = [("", "median", "worst", "bar"), *_text(), *_audio(), *_talk(), *live()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


Row = tuple[str, str, str, str]


def _row(name: str, values: list[float], form: str, bar: str) -> Row:
    return name, form.format(statistics.median(values)), form.format(max(values)), bar


def _text() -> list[Row]:
    """Measures the time for an hour of talk: every conversation of the suite in text, scaled to an hour."""
    rehearsals = rehearsing.Rehearsals(False, Hearing(), print)
    files = sorted(CONVERSATIONS.glob("*.yaml"))
    for file in files:
        rehearsals.perform(file, recording=False)
    times = []
    for _ in range(RUNS):
        talk, began, reading = 0.0, time.perf_counter(), 0.0
        for file in files:
            before = time.perf_counter()
            script = read_script(file, rehearsals.plan)
            reading += time.perf_counter() - before
            talk += rehearsals.perform_script(script, recording=False).seconds
        times.append((time.perf_counter() - began - reading) * 3600 / talk)
    return [_row("an hour of talk in text", times, "{:.2f} s", "under 1 s")]


def _audio() -> list[Row]:
    """Measures the demonstration: real speech, the embedded recogniser and the real voice."""
    rehearsals = rehearsing.Rehearsals(True, Hearing(EMBEDDED), print)
    rehearsals.perform(rehearsing.DEMO, recording=False)
    shares = []
    for _ in range(3):
        before = time.process_time()
        _, played = rehearsals.perform(rehearsing.DEMO, recording=False)
        shares.append((time.process_time() - before) / played.seconds * 100)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return [
        _row("CPU of one core, demonstration in audio, % of real time", shares, "{:.1f} %", "5 %"),
        _row("memory of that process (rehearsals keep the sound)", [peak], "{:.0f} MB", "-"),
    ]


def _talk() -> list[Row]:
    """Measures the recogniser alone, as in a set, on sentences without a pause between them."""
    pack, grammar, _ = engines.exercise()
    hears = engines.recognizer(Hearing(EMBEDDED), pack, grammar, print)
    hears.listen_for(grammar.vocabulary(policy.live_intents(pack, State.SET, question_waits=False)))
    said = (rehearsing.VOICES / "others.txt").read_text("utf-8").splitlines()
    files = [rehearsing.VOICES / f"{who}-{rehearsing.slug(line)}.flac" for who in SPEAKERS for line in said]
    sound = np.concatenate([read_speech(file, hears.rate) for file in files])[: round(TALK_S * hears.rate)]
    shares = []
    for _ in range(3):
        hears.reset()
        before = time.process_time()
        for first in range(0, len(sound), hears.rate // 50):
            hears.hear(sound[first : first + hears.rate // 50])
        shares.append((time.process_time() - before) / len(sound) * hears.rate * 100)
    hears.close()
    # The first run is left out: it looks up values that later sessions have.
    return [_row("CPU of one core while somebody speaks all the time", shares[1:], "{:.0f} %", "25 %")]


def live() -> list[Row]:
    """Measures the time to the first word, CPU and memory of the coach on a virtual sound card."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return [(f"live: not measured, no {', '.join(missing)}", "", "", "")]
    with tempfile.TemporaryDirectory() as folder:
        server = SoundServer(Path(folder))
        try:
            server.prepare()
            cold = [first_word(server, Path(tempfile.mkdtemp(dir=folder)), 0.0)[0] for _ in range(3)]
            cache = Path(folder) / "cache"
            render_everything(cache)
            # This run looks up the prior of the live phrases, which is kept.
            first_word(server, cache, LISTENING_S)
            warm = [first_word(server, cache, 0.0)[0] for _ in range(RUNS)]
            _, cpu, memory = first_word(server, cache, LISTENING_S)
        finally:
            server.close()
    return [
        _row("start to first spoken word, cold (nothing rendered yet)", cold, "{:.2f} s", "2.5 s"),
        _row("start to first spoken word, warm", warm, "{:.2f} s", "1.0 s"),
        _row("CPU of one core, live and listening to silence", [cpu], "{:.1f} %", "5 %"),
        _row("memory, live, embedded recogniser, all processes", [memory], "{:.0f} MB", "260 MB"),
    ]


def render_everything(cache: Path) -> None:
    """Renders everything that the coach usually says into a cache folder."""
    pack, _, plan = engines.exercise()
    lines = [*usual_lines.first_lines(pack, plan), *usual_lines.later_lines(pack)]
    engines.voice(print, folder=cache / "coach" / "clips").prepare(lines)


def first_word(server: SoundServer, cache: Path, watch: float, data: Path | None = None) -> tuple[float, float, float]:
    """Returns seconds from the coach's start to its first sound; CPU share in % and memory in MB of all its processes.

    `data`: the user's data folder; None: the cache folder.
    """
    folders = {"XDG_CACHE_HOME": str(cache), "XDG_DATA_HOME": str(data or cache)}
    environment = {**os.environ, **server.environment, **folders}
    with server.record_speaker() as recording:
        there = len(recording.samples())
        began = time.perf_counter()
        coach = subprocess.Popen(
            [sys.executable, "-m", "coach", "run", "--engine", EMBEDDED],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            server.wait_until(lambda: bool(np.any(np.abs(recording.samples()[there:]) > AUDIBLE)), "the coach speaks")
            # The time is counted in samples of the recording, which are even; the polling above is not.
            sound = np.flatnonzero(np.abs(recording.samples()[there:]) > AUDIBLE)[0]
            first = float(sound) / SPEAKER_RATE
            cpu = memory = 0.0
            if watch:
                everyone = _with_children(coach.pid)
                used = sum(map(_cpu_seconds, everyone))
                looked = time.perf_counter()
                time.sleep(watch)
                cpu = (sum(map(_cpu_seconds, everyone)) - used) / (time.perf_counter() - looked) * 100
                memory = sum(map(_memory, everyone))
        finally:
            coach.terminate()
            coach.wait()
    if first > time.perf_counter() - began:
        raise AssertionError("the recording began after the coach")
    return first, cpu, memory


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _with_children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [pid, *(int(child) for task in tasks for child in (task / "children").read_text().split())]


def _memory(pid: int) -> float:
    """Returns a process's memory in MB; a page that several processes share counts in parts (PSS)."""
    pages = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(pages.partition("\nPss:")[2].split()[0]) / 1024
