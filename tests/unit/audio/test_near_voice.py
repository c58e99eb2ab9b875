"""A voice near the microphone is told apart from the talk around by its level."""

from __future__ import annotations

from coach.audio.near_voice import NearVoice

FRAME = 0.02
AROUND, NEAR = 50.0, 62.0
"""Levels in decibels."""


def heard(*levels: tuple[float, float]) -> NearVoice:
    """A near voice after this many seconds at each level."""
    near = NearVoice(FRAME)
    for seconds, level in levels:
        for _ in range(round(seconds / FRAME)):
            near.push(level)
    return near


def test_a_louder_voice_in_talk_begins_where_it_is_loud() -> None:
    near = heard((1.0, AROUND), (0.6, NEAR), (0.4, AROUND))
    assert near.find_onset(crowded=True) == round(1.0 / FRAME)


def test_its_soft_end_is_waited_for_before_it_is_silent() -> None:
    assert heard((1.0, AROUND), (0.6, NEAR), (0.2, AROUND)).silent_frames == 0
    assert heard((1.0, AROUND), (0.6, NEAR), (0.4, AROUND)).silent_frames == round((0.4 - 0.24) / FRAME)


def test_a_short_pause_is_part_of_what_it_says() -> None:
    near = heard((1.0, AROUND), (0.3, NEAR), (0.3, AROUND), (0.3, NEAR), (0.4, AROUND))
    assert near.find_onset(crowded=True) == round(1.3 / FRAME)


def test_what_was_said_before_a_long_pause_is_not() -> None:
    near = heard((1.0, AROUND), (0.3, NEAR), (0.5, AROUND), (0.3, NEAR), (0.4, AROUND))
    assert near.find_onset(crowded=True) == round(0.7 / FRAME)


def test_nobody_stands_out_of_even_talk() -> None:
    assert heard((1.0, AROUND), (0.6, AROUND + 3), (0.4, AROUND)).find_onset(crowded=True) is None


def test_alone_there_is_nothing_to_compare_with() -> None:
    assert heard((0.6, NEAR), (0.2, AROUND)).find_onset(crowded=True) is None


def test_a_new_utterance_forgets_who_was_loud() -> None:
    near = heard((1.0, NEAR + 20), (1.0, AROUND))
    near.begin()
    for level in (AROUND, NEAR, AROUND):
        for _ in range(25):
            near.push(level)
    assert near.find_onset(crowded=True) == 50


def test_a_soft_word_behind_a_loud_one_is_the_same_speakers() -> None:
    near = heard((0.6, NEAR), (0.5, AROUND))
    assert near.find_onset(crowded=False) is None
    assert near.find_onset(crowded=True) == round(1.1 / FRAME)


def test_talk_before_it_shows_that_others_talk() -> None:
    assert heard((0.5, AROUND), (0.6, NEAR), (0.4, AROUND)).find_onset(crowded=False) == round(1.0 / FRAME)
