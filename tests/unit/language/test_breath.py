"""What people really say: fillers, two phrases in one breath, corrections, denials, safety words among others."""

from __future__ import annotations

import pytest

from coach.dialogue import policy
from coach.dialogue.states import State
from coach.language.breath_graph import utterance_graph
from coach.language.grammar import WAKE_INTENT, Grammar, Intent
from coach.language.habits import BASIC_HABITS
from coach.ports import Automaton
from lab.rigs.paths import Paths
from lab.rigs.talk import GRAMMAR, PACK

IDLE = policy.live_intents(PACK, State.IDLE, question_waits=False)
SET = policy.live_intents(PACK, State.SET, question_waits=False)
RESTING = policy.live_intents(PACK, State.RESTING, question_waits=False)
ASKED = policy.live_intents(PACK, State.IDLE, question_waits=True)

NOTHING, NOT_UNDERSTOOD = "nothing", "not understood"


def told(text: str, live: frozenset[str], grammar: Grammar = GRAMMAR) -> str:
    """The meaning of the text, such as "SetReps 10, StartSet"."""
    meant = grammar.meanings(text, live)
    if meant is None:
        return NOT_UNDERSTOOD
    return ", ".join(" ".join([one.name, *map(str, one.slots.values())]) for one in meant) or NOTHING


def rows(table: str) -> list[tuple[str, str]]:
    """Phrase and meaning of each line, separated by an arrow."""
    pairs = [line.split("->") for line in table.strip().splitlines()]
    return [(text.strip(), meaning.strip()) for text, meaning in pairs]


