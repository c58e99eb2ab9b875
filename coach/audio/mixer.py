"""The mixing timeline: which clip sounds at which sample of the output.

Law: whoever calls `mix` owns the timeline, and only one thread at a time may. Any other thread speaks to it
through one deque of orders (appending is atomic), obeyed in turn at the start of the next `mix`, and hears
from it through one deque of `Finished`. Nothing waits and nothing else is shared, so the audio callback
cannot be held up. `position` is raised before the orders are read: a clip laid while a block is mixed is
aimed at the next one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import numpy.typing as npt

from coach.ports import Clip, Pcm

Wave = npt.NDArray[np.float32]

PLAYED_SECONDS = 2.0
"""How much of the mix can be asked for again."""
RAMP_SECONDS = 0.02
"""A step in level is heard as a click; spread over 20 ms (one cycle of 50 Hz) it is not."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A clip is over: it ran out, was cut, or was dropped before it began. In samples of the output."""

    line: int
    ended_sample: int
    """The first sample it no longer sounds in."""
    heard_samples: int
    """How many of its samples were mixed, a fading end included; 0 when it was dropped."""
    total_samples: int


@dataclass(slots=True, eq=False)
class _Laid:
    """A clip on the timeline."""

    line: int
    wave: Wave
    start: int
    stop: int
    fade_from: int = 0
    fade_samples: int = 0
    """0: it runs to its own end."""

    def add_to(self, block: Wave, first: int) -> None:
        """Add what falls into the block that begins at sample `first`."""
        low, high = max(self.start, first), min(self.stop, first + len(block))
        if low >= high:
            return
        wave = self.wave[low - self.start : high - self.start]
        if self.fade_samples:
            # Reckoned from absolute samples, so that the same curve comes out of any block sizes.
            steps = np.arange(low - self.fade_from + 1, high - self.fade_from + 1, dtype=np.float32)
            wave = wave * (1 - steps / np.float32(self.fade_samples))
        block[low - first : high - first] += wave

    def finished(self, at: int) -> Finished:
        """Its end, or its being dropped, at sample `at`."""
        return Finished(self.line, at, max(0, at - self.start), len(self.wave))


@dataclass(frozen=True, slots=True)
class _Cut:
    fade_samples: int


@dataclass(frozen=True, slots=True)
class _Drop:
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Gain:
    gain: float
    samples: int
    """The way there takes."""
    duck: bool
    """Of the ducking, which is beside the volume."""


@dataclass(slots=True)
class _Fader:
    """A gain on its way to where it was set."""

    gain: float = 1.0
    _from: float = 1.0
    _first: int = 0
    _samples: int = 0

    def move(self, gain: float, first: int, samples: int) -> None:
        """Be at `gain` that many samples after `first`."""
        self._from, self.gain = float(np.ravel(self.of(first, 1))[0]), gain
        self._first, self._samples = first, samples

    def of(self, first: int, n: int) -> Wave | np.float32:
        """The gain of each of `n` samples, or of all."""
        if first >= self._first + self._samples:
            return np.float32(self.gain)
        way = (np.arange(first, first + n, dtype=np.float32) - self._first) / np.float32(self._samples)
        gains: Wave = self._from + (self.gain - self._from) * np.minimum(way, np.float32(1))
        return gains


