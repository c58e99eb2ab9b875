"""Looks after the loudspeaker: reports what has been said, and that the device went away or came back.

Law: the output callback posts no events. This thread asks many times a second, and no other thread asks.
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
"""Seconds between two looks."""
CLOSE_S = 5.0
"""Longest wait for the thread at the end."""


class Attendant:
    """Runs the thread."""

    def __init__(
        self,
        speaker: Speaker,
        voice: MixedVoice,
        put: Callable[[Event], None],
        alive: Callable[[], None] = lambda: None,
        on_look: Callable[[float], None] = lambda _: None,
    ) -> None:
        """`put`: posts events. `alive`: called after each look. `on_look`: called at each look, with monotonic time."""
        self._on_look = on_look
        self._mute = False
        """The loudspeaker is lost."""
        self._speaker = speaker
        self._voice = voice
        self._put = put
        self._alive = alive
        self._closing = Flag()
        self._thread = Thread(target=self._run, name="attendant", daemon=True)

    def start(self, mute: bool = False) -> None:
        """Start the thread. `mute`: the loudspeaker is lost, and the session knows it."""
        self._mute = mute
        self._thread.start()

    def close(self) -> None:
        """Stop the thread."""
        self._closing.set()
        if self._thread.ident is not None:
            # The thread may be waiting for a sound server that hangs.
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
                # The session speaks when it gets this event, and the device may still be waking up.
                if self._speaker.now() >= runs_since + WAKING_SECONDS:
                    mute = False
                    self._put(SpeakerFound(self._speaker.now()))
            self._alive()
