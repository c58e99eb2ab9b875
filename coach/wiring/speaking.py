"""Says one line out of the loudspeaker, without a session."""

from __future__ import annotations

import time

from coach.adapters.portaudio import WAKING_SECONDS, Device, Speaker
from coach.audio.mixer import Mixer
from coach.ports import Clip, SoundError
from coach.settings import Output

_LOOK_S = 0.05


def speak(clip: Clip, output: Device) -> None:
    """Say the clip and wait until it is over; SoundError when no loudspeaker is found, or it went away."""
    mixer = Mixer(clip.rate)
    speaker = Speaker(mixer, output, Output().floor)
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
