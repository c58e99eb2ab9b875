"""Makes the lifter's clips in coach/rehearsal/voices with four flite voices.

usage: scripts/make-lifter-voices [--only VOICE]

Reads commands.txt (commands to the coach), woken.txt (with the wake word) and others.txt (talk that is not for the
coach) there, speaks each line with every voice, brings all clips to one level and writes VOICE-PHRASE.flac (16 kHz,
mono, 16 bit). The file's title tag has the words. Needs the program `flite` (Debian package of the same name).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

VOICES = {"slt": "slt", "rms": "rms", "awb": "awb", "kal": "kal16"}
"""Name of the lifter: flite's voice. Flite's `kal` speaks at 8 kHz, half of what the recogniser needs."""

RATE = 16_000
EDGE = RATE // 20
"""Samples left before and after the speech: 50 ms; the tests add more silence."""
LEVEL = 0.08
"""Root mean square of the speech, 22 dB below full scale: every voice is equally loud."""
STEP = 2.0**-12
"""Quantisation step: FLAC does not store bits that are always zero, so files are a third smaller; noise is 60 dB below
speech."""
FOLDER = Path(__file__).resolve().parents[2] / "coach" / "rehearsal" / "voices"

Samples = npt.NDArray[np.float64]


def main() -> int:
    """Writes every clip."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").strip(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=VOICES, help="make this voice's clips only")
    chosen = parser.parse_args().only
    if shutil.which("flite") is None:
        print("make-lifter-voices: no program 'flite': install the package flite", file=sys.stderr)
        return 1
    lists = (FOLDER / f"{name}.txt" for name in ("commands", "woken", "others"))
    phrases = [line for path in lists for line in path.read_text().splitlines()]
    size = 0
    for lifter in [chosen] if chosen else VOICES:
        for phrase in phrases:
            path = FOLDER / f"{lifter}-{slug(phrase)}.flac"
            write(path, phrase, level(trim(speak(phrase, VOICES[lifter]))))
            size += path.stat().st_size
    print(f"{size / 1e6:.2f} MB in {FOLDER.name}")
    return 0


def slug(phrase: str) -> str:
    """Returns the phrase as part of a file name: it's too heavy -> its-too-heavy."""
    return re.sub(r"[^a-z]+", "-", phrase.replace("'", ""))


def speak(phrase: str, voice: str) -> Samples:
    """Speaks a phrase with flite, at 16 kHz."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        subprocess.run(["flite", "-voice", voice, "-t", phrase, "-o", wav.name], check=True)
        samples, rate = soundfile.read(wav.name)
    if rate != RATE:
        raise SystemExit(f"make-lifter-voices: voice {voice!r} speaks at {rate} Hz, not {RATE}")
    return np.asarray(samples, dtype=np.float64)


def trim(samples: Samples) -> Samples:
    """Returns the speech with `EDGE` around it: flite adds 0.2 s of silence at each end."""
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    return samples[max(0, loud[0] - EDGE) : loud[-1] + EDGE]


def level(samples: Samples) -> Samples:
    """Returns the samples at `LEVEL`; the level is measured where there is speech."""
    speech = samples[np.abs(samples) > 0.02 * np.abs(samples).max()]
    return np.asarray((samples * LEVEL / np.sqrt(np.mean(speech**2))).clip(-1.0, 1.0))


def write(path: Path, phrase: str, samples: Samples) -> None:
    """Writes one clip, with its words in the title."""
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16", format="FLAC", compression_level=1.0) as clip:
        clip.title = phrase
        clip.write(np.round(samples / STEP) * STEP)


if __name__ == "__main__":
    sys.exit(main())
