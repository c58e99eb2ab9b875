"""Changes by voice to the plan, the tempo, the volume, the pace of speech and the number of cues."""

from __future__ import annotations

import pytest

from coach.commands import Manner, Say, SetPace, SetVolume, Write
from coach.events import Heard
from coach.records import SetEnded, record_values
from lab.rigs.talk import PACK, Talk, plan_of, prompt


def counted(talk: Talk) -> list[str]:
    return [line.say.text for line in sorted(talk.lines, key=lambda line: line.begins) if is_count(line.say)]


def is_count(say: Say) -> bool:
    return say.manner is Manner.COUNT


def test_numbers_are_read_back() -> None:
    talk = Talk()
    for words, read in (
        ("twelve reps", "Noted, twelve reps."),
        ("just one set", "Noted, one set."),
        ("rest a minute and a half", "Noted, ninety seconds of rest."),
        ("ninety two and a half kilos", "Noted, ninety two and a half kilos."),
        ("two hundred pounds", "Noted, two hundred pounds."),
        ("tempo three zero one", "The tempo is now three, zero, one, zero."),
        ("slower", "The tempo is now four, zero, one, zero."),
        ("faster", "The tempo is now three, zero, one, zero."),
    ):
        assert talk.hears(words) == [read]
        talk.wait_until_quiet()


def test_what_was_set_is_what_is_coached() -> None:
    talk = Talk()
    for words in ("one rep", "one set", "ninety kilos", "tempo two zero one"):
        talk.hears(words)
        talk.wait_until_quiet()
    talk.in_set()
    talk.wait_for("finished")
    assert counted(talk) == ["three", "two", "one", "lower", "two", "rep one"]
    assert record_values(talk.written(SetEnded)[0]) == {
        "set": 1,
        "reps": 1,
        "load": 90,
        "unit": "kg",
        "tempo": "2-0-1-0",
    }
    assert prompt("summary.load", sets="one set", reps="one rep", load="ninety kilos") in talk.heard_since(talk.now)


def test_slower_and_faster_end_at_their_limits() -> None:
    talk = Talk()
    said = []
    for words in ["slower"] * 5 + ["faster"] * 7:
        said += talk.hears(words)
        talk.wait_until_quiet()
    assert said[4] == prompt("tempo.limit")
    assert said[-1] == prompt("tempo.too_fast")
    assert said[3] == "The tempo is now eight, one, two, zero."
    assert said[-2] == "The tempo is now two, one, two, zero."


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("tempo one one two", "tempo.too_fast"),
        ("tempo zero one two", "tempo.too_fast"),
        ("tempo nine one two", "tempo.limit"),
        ("tempo four six two", "tempo.limit"),
        ("tempo four one two six", "tempo.limit"),
    ],
)
def test_a_tempo_out_of_bounds_is_refused(words: str, line: str) -> None:
    talk = Talk()
    assert talk.hears(words) == list(PACK.prompts[line].say)
    talk.wait_until_quiet()
    assert "four, one, two, zero" in talk.hears("what tempo")[0]


def test_another_tempo_in_a_set_begins_with_a_later_repetition() -> None:
    talk = Talk().in_set("set.lowering", 1)
    assert talk.hears("slower") == ["Five down"]
    assert talk.state == "set.lowering"
    talk.wait_for("resting")
    words = " ".join(counted(talk))
    assert words.count("five") == 3
    assert words.index("rep one") < words.index("five")


def test_faster_in_a_set_at_the_limit_is_no_sentence() -> None:
    talk = Talk(plan_of(tempo="2-1-2-0")).in_set("set.lowering", 2)
    assert talk.hears("faster") == []
    assert talk.outer_state == "set"


def test_the_volume_and_its_limits() -> None:
    talk = Talk()
    assert talk.hears("louder") == [prompt("limit")]
    levels = []
    for words in ["quieter"] * 5 + ["louder"] * 4:
        talk.wait_until_quiet()
        talk.hears(words)
        levels.append(talk.volume)
    assert levels == [-6.0, -12.0, -18.0, -24.0, -24.0, -18.0, -12.0, -6.0, 0.0]


def test_the_pace_of_sentences_and_its_limits() -> None:
    talk = Talk()
    paces, said = [], list[str]()
    for words in ["talk slower"] * 3 + ["talk faster"] * 5:
        commands = talk.receive(Heard(talk.now, talk.now - 0.5, words, 1.0, 9, True))
        paces += [command.percent for command in commands if isinstance(command, SetPace)]
        said += [command.text for command in commands if isinstance(command, Say)]
        talk.wait_until_quiet()
    assert paces == [85, 70, 85, 100, 115, 130]
    assert [index for index, text in enumerate(said) if text == prompt("limit")] == [2, 7]


def test_the_volume_in_a_set_is_heard_in_the_next_count() -> None:
    talk = Talk().in_set("set.lowering", 2)
    commands = talk.receive(Heard(talk.now, talk.now - 0.5, "quieter", 1.0, 9, True))
    assert [one for one in commands if not isinstance(one, Write)] == [SetVolume(-6.0)]


def test_how_much_is_said_is_the_lifters() -> None:
    def cues(*words: str) -> int:
        talk = Talk(plan_of(reps=6, sets=2))
        for text in words:
            talk.hears(text)
            talk.wait_until_quiet()
        talk.in_set()
        talk.wait_for("resting")
        return len([line for line in talk.lines if line.say.manner is Manner.CUE])

    full, few, none = cues(), cues("fewer cues"), cues("counts only")
    assert full > few > none
    assert none == 1, "the last repetition is told always"
    assert cues("fewer cues", "fewer cues", "fewer cues") == none
    assert cues("counts only", "more cues") == few
    assert cues("counts only", "more cues", "more cues", "more cues") == full


def test_fewer_cues_in_a_set_is_kept_without_a_word() -> None:
    talk = Talk(plan_of(reps=6)).in_set("set.lowering", 2)
    assert talk.hears("counts only") == []
    assert talk.outer_state == "set"
    talk.wait_for("resting")
    at = next(line for line in talk.lines if line.say.text == "rep two").begins
    assert [line.say.text for line in talk.lines if line.begins > at and line.say.manner is Manner.CUE] == ["Last rep"]


def test_counts_only_takes_back_what_was_placed() -> None:
    talk = Talk(plan_of(reps=6)).in_set("set.lowering", 1)
    talk.hears("counts only")
    at = talk.now
    talk.to("set.lowering", 4)
    assert not [line for line in talk.lines if line.begins > at and line.say.manner is Manner.CUE]
