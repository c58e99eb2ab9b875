"""Lines that are rendered ahead: every number that a lifter may name, and the set first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coach.commands import Manner
from coach.content.model import Pack
from coach.language import speech
from coach.language.numbers import in_words
from coach.language.speech_parts import parts
from coach.training.plan import FurtherStage, Load, Plan, SetKind, SetOverrides
from coach.wiring.engines import exercise
from coach.wiring.usual_lines import first_lines, later_lines


def said(pack: Pack, plan: Plan) -> Iterator[tuple[str, str]]:
    """Lines with numbers that a lifter may cause, with the slots that the dialogue fills."""
    prompts = {line.id: text for line in pack.lines() for text in line.say}
    for reps in (1, 8, 30):
        yield "set.intro", prompts["set.intro"].format(set=in_words(3), reps=speech.repetitions(reps))
        yield "reps.set", prompts["reps.set"].format(reps=speech.repetitions(reps))
        yield "set.finished", prompts["set.finished"].format(reps=speech.repetitions(reps))
        yield "left.open", prompts["left.open"].format(set=in_words(2), reps=speech.repetitions(reps))
        yield "log.reps", prompts["log.reps"].format(set=in_words(2), reps=speech.repetitions(reps))
        yield "undo.set", prompts["undo.set"].format(set=in_words(2), reps=speech.repetitions(reps))
        yield "undo.reps", prompts["undo.reps"].format(reps=speech.repetitions(reps))
        yield "status.rep", prompts["status.rep"].format(rep=speech.repetitions(reps))
        yield "resume.intro", prompts["resume.intro"].format(rep=in_words(reps))
    for amount, unit in ((90, "kg"), (92.5, "kg"), (100, "kg"), (343, "kg"), (45, "lb"), (505, "lb"), (999, "lb")):
        yield "load.set", prompts["load.set"].format(load=speech.load(amount, unit))
        told = speech.load(amount, unit)
        for each in ((10,), (10, 10, 10), (10, 9, 8)):
            yield "last.same", prompts["last.same"].format(load=told, each=speech.series(each))
            yield "last.told", prompts["last.told"].format(load=told, each=speech.series(each))
        yield "log.set", prompts["log.set"].format(set=in_words(2), reps=speech.repetitions(9), load=told)
        yield "undo.both", prompts["undo.both"].format(reps=speech.repetitions(9), load=told)
        yield "undo.load", prompts["undo.load"].format(load=told)
    for left in (0, 1, 8):
        yield "log.left", prompts["log.left"].format(left=in_words(left))
        yield "undo.left", prompts["undo.left"].format(left=in_words(left))
    for sets in (1, 10):
        yield "left.between", prompts["left.between"].format(sets=speech.sets(sets))
        yield "status.sets_today", prompts["status.sets_today"].format(sets=speech.sets(sets))
        yield "undo.sets", prompts["undo.sets"].format(sets=speech.sets(sets))
    for seconds in (30, 90, 120, 200, 600):
        yield "rest.set", prompts["rest.set"].format(seconds=speech.duration(seconds))
    yield "tempo.set", prompts["tempo.set"].format(tempo=speech.digits(4, 1, 2, 0))
    yield "status.set", prompts["status.set"].format(set=in_words(2), sets=in_words(7))


def test_every_number_a_lifter_may_name_is_rendered_ahead() -> None:
    pack, _, plan = exercise()
    ahead = {
        part.text
        for text, manner in [*first_lines(pack, plan), *later_lines(pack)]
        for part in (parts(text) if manner is Manner.SENTENCE else ())
    }
    missing = {
        part.text
        for _, text in said(pack, plan)
        for part in parts(text[0].upper() + text[1:])
        if part.text not in ahead
    }
    assert not missing


def test_loads_and_times_of_a_plan_are_rendered_before_its_set() -> None:
    pack, _, usual = exercise()
    own = (SetOverrides(reps=20, load=Load(217.5, "kg"), further_stages=(FurtherStage(15, Load(162.5, "kg"), 17),)),)
    plan = replace(usual, sets=1, rest=37, load=Load(217.5, "kg"), last_kind=SetKind.DROP, overrides=own)
    first = {text for text, _ in first_lines(pack, plan)}
    told = {
        "Set one, twenty reps. Unrack, soft knees.",
        "rep thirty five",
        pack.prompts["break.drop"].say[0].format(load="one hundred and sixty two and a half kilos"),
        pack.prompts["rest.start"].say[0].format(seconds="thirty seven seconds"),
        pack.prompts["break.pause"].say[0].format(seconds="seventeen seconds"),
    }
    assert told <= first


def test_the_set_comes_first() -> None:
    pack, _, plan = exercise()
    first = list(first_lines(pack, plan))
    assert first[0] == (pack.prompts["greeting"].say[0], Manner.SENTENCE)
    words = {text for text, manner in first if manner is not Manner.SENTENCE}
    assert {"lower", "hold", "push", "rep one", "rep ten", "two", "nine", "Brace", "three", "Last rep"} <= words
