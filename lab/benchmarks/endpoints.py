"""Compares the endpoints of utterances with those of the words: detector and segmenter alone, without a recogniser.

Law: everything is seeded. A word has 2 s of noise before and after it; noise levels are relative to the word's level,
and babble is the talk of other voices.

Constants were chosen on flite's voices. The neural voices in COACH_SPEECH_DATA, if it is set, judge the result.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.files.sound import read_speech
from coach.adapters.recognition.silero import SileroNetwork
from coach.audio.noises import Sound, Tap, babble, looped, music, pink
from coach.audio.pcm import to_pcm
from coach.audio.segmenter import Mark, Segmenter, UtteranceBounds
from coach.audio.speech_detector import SpeechDetector
from coach.ports import Pcm
from coach.wiring import rehearsing

RATE = 16_000
_FRAME = 320
_FRAME_S = _FRAME / RATE
_SILENCE_S = 0.3
"""Seconds of silence that end an utterance: about what a recogniser waits for if it knows that no word is missing."""
_LOUD = 1500.0
"""Root mean square of a word."""
_EDGE_DB = 35.0
"""A word is the part of a clip without noise that is less than this below its loudest 10 ms, in decibels."""
_EDGE_HZ = 120.0
"""Only sound above this frequency counts for the edges of a word."""
_CLICK, _APART = 6, 15
"""Hundredths of a second: sound shorter than `_CLICK` and further away than `_APART` is no part of the word."""
_EARLY_S, _LATE_S = 0.5, 0.45
"""An utterance is right if it begins at most `_EARLY_S` before the word and ends at most `_LATE_S` after the word."""
_DECIBELS = (20.0, 10.0, 5.0, 0.0)
_NOISE_S = 60
_QUICK = 6
"""A quick run takes one phrase of this many."""

Clips = Mapping[tuple[str, str], npt.NDArray[np.float64]]
"""Clips by voice and phrase."""


@dataclass(frozen=True, slots=True)
class Take:
    """A word in noise."""

    voice: str
    sound: Pcm
    begin: float
    """Start of the word, in seconds."""
    end: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How good the utterances of one take are."""

    voice: str
    whole: bool
    """Whether there is one utterance for the word, with the right start and end."""
    covered: bool
    """Whether the whole word lies in one utterance."""
    late: float
    """Seconds from the end of the word to the end of the utterance; NaN: the word has no utterance."""
    others: int
    """Number of utterances without any part of the word."""


def main(quick: bool = False) -> None:
    """Measures the endpoints in every noise and prints the table."""
    voicing = SileroNetwork()
    print("share of utterances that are one, begin 0.5 to 0.0 s before the word and end 0.0 to 0.45 s after it (worst")
    print(
        f"voice); share of words that lie in one utterance; median end after the word's, {_SILENCE_S} s of silence end"
    )
    print("one; utterances without a word in 4 s")
    for name, clips in _groups():
        phrases = sorted({phrase for _, phrase in clips})[:: _QUICK if quick else 2]
        chosen = {key: clip for key, clip in clips.items() if key[1] in phrases}
        print(f"\n{name}: {len({voice for voice, _ in chosen})} voices, {len(phrases)} phrases")
        for kind, decibels in _conditions():
            print(_row(kind, decibels, [_judge(take, voicing) for take in takes(chosen, kind, decibels)]), flush=True)


def _conditions() -> Iterator[tuple[str, float]]:
    yield "quiet", 54.0
    kinds = ["pink", "music", "babble", *(["bike"] if _bike() else [])]
    for kind in kinds:
        for decibels in _DECIBELS:
            yield kind, decibels


def _row(kind: str, decibels: float, verdicts: list[Verdict]) -> str:
    by_voice: dict[str, list[bool]] = {}
    for one in verdicts:
        by_voice.setdefault(one.voice, []).append(one.whole)
    worst = min(by_voice, key=lambda voice: float(np.mean(by_voice[voice])))
    whole, covered = (100 * np.mean([getattr(one, name) for one in verdicts]) for name in ("whole", "covered"))
    late = float(np.nanmedian([one.late for one in verdicts]))
    others = np.mean([one.others for one in verdicts])
    found = f"{whole:5.1f} % ({worst} {100 * np.mean(by_voice[worst]):.0f}), in one {covered:5.1f} %"
    return f"{kind:>7} {decibels:3.0f} dB {found}, end {late:+.2f} s, others {others:.2f}"


