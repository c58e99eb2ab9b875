"""Searches what was said in three ways at once: as a live phrase, as a safety phrase among any words, as any words.

Law: what is found depends on the sound and the phrases alone. All scores are natural log-likelihoods of whole texts
given the sound, so the difference of two scores says how much likelier one text is than the other.

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
from coach.language.acceptance import without_repetition
from coach.language.pieces import END_TOKEN, Pieces
from coach.language.token_net import Position, TokenNet, TokenNode, TokenReading, Words


class Kind(Enum):
    """How a row, which is one text that is being written, continues."""

    FREE = "free"
    """The row continues with the likeliest token of all. A safety phrase may branch off wherever a word may begin."""
    LIVE = "live"
    """The row continues within the net of the live phrases."""
    AROUND = "around"
    """The row continues within the net of the live phrases and the words around them: fillers, a second phrase."""
    URGENT = "urgent"
    """The row continues within the net of the safety phrases, behind the text of the free row."""
    TAIL = "tail"
    """The row continues with the likeliest token of all, behind a safety phrase."""


WIDTHS = {Kind.FREE: 1, Kind.LIVE: 8, Kind.AROUND: 4, Kind.URGENT: 4, Kind.TAIL: 1}
"""Most rows of each kind."""
PRIOR_SHARE = 0.5
"""Share of the prior that is subtracted."""
SURPLUS = 6.0
"""Nats that are subtracted from the evidence of a phrase with words around it. Otherwise the prior would favour the
added words, and over noise "pause" would become "um pause pause". For a repeated phrase `SURPLUS` is subtracted twice:
the model repeats phrases too often."""
BEAM = 10.0
"""Nats behind the best row of its kind at which a row is given up."""
FREE_BEAM = 15.0
"""Nats behind the free row's text at which a row of the live phrases is given up: its phrase would not be accepted.
Without this bound, such rows are continued whenever others talk."""
TOKENS_A_SECOND = 7
"""Most tokens in a second of speech; fast speech has 6.5. Without a bound a free row may never end over noise."""
_MIN_TOKENS = 4
"""The bound of tokens is at least this, however short the sound is, and at most `_MAX_TOKENS`."""
_MAX_TOKENS = 32
_ENDS = (".", "!", "?", ",", "...", ";", "-", "—", ":")
"""A phrase may be followed by any of these tokens, or by the end token."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase and how likely it is."""

    text: str
    evidence: float
    """Log-likelihood of the whole text minus `PRIOR_SHARE` of its log-likelihood over mere noise, nats."""
    score: float
    """Log-likelihood of the whole text, nats."""
    before: tuple[int, ...] = ()
    """Tokens of other words before the phrase."""
    tokens: tuple[int, ...] = ()
    """Tokens of the phrase, in its likeliest writing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What may have been said in a piece of sound."""

    free_text: str
    """The likeliest text of any words, as the model writes it."""
    free_score: float
    """Log-likelihood of `free_text` up to its last possible end, nats."""
    free_tokens: tuple[int, ...]
    """Tokens of `free_text` up to its last possible end."""
    live: tuple[Candidate, ...]
    """Live phrases, the likeliest first."""
    urgent: tuple[Candidate, ...]
    """Safety phrases with any words before and behind, the likeliest first, each phrase once."""


