"""A Vosk model written by hand: its phones are pure tones, its words melodies, its network one matrix.

Law: bytes depend on the word list alone, and any two melodies differ in two tones or more.

The engine takes `am/final.mdl` in Kaldi's text form and plain `vector` FSTs: numpy and `struct` are enough.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise, product
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

LOW = 4
"""Tones a word may begin with. No other place uses them, so the engine always knows where a word begins."""
HIGH = 10
"""Tones of the rest of a word."""
BINS = 2 * (LOW + HIGH) + 2
"""Mel filters of the front end: every tone sits in the middle of one, with a quiet one on either side."""
_LOWEST, _HIGHEST = 300.0, 7600.0
_UNKNOWN = "[unk]"
_SILENCE = 1
"""Phone number of silence."""
_PLACES = ("begin", "internal", "end", "singleton")
"""Every tone is four phones that sound alike, one for each place in a word: so the engine can time words."""

_WEIGHT = 0.5
"""A wrong tone then costs well over the price of [unk], even at 10 dB of white noise to the signal."""
_LOUD = 14.0
"""Log energy of a filter: speech has more in a quiet room, the room less."""
_NEVER = -100.0
"""Score of a tone that is not to be heard; the engine's beam is 10."""
_THRESHOLD = 1.5
"""What a tone must outdo silence by: a filter 3 nats (13 dB) over the far ones. White noise never is."""

Arc = tuple[int, int, float, int]
"""Input label, output label, cost, next state."""


def frequencies() -> npt.NDArray[np.float64]:
    """Hertz of every tone, low ones first: middles of every second mel filter."""
    ends = 1127.0 * np.log1p(np.array([_LOWEST, _HIGHEST]) / 700.0)
    edges = 700.0 * np.expm1(np.linspace(ends[0], ends[1], BINS + 2) / 1127.0)
    return np.asarray(edges[1:-1][_bin(0) :: 2][: LOW + HIGH])


def _bin(tone: int) -> int:
    return 2 * tone + 1


def _codes(tones: int, shift: int) -> Iterator[tuple[int, ...]]:
    """Melodies of so many tones: the last one is a checksum, no tone comes twice in a row."""
    for first, *rest in product(range(LOW), *[range(HIGH)] * (tones - 2)):
        # 1, 3, 7 and 9 are the units modulo 10: changing any one tone changes the checksum.
        total = shift + first + sum((3, 7, 9)[place % 3] * tone for place, tone in enumerate(rest))
        body = (*rest, total % HIGH)
        if all(one != other for one, other in pairwise(body)):
            yield (first, *(LOW + tone for tone in body))


@dataclass(frozen=True, slots=True)
class ToneLanguage:
    """A word list and the melody of every word, known or foreign."""

    words: tuple[str, ...]
    melodies: dict[str, tuple[int, ...]]
    """Tones of every word, numbers into `frequencies()`."""
    foreign: tuple[tuple[int, ...], ...]
    """Melodies that no word of the list has."""

    @staticmethod
    def of(words: Sequence[str]) -> ToneLanguage:
        """Melodies for these words: four tones for up to 324, longer ones beyond."""
        known = tuple(sorted(set(words) - {_UNKNOWN}))
        tones = 4
        while len(codes := list(_codes(tones, 0))) < len(known):
            tones += 1
        # Neighbours in the alphabet are dealt far apart, so that partials part early (89 divides no count).
        melodies = {word: codes[place * 89 % len(codes)] for place, word in enumerate(known)}
        return ToneLanguage(known, melodies, tuple(_codes(tones, 5)))

    def melody(self, word: str) -> tuple[int, ...]:
        """The word's tones; a foreign word has tones no word of the list has, the same every time."""
        digest = int.from_bytes(sha256(word.encode()).digest()[:4], "big")
        return self.melodies.get(word) or self.foreign[digest % len(self.foreign)]


