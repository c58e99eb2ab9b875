"""The table of the page's buttons. Each button stands for words that the lifter could say.

Law: a button is allowed while its intent is live (`ListenFor`) and the state is among its states; "Yes" also needs "No"
to be live. A place shows its first allowed button. "Stop" is always shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

STOP = "Stop"


@dataclass(frozen=True, slots=True)
class Button:
    """One button."""

    intent: str
    """The intent that the button asks for; also the button's name."""
    words: str
    """The words that are handed to the coach."""
    label: str
    """The text on the button."""
    states: frozenset[str] | None = None
    """Outermost states in which the button is allowed; None: all. In other states its words are live but do
    nothing, or another button fits better."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the page. The place shows the first of its buttons that is allowed."""

    part: str
    """Part of the page: answers, main, trouble or more."""
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
        (Button("Next", "next", "Next step", frozenset({"setup"})), Button("SkipRest", "skip rest", "Skip rest")),
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


def shown_buttons(live: Collection[str], state: str) -> list[str]:
    """Returns the names of the buttons that are shown. `live`: intents; `state`: such as "set.lowering".

    "Yes" needs "No" to be live, because only then a question waits for an answer.
    """
    outer = state.partition(".")[0]
    found = [STOP]
    for place in PLACES:
        for button in place.buttons:
            may_answer = place.part != "answers" or "No" in live
            if button.intent in live and may_answer and (button.states is None or outer in button.states):
                found.append(button.intent)
                break
    return found
