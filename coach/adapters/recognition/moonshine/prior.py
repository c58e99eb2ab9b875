"""The prior: how likely a recogniser takes a text to be without hearing it, measured over mere noise.

A recogniser that writes has learnt what people usually say: behind "finish" it writes "that" rather than "set", and
for a noisy "skip rest" it writes "yeah". The live phrases are a better guide to what may be said. So a share of this
prior is subtracted from a score, which leaves what comes from the sound. The literature calls this internal language
model subtraction. The likeliest phrase of commands under an exercise bike as loud as the commands is right for 61 %
without the subtraction, for 83 % with it; in talk of others 10 dB softer for 84 and 95 % (14 neural voices, all
intents live).

Law: the value for a text depends on the text alone. Each value is computed in a run of its own, because the networks
compute in 8 bits with one scale for all texts of a run. A value takes 3 ms once. Then it is kept, on disk too.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.recognition.moonshine import prior_file
from coach.adapters.recognition.moonshine.model import RATE, EncodedSound, Floats, MoonshineModel
from coach.adapters.recognition.moonshine.prior_file import Continuations, Prefix
from coach.language.token_net import Position, TokenNet, TokenReading

_NOISE_S = 1.0
"""Length of the noise in seconds."""
_NOISE_LEVEL = 30.0
"""Root mean square of the noise, in steps of 16 bits: a quiet room. Loud noise gives the same values within a nat."""
_CONTEXT = 4
"""Number of tokens that the next token is assumed to depend on. So a grammar of many long phrases has few different
values."""
_PREFIXES_PER_STEP, _NEW_PER_WRITE = 20, 200
"""`learn` yields after this many known prefixes, which take 1 ms. The file is written after this many new ones, which
takes 20 ms."""


class Prior:
    """Remembers, for every prefix of a text, how likely the next tokens are over noise."""

    def __init__(self, model: MoonshineModel, ends: list[int], file: Path | None) -> None:
        """`ends`: tokens at which a phrase may be over. `file`: keeps the values on disk; None: they are not kept."""
        self._model = model
        self._ends = ends
        noise = np.random.default_rng(0).normal(0, _NOISE_LEVEL, round(_NOISE_S * RATE)).astype(np.int16)
        self._noise: EncodedSound = model.listen(noise)[0]
        self._file = file
        self._continuations = {} if file is None else prior_file.read(file)
        self._unsaved = 0
        """Number of prefixes that are not in the file yet."""

    def next_logs(self, prefix: Prefix, tokens: npt.NDArray[np.int64]) -> Floats:
        """Log-likelihood of each of these tokens behind the prefix."""
        prefix = prefix[-_CONTEXT:]
        known = self._continuations.get(prefix)
        if known is not None:
            places = np.searchsorted(known.tokens, tokens)
            if known.tokens.size and np.array_equal(known.tokens.take(places, mode="clip"), tokens):
                found: Floats = known.logs[places]
                return found
            # Another vocabulary has other tokens behind the same prefix: keep both.
            kept = np.union1d(known.tokens, tokens)
        else:
            kept = np.unique(tokens)
        logs = self._model.score(self._noise, prefix)[-1]
        self._continuations[prefix] = Continuations(kept, logs[kept], float(np.logaddexp.reduce(logs[self._ends])))
        self._unsaved += 1
        result: Floats = logs[tokens]
        return result

    def end_log(self, prefix: Prefix) -> float:
        """Log-likelihood that a phrase is over behind the prefix."""
        prefix = prefix[-_CONTEXT:]
        if prefix not in self._continuations:
            self.next_logs(prefix, np.array([], np.int64))
        return self._continuations[prefix].end_log

    def save(self, least_new: int = _NEW_PER_WRITE) -> None:
        """Write the file if at least this many prefixes are new."""
        if self._file is not None and self._unsaved >= least_new:
            prior_file.write(self._file, self._continuations)
            self._unsaved = 0

    def learn(self, net: TokenNet, most: int) -> Iterator[None]:
        """Look up `most` prefixes of a net's phrases ahead, the likeliest first; yields every few milliseconds."""
        count = steps = 0
        waiting: list[tuple[float, int, Prefix, Position]] = [(0.0, count, (), net.start())]
        while waiting and count < most:
            score, _, prefix, place = heapq.heappop(waiting)
            is_new = prefix[-_CONTEXT:] not in self._continuations
            threads: dict[int, list[TokenReading]] = {}
            likely: dict[int, float] = {}
            for tokens, node, words in net.choices(place):
                for token, log in zip(tokens.tolist(), self.next_logs(prefix, tokens).tolist(), strict=True):
                    threads.setdefault(token, []).append(TokenReading(node.following[token], words))
                    likely[token] = log
            for token, log in likely.items():
                count += 1
                heapq.heappush(waiting, (score - log, count, (*prefix, token), tuple(threads[token])))
            steps += 1
            if is_new or steps % _PREFIXES_PER_STEP == 0:
                self.save()
                yield
        self.save(least_new=1)
