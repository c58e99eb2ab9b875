"""Which cues a repetition gets: one thought at a time, the same for two repetitions, fewer as the set goes on."""

from __future__ import annotations

import pytest

from coach.commands import Manner
from coach.content.schema import BREATH, PHASES
from coach.dialogue.cueing import wishes
from coach.dialogue.workout import Verbosity
from coach.training.pacing import CueWish
from coach.training.tempo import Phase
from tests.talk import PACK, Talk, plan_of

TOPIC = {cue.id: cue.topic for cue in PACK.cues}
TOPICS = list(dict.fromkeys(TOPIC.values()))


def topics(rep: int, set_number: int = 1, verbosity: Verbosity = Verbosity.FULL, focus: str | None = None) -> set[str]:
    return {TOPIC[wish.source] for wish in wishes(PACK, rep, set_number, verbosity, focus)}


def test_a_full_set_goes_from_breath_to_two_thoughts_to_quiet() -> None:
    said = [topics(rep) for rep in range(1, 13)]
    assert said[0] == said[1] == {BREATH}
    assert said[2] == said[3] != said[4]
    assert said[4] == said[5]
    assert all(len(one) == 1 for one in said[:6]), "one thought at a time"
    assert BREATH not in said[2] | said[4]
    assert said[6:] == [set(), {BREATH}] * 3
    assert {wish.phase for rep in (8, 10, 12) for wish in wishes(PACK, rep, 1, Verbosity.FULL, None)} == {
        Phase.PRESSING
    }


def test_each_set_has_another_pair_of_topics_until_all_were_said() -> None:
    said = [topic for number in range(1, 5) for rep in (3, 5) for topic in topics(rep, number)]
    assert set(said) >= set(TOPIC.values()) - {BREATH}


def test_few_cues() -> None:
    said = [topics(rep, verbosity=Verbosity.FEW) for rep in range(1, 11)]
    assert [rep for rep, one in enumerate(said, 1) if one] == [1, 4]
    assert said[0] == {BREATH}


def test_counts_only() -> None:
    assert all(not topics(rep, verbosity=Verbosity.COUNTS_ONLY) for rep in range(1, 31))
    assert not topics(1, verbosity=Verbosity.COUNTS_ONLY, focus="back")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_focus_is_the_one_cue(topic: str) -> None:
    for rep in range(1, 9):
        assert topics(rep, focus=topic) == {topic}


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != BREATH])
def test_the_same_cue_for_two_repetitions_then_another_of_its_topic(topic: str) -> None:
    said = [[wish.source for wish in wishes(PACK, rep, 1, Verbosity.FULL, topic)] for rep in range(1, 9)]
    assert all(len(one) == 1 for one in said)
    assert said[0::2] == said[1::2]
    mine = [cue.id for cue in PACK.cues if cue.topic == topic]
    assert {source for one in said for source in one} == set(mine[:4])


def test_a_wish_offers_all_wordings_longest_first() -> None:
    for topic in TOPICS:
        for rep in range(1, 9):
            for wish in wishes(PACK, rep, 1, Verbosity.FULL, topic):
                cue = next(cue for cue in PACK.cues if cue.id == wish.source)
                assert wish == CueWish(Phase(cue.phase), cue.texts, cue.id)
                assert [len(text) for text in wish.texts] == sorted((len(text) for text in wish.texts), reverse=True)


def test_every_cue_is_said_in_some_set() -> None:
    """No cue of the pack is there for nothing."""
    assert tuple(PHASES) == tuple(phase.value for phase in Phase)
    asked = {
        wish.source
        for number in range(1, 9)
        for rep in range(1, 11)
        for topic in (None, *TOPICS)
        for wish in wishes(PACK, rep, number, Verbosity.FULL, topic)
    }
    assert asked == set(TOPIC)


def test_a_correction_is_the_one_cue_of_the_next_two_repetitions() -> None:
    talk = Talk(plan_of(reps=8)).in_set("set.lowering", 2)
    talk.hears("my knees caved in")
    talk.wait(15)
    talk.hears("continue")
    resumed = talk.now
    talk.to("set.lowering", 5)
    cues = [line for line in talk.lines if line.begins > resumed and line.say.manner is Manner.CUE]
    first = [line.say.source for line in cues[:2]]
    assert [TOPIC[source] for source in first] == ["knees", "knees"]
    assert TOPIC[cues[2].say.source] != "knees"
