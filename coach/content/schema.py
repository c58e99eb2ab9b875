"""What the two files of a pack must look like, as tables without behaviour.

Law: everything that code needs from a file is named in one place, so that a file that passes cannot fail later, in the
middle of a set. Prompts and their slots are named here, intents and their slots in the rows of `dialogue/intents.py`,
which the caller passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from coach.commands import Manner
from coach.content.spec import Fields, Flag, Integer, ListOf, Text, WordOrNumber, one_of

SENTENCES = Text(
    r"(?:[A-Z{][A-Za-z{}_,:' -]*[.?])(?: [A-Z{][A-Za-z{}_,:' -]*[.?])*",
    "a sentence for the ear",
    "capital first, full stop or question mark last, numbers in words; quote a text with commas inside [ ]",
    any_apostrophe=True,
)
CUE = Text(r"[A-Z{][a-z{}_]*(?: [a-z{}_]+)*", "a cue", "capital first, no punctuation, no digits")
COUNT = Text(r"[a-z{}]+(?: [a-z{}]+)*", "a count", "lower case, no punctuation, no digits")
_TEXT_OF = {Manner.SENTENCE: SENTENCES, Manner.CUE: CUE, Manner.COUNT: COUNT}
TEMPLATE = Text(
    r"[a-z'\[\]()|{}<>:_ ]+",
    "a template",
    "lower case words and [optional] (a|b) {list} <rule>; numbers in words",
    slots=None,  # braces name lists
    any_apostrophe=True,
)
NAME = Text(r"[a-z][a-z0-9_]*", "a name", "lower case letters, like leg_press")
CLAIM = Text(r"[A-Z][1-9]\d?", "a claim id", "write a letter and a number, like F1")


def says(text: Text, most: int = 3) -> ListOf:
    """One wording, or a list of at most `most`."""
    return ListOf(text, most, or_one=True)


# --- guidance.yaml

PHASES = ("lowering", "bottom", "pressing", "top")
BREATH = "breath"
"""The topic with which every set begins; a pack may leave it out."""

ECCENTRIC, CONCENTRIC = "eccentric", "concentric"
BEGINS_WITH = replace(
    one_of(ECCENTRIC, CONCENTRIC), remedy=f"write {CONCENTRIC} for a pull, whose weight comes down last"
)
"""The movement that a repetition begins with."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A line that the code asks for by its id."""

    slots: tuple[str, ...] = ()
    """Gaps in the line, which code fills. (An intent's slots are values in the lifter's words.)"""
    manner: Manner = Manner.SENTENCE


def _prompt_table(manner: Manner, table: str) -> dict[str, Prompt]:
    """The prompts of a table. Each prompt is an id, followed by its slots in braces."""
    found: dict[str, Prompt] = {}
    for word in table.split():
        if word.startswith("{"):
            last = next(reversed(found))
            found[last] = replace(found[last], slots=(*found[last].slots, word.strip("{}")))
        else:
            found[word] = Prompt((), manner)
    return found


