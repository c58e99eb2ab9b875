"""A `Recognizer` in a process of its own, replaced when it dies or stalls; the same answers, 0.2 ms later.

Law: `hear` returns within two tenths of a second, whatever the child does; the sound that waits for the child is
bounded. A new child hears again, once, what the old one had not decided: sound that kills two children is given up.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coach.adapters.processes.child import Child
from coach.ports import HearingError, Hypothesis, Pcm, Recognizer, Vocabulary

STALL_SECONDS = 3.0
"""A child that gives no answer for this long is stalled. The longest measured answer is 0.7 s, on a busy desktop
core: 8 s of talk heard again with other phrases. Vosk was once seen to take more than 25 s over one call."""
BEHIND_SECONDS = 8.0
"""Seconds of sound that may wait: the longest utterance."""
LOAD_SECONDS = 60.0
"""How long a model may take to load; Moonshine takes 0.4 s, a large Vosk model on a small computer most of this
time."""
ANSWER_SECONDS = 0.1
"""The longest that one block waits for its answer. Most answers come within 2 ms; a look at what is being said takes
as long as this. While an earlier block has no answer, a block does not wait, unless `BURST_SECONDS` applies."""
BURST_SECONDS = 0.5
"""With more unanswered sound than this a block does wait: sound that was held back elsewhere comes at once, and the
child must be able to catch up."""
AGAIN_SECONDS = 3.0
"""Seconds of answered sound that a new child hears again, unless it was decided: longer than any command."""
SETTLED_SECONDS = 3.5
"""Seconds of sound after an outage by which a command that was being said has been understood or refused."""
DEATHS = 3
WITHIN_SECONDS = 60.0
"""`DEATHS` deaths of children within this many seconds are not chance: the recogniser is given up."""


def recognizer_child() -> Child:
    """Start a process for a recogniser."""
    return Child("recogniser", HearingError)


@dataclass(slots=True)
class _Outage:
    reason: str
    until: int
    """Number of samples given when the outage was noticed: what began before may have been heard badly."""
    lost: bool = False
    """Whether speech is known to be lost."""


class RecognizerProcess:
    """Sends the sound, keeps what may be needed again, and dates and numbers the answers of all children as one
    sequence.
    """

    def __init__(
        self,
        make: Callable[[], Recognizer],
        name: str,
        rate: int,
        restarted: Callable[[str, bool], None] = lambda *_: None,
        child: Child | None = None,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        """Let a child load the recogniser while the caller continues; `child` was started before, None: start one.

        `make` is sent to the child, so it must be picklable, like a partial of a class. `restarted` is called within
        `hear` with the reason why the child was replaced, and whether something that was said may be lost.
        """
        self.name = name
        self.rate = rate
        self._make = make
        self._restarted = restarted
        self._stall = stall_seconds
        self._vocabulary: Vocabulary | None = None
        self._deaths: deque[float] = deque()
        self._begin_anew()
        self._start(child or recognizer_child())

    def _begin_anew(self) -> None:
        # The sound that a new child would hear, and the number of its first sample; the numbers of samples given,
        # answered and decided.
        self._kept: deque[Pcm] = deque()
        self._first = self._given = self._answered = self._decided = 0
        self._zero = self._base = self._last = 0
        """The first sample that the current child hears; the last utterance before this child's first; the last
        utterance of all."""
        self._told: Hypothesis | None = None
        self._torn: Hypothesis | None = None
        """A partial without a final when its child died: words that began before the partial's time belong to its
        utterance."""
        self._outage: _Outage | None = None

    @property
    def behind(self) -> float:
        """Seconds of sound that are not answered yet."""
        return (self._given - self._answered) / self.rate

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def wait_until_ready(self) -> None:
        """Wait until the model is loaded; HearingError when it cannot be loaded."""
        while not self._ready:
            self._collect(LOAD_SECONDS)

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The recogniser's unknown words; call it before anything is heard."""
        self.wait_until_ready()
        self._ask("unknown_words", vocabulary)
        while self._asked:
            self._collect(self._stall)
        return self._unknown

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; takes effect before the next sound."""
        self._vocabulary = vocabulary
        if self._ready:
            self._ask("listen_for", vocabulary)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Give the next samples; returns the answers that have come. HearingError when children die again and again."""
        waits = self._ready and (not self._asked or self.behind > BURST_SECONDS)
        self._kept.append(pcm)
        self._given += len(pcm)
        if self._ready:
            self._ask("hear", pcm, samples=len(pcm))
        return self._collect(ANSWER_SECONDS if waits else 0.0)

    def reset(self) -> None:
        """Forget all sound, but keep the vocabulary."""
        if self._ready:
            self._ask("reset")
            # Answers to earlier questions are not of interest any more.
            self._stale = len(self._asked)
        self._begin_anew()

    def close(self) -> None:
        """End the child; may be called again."""
        self._child.end()

    def _start(self, child: Child) -> None:
        self._child = child
        self._child.send(self._make)
        self._ready = False
        self._unknown: tuple[str, ...] = ()
        self._stale = 0
        self._asked: deque[tuple[str, int]] = deque([("make", 0)])
        """Questions that are not answered, each with its number of samples."""
        self._silent_since = time.monotonic()

    def _ask(self, method: str, *arguments: object, samples: int = 0) -> None:
        if not self._asked:
            self._silent_since = time.monotonic()
        self._asked.append((method, samples))
        self._child.send((method, arguments))

    def _collect(self, seconds: float) -> list[Hypothesis]:
        """The answers that have come; wait for them at most this many seconds if something is still asked."""
        found: list[Hypothesis] = []
        until = time.monotonic() + seconds
        while True:
            for answer in self._child.exchange(max(0.0, until - time.monotonic()) if self._asked else 0.0):
                found += self._take(answer)
            fault = self._fault()
            if fault is not None:
                self._replace(fault)
            if fault is not None or not self._asked or time.monotonic() >= until:
                break
        self._forget()
        return found

    def _take(self, answer: object) -> list[Hypothesis]:
        if isinstance(answer, HearingError):
            raise answer
        method, samples = self._asked.popleft()
        self._silent_since = time.monotonic()
        if self._stale:
            self._stale -= 1
            return []
        match method, answer:
            case "make", _:
                self._catch_up()
            case "unknown_words", tuple():
                self._unknown = answer
            case "hear", list():
                self._answered += samples
                found = [one for raw in answer if (one := self._place(raw)) is not None]
                self._settle()
                return found
        return []

    def _catch_up(self) -> None:
        """The child is ready: send the vocabulary, and the sound that it must hear again."""
        self._ready = True
        self._answered = self._zero = self._first
        self._base = self._last
        if self._vocabulary is not None:
            self._ask("listen_for", self._vocabulary)
        for pcm in self._kept:
            self._ask("hear", pcm, samples=len(pcm))
        self._settle()

    def _place(self, raw: Hypothesis) -> Hypothesis | None:
        """The hypothesis in the time and numbering of all children; None: refused, and reported as a loss instead."""
        zero = self._zero / self.rate
        found = replace(raw, began=raw.began + zero, at=raw.at + zero, utterance=self._base + raw.utterance)
        self._last = found.utterance
        torn = self._torn is not None and found.began < self._torn.at
        if self._torn is not None and torn:
            found = replace(found, utterance=self._torn.utterance)
        self._told = found
        if found.final:
            self._decided = round(found.at * self.rate)
            outage = self._outage
            if outage is not None and not (found.text or torn) and found.began * self.rate < outage.until:
                outage.lost = True
                return None
        return found

    def _settle(self) -> None:
        """Report an outage as soon as its cost is known."""
        outage = self._outage
        if outage is not None and (outage.lost or self._answered >= outage.until + round(SETTLED_SECONDS * self.rate)):
            self._outage = None
            self._restarted(outage.reason, outage.lost)

    def _fault(self) -> str | None:
        """Why the child must be replaced; None: it need not be."""
        if self._child.over:
            return self._child.last_words()
        silent = time.monotonic() - self._silent_since
        if not self._ready:
            return f"it was not ready after {silent:.0f} s" if silent > LOAD_SECONDS else None
        if self._asked and silent > self._stall:
            return f"it gave no answer for {silent:.1f} s"
        return f"it was {self.behind:.0f} s behind" if self.behind > BEHIND_SECONDS else None

    def _replace(self, reason: str) -> None:
        now = time.monotonic()
        self._child.end()
        self._deaths.append(now)
        while self._deaths[0] < now - WITHIN_SECONDS:
            self._deaths.popleft()
        if len(self._deaths) >= DEATHS:
            raise HearingError(
                f"{self.name} failed {DEATHS} times within a minute, the last time because {reason}: "
                "run coach doctor, or choose another --engine"
            )
        tried = self._ready and self._outage is not None and self._answered < self._outage.until
        lost = self._outage is not None and self._outage.lost
        if self._told is not None and not self._told.final:
            self._torn = self._told
        self._outage = _Outage(reason, self._given, lost)
        if tried or self.behind > BEHIND_SECONDS:
            # The sound that the child heard may have killed it.
            self._drop(self._given)
        self._start(recognizer_child())

    def _forget(self) -> None:
        """Drop the sound that no child will have to hear again."""
        self._drop_quietly(max(self._answered - round(AGAIN_SECONDS * self.rate), self._decided))
        self._drop(self._given - round(BEHIND_SECONDS * self.rate))

    def _drop_quietly(self, before: int) -> None:
        while self._kept and self._first + len(self._kept[0]) <= before:
            self._first += len(self._kept.popleft())

    def _drop(self, before: int) -> None:
        """Drop sound; what was not answered is lost."""
        self._drop_quietly(before)
        if self._outage is not None and self._first > self._answered:
            self._outage.lost = True
