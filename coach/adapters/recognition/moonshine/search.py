"""What was said, read three ways at once: as a live phrase, as a safety phrase among any words, and as any words.

Law: what is found depends on the sound and the phrases alone. All scores are natural log-likelihoods of whole texts
given the sound, so their differences say how much likelier one reading is than another.

A search writes texts of equal length side by side, so that the decoder takes all of them in one run. A run costs about
5 ms a token for twelve texts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field, replace
from enum import Enum
from pathlib import Path

import numpy as np

from coach.adapters.recognition.moonshine.model import DecoderState, EncodedSound, Floats, MoonshineModel
from coach.adapters.recognition.moonshine.prior import Prior
from coach.language.belief import once
from coach.language.pieces import END, Pieces
from coach.language.token_net import Node, Place, Thread, TokenNet, Words


class Kind(Enum):
    """How a row continues."""

    FREE = "free"
    """The row continues by the likeliest token of all; a safety phrase may branch off wherever a word may begin."""
    LIVE = "live"
    """The row continues within the net of the live phrases."""
    AROUND = "around"
    """The row continues within the net of the live phrases and the words around them: fillers, a second phrase."""
    URGENT = "urgent"
    """The row continues within the net of the safety phrases, behind the text of the free row."""
    TAIL = "tail"
    """The row continues by the likeliest token of all, behind a safety phrase."""


WIDTHS = {Kind.FREE: 1, Kind.LIVE: 8, Kind.AROUND: 4, Kind.URGENT: 4, Kind.TAIL: 1}
"""Most rows of each kind."""
PRIOR_SHARE = 0.5
"""Share of the prior that is subtracted."""
SURPLUS = 6.0
"""Nats that are subtracted from the evidence of a phrase with words around it. Otherwise the prior would favour the
added words, and over noise "pause" would become "um pause pause". For a repeated phrase they are subtracted twice: the
model repeats phrases too often."""
BEAM = 10.0
"""Nats behind the best row of its kind at which a row is given up."""
FREE_BEAM = 15.0
"""Nats behind the free row's text at which a row of the live phrases is given up: it would not be believed. Without
this bound, rows that lead nowhere are continued in all talk."""
_TOKENS_A_SECOND = 7.0
"""Tokens in a second of speech; fast speech has 6.5. A free row that runs on, as it does over noise, is stopped
here."""
_TOKENS_AT_LEAST = 4
_MOST_TOKENS = 32
_ENDS = (".", "!", "?", ",", "...", ";", "-", "—", ":")
"""A phrase may be followed by any of these tokens, or by the end token."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase and how likely it is."""

    text: str
    evidence: float
    """Log-likelihood of the whole text minus `PRIOR_SHARE` of its log-likelihood without any sound, nats."""
    score: float
    """Log-likelihood of the whole text, nats."""
    before: tuple[int, ...] = ()
    """Tokens of other words before the phrase."""
    tokens: tuple[int, ...] = ()
    """Tokens of the phrase, in its likeliest writing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What may have been said in a piece of sound."""

    free: str
    """The likeliest text of any words, as the model writes it."""
    free_score: float
    free_tokens: tuple[int, ...]
    live: tuple[Candidate, ...]
    """Live phrases, the likeliest first."""
    urgent: tuple[Candidate, ...]
    """Safety phrases with any words before and behind, the likeliest first, each phrase once."""


@dataclass(slots=True)
class _Row:
    """One text that is being written."""

    kind: Kind
    at: int
    """The decoder's row that holds this row; before this row is written, the decoder's row that it continues."""
    token: int
    evidence: float
    score: float
    place: Place = ()
    """Place in the net of the row's kind."""
    phrase: str = ""
    """The safety phrase before a tail; empty for other kinds."""
    before: tuple[int, ...] = ()
    """Tokens before the safety phrase."""
    written: tuple[int, ...] = ()
    """Tokens of the phrase so far."""