class Mixer:
    """Lays clips on the output sample clock and mixes them, block by block."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        """Samples a second."""
        self.position = 0
        """Samples mixed so far, the block being mixed included: the next sample a clip can begin at."""
        self._orders: deque[_Laid | _Cut | _Drop | _Gain] = deque()
        self._finished: deque[Finished] = deque()
        # Only `mix` touches what follows.
        self._timeline: list[_Laid] = []
        self._volume = _Fader()
        self._duck = _Fader()
        self._played: Pcm = np.zeros(round(PLAYED_SECONDS * rate), np.int16)
        """What was mixed last, in a ring; others only read it."""

    @property
    def idle(self) -> bool:
        """Nothing sounds and nothing waits to."""
        return not self._orders and not self._timeline

    def place(self, line: int, clip: Clip, at_sample: int, gain: float = 1.0) -> int:
        """Lay the clip with its first sample at `at_sample`, or at the next unmixed one if that has passed.

        Returns the sample used. Should the callback come between our look at `position` and the order, a late
        clip begins that one block later; its `Finished` holds the truth.
        """
        if clip.rate != self.rate:
            raise ValueError(
                f"clip of line {line} has rate {clip.rate!r}, the timeline {self.rate!r}: render it at that"
            )
        wave = clip.pcm.astype(np.float32) * np.float32(gain)
        start = max(at_sample, self.position)
        self._orders.append(_Laid(line, wave, start, start + len(wave)))
        return start

    def cut(self, fade_samples: int) -> None:
        """Fade what sounds to silence within `fade_samples` from the next unmixed; drop what has not begun.

        Each such clip comes back through `finished`. A clip that is already fading goes on as it does.
        """
        self._orders.append(_Cut(fade_samples))

    def drop(self, lines: frozenset[int]) -> None:
        """Take back those of the lines that have not begun."""
        self._orders.append(_Drop(lines))

    def set_gain(self, gain: float) -> None:
        """Multiply everything by `gain` (1 is full) from the next unmixed sample, after a short ramp."""
        self._orders.append(_Gain(gain, round(RAMP_SECONDS * self.rate), duck=False))

    def duck(self, gain: float, seconds: float) -> None:
        """Multiply by `gain` beside that, reached in so many seconds from the next unmixed sample."""
        self._orders.append(_Gain(gain, round(seconds * self.rate), duck=True))

    def played(self, first: int, n: int) -> Pcm:
        """`n` samples of the mix from sample `first` on, zeros where it is older than two seconds or not mixed yet.

        From any thread. A block that is being mixed meanwhile may be half there: good for levels only.
        """
        numbers = np.arange(first, first + n)
        kept = (numbers >= max(0, self.position - len(self._played))) & (numbers < self.position)
        return np.where(kept, self._played[numbers % len(self._played)], 0).astype(np.int16)

    def finished(self) -> list[Finished]:
        """What ended since the last call, in order. An order shows after the next `mix`; `mix(0)` will do."""
        ended: list[Finished] = []
        while self._finished:
            ended.append(self._finished.popleft())
        return ended

    def mix(self, n: int) -> Pcm:
        """The next `n` samples."""
        first = self.position
        end = self.position = first + n
        self._obey(first)
        if not self._timeline:
            return self._keep(np.zeros(n, np.int16), first)
        block = np.zeros(n, np.float32)
        for laid in self._timeline:
            laid.add_to(block, first)
        self._retire(end)
        for fader in (self._volume, self._duck):
            block *= fader.of(first, n)
        return self._keep(np.clip(np.rint(block, out=block), -32768, 32767, out=block).astype(np.int16), first)

    def _keep(self, block: Pcm, first: int) -> Pcm:
        size = len(self._played)
        kept = block[-size:]
        at = (first + len(block) - len(kept)) % size
        head = min(len(kept), size - at)
        self._played[at : at + head] = kept[:head]
        self._played[: len(kept) - head] = kept[head:]
        return block

    def _obey(self, first: int) -> None:
        while self._orders:
            match order := self._orders.popleft():
                case _Laid() as laid:
                    late = max(0, first - laid.start)
                    laid.start += late
                    laid.stop += late
                    self._timeline.append(laid)
                case _Cut(fade_samples):
                    self._drop([laid for laid in self._timeline if laid.start >= first], first)
                    for laid in self._timeline:
                        if not laid.fade_samples:
                            laid.fade_from, laid.fade_samples = first, fade_samples
                            laid.stop = min(laid.stop, first + fade_samples)
                case _Drop(lines):
                    self._drop([laid for laid in self._timeline if laid.start >= first and laid.line in lines], first)
                case _Gain(gain, samples, duck):
                    (self._duck if duck else self._volume).move(gain, first, samples)
                case _:
                    assert_never(order)

    def _drop(self, dropped: list[_Laid], at: int) -> None:
        self._timeline = [laid for laid in self._timeline if laid not in dropped]
        self._finished.extend(laid.finished(at) for laid in dropped)

    def _retire(self, end: int) -> None:
        over = [laid for laid in self._timeline if laid.stop <= end]
        if over:
            self._timeline = [laid for laid in self._timeline if laid.stop > end]
            over.sort(key=lambda laid: laid.stop)
            self._finished.extend(laid.finished(laid.stop) for laid in over)
