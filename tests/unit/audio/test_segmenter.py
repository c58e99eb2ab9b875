"""Where utterances begin and end, in frames of 20 ms."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.audio.segmenter import Mark, Segmenter, UtteranceBounds

FRAME = 0.02
BOUNDS = UtteranceBounds(onset_s=0.06, lead_s=0.3, silence_s=0.1, longest_s=1.0)


def marks(votes: str, bounds: UtteranceBounds = BOUNDS) -> str:
    """One letter for each frame: q quiet, b began, s spoken, e ended, c cut. In `votes` # is speech."""
    segmenter = Segmenter(FRAME, bounds)
    return "".join(segmenter.push(vote == "#").value[0] for vote in votes)


def test_speech_begins_after_the_onset_and_ends_with_the_silence() -> None:
    assert marks("...####......") == "qqqqqbssssseq"


def test_a_click_is_no_utterance() -> None:
    assert set(marks("..##..#.##..")) == {"q"}


def test_a_pause_shorter_than_the_silence_does_not_end_it() -> None:
    assert marks("###....####.....") == "qqbssssssssssss" + "e"


def test_speech_without_end_is_cut_and_begins_anew() -> None:
    heard = marks("#" * 120)
    assert [place for place, mark in enumerate(heard) if mark == "c"] == [49, 99]
    assert [place for place, mark in enumerate(heard) if mark == "b"] == [2, 52, 102]


def test_the_first_sound_lies_as_far_back_as_lead_and_onset() -> None:
    assert Segmenter(FRAME, BOUNDS).first_frames == 3 + 15
    assert Segmenter(0.01, BOUNDS).first_frames == 6 + 30


def test_it_tells_how_long_ago_speech_began() -> None:
    segmenter = Segmenter(FRAME, BOUNDS)
    for vote in (False, True, True, True):
        segmenter.push(vote)
    assert segmenter.is_open
    assert segmenter.frames_since_onset == 3
    assert segmenter.silent_frames == 0
    segmenter.push(False)
    assert segmenter.frames_since_onset == 4
    assert segmenter.silent_frames == 1


@given(st.lists(st.booleans(), max_size=400))
def test_every_utterance_that_ends_began_and_none_is_too_long(votes: list[bool]) -> None:
    segmenter = Segmenter(FRAME, BOUNDS)
    length = 0
    for vote in votes:
        was_open = segmenter.is_open
        match segmenter.push(vote):
            case Mark.BEGAN:
                assert not was_open and vote
                length = 3
            case Mark.SPOKEN:
                length += 1
            case Mark.ENDED | Mark.CUT:
                assert was_open
                length += 1
            case Mark.QUIET:
                assert not was_open
        assert length <= 50


def test_whoever_knows_that_nothing_is_missing_ends_an_utterance_sooner() -> None:
    segmenter = Segmenter(0.02, UtteranceBounds())
    marks = [segmenter.push(speech) for speech in [True] * 10 + [False] * 5]
    assert marks[-1] is Mark.SPOKEN
    assert segmenter.end() is Mark.ENDED
    assert not segmenter.is_open
    assert segmenter.push(False) is Mark.QUIET
