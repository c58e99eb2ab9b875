"""Sound files: speech read as mono samples at the wanted rate, conversations written as stereo WAV."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.audio.resampling import Resampler
from coach.ports import Pcm, SoundError

_UNKNOWN_LENGTH = 0x7FFF_0000
"""Bytes from which a header's length stands for "as long as it lasts": recorders that write to a pipe."""
LOWEST_RATE = 8000
"""Below it half of speech is missing (telephones use it)."""


def read_speech(path: Path, rate: int, *, as_it_is: bool = True) -> Pcm:
    """The whole recording, mono, at `rate`; SoundError says in one line what is wrong with the file.

    `as_it_is`: a lifter's line must be mono and fit for speech; else channels are mixed and any rate is taken.
    """
    import soundfile  # noqa: PLC0415  loads libsndfile (0.1 s): not needed to coach

    if not path.is_file():
        raise SoundError(f"no sound file {str(path)!r}: check the name")
    try:
        with soundfile.SoundFile(path) as file:
            found_rate, channels, declared = file.samplerate, file.channels, file.frames
            # Integers would be cut from floats without scaling: silence.
            wanted = "float32" if file.subtype in ("FLOAT", "DOUBLE") else "int16"
            samples = file.read(dtype=wanted, always_2d=True)
    except soundfile.LibsndfileError as fault:
        raise SoundError(
            f"cannot read {str(path)!r} as sound ({fault.error_string}): give a WAV or FLAC file"
        ) from fault
    if as_it_is and channels != 1:
        raise SoundError(f"{str(path)!r} has {channels} channels: give one (sox {path.name} -c 1 mono.wav)")
    if as_it_is and found_rate < LOWEST_RATE:
        raise SoundError(f"{str(path)!r} has {found_rate} samples a second: record speech with {LOWEST_RATE} or more")
    if len(samples) == 0:
        raise SoundError(f"{str(path)!r} is empty: record it again")
    missing = _missing_bytes(path)
    if len(samples) < declared or missing > 0:
        raise SoundError(f"{str(path)!r} is cut short: its header promises {missing} bytes more; copy it again")
    mono = _mono(samples)
    return mono if found_rate == rate else Resampler(found_rate, rate).whole(mono)


def _mono(samples: npt.NDArray[np.int16] | npt.NDArray[np.float32]) -> Pcm:
    """The mean of the channels, shape (n, channels), as 16-bit samples."""
    if samples.dtype == np.int16 and samples.shape[1] == 1:
        return np.asarray(samples[:, 0], np.int16)
    mean = np.nan_to_num(samples.mean(axis=1, dtype=np.float64))
    scale = 1.0 if samples.dtype == np.int16 else 32767.0
    return np.asarray((mean * scale).round().clip(-32768, 32767), np.int16)


def sound_files(path: Path) -> list[Path]:
    """The file itself, or the sound files of a folder and its folders, by name."""
    if not path.is_dir():
        return [path]
    import soundfile  # noqa: PLC0415  as above

    kinds = {f".{name.lower()}" for name in soundfile.available_formats()} | {".oga", ".opus", ".aif", ".aifc"}
    kinds -= {".raw"}
    found = sorted(file for file in path.rglob("*") if file.suffix.lower() in kinds and file.is_file())
    if not found:
        raise SoundError(f"no sound files in {str(path)!r}: name another folder, or files")
    return found


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
                return 0 if length >= _UNKNOWN_LENGTH else max(0, at - size)
            file.seek(length + length % 2, os.SEEK_CUR)
            at += length % 2
    return 0
