"""Examines what the coach needs, part by part, and says what to do about what is missing."""

from __future__ import annotations

import codecs
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coach.adapters import sound_try
from coach.adapters.clip_store import ClipStore, clip_folder
from coach.adapters.journal import FileHistory, journal_file
from coach.adapters.recordings import recordings
from coach.commands import Manner
from coach.ports import HistoryError, SoundError, WorldError
from coach.settings import AUTO, Devices, Hearing
from coach.wiring import engines, kept, recognizers, voices
from coach.wiring.recognizers import RecognizerRow

_SILENT_BLOCKS = 100
"""Of 20 ms."""
_OUT_RATE, _IN_RATE = 22_050, 16_000
"""Samples a second, as in a live session."""
_UTF_8 = "set LANG=C.UTF-8, or PYTHONUTF8=1"
_OWN = "own it (chown), free the disk, or set XDG_DATA_HOME"
_SLOW = "{name} is too slow here or ends by itself: close other programs, or choose another --engine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, well or not."""

    good: bool
    what: str


def examine() -> Iterator[Finding]:
    """Terminal, files, sound, voice, cache, recognisers; the real parts are tried."""
    yield _terminal()
    yield from examine_files()
    server = sound_try.server()
    if server is not None:
        yield Finding(not server.hangs, server.told)
    if server is None or not server.hangs:
        yield from _sound()
    yield _voice()
    yield _cache()
    yield from _hearing()
    yield _process()


def examine_files() -> Iterator[Finding]:
    """Where what the coach keeps lies, but for rendered lines, and whether it can be written."""
    yield _folder()
    yield _history()
    yield _recordings()
    yield _fetched()


def _terminal() -> Finding:
    encoding = sys.stdout.encoding or "ascii"
    if codecs.lookup(encoding).name == "utf-8":
        return Finding(True, "the terminal takes every letter (utf-8)")
    return Finding(False, f"the terminal's encoding is {encoding}, so some letters are printed as escapes: {_UTF_8}")


def _folder() -> Finding:
    """Where the journal is: a set whose record cannot be written is lost."""
    folder = journal_file().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        return Finding(False, f"the journal's folder {str(folder)!r} cannot be written ({fault.strerror}): {_OWN}")
    return Finding(True, f"what is trained can be kept in {folder}")


def _history() -> Finding:
    """Every page of it is read."""
    file = journal_file()
    try:
        count = FileHistory(file).check()
    except HistoryError as fault:
        return Finding(False, str(fault))
    if not file.exists():
        return Finding(True, f"nothing was trained yet; it will be in {file}")
    if not os.access(file, os.W_OK):
        return Finding(False, f"the journal {str(file)!r} cannot be written: own it (chown), or chmod u+w")
    workouts = f"{count} workout{'s' * (count != 1)}"
    return Finding(True, f"what was trained is in {file}, and it is whole ({workouts})")


def _recordings() -> Finding:
    try:
        found = recordings(kept.recordings_list())
    except OSError as fault:
        return Finding(False, f"{str(kept.recordings_list())!r} cannot be read ({fault.strerror}): own it (chown)")
    if not found:
        return Finding(True, "no sound of the microphone is kept")
    folders = ", ".join(sorted({str(path.parent) for path in found}))
    told = "1 recording of the microphone is" if len(found) == 1 else f"{len(found)} recordings of the microphone are"
    return Finding(True, f"{told} in {folders}; coach forget deletes {'it' if len(found) == 1 else 'them'}")


def _fetched() -> Finding:
    """Models and voices are only written when they are fetched."""
    folder = kept.fetched()
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding(False, f"no model or voice can be fetched into {str(folder)!r}: own {str(there)!r} (chown)")
    return Finding(True, f"models and voices that are fetched are kept in {folder}")


def _sound() -> Iterator[Finding]:
    from coach.adapters import portaudio  # noqa: PLC0415  it looks for devices at once, and waits for a server that hangs

    missing = portaudio.available()
    yield Finding(missing is None, missing or "a microphone and a loudspeaker")
    if missing is not None:
        return
    yield Finding(True, "sound devices:\n" + portaudio.list_devices())
    try:
        faults = sound_try.try_sound(_OUT_RATE, _IN_RATE, Devices()).faults(_OUT_RATE, _IN_RATE)
    except SoundError as fault:
        yield Finding(False, str(fault).splitlines()[0])
        return
    yield from (Finding(False, one) for one in faults)
    if not faults:
        yield Finding(True, f"sound ran for {sound_try.TRY_S:g} s without stumbling, at the rates asked for")


def _voice() -> Finding:
    faults: list[str] = []
    try:
        chosen = voices.choose(AUTO, faults.append)
        clip = chosen.engine.render("Ready.", Manner.SENTENCE)
    except WorldError as fault:
        return Finding(False, str(fault))
    return Finding(not faults, "; ".join(faults) or f"{chosen.name} speaks ({clip.length.total:.2f} s of sound)")


def _cache() -> Finding:
    try:
        ClipStore(voices.choose(AUTO, lambda _: None).engine).check_writable()
    except WorldError as fault:
        return Finding(False, str(fault))
    return Finding(True, f"rendered lines are kept in {clip_folder()}")


def _hearing() -> Iterator[Finding]:
    """Each recogniser that "auto" would try, up to the first that is well."""
    for row in recognizers.RECOGNIZERS:
        model = row.models.find()
        if model is None:
            continue
        fault = recognizers.fault(row, model) or row.models.health(model)
        if fault is None:
            speed = f"; {row.speed(model)}" if row.speed is not None else ""
            yield Finding(True, f"{row.name} hears with {model}; its files are whole{speed}")
            if row.judge:
                yield _judge(row)
            return
        yield Finding(False, fault)
    yield Finding(False, recognizers.NONE)


def _judge(row: RecognizerRow) -> Finding:
    """A recogniser hears without its judge, too: that none was fetched is a hint."""
    judging = recognizers.judge(row)
    if judging is None:
        return Finding(
            True, f"nothing judges what {row.name} hears; for better hearing: coach models fetch {row.judge}"
        )
    other, model = judging
    fault = recognizers.fault(other, model) or other.models.health(model)
    if fault is not None:
        return Finding(False, f"{fault}; until then nothing judges what {row.name} hears")
    return Finding(True, f"what {row.name} hears is decided again by {other.name} with {model}; its files are whole")


def _process() -> Finding:
    """The recogniser in a process of its own, as in a live session: it starts, hears silence and ends."""
    try:
        pack, grammar, _ = engines.exercise()
        # Its warnings are findings of `_hearing`.
        hears = engines.live_recognizer(Hearing(), pack, grammar, lambda _: None)
    except WorldError as fault:
        return Finding(False, str(fault))
    try:
        hears.wait_until_ready()
        child, block = hears.pid, np.zeros(hears.rate // 50, np.int16)
        for _ in range(_SILENT_BLOCKS):
            hears.hear(block)
        good = hears.behind == 0 and hears.pid == child
    except WorldError as fault:
        return Finding(False, str(fault))
    finally:
        hears.close()
    return Finding(good, f"{hears.name} hears in a process of its own" if good else _SLOW.format(name=hears.name))
