"""When an utterance acts: the law, and that the live coach and `coach hear` both keep it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from coach.commands import ListenFor
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.dialogue.utterances import Decision, Interpreter, MeantIntent, UtteranceTracker
from coach.events import Heard
from coach.hearing import HeardUtterance, Listener
from coach.language.grammar import Intent
from coach.ports import Hypothesis, Pcm, Vocabulary
from coach.records import FaultReported, PainReported
from lab.rigs.talk import GRAMMAR, PACK, Talk, prompt, talk_in

LIVE = policy.live_intents(PACK, State.SET, question_waits=False)
URGENT = frozenset(name for name in LIVE if policy.is_urgent(PACK, name, State.SET))

GROWN: list[tuple[list[str], str, list[str]]] = [
    # partials, final, what is acted on
    ([], "slower", ["Slower"]),
    (["slower"], "slower", ["Slower"]),
    (["hold on"], "hold on", ["Pause"]),
    (["hold on"], "slower", ["Pause"]),
    (["hold on"], "", ["Pause"]),
    (["stop"], "how deep", ["Stop"]),
    (["hold on", "hold on", "it hurts"], "it hurts", ["Pause", "Pain"]),
    (["stop"], "it hurts", ["Stop", "Pain"]),
    (["stop", "it hurts", "stop"], "stop", ["Stop", "Pain", "Stop"]),
    (["pause"], "pause and slower", ["Pause", "Slower"]),
    ([], "okay", ["Acknowledge"]),
    ([], "i'm not dizzy", []),
    ([], "slower stop", ["Stop"]),
    (["we"], "we went to the lake", []),
    (["i can't"], "i can't", ["Stuck"]),
    (["i can't"], "i can't feel my hamstrings", ["NoHamstrings"]),
]


def hypotheses(partials: Sequence[str], final: str, utterance: int = 1) -> list[Hypothesis]:
    """Hypotheses a second apart; the final's last word ended half a second before the final."""
    texts = [*partials, final]
    return [
        Hypothesis(utterance, text, 0.5, float(at), 0.9, final=at == len(texts), ended=at - 0.5)
        for at, text in enumerate(texts, start=1)
    ]


class Scripted:
    """A recogniser that returns these hypotheses for the first sound that it gets."""

    name, rate = "scripted", 16_000

    def __init__(self, made: Sequence[Hypothesis]) -> None:
        self._made = made

    def listen_for(self, vocabulary: Vocabulary) -> None: ...

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return ()

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        made, self._made = self._made, ()
        return made

    def reset(self) -> None: ...

    def close(self) -> None: ...


def from_recording(made: Sequence[Hypothesis]) -> list[HeardUtterance]:
    """The utterances that `coach hear --state set` prints."""
    meaning = Interpreter(GRAMMAR, ListenFor(LIVE), URGENT.__contains__)
    return Listener(Scripted(made), GRAMMAR.vocabulary(LIVE), meaning).hear_sound(np.zeros(1, np.int16))


def from_the_live_coach(made: Sequence[Hypothesis]) -> list[str]:
    """The intents that the live coach acts on in a set."""
    talk, acts = Talk().in_set("set.lowering", 2), []
    before = talk.conversation.snapshot().understood
    for one in made:
        talk.wait(0.25)
        talk.hears(one.text, final=one.final, utterance=9)
        understood = talk.conversation.snapshot().understood
        if understood is not None and understood != before:
            acts.append(understood.intent)
        before = understood
    return acts


@pytest.mark.parametrize(("partials", "final", "acts"), GROWN)
def test_the_live_coach_and_coach_hear_act_alike(partials: list[str], final: str, acts: list[str]) -> None:
    made = hypotheses(partials, final)
    assert from_the_live_coach(made) == acts
    assert [one.intent for one in from_recording(made) if one.intent] == acts


def test_hold_on_that_grows_into_slower_is_a_pause_in_recordings_and_live() -> None:
    made = hypotheses(["hold on"], "slower")
    (heard,) = from_recording(made)
    assert (heard.intent, heard.text, heard.decided, heard.ended) == ("Pause", "hold on", 0.7, 1.2)
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("hold on", final=False, utterance=9)
    assert talk.state == State.PAUSED
    lines = len(talk.lines)
    assert talk.hears("slower", utterance=9) == []
    assert (talk.state, len(talk.lines)) == (State.PAUSED, lines)


def test_coach_hear_tells_when_the_live_coach_acts_and_the_words_of_the_end() -> None:
    stop, pain = from_recording(hypotheses(["stop"], "it hurts"))
    assert (stop.text, stop.decided, stop.ended) == ("stop", 0.7, 1.2)
    assert (pain.text, pain.decided, pain.ended) == ("it hurts", 1.7, 1.2)
    (pause,) = from_recording(hypotheses(["hold on", "hold on"], "hold on"))
    assert (pause.decided, pause.ended) == (0.7, 2.2)


def test_two_commands_in_one_breath_are_two_lines_with_the_same_times() -> None:
    slower, louder = from_recording(hypotheses(["slower"], "slower and louder"))
    assert [(one.intent, one.text, one.decided) for one in (slower, louder)] == [
        ("Slower", "slower and louder", 1.7),
        ("Louder", "slower and louder", 1.7),
    ]
    assert (slower.began, slower.ended) == (louder.began, louder.ended)


