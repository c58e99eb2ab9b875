"""Sound files: speech is read as mono samples at the wanted rate; WAV files are written, mono or stereo.

Law: whatever a file holds and whatever its header says, reading it gives samples or one SoundError, in bounded memory.
"""

from __future__ import annotations

import ctypes
import io
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import numpy.typing as npt

from coach.adapters.files.output import write_file
from coach.adapters.files.wav_header import length_finding
from coach.audio.resampling import Resampler
from coach.ports import Pcm, SoundError

if TYPE_CHECKING:
    from soundfile import SoundFile

LOWEST_SPEECH_RATE = 8000
"""Lowest samples a second of speech, as telephones use; below it half of speech is missing."""
RATE_RANGE = (4000, 768_000)
"""Lowest and highest samples a second of any sound: of the oldest sound cards and the fastest converters. A header with
another value is damaged."""
LONGEST_S = 4 * 3600
"""Longest recording in seconds; at 16 kHz it takes 460 MB of memory."""
_MAX_PIPE_BYTES = 1 << 30
"""Most bytes that are read from an input without a length, such as a pipe: 90 minutes at 48 kHz in stereo."""
_NO_LENGTH = 1 << 60
"""From this value on, the number of samples in a header means "unknown"."""
_DECODED_VALUES = 1 << 18
"""Number of values that are decoded at once, all channels together."""


def read_speech(path: Path, rate: int, *, strict: bool = True) -> Pcm:
    """The whole recording, mono, at `rate`; SoundError says in one line what is wrong with the file.

    `strict`: refuse stereo, and rates too low for speech. Otherwise channels are mixed, and lower rates accepted.
    """
    import soundfile  # noqa: PLC0415  loads libsndfile (0.1 s): not needed to coach

    try:
        with _open(path) as file, _silenced_output():
            # Opened by its file descriptor, because the name may have bytes that are not text, and soundfile requires a
            # rate for ".raw".
            with soundfile.SoundFile(file.fileno(), closefd=False) as sound:
                _check(path, sound, strict)
                resampler = Resampler(sound.samplerate, rate) if sound.samplerate != rate else None
                mono = _mono_blocks(path, sound)
                blocks = list(mono if resampler is None else map(resampler.resample, mono))
            finding = length_finding(file)
        if finding is not None:
            raise SoundError(f"{str(path)!r} {finding}")
        if not blocks:
            raise SoundError(f"{str(path)!r} is empty: record it again")
        if resampler is not None:
            blocks.append(resampler.flush())
        return np.concatenate(blocks)
    except OSError as error:
        raise SoundError(f"cannot read {str(path)!r} ({error.strerror or error}): check the name") from error
    # LibsndfileError is a SoundFileError. numpy, soxr and soundfile itself raise the other exceptions of this list for
    # a header that makes no sense.
    except (soundfile.SoundFileError, ValueError, TypeError, ArithmeticError, RuntimeError, MemoryError) as error:
        text = error.error_string.rstrip(".") if isinstance(error, soundfile.LibsndfileError) else str(error)
        reason = " ".join(text.split()) or "no memory"
        raise SoundError(f"cannot read {str(path)!r} as sound ({reason}): give a WAV or FLAC file") from error


@contextmanager
def _silenced_output() -> Iterator[None]:
    """Hide what decoders print about a damaged file, on both streams; the coach reports the damage itself."""
    with ExitStack() as stack:
        for stream in (1, 2):
            try:
                original = os.dup(stream)
            except OSError:
                # This stream is closed.
                continue
            stack.callback(os.close, original)
            stack.callback(os.dup2, original, stream)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream)
            os.close(nowhere)
        # Registered last, so it is called first: C keeps what is printed in a buffer.
        stack.callback(ctypes.CDLL(None).fflush, None)
        yield


