"""The recogniser: its files, its process, and whether this computer keeps up with it."""

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
from coach.ports import Pcm, WorldError
from coach.settings import AUTO
from coach.wiring import engines, recognizers
from coach.wiring.recognizers import RecognizerRow

_SILENT_BLOCKS = 100
"""Of 20 ms."""
_SLOW = "{name} is too slow here or ends by itself: close other programs, or choose another --engine"
_SPEECH_S = 3.0
_TOO_SLOW_SHARE, _SLOW_SHARE = 0.9, 0.5
"""Of real time: above the first it falls behind while somebody speaks, above the second beside other programs."""
_FASTER = "close other programs, cool the computer, or choose another engine (hearing.engine)"


def recogniser(examined: Examination) -> Iterator[Finding]:
    """The one that was chosen, or each that "auto" would try, up to the first that is well."""
    chosen = examined.settings.hearing
    if chosen.engine != AUTO or chosen.model is not None:
        try:
            row, model = recognizers.choose(chosen, lambda _: None)
        except WorldError as error:
            yield fix(str(error))
            return
        yield ok(f"{row.name} hears with {model}; its files are whole")
        return
    for row in recognizers.RECOGNIZERS:
        found = row.models.find()
        if found is None:
            continue
        fault = recognizers.problem_of(row, found) or row.models.health(found)
        if fault is None:
            speed = f"; {row.speed(found)}" if row.speed is not None else ""
            yield ok(f"{row.name} hears with {found}; its files are whole{speed}")
            if row.judge:
                yield _judge(row)
            return
        yield fix(fault)
    yield fix(recognizers.NO_MODEL)


def _judge(row: RecognizerRow) -> Finding:
    """A recogniser hears without its judge, too."""
    judging = recognizers.judge_of(row)
    if judging is None:
        return hint(f"nothing judges what {row.name} hears; for better hearing: coach models fetch {row.judge}")
    judge, model = judging
    fault = recognizers.problem_of(judge, model) or judge.models.health(model)
    if fault is not None:
        return fix(f"{fault}; until then nothing judges what {row.name} hears")
    return ok(f"what {row.name} hears is decided again by {judge.name} with {model}; its files are whole")


def process(examined: Examination) -> Iterator[Finding]:
    """The recogniser in a process of its own, as in a live session: it starts, hears silence and ends."""
    try:
        pack, grammar, _ = engines.exercise()
        # Its warnings are findings of `recogniser`.
        hears = engines.live_recognizer(examined.settings.hearing, pack, grammar, lambda _: None)
    except WorldError as error:
        yield fix(str(error))
        return
    try:
        hears.wait_until_ready()
        child, block = hears.pid, np.zeros(hears.rate // 50, np.int16)
        for _ in range(_SILENT_BLOCKS):
            hears.hear(block)
        good = hears.behind_seconds == 0 and hears.pid == child
    except WorldError as error:
        yield fix(str(error))
        return
    finally:
        hears.close()
    yield ok(f"{hears.name} hears in a process of its own") if good else fix(_SLOW.format(name=hears.name))


def headroom(examined: Examination) -> Iterator[Finding]:
    """Three seconds of speech, as fast as it goes: what share of real time it takes."""
    if examined.spoken is None:
        return
    try:
        pack, grammar, _ = engines.exercise()
        hears = engines.recognizer(examined.settings.hearing, pack, grammar, lambda _: None, as_live=True)
    except WorldError:
        # `recogniser` has told of it.
        return
    try:
        speech = _speech(examined, hears.rate)
        hears.listen_for(grammar.vocabulary(grammar.intents))
        # What is loaded or learnt with the first sound is no part of it.
        _share(hears.hear, speech[: hears.rate], hears.rate)
        alone = _share(hears.hear, speech, hears.rate)
    finally:
        hears.close()
    whole = alone + _share(_everything_else(examined, hears.rate), speech, hears.rate)
    text = f"{hears.name} takes {alone:.0%} of real time (one core) while somebody speaks, the whole coach {whole:.0%}"
    figures = {"recogniser_share": alone, "whole_share": whole}
    if whole > _TOO_SLOW_SHARE:
        yield fix(f"{text}, which is too much: {_FASTER}", **figures)
    elif whole > _SLOW_SHARE:
        yield hint(f"{text}: {_FASTER}", **figures)
    else:
        yield ok(text, **figures)


def _speech(examined: Examination, rate: int) -> Pcm:
    """The coach's own, over and over."""
    if examined.spoken is None:
        raise AssertionError("there is a voice")
    word = Resampler(examined.spoken.rate, rate).resample(examined.spoken.pcm)
    spoken = np.concatenate([word, np.zeros(rate // 5, np.int16)])
    return np.tile(spoken, -(-round(_SPEECH_S * rate) // len(spoken)))[: round(_SPEECH_S * rate)]


def _everything_else(examined: Examination, rate: int) -> Callable[[Pcm], object]:
    """What a live session does with every block beside."""
    played = Mixer(examined.spoken.rate if examined.spoken is not None else rate)
    if examined.spoken is not None:
        for number in range(4):
            played.place(number, examined.spoken, round(number * played.rate))
    own = OwnVoice(played, rate) if examined.settings.profile.open_speaker else None
    check, surroundings, heard = MicrophoneCheck(rate), Surroundings(rate), 0

    def hear(pcm: Pcm) -> None:
        nonlocal heard
        heard += len(pcm)
        played.mix(played.rate * len(pcm) // rate)
        check.take(pcm)
        surroundings.take(pcm if own is None else own.hear(pcm, heard / rate))

    return hear


def _share(hear: Callable[[Pcm], object], speech: Pcm, rate: int) -> float:
    """Seconds of a processor that it takes, of a second of sound; what else runs here is no part of it."""
    size, began = rate // 50, time.process_time()
    for at in range(0, len(speech), size):
        hear(speech[at : at + size])
    return (time.process_time() - began) * rate / len(speech)
