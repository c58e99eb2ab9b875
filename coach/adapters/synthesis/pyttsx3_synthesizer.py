"""Renders text with any driver of pyttsx3, one line at a time. The driver's player is never used.

Law: drivers run on the caller's thread, under one lock, so no render uses the voice or the pace of another.
"""

from __future__ import annotations

import io
import threading
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.audio.loudness import levelled, trim
from coach.audio.onset import audible_onset
from coach.audio.resampling import Resampler
from coach.commands import Manner
from coach.ports import Clip, Pcm, SoundError, VoiceError


@dataclass(frozen=True, slots=True)
class Delivery:
    """How lines of one `Manner` are spoken."""

    pace: int
    """Words a minute."""
    loudness: float
    """Loudness in LUFS."""
    longest: float = float("inf")
    """Longest line in seconds. A line that takes longer is spoken faster, up to `top_pace`."""
    top_pace: int = 0
    """Fastest pace in words a minute."""


@dataclass(frozen=True, slots=True)
class DriverVoice:
    """A driver of pyttsx3, and one of its voices."""

    driver: str
    """pyttsx3's name of the driver."""
    voice_id: str
    """The driver's id of the voice."""
    rate: int
    """Samples a second that the driver writes with this voice."""
    engine_name: str
    """Name of the engine below the driver, for people."""
    prepare: Callable[[], None]
    """Called once, before pyttsx3 loads the driver."""
    identity: str
    """Identifies the voice and everything below the driver that changes the sound."""
    start_remedy: str
    """What to do when the engine cannot start."""
    speak_remedy: str
    """What to do when the engine cannot speak."""
    end_pause: float = 0.0
    """Seconds of silence with which every whole render ends."""
    file_suffix: str = ""
    """Suffix of the file, if the driver needs a path; empty: the driver takes an open file, and writes WAV."""


_PROCESSING_VERSION = 5
"""Raise this number when trimming, loudness or pacing change, so that kept clips are rendered again."""
_TRIES = 3
"""A line is rendered at most this often, until a render is whole."""
_SILENT = 64
"""Largest sample value that counts as silence."""
_SHORTEST_LETTER_S = 0.015
"""Least seconds for a letter or digit, at 170 words a minute; sentences take 0.06."""
DRIVER_LOCK = threading.RLock()
"""Held while a driver is used. Drivers keep state for the whole process."""


class Pyttsx3Synthesizer:
    """Text to samples by a driver of pyttsx3. The engine starts with the first render."""

    def __init__(self, voice: DriverVoice, deliveries: Mapping[Manner, Delivery], rate: int | None = None) -> None:
        """`rate`: samples a second of the clips; None: the driver's rate."""
        self.rate = rate or voice.rate
        self._voice = voice
        self._deliveries = deliveries

    def fingerprint(self, manner: Manner) -> str:
        """Everything that a clip depends on, except the text; does not start the engine."""
        return f"{self._voice.identity} {self.rate} {self._deliveries[manner]} {_PROCESSING_VERSION}"

    def render(self, text: str, manner: Manner) -> Clip:
        """The whole line, trimmed and levelled; raises `VoiceError`."""
        if not any(map(str.isalnum, text)):
            raise ValueError(f"nothing to say in {text!r}")
        delivery = self._deliveries[manner]
        pace = delivery.pace
        pcm = self._render_whole(text, pace)
        while len(pcm) / self.rate > delivery.longest and pace < delivery.top_pace:
            pace = min(delivery.top_pace, max(pace + 5, round(pace * len(pcm) / self.rate / delivery.longest)))
            pcm = self._render_whole(text, pace)
        pcm = levelled(pcm, self.rate, delivery.loudness)
        return Clip(pcm, self.rate, audible_onset(pcm, self.rate))

    def _render_whole(self, text: str, pace: int) -> Pcm:
        """The trimmed line, from a render that was not cut short."""
        voice = self._voice
        for _ in range(_TRIES):
            with DRIVER_LOCK:
                raw = _engine(voice).speak(text, voice, pace)
            if self.rate != voice.rate:
                raw = Resampler(voice.rate, self.rate).whole(raw)
            pcm = trim(raw, self.rate)
            if self._ends_in_silence(raw) and len(pcm) >= self._least_samples(text, pace):
                return pcm
        raise VoiceError(
            f"{voice.driver} gave {len(pcm) / self.rate:.2f} s for {text!r} in {_TRIES} tries; {voice.speak_remedy}"
        )

    def _ends_in_silence(self, raw: Pcm) -> bool:
        """Whether the render ends with the pause that the driver adds: otherwise it was cut short."""
        tail = raw[raw.size - round(self._voice.end_pause * self.rate) :]
        return bool(raw.size) and not np.any(np.abs(tail.astype(np.int32)) > _SILENT)

    def _least_samples(self, text: str, pace: int) -> float:
        """Number of samples below which a render cannot be whole."""
        return sum(map(str.isalnum, text)) * _SHORTEST_LETTER_S * self.rate * 170 / pace


