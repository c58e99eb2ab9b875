"""The speaking side: lines are rendered, placed on the mixer by their audible onset, and reported when they are over.

Law: only this module converts between session times and samples: sample = seconds * rate. A clip is placed `onset`
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

SOUND_LINE_NUMBER = 0
"""The line number of all small sounds. The conversation's line numbers begin with 1."""
SOUND_GUARD_S = 0.05
"""Seconds of silence between a sound and a word."""


class MixedVoice:
    """The `Voice` port on a mixer, the same live and in rehearsals: only the reader of the mixer differs."""

    def __init__(
        self,
        synthesizer: Synthesizer,
        mixer: Mixer,
        post: Callable[[Event], None],
        surroundings: Surroundings | None = None,
        ceiling: float = 0.0,
    ) -> None:
        """`post` takes SpeechFinished and VoiceFailed. `surroundings`: each line is shaped for them when it is placed.

        `ceiling`: gain at full volume, in decibels; 0 leaves clips as they are, lower values make them softer.
        """
        self._synthesizer = synthesizer
        self._mixer = mixer
        self._post = post
        self._surroundings = surroundings
        self._ceiling = ceiling
        self.set_volume(0.0)
        self._shaping_step: int | None = None
        """The last step of shaping; None: no line was placed yet."""
        self._placed: dict[int, tuple[int, int]] = {}
        """Line number -> its first sample on the output clock and the one behind its last, until the line is over."""

    def say(self, line: Say) -> None:
        """Place the line. A line that cannot be rendered becomes VoiceFailed, and the set goes on."""
        try:
            clip = self._synthesizer.render(line.text, line.manner)
        except VoiceError as error:
            # Dated now: an event dated at the line's own time would move the conversation ahead of the clock.
            self._post(VoiceFailed(self._mixer.position / self._mixer.rate, line.line_number, str(error)))
            return
        if self._surroundings is not None:
            self._shaping_step = step_for(self._surroundings.snr, self._shaping_step)
            clip = clip_for_room(clip, self._shaping_step)
        begins = self._mixer.place(line.line_number, clip, round(line.at * self._mixer.rate) - clip.onset)
        self._placed[line.line_number] = begins, begins + len(clip.pcm)

    def sound(self, clip: Clip) -> None:
        """Play the clip at once, or not at all if a line sounds then, or within `SOUND_GUARD_S`."""
        guard = round(SOUND_GUARD_S * self._mixer.rate)
        begins = self._mixer.position
        ends = begins + len(clip.pcm)
        self._placed = {line: place for line, place in self._placed.items() if place[1] > begins}
        if all(first - guard > ends or last + guard < begins for first, last in self._placed.values()):
            self._mixer.place(SOUND_LINE_NUMBER, clip, begins)

    def speaks_within(self, seconds: float) -> bool:
        """Whether a line sounds now or begins within these seconds. Any thread may ask."""
        now = self._mixer.position
        soon = now + round(seconds * self._mixer.rate)
        return any(first <= soon and last > now for first, last in list(self._placed.values()))

    def measure(self, text: str, manner: Manner) -> Length:
        """How long a line takes; an estimate if it cannot be rendered, so the session goes on."""
        try:
            return self._synthesizer.render(text, manner).length
        except VoiceError:
            return speaking_time(text, manner)

    def stop(self, at: float) -> None:  # noqa: ARG002  no time is sooner than the next block
        """Be silent from the next block on."""
        self._placed.clear()
        self._mixer.cut(round(FADE_S * self._mixer.rate))

    def drop(self, lines: frozenset[int]) -> None:
        """Take back lines that have not begun."""
        for line in lines:
            self._placed.pop(line, None)
        self._mixer.drop(lines)

    def set_volume(self, decibels: float) -> None:
        """Set the volume in decibels; 0 is full. The ceiling does not apply to a call for help, which is above 0."""
        level = decibels if decibels > 0 else decibels + self._ceiling
        self._mixer.set_gain(10 ** (level / 20))

    def set_pace(self, percent: int) -> None:
        """Set the pace of sentences said from now on."""
        self._synthesizer.set_pace(percent)

    def report_finished(self) -> None:
        """Post what was said whole, cut or dropped since the last call."""
        rate = self._mixer.rate
        for played in self._mixer.finished():
            if played.line_number == SOUND_LINE_NUMBER:
                continue
            self._placed.pop(played.line_number, None)
            ended, heard, total = played.ended_sample / rate, played.heard_samples / rate, played.total_samples / rate
            self._post(SpeechFinished(ended, played.line_number, heard, total))