PROMPTS: Mapping[str, Prompt] = {
    **_prompt_table(
        Manner.SENTENCE,
        """
        greeting sound.kept setup.done setup.none setup.ask setup.first setup.side {side}
        set.intro {set} {reps} set.intro_own {set} {reps} set.brace set.push_on_number
        set.warm_up {load} set.drop set.rest_pause set.side {side} next.load {load}
        warm_up.on warm_up.off warm_up.set {loads} warm_up.late warm_up.none sides.on {side} sides.off switch.none
        kind.last_working kind.last_drop kind.last_rest_pause
        kind.plain kind.this_working {set} kind.this_drop {set} kind.this_rest_pause {set}
        break.side {side} break.drop {load} break.lighter break.pause {seconds}
        set.done set.finished {reps} set.dropped set.third set.word {fault} {times} {hint}
        catches.now finish.now correction.ask resume.intro {rep} resume.unrack {rep}
        own.wait own.on own.off lifter.on lifter.off lifter.number countdown.hold countdown.ask hold.longer
        stop.now stop.up stop.after stop.quiet pause.now pause.resume_hint
        pain.now pain.up pain.rest pain.after pain.ask pain.gone pain.still pain.twice pain.over dizzy.ask alarm.call
        stuck.now stuck.down stuck.call stuck.ask stuck.out stuck.rest
        rest.start {seconds} rest.half rest.ten rest.over {set} rest.over_warm_up {set}
        rest.more {seconds} rest.less {seconds} rest.held {seconds} rest.as_was {seconds}
        rest.remaining {seconds} rest.skipped {set} rest.none {set} rest.none_warm_up {set}
        rest.away rest.back {seconds} {set} rest.back_warm_up {seconds} {set} rest.not_yet
        workout.done summary {sets} {reps} summary.load {sets} {reps} {load} summary.none goodbye
        last.same {load} {each} last.taken last.told {load} {each} last.told_bare {each}
        left.open {set} {reps} left.open_warm_up {set} {reps} left.between {sets}
        left.next {set} left.next_warm_up {set} left.anew
        log.reps {set} {reps} log.reps_warm_up {set} {reps} log.set {set} {reps} {load}
        log.set_warm_up {set} {reps} {load} log.left {left} log.none_left log.nothing
        undo.set {set} {reps} undo.set_warm_up {set} {reps} undo.reps {reps}
        undo.both {reps} {load} undo.load {load} undo.left {left} undo.sets {sets}
        undo.rest {seconds} undo.tempo undo.pace undo.plan undo.confirm
        effort.ask effort.choose {load} effort.propose {load} effort.number effort.hint effort.same effort.on effort.off
        load.set {load} load.is {load} load.none load.too_little unit.kilos unit.pounds
        plates.side {plates} plates.empty plates.unknown plates.near {load} plates.or {load}
        anew.ask reps.set {reps} sets.set {sets}
        rest.set {seconds} rest.set_now {seconds} rest.is {seconds}
        tempo.set {tempo} tempo.too_fast tempo.limit watch.on watch.off
        louder quieter limit pace.slower pace.faster cues.more cues.fewer cues.counts_only
        status.reps_left {reps} status.none_left status.sets_left {sets}
        status.set {set} {sets} status.set_warm_up {set} {sets} status.rep {rep} status.sets_today {sets}
        help.idle help.setup help.ready help.set help.correcting
        help.paused help.break help.stopped help.stuck help.hurt help.resting help.finished
        lifter.named {name} lifter.guest
        wake.hint {word} wake.answer not_understood finish.confirm end.confirm end.cancelled
        fault.microphone_lost fault.microphone_back fault.microphone_silent fault.speaker_back
        fault.hearing_back fault.hearing fault.journal fault.helper_lost fault.clock
        """,
    ),
    **_prompt_table(
        Manner.CUE,
        """
        set.last lifter.hurried set.later set.after kind.cue_working kind.cue_drop kind.cue_rest_pause
        tempo.slower {beats} tempo.faster {beats}
        status.left_cue {reps} status.set_cue {set} status.set_cue_warm_up {set} status.last_set
        status.side_cue {side} status.both_cue
        """,
    ),
    **_prompt_table(
        Manner.COUNT,
        """
        countdown.three countdown.two countdown.one
        count.lower count.hold count.push count.rep {rep} count.number {number}
        """,
    ),
}
"""All prompts by id. Ids with "left" are about three things: `left.*` about an unfinished earlier workout, `log.*left`
and `undo.left` about repetitions in reserve, `status.*left*` about what is still to come. `last.*`: the workout before
this one. `own.*`: the lifter begins the sets. `lifter.*`: the lifter counts, or another lifter begins."""

NOT_UNDER_LOAD = frozenset(
    {"help.idle", "help.setup", "help.ready", "help.resting", "help.finished", "help.break", "stuck.rest"}
)
"""Prompts that may contain the lifter's safety words: it does no harm if the coach hears itself say them."""

ANSWER_SLOTS = ("tempo",)
_CLAIMS = ListOf(CLAIM)
_CUE_TEXT = replace(CUE, syllables=4, words=3)
_MARKS = {"operational": Flag(), "names_commands": Flag()}
"""`operational`: the line teaches nothing, so it cites no claim. `names_commands`: the line says what the lifter may
say. Of the lines without this mark only `help.*` may have a command in them: the coach could hear and obey itself."""


def _prompt_spec(prompt: Prompt) -> Fields:
    text = replace(_TEXT_OF[prompt.manner], slots=prompt.slots)
    most = 1 if prompt.manner is Manner.COUNT else 3
    return Fields({"say": says(text, most)}, {"claims": _CLAIMS, **_MARKS})


_PROMPT_SPECS = Fields(optional={name: _prompt_spec(prompt) for name, prompt in PROMPTS.items()})

_ASKS = Fields(other_keys=Fields({"say": replace(SENTENCES, words=4)}))
"""By intent, the question whether the lifter meant this intent."""
COMMON_GUIDANCE = Fields({"prompts": _PROMPT_SPECS, "asks": _ASKS})
"""The guidance that every pack inherits."""