def write_model(folder: Path, language: ToneLanguage, *, options: Sequence[str] = (), any_sound: bool = False) -> Path:
    """A whole model folder in the small models' layout (grammars work); `options` go to `conf/model.conf`.

    `any_sound`: every sound that is loud enough is the first tone, and no other tone is heard. Where the words have
    that tone only, speech is taken for the words of the grammar.
    """
    for name in ("am", "conf", "graph/phones"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    numbers = {word: number for number, word in enumerate([*language.words, _UNKNOWN], start=1)}
    (folder / "conf/model.conf").write_text("\n".join([*_OPTIONS, *options, ""]), encoding="utf-8")
    (folder / "conf/fbank.conf").write_text("\n".join([*_FRONT_END, ""]), encoding="utf-8")
    (folder / "am/final.mdl").write_text(
        _transitions() + _network(*(_any_sound() if any_sound else _contrast())), encoding="utf-8"
    )
    (folder / "graph/words.txt").write_text(
        "<eps> 0\n" + "".join(f"{word} {number}\n" for word, number in numbers.items()), encoding="utf-8"
    )
    (folder / "graph/phones/word_boundary.int").write_text(
        "".join(f"{phone} {place}\n" for phone, place in zip(_PHONES, ["nonword", *_PLACES * _TONES], strict=True)),
        encoding="utf-8",
    )
    (folder / "graph/disambig_tid.int").write_text("", encoding="utf-8")
    any_word: list[Arc] = [(number, number, log(len(numbers)), 0) for number in numbers.values()]
    _write_fst(folder / "graph/Gr.fst", [(0.0, any_word)])
    _write_fst(folder / "graph/HCLr.fst", _lexicon(language, numbers))
    return folder


_OPTIONS = (
    # What the small English models ship with, as far as the engine's options go.
    "--min-active=200",
    "--max-active=3000",
    "--beam=10.0",
    "--lattice-beam=2.0",
    "--acoustic-scale=1.0",
    # The engine counts a decoded frame as 0.03 s whatever is written here.
    "--frame-subsampling-factor=3",
    f"--endpoint.silence-phones={_SILENCE}",
    "--endpoint.rule2.min-trailing-silence=0.5",
    "--endpoint.rule3.min-trailing-silence=0.75",
    "--endpoint.rule4.min-trailing-silence=1.0",
)

_FRONT_END = (
    "--sample-frequency=16000",
    f"--num-mel-bins={BINS}",
    f"--low-freq={_LOWEST}",
    f"--high-freq={_HIGHEST}",
    "--use-energy=false",
    "--preemphasis-coefficient=0.0",
    # Dither is random: without this line no two runs are alike.
    "--dither=0.0",
)


_TONES = LOW + HIGH
_PHONES = range(_SILENCE, _SILENCE + 1 + len(_PLACES) * _TONES)


def _phone(tone: int, place: str) -> int:
    return _SILENCE + 1 + len(_PLACES) * tone + _PLACES.index(place)


def _enter(phone: int) -> int:
    """The label that begins a phone and takes a frame. Every phone has one state with two transitions."""
    return 2 * phone


def _stay(phone: int) -> int:
    """The label that takes another frame of it."""
    return 2 * phone - 1


def _transitions() -> str:
    log_probabilities = [0.0] + [log(0.5)] * (2 * len(_PHONES))
    state = "<State> 0 <PdfClass> 0 <Transition> 0 0.5 <Transition> 1 0.5 </State>\n<State> 1 </State>"
    scores = [0, *(tone + 1 for tone in range(_TONES) for _ in _PLACES)]
    triples = "\n".join(f"{phone} 0 {score}" for phone, score in zip(_PHONES, scores, strict=True))
    return (
        f"<TransitionModel>\n<Topology>\n<TopologyEntry>\n"
        f"<ForPhones>\n{' '.join(map(str, _PHONES))}\n</ForPhones>\n"
        f"{state}\n</TopologyEntry>\n</Topology>\n<Triples> {len(_PHONES)}\n{triples}\n</Triples>\n"
        f"<LogProbs>\n{_vector(log_probabilities)}</LogProbs>\n</TransitionModel>\n"
    )


Affine = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Weights of the filters, one row for silence and one for every tone, and what is added."""


def _contrast() -> Affine:
    """Score of a tone: the log energy of its filter against the mean of the far ones; silence scores nothing.

    The contrast makes it deaf to level and to evenly spread noise.
    """
    weights = np.zeros((1 + _TONES, BINS))
    bias = np.zeros(1 + _TONES)
    for tone in range(_TONES):
        own = _bin(tone)
        far = [place for place in range(BINS) if 1 < abs(place - own) < 8]
        weights[tone + 1, far] = -_WEIGHT / len(far)
        weights[tone + 1, own] = _WEIGHT
        bias[tone + 1] = -_THRESHOLD
    return weights, bias


def _any_sound() -> Affine:
    """Score of the first tone: the mean log energy of all filters over `_LOUD`; silence scores nothing.

    One tone only: with several that score alike the engine would keep all their equal ways apart.
    """
    weights = np.zeros((1 + _TONES, BINS))
    weights[1] = _WEIGHT / BINS
    return weights, np.array([0.0, -_WEIGHT * _LOUD] + [_NEVER] * (_TONES - 1))


def _network(weights: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]) -> str:
    rows = "\n".join("  " + " ".join(f"{value:.6g}" for value in row) for row in weights)
    return (
        f"<Nnet3> \ninput-node name=input dim={BINS}\ncomponent-node name=score component=score input=input\n"
        "output-node name=output input=score objective=linear\n\n<NumComponents> 1\n"
        f"<ComponentName> score <FixedAffineComponent> <LinearParams>  [\n{rows} ]\n"
        f"<BiasParams> {_vector(bias.tolist())}</FixedAffineComponent>\n"
        "</Nnet3>\n<LeftContext> 0 <RightContext> 0 <Priors>  [ ]\n"
    )


def _vector(values: Sequence[float]) -> str:
    return f" [ {' '.join(f'{value:.6g}' for value in values)} ]\n"


State = tuple[float | None, list[Arc]]
"""Final cost (None: not final) and the arcs out."""


def _lexicon(language: ToneLanguage, numbers: dict[str, int]) -> list[State]:
    """A loop: silence or none, then a word, or anything whistled at all, which is [unk]."""
    states: list[State] = [(0.0, [])]

    def add(*arcs: Arc) -> int:
        states.append((None, list(arcs)))
        return len(states) - 1

    # Two silences never follow each other. With a plain loop every frame of silence can begin a new one; the
    # engine then keeps all those equal ways apart, and ten seconds of silence take it minutes.
    states.append((0.0, []))
    speech = 1
    silence = add((0, 0, 0.0, speech))
    states[silence][1].append((_stay(_SILENCE), 0, 0.0, silence))
    states[0][1].extend([(0, 0, 0.0, speech), (_enter(_SILENCE), 0, 0.0, silence)])
    for word in language.words:
        tones = language.melodies[word]
        here, label = speech, numbers[word]
        for place, tone in enumerate(tones):
            phone = _phone(tone, "begin" if place == 0 else "end" if place == len(tones) - 1 else "internal")
            # Two frames at least: else a word whose middle is wrong costs no more than one frame's misfit.
            first, rest = add(), add()
            states[here][1].append((_enter(phone), label, 0.0, first))
            states[first][1].append((_stay(phone), 0, 0.7, rest))
            states[rest][1].append((_stay(phone), 0, 0.7, rest))
            here, label = rest, 0
        states[here][1].append((0, 0, 0.0, 0))
    middle, last = add(), add((0, 0, 0.0, 0))
    for tone in range(_TONES):
        # Dearer than a word's own path by 4 to begin and 1 for every frame: a word wins where it fits.
        states[speech][1].append((_enter(_phone(tone, "begin")), numbers[_UNKNOWN], 4.0, middle))
        states[speech][1].append((_enter(_phone(tone, "singleton")), numbers[_UNKNOWN], 4.0, last))
        states[middle][1].append((_enter(_phone(tone, "internal")), 0, 1.7, middle))
        states[middle][1].append((_enter(_phone(tone, "end")), 0, 1.7, last))
    return states


def _write_fst(path: Path, states: Sequence[State]) -> None:
    """OpenFst's binary `vector` type over `standard` arcs, version 2; state 0 starts."""
    arcs = sum(len(out) for _, out in states)
    expanded_and_mutable = 0x3
    parts = [
        struct.pack("<i", 2125659606),
        *(struct.pack("<i", len(name)) + name for name in (b"vector", b"standard")),
        struct.pack("<iiQqqq", 2, 0, expanded_and_mutable, 0, len(states), arcs),
    ]
    for final, out in states:
        parts.append(struct.pack("<fq", float("inf") if final is None else final, len(out)))
        parts.extend(struct.pack("<iifi", *arc) for arc in out)
    path.write_bytes(b"".join(parts))
