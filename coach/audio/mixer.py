"""The mixing timeline: which clip sounds at which sample of the output.

Law: the thread that calls `mix` owns the timeline; only one thread at a time may call it. Any other thread appends
orders to one deque (appending is atomic) and reads results from one deque of `FinishedClip`. Orders are carried out in
sequence at the start of the next `mix`. Nothing waits and nothing else is shared, so the audio callback cannot be held
up. `position` is raised before the orders are read, so that a clip laid while a block is mixed begins in the next one.
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
"""How much of the mix `Mixer.played` can still return."""
RAMP_SECONDS = 0.02
"""Ramp length of a change in level. A sudden step is heard as a click; over 20 ms (one cycle of 50 Hz) it is not."""


@dataclass(frozen=True, slots=True)
class FinishedClip:
    """A clip has ended: it was played to its end, cut, or dropped before it began. In samples of the output."""

    line_number: int
    ended_sample: int
    """The first output sample in which the clip no longer sounds."""
    heard_samples: int
    """How many of the clip's samples were mixed, including a faded end; 0 if the clip was dropped."""
    total_samples: int


@dataclass(slots=True, eq=False)
class _PlacedClip:
    """A clip on the timeline."""

    line_number: int
    wave: Wave
    start: int
    stop: int
    fade_from: int = 0
    fade_samples: int = 0
    """Length of the fade; 0: the clip is not faded and plays to its own end."""

    def add_to(self, block: Wave, first: int) -> None:
        """Add the clip's samples that fall into the block that begins at sample `first`."""
        low, high = max(self.start, first), min(self.stop, first + len(block))
        if low >= high:
            return
        wave = self.wave[low - self.start : high - self.start]
        if self.fade_samples:
            # Computed from absolute sample numbers, so that the curve does not depend on block sizes.
            steps = np.arange(low - self.fade_from + 1, high - self.fade_from + 1, dtype=np.float32)
            wave = wave * (1 - steps / np.float32(self.fade_samples))
        block[low - first : high - first] += wave

    def finished(self, at: int) -> FinishedClip:
        """The report that the clip ended or was dropped at sample `at`."""
        return FinishedClip(self.line_number, at, max(0, at - self.start), len(self.wave))


@dataclass(frozen=True, slots=True)
class _Cut:
    fade_samples: int


@dataclass(frozen=True, slots=True)
class _Drop:
    lines: frozenset[int]


@dataclass(slots=True)
class _Fader:
    """A gain that moves linearly to its target."""

    gain: float = 1.0
    _from: float = 1.0
    _first: int = 0
    _samples: int = 0

    def move(self, gain: float, first: int, samples: int) -> None:
        """Move to `gain` within `samples` samples from sample `first` on."""
        self._from, self.gain = float(np.ravel(self.gains(first, 1))[0]), gain
        self._first, self._samples = first, samples

    def gains(self, first: int, n: int) -> Wave | np.float32:
        """The gain of each of `n` samples from `first` on, or one number if it is the same for all."""
        if first >= self._first + self._samples:
            return np.float32(self.gain)
        way = (np.arange(first, first + n, dtype=np.float32) - self._first) / np.float32(self._samples)
        gains: Wave = self._from + (self.gain - self._from) * np.minimum(way, np.float32(1))
        return gains


@dataclass(frozen=True, slots=True)
class _Gain:
    fader: _Fader
    gain: float
    samples: int
    """Ramp length in samples."""


