"""Piper as a driver of pyttsx3, which has none of its own: `register()`, then `pyttsx3.init("piper")`.

A voice is named by the path of its model, NAME.onnx, beside which NAME.onnx.json lies. It writes files only.
Law: the same text, voice and rate give the same samples: no chance is added, and the networks run on one thread.
"""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

NAME = "piper"
"""What pyttsx3 is asked for."""
NATURAL_RATE = 180
"""Words a minute of Piper's voices at a length scale of 1: measured on the coach's own sentences, spoken by joe."""
_LEAD_IN = (".", " ")
"""Sounds before each sentence. Without the end of a sentence before it the network slurs the first consonant."""
_ENDS = ":,.?!;"
"""One of them stands behind every sentence, the first where the text has none. Without it the network leaves out the
last sound of "eight"; with a full stop "two" is taken for "five" 18 of 50 times at 5 dB of a bike, with a comma 4."""
_PAUSE_S = 0.2
"""Between two sentences. With both, word errors in silence fall from 11.4 to 9.8 % (196 lines, no phrases given)."""


class Proxy(Protocol):
    """What pyttsx3 hands to a driver."""

    def setBusy(self, busy: bool) -> None:  # noqa: N802  (pyttsx3's name)
        """Say whether it takes the next command."""

    def notify(self, topic: str, **values: object) -> None:
        """Tell of an event."""


def register() -> None:
    """Make pyttsx3 find this module by its name."""
    sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]


def buildDriver(proxy: Proxy) -> PiperDriver:  # noqa: N802  (pyttsx3's name)
    """pyttsx3 calls it."""
    return PiperDriver(proxy)


class PiperDriver:
    """Keeps the last voice loaded: 0.2 s and 120 MB."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._properties: dict[str, Any] = {"voice": "", "voices": [], "rate": NATURAL_RATE, "volume": 1.0}
        self._loaded: tuple[str, Any] | None = None

    def destroy(self) -> None:
        """Let the voice go."""
        self._loaded = None

    def startLoop(self) -> None:  # noqa: N802  (pyttsx3's names, here and below)
        """Everything queued is done within this call, the loop's end included."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802
        """Nothing is left to do."""

    def iterate(self) -> Iterator[None]:
        """For a loop of the caller's."""
        self._proxy.setBusy(False)
        yield

    def stop(self) -> None:
        """Nothing sounds."""

    def say(self, text: str) -> None:
        """Not offered: pyttsx3 notifies it as an error."""
        raise NotImplementedError(f"this driver has no player for {text!r}: use save_to_file")

    def save_to_file(self, text: str, filename: str | IO[bytes]) -> None:
        """A WAV file of 16 bit, at the voice's own rate."""
        self._proxy.setBusy(True)
        try:
            self._proxy.notify("started-utterance")
            self._write(text, filename)
            self._proxy.notify("finished-utterance", completed=True)
        finally:
            self._proxy.setBusy(False)

    def getProperty(self, name: str) -> Any:  # noqa: N802
        """As pyttsx3 documents them; KeyError for others."""
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        """`voice` is the path of a model, `rate` in words a minute, `volume` from 0 to 1."""
        if name not in ("voice", "rate", "volume"):
            raise KeyError(f"unknown property {name}")
        self._properties[name] = value

    def _write(self, text: str, filename: str | IO[bytes]) -> None:
        from piper import SynthesisConfig  # noqa: PLC0415  (asking for a voice's name must not load it)

        voice = self._voice()
        slowness = voice.config.length_scale * NATURAL_RATE / self._properties["rate"]
        how = SynthesisConfig(
            length_scale=slowness, noise_scale=0.0, noise_w_scale=0.0, volume=self._properties["volume"]
        )
        with wave.open(filename, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(voice.config.sample_rate)
            for number, sounds in enumerate(voice.phonemize(text)):
                if number:
                    file.writeframes(bytes(2 * round(_PAUSE_S * voice.config.sample_rate)))
                end = [] if sounds[-1:] and sounds[-1] in _ENDS else [_ENDS[0]]
                file.writeframes(_samples(voice, [*_LEAD_IN, *sounds, *end], how).tobytes())

    def _voice(self) -> Any:
        path = str(self._properties["voice"])
        if self._loaded is None or self._loaded[0] != path:
            self._loaded = None
            self._loaded = path, _load(Path(path))
        return self._loaded[1]


def _samples(voice: Any, sounds: list[str], how: Any) -> npt.NDArray[np.int16]:
    """One sentence, as loud as can be, at the volume."""
    made = np.asarray(voice.phoneme_ids_to_audio(voice.phonemes_to_ids(sounds), how), np.float32)
    loudest = float(np.abs(made).max(initial=0.0)) or 1.0
    samples: npt.NDArray[np.int16] = np.rint(made * (32767 * how.volume / loudest)).astype(np.int16)
    return samples


def _load(model: Path) -> Any:
    """The voice, on one thread; `PiperVoice.load` takes every core."""
    import onnxruntime  # noqa: PLC0415
    from piper import PiperConfig, PiperVoice  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Lines differ in length: what an arena would keep for one fits no other.
    options.enable_cpu_mem_arena = False
    # Improving the network takes 0.3 s and gains nothing: joe speaks as fast without.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    config = json.loads(model.with_name(f"{model.name}.json").read_text("utf-8"))
    return PiperVoice(session=session, config=PiperConfig.from_dict(config))


def public_voices() -> str:
    """The address below which Piper's public voices lie."""
    from piper.download_voices import VOICES_JSON  # noqa: PLC0415

    return str(VOICES_JSON).partition("voices.json")[0]
