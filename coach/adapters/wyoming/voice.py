"""A Wyoming server as the coach's voice: its sound is trimmed, levelled and fitted like every voice's.

Law: only text is sent. `VoiceAwayError` is raised at once while the server is gone, and when its sound is too short or
too long to be the text. Then another voice speaks.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from wyoming.tts import Synthesize, SynthesizeVoice

from coach.adapters.synthesis.clip_store import VoiceAwayError
from coach.adapters.wyoming.address import Address
from coach.adapters.wyoming.client import Connection, LateError, ServerError
from coach.adapters.wyoming.server import Server
from coach.audio.loudness import levelled, trim
from coach.audio.onset import audible_onset
from coach.audio.pace import paced
from coach.audio.resampling import Resampler
from coach.commands import Manner
from coach.ports import Clip, Pcm

HURRY_TIMEOUT_S = 1.5
"""Timeout for a line that is needed now: less than the stall that pauses a set (`dialogue/faults.py`)."""
AHEAD_TIMEOUT_S = 20.0
"""Timeout for a line that is rendered ahead: a small computer may take twice as long as the line."""
_LOUDNESS: Mapping[Manner, float] = {Manner.SENTENCE: -20, Manner.COUNT: -20, Manner.CUE: -22}
"""Loudness in LUFS, as of the other voices."""
_SPEED_UP_ABOVE_S = 0.5
"""A count or cue that is longer than this is made faster."""
_MAX_PACE = 200
"""Fastest pace to which a count or cue is made to fit, in per cent."""
_REFUSED_ABOVE_S = 0.65
"""A count or cue that was made faster and is still longer is refused. The longest count of other voices is 0.57 s."""
_CHARACTER_S = (0.015, 0.4)
"""Shortest time of a letter or digit, longest of any character: "100" has three and is two words. Measured: 0.06 s."""
_SPARE_S = 2.0
"""Seconds that a text may take besides the time of its characters."""
_RATES = (8_000, 96_000)
"""Lowest and highest sample rate of a server that is accepted."""
_MAX_LATE = 2
"""After this many late lines in a row that are needed now, the server counts as lost. A line that is rendered ahead has
more time, so one that is late is enough."""
_MAX_IDENTITY = 200
"""Most characters of a server's identity."""
_SLEEP_FACTOR = 5.0
"""With `gives_way` the thread sleeps this many times as long as it took to fit and level a part of a line, 8 ms: the
ears' thread needs Python's lock, too. The 3,000 parts that are rendered ahead then take three minutes."""
_PROCESSING_VERSION = 1
"""Raise this number when anything here changes how a line sounds. Stored clips are then rendered again."""


@dataclass(slots=True)
class _LateLines:
    """Number of late lines; the synthesizer for lines that are needed now shares it with the one for later lines."""

    in_a_row: int = 0


class WyomingSynthesizer:
    """An `Engine` that uses a server. Any thread may ask."""

    def __init__(self, server: Server, rate: int, identity: str) -> None:
        """`rate`: samples a second of the clips, whatever the server's rate is. `identity`: names the program that
        speaks there.
        """
        self.rate = rate
        self._server = server
        self._identity = identity
        self._timeout = HURRY_TIMEOUT_S
        self._late_lines = _LateLines()
        self._gives_way = False

    def for_later(self, *, gives_way: bool = False) -> WyomingSynthesizer:
        """The same voice with a longer timeout, for lines that are not needed yet. `gives_way`: see `_SLEEP_FACTOR`."""
        later = WyomingSynthesizer(self._server, self.rate, self._identity)
        later._timeout, later._late_lines, later._gives_way = AHEAD_TIMEOUT_S, self._late_lines, gives_way
        return later

    def fingerprint(self, manner: Manner) -> str:
        """Everything that a clip depends on, except the text, as far as a server reports it."""
        address = self._server.address
        return f"wyoming {address} {address.voice!r} {self._identity} {self.rate} {manner.value} {_PROCESSING_VERSION}"

    def render(self, text: str, manner: Manner) -> Clip:
        """The whole line, trimmed and levelled. VoiceAwayError: the server cannot speak it now."""
        if not any(map(str.isalnum, text)):
            raise ValueError(f"nothing to say in {text!r}")
        try:
            with self._server.open(self._timeout) as connection:
                raw, rate = synthesize(connection, text, self._server.address.voice)
            self._late_lines.in_a_row = 0
        except LateError as error:
            self._late_lines.in_a_row += 1
            if self._timeout == AHEAD_TIMEOUT_S or self._late_lines.in_a_row >= _MAX_LATE:
                self._late_lines.in_a_row = 0
                self._server.lose(str(error))
            raise self._away(error) from error
        except ServerError as error:
            self._server.lose(str(error))
            raise self._away(error) from error
        began = time.thread_time()
        pcm = self._fitted(raw if rate == self.rate else Resampler(rate, self.rate).whole(raw), text, manner)
        pcm = levelled(pcm, self.rate, _LOUDNESS[manner])
        clip = Clip(pcm, self.rate, audible_onset(pcm, self.rate))
        if self._gives_way:
            time.sleep(_SLEEP_FACTOR * (time.thread_time() - began))
        return clip

    def _away(self, error: ServerError) -> VoiceAwayError:
        return VoiceAwayError(f"the voice's server {self._server.address} cannot be used: {error}")

    def _fitted(self, raw: Pcm, text: str, manner: Manner) -> Pcm:
        """The line without silence around it, fitted to its beat. VoiceAwayError: its length does not fit the text."""
        pcm = trim(raw, self.rate)
        seconds = len(pcm) / self.rate
        if manner is not Manner.SENTENCE and seconds > _SPEED_UP_ABOVE_S:
            pcm = paced(pcm, self.rate, min(_MAX_PACE, math.ceil(100 * seconds / _SPEED_UP_ABOVE_S)))
        longest = most_seconds(text) if manner is Manner.SENTENCE else _REFUSED_ABOVE_S
        if not _CHARACTER_S[0] * sum(map(str.isalnum, text)) <= len(pcm) / self.rate <= longest:
            raise VoiceAwayError(f"the voice's server {self._server.address} gave {seconds:.2f} s for {text!r}")
        return pcm


