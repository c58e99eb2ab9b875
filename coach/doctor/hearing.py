"""Checks the recogniser: its files, its process, and whether this computer is fast enough for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from coach.audio.microphone_check import MicrophoneCheck
from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.audio.resampling import Resampler
from coach.audio.surroundings import Surroundings
from coach.doctor.examination import Examination
from coach.doctor.finding import Finding, fix, hint, ok
from coach.ports import Clip, Pcm, WorldError
from coach.settings import AUTO, Settings
from coach.wiring import engines, recognizers
from coach.wiring.recognizers import RecognizerRow

_SILENT_BLOCKS = 100
"""Blocks of 20 ms of silence that the recogniser hears in its process."""
_SLOW = "{name} is too slow here or ends by itself: close other programs, or choose another --engine"
_SPEECH_S = 3.0
"""Seconds of speech whose cost is measured."""
_TOO_SLOW_SHARE = 0.9
"""Share of real time above which the coach falls behind while somebody speaks."""
_SLOW_SHARE = 0.5
"""Share of real time above which the coach may fall behind if other programs run."""
_FASTER = "close other programs, cool the computer, or choose another engine (hearing.engine)"


def recogniser(examined: Examination) -> Iterator[Finding]:
    """The chosen recogniser; for "auto" each recogniser that would be tried, up to the first that works."""
    chosen = examined.settings.hearing
    if chosen.engine != AUTO or chosen.model is not None:
        row, model = recognizers.choose(chosen, lambda _: None)
        yield ok(f"{row.name} hears with {model}; its files are whole")
        return
    for row in recognizers.RECOGNIZERS:
        found = row.models.find()
        if found is None:
            continue
        finding = recognizers.finding_of(row, found) or row.models.health(found)
        if finding is None:
            speed = f"; {row.speed(found)}" if row.speed is not None else ""
            yield ok(f"{row.name} hears with {found}; its files are whole{speed}")
            if row.judge:
                yield _judge(row)
            return
        yield fix(finding)
    yield fix(recognizers.NO_MODEL)


def _judge(row: RecognizerRow) -> Finding:
    """The judge of a recogniser. The recogniser also hears without it."""
    judging = recognizers.judge_of(row)
    if judging is None:
        return hint(f"nothing judges what {row.name} hears; for better hearing: coach models fetch {row.judge}")
    judge, model = judging
    finding = recognizers.finding_of(judge, model) or judge.models.health(model)
    if finding is not None:
        return fix(f"{finding}; until then nothing judges what {row.name} hears")
    return ok(f"what {row.name} hears is decided again by {judge.name} with {model}; its files are whole")


def process(examined: Examination) -> Iterator[Finding]:
    """The recogniser in a process of its own, as in a live session: it starts, hears silence and ends."""
    pack, grammar, _ = engines.exercise()
    # `recogniser` has reported the warnings.
    engine = engines.live_recognizer(examined.settings.hearing, pack, grammar, lambda _: None)
    try:
        engine.wait_until_ready()
        child, block = engine.pid, np.zeros(engine.rate // 50, np.int16)
        for _ in range(_SILENT_BLOCKS):
            engine.hear(block)
        keeps_up = engine.behind_seconds == 0 and engine.pid == child
    finally:
        engine.close()
    yield ok(f"{engine.name} hears in a process of its own") if keeps_up else fix(_SLOW.format(name=engine.name))


def headroom(examined: Examination) -> Iterator[Finding]:
    """Which share of real time three seconds of speech take, heard as fast as possible."""
    if examined.spoken is None:
        return
    try:
        pack, grammar, _ = engines.exercise()
        engine = engines.recognizer(examined.settings.hearing, pack, grammar, lambda _: None, as_live=True)
    except WorldError:
        # `recogniser` has reported it.
        return
    try:
        speech = _speech(examined.spoken, engine.rate)
        engine.listen_for(grammar.vocabulary(grammar.intents))
        # Loading and learning with the first sound do not count.
        _share(engine.hear, speech[: engine.rate], engine.rate)
        alone = _share(engine.hear, speech, engine.rate)
    finally:
        engine.close()
    whole = alone + _share(_everything_else(examined.spoken, examined.settings, engine.rate), speech, engine.rate)
    text = f"{engine.name} takes {alone:.0%} of real time (one core) while somebody speaks, the whole coach {whole:.0%}"
    figures = {"recogniser_share": alone, "whole_share": whole}
    if whole > _TOO_SLOW_SHARE:
        yield fix(f"{text}, which is too much: {_FASTER}", **figures)
    elif whole > _SLOW_SHARE:
        yield hint(f"{text}: {_FASTER}", **figures)
    else:
        yield ok(text, **figures)


def _speech(word: Clip, rate: int) -> Pcm:
    """The coach's own word, repeated."""
    spoken = np.concatenate([Resampler(word.rate, rate).resample(word.pcm), np.zeros(rate // 5, np.int16)])
    return np.resize(spoken, round(_SPEECH_S * rate))


def _everything_else(word: Clip, settings: Settings, rate: int) -> Callable[[Pcm], object]:
    """Returns a function that does everything else that a live session does with a block of sound."""
    played = Mixer(word.rate)
    for number in range(4):
        played.place(number, word, number * played.rate)
    own = OwnVoice(played, rate) if settings.profile.open_speaker else None
    check, surroundings, heard = MicrophoneCheck(rate), Surroundings(rate), 0

    def hear(pcm: Pcm) -> None:
        nonlocal heard
        heard += len(pcm)
        played.mix(played.rate * len(pcm) // rate)
        check.take(pcm)
        surroundings.take(pcm if own is None else own.hear(pcm, heard / rate))

    return hear


def _share(hear: Callable[[Pcm], object], speech: Pcm, rate: int) -> float:
    """Processor seconds that `hear` takes for a second of sound. Other programs do not count."""
    size, began = rate // 50, time.process_time()
    for at in range(0, len(speech), size):
        hear(speech[at : at + size])
    return (time.process_time() - began) * rate / len(speech)
