"""The picture of a performance: everything that was said is in it, at its moment, and nothing covers anything else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from itertools import combinations
from math import ceil
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from coach.commands import FADE_S
from coach.ports import PictureError
from coach.rehearsal.performance import Performance, perform_text
from coach.rehearsal.picture.drawing import ROW_S, draw
from coach.rehearsal.picture.labels import Label, Shelf, split_by_time, width, wrap
from coach.rehearsal.picture.row import LEFT, PIXELS_PER_S, WIDTH, Row
from coach.rehearsal.picture.timeline import timeline_of
from coach.rehearsal.scripts.script import read_script
from coach.rehearsal.scripts.transcript import COACH, COUNT, LIFTER
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.talk import GRAMMAR, PACK, USUAL

SVG = "{http://www.w3.org/2000/svg}"
RATE = 8000
TALKS = ("interrupted", "stop", "gym_corner", "whole_workout", "not_understood", "faults/speaker", "faults/clock_jumps")


@cache
def performed(name: str) -> Performance:
    played = perform_text(read_script(CONVERSATIONS / f"{name}.yaml", USUAL), PACK, GRAMMAR)
    assert played.failure is None, str(played.failure)
    return played


def rows(played: Performance) -> list[Row]:
    whole = timeline_of(played, RATE)
    begins = [index * ROW_S for index in range(ceil(played.seconds / ROW_S))]
    return [Row(whole, begin, min(begin + ROW_S, played.seconds), ROW_S) for begin in begins]


def shelves(row: Row) -> tuple[Shelf, ...]:
    return row.lifter_labels, row.hearing_labels, row.coach_labels, row.note_labels


def drawn(played: Performance, **options: float) -> ElementTree.Element:
    return ElementTree.fromstring(draw(played, "A talk: <1> & more", **options))  # type: ignore[arg-type]


def texts(picture: ElementTree.Element) -> str:
    """All readable text, without what a viewer shows only under the pointer."""
    return " ".join(
        (element.text or "") + "".join(child.tail or "" for child in element) for element in picture.iter(f"{SVG}text")
    )


def marks(picture: ElementTree.Element, kind: str) -> list[float]:
    """The x of every line of this class."""
    return [float(line.get("x1", "")) for line in picture.iter(f"{SVG}line") if line.get("class") == kind]


@pytest.mark.parametrize("name", TALKS)
def test_every_line_stands_in_the_rows_of_its_time_whole(name: str) -> None:
    played = performed(name)
    parts = defaultdict(list)
    for row in rows(played):
        for label, _ in sorted(row.coach_labels.placed, key=lambda placed: placed[0].x):
            if label.tooltip:
                parts[label.tooltip].append(" ".join(label.lines).replace("…", "").strip())
    told = sorted(" ".join(words) for words in parts.values())
    assert told == sorted(line.text for line in timeline_of(played, 0).lines)
    said = [entry.text for entry in played.entries if entry.who in (COACH, COUNT)]
    assert set(said) <= set(told)
    lifter = [" ".join(label.lines) for row in rows(played) for label, _ in row.lifter_labels.placed]
    assert sorted(lifter) == sorted(f"“{entry.text}”" for entry in played.entries if entry.who == LIFTER)


@pytest.mark.parametrize("name", TALKS)
def test_no_label_covers_another_or_leaves_the_picture(name: str) -> None:
    for row in rows(performed(name)):
        for shelf in shelves(row):
            boxes = [(label.x, top, label.x + label.width, top + label.height) for label, top in shelf.placed]
            assert all(left >= LEFT and right <= WIDTH for left, _, right, _ in boxes)
            for (left, top, right, bottom), (left2, top2, right2, bottom2) in combinations(boxes, 2):
                assert right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top


@pytest.mark.parametrize("name", TALKS)
def test_a_count_stands_at_its_beat(name: str) -> None:
    played = performed(name)
    beats = [entry.at for entry in played.entries if entry.who == COUNT]
    assert marks(drawn(played), "beat") == pytest.approx([LEFT + at % ROW_S * PIXELS_PER_S for at in beats], abs=0.06)


def test_a_long_talk_is_broken_into_rows_with_an_axis_each() -> None:
    played = performed("whole_workout")
    read = texts(drawn(played))
    for second in range(int(played.seconds)):
        assert f"{second // 60}:{second % 60:02d}" in read
    heights = [row.height for row in rows(played)]
    assert len(heights) > 10
    picture = drawn(played)
    assert float(picture.get("height", "")) == pytest.approx(sum(heights), abs=60)
    tops = [float(row.get("transform", "")[12:-1]) for row in picture.findall(f"./{SVG}g/{SVG}g")]
    assert tops == pytest.approx([sum(heights[:index]) for index in range(len(heights))], abs=0.1)


def test_a_part_of_it() -> None:
    played = performed("interrupted")
    read = texts(drawn(played, begin=27.0, end=34.2))
    assert "“my knees caved in”" not in read  # This line began before the picture.
    assert "“louder”" in read
    assert "0:33" in read
    assert "0:35" not in read
    with pytest.raises(PictureError, match="nothing happens from second 900 on"):
        draw(played, "x", begin=900.0)


def test_where_the_coach_was_interrupted() -> None:
    played = performed("interrupted")
    picture = drawn(played)
    cut = [entry for entry in played.entries if entry.cut is not None]
    assert len(cut) == 3
    for entry, x in zip(cut, marks(picture, "cut"), strict=True):
        silent = next(at for at, _ in played.observations.stops if at > entry.at) + FADE_S
        assert x == pytest.approx(LEFT + silent % ROW_S * PIXELS_PER_S, abs=0.06)
        assert f"cut after {entry.cut:.2f} s" in texts(picture)
    assert texts(picture).count("silent 20 ms after the last word") == 3
    # A report and a question came between two counts.
    assert texts(picture).count("stops 0 ms after the last word (between two lines)") == 1
    assert len([rect for rect in picture.iter(f"{SVG}rect") if rect.get("class") == "stop"]) == 4


def test_states_faults_and_the_journal() -> None:
    assert "fault: speaker lost" in texts(drawn(performed("faults/speaker")))
    assert "journal: stop set=1 rep=1" in texts(drawn(performed("stop")))
    band = [title.text or "" for title in drawn(performed("stop")).iter(f"{SVG}title")]
    shown = [text.split(" (")[0] for text in band if text.startswith(("set.", "stopped", "idle", "finished"))]
    assert [state for state, before in zip(shown, ["", *shown], strict=False) if state != before] == [
        state for _, state in performed("stop").observations.states
    ]


def test_what_was_not_understood_is_told_as_such() -> None:
    assert "not understood" in texts(drawn(performed("not_understood")))


def test_the_moment_a_performance_leaves_its_script(tmp_path: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_text("story: x\nscript:\n  - says: greeting\n  - lifter: start set\n  - state: resting\n")
    played = perform_text(read_script(file, USUAL), PACK, GRAMMAR)
    assert played.failure is not None
    picture = drawn(played)
    assert marks(picture, "failure") == pytest.approx([LEFT + played.seconds * PIXELS_PER_S], abs=0.06)
    assert "line 5: expected state 'resting'; it is" in texts(picture)
    assert f"It left its script at 0:{played.seconds:06.3f}" in texts(picture)


def with_sound(played: Performance, late: float, rings: float) -> Performance:
    """The performance with the coach's lines as tones: counts `late` seconds after their beats, a cut line with `rings`
    seconds of ringing.
    """
    stereo = np.zeros((round(played.seconds * RATE), 2), np.int16)
    for line in timeline_of(played, 0).lines:
        if line.was_said:
            shift, ends = (late, line.ends) if line.cut_after is None else (0.0, line.ends - FADE_S + rings)
            begin, end = round((line.onset + shift) * RATE), round(ends * RATE)
            tone = 9000 * np.sin(np.arange(end - begin) * 2 * np.pi * 800 / RATE)
            stereo[begin:end, 1] = tone[: len(stereo) - begin]
    return replace(played, stereo=stereo)


def test_onsets_and_silence_are_measured_in_the_sound() -> None:
    read = texts(drawn(with_sound(performed("stop"), 0.03, 0.08), rate=RATE))
    assert read.count("+30 ms") > 10
    assert "silent 80 ms after the last word" in read


def test_the_waveform_is_where_the_sound_is() -> None:
    played = performed("stop")
    stereo = np.zeros((round(played.seconds * RATE), 2), np.int16)
    stereo[2 * RATE : 3 * RATE, 0] = 20_000
    picture = drawn(replace(played, stereo=stereo), rate=RATE)
    waves = [path.get("d", "") for path in picture.iter(f"{SVG}path") if (path.get("d") or "").startswith("M1")]
    assert [part.split("-")[0] for part in waves[0].split("M")[1:]] == [
        str(x) for x in range(2 * PIXELS_PER_S, 3 * PIXELS_PER_S)
    ]


def test_words_are_broken_where_the_room_ends() -> None:
    lines = wrap("Keep your whole foot on the platform, heels too.", 12, 120)
    assert " ".join(lines) == "Keep your whole foot on the platform, heels too."
    assert len(lines) > 1
    assert all(width(line, 12) <= 120 for line in lines)
    assert wrap("hamstrings", 12, 5) == ("hamstrings",)


def test_words_are_shared_as_their_time_is() -> None:
    assert split_by_time("one two three four", [0.5, 0.5]) == ["one two three", "four"]
    assert split_by_time("one", [0.0, 1.0, 0.0]) == ["", "one", ""]


def test_a_label_without_room_goes_below() -> None:
    shelf = Shelf()
    shelf.put([Label(0, ("first",), 10, "#000000"), Label(5, ("second",), 10, "#000000")])
    assert [top for _, top in shelf.placed] == [0, shelf.placed[0][0].height]
