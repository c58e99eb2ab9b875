"""The ways in which a phrase may be written, and no others."""

from __future__ import annotations

import pytest

from coach.language.phrases import automaton
from coach.language.pieces import BEGIN_TOKEN, END_TOKEN, Pieces
from coach.language.spelling import written_forms
from coach.language.token_net import Position, TokenNet, TokenReading

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SIGNS = "▁,.!?-'0123456789"
JOINED = ("▁s", "to", "▁sto", "▁stop", "set")


def vocabulary() -> bytes:
    """A vocabulary of single letters, of every pair of letters, and of a few pieces of words."""
    pairs = [a + b for a in LETTERS for b in LETTERS if a + b not in JOINED]
    words = ["<unk>", "<s>", "</s>"]
    tokens = [word.encode() for word in words] + [bytes([byte]) for byte in range(256)]
    tokens += [piece.encode() for piece in (*JOINED, *LETTERS, *LETTERS.upper(), *SIGNS, *pairs)]
    return b"".join(bytes([len(token)]) + token for token in tokens)


PIECES = Pieces(vocabulary())


def net(*phrases: str) -> TokenNet:
    return TokenNet(automaton([tuple(phrase.split()) for phrase in phrases]), PIECES)


def read(of: TokenNet, tokens: tuple[int, ...]) -> str | None:
    """The phrase that these tokens write; None if they write none."""
    place: Position = of.start()
    for token in tokens:
        place = tuple(
            TokenReading(node.following[token], words)
            for _, node, words in of.choices(place)
            if token in node.following
        )
    return of.phrase(place)


def test_the_pair_with_the_lowest_number_is_merged_first() -> None:
    assert PIECES.encode("stop") == (PIECES.number("▁stop"),)
    assert PIECES.decode(PIECES.encode("stop set")) == "stop set"


def test_what_is_no_piece_is_bytes() -> None:
    assert PIECES.decode(PIECES.encode("é")) == "é"


def test_marks_for_begin_and_end_are_no_text() -> None:
    assert PIECES.decode((BEGIN_TOKEN, *PIECES.encode("set"), END_TOKEN)) == "set"


@pytest.mark.parametrize("data", [b"", b"\x05ab", b"\x01a" * 300])
def test_a_foreign_vocabulary_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|no vocabulary"):
        Pieces(data)


def test_a_long_token_has_a_length_of_two_bytes() -> None:
    long = b"x" * 200
    data = vocabulary() + bytes([128 + 200 % 128, 200 // 128]) + long
    assert Pieces(data).number("x" * 200) == len(PIECES)


@pytest.mark.parametrize(
    ("written", "phrase"),
    [
        ("stop", "stop"),
        ("Stop", "stop"),
        ("ninety kilos", "ninety kilos"),
        ("90 kilos", "ninety kilos"),
        ("90 kg", "ninety kilos"),
        ("90, kilos", "ninety kilos"),
        ("I'm done", "i'm done"),
        ("setup", "set up"),
        ("Set up", "set up"),
        ("tempo. Three, one", "tempo three one"),
        ("STOP", None),
        ("ninety", None),
        ("stop stop", None),
        ("i'm done", None),
    ],
)
def test_writings(written: str, phrase: str | None) -> None:
    of = net("stop", "ninety kilos", "i'm done", "set up", "tempo three one")
    assert read(of, PIECES.encode(written)) == phrase


@pytest.mark.parametrize("joint", ["-", ""])
def test_digits_may_touch(joint: str) -> None:
    of = net("tempo three one two")
    three, one, two = (PIECES.encode(digit, True) for digit in "312")
    hyphen = PIECES.encode(joint, True) if joint else ()
    written = (*PIECES.encode("tempo"), *PIECES.encode("3"), *hyphen, *one, *hyphen, *two)
    assert three
    assert read(of, written) == "tempo three one two"


def test_one_word_may_go_on_as_another() -> None:
    of = net("set", "set up", "settle")
    assert read(of, PIECES.encode("set")) == "set"
    assert read(of, PIECES.encode("set up")) == "set up"
    assert read(of, PIECES.encode("settle")) == "settle"


def test_a_number_has_its_written_form_behind_all_its_words() -> None:
    branch = written_forms()
    for word in ("one", "hundred", "and", "two"):
        branch = branch.following[word]
    assert branch.written == ("102",)