class Mixer:
    """Lays clips on the output sample clock and mixes them, block by block."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        """Samples a second."""
        self.position = 0
        """Number of samples mixed so far, including the block being mixed: the next sample a clip can begin at."""
        self._orders: deque[_PlacedClip | _Cut | _Drop | _Gain] = deque()
        self._finished: deque[FinishedClip] = deque()
        # Only `mix` changes the attributes that follow.
        self._timeline: list[_PlacedClip] = []
        self._volume = _Fader()
        self._duck = _Fader()
        self._played: Pcm = np.zeros(round(PLAYED_SECONDS * rate), np.int16)
        """Ring buffer of the newest samples of the mix; other threads only read it."""

    @property
    def is_idle(self) -> bool:
        """Whether no clip sounds, no clip waits, and no order is pending."""
        return not self._orders and not self._timeline

    def place(self, line_number: int, clip: Clip, at_sample: int, gain: float = 1.0) -> int:
        """Lay the clip with its first sample at `at_sample`, or at the next unmixed sample if `at_sample` has passed.

        Returns the sample used. If the callback runs between reading `position` and appending the order, a late clip
        begins one block later than returned; its `FinishedClip` has the true end.
        """
        if clip.rate != self.rate:
            raise ValueError(
                f"clip of line {line_number} has rate {clip.rate!r}, the timeline {self.rate!r}: render it at that"
            )
        wave = clip.pcm.astype(np.float32) * np.float32(gain)
        start = max(at_sample, self.position)
        self._orders.append(_PlacedClip(line_number, wave, start, start + len(wave)))
        return start

    def cut(self, fade_samples: int) -> None:
        """Fade the clips that sound within `fade_samples` from the next unmixed sample; drop those that have not begun.

        Each of these clips comes back through `finished`. A clip that is already fading keeps its fade.
        """
        self._orders.append(_Cut(fade_samples))

    def drop(self, lines: frozenset[int]) -> None:
        """Drop the clips of these lines that have not begun."""
        self._orders.append(_Drop(lines))

    def set_gain(self, gain: float) -> None:
        """Multiply everything by `gain` (1 is full) from the next unmixed sample, after a short ramp."""
        self._orders.append(_Gain(self._volume, gain, round(RAMP_SECONDS * self.rate)))

    def duck(self, gain: float, seconds: float) -> None:
        """Multiply by `gain` in addition to the volume, after a ramp of `seconds` from the next unmixed sample."""
        self._orders.append(_Gain(self._duck, gain, round(seconds * self.rate)))

    def played(self, first: int, n: int) -> Pcm:
        """`n` samples of the mix from sample `first` on; zeros where they are older than two seconds or not mixed yet.

        May be called from any thread. A block that is being mixed may be half written: use the samples for levels only.
        """
        numbers = np.arange(first, first + n)
        kept = (numbers >= max(0, self.position - len(self._played))) & (numbers < self.position)
        return np.where(kept, self._played[numbers % len(self._played)], 0).astype(np.int16)

    def finished(self) -> list[FinishedClip]:
        """The clips that ended since the last call, in order. Orders take effect at the next `mix`; `mix(0)` is one."""
        ended: list[FinishedClip] = []
        while self._finished:
            ended.append(self._finished.popleft())
        return ended

    def mix(self, n: int) -> Pcm:
        """Mix and return the next `n` samples."""
        first = self.position
        end = self.position = first + n
        self._carry_out(first)
        if not self._timeline:
            return self._keep(np.zeros(n, np.int16), first)
        block = np.zeros(n, np.float32)
        for clip in self._timeline:
            clip.add_to(block, first)
        self._retire(end)
        for fader in (self._volume, self._duck):
            block *= fader.gains(first, n)
        return self._keep(np.clip(np.rint(block, out=block), -32768, 32767, out=block).astype(np.int16), first)

    def _keep(self, block: Pcm, first: int) -> Pcm:
        size = len(self._played)
        kept = block[-size:]
        at = (first + len(block) - len(kept)) % size
        head = min(len(kept), size - at)
        self._played[at : at + head] = kept[:head]
        self._played[: len(kept) - head] = kept[head:]
        return block

    def _carry_out(self, first: int) -> None:
        while self._orders:
            match order := self._orders.popleft():
                case _PlacedClip() as clip:
                    late = max(0, first - clip.start)
                    clip.start += late
                    clip.stop += late
                    self._timeline.append(clip)
                case _Cut(fade_samples):
                    self._drop([clip for clip in self._timeline if clip.start >= first], first)
                    for clip in self._timeline:
                        if not clip.fade_samples:
                            clip.fade_from, clip.fade_samples = first, fade_samples
                            clip.stop = min(clip.stop, first + fade_samples)
                case _Drop(lines):
                    waiting = [clip for clip in self._timeline if clip.start >= first]
                    self._drop([clip for clip in waiting if clip.line_number in lines], first)
                case _Gain(fader, gain, samples):
                    fader.move(gain, first, samples)
                case _:
                    assert_never(order)

    def _drop(self, dropped: list[_PlacedClip], at: int) -> None:
        self._timeline = [clip for clip in self._timeline if clip not in dropped]
        self._finished.extend(clip.finished(at) for clip in dropped)

    def _retire(self, end: int) -> None:
        over = [clip for clip in self._timeline if clip.stop <= end]
        if over:
            self._timeline = [clip for clip in self._timeline if clip.stop > end]
            over.sort(key=lambda clip: clip.stop)
            self._finished.extend(clip.finished(clip.stop) for clip in over)