def _open(path: Path) -> BinaryIO:
    """The file, or the content of a pipe in a temporary file; OSError."""
    if path.is_dir():
        raise SoundError(f"{str(path)!r} is a folder: name a sound file")
    if not path.exists():
        raise SoundError(f"no sound file {str(path)!r}: check the name")
    file = path.open("rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    with file:
        copy = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
        size = 0
        while block := file.read(1 << 20):
            size += copy.write(block)
            if size > _MAX_PIPE_BYTES:
                copy.close()
                raise SoundError(f"{str(path)!r} does not end: give a file, or a pipe that ends")
    copy.seek(0)
    return copy


def _check(path: Path, sound: SoundFile, strict: bool) -> None:
    """Raise SoundError if the header alone shows that this recording cannot be used."""
    name, rate = repr(str(path)), sound.samplerate
    if strict and sound.channels != 1:
        raise SoundError(f"{name} has {sound.channels} channels: give one (sox {path.name} -c 1 mono.wav)")
    if not RATE_RANGE[0] <= rate <= RATE_RANGE[1]:
        remedy = f"give one with {LOWEST_SPEECH_RATE} or more" if rate < RATE_RANGE[0] else "record it again"
        raise SoundError(f"{name} has {rate} samples a second, or a damaged header: {remedy}")
    if strict and rate < LOWEST_SPEECH_RATE:
        raise SoundError(f"{name} has {rate} samples a second: record speech with {LOWEST_SPEECH_RATE} or more")
    # Some encodings give no length before they are decoded; `_mono_blocks` counts.
    if LONGEST_S * rate < sound.frames < _NO_LENGTH:
        raise _too_long(path)
    if not sound.seekable():
        remedy = f"convert it (sox {path.name} -e signed -b 16 plain.wav)"
        raise SoundError(f"{name} is {sound.subtype_info}, of which nobody can tell whether it is whole: {remedy}")


def _mono_blocks(path: Path, sound: SoundFile) -> Iterator[Pcm]:
    """The sound in blocks; SoundError when it is too long, or shorter than its header says."""
    # soundfile does not scale floats to integers, so they would become silence.
    dtype = "float32" if sound.subtype in ("FLOAT", "DOUBLE") else "int16"
    block_frames = max(1, _DECODED_VALUES // sound.channels)
    total, taken = sound.frames, 0
    while len(samples := sound.read(block_frames, dtype=dtype, always_2d=True)):
        taken += len(samples)
        if taken > LONGEST_S * sound.samplerate:
            raise _too_long(path)
        yield _mono(samples)
    if taken < total < _NO_LENGTH:
        raise SoundError(
            f"{str(path)!r} is cut short (its header promises {total - taken} samples more): copy it again"
        )


def _too_long(path: Path) -> SoundError:
    return SoundError(f"{str(path)!r} is longer than {LONGEST_S // 3600} hours: cut it into pieces")


def _mono(samples: npt.NDArray[np.int16] | npt.NDArray[np.float32]) -> Pcm:
    """The mean of the channels, shape (n, channels), as 16-bit samples."""
    if samples.dtype == np.int16:
        if samples.shape[1] == 1:
            return np.array(samples[:, 0], np.int16)
        return np.asarray(samples.mean(axis=1).round(), np.int16)
    # NaN becomes silence, infinity full scale. "invalid" is ignored because of signalling NaNs.
    with np.errstate(invalid="ignore"):
        finite = np.nan_to_num(samples.astype(np.float64), nan=0.0, posinf=1.0, neginf=-1.0)
    return np.asarray((finite.mean(axis=1).clip(-1.0, 1.0) * 32767.0).round(), np.int16)


def sound_files(path: Path) -> list[Path]:
    """The file itself, or the sound files in a folder and its subfolders, by name."""
    if not path.is_dir():
        return [path]
    import soundfile  # noqa: PLC0415  as above

    suffixes = {f".{name.lower()}" for name in soundfile.available_formats()} | {".oga", ".opus", ".aif", ".aifc"}
    suffixes -= {".raw"}
    # A link to a missing file is included, so that it is reported when it is read.
    found = sorted(
        file for file in path.rglob("*") if file.suffix.lower() in suffixes and (file.is_file() or file.is_symlink())
    )
    if not found:
        raise SoundError(f"no sound files in {str(path)!r}: name another folder, or files")
    return found


def write_wav(path: Path, pcm: Pcm, rate: int) -> None:
    """Write samples of shape (n,), or (n, 2) for stereo, as a 16-bit WAV; see `write_file`."""
    import soundfile  # noqa: PLC0415  as above

    wav = io.BytesIO()
    soundfile.write(wav, pcm, rate, format="WAV", subtype="PCM_16")
    write_file(path, wav.getbuffer())
