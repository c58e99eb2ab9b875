"""Performs a script from the first line to the last, and keeps what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np

from coach.audio.resampling import Resampler
from coach.audio.room import SimulatedRoom
from coach.commands import Manner
from coach.content.model import Pack
from coach.content.plan_reading import stated
from coach.dialogue.conversation import Conversation
from coach.dialogue.preferences import preferred_plan
from coach.language.grammar import Grammar
from coach.language.speaking_time import speaking_time
from coach.ports import Length, Measure, Observer, Pcm, Recognizer, ScriptError, Synthesizer
from coach.records import Record
from coach.rehearsal.checking import unknown_ids
from coach.rehearsal.performing.comparison import Comparison
from coach.rehearsal.performing.failure import Failure
from coach.rehearsal.performing.following import Follower, ids_of
from coach.rehearsal.performing.observations import Observations
from coach.rehearsal.performing.stage import Director, PerformanceOver, Stage
from coach.rehearsal.performing.turn_comparison import TurnComparison
from coach.rehearsal.performing.worlds import AudioWorld, TextWorld
from coach.rehearsal.replay.reenactment import Reenactor, wanted_records
from coach.rehearsal.replay.wording import Wording
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.rehearsal.scripts.transcript import Entry, PlacedLine, transcript_text
from coach.rehearsal.scripts.typed_text import spoken_words
from coach.session import Ports, run

_RECORDED_KINDS = (StepKind.LIFTER, StepKind.FAULT, StepKind.SILENT, StepKind.UNTIL)
"""Kinds of steps that are performed when a script is recorded."""
LINES_BEFORE_FAILURE = 4
"""Number of transcript lines shown with a failure: the turn in which it happened."""


@dataclass(frozen=True, slots=True)
class Performance:
    """The result of performing a script."""

    entries: tuple[Entry, ...]
    seconds: float
    """Session seconds performed."""
    failure: Failure | None
    placed_lines: tuple[PlacedLine, ...]
    """Every line of the coach as it was laid, for `timeline_table`."""
    stereo: Pcm | None = None
    """Shape (n, 2): microphone left, coach right, at the voice's rate; audio mode only."""
    follower: Follower | None = None
    """The director of a script that was only followed: old lines beside new lines."""
    observations: Observations = field(default_factory=Observations)
    """The states, and what the coach understood of the lifter's words."""

    @property
    def failure_report(self) -> str:
        """The failure and the lines that led to it; empty when the conversation went as written."""
        if self.failure is None:
            return ""
        lines = "".join(f"  {line}\n" for line in transcript_text(self.entries).splitlines()[-LINES_BEFORE_FAILURE:])
        return f"{self.failure}\nthe last that was said:\n{lines}"


def perform_text(
    script: Script,
    pack: Pack,
    grammar: Grammar,
    *,
    recording: bool = False,
    following: bool = False,
    observers: Sequence[Observer] = (),
) -> Performance:
    """Performs a script in virtual time, with the lifter's lines as recognised text; exact to the millisecond.

    `recording`: the coach's lines in the script are ignored, so that the transcript has what the coach says now.
    `following`: the coach's lines in the script pace the lifter, and are not compared with what the coach says now.
    `observers`: more observers of the session.
    """
    conversation, director = _prepare(
        script, pack, grammar, speaking_time, exact=True, recording=recording, following=following
    )
    return _perform(conversation, TextWorld(director), director, observers)


def perform_audio(
    script: Script,
    pack: Pack,
    grammar: Grammar,
    recognizer: Recognizer,
    synthesizer: Synthesizer,
    clips: Mapping[Step, Pcm],
    *,
    recording: bool = False,
    following: bool = False,
    room: SimulatedRoom | None = None,
) -> Performance:
    """Performs a script in virtual time with real speech, the real recogniser and the real voice, block by block.

    `clips`: the samples of every lifter's line at the recogniser's rate. `room` None: the clips are not changed.
    """

    def measure(text: str, manner: Manner) -> Length:
        return synthesizer.render(text, manner).length

    conversation, director = _prepare(
        script, pack, grammar, measure, exact=False, recording=recording, following=following
    )
    world = AudioWorld(
        director,
        recognizer,
        synthesizer,
        lambda wanted: grammar.vocabulary(wanted.intents, wanted.after_wake_word),
        clips,
        room,
        open_speaker=script.open_speaker,
    )
    played = _perform(conversation, world, director)
    return replace(
        played, stereo=_stereo(world.microphone_blocks, recognizer.rate, world.coach_blocks, synthesizer.rate)
    )