FILLERS = """
    um ten reps -> SetReps 10
    okay so ten reps please -> SetReps 10
    um uh er ten reps -> not understood
    just ten reps -> SetReps 10
    i said ten reps -> SetReps 10
    let's do ten reps -> SetReps 10
    start set please now -> StartSet
    hey coach start set -> StartSet
    coach start set -> StartSet
    start set thanks coach -> StartSet
    yes start set -> StartSet
    can you start the set -> StartSet
    could you repeat that please -> Repeat
    okay but why high feet -> WhyHighFeet
    i think my back lifted -> BackLifted
    okay -> Acknowledge
    um -> nothing
    thank you -> Acknowledge
    okay start -> Go
    start please -> Go
    louder start -> not understood
    no start set -> not understood
    don't start set -> not understood
    do not start the set -> not understood
    wait start set -> not understood
    start set wait -> not understood
    never mind start set -> not understood
"""
TWO_IN_ONE_BREATH = """
    ten reps and ninety kilos -> SetReps 10, SetLoad kg 90
    ten reps ninety kilos -> SetReps 10, SetLoad kg 90
    ten reps at ninety kilos -> SetReps 10, SetLoad kg 90
    three sets of ten reps -> SetPlan 3 10
    three sets and ten reps -> SetSets 3, SetReps 10
    louder start set -> Louder, StartSet
    louder please and then start set -> Louder, StartSet
    start set with ten reps -> StartSet, SetReps 10
    how deep should i go and how should i breathe -> HowDeep, HowBreathe
    my knees caved in and my back lifted -> KneesIn, BackLifted
    louder louder -> Louder
    start set start set -> StartSet
    ten reps twelve reps -> SetReps 12
    rest one minute thirty reps -> SetRest 60, SetReps 30
    rest ninety and ten reps -> SetRest 90, SetReps 10
    rest ninety ten reps -> not understood
    rest ninety five reps -> not understood
    tempo three one two one rep -> not understood
    ten reps and ninety kilos and three sets -> not understood
    ten reps and start -> not understood
    ten reps kilos -> not understood
"""
CORRECTIONS = """
    ten reps no twelve reps -> SetReps 12
    ten reps no twelve -> SetReps 12
    ten reps um no twelve -> SetReps 12
    ten reps no sorry twelve reps -> SetReps 12
    ten reps no wait make that twelve -> SetReps 12
    ten reps actually twelve -> SetReps 12
    make it ten reps no twelve -> SetReps 12
    no twelve reps -> SetReps 12
    i mean twelve reps -> SetReps 12
    ninety kilos i mean eighty -> SetLoad kg 80
    ninety two and a half kilos no eighty -> SetLoad kg 80
    ninety pounds no eighty -> SetLoad lb 80
    ninety kilos no ninety pounds -> SetLoad lb 90
    set the weight to ninety no eighty -> SetLoad 80
    set the load to ninety i mean eighty five kilos -> SetLoad kg 85
    rest ninety sorry sixty seconds -> SetRest 60
    rest ninety seconds no two minutes -> SetRest 120
    tempo four one two one no three one two -> SetTempo 3 1 2
    louder no quieter -> Quieter
    ten reps no ninety kilos -> SetLoad kg 90
    ten reps sorry three sets -> SetSets 3
    my back lifted sorry my hips lifted -> HipsLifted
    ten reps no twelve and ninety kilos -> SetReps 12, SetLoad kg 90
    no twelve -> not understood
    ten reps no -> not understood
    ten reps not twelve -> not understood
    no more twelve reps -> not understood
    louder no twelve -> not understood
"""
SPANS = """
    rest one minute thirty -> SetRest 90
    rest one minute thirty seconds -> SetRest 90
    rest for two minutes fifteen -> SetRest 135
    rest a minute and thirty seconds -> SetRest 90
    one minute thirty rest -> SetRest 90
    a two minute rest -> SetRest 120
    rest for ninety seconds -> SetRest 90
    rest nine minutes fifty five -> SetRest 595
    rest a hundred and twenty seconds -> SetRest 120
    rest ten minutes five -> not understood
    rest one thirty -> not understood
    rest one minute ninety -> not understood
"""
FRAGMENTS = """
    reps -> not understood
    kilos -> not understood
    pounds please -> not understood
    tempo -> not understood
    rest -> not understood
    um rest please -> not understood
    sets and reps -> not understood
    ten -> not understood
    a minute -> not understood
    ninety seconds -> not understood
    red -> not understood
"""
DENIALS = """
    i'm not dizzy -> nothing
    i'm not feeling dizzy -> nothing
    i don't feel dizzy at all -> nothing
    i am not in pain -> nothing
    i don't have any pain -> nothing
    that's not a cramp -> nothing
    don't stop -> nothing
    i don't want to stop -> nothing
    please don't stop now -> nothing
    i never want to stop -> nothing
    i don't need help -> nothing
    it doesn't hurt -> Better
    the pain is gone -> Better
    i don't think my knee hurts -> nothing
    my back didn't lift -> not understood
    my back isn't lifting -> not understood
    my knees didn't cave in -> not understood
    it's not too heavy -> not understood
    not too heavy -> not understood
    i didn't hold my breath -> not understood
    i'm not stuck -> not understood
    i'm not getting stuck -> not understood
"""
NOT_DENIED = """
    no pain -> Pain
    no stop -> Stop
    no no stop -> Stop
    i can't stop -> Stop
    i can not stop -> Stop
    why don't you stop -> Stop
    don't stop stop -> Stop
    no don't stop stop it -> Stop
    i don't know what to do stop -> Stop
    i'm not sure stop -> Stop
    it's not okay stop -> Stop
    it isn't working stop -> Stop
    i'm not dizzy but it hurts -> Pain
    i'm dizzy no i'm not -> Dizzy
    it's not my knee my back hurts -> Pain
"""
ANYWHERE = """
    okay stop -> Stop
    wait stop -> Stop
    hey stop -> Stop
    whoa stop -> Stop
    i said stop -> Stop
    can you stop -> Stop
    i want to stop -> Stop
    okay can you stop -> Stop
    stop i'm done -> Stop
    start set stop -> Stop
    start set no stop -> Stop
    stop start set -> Stop
    ten reps stop -> Stop
    stop the set -> Stop
    please stop the machine now -> Stop
    stop stop stop -> Stop
    stop now please -> Stop
    Stop! I'm done. -> Stop
    ow my knee hurts a lot -> Pain
    i think my lower back hurts -> Pain
    oh no i feel so dizzy -> Dizzy
    it is an emergency guys -> Stop
    stop it hurts -> Stop, Pain
    it hurts stop -> Pain, Stop
    my back lifted stop -> Stop
    nonstop -> not understood
"""
IN_A_SET = """
    hold on a second guys -> Pause
    okay pause -> Pause
    pause the music -> Pause
    can you wait a second -> Pause
    don't pause -> nothing
    pause and louder -> Pause, Louder
    slower please -> Slower
    uh start set -> StartSet
    ten reps -> SetReps 10
    wait -> Pause
    wait louder -> not understood
    i'm not done -> not understood
    don't finish the set -> not understood
"""


