"""Looks after the loudspeaker: reports what has been said, and a device that went away or came back.

Law: the output callback posts nothing itself; this thread asks, many times a second, and is the only one that does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

from coach.adapters.sound.devices import WAKING_SECONDS, Speaker
from coach.adapters.synthesis.voice import MixedVoice
from coach.events import Event, SpeakerFound, SpeakerLost

LOOK_S = 0.05
CLOSE_S = 5.0


class Attendant:
    """One thread beside the session."""

    def __init__(
        self,
        speaker: Speaker,
        voice: MixedVoice,
        put: Callable[[Event], None],
        alive: Callable[[], None] = lambda: None,
        on_look: Callable[[float], None] = lambda _: None,
    ) -> None:
        """`alive` is called when it has looked. `look`: is called each time, with a clock's time."""
        self._on_look = on_look
        self._mute = False
        self._speaker = speaker
        self._voice = voice
        self._put = put
        self._alive = alive
        self._closing = Flag()
        self._thread = Thread(target=self._run, name="attendant", daemon=True)

    def start(self, mute: bool = False) -> None:
        """Begin to look. `mute`: the loudspeaker is lost, and that has been told."""
        self._mute = mute
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._closing.set()
        if self._thread.ident is not None:
            # A server that hangs just now may hold it.
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        mute = self._mute
        runs_since: float | None = None
        while not self._closing.wait(LOOK_S):
            self._voice.report_finished()
            self._on_look(time.monotonic())
            reason = self._speaker.lost()
            if reason is not None:
                if not mute:
                    self._put(SpeakerLost(self._speaker.now(), reason))
                mute, runs_since = True, None
                self._speaker.reopen()
            elif mute:
                runs_since = self._speaker.now() if runs_since is None else runs_since
                # Who is told of it speaks, and the device may still be waking.
                if self._speaker.now() >= runs_since + WAKING_SECONDS:
                    mute = False
                    self._put(SpeakerFound(self._speaker.now()))
            self._alive()