@dataclass(slots=True)
class _Row:
    """One text that is being written."""

    kind: Kind
    decoder_row: int
    """Index of the row in the decoder's state. Before `token` is written: index of the row that this row continues."""
    token: int
    """The row's last token."""
    evidence: float
    score: float
    """`evidence` and `score` as in `Candidate`, of the text so far."""
    position: Position = ()
    """Position in the net of the row's kind."""
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
    prior_file: InitVar[Path | None] = None
    """File for what the prior looks up."""
    prior: Prior = field(init=False)
    _ends: list[int] = field(init=False)
    """Tokens that may follow a phrase, the end token first."""
    _begins_word: list[bool] = field(init=False)
    """Whether a token begins a word, for each token."""

    def __post_init__(self, prior_file: Path | None) -> None:
        pieces = self.model.pieces
        self._ends = [END_TOKEN, *(number for end in _ENDS if (number := pieces.number(end)) is not None)]
        self._begins_word = [pieces.begins_word(token) for token in range(len(pieces))]
        self.prior = Prior(self.model, self._ends, prior_file)

    def read(
        self, encoded: EncodedSound, first: DecoderState, nets: Mapping[Kind, TokenNet], width: int = WIDTHS[Kind.LIVE]
    ) -> Reading:
        """Read the sound in all three ways.

        `first` is the other result of `listen`. `nets`: the nets that exist. `width`: most rows of live phrases.
        """
        run = _Run(self.prior, self._ends, self._begins_word, nets, WIDTHS | {Kind.LIVE: width})
        rows, state = run.first_rows(), first
        max_tokens = min(_MAX_TOKENS, max(_MIN_TOKENS, math.ceil(TOKENS_A_SECOND * encoded.seconds)))
        for _ in range(max_tokens):
            rows = run.step(rows, state.logs)
            if not rows:
                break
            state = self.model.write(encoded, state, [row.decoder_row for row in rows], [row.token for row in rows])
            for index, row in enumerate(rows):
                row.decoder_row = index
        else:
            run.step(rows, state.logs)
        return self._add_ending(encoded, run.reading(self.model.pieces))

    def _add_ending(self, encoded: EncodedSound, reading: Reading) -> Reading:
        """Lower the likeliest live phrase's score by the likelihood that the model writes more behind it.

        In "how deep, stop" a comma, which is one of the ends, follows the phrase "how deep". The end token does not.
        """
        if not reading.live:
            return reading
        best, *others = reading.live
        before, behind = self.model.score(encoded, (*best.tokens, self._ends[1]))[-2:]
        ends = before[self._ends]
        # The end token follows at once, or behind a mark; here the full stop represents all marks.
        over = np.logaddexp(ends[0], np.logaddexp.reduce(ends[1:]) + behind[END_TOKEN])
        rest = float(over - np.logaddexp.reduce(ends))
        best = replace(best, score=best.score + rest, evidence=best.evidence + rest)
        live = sorted((best, *others), key=lambda candidate: -candidate.evidence)
        return replace(reading, live=tuple(live))


