"""A session's status as one line for the people who look after the machine: "set 2 of 3, repetition 5 of 10".

Law: a fault stays in the line as long as it lasts. The words are for bystanders; `page/state.py` has those for the
lifter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coach.events import PART_BROKEN_BY, PART_MENDED_BY, Heard, MicrophoneSilent, Part, SessionStarted
from coach.ports import Observed
from coach.snapshot import Alert, Snapshot

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
_ALERTS = {Alert.STUCK: "stuck", Alert.PAIN: "pain", Alert.DIZZY: "dizziness"}
_WITH_SET = frozenset({"ready", "set", "correcting", "paused", "stopped", "stuck", "hurt", "break"})
"""States in which the line says how far the set is."""

_SILENCE = "silence"
_FAULTS: Mapping[str, str] = {
    Part.MICROPHONE: "no microphone",
    _SILENCE: "nothing is heard",
    Part.SPEAKER: "no loudspeaker",
    Part.HEARING: "the coach cannot hear",
    Part.SERVER: "a server is gone",
    Part.JOURNAL: "nothing is written down",
}
_BEGINS: Mapping[type, str] = {**PART_BROKEN_BY, MicrophoneSilent: _SILENCE}
"""The fault that each event begins."""
_ENDS: Mapping[type, str] = {**PART_MENDED_BY, Heard: _SILENCE, SessionStarted: Part.JOURNAL}
"""The fault that each event ends. A new session ends the fault of the journal, because it has its own journal."""


class Status:
    """An observer of the session that reports the line whenever it changes."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._state = "starting"
        self._faults: dict[str, str] = {}
        self._reported = ""

    def __call__(self, observed: Observed) -> None:
        """Take one event, command or snapshot of the session."""
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
    state = snapshot.outer_state
    parts = [f"ALERT: {_ALERTS[snapshot.alert]}, nobody answers"] if snapshot.alert else []
    if state in _STATES:
        parts.append(_STATES[state])
    if state in _WITH_SET:
        kind = "warm-up" if snapshot.plan.kind == "warm_up" else "set"
        of = "" if kind == "warm-up" else f" of {snapshot.plan.sets}"
        parts.append(f"{kind} {snapshot.plan.number}{of}, repetition {snapshot.rep} of {snapshot.plan.reps}")
    elif state == "resting":
        parts.append(f"{snapshot.sets_done} done")
    return ", ".join(parts) or snapshot.state