@dataclass(slots=True)
class Search:
    """Searches with one model."""

    model: MoonshineModel
    kept: InitVar[Path | None] = None
    """A file for what the prior looks up."""
    prior: Prior = field(init=False)
    _ends: list[int] = field(init=False)
    _begins: list[bool] = field(init=False)

    def __post_init__(self, kept: Path | None) -> None:
        pieces = self.model.pieces
        self._ends = [END, *(number for one in _ENDS if (number := pieces.number(one)) is not None)]
        self._begins = [pieces.begins_word(token) for token in range(len(pieces))]
        self.prior = Prior(self.model, self._ends, kept)

    def read(
        self, heard: EncodedSound, first: DecoderState, nets: Mapping[Kind, TokenNet], width: int = WIDTHS[Kind.LIVE]
    ) -> Reading:
        """Read `heard` in every way.

        `first` is the other result of `listen`. `nets` are the nets that exist, `width` the most rows of live phrases.
        """
        run = _Run(self.prior, self._ends, self._begins, nets, WIDTHS | {Kind.LIVE: width})
        rows, logs = run.first(), first
        most = min(_MOST_TOKENS, max(_TOKENS_AT_LEAST, math.ceil(_TOKENS_A_SECOND * heard.seconds)))
        for _ in range(most):
            rows = run.step(rows, logs.logs)
            if not rows:
                break
            logs = self.model.write(heard, logs, [row.at for row in rows], [row.token for row in rows])
            for at, row in enumerate(rows):
                row.at = at
        else:
            run.step(rows, logs.logs)
        return self._finished(heard, run.reading(self.model.pieces))

    def _finished(self, heard: EncodedSound, reading: Reading) -> Reading:
        """Lower the likeliest live phrase's score by what the model would still write behind it.

        In "how deep, stop" a comma, which is one of the ends, follows the phrase "how deep", but the end token does
        not.
        """
        if not reading.live:
            return reading
        best, *others = reading.live
        before, behind = self.model.follow(heard, (*best.tokens, self._ends[1]))[-2:]
        ends = before[self._ends]
        # The end token follows at once, or behind a mark; the full stop stands for all marks.
        over = np.logaddexp(ends[0], np.logaddexp.reduce(ends[1:]) + behind[END])
        rest = float(over - np.logaddexp.reduce(ends))
        best = replace(best, score=best.score + rest, evidence=best.evidence + rest)
        live = sorted((best, *others), key=lambda one: -one.evidence)
        return replace(reading, live=tuple(live))


