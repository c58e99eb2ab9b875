"""A Wyoming server as the coach's voice: its sound is trimmed, levelled and fitted like every voice's.

Law: only text is sent. `VoiceAwayError` is raised at once while the server is gone, and when its sound cannot be the
line. Then another voice speaks.
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

HURRY_SECONDS = 1.5
"""Seconds for a line that is needed now: less than the stall after which a set would be paused
(`dialogue/faults.py`)."""
AHEAD_SECONDS = 20.0
"""Seconds for a line that is rendered ahead: a small computer may take twice as long as the line."""
_LOUDNESS: Mapping[Manner, float] = {Manner.SENTENCE: -20, Manner.COUNT: -20, Manner.CUE: -22}
"""Loudness in LUFS, as of the other voices."""
_BEAT_S = 0.5
"""Longest count or cue, in seconds. A longer one is made faster."""
_MAX_PACE = 200
"""Fastest pace to which a count or cue is made to fit, in per cent."""
_LONGEST_COUNT_S = 0.65
"""A count or cue that is still longer after that is refused. The longest count of all other voices is 0.57 s."""
_LETTER_S = (0.015, 0.4)
"""Shortest and longest time of a letter or digit. Measured: 0.06 s; "100" has three digits."""
_SPARE_S = 2.0
"""Time that a line may take besides its letters."""
_RATES = (8_000, 96_000)
"""Lowest and highest sample rate of a server that is accepted."""
_MAX_LATE = 2
"""After this many late lines in a row that are needed now the server counts as gone."""
_MAX_IDENTITY = 200
"""Most characters of a server's identity."""
_REST_FACTOR = 5.0
"""After each line the thread sleeps this many times as long as its work on the line took, 8 ms: the ears need
Python's lock, too. The 3,000 parts that are rendered ahead then take three minutes."""
_PROCESSING = 1
"""Raise this number when anything here changes how a line sounds. Stored clips are then rendered again."""


@dataclass(slots=True)
class _Patience:
    """Late lines of one server in a row, shared by all synthesizers that use the server."""

    late: int = 0


class WyomingSynthesizer:
    """An `Engine` that uses a server. Any thread may ask."""

    def __init__(self, server: Server, rate: int, identity: str) -> None:
        """`rate`: samples a second of the clips, whatever the server's rate is. `identity`: names the program that
        speaks there.
        """
        self.rate = rate
        self._server = server
        self._identity = identity
        self._seconds = HURRY_SECONDS
        self._patience = _Patience()
        self._gives_way = False

    def patient(self, *, gives_way: bool = False) -> WyomingSynthesizer:
        """The same voice, for lines that are not needed yet. `gives_way`: it sleeps between lines for other threads."""
        patient = WyomingSynthesizer(self._server, self.rate, self._identity)
        patient._seconds, patient._patience, patient._gives_way = AHEAD_SECONDS, self._patience, gives_way
        return patient

    def fingerprint(self, manner: Manner) -> str:
        """Everything that a clip depends on, except the text, as far as a server reports it."""
        address = self._server.address
        return f"wyoming {address} {address.voice!r} {self._identity} {self.rate} {manner.value} {_PROCESSING}"

    def render(self, text: str, manner: Manner) -> Clip:
        """The whole line, trimmed and levelled. VoiceAwayError: the server cannot speak it now."""
        if not any(map(str.isalnum, text)):
            raise ValueError(f"nothing to say in {text!r}")
        try:
            with self._server.open(self._seconds) as connection:
                raw, rate = synthesize(connection, text, self._server.address.voice)
            self._patience.late = 0
        except LateError as error:
            self._patience.late += 1
            if self._seconds == AHEAD_SECONDS or self._patience.late >= _MAX_LATE:
                self._patience.late = 0
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
            time.sleep(_REST_FACTOR * (time.thread_time() - began))
        return clip

    def _away(self, error: ServerError) -> VoiceAwayError:
        return VoiceAwayError(f"the voice's server {self._server.address} cannot be used: {error}")

    def _fitted(self, raw: Pcm, text: str, manner: Manner) -> Pcm:
        """The line without silence around it, made to fit its beat. VoiceAwayError: the sound cannot be this line."""
        pcm = trim(raw, self.rate)
        seconds = len(pcm) / self.rate
        if manner is not Manner.SENTENCE and seconds > _BEAT_S:
            pcm = paced(pcm, self.rate, min(_MAX_PACE, math.ceil(100 * seconds / _BEAT_S)))
        longest = most_seconds(text) if manner is Manner.SENTENCE else _LONGEST_COUNT_S
        if not _LETTER_S[0] * sum(map(str.isalnum, text)) <= len(pcm) / self.rate <= longest:
            raise VoiceAwayError(f"the voice's server {self._server.address} gave {seconds:.2f} s for {text!r}")
        return pcm


def stored_identity(folder: Path, address: Address, reported: str) -> str:
    """A server's identity: `reported`, or, if that is empty, what the server reported last; empty: unknown. It is
    stored in the folder, so that a server's lines are found while the server is gone.
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
    return _SPARE_S + _LETTER_S[1] * len(text)


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
                rate, channels = _form(event.data)
            case "audio-chunk":
                if not rate or _form(event.data) != (rate, channels):
                    raise ServerError("its sound changes its form")
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


def _form(data: Mapping[str, object]) -> tuple[int, int]:
    """Rate and number of channels. ServerError: the sound's form is not supported."""
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
