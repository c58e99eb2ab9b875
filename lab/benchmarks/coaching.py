"""Judges a month of coaching: sixty random sessions of six lifters, in text, from a seed.

Law: the lifters say sentences of `lab/rigs/said/states.yaml` that fit the moment, and `lab/rigs/effects.py` judges what
their words did. No session uses the coach's internals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from coach.commands import Command, Manner
from coach.dialogue.saying import DANGER_LINES
from coach.events import Event
from coach.ports import StoredSession
from coach.training.log import workouts
from coach.training.past import Past
from lab.rigs.effects import FILE, does
from lab.rigs.said_lines import SaidLine
from lab.rigs.talk import PACK, Talk, plan_of

SESSIONS = 10
"""Number of sessions of each lifter in a month."""
LONGEST_S = 1800.0
"""Seconds after which a session is given up."""
ANSWERED_S = 8.0
"""Seconds after the lifter's words in which a line of the coach is an answer to them."""
UNDER_LOAD = frozenset({"set", "correcting", "paused", "stopped", "stuck", "hurt"})
_MOMENTS = {"setup": "set-up", "hurt": "after pain"}
OFTEN = 10
"""A wording that is heard more often than this in a month is reported."""


@dataclass(frozen=True, slots=True)
class Lifter:
    """How somebody trains and talks."""

    name: str
    talks: float
    """Probability of saying something that the session does not need, at each opportunity."""
    wants: Mapping[str, float] = field(default_factory=dict)
    """Weights of effects that the lifter wants more often or less often than others (weight 1)."""
    sets_up: bool = False


DANGERS = {"stops": 0.3, "pain": 0.15, "dizzy": 0.1, "stuck": 0.15}
LIFTERS = (
    Lifter("beginner", 0.5, {"told": 3, "WhereFeet": 3, "again": 3, "left": 2, **DANGERS}, sets_up=True),
    Lifter("veteran", 0.15, {"louder": 2, "reps": 2, "slower": 2, **DANGERS}),
    Lifter("chatty", 0.9, dict(DANGERS)),
    Lifter("silent", 0.02, dict.fromkeys(DANGERS, 0.0)),
    Lifter("clumsy", 0.5, {"BackLifted": 6, "HipsLifted": 4, "KneesIn": 4, "Toes": 4, "LockedKnees": 3, **DANGERS}),
    Lifter("unlucky", 0.5, {"stops": 3, "pain": 4, "dizzy": 4, "stuck": 4}),
)
_MUST = {
    "idle": ("starts",),
    "set-up": ("next",),
    "ready": ("starts",),
    "rest over": ("starts",),
    "correcting": ("goes_on", "goes_on", "finishes"),
    "paused": ("goes_on", "goes_on", "finishes"),
    "stopped": ("goes_on", "finishes"),
    "after pain": ("better",),
    "finished": ("ends",),
}
"""Effects that continue a session, for each moment at which the coach waits."""
_NOT_BY_CHANCE = frozenset({"ends", "finishes", "halts"})


@dataclass(slots=True)
class Session:
    """One session, and its results."""

    lifter: Lifter
    chance: Random
    said: list[tuple[str, str, str, bool]] = field(default_factory=list)
    """Moment, effect, words, and whether the words had the effect."""
    spoken: list[float] = field(default_factory=list)
    """When the lifter spoke."""
    states: list[tuple[float, str]] = field(default_factory=list)
    """Start and name of each outermost state."""
    past: Past = field(default_factory=Past)
    talk: Talk = field(init=False)

    def __post_init__(self) -> None:
        self.talk = Talk(plan_of(reps=5, sets=3, rest=60), past=self.past)

    def perform(self) -> Session:
        """Performs the session from the greeting to its end, or until `LONGEST_S`."""
        self.talk.after = self._note
        if self.lifter.sets_up:
            self._say("idle", "", "set up")
            self._settle()
        while self.talk.ended_at is None and self.talk.now < LONGEST_S:
            self._turn()
        return self

    def _note(self, event: Event, _: tuple[Command, ...]) -> None:
        if not self.states or self.states[-1][1] != self.talk.outer_state:
            self.states.append((event.at, self.talk.outer_state))

    @property
    def _moment(self) -> str:
        if self.talk.outer_state == "ready" and any(state == "resting" for _, state in self.states):
            return "rest over"
        if self.talk.state in ("set.unracking", "set.countdown"):
            return "countdown"
        return _MOMENTS.get(self.talk.outer_state, self.talk.outer_state)

    def _turn(self) -> None:
        moment = self._moment
        must = _MUST.get(moment)
        if moment in ("set", "countdown", "resting"):
            self.talk.wait(self.chance.uniform(1.0, 12.0))
            if moment != self._moment:
                return
        if self.chance.random() < self.lifter.talks:
            effects = [effect for effect in _effects(moment) if effect not in _NOT_BY_CHANCE]
            if effects:
                weights = [self.lifter.wants.get(effect, 1.0) for effect in effects]
                if any(weights):
                    self._say(moment, self.chance.choices(effects, weights)[0])
                    self._settle()
                    return
        if must is not None:
            self._say(moment, self.chance.choice(must))
        elif moment == "stuck":
            self._say(moment, "", "yes")
        self._settle()

    def _settle(self) -> None:
        """Waits until the coach has finished speaking; in a set or a rest it does not wait."""
        if self.talk.outer_state not in ("set", "resting") and self.talk.ended_at is None:
            self.talk.wait_until_quiet()
            self.talk.wait(self.chance.uniform(2.0, 6.0))

    def _say(self, moment: str, effect: str, words: str = "") -> None:
        words = words or self.chance.choice(_effects(moment)[effect])
        self.spoken.append(self.talk.now)
        if effect:
            self.said.append((moment, effect, words, does(self.talk, words, effect)))
        else:
            self.talk.hears(words)

    # --- what is counted

    def unasked(self) -> list[SaidLine]:
        """Returns the sentences that answer nobody, and do not begin or end a set or a rest."""
        return [
            line
            for line in self.talk.lines
            if line.say.manner is Manner.SENTENCE
            and not line.say.source.startswith(
                ("set.", "rest.", "greeting", "workout.", "summary", "goodbye", "resume.")
            )
            and not any(0 <= line.begins - at <= ANSWERED_S for at in self.spoken)
        ]

    def silence(self) -> float:
        """Returns the longest silence in seconds while the platform may be out of its catches."""
        ends = self.talk.ended_at or self.talk.now
        spans = zip(self.states, [*self.states[1:], (ends, "")], strict=True)
        longest = 0.0
        for (begin, state), (end, _) in spans:
            if state not in UNDER_LOAD:
                continue
            sounds = sorted(
                (line.begins, line.ends) for line in self.talk.lines if begin <= line.ends and line.begins <= end
            )
            heard = begin
            for first, last in [*sounds, (end, end)]:
                longest = max(longest, min(first, end) - heard)
                heard = max(heard, last)
        return longest


