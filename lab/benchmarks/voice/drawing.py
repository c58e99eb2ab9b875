"""Draws one line, plain beside shaped, in silence and on the bike: `scripts/bench voice --picture OUT.png`."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.drawing.png import png
from coach.audio.pcm import Signal
from coach.audio.shaping import STEPS
from coach.commands import Manner
from lab.benchmarks.voice import rooms
from lab.benchmarks.voice.lines import Said
from lab.benchmarks.voice.rooms import Place
from lab.benchmarks.voice.trials import at_the_ear

LINE = Said("Press your hips and lower back into the pad.", Manner.SENTENCE)
_PLACE = Place("bike", 5)
_WINDOW, _HOP = 400, 80
_LOUDEST_DB, _SPAN_DB = 30.0, 50.0
_SHADES = 2
"""Number of shades between two of the colours."""
_WIDTH, _WAVE, _BAND, _GAP, _HEAD = 420, 80, 150, 14, 22
_COLOURS = np.array([[255, 255, 255], [198, 219, 239], [66, 146, 198], [8, 48, 107], [3, 15, 40]], float)
"""Colours from silent to loud."""


def draw(voice: str, data: Path | None, out: Path) -> None:
    """Draws waveforms, and spectrograms from 0 to 8 kHz with one scale."""
    plain, shaped = (at_the_ear(voice, LINE, step) for step in (0, STEPS - 1))
    pieces = [_text(0, 14, f"“{LINE.text}” ({voice})", 13)]
    for column, (name, sound) in enumerate((("plain", plain), ("shaped, the strongest step", shaped))):
        x, y = column * (_WIDTH + _GAP), _HEAD
        pieces.append(_text(x, y + 14, f"{name}: as loud in LUFS", 12))
        y += 20
        pieces.append(_wave(sound, x, y))
        y += _WAVE + 4
        pieces.append(_spectrogram(sound, x, y))
        y += _BAND + 16
        pieces.append(_text(x, y, f"{name}, in a room: {_PLACE}", 12))
        pieces.append(_spectrogram(rooms.heard(sound, plain, _PLACE, 0.0, LINE.text, data), x, y + 6))
    width, height = 2 * _WIDTH + _GAP, _HEAD + 20 + _WAVE + 4 + _BAND + 16 + 6 + _BAND
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
    out.write_bytes(png(f'{head}<rect width="{width}" height="{height}" fill="white"/>{"".join(pieces)}</svg>'))


def _wave(sound: Signal, x: int, y: int) -> str:
    columns = np.array_split(sound, _WIDTH)
    middle = y + _WAVE / 2
    lines = (
        f"M{x + at} {middle - part.max() * _WAVE / 2:.1f}V{middle - part.min() * _WAVE / 2:.1f}"
        for at, part in enumerate(columns)
    )
    return f'<path d="{"".join(lines)}" stroke="#08306b" stroke-width="1"/>'


def _spectrogram(sound: Signal, x: int, y: int) -> str:
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_HOP] * np.hanning(_WINDOW)
    power = 10 * np.log10(np.abs(np.fft.rfft(frames)) ** 2 + 1e-9)
    share = np.clip((power.T[::-1] - _LOUDEST_DB + _SPAN_DB) / _SPAN_DB, 0, 1) * (len(_COLOURS) - 1)
    # A small number of shades makes a small file.
    share = np.round(share * _SHADES) / _SHADES
    below = np.minimum(share.astype(int), len(_COLOURS) - 2)
    part = (share - below)[..., None]
    pixels = _COLOURS[below] * (1 - part) + _COLOURS[below + 1] * part
    data = base64.b64encode(_picture(pixels.astype(np.uint8))).decode()
    place = f'x="{x}" y="{y}" width="{_WIDTH}" height="{_BAND}" preserveAspectRatio="none"'
    return f'<image {place} href="data:image/png;base64,{data}"/>'


def _picture(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Returns pixels of shape (rows, columns, 3) as PNG."""
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _text(x: int, y: int, text: str, size: int) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="#222">{text}</text>'