def test_what_a_partial_set_off_counts_though_the_final_never_came() -> None:
    first, second = hypotheses(["stop"], "")[:1], hypotheses([], "slower", utterance=2)
    assert [one.intent for one in from_recording([*first, *second])] == ["Stop", "Slower"]


def test_only_an_utterance_in_which_nothing_was_understood_is_missed() -> None:
    utterances = UtteranceTracker()
    stop = (MeantIntent(Intent("Stop"), urgent=True),)
    assert utterances.decide(1, None, final=False) == Decision()
    assert utterances.decide(1, None, final=True) == Decision(not_understood=True)
    assert utterances.decide(2, stop, final=False) == Decision((Intent("Stop"),))
    assert utterances.decide(2, None, final=True) == Decision()
    assert utterances.decide(2, None, final=True) == Decision(not_understood=True)
    assert utterances.decide(3, (), final=True) == Decision(), "nothing was wanted"


def test_its_own_voice_never_acts_and_does_not_use_up_what_somebody_says_then() -> None:
    utterances = UtteranceTracker()
    stop = (MeantIntent(Intent("Stop"), urgent=True),)
    assert utterances.decide(1, stop, final=False, own_voice=True) == Decision()
    assert utterances.decide(1, stop, final=False) == Decision((Intent("Stop"),))
    assert utterances.decide(1, stop, final=True, own_voice=True) == Decision()
    assert utterances.decide(1, stop, final=True) == Decision((Intent("Stop"),))


def test_several_intents_of_one_breath_act_once_each_in_their_order() -> None:
    utterances = UtteranceTracker()
    stop, pain, slower = (MeantIntent(Intent(name), name != "Slower") for name in ("Stop", "Pain", "Slower"))
    assert utterances.decide(1, (stop,), final=False) == Decision((stop.intent,))
    assert utterances.decide(1, (stop, pain), final=False) == Decision((pain.intent,))
    assert utterances.decide(1, (stop, pain, slower), final=True) == Decision((slower.intent,))
    assert utterances.decide(2, (slower, pain), final=True) == Decision((slower.intent, pain.intent))


def test_what_is_clear_in_other_words_acts_in_a_set_and_is_asked_about_elsewhere() -> None:
    for in_set in (True, False):
        meaning = Interpreter(GRAMMAR, ListenFor(GRAMMAR.intents), {"BackLifted"}.__contains__, in_set)
        assert meaning.find_subject("My lower back's peeling off the pad.") == (Intent("BackLifted"), in_set)
        assert meaning.find_subject("i'm totally exhausted") == (Intent("Done"), False)
        assert meaning.find_subject("the label is peeling off the pad") is None


@pytest.mark.parametrize("words", ["stop", "ouch", "dizzy", "my back lifted", "hold on"])
def test_a_partial_acts_once_and_its_final_no_more(words: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    assert talk.hears(words, final=False, utterance=9)
    state, lines, records = talk.state, len(talk.lines), len(talk.records)
    for final in (False, False, True):
        talk.wait(0.1)
        assert talk.hears(words, final=final, utterance=9) == []
    assert (talk.state, len(talk.lines), len(talk.records)) == (state, lines, records)


def test_the_same_words_in_the_next_utterance_act_again() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("my back lifted", final=False, utterance=9)
    talk.hears("my back lifted", utterance=9)
    talk.wait(10)
    talk.hears("my back lifted", utterance=10)
    assert len(talk.written(FaultReported)) == 2


@pytest.mark.parametrize("words", ["finish set", "slower", "how many left", "how deep", "louder", "what can i say"])
def test_what_is_not_urgent_waits_for_the_end_of_the_utterance(words: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    assert talk.receive(Heard(talk.now, talk.now - 0.5, words, 1.0, 9, False)) == ()
    assert talk.outer_state == "set"
    assert talk.receive(Heard(talk.now, talk.now - 0.5, words, 1.0, 9, True)) != ()


@pytest.mark.parametrize("state", ["idle", "ready", "resting", "paused", "correcting"])
@pytest.mark.parametrize("words", ["my back lifted", "start set", "resume"])
def test_outside_a_set_only_safety_acts_on_partials(state: State, words: str) -> None:
    talk = talk_in(state)
    before = talk.state
    assert talk.hears(words, final=False) == []
    assert talk.state == before


def test_a_partial_that_grows_into_another_urgent_intent_acts_on_that_too() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("hold on", final=False, utterance=9)
    assert talk.state == "paused"
    talk.hears("it hurts", final=False, utterance=9)
    assert talk.state == "hurt"
    assert len(talk.written(PainReported)) == 1
    assert talk.hears("it hurts", utterance=9) == []
    assert len(talk.written(PainReported)) == 1


def test_a_partial_that_grows_into_something_calm_has_acted_already() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop", final=False, utterance=9)
    lines = len(talk.lines)
    assert talk.hears("how deep", utterance=9) == []
    assert talk.state == "stopped"
    assert len(talk.lines) == lines


def test_a_partial_that_grows_into_nothing_is_no_reprompt() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop", final=False, utterance=9)
    assert talk.hears("", utterance=9) == []
    assert talk.state == "stopped"


def test_partials_that_are_no_phrase_are_waited_for() -> None:
    talk = Talk()
    for words in ("we", "we went", "we went to"):
        assert talk.hears(words, final=False, utterance=9) == []
    assert talk.hears("we went to the lake", utterance=9) == [prompt("help.idle")]
