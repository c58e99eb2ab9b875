"""Looks after the loudspeaker: reports what has been said, and a device that went away or came back.

Law: the output callback posts nothing itself; this thread asks, many times a second, and is the only one that does.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

from coach.adapters.portaudio import Speaker
from coach.adapters.voice import MixedVoice
from coach.events import Event, SpeakerFound, SpeakerLost

LOOK_S = 0.05


class Attendant:
    """One thread beside the session."""

    def __init__(self, speaker: Speaker, voice: MixedVoice, put: Callable[[Event], None]) -> None:
        self._speaker = speaker
        self._voice = voice
        self._put = put
        self._closing = Flag()
        self._thread = Thread(target=self._run, name="attendant", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        mute = False
        while not self._closing.wait(LOOK_S):
            self._voice.report()
            reason = self._speaker.lost()
            if reason is not None:
                if not mute:
                    self._put(SpeakerLost(self._speaker.now(), reason))
                mute = True
                self._speaker.reopen()
            elif mute:
                mute = False
                self._put(SpeakerFound(self._speaker.now()))