def reenact(
    script: Script, pack: Pack, grammar: Grammar, records: Sequence[Record]
) -> tuple[Performance, Sequence[Record]]:
    """Performs in virtual time what leads to `records` again; also returns the records that were not written."""
    conversation = conversation_of(script, pack, grammar, speaking_time)
    left = script.past.unfinished.sets if script.past.unfinished is not None else ()
    wording = Wording(
        grammar,
        {
            number: [(done.reps, done.load.amount if done.load else None, done.in_reserve)]
            for number, done in enumerate(left, 1)
        },
        {**script.preferences, f"{pack.id}.tempo": str(script.plan.tempo)},
    )
    stage = Stage(script, speaking_time, lambda: conversation.state)
    director = Reenactor(stage, wording, wanted_records(records), conversation.snapshot())
    played = _perform(conversation, TextWorld(director), director, [director.observe])
    return played, [*director.missed_records, *director.wanted_records]


def conversation_of(script: Script, pack: Pack, grammar: Grammar, measure: Measure) -> Conversation:
    """Returns the conversation that the script talks to."""
    plan_value = script.head.get("plan", {})
    given = stated(plan_value) if isinstance(plan_value, Mapping) else ()
    plan = preferred_plan(script.plan, pack.id, script.preferences, given)
    return Conversation(
        pack,
        grammar,
        plan,
        measure,
        script.open_speaker,
        script.wake_word,
        script.past,
        script.preferences,
        script.machine,
        several_lifters=script.wake_word,
    )


def _prepare(
    script: Script, pack: Pack, grammar: Grammar, measure: Measure, *, exact: bool, recording: bool, following: bool
) -> tuple[Conversation, Director]:
    if not following and (findings := unknown_ids(script, pack)):
        raise ScriptError("\n".join(map(str, findings)))
    conversation = conversation_of(script, pack, grammar, measure)
    steps = script.steps
    if recording:
        steps = tuple(step for step in steps if step.kind in _RECORDED_KINDS)
    if not exact:
        cues = {text for line in pack.lines() if line.manner is Manner.CUE for text in (line.id, *line.texts)}
        steps = tuple(
            step for step in steps if step.kind not in (StepKind.COACH, StepKind.SAYS) or step.text not in cues
        )
        cues = {" ".join(spoken_words(cue)) for cue in cues}
        steps = tuple(step for step in steps if step.kind is not StepKind.ANSWER or step.text not in cues)
    stage = Stage(replace(script, steps=steps), measure, lambda: conversation.state)
    if following:
        return conversation, Follower(stage, exact, ids_of(pack))
    if recording and script.turn_by_turn:
        raise ScriptError(f"{script.file}: its turns end where its sections do: --transcript alone writes it as YAML")
    return conversation, TurnComparison(stage) if script.turn_by_turn else Comparison(stage, exact, recording)


def _perform(
    conversation: Conversation, world: TextWorld | AudioWorld, director: Director, observers: Sequence[Observer] = ()
) -> Performance:
    stage = director.stage
    with suppress(PerformanceOver):
        run(conversation, Ports(world, world, world, world.journal), [stage.observe, *observers])
        # The conversation ended by itself; what it still had to say has been said.
        stage.give_up("the session ended")
    followed = director if isinstance(director, Follower) else None
    return Performance(
        tuple(stage.entries), world.now, stage.failure, tuple(stage.placed_lines), None, followed, stage.observations
    )


def _stereo(lifter: Sequence[Pcm], lifter_rate: int, coach: Sequence[Pcm], rate: int) -> Pcm:
    right = np.concatenate(coach)
    left = Resampler(lifter_rate, rate).whole(np.concatenate(lifter))
    stereo = np.zeros((len(right), 2), np.int16)
    length = min(len(left), len(right))
    stereo[:length, 0] = left[:length]
    stereo[:, 1] = right
    return stereo
