"""The neutral ear: Moonshine tiny, which writes what it hears. It does not know which phrases to expect.

Law: the coach's additions to Moonshine (its graph of phrases, its prior, its rule for belief) are not used here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from coach.adapters.recognition.moonshine.model import DECODER, ENCODER, PIECES, RATE
from coach.language.pieces import BEGIN_TOKEN, END_TOKEN, Pieces

Floats = npt.NDArray[np.float32]
_HEADS, _WIDTH = 8, 36
_TOKENS_A_SECOND = 7
"""Most tokens per second of sound; more tokens mean that the decoder is in a loop."""


class Ear:
    """Hears sounds of one length in a batch: shape (n, samples) at `RATE`, values from -1 to 1."""

    def __init__(self, folder: Path) -> None:
        """`folder`: the folder of the model's three files."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._encoder, self._decoder = (
            onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
            for name in (ENCODER, DECODER)
        )
        self._pieces = Pieces((folder / PIECES).read_bytes())
        names = [one.name.replace("present", "past_key_values") for one in self._decoder.get_outputs()[1:]]
        self._states = names

    def texts(self, sounds: Floats) -> list[str]:
        """Returns the text of each sound; every token is the likeliest one (greedy decoding)."""
        hidden = self._encode(sounds)
        written: list[list[int]] = [[] for _ in sounds]
        over = np.zeros(len(sounds), bool)
        token = np.full(len(sounds), BEGIN_TOKEN)
        states: dict[str, Any] = self._nothing(hidden)
        for step in range(round(sounds.shape[1] / RATE * _TOKENS_A_SECOND) + 6):
            logits, states = self._run(hidden, token[:, None], states, first=not step)
            token = logits[:, -1].argmax(-1)
            over |= token == END_TOKEN
            if over.all():
                break
            for row in np.flatnonzero(~over):
                written[row].append(int(token[row]))
        return [self._pieces.decode(tokens) for tokens in written]

    def likelihoods(self, sound: Floats, choices: Sequence[str]) -> Floats:
        """Returns the log-likelihood of each text as the beginning of what `sound`, of shape (samples,), says."""
        tokens = [self._pieces.encode(choice) for choice in choices]
        longest = max(map(len, tokens))
        table = np.full((len(tokens), longest), END_TOKEN)
        for row, one in enumerate(tokens):
            table[row, : len(one)] = one
        hidden = np.repeat(self._encode(sound[None]), len(tokens), 0)
        given = np.concatenate([np.full((len(tokens), 1), BEGIN_TOKEN), table[:, :-1]], axis=1)
        logits, _ = self._run(hidden, given, self._nothing(hidden), first=True)
        logits -= logits.max(-1, keepdims=True)
        chosen = np.take_along_axis(logits, table[:, :, None], axis=2)[:, :, 0]
        each = chosen - np.log(np.exp(logits).sum(-1))
        counted = np.arange(longest) < np.array([len(one) for one in tokens])[:, None]
        return np.asarray((each * counted).sum(1), np.float32)

    def _encode(self, sounds: Floats) -> Floats:
        mask = np.ones(sounds.shape, np.int64)
        return np.asarray(self._encoder.run(None, {"input_values": sounds, "attention_mask": mask})[0])

    def _nothing(self, hidden: Floats) -> dict[str, Any]:
        made = {}
        for name in self._states:
            frames = hidden.shape[1] if ".encoder." in name else 0
            made[name] = np.zeros((len(hidden), _HEADS, frames, _WIDTH), np.float32)
        return made

    def _run(
        self, hidden: Floats, tokens: npt.NDArray[np.int64], states: dict[str, Any], *, first: bool
    ) -> tuple[Floats, dict[str, Any]]:
        """Returns the next token's logits and the new states; only the first run returns states of the encoder."""
        feed = {
            "input_ids": tokens.astype(np.int64),
            "encoder_hidden_states": hidden,
            # The mask has length 1: the decoder would shorten a mask as long as the sound by a wrong factor.
            "encoder_attention_mask": np.ones((len(hidden), 1), np.int64),
            "use_cache_branch": np.array([not first]),
        }
        logits, *new_states = self._decoder.run(None, feed | states)
        new = dict(zip(self._states, new_states, strict=True))
        return logits, {name: new[name] if first or ".decoder." in name else states[name] for name in new}