class _Run:
    """One search: takes the likelihoods of the next tokens and decides which rows to write."""

    def __init__(
        self,
        prior: Prior,
        ends: list[int],
        begins: list[bool],
        nets: Mapping[Kind, TokenNet],
        widths: Mapping[Kind, int],
    ) -> None:
        self._prior, self._ends, self._begins_word, self._nets, self._widths = prior, ends, begins, nets, widths
        self._free: tuple[int, ...] = ()
        self._free_score = 0.0
        self._last_end: tuple[float, int] | None = None
        """Score and length of the free text up to its last possible end."""
        self._live_found: dict[str, Candidate] = {}
        self._around_found: dict[str, Candidate] = {}
        self._urgent_found: dict[str, Candidate] = {}

    def first_rows(self) -> list[_Row]:
        rows = [_Row(Kind.FREE, 0, 0, 0.0, 0.0)]
        for kind in (Kind.LIVE, Kind.AROUND):
            if (net := self._nets.get(kind)) is not None:
                rows.append(_Row(kind, 0, 0, 0.0, 0.0, net.start()))
        return rows

    def step(self, rows: list[_Row], logs: Floats) -> list[_Row]:
        """Note the phrases that may end here; return the rows to write, each with its next token."""
        ends = np.logaddexp.reduce(logs[:, self._ends], axis=1)
        pools: dict[Kind, list[_Row]] = {kind: [] for kind in Kind}
        for row in rows:
            end = float(ends[row.decoder_row])
            match row.kind:
                case Kind.FREE:
                    self._continue_freely(row, logs, row.score + end, pools)
                case Kind.LIVE | Kind.AROUND:
                    # This stands before the end is scored, because it also looks up how likely an end is.
                    self._continue_in_net(row, logs, pools)
                    phrase = self._phrase(row)
                    if phrase is not None:
                        self._note_live(self._candidate(row, phrase, end), row.kind)
                case Kind.URGENT:
                    self._continue_in_net(row, logs, pools)
                    phrase = self._phrase(row)
                    if phrase is not None:
                        self._note_urgent(self._candidate(row, phrase, end))
                        pools[Kind.TAIL] += self._tail(row, phrase, logs)
                case Kind.TAIL:
                    self._note_urgent(self._candidate(row, row.phrase, end))
                    pools[Kind.TAIL] += self._tail(row, row.phrase, logs)
        return [row for kind in Kind for row in self._best(kind, pools[kind])]

    def _candidate(self, row: _Row, phrase: str, end: float) -> Candidate:
        evidence = row.evidence + end - PRIOR_SHARE * self._prior.end_log(row.written)
        return Candidate(phrase, evidence, row.score + end, row.before, row.written)

    def _phrase(self, row: _Row) -> str | None:
        net = self._nets.get(row.kind)
        return None if net is None else net.phrase(row.position)

    def _note_urgent(self, found: Candidate) -> None:
        known = self._urgent_found.get(found.text)
        if known is None or found.evidence > known.evidence:
            self._urgent_found[found.text] = found

    def _note_live(self, found: Candidate, kind: Kind) -> None:
        if kind is Kind.AROUND:
            charge = SURPLUS if without_repetition(found.text) == found.text else 2 * SURPLUS
            found = replace(found, evidence=found.evidence - charge)
            self._around_found.setdefault(found.text, found)
            return
        known = self._live_found.get(found.text)
        if known is not None:
            # Two writings of the same words are one candidate.
            likelier = max(known, found, key=lambda candidate: candidate.evidence)
            found = replace(
                likelier,
                evidence=float(np.logaddexp(known.evidence, found.evidence)),
                score=float(np.logaddexp(known.score, found.score)),
            )
        self._live_found[found.text] = found

    def _continue_freely(self, row: _Row, logs: Floats, end: float, pools: dict[Kind, list[_Row]]) -> None:
        token = int(logs[row.decoder_row].argmax())
        before, score = self._free, row.score + float(logs[row.decoder_row, token])
        if token in self._ends:
            self._last_end = (end, len(before))
        if token != END_TOKEN:
            self._free, self._free_score = (*before, token), score
            pools[Kind.FREE].append(_Row(Kind.FREE, row.decoder_row, token, score, score))
        urgent = self._nets.get(Kind.URGENT)
        if urgent is not None and (not before or token in self._ends or self._begins_word[token]):
            start = _Row(Kind.URGENT, row.decoder_row, 0, row.score, row.score, urgent.start(), "", before)
            self._continue_in_net(start, logs, pools)

    def _tail(self, row: _Row, phrase: str, logs: Floats) -> list[_Row]:
        token = int(logs[row.decoder_row].argmax())
        if token == END_TOKEN:
            return []
        gain = float(logs[row.decoder_row, token])
        evidence, score = row.evidence + gain, row.score + gain
        return [_Row(Kind.TAIL, row.decoder_row, token, evidence, score, (), phrase, row.before, row.written)]

    def _continue_in_net(self, row: _Row, logs: Floats, pools: dict[Kind, list[_Row]]) -> None:
        """Add the best few continuations of a row within its net."""
        net, pool = self._nets.get(row.kind), pools[row.kind]
        if net is None:
            return
        width, floor = self._widths[row.kind], self._floor(row.kind, pool)
        ways: dict[int, list[tuple[TokenNode, Words]]] = {}
        gains: dict[int, float] = {}
        for tokens, node, words in net.choices(row.position):
            gained = logs[row.decoder_row, tokens] - PRIOR_SHARE * self._prior.next_logs(row.written, tokens)
            chosen = np.argpartition(gained, -width)[-width:] if len(tokens) > width else range(len(tokens))
            for index in chosen:
                token = int(tokens[index])
                gains[token] = float(gained[index])
                ways.setdefault(token, []).append((node, words))
        for token in sorted(gains, key=lambda token: -gains[token])[:width]:
            evidence, score = row.evidence + gains[token], row.score + float(logs[row.decoder_row, token])
            if evidence <= floor:
                break
            place = tuple(TokenReading(node.following[token], words) for node, words in ways[token])
            written = (*row.written, token)
            pool.append(_Row(row.kind, row.decoder_row, token, evidence, score, place, "", row.before, written))

    def _floor(self, kind: Kind, pool: list[_Row]) -> float:
        """Evidence at which a row of this kind is given up, as far as it is known now; the value only rises."""
        best = max((row.evidence for row in pool), default=-math.inf)
        free_bound = self._free_score + BEAM - FREE_BEAM
        match kind:
            case Kind.FREE:
                return -math.inf
            case Kind.LIVE:
                best = max(best, free_bound, *(found.evidence for found in self._live_found.values()))
            case Kind.AROUND:
                found_already = (*self._live_found.values(), *self._around_found.values())
                best = max(best, free_bound, *(found.evidence + SURPLUS for found in found_already))
            case Kind.URGENT | Kind.TAIL:
                # A safety phrase that is far less likely than the free row's text would not be accepted anyway.
                best = max(best, self._free_score, *(found.evidence for found in self._urgent_found.values()))
        return best - BEAM

    def _best(self, kind: Kind, pool: list[_Row]) -> list[_Row]:
        pool = sorted(pool, key=lambda row: -row.evidence)[: self._widths[kind]]
        floor = self._floor(kind, pool)
        return [row for row in pool if row.evidence > floor]

    def reading(self, pieces: Pieces) -> Reading:
        """The reading that the search has found."""
        score, length = self._last_end or (self._free_score, len(self._free))
        live = sorted((self._around_found | self._live_found).values(), key=lambda candidate: -candidate.evidence)
        urgent = sorted(self._urgent_found.values(), key=lambda candidate: -candidate.evidence)
        return Reading(pieces.decode(self._free), score, self._free[:length], tuple(live), tuple(urgent))
