"""Moonshine tiny, an English speech recogniser that writes: its encoder and its decoder, run by onnxruntime.

Law: one thread, and no search. The encoder turns sound into an `EncodedSound`. The decoder turns the tokens so far into
the likelihood of the next token. The model: https://github.com/moonshine-ai/moonshine (MIT), three files that `coach
models fetch` brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.language.pieces import BEGIN, Pieces
from coach.ports import HearingError, Pcm

RATE = 16_000
"""Samples a second."""
ENCODER, DECODER, PIECES = "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"
"""The files of the model's folder."""
_HEADS, _WIDTH = 8, 36
_FULL = 32768.0

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncodedSound:
    """The encoder's result for a piece of sound; the decoder reads it for every token."""

    hidden: Floats
    """The encoder's output, shape (1, frames, 288)."""
    seconds: float
    keys: list[Floats]
    """Keys and values by layer, which the decoder computes from `hidden` with the first token. They have one row:
    the networks repeat it for every text. The result is the same to the bit as with one row for each text, in three
    quarters of the time."""


@dataclass(slots=True)
class DecoderState:
    """Texts of equal length that are being written side by side."""

    logs: Floats
    """Log-likelihood of every token as the next one, shape (rows, tokens)."""
    past: list[Floats]
    """The decoder's state after the tokens so far, by layer, one row for each text."""


class MoonshineModel:
    """The encoder, the decoder and the word pieces."""

    def __init__(self, folder: Path) -> None:
        """Load the networks, 0.3 s; HearingError with the remedy where a file or the library is missing or broken."""
        library = _library()
        options = library.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self.pieces = Pieces((folder / PIECES).read_bytes())
            self._encoder = library.InferenceSession(str(folder / ENCODER), options, providers=["CPUExecutionProvider"])
            self._decoder = library.InferenceSession(str(folder / DECODER), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise HearingError(
                f"the Moonshine model in {str(folder)!r} cannot be used: run: coach models fetch"
            ) from error
        self.fingerprint = f"{library.__version__}-{(folder / DECODER).stat().st_size}"
        """Identifies what likelihoods depend on, besides sound and text."""
        names = [one.name for one in self._decoder.get_outputs()]
        self._kept = [name for name in names if ".decoder." in name]
        self._seen = [name for name in names if ".encoder." in name]

    def listen(self, pcm: Pcm) -> tuple[EncodedSound, DecoderState]:
        """Hear samples at `RATE`, at least 0.1 s. The one row of the result says which tokens may come first."""
        sound = (pcm.astype(np.float32) / _FULL)[None]
        mask = np.ones(sound.shape, np.int64)
        hidden = self._encoder.run(None, {"input_values": sound, "attention_mask": mask})[0]
        feed = self._begin(hidden, ())
        logits, *states = self._decoder.run(["logits", *self._kept, *self._seen], feed)
        past, keys = states[: len(self._kept)], states[len(self._kept) :]
        return EncodedSound(hidden, len(pcm) / RATE, keys), DecoderState(_log_softmax(logits[:, -1]), past)

    def follow(self, heard: EncodedSound, tokens: Sequence[int]) -> Floats:
        """Log-likelihood of every token behind each beginning of a text, the empty beginning first; one run for all."""
        logits = self._decoder.run(["logits"], self._begin(heard.hidden, tokens))[0]
        return _log_softmax(logits[0])

    def write(self, heard: EncodedSound, before: DecoderState, rows: list[int], tokens: list[int]) -> DecoderState:
        """Continue the given rows of `before`, each with one more token."""
        feed = self._feed(heard.hidden, np.array(tokens, np.int64)[:, None], first=False)
        feed |= {_past(name): one[rows] for name, one in zip(self._kept, before.past, strict=True)}
        feed |= {_past(name): one for name, one in zip(self._seen, heard.keys, strict=True)}
        logits, *past = self._decoder.run(["logits", *self._kept], feed)
        return DecoderState(_log_softmax(logits[:, -1]), past)

    def _begin(self, hidden: Floats, tokens: Sequence[int]) -> dict[str, Any]:
        feed = self._feed(hidden, np.array([[BEGIN, *tokens]], np.int64), first=True)
        empty = np.zeros((1, _HEADS, 0, _WIDTH), np.float32)
        nothing = np.zeros((1, _HEADS, hidden.shape[1], _WIDTH), np.float32)
        return feed | {_past(name): empty for name in self._kept} | {_past(name): nothing for name in self._seen}

    @staticmethod
    def _feed(hidden: Floats, tokens: npt.NDArray[np.int64], *, first: bool) -> dict[str, Any]:
        return {
            "input_ids": tokens,
            "encoder_hidden_states": hidden,
            # The decoder would shorten a mask as long as the sound by the wrong factor, and fail from 9 s on.
            "encoder_attention_mask": np.ones((len(tokens), 1), np.int64),
            "use_cache_branch": np.array([not first]),
        }


def _past(name: str) -> str:
    return name.replace("present", "past_key_values")


def _log_softmax(logits: Floats) -> Floats:
    logits -= logits.max(-1, keepdims=True)
    logits -= np.log(np.exp(logits).sum(-1, keepdims=True))
    return logits


def _library() -> ModuleType:
    try:
        import onnxruntime  # noqa: PLC0415  some machines have no wheel: said when it is wanted, not on import
    except ImportError as error:
        raise HearingError(f"the onnxruntime package is not usable ({error}): pip install onnxruntime") from error
    module: ModuleType = onnxruntime
    return module
