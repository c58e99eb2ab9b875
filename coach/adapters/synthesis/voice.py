"""The speaking side: lines are rendered, laid on the mixing timeline by their audible onset, and reported when over.

Law: only this module converts between a session time and a sample: sample = seconds * rate. A clip is placed `onset`
samples before the time at which its line must be heard.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.audio.mixer import Mixer
from coach.audio.shaping import clip_for_room, step_for
from coach.audio.surroundings import Surroundings
from coach.commands import FADE_S, Manner, Say
from coach.events import Event, SpeechFinished, VoiceFailed
from coach.language.speaking_time import speaking_time
from coach.ports import Clip, Length, Synthesizer, VoiceError

SOUND = 0
"""The line number of small sounds; the conversation's line numbers begin with 1."""
SOUND_GUARD_S = 0.05
"""Seconds of silence between a sound and a word."""


class MixedVoice:
    """The `Voice` port on a mixer, live and in rehearsals alike; only the reader of the mix differs."""

    def __init__(
        self,
        synthesizer: Synthesizer,
        mixer: Mixer,
        post: Callable[[Event], None],
        surroundings: Surroundings | None = None,
        ceiling: float = 0.0,
    ) -> None:
        """`post` takes SpeechFinished and VoiceFailed. `surroundings`: each line is shaped for them when it is laid.

        `ceiling`: gain of full volume in decibels; 0 leaves clips as they are, lower values make them softer.
        """
        self._synthesizer = synthesizer
        self._mixer = mixer
        self._post = post
        self._surroundings = surroundings
        self._ceiling = ceiling
        self.set_volume(0.0)
        self._step: int | None = None
        """The last step of shaping; None: nothing was laid yet."""
        self._laid: dict[int, tuple[int, int]] = {}
        """Line -> first and last sample on the timeline, until the line is over."""

    def say(self, line: Say) -> None:
        """Lay the line; a line that cannot be rendered becomes VoiceFailed, and the set goes on."""
        try:
            clip = self._synthesizer.render(line.text, line.manner)
        except VoiceError as error:
            # Dated now: an event dated at the line's own time would move the conversation ahead of the clock.
            self._post(VoiceFailed(self._mixer.position / self._mixer.rate, line.line_number, str(error)))
            return
        if self._surroundings is not None:
            self._step = step_for(self._surroundings.snr, self._step)
            clip = clip_for_room(clip, self._step)
        begins = self._mixer.place(line.line_number, clip, round(line.at * self._mixer.rate) - clip.onset)
        self._laid[line.line_number] = begins, begins + len(clip.pcm)

    def sound(self, clip: Clip) -> None:
        """Play the clip at once, or not at all: it is not laid over a line, nor within `SOUND_GUARD_S` of a line."""
        guard = round(SOUND_GUARD_S * self._mixer.rate)
        begins = self._mixer.position
        self._laid = {line: place for line, place in self._laid.items() if place[1] > begins}
        if all(first - guard > begins + len(clip.pcm) or last + guard < begins for first, last in self._laid.values()):
            self._mixer.place(SOUND, clip, begins)

    def speaks_within(self, seconds: float) -> bool:
        """A line sounds, or begins so soon. From any thread."""
        now = self._mixer.position
        soon = now + round(seconds * self._mixer.rate)
        return any(first <= soon and last > now for first, last in list(self._laid.values()))

    def measure(self, text: str, manner: Manner) -> Length:
        """How long a line takes. For a line that cannot be rendered this is an estimate, so that the session goes on
        without it.
        """
        try:
            return self._synthesizer.render(text, manner).length
        except VoiceError:
            return speaking_time(text, manner)

    def stop(self, at: float) -> None:  # noqa: ARG002  sooner than any time that could be named
        """Be silent from the next block on."""
        self._laid.clear()
        self._mixer.cut(round(FADE_S * self._mixer.rate))

    def drop(self, lines: frozenset[int]) -> None:
        """Take back lines that have not begun."""
        for line in lines:
            self._laid.pop(line, None)
        self._mixer.drop(lines)

    def set_volume(self, decibels: float) -> None:
        """Set the volume in decibels; 0 is full. A higher value is a call for help, to which the ceiling does not
        apply.
        """
        level = decibels if decibels > 0 else decibels + self._ceiling
        self._mixer.set_gain(10 ** (level / 20))

    def set_pace(self, percent: int) -> None:
        """Set the pace of sentences said from now on."""
        self._synthesizer.set_pace(percent)

    def report(self) -> None:
        """Post what was said whole, cut or dropped since the last call."""
        rate = self._mixer.rate
        for over in self._mixer.finished():
            if over.line == SOUND:
                continue
            self._laid.pop(over.line, None)
            self._post(
                SpeechFinished(
                    over.ended_sample / rate, over.line, over.heard_samples / rate, over.total_samples / rate
                )
            )
