"""Turns a view into the values that are sent to the page as JSON, with the texts that the lifter reads.

Law: all times are session seconds. Every message also has `now`, from which the browser follows the coach's clock.
"""

from __future__ import annotations

from typing import Any

from coach.events import Part
from coach.page.buttons import shown_buttons
from coach.page.view import View
from coach.snapshot import Alert, CurrentRest, PlannedSet

_STATES = {
    "idle": "Waiting for you",
    "setup": "Set up",
    "ready": "Ready",
    "set": "Set",
    "set.unracking": "Unrack",
    "set.countdown": "Get ready",
    "set.lowering": "Lower",
    "set.bottom": "Hold",
    "set.pressing": "Push",
    "set.top": "Hold",
    "set.moving": "At your pace",
    "correcting": "Correct it",
    "paused": "Paused",
    "stopped": "Stopped",
    "stuck": "Stuck",
    "hurt": "Are you all right?",
    "break": "Short break",
    "resting": "Rest",
    "finished": "All sets done",
}
_KINDS = {"warm_up": "Warm-up", "drop": "Drop set", "rest_pause": "Rest-pause set"}
_FAULTS = {
    Part.MICROPHONE: "The microphone is lost",
    Part.SPEAKER: "The loudspeaker is lost",
    Part.HEARING: "The coach cannot hear any more",
    Part.JOURNAL: "What you train is not written down",
    Part.SERVER: "A server that helps is gone",
}
_ALERTS = {
    Alert.STUCK: "The lifter is stuck under the platform",
    Alert.PAIN: "The lifter is in pain and does not answer",
    Alert.DIZZY: "The lifter is dizzy and does not answer",
}
MAX_TEXT = 300
"""Most characters of a text; a longer one is cut."""
MAX_LINES = 8
"""Most lines of the coach in a message; later lines come with a later snapshot."""


def page_state(view: View) -> dict[str, Any]:
    """Returns everything that the page shows. Equal views give equal values."""
    snapshot = view.snapshot
    if snapshot is None:
        return {"state": "", "title": "The coach starts", "buttons": shown_buttons(view.live, "idle"), "faults": []}
    plan, phase, understood = snapshot.plan, snapshot.phase, snapshot.understood
    return {
        "state": snapshot.state,
        "title": "The workout is over" if snapshot.ended else _title(snapshot.state),
        "set": _set(plan),
        "rep": snapshot.rep,
        "reps": plan.reps,
        "load": "" if plan.load is None else f"{plan.load:g} {plan.unit}",
        "plan": f"{plan.reps} reps, tempo {plan.tempo}, rest {_clock(plan.rest)}",
        "setsDone": snapshot.sets_done,
        "phase": phase and {"name": phase.name, "began": round(phase.began, 3), "beats": phase.beats},
        "rest": _rest(snapshot.rest),
        "saying": [
            {"text": line.text[:MAX_TEXT], "at": round(line.at, 3), "ends": round(line.ends, 3)}
            for line in snapshot.saying[:MAX_LINES]
        ],
        "understood": "" if understood is None else understood.text[:MAX_TEXT],
        "faults": [{"text": _FAULTS[part], "reason": reason[:MAX_TEXT]} for part, reason in view.faults],
        "alert": "" if snapshot.alert is None else _ALERTS[snapshot.alert],
        "buttons": shown_buttons(view.live, snapshot.state),
        "ended": snapshot.ended,
    }


def _title(state: str) -> str:
    outer, _, inner = state.partition(".")
    if state in _STATES:
        return _STATES[state]
    # The names of the set-up steps come from the pack.
    return f"{_STATES.get(outer, outer.capitalize())}: {inner.replace('_', ' ')}" if inner else state.capitalize()


def _set(plan: PlannedSet) -> str:
    """Returns the name of the set, such as "Set 2 of 3, left side"."""
    name = _KINDS.get(plan.kind, "Set")
    of = "" if plan.kind == "warm_up" else f" of {plan.sets}"
    return f"{name} {plan.number}{of}{'' if plan.side is None else f', {plan.side} side'}"


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _rest(rest: CurrentRest | None) -> dict[str, Any] | None:
    """Returns when a running rest ends, or how many seconds are left of a rest that is held."""
    if rest is None:
        return None
    when = {"left": round(rest.left, 2)} if rest.ends is None else {"ends": round(rest.ends, 2)}
    return {"seconds": rest.seconds, **when}
