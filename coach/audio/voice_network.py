"""How likely a stretch of sound holds a human voice: Silero's network (v5 and v6) for 16 kHz, in numpy.

Law: an answer depends on the weights and on the chunks since the last `reset`.

0.6 % of a desktop core. The library that carries the weights computes the same (within 0.06 of a probability: it rounds
to 16 bits on the way) on four threads of its own for 6.9 %.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from coach.ports import HearingError

Weights = npt.NDArray[np.float32]
CHUNK = 512
"""Samples a chunk, 32 ms."""
_CONTEXT = 64
"""Samples kept from the chunk before, and mirrored at the end."""
_WINDOW = 256
_STATE = 128
SHAPES: Mapping[str, tuple[int, ...]] = {
    "_model.encoder.0.reparam_conv.weight": (128, 129, 3),
    "_model.encoder.0.reparam_conv.bias": (128,),
    "_model.encoder.1.reparam_conv.weight": (64, 128, 3),
    "_model.encoder.1.reparam_conv.bias": (64,),
    "_model.encoder.2.reparam_conv.weight": (64, 64, 3),
    "_model.encoder.2.reparam_conv.bias": (64,),
    "_model.encoder.3.reparam_conv.weight": (128, 64, 3),
    "_model.encoder.3.reparam_conv.bias": (128,),
    "_model.decoder.rnn.weight_ih": (512, 128),
    "_model.decoder.rnn.weight_hh": (512, 128),
    "_model.decoder.rnn.bias_ih": (512,),
    "_model.decoder.rnn.bias_hh": (512,),
    "_model.decoder.decoder.2.weight": (128,),
    "_model.decoder.decoder.2.bias": (),
}
"""What `weights` must hold: output, input and tap of four convolutions, a cell with memory, one output."""


class VoiceNetwork:
    """Four spectra a chunk, convolved down to one vector, which a cell with memory weighs."""

    def __init__(self, weights: Mapping[str, Weights]) -> None:
        """HearingError where an array is missing or has another shape."""
        for name, shape in SHAPES.items():
            found = weights[name].shape if name in weights else None
            if found != shape:
                raise HearingError(f"voice network: {name!r} has the shape {found!r}, not {shape!r}: other weights")
        taps = [weights[f"_model.encoder.{layer}.reparam_conv.weight"].transpose(2, 1, 0) for layer in range(4)]
        self._biases = [weights[f"_model.encoder.{layer}.reparam_conv.bias"] for layer in range(4)]
        # Matrices that take three neighbours side by side. At the edges the neighbours are zero: of the last two
        # layers, which see two columns and one, only the taps that meet something are kept.
        self._layers = [
            np.ascontiguousarray(taps[0].reshape(-1, 128)),
            np.ascontiguousarray(taps[1].reshape(-1, 64)),
            np.ascontiguousarray(taps[2][1:].reshape(-1, 64)),
            np.ascontiguousarray(taps[3][1]),
        ]
        both = np.concatenate((weights["_model.decoder.rnn.weight_ih"], weights["_model.decoder.rnn.weight_hh"]), 1)
        self._cell = np.ascontiguousarray(both.T)
        self._cell_bias = weights["_model.decoder.rnn.bias_ih"] + weights["_model.decoder.rnn.bias_hh"]
        self._out = weights["_model.decoder.decoder.2.weight"]
        self._out_bias = weights["_model.decoder.decoder.2.bias"]
        self._window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
        # Zeros at the edges stay; only what is between is ever written.
        self._spectra: Weights = np.zeros((6, 129), np.float32)
        self._columns: Weights = np.zeros((5, 128), np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._context: Weights = np.zeros(_CONTEXT, np.float32)
        self._hidden: Weights = np.zeros(_STATE, np.float32)
        self._memory: Weights = np.zeros(_STATE, np.float32)

    def probability(self, chunk: Weights) -> float:
        """0 to 1; `chunk` is `CHUNK` samples between -1 and 1 that follow the last ones."""
        code = self._encode(chunk)
        gates = np.concatenate((code, self._hidden)) @ self._cell + self._cell_bias
        enter, keep, fresh, leave = gates.reshape(4, _STATE)
        self._memory = _sigmoid(keep) * self._memory + _sigmoid(enter) * np.tanh(fresh)
        self._hidden = _sigmoid(leave) * np.tanh(self._memory)
        return float(_sigmoid(np.maximum(self._hidden, 0.0) @ self._out + self._out_bias))

    def _encode(self, chunk: Weights) -> Weights:
        sound = np.concatenate((self._context, chunk, chunk[-2 : -2 - _CONTEXT : -1]))
        self._context = chunk[-_CONTEXT:]
        stretches = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[:: _WINDOW // 2]
        spectra, columns = self._spectra, self._columns
        spectra[1:5] = np.abs(np.fft.rfft(stretches * self._window))
        columns[1:5] = self._convolve(0, np.concatenate((spectra[0:4], spectra[1:5], spectra[2:6]), axis=1))
        pair = self._convolve(1, np.stack((columns[0:3].ravel(), columns[2:5].ravel())))
        return self._convolve(3, self._convolve(2, pair.ravel()))

    def _convolve(self, number: int, values: Weights) -> Weights:
        sums: Weights = values @ self._layers[number] + self._biases[number]
        return np.maximum(sums, 0.0)


def _sigmoid(values: Weights) -> Weights:
    one = np.float32(1)
    return one / (one + np.exp(-values))