def takes(clips: Clips, kind: str, decibels: float) -> Iterator[Take]:
    """Yields every clip in noise of that kind, `decibels` below the word."""
    noises: dict[str, npt.NDArray[np.float64]] = {}
    for (voice, phrase), clip in clips.items():
        if voice not in noises:
            chance = np.random.default_rng([zlib.crc32(kind.encode()), zlib.crc32(voice.encode())])
            noises[voice] = Tap(_noise(kind, chance, clips, voice)).take(_NOISE_S * RATE)
        chance = np.random.default_rng(zlib.crc32(f"{voice} {phrase} {kind}".encode()))
        begin, end = word_edges(clip)
        word = clip[begin:end] * (_LOUD / np.sqrt(np.mean(clip[begin:end] ** 2)))
        lead = 2 * RATE + int(chance.integers(_FRAME))
        length = (lead + len(word) + 2 * RATE) // _FRAME * _FRAME
        first = int(chance.integers(len(noises[voice]) - length))
        sound = noises[voice][first : first + length] * (_LOUD / 10 ** (decibels / 20))
        sound[lead : lead + len(word)] += word
        pcm = to_pcm(sound)
        yield Take(voice, pcm, lead / RATE, (lead + len(word)) / RATE)


def word_edges(clip: npt.NDArray[np.float64]) -> tuple[int, int]:
    """Returns the first sample of the word, and the sample after its last."""
    spectrum = np.fft.rfft(clip)
    spectrum[: round(_EDGE_HZ * len(clip) / RATE)] = 0
    hop = RATE // 100
    whole = np.fft.irfft(spectrum, len(clip))[: len(clip) // hop * hop]
    power = np.mean(whole.reshape(-1, hop) ** 2, axis=1)
    loud = np.flatnonzero(power > np.max(power) / 10 ** (_EDGE_DB / 10))
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > _APART) + 1)
    while len(parts) > 1 and len(parts[-1]) < _CLICK:
        parts.pop()
    while len(parts) > 1 and len(parts[0]) < _CLICK:
        parts.pop(0)
    return int(parts[0][0]) * hop, (int(parts[-1][-1]) + 1) * hop


def _judge(take: Take, voicing: SileroNetwork) -> Verdict:
    voicing.reset()
    found = list(_utterances(take.sound, SpeechDetector(voicing, _FRAME)))
    hits = [one for one in found if one[0] < take.end and one[1] > take.begin]
    if not hits:
        return Verdict(take.voice, False, False, float("nan"), len(found))
    begin, end = max(hits, key=lambda one: min(one[1], take.end) - max(one[0], take.begin))
    right = take.begin - _EARLY_S <= begin <= take.begin and take.end <= end <= take.end + _LATE_S
    # A word may lose 0.02 s at its beginning, and a final consonant (0.06 s) at its end: nobody misses them.
    covered = begin <= take.begin + 0.02 and end >= take.end - 0.06
    return Verdict(take.voice, right and len(hits) == 1, covered, end - take.end, len(found) - len(hits))


def _utterances(sound: Pcm, detector: SpeechDetector) -> Iterator[tuple[float, float]]:
    """Yields start and end of each utterance, in seconds; an utterance that never ends lasts ten seconds more."""
    segmenter = Segmenter(_FRAME_S, UtteranceBounds(silence_s=_SILENCE_S))
    began: int | None = None
    for number, frame in enumerate(sound.reshape(-1, _FRAME), 1):
        match segmenter.push(detector.is_speech(frame)):
            case Mark.BEGAN:
                began = number - segmenter.first_frames
            case Mark.ENDED | Mark.CUT if began is not None:
                yield began * _FRAME_S, number * _FRAME_S
                began = None
            case _:
                pass
    if began is not None:
        yield began * _FRAME_S, len(sound) / RATE + 10


def _noise(kind: str, chance: np.random.Generator, clips: Clips, voice: str) -> Sound:
    match kind:
        case "babble":
            said = [clip for (other, _), clip in clips.items() if other != voice]
            trimmed = [clip[slice(*word_edges(clip))].astype(np.int16) for clip in said]
            return babble(chance, RATE, trimmed)
        case "music":
            return music(chance, RATE)
        case "bike":
            return looped(read_speech(_bike() or Path(), RATE))
        case _:
            return pink(chance, RATE)


def _groups() -> Iterator[tuple[str, Clips]]:
    folders = [("flite", rehearsing.VOICES, "-")]
    if speech := os.environ.get("COACH_SPEECH_DATA"):
        folders.append(("neural", Path(speech) / "lifters", "__"))
    for name, folder, between in folders:
        clips = {}
        for path in sorted(folder.glob("*.flac")):
            voice, _, phrase = path.stem.partition(between)
            clips[voice, phrase] = read_speech(path, RATE).astype(np.float64)
        yield name, clips


def _bike() -> Path | None:
    path = Path(os.environ.get("COACH_SPEECH_DATA", "")) / "noise" / "exercise_bike.flac"
    return path if path.is_file() else None
