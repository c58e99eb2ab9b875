"""A virtual sound card whose loudspeaker and microphone share one clock: one recording has both in step."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from coach.ports import Pcm
from lab.rigs.sound_server import SPEAKER_RATE, TIMEOUT_SECONDS, SoundServer

RATE = SPEAKER_RATE
_FRAME = 4
"""Bytes of one sample of both channels."""


class Tape:
    """The recording so far, 16-bit at `RATE`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __len__(self) -> int:
        return self._path.stat().st_size // _FRAME

    def coach_samples(self, since: int = 0) -> Pcm:
        """Returns the loudspeaker's samples from sample `since` on."""
        return self._read(since)[:, 0]

    def lifter_samples(self, since: int = 0) -> Pcm:
        """Returns the microphone's samples from sample `since` on."""
        return self._read(since)[:, 1]

    def _read(self, since: int) -> Pcm:
        with self._path.open("rb") as file:
            file.seek(since * _FRAME)
            raw = file.read()
        return np.frombuffer(raw[: len(raw) // _FRAME * _FRAME], np.int16).reshape(-1, 2)


class OneCard(SoundServer):
    """One null sink of two channels: `speaker` plays into the left, `feed` into the right, which the microphone hears.

    Two sinks have two clocks, and two recordings begin at two moments. With one sink a sample's number gives its time
    in both channels.
    """

    def plug_in_all(self, *, sleepy: bool = False) -> None:
        """Makes the devices."""
        norewinds = f"norewinds={int(not sleepy)}"
        card = ("sink_name=card", f"rate={RATE}", "channels=2", "channel_map=front-left,front-right", norewinds)
        self._sinks.append(self._pactl("load-module", "module-null-sink", *card).strip())
        for sink, channel in (("speaker", "front-left"), ("feed", "front-right")):
            part = (f"sink_name={sink}", "master=card", "channels=1", "channel_map=mono")
            options = (*part, f"master_channel_map={channel}", "remix=no")
            self._sinks.append(self._pactl("load-module", "module-remap-sink", *options).strip())
        microphone = ("source_name=mic", "master=card.monitor", "channels=1", "channel_map=mono")
        options = (*microphone, "master_channel_map=front-right", "remix=no")
        self._sinks.append(self._pactl("load-module", "module-remap-source", *options).strip())
        self._pactl("set-default-sink", "speaker")
        self._pactl("set-default-source", "mic")

    @contextmanager
    def record(self) -> Iterator[Tape]:
        """Records both channels; the recording runs when the `with` block begins."""
        path = self._folder / "tape.raw"
        with path.open("wb") as file:
            sample = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=2")
            channels = "--channel-map=front-left,front-right"
            command = ["parec", "--device=card.monitor", "--latency-msec=20", *sample, channels]
            parec = subprocess.Popen(command, env=self._all, stdout=file)
            tape = Tape(path)
            try:
                self.wait_until(lambda: len(tape) > 0, "parec records")
                yield tape
            finally:
                parec.terminate()
                parec.wait(TIMEOUT_SECONDS)