def keep_identity(folder: Path, address: Address, reported: str) -> str:
    """Store the identity that the server reported, and return it. If `reported` is empty, the server is gone: return
    what it reported last, so that its stored lines are found; empty: unknown.
    """
    path = folder / f"{hashlib.sha256(f'{address} {address.voice}'.encode()).hexdigest()[:32]}.server"
    # If the folder cannot be written, the clips cannot be stored there either, which `ClipStore` reports.
    with suppress(OSError, ValueError):
        if not reported:
            return path.read_text("utf-8")[:_MAX_IDENTITY]
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(reported, "utf-8")
    return reported


def most_seconds(text: str) -> float:
    """The longest time that a text can take, in seconds."""
    return _SPARE_S + _CHARACTER_S[1] * len(text)


def synthesize(connection: Connection, text: str, voice: str = "") -> tuple[Pcm, int]:
    """The text as mono samples, and their rate. ServerError: the server fails."""
    connection.send(Synthesize(text, SynthesizeVoice(name=voice) if voice else None))
    rate, channels, samples = 0, 0, 0
    pieces: list[Pcm] = []
    while True:
        event = connection.receive()
        match event.type:
            case "error":
                raise ServerError("it cannot speak")
            case "audio-start" if not rate:
                rate, channels = _format(event.data)
            case "audio-chunk":
                if not rate or _format(event.data) != (rate, channels):
                    raise ServerError("its sound changes its format")
                piece = _samples(event.payload or b"", channels)
                samples += len(piece)
                if samples > most_seconds(text) * rate:
                    raise ServerError("it speaks without end")
                pieces.append(piece)
            case "audio-stop" if rate:
                return np.concatenate([np.zeros(0, np.int16), *pieces]), rate
            case "audio-start" | "audio-stop":
                raise ServerError("its sound has no beginning or two")


def try_voice(connection: Connection) -> None:
    """Let the server say a word. ServerError: it fails."""
    synthesize(connection, "Ready.", "")


def _format(data: Mapping[str, object]) -> tuple[int, int]:
    """Rate and number of channels. ServerError: the format is not supported."""
    rate, width, channels = (data.get(name) for name in ("rate", "width", "channels"))
    if not (isinstance(rate, int) and _RATES[0] <= rate <= _RATES[1]):
        raise ServerError(f"it speaks at {repr(rate)[:20]} Hz")
    if width != 2 or channels not in (1, 2) or not isinstance(channels, int):
        raise ServerError("its sound is not of 16 bits, mono or stereo")
    return rate, int(channels)


def _samples(payload: bytes, channels: int) -> Pcm:
    if len(payload) % (2 * channels):
        raise ServerError("its sound breaks off within a sample")
    sound = np.frombuffer(payload, "<i2").reshape(-1, channels)
    return sound[:, 0].astype(np.int16) if channels == 1 else np.rint(sound.mean(axis=1)).astype(np.int16)
