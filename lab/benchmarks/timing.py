"""The beat and the barge-in: onset errors of every count, and how soon the coach falls silent or answers.

A naive coach is measured in the same run. Rehearsed figures are counted in samples, with the recogniser's measured
computing added; live figures are read from a recording of a virtual sound card. Prints a table and draws
`out/timing.svg`.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from coach.content.model import Pack
from coach.language.speech import repetitions
from coach.wiring import engines
from lab.benchmarks import naive_loop, picture
from lab.benchmarks.beats import BEGIN_S, REP_S, Beats, count_words, drift_ppm, find_beats
from lab.benchmarks.card import RATE, OneCard
from lab.benchmarks.figures import Figure, table
from lab.benchmarks.live_session import LiveFigures, LiveMeasurement
from lab.benchmarks.reactions import PATIENCE_S, Reaction, Rehearsal, Scene, When, coach_channel, counts_of
from lab.benchmarks.utterances import MADE, plain
from lab.rigs.sound_server import TOOLS

PICTURE = Path(__file__).parent.parent.parent / "out" / "timing.svg"
ONSET_BARS = ((99, 5.0),)
LIVE_BARS = ((99, 10.0),)
MOST_DRIFT = 1.0
"""Largest drift, in millionths: over 20 repetitions a seventh of a millisecond."""
SILENCE_BARS = ((50, 250.0), (95, 400.0))
ANSWER_BARS = ((50, 400.0), (95, 700.0))
START = "start set"
COMMANDS = "commands, the coach silent"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    reps: int
    spoken_over: int
    """Utterances of each phrase while the coach speaks."""
    others: int
    """Utterances of each phrase while the coach counts, and while it is silent."""
    commands: int
    """Utterances of each command."""
    live: int
    """Barge-ins with "stop" on the virtual sound card."""


FULL = Extent(reps=20, spoken_over=104, others=52, commands=16, live=14)
QUICK = Extent(reps=3, spoken_over=8, others=4, commands=4, live=2)


@dataclass(frozen=True, slots=True)
class Trial:
    """One phrase in one scene, said many times."""

    name: str
    phrase: str
    scene: Scene
    times: int


def main(quick: bool = False) -> None:
    """Measures beat and reactions, prints the table and draws the picture."""
    began = time.monotonic()
    extent = QUICK if quick else FULL
    beat = _rendered(extent.reps)
    live, loop = _live(extent)
    trials = _trials(engines.exercise()[0], extent)
    reactions = _rehearse(trials)
    groups = [
        ("The beat: size of the error of every count", [*beat, *_live_beat(live), *loop]),
        (
            "Barge-in, the coach speaking: from the word's last sample to the first silent one",
            _silences(reactions, live),
        ),
        ("From the word's last sample to the first one of the answer", _answers(reactions, live)),
    ]
    print(table(groups))
    print()
    print("\n".join(_notes(extent, reactions, live)))
    if loop and loop[0].drift is not None:
        print(f"The pyttsx3 loop, asked for a count a second, gave one every {1 + loop[0].drift / 1e6:.2f} s.")
    picture.draw(PICTURE, groups)
    print(f"Picture: out/{PICTURE.name}. Measured in {time.monotonic() - began:.0f} s.")


def _rendered(reps: int) -> list[Figure]:
    """Measures the beat of a whole set as the rehearsal mixes it."""
    rehearsal = Rehearsal()
    played, _ = rehearsal.perform([(0.3, plain(START))], reps * REP_S + BEGIN_S + 6.0, reps=reps)
    rate = rehearsal.clips.rate
    words = count_words(reps)
    first = round(next(count.at for count in counts_of(played) if count.text == words[0]) * rate)
    beats = find_beats(coach_channel(played), rate, words, first, rehearsal.clips.render)
    name = "rendered"
    placed = Figure(
        f"{name}: clip against whole seconds",
        tuple(map(float, beats.placed)),
        signed=False,
        missed=beats.lost,
        drift=_drift(beats, beats.placed, rate),
        bars=((100, 0.0),),
        most_drift=0.0,
        unit="samples",
    )
    return [placed, *_heard(name, beats, rate, ONSET_BARS)]


def _live_beat(live: LiveFigures | None) -> list[Figure]:
    if live is None:
        return []
    placed = _beat_figure("live: clip against whole seconds", live.beats, live.beats.placed, RATE, LIVE_BARS)
    return [placed, *_heard("live", live.beats, RATE, LIVE_BARS)]


def _heard(name: str, beats: Beats, rate: int, bars: tuple[tuple[int, float], ...]) -> list[Figure]:
    """Returns the errors of the audible onsets, by both detectors."""
    return [
        _beat_figure(f"{name}: audible onset, the coach's detector", beats, beats.heard, rate, bars),
        _beat_figure(f"{name}: audible onset, another detector", beats, beats.heard_simply, rate, bars),
    ]


def _beat_figure(
    name: str, beats: Beats, samples: Sequence[int], rate: int, bars: tuple[tuple[int, float], ...]
) -> Figure:
    errors = tuple(sample / rate * 1000 for sample in samples)
    drift = _drift(beats, samples, rate)
    most = MOST_DRIFT if samples is beats.placed else None
    return Figure(name, errors, False, beats.due, beats.lost, drift, bars, most)


def _drift(beats: Beats, samples: Sequence[int], rate: int) -> float:
    return drift_ppm(beats.due, [sample / rate for sample in samples])


def _live(extent: Extent) -> tuple[LiveFigures | None, list[Figure]]:
    """Measures the coach, then the naive loop, on the same card."""
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        print(f"live: not measured, no {', '.join(missing)}", file=sys.stderr)
        return None, []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        card = OneCard(folder)
        try:
            card.prepare()
            with card.record() as tape:
                live = LiveMeasurement(card, tape, folder).run(extent.reps, extent.live)
                errors = naive_loop.errors(card, tape)
        finally:
            card.close()
    due = tuple(map(float, range(len(errors))))
    drift = drift_ppm(due, errors) if errors else None
    loop = "naive: pyttsx3 says a count, then sleeps 1 s (live)"
    return live, [Figure(loop, tuple(error * 1000 for error in errors), False, due, drift=drift, naive=True)]


def _trials(pack: Pack, extent: Extent) -> list[Trial]:
    """Returns what is said, in which scene, and which reaction is measured."""
    greeting, first_step = pack.prompts["greeting"].say[0], pack.setup[0].line.say[0]
    introduction = pack.prompts["set.intro"].say[0].format(set="one", reps=repetitions(1))
    set_up, begun = ((0.3, "set up"),), ((0.3, START),)
    over = {"stop": Scene(When.SPEAKING, (), greeting), "my back lifted": Scene(When.SPEAKING, begun, introduction)}
    trials = []
    for phrase, now, quiet in (
        ("stop", pack.prompts["stop.now"], pack.prompts["stop.quiet"]),
        ("my back lifted", pack.corrections["BackLifted"].now, pack.corrections["BackLifted"].fix),
    ):
        counting = Scene(When.COUNTING, begun, introduction, now.say[0])
        silent = Scene(When.SILENT, (), greeting, quiet.say[0])
        trials += [
            Trial(f'"{phrase}"', phrase, over[phrase], extent.spoken_over),
            Trial(f'"{phrase}", the coach counting', phrase, counting, extent.others),
            Trial(f'"{phrase}", the coach silent', phrase, silent, extent.others),
        ]
    idle = {
        "quieter": pack.prompts["quieter"],
        "how deep": pack.answers["HowDeep"],
        "why high feet": pack.answers["WhyHighFeet"],
        "what can i say": pack.prompts["help.idle"],
    }
    walking = {"next": pack.setup[1].line, "repeat": pack.setup[0].line, "why": pack.setup[0].why}
    scenes = {phrase: Scene(When.SILENT, (), greeting, line.say[0]) for phrase, line in idle.items()}
    scenes |= {phrase: Scene(When.SILENT, set_up, first_step, line.say[0]) for phrase, line in walking.items()}
    return trials + [Trial(COMMANDS, phrase, scene, extent.commands) for phrase, scene in scenes.items()]


@functools.cache
def _rehearsal() -> Rehearsal:
    """Returns the rehearsal of this process."""
    return Rehearsal()


def _react(trial: Trial, number: int) -> Reaction:
    return _rehearsal().react(trial.phrase, number, trial.scene)


def _rehearse(trials: Sequence[Trial]) -> list[tuple[Trial, list[Reaction]]]:
    """Measures on all cores: the computing time of each process counts, not the time on the clock."""
    # The lines must be on disk before two processes want them: espeak never speaks a line twice in the same way.
    for trial in trials:
        _react(trial, 0)
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        return [(trial, list(pool.map(_react, repeat(trial), range(trial.times), chunksize=4))) for trial in trials]


def _silences(reactions: Sequence[tuple[Trial, list[Reaction]]], live: LiveFigures | None) -> list[Figure]:
    figures = []
    for trial, those in reactions:
        if trial.scene.expects is None:
            figures += [
                _figure(f"{trial.name}, rehearsed", [one.coach for one in those], SILENCE_BARS),
                _figure(f"naive: {trial.name}, waits for the final result", [one.final for one in those]),
                _figure(f"naive: {trial.name}, and plays its sentence to the end", [one.blocking for one in those]),
            ]
    if live is not None:
        figures.append(_figure('"stop", live', live.stops, SILENCE_BARS))
        figures.append(_figure('"my back lifted", live', live.reports, SILENCE_BARS))
    return figures


def _answers(reactions: Sequence[tuple[Trial, list[Reaction]]], live: LiveFigures | None) -> list[Figure]:
    figures = []
    for name in dict.fromkeys(trial.name for trial, _ in reactions if trial.scene.expects is not None):
        those = [one for trial, several in reactions if trial.name == name for one in several]
        figures += [
            _figure(f"{name}, rehearsed", [one.coach for one in those], ANSWER_BARS),
            _figure(f"naive: {name}, final result, then rendered", [one.final for one in those]),
        ]
    if live is not None:
        figures.append(_figure("how deep, why high feet, live", live.answers, ANSWER_BARS))
    return figures


def _figure(name: str, seconds: Sequence[float | None], bars: tuple[tuple[int, float], ...] = ()) -> Figure:
    values = tuple(value * 1000 for value in seconds if value is not None)
    return Figure(name, values, missed=len(seconds) - len(values), bars=bars, naive=not bars)


def _notes(extent: Extent, reactions: Sequence[tuple[Trial, list[Reaction]]], live: LiveFigures | None) -> list[str]:
    """Returns notes on how the figures were measured."""
    losses = [
        f"{trial.phrase} {sum(one.coach is None for one in those)} of {len(those)}"
        for trial, those in reactions
        if trial.name == COMMANDS
    ]
    notes = [
        f"Beat: {extent.reps} repetitions at 4-1-2-0. The other detector: where the rectified sound below 3 kHz,",
        "averaged over 20 ms, reaches half its most.",
        f"Utterances: {MADE[0]}",
        *MADE[1:],
        f"Missed: not acted on within {PATIENCE_S} s. Commands missed: {', '.join(losses)}.",
        "Percentiles are of what was acted on; for the verdict a miss is endlessly late.",
        "Rehearsed: counted in samples, the recogniser's measured computing added; no device's buffers: live is later.",
        "Naive: the same recogniser's final result, after its end silence, and computing; no start of a player.",
    ]
    if live is not None:
        notes += [
            "Live: `coach run` on a private PulseAudio, recorded with parec; no noise in the room. Left out,",
            f"because the coach's own line paused where it was broken off: {live.unclear}.",
        ]
    return notes
