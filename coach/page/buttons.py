"""The page's buttons: each stands for words that the lifter could say.

Law: a button can be pressed where its intent is live (`ListenFor`), the coach would do something about it, and the page
has room for it. "Stop" can always be pressed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

STOP = "Stop"


@dataclass(frozen=True, slots=True)
class Button:
    """One of them."""

    intent: str
    """Its name on the page, too."""
    words: str
    """What is sent to the coach."""
    label: str
    states: frozenset[str] | None = None
    """The outermost states in which it stands for something; None: all. Words that are live may mean nothing there,
    or what another button says better."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the page. Its buttons are never live together: the first one that is live is shown."""

    part: str
    """Of the page: answers, main, trouble or more."""
    buttons: tuple[Button, ...]


_INTERRUPTED = frozenset({"correcting", "paused", "stopped"})
_OPEN = _INTERRUPTED | {"set", "break", "stuck"}
_RACKED = frozenset({"idle", "setup", "ready", "resting", "finished"})

STOP_BUTTON = Button(STOP, "stop", "Stop")
PLACES: tuple[Place, ...] = (
    Place("answers", (Button("Yes", "yes", "Yes", frozenset(_RACKED | _OPEN | {"hurt"}) - {"break"}),)),
    Place("answers", (Button("No", "no", "No"),)),
    Place(
        "main",
        (
            Button("RepUp", "up", "Rep done"),
            Button("Resume", "continue", "Continue", _INTERRUPTED | {"break"}),
            Button("StartSet", "start set", "Start set", _RACKED),
        ),
    ),
    Place("main", (Button("Pause", "pause", "Pause", frozenset({"set", "break", "resting"})),)),
    Place(
        "main",
        (
            Button("Next", "next", "Next step", frozenset({"setup"})),
            Button("SkipRest", "skip rest", "Skip rest"),
        ),
    ),
    Place("main", (Button("MoreRest", "more rest", "More rest"),)),
    Place("main", (Button("FinishSet", "finish set", "Finish set"),)),
    Place("main", (Button("Repeat", "repeat", "Say again"),)),
    Place(
        "main",
        (
            Button("CatchesIn", "catches are in", "Catches are in", _OPEN - {"stopped", "break"}),
            Button("SetUp", "set up", "Set up", _RACKED - {"setup"}),
        ),
    ),
    Place("main", (Button("EndWorkout", "end workout", "End workout", _RACKED | _INTERRUPTED),)),
    Place("trouble", (Button("Stuck", "i'm stuck", "I'm stuck"),)),
    Place("trouble", (Button("Pain", "it hurts", "It hurts"),)),
    Place("trouble", (Button("Dizzy", "i feel dizzy", "I feel dizzy"),)),
    Place("trouble", (Button("Better", "i'm okay", "I'm all right", frozenset({"hurt", "stuck"})),)),
    Place("more", (Button("Quieter", "quieter", "Quieter"),)),
    Place("more", (Button("Louder", "louder", "Louder"),)),
    Place("more", (Button("Slower", "slower", "Slower"),)),
    Place("more", (Button("Faster", "faster", "Faster"),)),
    Place("more", (Button("FewerCues", "fewer cues", "Fewer cues"),)),
    Place("more", (Button("MoreCues", "more cues", "More cues"),)),
    Place("more", (Button("Help", "what can i say", "What can I say?"),)),
    Place("more", (Button("Undo", "undo", "Undo"),)),
)

BUTTONS = {button.intent: button for button in (STOP_BUTTON, *(button for place in PLACES for button in place.buttons))}


def pressable(live: Collection[str], state: str) -> list[str]:
    """Names of the buttons that can be pressed. `live`: intents; `state`: such as "set.lowering".

    A question is answered by yes or no: where "no" means nothing, nothing was asked.
    """
    outer = state.partition(".")[0]
    found = [STOP]
    for place in PLACES:
        for button in place.buttons:
            answers = place.part != "answers" or "No" in live
            if button.intent in live and answers and (button.states is None or outer in button.states):
                found.append(button.intent)
                break
    return found
