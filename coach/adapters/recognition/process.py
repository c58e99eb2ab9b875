"""A `Recognizer` in a child process, which is replaced when it dies or stalls; the same answers, 0.2 ms later.

Law: `hear` returns within two tenths of a second, whatever the child does. The sound that waits for the child is
bounded. A new child hears once more the sound that the old child had not decided. Sound that kills two children is
given up.
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
MAX_BEHIND_SECONDS = 8.0
"""Seconds of sound that may wait for the child: the longest utterance."""
MAX_LOAD_SECONDS = 60.0
"""How long a model may take to load. Moonshine takes 0.4 s, a large Vosk model on a small computer nearly 60 s."""
ANSWER_WAIT_SECONDS = 0.1
"""The longest that one block waits for its answer. Most answers come within 2 ms; an answer takes
this long when the recogniser reads an utterance under way. While an earlier block has no answer, a block does not wait,
unless `BURST_SECONDS` applies."""
BURST_SECONDS = 0.5
"""With more seconds of unanswered sound than this, a block does wait. Otherwise the child could not catch up with sound
that was held back elsewhere and comes all at once."""
REHEAR_SECONDS = 3.0
"""Seconds of answered sound that a new child hears again, unless it was decided: longer than any command."""
SETTLE_SECONDS = 3.5
"""Seconds of sound after an outage by which a command that was being said has been understood or refused."""
MAX_DEATHS = 3
DEATHS_WITHIN_SECONDS = 60.0
"""`MAX_DEATHS` deaths of children within this many seconds are not chance: the recogniser is given up."""


def recognizer_child() -> Child:
    """Start a process for a recogniser."""
    return Child("recogniser", HearingError)


@dataclass(slots=True)
class _Outage:
    reason: str
    until: int
    """Number of samples given when the outage was noticed. Words that began before may have been heard badly."""
    speech_lost: bool = False
    """Whether speech is known to be lost. False also while this is not known yet."""


class RecognizerProcess:
    """Sends sound to the child and keeps what a new child may need. Dates and numbers the answers of all children as
    one sequence.
    """

    def __init__(
        self,
        make: Callable[[], Recognizer],
        name: str,
        rate: int,
        report_restart: Callable[[str, bool], None] = lambda *_: None,
        child: Child | None = None,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        """Let a child load the recogniser while the caller continues. `child`: a child that was started before; None:
        start one.

        `make` is sent to the child, so it must be picklable, like a partial of a class. `hear` calls `report_restart`
        with the reason why the child was replaced, and whether something that was said may be lost.
        """
        self.name = name
        self.rate = rate
        self._make = make
        self._report_restart = report_restart
        self._stall_seconds = stall_seconds
        self._vocabulary: Vocabulary | None = None
        self._deaths: deque[float] = deque()
        self._clear_sound()
        self._start(child or recognizer_child())

    def _clear_sound(self) -> None:
        self._kept_sound: deque[Pcm] = deque()
        """The sound that a new child would hear."""
        self._kept_first = self._child_first = 0
        """Number of the first sample of the kept sound, and of the sound that the current child hears."""
        self._given = self._answered = self._decided = 0
        """Numbers of samples that were given, answered and decided."""
        self._base_utterance = self._last_utterance = 0
        """Number of the last utterance before the current child's first, and of the last utterance of all."""
        self._last_reported: Hypothesis | None = None
        self._unfinished: Hypothesis | None = None
        """The partial that had no final when its child died. Words that began before the partial's time belong to the
        partial's utterance."""
        self._outage: _Outage | None = None

    @property
    def behind_seconds(self) -> float:
        """Seconds of sound that were given and are not answered yet."""
        return (self._given - self._answered) / self.rate

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def wait_until_ready(self) -> None:
        """Wait until the model is loaded; HearingError when it cannot be loaded."""
        while not self._ready:
            self._collect(MAX_LOAD_SECONDS)

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The recogniser's unknown words; call it before anything is heard."""
        self.wait_until_ready()
        self._ask("unknown_words", vocabulary)
        while self._questions:
            self._collect(self._stall_seconds)
        return self._unknown_words

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; takes effect before the next sound."""
        self._vocabulary = vocabulary
        if self._ready:
            self._ask("listen_for", vocabulary)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Give the next samples; returns the hypotheses that have come. HearingError after `MAX_DEATHS` deaths."""
        waits = self._ready and (not self._questions or self.behind_seconds > BURST_SECONDS)
        self._kept_sound.append(pcm)
        self._given += len(pcm)
        if self._ready:
            self._ask("hear", pcm, samples=len(pcm))
        return self._collect(ANSWER_WAIT_SECONDS if waits else 0.0)

    def reset(self) -> None:
        """Forget all sound, but keep the vocabulary."""
        if self._ready:
            self._ask("reset")
            # Answers to earlier questions are ignored from now on.
            self._stale_answers = len(self._questions)
        self._clear_sound()

    def close(self) -> None:
        """End the child; may be called again."""
        self._child.end()

    def _start(self, child: Child) -> None:
        self._child = child
        self._child.send(self._make)
        self._ready = False
        self._unknown_words: tuple[str, ...] = ()
        self._stale_answers = 0
        self._questions: deque[tuple[str, int]] = deque([("make", 0)])
        """Method and number of samples of each question that is not answered yet."""
        self._silent_since = time.monotonic()

    def _ask(self, method: str, *arguments: object, samples: int = 0) -> None:
        if not self._questions:
            self._silent_since = time.monotonic()
        self._questions.append((method, samples))
        self._child.send((method, arguments))

    def _collect(self, seconds: float) -> list[Hypothesis]:
        """The hypotheses that have come. While a question is open, wait for answers, at most this many seconds."""
        found: list[Hypothesis] = []
        until = time.monotonic() + seconds
        while True:
            for answer in self._child.exchange(max(0.0, until - time.monotonic()) if self._questions else 0.0):
                found += self._handle_answer(answer)
            failure = self._find_failure()
            if failure is not None:
                self._replace_child(failure)
            if failure is not None or not self._questions or time.monotonic() >= until:
                break
        self._drop_old_sound()
        return found

    def _handle_answer(self, answer: object) -> list[Hypothesis]:
        if isinstance(answer, HearingError):
            raise answer
        method, samples = self._questions.popleft()
        self._silent_since = time.monotonic()
        if self._stale_answers:
            self._stale_answers -= 1
            return []
        match method, answer:
            case "make", _:
                self._catch_up()
            case "unknown_words", tuple():
                self._unknown_words = answer
            case "hear", list():
                self._answered += samples
                found = [numbered for raw in answer if (numbered := self._renumber(raw)) is not None]
                self._report_outage()
                return found
        return []

    def _catch_up(self) -> None:
        """The child is ready: send the vocabulary, and the sound that it must hear again."""
        self._ready = True
        self._answered = self._child_first = self._kept_first
        self._base_utterance = self._last_utterance
        if self._vocabulary is not None:
            self._ask("listen_for", self._vocabulary)
        for pcm in self._kept_sound:
            self._ask("hear", pcm, samples=len(pcm))
        self._report_outage()

    def _renumber(self, raw: Hypothesis) -> Hypothesis | None:
        """The hypothesis in the time and numbering of all children. None: it is refused, and counts as lost speech."""
        zero = self._child_first / self.rate
        found = replace(raw, began=raw.began + zero, at=raw.at + zero, utterance=self._base_utterance + raw.utterance)
        self._last_utterance = found.utterance
        continues = self._unfinished is not None and found.began < self._unfinished.at
        if self._unfinished is not None and continues:
            found = replace(found, utterance=self._unfinished.utterance)
        self._last_reported = found
        if found.final:
            self._decided = round(found.at * self.rate)
            outage = self._outage
            if outage is not None and not (found.text or continues) and found.began * self.rate < outage.until:
                outage.speech_lost = True
                return None
        return found

    def _report_outage(self) -> None:
        """Report an outage as soon as it is known whether speech was lost."""
        outage = self._outage
        settled = round(SETTLE_SECONDS * self.rate)
        if outage is not None and (outage.speech_lost or self._answered >= outage.until + settled):
            self._outage = None
            self._report_restart(outage.reason, outage.speech_lost)

    def _find_failure(self) -> str | None:
        """Why the child must be replaced; None: it works."""
        if self._child.has_ended:
            return self._child.end_and_explain()
        silent = time.monotonic() - self._silent_since
        if not self._ready:
            return f"it was not ready after {silent:.0f} s" if silent > MAX_LOAD_SECONDS else None
        if self._questions and silent > self._stall_seconds:
            return f"it gave no answer for {silent:.1f} s"
        return f"it was {self.behind_seconds:.0f} s behind" if self.behind_seconds > MAX_BEHIND_SECONDS else None

    def _replace_child(self, reason: str) -> None:
        now = time.monotonic()
        self._child.end()
        self._deaths.append(now)
        while self._deaths[0] < now - DEATHS_WITHIN_SECONDS:
            self._deaths.popleft()
        if len(self._deaths) >= MAX_DEATHS:
            raise HearingError(
                f"{self.name} failed {MAX_DEATHS} times within a minute, the last time because {reason}: "
                "run coach doctor, or choose another --engine"
            )
        heard_again = self._ready and self._outage is not None and self._answered < self._outage.until
        lost = self._outage is not None and self._outage.speech_lost
        if self._last_reported is not None and not self._last_reported.final:
            self._unfinished = self._last_reported
        self._outage = _Outage(reason, self._given, lost)
        if heard_again or self.behind_seconds > MAX_BEHIND_SECONDS:
            # The sound may be the cause: two children failed over it, or one cannot keep up with it.
            self._drop_and_note_loss(self._given)
        self._start(recognizer_child())

    def _drop_old_sound(self) -> None:
        """Drop the sound that no child will have to hear again."""
        self._drop_sound(max(self._answered - round(REHEAR_SECONDS * self.rate), self._decided))
        self._drop_and_note_loss(self._given - round(MAX_BEHIND_SECONDS * self.rate))

    def _drop_sound(self, before: int) -> None:
        while self._kept_sound and self._kept_first + len(self._kept_sound[0]) <= before:
            self._kept_first += len(self._kept_sound.popleft())

    def _drop_and_note_loss(self, before: int) -> None:
        """Drop sound; what was not answered is lost."""
        self._drop_sound(before)
        if self._outage is not None and self._kept_first > self._answered:
            self._outage.speech_lost = True
