"""A session's status in one line for the people who look after the machine: "set 2 of 3, repetition 5 of 10".

Law: a fault stands in the line as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coach.events import PART_BROKEN_BY, PART_MENDED_BY, Heard, MicrophoneSilent, Part, SessionStarted
from coach.ports import Observed
from coach.snapshot import Snapshot

_STATES = {
    "idle": "waiting for a lifter",
    "setup": "setting up",
    "ready": "the lifter gets ready",
    "correcting": "correcting",
    "paused": "paused",
    "stopped": "stopped",
    "stuck": "stuck under the load",
    "hurt": "something hurts",
    "break": "a short break",
    "resting": "resting",
    "finished": "the workout is over",
}
_ALERTS = {"stuck": "stuck", "pain": "pain", "dizzy": "dizziness"}
_IN_A_SET = frozenset({"ready", "set", "correcting", "paused", "stopped", "stuck", "hurt", "break"})

_SILENCE = "silence"
_FAULTS: Mapping[str, str] = {
    Part.MICROPHONE: "no microphone",
    _SILENCE: "nothing is heard",
    Part.SPEAKER: "no loudspeaker",
    Part.HEARING: "deaf",
    Part.SERVER: "no help",
    Part.JOURNAL: "not written down",
}
_BEGINS: Mapping[type, str] = {**PART_BROKEN_BY, MicrophoneSilent: _SILENCE}
"""The fault that each event begins."""
# A session has a journal of its own.
_ENDS: Mapping[type, str] = {**PART_MENDED_BY, Heard: _SILENCE, SessionStarted: Part.JOURNAL}


class Status:
    """An observer that reports the line whenever it changes."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._state = "starting"
        self._faults: dict[str, str] = {}
        self._reported = ""

    def __call__(self, observed: Observed) -> None:
        """Take one happening of the session."""
        fault = _BEGINS.get(type(observed))
        over = _ENDS.get(type(observed))
        if isinstance(observed, Snapshot):
            self._state = in_words(observed)
        elif fault is not None:
            self._faults[fault] = f"{_FAULTS[fault]}: {getattr(observed, 'reason', '')}"
        elif over in self._faults:
            del self._faults[over]
        else:
            return
        line = "; ".join([*self._faults.values(), self._state])
        if line != self._reported:
            self._reported = line
            self._report(line)


def in_words(snapshot: Snapshot) -> str:
    """The session's state in words."""
    state = snapshot.state.partition(".")[0]
    parts = [f"ALERT: {_ALERTS.get(snapshot.alert, snapshot.alert)}, nobody answers"] if snapshot.alert else []
    if state in _STATES:
        parts.append(_STATES[state])
    if state in _IN_A_SET:
        kind = "warm-up" if snapshot.plan.kind == "warm_up" else "set"
        of = "" if kind == "warm-up" else f" of {snapshot.plan.sets}"
        parts.append(f"{kind} {snapshot.plan.number}{of}, repetition {snapshot.rep} of {snapshot.plan.reps}")
    elif state == "resting":
        parts.append(f"{snapshot.sets_done} done")
    return ", ".join(parts) or snapshot.state