def _month(lifter: Lifter, seed: int, sessions: int) -> list[Session]:
    """Performs a lifter's sessions one after the other; each knows what was trained before."""
    month: list[Session] = []
    for day in range(sessions):
        before = [StoredSession(str(day), day * 86_400.0, tuple(one.talk.records)) for day, one in enumerate(month)]
        logged = list(workouts(reversed(before)))
        past = Past.of(len(logged), logged, PACK.id, day * 86_400.0, lambda _: plan_of())
        month.append(Session(lifter, Random(seed + day), past=past).perform())
    return month


def _effects(moment: str) -> dict[str, list[str]]:
    """Returns the sentences that fit a moment, by effect."""
    found: dict[str, list[str]] = {}
    for moments in FILE.values():
        for effect, texts in moments.get(moment, {}).items():
            found.setdefault(effect, []).extend(texts)
    return found


def main(quick: bool = False) -> None:
    """Performs all sessions and prints the results."""
    every: list[Session] = []
    print(
        f"{'lifter':<12}{'utterances':>11}{'did what they meant':>21}{'unasked a session':>19}{'longest silence':>17}",
        end="",
    )
    print(f"{'sentences':>11}{'wordings':>10}{'one as before':>15}")
    for number, lifter in enumerate(LIFTERS):
        month = _month(lifter, 100 * number, 2 if quick else SESSIONS)
        every += month
        _print(lifter.name, month)
    _print("all", every)
    missed = Counter((moment, effect, words) for one in every for moment, effect, words, right in one.said if not right)
    for (moment, effect, words), times in missed.most_common(12):
        print(f"not what was meant: {moment}, {effect}: {words!r} ({times} times)")
    for lifter in LIFTERS:
        said = Counter(line.say.text for one in every if one.lifter is lifter for line in _sentences(one))
        often = [f"{text!r} {times}" for text, times in said.most_common(3) if times > OFTEN]
        if often:
            print(f"{lifter.name} heard most in a month: {', '.join(often)}")


def _sentences(session: Session) -> list[SaidLine]:
    """Returns the coach's sentences without danger lines, which never vary."""
    return [
        line
        for line in session.talk.lines
        if line.say.manner is Manner.SENTENCE and line.say.source not in DANGER_LINES
    ]


def _print(name: str, sessions: Sequence[Session]) -> None:
    said = [right for one in sessions for *_, right in one.said]
    right = f"{100 * sum(said) / len(said):.1f} %" if said else "-"
    unasked = sum(len(one.unasked()) for one in sessions) / len(sessions)
    silence = max(one.silence() for one in sessions)
    texts = [(line.say.source, line.say.text) for one in sessions for line in _sentences(one)]
    last: dict[str, str] = {}
    again = 0
    for source, text in texts:
        again += last.get(source) == text
        last[source] = text
    print(f"{name:<12}{len(said):>11}{right:>21}{unasked:>19.1f}{silence:>15.1f} s", end="")
    print(f"{len(texts):>11}{len({text for _, text in texts}):>10}{100 * again / len(texts):>13.0f} %")