class _DriverError(Exception):
    """An error that a driver reported."""


class _Pyttsx3Engine:
    """The one pyttsx3 engine of a driver in this process."""

    def __init__(self, driver: str) -> None:
        import pyttsx3  # noqa: PLC0415  (not needed to play a kept clip)

        self._errors: list[Exception] = []
        self._engine = pyttsx3.init(driver)
        self._engine.connect("error", lambda name, exception: self._errors.append(exception))  # noqa: ARG005

    def speak(self, text: str, voice: DriverVoice, pace: int) -> Pcm:
        """One render as the driver gives it; VoiceError with the remedy."""
        file = io.BytesIO()  # drivers pass it to wave.open, so nothing is written to disk
        try:
            if voice.file_suffix:
                with TemporaryDirectory() as folder:
                    path = Path(folder) / f"line.{voice.file_suffix}"
                    self._save(text, voice.voice_id, pace, str(path))
                    # Resampled if the driver wrote another rate.
                    return read_speech(path, voice.rate, strict=False)
            self._save(text, voice.voice_id, pace, file)
        except (_DriverError, SoundError) as error:
            reason = " ".join(str(error).split())
            raise VoiceError(
                f"{voice.engine_name} cannot speak as {voice.voice_id!r} ({reason}); {voice.speak_remedy}"
            ) from error
        file.seek(0)
        with wave.open(file) as sound:
            rate, samples = sound.getframerate(), sound.readframes(sound.getnframes())
        if rate != voice.rate:
            raise VoiceError(f"{voice.engine_name} spoke at {rate} Hz instead of {voice.rate}; {voice.speak_remedy}")
        return np.frombuffer(samples, "<i2").astype(np.int16)

    def _save(self, text: str, voice_id: str, pace: int, file: str | io.BytesIO) -> None:
        self._errors.clear()
        self._engine.setProperty("voice", voice_id)
        self._engine.setProperty("rate", pace)
        self._engine.save_to_file(text, file)
        self._engine.runAndWait()
        if self._errors:
            raise _DriverError(str(self._errors[0])) from self._errors[0]


_ENGINES: dict[str, _Pyttsx3Engine] = {}
"""pyttsx3 engines by driver; read and written only with `DRIVER_LOCK` held."""


def _engine(voice: DriverVoice) -> _Pyttsx3Engine:
    """The driver's engine, started once; a failed start may be tried again."""
    if voice.driver not in _ENGINES:
        try:
            voice.prepare()
            _ENGINES[voice.driver] = _Pyttsx3Engine(voice.driver)
        except (ImportError, RuntimeError, ValueError, OSError) as error:
            # pyttsx3 raises these for a library that is missing, or that cannot find its data.
            reason = " ".join(str(error).split())
            raise VoiceError(f"no usable {voice.engine_name} ({reason}): {voice.start_remedy}") from error
    return _ENGINES[voice.driver]


def start_engine(voice: DriverVoice) -> None:
    """Start the engine; VoiceError with the remedy when it cannot start."""
    with DRIVER_LOCK:
        _engine(voice)
