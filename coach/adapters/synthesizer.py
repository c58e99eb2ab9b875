"""The voice that renders: pyttsx3's espeak driver, one line at a time, never its player.

Law: espeak runs on the caller's thread, under one lock: no render sees the pace of another. Two renders of a
line still differ by milliseconds, as espeak's pitch flutter runs on; `clip_store` keeps the first.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import io
import threading
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from coach.audio.loudness import levelled, trim
from coach.audio.onset import audible_onset
from coach.commands import Manner
from coach.ports import Clip, Pcm, VoiceError

RATE = 22050
"""Samples a second; the driver writes no other."""

VOICE = "gmw/en-us"
"""Clearest of espeak's English voices to another recogniser: 63 % word errors on sentences with no grammar to
lean on, the other accents 80 to 92 %, the variants of this one 67 to 82 %."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a manner sounds."""

    pace: int
    """Words a minute."""
    loudness: float
    """LUFS."""
    longest: float = float("inf")
    """Seconds; a line that takes longer is spoken faster, up to `top_pace`."""
    top_pace: int = 0
    """Words a minute."""


# Sentences: word errors stay level up to 170 words a minute and rise from 185 on. Single words are told apart
# as well at 280 as at 190 (within 6 %): only naturalness speaks against speed, so a count or cue is hurried
# no more than it must be to fit into half a second.
DELIVERIES: Mapping[Manner, Delivery] = {
    Manner.SENTENCE: Delivery(pace=170, loudness=-20),
    Manner.COUNT: Delivery(pace=190, loudness=-20, longest=0.5, top_pace=265),
    Manner.CUE: Delivery(pace=230, loudness=-22, longest=0.5, top_pace=265),
}

_PROCESSING = 1
"""Raise it when trimming, loudness or pacing change: kept clips are then rendered anew."""

_TRIES = 3
_END_PAUSE = 0.02
"""Seconds of silence every whole render ends with; espeak adds 0.1 s and more at every pace used here."""
_SHORTEST_LETTER = 0.015
"""Seconds a letter or digit takes at least, at 170 words a minute; measured 0.06 on sentences."""

_IPA = 2
"""espeak's number for this notation."""

_LOCK = threading.Lock()
"""espeak is one for the whole process."""


class EspeakSynthesizer:
    """Text to samples with espeak-ng. The engine starts with the first render: 30 ms, then 15 ms a word."""

    def __init__(self, voice: str = VOICE, deliveries: Mapping[Manner, Delivery] = DELIVERIES) -> None:
        self.rate = RATE
        self._voice = voice
        self._deliveries = deliveries

    def set_pace(self, percent: int) -> None:
        """Sentences at this share of their usual speed."""
        usual = DELIVERIES[Manner.SENTENCE].pace
        sentence = replace(self._deliveries[Manner.SENTENCE], pace=round(usual * percent / 100))
        self._deliveries = {**self._deliveries, Manner.SENTENCE: sentence}

    def fingerprint(self, manner: Manner) -> str:
        """Everything but the text that a clip depends on; does not start the engine."""
        return f"{_versions()} {self._voice} {self._deliveries[manner]} {_PROCESSING}"

    def render(self, text: str, manner: Manner) -> Clip:
        """The whole line, trimmed and levelled; raises `VoiceError`."""
        if not any(map(str.isalnum, text)):
            raise ValueError(f"nothing to say in {text!r}")
        delivery = self._deliveries[manner]
        pace = delivery.pace
        pcm = self._whole(text, pace)
        while len(pcm) / RATE > delivery.longest and pace < delivery.top_pace:
            pace = min(delivery.top_pace, max(pace + 5, round(pace * len(pcm) / RATE / delivery.longest)))
            pcm = self._whole(text, pace)
        pcm = levelled(pcm, RATE, delivery.loudness)
        return Clip(pcm, RATE, audible_onset(pcm, RATE))

    def _whole(self, text: str, pace: int) -> Pcm:
        """Trimmed, from a render that was not cut short."""
        for _ in range(_TRIES):
            with _LOCK:
                raw = _engine().speak(text, self._voice, pace)
            pcm = trim(raw, RATE)
            if _ends_in_silence(raw) and len(pcm) >= _least(text, pace):
                return pcm
        raise VoiceError(f"espeak-ng gave {len(pcm) / RATE:.2f} s for {text!r} in {_TRIES} tries; reinstall espeak-ng")


def _ends_in_silence(raw: Pcm) -> bool:
    tail = raw[-round(_END_PAUSE * RATE) :]
    return bool(raw.size) and not np.any(np.abs(tail.astype(np.int32)) > 64)


def _least(text: str, pace: int) -> float:
    """Samples below which a render cannot be whole."""
    return sum(map(str.isalnum, text)) * _SHORTEST_LETTER * RATE * 170 / pace


def ipa(text: str) -> str:
    """How espeak would say it, in IPA, sounds parted by "_"; VoiceError without espeak."""
    with _LOCK:
        return _engine().ipa(text)