GUIDANCE = Fields(
    {
        "pack": Fields(
            {
                "id": NAME,
                "name": Text(),
                # What cues and corrections are about, the most dangerous first.
                "topics": ListOf(NAME),
                "defaults": Fields(
                    {
                        "reps": Integer(1, 30),
                        "sets": Integer(1, 10),
                        "rest": Integer(0, 600),
                        "tempo": Text(r"\d-\d-\d-\d", "a tempo", "write four digits, like 4-1-2-0"),
                    }
                ),
            },
            {"claims": _CLAIMS, "begins_with": BEGINS_WITH},
        ),
        "setup": ListOf(
            Fields(
                {
                    "id": Text(r"setup\.[a-z_]+", "a step's id", "write it like setup.back"),
                    "say": says(replace(SENTENCES, words=12), 2),
                    "why": SENTENCES,
                },
                {"claims": _CLAIMS, "why_claims": _CLAIMS, **_MARKS},
            )
        ),
        "cues": ListOf(
            Fields(
                {
                    "id": Text(r"cue\.[a-z_]+", "a cue's id", "write it like cue.brace"),
                    "phase": one_of(*PHASES),
                    "topic": NAME,
                    "say": _CUE_TEXT,
                    "claims": _CLAIMS,
                },
                {"short": _CUE_TEXT, "long": replace(CUE, words=6)},
            )
        ),
        "prompts": _PROMPT_SPECS,
    },
    {
        # By the intent of a report. In a running set `now` is said at once and `fix` once the platform should be safe;
        # at the second report in the set `again` takes the place of `fix`, and at the third, which ends the set,
        # `remedy` does. `why` is said if the lifter asks. See `model.Correction`.
        "corrections": Fields(
            other_keys=Fields(
                {
                    "now": replace(SENTENCES, words=7),
                    "fix": SENTENCES,
                    "why": SENTENCES,
                    "claims": _CLAIMS,
                    "topic": NAME,
                },
                {
                    "racked": Flag(),
                    "again": replace(SENTENCES, words=7),
                    "remedy": SENTENCES,
                    "remedy_claims": _CLAIMS,
                    "name": CUE,
                    "hint": CUE,
                    "avoid": ListOf(NAME),
                },
            )
        ),
        "asks": _ASKS,
        "answers": Fields(
            other_keys=Fields({"say": replace(SENTENCES, words=30, slots=ANSWER_SLOTS), "claims": _CLAIMS})
        ),
    },
)


# --- commands.yaml


CONCEPT = Text(
    r"[a-z_]+(?: \+ [a-z_]+)*", "groups of words", "write them like back + leaves, by names of concept_words"
)
# "lift*" stands for every word that begins with "lift".
CONCEPT_WORD = Text(r"[a-z']+(?: [a-z']+)*\*?", "a word", "lower case, a star behind the beginning of a word")


class Group(StrEnum):
    """What kind of intent it is. (The groups of words in a concept are something else.)"""

    SAFETY = "safety"
    CONTROL = "control"
    STATUS = "status"
    SETTING = "setting"
    QUESTION = "question"
    """A question that a line of the pack answers."""
    REPORT = "report"
    """A fault of form that the lifter noticed; a correction of the pack answers it."""


class KnownIntent(Protocol):
    """What a commands file must say of an intent that code carries out."""

    @property
    def group(self) -> Group:
        """The group that the file must give to the intent."""

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that the intent's templates may fill."""


Intents = Mapping[str, KnownIntent]
"""The intents that code carries out, by name. A file adds its own questions and reports."""


def _intent(*groups: Group) -> Fields:
    block = Fields(
        {
            "sentences": ListOf(TEMPLATE),
            # `anywhere`: the phrases count wherever they stand in an utterance. `alone`: only if nothing else is said.
            "metadata": Fields({"group": one_of(*groups)}, {"anywhere": Flag(), "alone": Flag()}),
        },
        {"slots": Fields(other_keys=WordOrNumber())},
    )
    return Fields({"data": ListOf(block)})


_RANGE = Fields(
    {"from": Integer(0, 999), "to": Integer(0, 999)},
    {"step": Integer(1, 99), "fractions": one_of("halves", "quarters"), "spoken_as": one_of("seconds", "minutes")},
)
_VALUE = Fields(
    {
        "in": Text(r"[a-z' ]+", "spoken words", "lower case, numbers in words", any_apostrophe=True),
        "out": WordOrNumber(),
    }
)


def commands_spec(intents: Intents) -> Fields:
    """What commands.yaml must look like, for code that carries out these intents."""
    return Fields(
        {
            "language": one_of("en"),
            "intents": Fields(
                optional={name: _intent(known.group) for name, known in intents.items()},
                other_keys=_intent(Group.QUESTION, Group.REPORT),
            ),
        },
        {
            "expansion_rules": Fields(other_keys=TEMPLATE),
            # By intent, what is meant by words that no template has: words of these groups in one clause.
            "concepts": Fields(other_keys=ListOf(CONCEPT)),
            "concept_words": Fields(other_keys=ListOf(CONCEPT_WORD)),
            "lists": Fields(other_keys=Fields(optional={"range": _RANGE, "values": ListOf(_VALUE)})),
            # Accepted, but not used any more; `commands_check.check_pronunciations` warns of it.
            "pronunciations": Fields(other_keys=Text()),
        },
    )
