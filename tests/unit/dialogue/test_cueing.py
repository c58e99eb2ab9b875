"""Which cues a repetition gets: one topic at a time, the same for two repetitions, fewer as the set goes on."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coach.commands import Manner
from coach.content.schema import BREATH, PHASES
from coach.dialogue.cueing import Choice, CueSituation, choices
from coach.dialogue.focus import Focus
from coach.dialogue.workout import Verbosity
from coach.training.pacing import CueWish
from coach.training.tempo import Phase, Tempo
from lab.rigs.talk import PACK, Talk, plan_of

TOPIC = {cue.id: cue.topic for cue in PACK.cues}
TOPICS = list(dict.fromkeys(TOPIC.values()))
FIRST_LAW = PACK.topics[1]
TEMPO = Tempo(4, 1, 2, 2)
"""A tempo in which every phase has time for cues."""


def cued(
    rep: int,
    number: int = 1,
    day: int = 0,
    verbosity: Verbosity = Verbosity.FULL,
    focus: str | None = None,
    tempo: Tempo = TEMPO,
    full: bool = False,
    watched: str | None = None,
    avoided: frozenset[str] = frozenset(),
) -> tuple[Choice, ...]:
    return choices(PACK, CueSituation(rep, number, day, tempo, verbosity, full, focus, watched, avoided))


def first(*args: object, **kwargs: object) -> list[str]:
    """The cues that are tried first."""
    found = cued(*args, **kwargs)  # type: ignore[arg-type]
    return [wish.source for wish in found[0]] if found else []


def topics(*args: object, **kwargs: object) -> set[str]:
    return {TOPIC[source] for source in first(*args, **kwargs)}


def test_a_full_set_goes_from_the_first_law_to_breath_to_two_thoughts_to_quiet() -> None:
    said = [topics(rep) for rep in range(1, 13)]
    assert said[0] == {FIRST_LAW}
    assert said[1] == {BREATH}
    assert said[2] == said[3] != said[4]
    assert said[4] == said[5]
    assert all(len(one) == 1 for one in said[:6]), "one thought at a time"
    assert BREATH not in said[2] | said[4]
    assert said[6:] == [set(), {BREATH}] * 3
    assert {wish.phase for rep in (8, 10, 12) for wish in cued(rep)[0]} == {Phase.PRESSING}


@pytest.mark.parametrize("day", range(8))
@pytest.mark.parametrize("verbosity", [Verbosity.FULL, Verbosity.FEW])
def test_back_flat_is_cued_in_every_session(day: int, verbosity: Verbosity) -> None:
    assert first(1, 1, day, verbosity) == ["cue.back_flat"]


def test_each_set_has_another_pair_of_topics_until_all_were_said() -> None:
    said = [topic for number in range(1, 5) for rep in (3, 5) for topic in topics(rep, number)]
    assert set(said) >= set(TOPIC.values()) - {BREATH}


def test_a_month_walks_through_every_cue_and_no_two_days_are_alike() -> None:
    days = [tuple(first(rep, number, day)[0] for number in (1, 2, 3) for rep in (3, 5)) for day in range(12)]
    assert len(set(days)) == 12
    assert all(before[0] != after[0] for before, after in pairwise(days))
    assert {source for day in days for source in day} == {source for source in TOPIC if TOPIC[source] != BREATH}


def test_no_breath_is_cued_on_full_lungs() -> None:
    for rep in range(1, 13):
        for focus in (None, BREATH):
            for choice in cued(rep, focus=focus, full=True):
                assert all(wish.phase is Phase.PRESSING for wish in choice if TOPIC[wish.source] == BREATH)


def test_few_cues() -> None:
    assert [rep for rep in range(1, 11) if cued(rep, verbosity=Verbosity.FEW)] == [1, 2, 4]
    assert [rep for rep in range(1, 11) if cued(rep, 2, verbosity=Verbosity.FEW)] == [2, 4]
    assert topics(2, verbosity=Verbosity.FEW) == {BREATH}


def test_counts_only() -> None:
    assert all(not cued(rep, verbosity=Verbosity.COUNTS_ONLY) for rep in range(1, 31))
    assert not cued(1, verbosity=Verbosity.COUNTS_ONLY, focus="back")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_focus_is_the_one_cue(topic: str) -> None:
    for rep in range(1, 9):
        assert topics(rep, focus=topic) == {topic}


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != BREATH])
def test_the_same_cue_for_two_repetitions_then_another_of_its_topic(topic: str) -> None:
    said = [first(rep, focus=topic) for rep in range(1, 9)]
    assert all(len(one) == 1 for one in said)
    assert said[0::2] == said[1::2]
    mine = [cue.id for cue in PACK.cues if cue.topic == topic]
    assert {source for one in said for source in one} == set(mine[:4])


def test_only_cues_whose_phase_has_time() -> None:
    """At 4-1-2-0 nothing can be said at the top."""
    for topic in (None, *TOPICS):
        for rep in range(1, 13):
            for choice in cued(rep, focus=topic, tempo=Tempo(4, 1, 2, 0)):
                assert all(wish.phase is not Phase.TOP for wish in choice)
    assert first(3, focus="lockout", tempo=Tempo(4, 1, 2, 0)) == ["cue.knees_soft"]


def test_what_works_against_a_fault_is_not_cued() -> None:
    avoided = PACK.corrections["BackLifted"].avoid
    assert avoided
    for day in range(8):
        for number in range(1, 5):
            for rep in range(1, 13):
                assert not topics(rep, number, day, avoided=avoided) & avoided


def test_the_lifter_picks_the_cue() -> None:
    assert [bool(cued(rep, watched="knees")) for rep in range(1, 11)] == [True] * 6 + [False, True, False, True]
    assert {topic for rep in range(1, 11) for topic in topics(rep, watched="knees")} == {"knees"}


def test_of_two_faults_the_more_dangerous_comes_first_and_neither_is_forgotten() -> None:
    focus = Focus(PACK)
    focus.focus_on(PACK.corrections["NoHamstrings"])
    focus.focus_on(PACK.corrections["BackLifted"])
    assert [focus.take_topic() for _ in range(5)] == ["back", "back", "hamstrings", "hamstrings", None]


def test_a_wish_offers_all_wordings_longest_first() -> None:
    for topic in TOPICS:
        for rep in range(1, 9):
            for choice in cued(rep, focus=topic):
                for wish in choice:
                    cue = next(cue for cue in PACK.cues if cue.id == wish.source)
                    assert wish == CueWish(Phase(cue.phase), cue.texts, cue.id)
                    assert [len(text) for text in wish.texts] == sorted(
                        (len(text) for text in wish.texts), reverse=True
                    )


def test_every_cue_is_said_in_some_set() -> None:
    """Every cue of the pack is used."""
    assert tuple(PHASES) == tuple(phase.value for phase in Phase)
    asked = {
        source
        for number in range(1, 9)
        for rep in range(1, 11)
        for topic in (None, *TOPICS)
        for source in first(rep, number, focus=topic)
    }
    assert asked == set(TOPIC)


def test_a_correction_is_the_one_cue_of_the_next_two_repetitions() -> None:
    talk = Talk(plan_of(reps=8)).in_set("set.lowering", 2)
    talk.hears("i bounced it")
    talk.wait(15)
    talk.hears("continue")
    resumed = talk.now
    talk.to("set.lowering", 5)
    cues = [line for line in talk.lines if line.begins > resumed and line.say.manner is Manner.CUE]
    first = [line.say.source for line in cues[:2]]
    assert [TOPIC[source] for source in first] == ["control", "control"]
    assert TOPIC[cues[2].say.source] != "control"
