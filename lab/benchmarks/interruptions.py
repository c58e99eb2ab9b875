"""How well commands are heard while the coach speaks without a pause from an open loudspeaker.

Law: the conversation's rule (`coach/dialogue/utterances.py`) decides which words act, without the coach's own words.
But the coach goes on talking after every command, so that every command is said over its voice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median

import numpy as np

from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.audio.pcm import audible_span
from coach.commands import ListenFor, Manner
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.floor import Floor
from coach.dialogue.states import State
from coach.dialogue.utterances import Interpreter, UtteranceTracker
from coach.language.grammar import Intent
from coach.ports import Clip as Line
from coach.ports import Pcm
from coach.rehearsal.performing.worlds import BLOCK_S
from coach.settings import Hearing, Room
from coach.wiring import engines, rehearsing
from lab.benchmarks.hearing.clips import RATE, Clip, Kind, Voices, all_clips

_LEARNING_S = 8.0
"""Seconds at the beginning in which the coach speaks alone."""
_PATIENCE_S = 2.0
"""Seconds after a command in which an action counts for the command."""
_ASKED_FOR = ("yes", "no")
"""Commands that are live only after a question."""
_STOPS = 2
"""How often every voice says "stop", in addition to its share of the commands."""
_AHEAD_S = 1.0
_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Job:
    """One run over the commands of all voices."""

    engine: Hearing
    room: Room
    share: int
    """One command of this many is said, and every "stop"."""
    data: Path | None


@dataclass(slots=True)
class Said:
    """A command and its effect."""

    clip: Clip
    meant: Intent
    safety: bool
    ended: float
    """End of the command, in session seconds."""
    acted: list[Intent] = field(default_factory=list)
    late: float = 0.0
    """Seconds from the end of the command to the first action."""

    @property
    def right(self) -> bool:
        """Whether the command had the effect that was meant, and no other."""
        return bool(self.acted) and all(intent == self.meant for intent in self.acted)


class Talk:
    """Voice, loudspeaker, room, the defence against the coach's own voice and the recogniser; no conversation."""

    def __init__(self, job: Job) -> None:
        self._pack, self._grammar, _ = engines.exercise()
        self._hears = engines.recognizer(job.engine, self._pack, self._grammar, print)
        self._clips = engines.voice(print)
        self._mixer = Mixer(self._clips.rate)
        self._floor = Floor(lambda text, manner: self._clips.render(text, manner).length)
        self._room = rehearsing.simulated(job.room, RATE, self._clips.rate)
        self._own = OwnVoice(self._mixer, RATE)
        self._utterances = UtteranceTracker()
        chance = np.random.default_rng(job.room.seed)
        texts = [text for line in self._pack.lines() for text in line.texts if "{" not in text]
        self._texts = cycle(str(text) for text in chance.permutation(texts))
        self._todo = [clips[at] for clips in [list(_chosen(job))] for at in chance.permutation(len(clips))]
        self._now = 0.0

    def run(self) -> list[Said]:
        """Says every command, one after the other."""
        self._use(Intent("Stop"))
        self._hear(np.zeros(round(_LEARNING_S * RATE), np.int16), None)
        return [self._say(clip) for clip in self._todo]

    def _say(self, clip: Clip) -> Said:
        meant = self._grammar.understand(clip.text, self._grammar.intents)
        if meant is None:
            raise ValueError(f"{clip.text!r} is no command: it has no place among {Kind.COMMAND.value}")
        self._use(meant)
        sound = clip.sound()
        safety = self._pack.groups[meant.name] is Group.SAFETY
        said = Said(clip, meant, safety, self._now + audible_span(sound)[1] / RATE)
        self._hear(np.concatenate([sound, np.zeros(round(_PATIENCE_S * RATE), np.int16)]), said)
        return said

    def _use(self, meant: Intent) -> None:
        """Listens as in a set; if the command is not live in a set, listens to everything."""
        live = policy.live_intents(self._pack, State.SET, question_waits=False)
        live = live if meant.name in live else self._grammar.intents
        self._hears.listen_for(self._grammar.vocabulary(live))
        self._meaning = Interpreter(
            self._grammar, ListenFor(live), lambda name: policy.is_urgent(self._pack, name, State.SET)
        )

    def _hear(self, lifter: Pcm, said: Said | None) -> None:
        size = round(RATE * BLOCK_S)
        for block in np.pad(lifter, (0, -len(lifter) % size)).reshape(-1, size):
            self._now += BLOCK_S
            self._speak()
            played = self._mixer.mix(round(self._now * self._mixer.rate) - self._mixer.position)
            sound = self._own.hear(self._room.capture(block, played), self._now)
            for hypothesis in self._hears.hear(sound):
                others = self._own.heard_others(hypothesis.began, hypothesis.at)
                own = not others or self._floor.is_echo(hypothesis.text, hypothesis.began)
                meant = self._meaning.interpret(hypothesis.text)
                acts = self._utterances.decide(hypothesis.utterance, meant, final=hypothesis.final, own_voice=own).acts
                if said is not None and acts:
                    said.late = said.late if said.acted else self._now - said.ended
                    said.acted += acts

    def _speak(self) -> None:
        """Lays lines of the coach ahead, so that the coach speaks without a pause."""
        self._floor.forget_before(self._now)
        while (free := self._floor.next_free(self._now)) < self._now + _AHEAD_S:
            text = next(self._texts)
            line: Line = self._clips.render(text, Manner.SENTENCE)
            say = self._floor.place_at_onset(free + _PAUSE_S + line.length.onset, text, Manner.SENTENCE, "talk")
            self._mixer.place(say.line_number, line, round((say.at - line.length.onset) * self._mixer.rate))


def _chosen(job: Job) -> Iterator[Clip]:
    voices = Voices.FLITE if job.data is None else Voices.LIFTERS
    clips = [clip for clip in all_clips(job.data) if clip.voices is voices and clip.kind is Kind.COMMAND]
    yield from [clip for clip in clips if clip.text not in _ASKED_FOR][:: job.share]
    for _ in range(_STOPS):
        yield from (clip for clip in clips if clip.text == "stop")


def perform(job: Job) -> list[Said]:
    """Performs one run in this process."""
    return Talk(job).run()


def row(job: Job, said: Sequence[Said]) -> str:
    """Returns the row of a run, for the table under `HEAD`."""
    stops = [one for one in said if one.clip.text == "stop"]
    voices = {one.clip.voice for one in said}
    shares = {voice: _right([one for one in said if one.clip.voice == voice]) for voice in voices}
    worst = min(sorted(shares), key=shares.__getitem__)
    lates = [one.late for one in stops if one.right]
    return (
        f"{job.engine.engine:12} {job.room.echo:5.0f} {len(said):9} "
        f"{_right([one for one in said if not one.safety]):9.1%} {_right([one for one in said if one.safety]):7.1%} "
        f"{_right(stops):7.1%} {sum(bool(one.acted) and not one.right for one in said):6} "
        f"{median(lates) if lates else float('nan'):7.2f}  {worst} {shares[worst]:.0%}"
    )


HEAD = "engine        echo      said  commands  safety    stop  wrong  stop s  worst voice"


def _right(said: Sequence[Said]) -> float:
    return sum(one.right for one in said) / max(1, len(said))
