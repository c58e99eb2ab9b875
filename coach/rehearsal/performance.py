"""Performs a script from the first line to the last, and keeps what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coach.audio.resampling import Resampler
from coach.audio.room import SimulatedRoom
from coach.commands import Manner
from coach.content.model import Pack
from coach.dialogue.conversation import Conversation
from coach.language.grammar import Grammar
from coach.language.speaking_time import speaking_time
from coach.ports import Measure, Pcm, Recognizer, Synthesizer
from coach.rehearsal.script import Script, Step, StepKind
from coach.rehearsal.stage import Failure, PerformanceOver, Stage
from coach.rehearsal.transcript import Entry, Placed
from coach.rehearsal.worlds import AudioWorld, Notebook, TextWorld
from coach.session import Ports, run


@dataclass(frozen=True, slots=True)
class Performance:
    """What came of a script."""

    entries: tuple[Entry, ...]
    seconds: float
    """Session seconds performed."""
    failure: Failure | None
    placed: tuple[Placed, ...]
    """Every line as it was laid, for `timeline`."""
    stereo: Pcm | None = None
    """Shape (n, 2): microphone left, coach right, at the voice's rate; audio mode only."""


def perform_text(script: Script, pack: Pack, grammar: Grammar, *, recording: bool = False) -> Performance:
    """In virtual time, the lifter's lines as recognised text; exact to the millisecond.

    `recording`: the coach's lines in the script are left out of it, so that the transcript holds what it says now.
    """
    conversation, stage = _set_the_stage(script, pack, grammar, speaking_time, exact=True, recording=recording)
    world = TextWorld(stage)
    _run(conversation, Ports(world, world, world, Notebook()), stage)
    return Performance(tuple(stage.entries), world.now, stage.failure, tuple(stage.placed))


def perform_audio(
    script: Script,
    pack: Pack,
    grammar: Grammar,
    recognizer: Recognizer,
    synthesizer: Synthesizer,
    clips: Mapping[Step, Pcm],
    *,
    recording: bool = False,
    room: SimulatedRoom | None = None,
) -> Performance:
    """In virtual time, with real speech, the real recogniser and the real voice, block by block.

    `clips`: the samples of every lifter's line at the recogniser's rate. No `room`: they reach it as they are.
    """
    conversation, stage = _set_the_stage(
        script,
        pack,
        grammar,
        lambda text, manner: synthesizer.render(text, manner).length,
        exact=False,
        recording=recording,
    )
    world = AudioWorld(
        stage,
        recognizer,
        synthesizer,
        lambda wanted: grammar.vocabulary(wanted.intents),
        clips,
        room,
        open_speaker=script.open_speaker,
    )
    _run(conversation, Ports(world, world, world.voice, Notebook()), stage)
    stereo = _stereo(world.lifter, recognizer.rate, world.coach, synthesizer.rate)
    return Performance(tuple(stage.entries), world.now, stage.failure, tuple(stage.placed), stereo)


def _set_the_stage(
    script: Script, pack: Pack, grammar: Grammar, measure: Measure, *, exact: bool, recording: bool
) -> tuple[Conversation, Stage]:
    conversation = Conversation(pack, grammar, script.plan, measure, script.open_speaker)
    steps = script.steps
    if recording:
        steps = tuple(step for step in steps if step.kind in (StepKind.LIFTER, StepKind.WAIT, StepKind.UNTIL))
    if not exact:
        cues = {text for line in pack.lines() if line.manner is Manner.CUE for text in line.texts}
        steps = tuple(step for step in steps if step.kind is not StepKind.COACH or step.text not in cues)
    stage = Stage(replace(script, steps=steps), measure, exact, lambda: conversation.state, recording)
    return conversation, stage


def _run(conversation: Conversation, ports: Ports, stage: Stage) -> None:
    try:
        run(conversation, ports, stage.witness)
    except PerformanceOver:
        return
    # The conversation ended by itself; what it still had to say has been said.
    stage.ended()


def _stereo(lifter: Sequence[Pcm], lifter_rate: int, coach: Sequence[Pcm], rate: int) -> Pcm:
    right = np.concatenate(coach)
    left = Resampler(lifter_rate, rate).whole(np.concatenate(lifter))
    stereo = np.zeros((len(right), 2), np.int16)
    length = min(len(left), len(right))
    stereo[:length, 0] = left[:length]
    stereo[:, 1] = right
    return stereo
