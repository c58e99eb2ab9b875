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

from coach.language.pieces import BEGIN_TOKEN, Pieces
from coach.ports import HearingError, Pcm

RATE = 16_000
"""Samples a second."""
ENCODER, DECODER, PIECES = "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"
"""The files of the model's folder."""
_HEADS, _HEAD_WIDTH = 8, 36
"""Attention heads of each layer of the decoder, and values in a head."""
_FULL_SCALE = 32768.0
"""The encoder takes samples from -1 to 1."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncodedSound:
    """The encoder's result for a piece of sound, which the decoder reads for every token."""

    hidden: Floats
    """The encoder's output, shape (1, frames, 288)."""
    seconds: float
    sound_states: list[Floats]
    """Keys and values by layer, which the decoder computes from `hidden` with the first token. They have one row, which
    the decoder repeats for every text. Compared with one row for each text, the result is the same to the bit, in three
    quarters of the time."""


@dataclass(slots=True)
class DecoderState:
    """State of the decoder after texts of equal length, which are written side by side: one row for each text."""

    logs: Floats
    """Log-likelihood of every token as the next one, shape (rows, tokens)."""
    text_states: list[Floats]
    """Keys and values of the tokens so far, by layer, one row for each text."""


class MoonshineModel:
    """The encoder, the decoder and the word pieces."""

    def __init__(self, folder: Path) -> None:
        """Load the networks, 0.3 s; HearingError with the remedy if a file or the library is missing or broken."""
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
        """Identifies everything that a likelihood depends on, except sound and text."""
        names = [output.name for output in self._decoder.get_outputs()]
        self._text_state_names = [name for name in names if ".decoder." in name]
        self._sound_state_names = [name for name in names if ".encoder." in name]

    def listen(self, pcm: Pcm) -> tuple[EncodedSound, DecoderState]:
        """Encode samples at `RATE`, at least 0.1 s. The one row of the state says how likely each first token is."""
        sound = (pcm.astype(np.float32) / _FULL_SCALE)[None]
        mask = np.ones(sound.shape, np.int64)
        hidden = self._encoder.run(None, {"input_values": sound, "attention_mask": mask})[0]
        inputs = self._first_inputs(hidden, ())
        logits, *states = self._decoder.run(["logits", *self._text_state_names, *self._sound_state_names], inputs)
        text_states = states[: len(self._text_state_names)]
        sound_states = states[len(self._text_state_names) :]
        encoded = EncodedSound(hidden, len(pcm) / RATE, sound_states)
        return encoded, DecoderState(_log_softmax(logits[:, -1]), text_states)

    def score(self, encoded: EncodedSound, tokens: Sequence[int]) -> Floats:
        """Log-likelihood of every token behind each beginning of a text, in one run. The first row is for the empty
        beginning.
        """
        logits = self._decoder.run(["logits"], self._first_inputs(encoded.hidden, tokens))[0]
        return _log_softmax(logits[0])

    def write(self, encoded: EncodedSound, before: DecoderState, rows: list[int], tokens: list[int]) -> DecoderState:
        """Continue the given rows of `before`, each with one more token."""
        states = [*(state[rows] for state in before.text_states), *encoded.sound_states]
        inputs = self._inputs(encoded.hidden, np.array(tokens, np.int64)[:, None], states, first=False)
        logits, *text_states = self._decoder.run(["logits", *self._text_state_names], inputs)
        return DecoderState(_log_softmax(logits[:, -1]), text_states)

    def _first_inputs(self, hidden: Floats, tokens: Sequence[int]) -> dict[str, Any]:
        """The decoder's inputs for a text from its beginning, without states of an earlier run."""
        no_text = np.zeros((1, _HEADS, 0, _HEAD_WIDTH), np.float32)
        no_sound = np.zeros((1, _HEADS, hidden.shape[1], _HEAD_WIDTH), np.float32)
        states = [*(no_text for _ in self._text_state_names), *(no_sound for _ in self._sound_state_names)]
        return self._inputs(hidden, np.array([[BEGIN_TOKEN, *tokens]], np.int64), states, first=True)

    def _inputs(
        self, hidden: Floats, tokens: npt.NDArray[np.int64], states: Sequence[Floats], *, first: bool
    ) -> dict[str, Any]:
        # The decoder's outputs "present..." are its inputs "past_key_values..." in the next run.
        outputs = (*self._text_state_names, *self._sound_state_names)
        names = [name.replace("present", "past_key_values") for name in outputs]
        return {
            "input_ids": tokens,
            "encoder_hidden_states": hidden,
            # The decoder shortens a mask of the sound's length by the wrong factor, and then fails from 9 s on.
            "encoder_attention_mask": np.ones((len(tokens), 1), np.int64),
            "use_cache_branch": np.array([not first]),
            **dict(zip(names, states, strict=True)),
        }


def _log_softmax(logits: Floats) -> Floats:
    logits -= logits.max(-1, keepdims=True)
    logits -= np.log(np.exp(logits).sum(-1, keepdims=True))
    return logits


def _library() -> ModuleType:
    try:
        import onnxruntime  # noqa: PLC0415  some machines have no wheel: reported only when it is needed
    except ImportError as error:
        raise HearingError(f"the onnxruntime package is not usable ({error}): pip install onnxruntime") from error
    module: ModuleType = onnxruntime
    return module
