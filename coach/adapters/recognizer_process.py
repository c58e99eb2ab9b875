"""A `Recognizer` in a process of its own, replaced when it dies or stalls; the same answers, 0.2 ms later.

Law: `hear` returns within two tenths of a second, whatever the child does; what waits for it is bounded. A new child
hears again what the old one had not decided, once: sound that kills two is given up.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coach.adapters.child_process import Child
from coach.ports import HearingError, Hypothesis, Pcm, Recognizer, Vocabulary

STALL_SECONDS = 3.0
"""Without an answer for so long it is stalled. The longest measured is 0.7 s, on a busy desktop core: 8 s of talk heard
again with other phrases. Vosk was once seen to take more than 25 s over one call."""
BEHIND_SECONDS = 8.0
"""Of sound that waits at most: the longest utterance."""
LOAD_SECONDS = 60.0
"""Until a model is loaded; Moonshine takes 0.4 s, a large Vosk model on a small computer most of this."""
ANSWER_SECONDS = 0.1
"""The longest that one block waits for its answer. Most come within 2 ms, a look at what is being said takes as long as
this; while an earlier one is still out a block does not wait, ..."""
BURST_SECONDS = 0.5
"""... unless so much sound is: what was held back elsewhere comes at once, and the child must be let catch up."""
AGAIN_SECONDS = 3.0
"""Of sound already answered that a new child hears again, unless it was decided: longer than any command."""
SETTLED_SECONDS = 3.5
"""Of sound after an outage: by then a command that was being said has been understood or refused."""
DEATHS = 3
WITHIN_SECONDS = 60.0
"""So many deaths in this time are not by chance."""


def recognizer_child() -> Child:
    """A process for a recogniser."""
    return Child("recogniser", HearingError)


@dataclass(slots=True)
class _Outage:
    reason: str
    until: int
    """Samples that had been given when it was noticed: what began before them may have been heard badly."""
    lost: bool = False
    """Speech is known to be lost."""


class RecognizerProcess:
    """Sends the sound, keeps what may be needed again, and dates and numbers the answers of all children as one."""

    def __init__(
        self,
        make: Callable[[], Recognizer],
        name: str,
        rate: int,
        restarted: Callable[[str, bool], None] = lambda *_: None,
        child: Child | None = None,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        """Have a child load it, one that was started before or a new one, while the caller goes on.

        `make` is sent there: picklable, as a partial of a class is. `restarted` is told, within `hear`, why the child
        was replaced, and whether something may have been said that is lost.
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
        # The sound that a new child would hear, the sample it begins with, the samples given and answered in all,
        # and those up to which all is decided.
        self._kept: deque[Pcm] = deque()
        self._first = self._given = self._answered = self._decided = 0
        self._zero = self._base = self._last = 0
        """Of the child there is: the sample and the utterance before its first ones; the last utterance of all."""
        self._told: Hypothesis | None = None
        self._torn: Hypothesis | None = None
        """A partial without a final when its child died: what began before it belongs to its utterance."""
        self._outage: _Outage | None = None

    @property
    def behind(self) -> float:
        """Seconds of sound that are not answered."""
        return (self._given - self._answered) / self.rate

    @property
    def pid(self) -> int:
        """The child's."""
        return self._child.pid

    def wait_until_ready(self) -> None:
        """Until the model is loaded; HearingError when it cannot be."""
        while not self._ready:
            self._collect(LOAD_SECONDS)

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """As of `VoskRecognizer`; to be asked before anything is heard."""
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
        """Give the next samples; returns what has been answered. HearingError when it dies again and again."""
        waits = self._ready and (not self._asked or self.behind > BURST_SECONDS)
        self._kept.append(pcm)
        self._given += len(pcm)
        if self._ready:
            self._ask("hear", pcm, samples=len(pcm))
        return self._collect(ANSWER_SECONDS if waits else 0.0)

    def reset(self) -> None:
        """As new, but for the vocabulary."""
        if self._ready:
            self._ask("reset")
            # What was asked before is not of interest any more.
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
        """What is not answered, with its samples."""
        self._silent_since = time.monotonic()

    def _ask(self, method: str, *arguments: object, samples: int = 0) -> None:
        if not self._asked:
            self._silent_since = time.monotonic()
        self._asked.append((method, samples))
        self._child.send((method, arguments))

    def _collect(self, seconds: float) -> list[Hypothesis]:
        """What is answered by now, or within so many seconds if something is still asked."""
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
        """The child is there: what it has to know, and what it has to hear again."""
        self._ready = True
        self._answered = self._zero = self._first
        self._base = self._last
        if self._vocabulary is not None:
            self._ask("listen_for", self._vocabulary)
        for pcm in self._kept:
            self._ask("hear", pcm, samples=len(pcm))
        self._settle()

    def _place(self, raw: Hypothesis) -> Hypothesis | None:
        """On the time and in the numbering of all children; None: refused, and told as a loss instead."""
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
        """Tell of an outage as soon as it is known what it cost."""
        outage = self._outage
        if outage is not None and (outage.lost or self._answered >= outage.until + round(SETTLED_SECONDS * self.rate)):
            self._outage = None
            self._restarted(outage.reason, outage.lost)

    def _fault(self) -> str | None:
        """Why the child must be replaced; None: it need not."""
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
            # Perhaps it died of what it heard.
            self._drop(self._given)
        self._start(recognizer_child())

    def _forget(self) -> None:
        """Let go of what no child will have to hear again."""
        self._drop_quietly(max(self._answered - round(AGAIN_SECONDS * self.rate), self._decided))
        self._drop(self._given - round(BEHIND_SECONDS * self.rate))

    def _drop_quietly(self, before: int) -> None:
        while self._kept and self._first + len(self._kept[0]) <= before:
            self._first += len(self._kept.popleft())

    def _drop(self, before: int) -> None:
        """What was not answered is lost."""
        self._drop_quietly(before)
        if self._outage is not None and self._first > self._answered:
            self._outage.lost = True
