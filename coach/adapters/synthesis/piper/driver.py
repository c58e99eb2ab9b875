"""Piper as a driver of pyttsx3, which has no driver for it: `register()`, then `pyttsx3.init("piper")`.

Law: the same text, voice and speaking rate give the same samples: no random noise is added, and one thread
renders.

The name of a voice is the path of its model, NAME.onnx; NAME.onnx.json lies beside it. The driver only writes files.
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
"""The driver's name in pyttsx3."""
NATURAL_RATE = 180
"""Words a minute of Piper's voices at length scale 1, measured with the voice joe on the coach's own sentences."""
_LEAD_IN = (".", " ")
"""Phonemes before each sentence. Without the end of a sentence before it, the network slurs the first consonant."""
_ENDS = ":,.?!;"
"""Every sentence ends with one of these marks; with the first one if the text has none. Without a mark the network
leaves out the last sound of "eight". With a full stop a recogniser takes "two" for "five" 18 of 50 times beside an
exercise bike (voice 5 dB above it), with a comma 4 times."""
_PAUSE_S = 0.2
"""Seconds between two sentences. With this pause and `_LEAD_IN`, the word errors of a recogniser that knows no phrases
fall from 11.4 to 9.8 % (196 lines without noise)."""


class Proxy(Protocol):
    """The object that pyttsx3 hands to a driver."""

    def setBusy(self, busy: bool) -> None:  # noqa: N802  (pyttsx3's name)
        """Say whether the driver is busy; pyttsx3 sends the next command when it is not."""

    def notify(self, topic: str, **values: object) -> None:
        """Report an event to pyttsx3."""


def register() -> None:
    """Make pyttsx3 find this module by the driver's name."""
    sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]


def buildDriver(proxy: Proxy) -> PiperDriver:  # noqa: N802  (pyttsx3's name)
    """Make the driver; pyttsx3 calls this function."""
    return PiperDriver(proxy)


class PiperDriver:
    """Renders with Piper. Keeps the last voice loaded: loading takes 0.2 s, the voice 120 MB."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._properties: dict[str, Any] = {"voice": "", "voices": [], "rate": NATURAL_RATE, "volume": 1.0}
        self._loaded: tuple[str, Any] | None = None

    def destroy(self) -> None:
        """Release the voice."""
        self._loaded = None

    def startLoop(self) -> None:  # noqa: N802  (pyttsx3's names, here and below)
        """Run everything in pyttsx3's queue within this call; the last thing in the queue is `endLoop`."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802
        """Do nothing: the loop has ended already."""

    def iterate(self) -> Iterator[None]:
        """Run pyttsx3's queue when the caller has a loop of its own."""
        self._proxy.setBusy(False)
        yield

    def stop(self) -> None:
        """Do nothing: the driver plays nothing."""

    def say(self, text: str) -> None:
        """Not offered: raises NotImplementedError, which pyttsx3 reports as an error."""
        raise NotImplementedError(f"this driver has no player for {text!r}: use save_to_file")

    def save_to_file(self, text: str, filename: str | IO[bytes]) -> None:
        """Write a WAV file of 16 bit, at the voice's own sample rate."""
        self._proxy.setBusy(True)
        try:
            self._proxy.notify("started-utterance")
            self._write_wav(text, filename)
            self._proxy.notify("finished-utterance", completed=True)
        finally:
            self._proxy.setBusy(False)

    def getProperty(self, name: str) -> Any:  # noqa: N802
        """A property as pyttsx3 documents it; KeyError for other names."""
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        """`voice` is the path of a model, `rate` in words a minute, `volume` from 0 to 1."""
        if name not in ("voice", "rate", "volume"):
            raise KeyError(f"unknown property {name}")
        self._properties[name] = value

    def _write_wav(self, text: str, filename: str | IO[bytes]) -> None:
        from piper import SynthesisConfig  # noqa: PLC0415  (the package is loaded only to render)

        voice = self._voice()
        length_scale = voice.config.length_scale * NATURAL_RATE / self._properties["rate"]
        config = SynthesisConfig(
            length_scale=length_scale, noise_scale=0.0, noise_w_scale=0.0, volume=self._properties["volume"]
        )
        with wave.open(filename, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(voice.config.sample_rate)
            for number, phonemes in enumerate(voice.phonemize(text)):
                if number:
                    file.writeframes(bytes(2 * round(_PAUSE_S * voice.config.sample_rate)))
                end = [] if phonemes[-1:] and phonemes[-1] in _ENDS else [_ENDS[0]]
                file.writeframes(_render_sentence(voice, [*_LEAD_IN, *phonemes, *end], config).tobytes())

    def _voice(self) -> Any:
        path = str(self._properties["voice"])
        if self._loaded is None or self._loaded[0] != path:
            self._loaded = None
            self._loaded = path, _load(Path(path))
        return self._loaded[1]


def _render_sentence(voice: Any, phonemes: list[str], config: Any) -> npt.NDArray[np.int16]:
    """One sentence, scaled so that its peak is full scale times the volume."""
    audio = np.asarray(voice.phoneme_ids_to_audio(voice.phonemes_to_ids(phonemes), config), np.float32)
    loudest = float(np.abs(audio).max(initial=0.0)) or 1.0
    samples: npt.NDArray[np.int16] = np.rint(audio * (32767 * config.volume / loudest)).astype(np.int16)
    return samples


def _load(model: Path) -> Any:
    """Load the voice so that it renders on one thread; a voice of `PiperVoice.load` takes every core."""
    import onnxruntime  # noqa: PLC0415
    from piper import PiperConfig, PiperVoice  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Lines differ in length, so memory that an arena keeps for one line fits no other line.
    options.enable_cpu_mem_arena = False
    # Optimising the network takes 0.3 s and gains nothing: the voice joe renders as fast without it.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    config = json.loads(model.with_name(f"{model.name}.json").read_text("utf-8"))
    return PiperVoice(session=session, config=PiperConfig.from_dict(config))


def public_voices_url() -> str:
    """The address below which Piper's public voices lie."""
    from piper.download_voices import VOICES_JSON  # noqa: PLC0415

    return str(VOICES_JSON).partition("voices.json")[0]
