"""Sound files: speech read as mono samples at the wanted rate, conversations written as stereo WAV."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import numpy as np

from coach.audio.resampling import Resampler
from coach.ports import Pcm, SoundError

LOWEST_RATE = 8000
"""Below it half of speech is missing (telephones use it)."""


def read_speech(path: Path, rate: int, *, mix_down: bool = False) -> Pcm:
    """The whole recording, mono, at `rate`; SoundError says in one line what is wrong with the file.

    `mix_down`: more channels than one become their mean; else they are refused, for speech is on one of them.
    """
    import soundfile  # noqa: PLC0415  loads libsndfile (0.1 s): not needed to coach

    if not path.is_file():
        raise SoundError(f"no sound file {str(path)!r}: check the name")
    try:
        with soundfile.SoundFile(path) as file:
            found_rate, channels, declared = file.samplerate, file.channels, file.frames
            samples = file.read(dtype="int16")
    except soundfile.LibsndfileError as fault:
        raise SoundError(
            f"cannot read {str(path)!r} as sound ({fault.error_string}): give a WAV or FLAC file"
        ) from fault
    if channels != 1 and mix_down:
        samples = np.rint(samples.mean(axis=1)).astype(np.int16)
    elif channels != 1:
        raise SoundError(f"{str(path)!r} has {channels} channels: give one (sox {path.name} -c 1 mono.wav)")
    if found_rate < LOWEST_RATE:
        raise SoundError(f"{str(path)!r} has {found_rate} samples a second: record speech with {LOWEST_RATE} or more")
    if len(samples) == 0:
        raise SoundError(f"{str(path)!r} is empty: record it again")
    missing = _missing_bytes(path)
    if len(samples) < declared or missing > 0:
        raise SoundError(f"{str(path)!r} is cut short: its header promises {missing} bytes more; copy it again")
    if found_rate == rate:
        return np.asarray(samples, np.int16)
    return Resampler(found_rate, rate).whole(samples)


def write_stereo(path: Path, stereo: Pcm, rate: int) -> None:
    """Samples of shape (n, 2) as a 16-bit WAV; under another name first, so that nothing half-written is left."""
    import soundfile  # noqa: PLC0415  as above

    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(part, stereo, rate, format="WAV", subtype="PCM_16")
        part.replace(path)
    except (OSError, soundfile.LibsndfileError) as fault:
        with contextlib.suppress(OSError):
            part.unlink()
        reason = getattr(fault, "strerror", None) or getattr(fault, "error_string", fault)
        raise SoundError(f"cannot write {str(path)!r} ({reason}): give a folder you can write to") from fault


def _missing_bytes(path: Path) -> int:
    """How many bytes a WAV's header promises beyond the end of the file; libsndfile reads on as if nothing were."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return 0
        at = 12
        while len(chunk := file.read(8)) == 8:
            length = int.from_bytes(chunk[4:], "little")
            at += 8 + length
            if chunk[:4] == b"data":
                # Written by programs that could not know the length.
                return 0 if length == 0xFFFFFFFF else max(0, at - size)
            file.seek(length + length % 2, os.SEEK_CUR)
            at += length % 2
    return 0