class _Run:
    """The rows of one search: takes the likelihoods and decides what to write next."""

    def __init__(
        self,
        prior: Prior,
        ends: list[int],
        begins: list[bool],
        nets: Mapping[Kind, TokenNet],
        widths: Mapping[Kind, int],
    ) -> None:
        self._prior, self._ends, self._begins, self._nets, self._widths = prior, ends, begins, nets, widths
        self._free: tuple[int, ...] = ()
        self._free_score = 0.0
        self._closed: tuple[float, int] | None = None
        """Score and length of the free text up to its last possible end."""
        self._live: dict[str, Candidate] = {}
        self._around: dict[str, Candidate] = {}
        self._urgent: dict[str, Candidate] = {}

    def first(self) -> list[_Row]:
        rows = [_Row(Kind.FREE, 0, 0, 0.0, 0.0)]
        for kind in (Kind.LIVE, Kind.AROUND):
            if (net := self._nets.get(kind)) is not None:
                rows.append(_Row(kind, 0, 0, 0.0, 0.0, net.start()))
        return rows

    def step(self, rows: list[_Row], logs: Floats) -> list[_Row]:
        """Note what may end here; return the rows to write, each with its next token."""
        ends = np.logaddexp.reduce(logs[:, self._ends], axis=1)
        pools: dict[Kind, list[_Row]] = {kind: [] for kind in Kind}
        for row in rows:
            end = float(ends[row.at])
            match row.kind:
                case Kind.FREE:
                    self._go_on_freely(row, logs, row.score + end, pools)
                case Kind.LIVE | Kind.AROUND:
                    # Before the end is scored: looking up the next tokens also looks up how likely an end is.
                    self._go_on_in_net(row, logs, pools)
                    phrase = self._phrase(row)
                    if phrase is not None:
                        self._note_live(self._ended(row, phrase, end), row.kind)
                case Kind.URGENT:
                    self._go_on_in_net(row, logs, pools)
                    phrase = self._phrase(row)
                    if phrase is not None:
                        self._note_urgent(self._ended(row, phrase, end))
                        pools[Kind.TAIL] += self._tail(row, phrase, logs)
                case Kind.TAIL:
                    self._note_urgent(self._ended(row, row.phrase, end))
                    pools[Kind.TAIL] += self._tail(row, row.phrase, logs)
        return [row for kind in Kind for row in self._best(kind, pools[kind])]

    def _ended(self, row: _Row, phrase: str, end: float) -> Candidate:
        evidence = row.evidence + end - PRIOR_SHARE * self._prior.end(row.written)
        return Candidate(phrase, evidence, row.score + end, row.before, row.written)

    def _phrase(self, row: _Row) -> str | None:
        net = self._nets.get(row.kind)
        return None if net is None else net.phrase(row.place)

    def _note_urgent(self, found: Candidate) -> None:
        known = self._urgent.get(found.text)
        if known is None or found.evidence > known.evidence:
            self._urgent[found.text] = found

    def _note_live(self, found: Candidate, kind: Kind) -> None:
        if kind is Kind.AROUND:
            charge = SURPLUS if once(found.text) == found.text else 2 * SURPLUS
            found = replace(found, evidence=found.evidence - charge)
            self._around.setdefault(found.text, found)
            return
        known = self._live.get(found.text)
        if known is not None:
            # Two writings of the same words are one candidate.
            likelier = max(known, found, key=lambda one: one.evidence)
            found = replace(
                likelier,
                evidence=float(np.logaddexp(known.evidence, found.evidence)),
                score=float(np.logaddexp(known.score, found.score)),
            )
        self._live[found.text] = found

    def _go_on_freely(self, row: _Row, logs: Floats, end: float, pools: dict[Kind, list[_Row]]) -> None:
        token = int(logs[row.at].argmax())
        before, score = self._free, row.score + float(logs[row.at, token])
        if token in self._ends:
            self._closed = (end, len(before))
        if token != END:
            self._free, self._free_score = (*before, token), score
            pools[Kind.FREE].append(_Row(Kind.FREE, row.at, token, score, score))
        urgent = self._nets.get(Kind.URGENT)
        if urgent is not None and (not before or token in self._ends or self._begins[token]):
            start = _Row(Kind.URGENT, row.at, 0, row.score, row.score, urgent.start(), "", before)
            self._go_on_in_net(start, logs, pools)

    def _tail(self, row: _Row, phrase: str, logs: Floats) -> list[_Row]:
        token = int(logs[row.at].argmax())
        if token == END:
            return []
        more = float(logs[row.at, token])
        evidence, score = row.evidence + more, row.score + more
        return [_Row(Kind.TAIL, row.at, token, evidence, score, (), phrase, row.before, row.written)]

    def _go_on_in_net(self, row: _Row, logs: Floats, pools: dict[Kind, list[_Row]]) -> None:
        """Add the best few continuations of a row within its net."""
        net, pool = self._nets.get(row.kind), pools[row.kind]
        if net is None:
            return
        most, floor = self._widths[row.kind], self._floor(row.kind, pool)
        ways: dict[int, list[tuple[Node, Words]]] = {}
        gains: dict[int, float] = {}
        for tokens, node, words in net.choices(row.place):
            gained = logs[row.at, tokens] - PRIOR_SHARE * self._prior.next(row.written, tokens)
            chosen = np.argpartition(gained, -most)[-most:] if len(tokens) > most else range(len(tokens))
            for index in chosen:
                token = int(tokens[index])
                gains[token] = float(gained[index])
                ways.setdefault(token, []).append((node, words))
        for token in sorted(gains, key=lambda token: -gains[token])[:most]:
            evidence, score = row.evidence + gains[token], row.score + float(logs[row.at, token])
            if evidence <= floor:
                break
            place = tuple(Thread(node.following[token], words) for node, words in ways[token])
            written = (*row.written, token)
            pool.append(_Row(row.kind, row.at, token, evidence, score, place, "", row.before, written))

    def _floor(self, kind: Kind, pool: list[_Row]) -> float:
        """Evidence at which a row of this kind is given up, as far as it is known; this value only rises."""
        best = max((row.evidence for row in pool), default=-math.inf)
        likely = self._free_score + BEAM - FREE_BEAM
        match kind:
            case Kind.FREE:
                return -math.inf
            case Kind.LIVE:
                best = max(best, likely, *(found.evidence for found in self._live.values()))
            case Kind.AROUND:
                found_already = (*self._live.values(), *self._around.values())
                best = max(best, likely, *(found.evidence + SURPLUS for found in found_already))
            case Kind.URGENT | Kind.TAIL:
                # A safety phrase that is far less likely than the free row's text would not be believed anyway.
                best = max(best, self._free_score, *(found.evidence for found in self._urgent.values()))
        return best - BEAM

    def _best(self, kind: Kind, pool: list[_Row]) -> list[_Row]:
        pool = sorted(pool, key=lambda row: -row.evidence)[: self._widths[kind]]
        floor = self._floor(kind, pool)
        return [row for row in pool if row.evidence > floor]

    def reading(self, pieces: Pieces) -> Reading:
        """The reading that the search has found."""
        score, length = self._closed or (self._free_score, len(self._free))
        live = sorted((self._around | self._live).values(), key=lambda one: -one.evidence)
        urgent = sorted(self._urgent.values(), key=lambda one: -one.evidence)
        return Reading(pieces.decode(self._free), score, self._free[:length], tuple(live), tuple(urgent))