def of(table: str, live: frozenset[str], name: str) -> list[object]:
    return [pytest.param(text, live, meaning, id=f"{name}: {text}") for text, meaning in rows(table)]


@pytest.mark.parametrize(
    ("text", "live", "meaning"),
    [
        *of(FILLERS, IDLE, "fillers"),
        *of(TWO_IN_ONE_BREATH, IDLE, "two"),
        *of(CORRECTIONS, IDLE, "corrections"),
        *of(SPANS, IDLE, "spans"),
        *of(FRAGMENTS, GRAMMAR.intents - {"RepNumber"}, "fragments"),
        *of(DENIALS, GRAMMAR.intents, "denials"),
        *of(NOT_DENIED, GRAMMAR.intents, "not denied"),
        *of(ANYWHERE, IDLE, "anywhere"),
        *of(IN_A_SET, SET, "in a set"),
        *of("skip the rest and start set -> SkipRest, StartSet\n no skip rest -> not understood", RESTING, "resting"),
        *of("yes please -> Yes\n no thanks -> No\n no no -> No\n okay no -> No\n no wait yes -> Yes", ASKED, "asked"),
        *of("no ten reps -> SetReps 10\n yeah start set -> Yes, StartSet\n no louder -> No, Louder", ASKED, "asked"),
    ],
)
def test_what_people_say(text: str, live: frozenset[str], meaning: str) -> None:
    assert told(text, live) == meaning


def test_fillers_may_stand_before_and_behind_the_wake_word() -> None:
    bare, behind = frozenset({"Stop"}), frozenset({"Stop", "StartSet", "SetReps"})
    for text in ("coach start set", "hey coach start set", "um okay coach please start set now"):
        assert GRAMMAR.meanings(text, bare, behind) == (Intent("StartSet"),), text
    both = (Intent("SetReps", {"reps": 10}), Intent("StartSet"))
    assert GRAMMAR.meanings("coach ten reps and start set", bare, behind) == both
    assert GRAMMAR.meanings("hey coach", bare, behind) == (Intent(WAKE_INTENT),)
    assert GRAMMAR.meanings("start set coach", bare, behind) is None
    assert Paths(GRAMMAR.vocabulary(bare, behind).automaton).accept("um okay coach please start set now")


def test_without_habits_a_graph_stays_as_it_is() -> None:
    graph = Automaton(0, 1, ((0, 1, "go"),))
    assert (
        utterance_graph(graph, Grammar({"intents": {"Go": {"data": [{"sentences": ["go"]}]}}})._habits, None) is graph
    )


# --- anybody's grammar


def test_anybodys_grammar_has_plain_fillers_and_one_phrase_at_a_time() -> None:
    file = {
        "intents": {"Go": {"data": [{"sentences": ["go up", "now go"]}]}, "Off": {"data": [{"sentences": ["off"]}]}}
    }
    grammar = Grammar(file, BASIC_HABITS)
    live = grammar.intents
    for text, meaning in (
        ("um okay go up please", "Go"),
        ("now go now", "Go"),
        ("off thank you", "Off"),
        ("off go up", NOT_UNDERSTOOD),
        ("coach go up", NOT_UNDERSTOOD),
        ("off no go up", NOT_UNDERSTOOD),
        ("please", NOTHING),
    ):
        assert told(text, live, grammar) == meaning, text
        assert Paths(grammar.vocabulary(live).automaton).accept(text) == (meaning in live), text