class _Engine:
    """The one pyttsx3 engine of the process."""

    def __init__(self) -> None:
        import pyttsx3  # noqa: PLC0415  (its driver must find the library chosen before)

        self._errors: list[Exception] = []
        self._engine = pyttsx3.init("espeak")
        self._engine.connect("error", self._failed)

    def _failed(self, name: str | None, exception: Exception) -> None:  # noqa: ARG002
        self._errors.append(exception)

    def speak(self, text: str, voice: str, pace: int) -> Pcm:
        """One render, as espeak gives it."""
        file = io.BytesIO()  # the driver hands it to wave.open: no disk to fill, nothing to clean up
        self._errors.clear()
        self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", pace)
        self._engine.save_to_file(text, file)
        self._engine.runAndWait()
        if self._errors:
            raise VoiceError(f"espeak-ng cannot speak as {voice!r} ({self._errors[0]}); reinstall espeak-ng")
        file.seek(0)
        with wave.open(file) as sound:
            return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.int16)

    def ipa(self, text: str) -> str:
        from pyttsx3.drivers import _espeak  # noqa: PLC0415  (as above)

        _espeak.SetVoiceByName(VOICE.encode())
        ask = _espeak.dll.espeak_TextToPhonemes
        ask.restype = ctypes.c_char_p
        rest = ctypes.c_char_p(text.encode())
        clauses = []
        while rest.value is not None:
            # UTF-8 text; the separator stands in the bits from the eighth on.
            clauses.append((ask(ctypes.byref(rest), 1, ord("_") << 8 | _IPA) or b"").decode())
        return "_".join(clauses)


@functools.cache
def _engine() -> _Engine:
    """Started once; a failed start may be tried again."""
    try:
        _prepare_driver(*_bundled_library())
        return _Engine()
    except (RuntimeError, ValueError, OSError) as fault:
        # All that pyttsx3 raises for a library it cannot find, or one that cannot find its data.
        reason = " ".join(str(fault).split())
        raise VoiceError(
            f"no usable espeak-ng ({reason}): pip install espeakng-loader, or apt install espeak-ng"
        ) from fault


def _bundled_library() -> tuple[str | None, bytes | None]:
    """The espeakng-loader wheel's library and the folder that holds its data, where it has them."""
    try:
        import espeakng_loader  # noqa: PLC0415  (no wheel for every machine)

        library = espeakng_loader.get_library_path()
        data = Path(espeakng_loader.get_data_path())
        ctypes.CDLL(library)
    except (ImportError, RuntimeError, OSError):
        return None, None
    # espeak-ng ends the process when its data is not where it was told.
    return (library, str(data.parent).encode()) if (data / "phontab").is_file() else (None, None)


def _prepare_driver(library: str | None, data: bytes | None) -> None:
    """Point pyttsx3's espeak driver to the library, and make it synchronous and quiet.

    Left alone the driver renders on espeak's own thread: 8 of 45 renders kept an earlier rate, and 5 of 60
    fresh processes got an empty second file. Synchronously nothing can overtake anything.
    """
    load = ctypes.cdll.LoadLibrary

    def load_bundled(name: str) -> ctypes.CDLL:
        return load(library if library and "espeak" in name else name)

    # The driver asks for fixed names at import. Not by SONAME after a preload: that works on glibc only.
    ctypes.cdll.LoadLibrary = load_bundled  # type: ignore[method-assign]
    try:
        from pyttsx3.drivers import _espeak, espeak  # noqa: PLC0415
    finally:
        ctypes.cdll.LoadLibrary = load  # type: ignore[method-assign]

    # It prints "Audio saved to ..." for every file. A name in its module hides the builtin from it alone;
    # redirecting stdout would swallow what other threads print meanwhile.
    espeak.print = lambda *_: None
    _make_synchronous(_espeak, data)


def _make_synchronous(binding: Any, data: bytes | None) -> None:
    """Bind espeak_Initialize, espeak_SetSynthCallback and espeak_Synth anew."""
    initialize, set_callback, synth = binding.Initialize, binding.SetSynthCallback, binding.Synth
    dont_exit = 0x8000  # espeak-ng: report data that cannot be read instead of ending the process
    # The driver waits for this event; espeak sends it only when it runs on its own thread.
    end = (binding.EVENT * 2)()
    end[0].type, end[1].type = binding.EVENT_MSG_TERMINATED, binding.EVENT_LIST_TERMINATED
    callbacks: list[Callable[[Any, int, Any], int]] = []

    def initialize_synchronous(_output: int, buffer_ms: int) -> int:
        return int(initialize(binding.AUDIO_OUTPUT_SYNCHRONOUS, buffer_ms, data, dont_exit))

    def remember_callback(callback: Callable[[Any, int, Any], int]) -> None:
        callbacks[:] = [callback]
        set_callback(callback)

    def synth_to_end(text: bytes, flags: int) -> int:
        status = int(synth(text, flags=flags))
        for callback in callbacks:
            callback(None, 0, end)
        return status

    binding.Initialize = initialize_synchronous
    binding.SetSynthCallback = remember_callback
    binding.Synth = synth_to_end


@functools.cache
def _versions() -> str:
    """Of the driver and of the bundled library; a system library's is not known before it is loaded."""
    loader = "system"
    with contextlib.suppress(metadata.PackageNotFoundError):
        loader = metadata.version("espeakng-loader")
    return f"pyttsx3 {metadata.version('pyttsx3')} espeak-ng {loader}"
