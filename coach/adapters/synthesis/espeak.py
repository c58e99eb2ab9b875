"""espeak-ng as a voice: pyttsx3's own espeak driver, made synchronous and pointed to the bundled library.

Two renders of a line differ by milliseconds, because espeak's pitch flutter never restarts; `clip_store` keeps the
first render.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from coach.adapters.synthesis.pyttsx3_synthesizer import (
    DRIVER_LOCK,
    Delivery,
    DriverVoice,
    Pyttsx3Synthesizer,
    start_engine,
)
from coach.commands import Manner

RATE = 22050
"""Samples a second; the driver writes no other rate."""

VOICE = "gmw/en-us"
"""The English voice of espeak that a recogniser understands best: it has 63 % word errors on sentences without a
grammar. The other accents have 80 to 92 %, the variants of this voice 67 to 82 %."""

# Sentences: word errors stay level up to 170 words a minute and rise from 185 on. Single words are recognised as well
# at 280 as at 190 (within 6 %), but they sound less natural. So a count or cue is spoken only as fast as needed to fit
# into half a second.
DELIVERIES: Mapping[Manner, Delivery] = {
    Manner.SENTENCE: Delivery(pace=170, loudness=-20),
    Manner.COUNT: Delivery(pace=190, loudness=-20, longest=0.5, top_pace=265),
    Manner.CUE: Delivery(pace=230, loudness=-22, longest=0.5, top_pace=265),
}

_END_PAUSE_S = 0.02
"""A render that ends with less silence was cut short: espeak adds 0.1 s and more at every pace used here."""
_IPA = 2
"""espeak's number for the IPA notation."""


class EspeakSynthesizer(Pyttsx3Synthesizer):
    """Text to samples with espeak-ng. The engine starts with the first render: 30 ms, then 15 ms a word."""

    def __init__(self, voice: str = VOICE, rate: int = RATE) -> None:
        """`rate`: samples a second of the clips."""
        super().__init__(_driver_voice(voice), DELIVERIES, rate)


def _driver_voice(voice: str) -> DriverVoice:
    return DriverVoice(
        driver="espeak",
        voice_id=voice,
        rate=RATE,
        engine_name="espeak-ng",
        prepare=_prepare_driver,
        identity=f"pyttsx3 {metadata.version('pyttsx3')} espeak-ng {_version()} {voice}",
        start_remedy="pip install espeakng-loader, or apt install espeak-ng",
        speak_remedy="reinstall espeak-ng",
        end_pause=_END_PAUSE_S,
    )


def ipa(text: str) -> str:
    """How espeak pronounces the text, in IPA, with "_" between sounds; VoiceError without espeak."""
    with DRIVER_LOCK:
        start_engine(_driver_voice(VOICE))
        from pyttsx3.drivers import _espeak  # noqa: PLC0415  (the library must be chosen before)

        _espeak.SetVoiceByName(VOICE.encode())
        ask = _espeak.dll.espeak_TextToPhonemes
        ask.restype = ctypes.c_char_p
        rest = ctypes.c_char_p(text.encode())
        clauses = []
        while rest.value is not None:
            # 1: the text is UTF-8. The bits from the eighth on hold the separator.
            clauses.append((ask(ctypes.byref(rest), 1, ord("_") << 8 | _IPA) or b"").decode())
        return "_".join(clauses)


def _bundled_library() -> tuple[str | None, bytes | None]:
    """The espeakng-loader wheel's library and the folder that holds its data; None, None if either is missing."""
    try:
        import espeakng_loader  # noqa: PLC0415  (no wheel for every machine)

        library = espeakng_loader.get_library_path()
        data = Path(espeakng_loader.get_data_path())
        ctypes.CDLL(library)
    except (ImportError, RuntimeError, OSError):
        return None, None
    # espeak-ng ends the process if its data is not in the given folder.
    return (library, str(data.parent).encode()) if (data / "phontab").is_file() else (None, None)


def _prepare_driver() -> None:
    """Point pyttsx3's espeak driver to the library, and make it synchronous and quiet.

    By default the driver renders on espeak's own thread: 8 of 45 renders kept an earlier rate, and 5 of 60 fresh
    processes got an empty second file. Synchronous calls are carried out in order.
    """
    library, data = _bundled_library()
    load = ctypes.cdll.LoadLibrary

    def load_bundled(name: str) -> ctypes.CDLL:
        return load(library if library and "espeak" in name else name)

    # The driver loads fixed names at import. Loading the library before, by its SONAME, works on glibc only.
    ctypes.cdll.LoadLibrary = load_bundled  # type: ignore[method-assign]
    try:
        from pyttsx3.drivers import _espeak, espeak  # noqa: PLC0415
    finally:
        ctypes.cdll.LoadLibrary = load  # type: ignore[method-assign]

    # The driver prints "Audio saved to ..." for every file. A name in its module hides the builtin from the driver
    # alone; redirecting stdout would also lose what other threads print.
    espeak.print = lambda *_: None
    _make_synchronous(_espeak, data)


def _make_synchronous(binding: Any, data: bytes | None) -> None:
    """Wrap espeak_Initialize, espeak_SetSynthCallback and espeak_Synth in the driver's binding."""
    initialize, set_callback, synth = binding.Initialize, binding.SetSynthCallback, binding.Synth
    dont_exit = 0x8000  # espeak-ng: report data that cannot be read instead of ending the process
    # The driver waits for this event, which espeak sends only if it runs on its own thread.
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


def _version() -> str:
    """Version of the bundled library; "system" without it: that library's version is not known before it is loaded."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version("espeakng-loader")
    return "system"
