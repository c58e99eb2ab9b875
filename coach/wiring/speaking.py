"""Says one line through the loudspeaker, without a session."""

from __future__ import annotations

import time

from coach.adapters.sound.server import HANGS, SoundServer
from coach.audio.mixer import Mixer
from coach.ports import Clip, SoundError
from coach.settings import Devices, Output

_LOOK_S = 0.05


def speak(clip: Clip, output: int | str | None) -> None:
    """Say the clip and wait until it has ended. SoundError: no loudspeaker is found, or it is lost."""
    mixer, server = Mixer(clip.rate), SoundServer(Devices(output=output))
    server.start()
    try:
        if not server.answers():
            raise SoundError(HANGS)
        _speak(clip, mixer, output, server)
    finally:
        server.close()


def _speak(clip: Clip, mixer: Mixer, output: int | str | None, server: SoundServer) -> None:
    from coach.adapters.sound.devices import WAKING_SECONDS, Speaker  # noqa: PLC0415  it waits for a server that hangs

    speaker = Speaker(mixer, output, Output().hiss, server)
    try:
        speaker.start()
        mixer.place(0, clip, round(WAKING_SECONDS * clip.rate))
        ends = WAKING_SECONDS + clip.length.total
        while speaker.now() < ends:
            time.sleep(_LOOK_S)
            if reason := speaker.lost():
                raise SoundError(
                    f"the loudspeaker is lost ({reason}): look at the sound settings, or name a file: --wav"
                )
    finally:
        speaker.close()
