"""Word pieces: text to the token numbers of a SentencePiece byte-pair vocabulary, and back.

Law: pure; the caller passes the bytes of the vocabulary file. A text has exactly one sequence of tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

BEGIN_TOKEN, END_TOKEN = 1, 2
"""Numbers of the tokens that mark the beginning and the end of a text."""
_BYTES = 3
"""Number of the first byte token: tokens 3 to 258 are the single bytes 0 to 255, the pieces follow."""
_SPACE = "▁"
"""The sign for the space before a word, in a piece."""
_NEVER = 1 << 30
"""A number behind all tokens: for parts that are not a piece together."""


class Pieces:
    """The vocabulary of one model."""

    def __init__(self, data: bytes) -> None:
        """`data`: one record per token: its length (one byte, two from 128 on), then its UTF-8. ValueError if `data` is
        not a vocabulary.
        """
        self._tokens = _records(data)
        self._numbers: dict[bytes, int] = {}
        for number, token in enumerate(self._tokens):
            if number >= _BYTES + 256:
                self._numbers.setdefault(token, number)
        if len(self._numbers) < 256:
            raise ValueError(f"{len(self._tokens)} tokens are no vocabulary of word pieces")
        self.encode = lru_cache(maxsize=16_384)(self._encode)

    def __len__(self) -> int:
        return len(self._tokens)

    def number(self, piece: str) -> int | None:
        """The number of the token that is exactly this piece; None if no token is."""
        return self._numbers.get(piece.encode())

    def begins_word(self, token: int) -> bool:
        """Whether this token begins a new word."""
        return self._tokens[token].startswith(_SPACE.encode())

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of tokens, without the marks for beginning and end."""
        kept = b"".join(
            self._tokens[one] for one in tokens if one >= _BYTES and not self._tokens[one].startswith(b"<<")
        )
        return kept.decode("utf-8", "replace").replace(_SPACE, " ").strip()

    def _encode(self, text: str, joined: bool = False) -> tuple[int, ...]:
        """The tokens of a text that stands after a space. `joined`: it stands after a letter or sign without a space.

        Repeatedly merges the two neighbours whose union has the lowest number. Parts that are not a piece become bytes.
        """
        parts = [letter.encode() for letter in ("" if joined else _SPACE) + text.replace(" ", _SPACE)]
        while True:
            pairs = (self._numbers.get(parts[at] + parts[at + 1], _NEVER) for at in range(len(parts) - 1))
            best, at = min(((number, at) for at, number in enumerate(pairs)), default=(_NEVER, 0))
            if best == _NEVER:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        tokens: list[int] = []
        for part in parts:
            number = self._numbers.get(part)
            tokens += [_BYTES + byte for byte in part] if number is None else [number]
        return tuple(tokens)


def _records(data: bytes) -> list[bytes]:
    tokens: list[bytes] = []
    place = 0
    while place < len(data):
        length = data[place]
        place += 1
        if length >= 128 and place < len(data):
            length = length - 128 + 128 * data[place]
            place += 1
        tokens.append(data[place : place + length])
        place += length
    if place != len(data):
        raise ValueError("the last token is cut off")
    return tokens
