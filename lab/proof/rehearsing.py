"""Performs scripted conversations, watched: they must keep the laws too."""

from __future__ import annotations

import contextlib

from coach.commands import Command
from coach.dialogue.conversation import Conversation
from coach.dialogue.preferences import preferred_plan
from coach.events import Event, TimePassed
from coach.language.speaking_time import speaking_time
from coach.ports import Observed
from coach.rehearsal.performing.comparison import Comparison
from coach.rehearsal.performing.stage import PerformanceOver, Stage
from coach.rehearsal.performing.worlds import TextWorld
from coach.rehearsal.scripts.faults import DeviceFaults, RehearsalJournal
from coach.rehearsal.scripts.script import Script
from coach.session import Ports, run
from coach.snapshot import Snapshot
from lab.proof.watch import Watch
from lab.rigs.talk import GRAMMAR, PACK


class WatchObserver:
    """An observer that gives a watch each event of a session, together with the commands it led to."""

    def __init__(self, conversation: Conversation, watch: Watch) -> None:
        self._conversation = conversation
        self._watch = watch
        self._event: Event | None = None
        self._commands: list[Command] = []
        self._stalled = False

    def __call__(self, happened: Observed) -> None:
        if isinstance(happened, Command):
            self._commands.append(happened)
        elif isinstance(happened, Snapshot):
            self._settle(happened.state)
        else:
            due, at = self._conversation.next_deadline(), happened.at
            self._stalled = due is not None and (due < at or (due == at and not isinstance(happened, TimePassed)))
            self._event = happened

    def _settle(self, state: str) -> None:
        """Gives the watch the event, which has been carried out."""
        event, self._event = self._event, None
        commands, self._commands = self._commands, []
        if event is None:
            raise AssertionError("a snapshot follows an event")
        self._watch.received(event, commands, state, self._conversation.next_deadline(), stalled=self._stalled)


def watch_script(script: Script) -> Watch:
    """Performs a script in text; raises `LawBroken` if a law does not hold. Failures of the script are ignored."""
    plan = preferred_plan(script.plan, PACK.id, script.preferences, script.head.get("plan", {}))
    conversation = Conversation(
        PACK, GRAMMAR, plan, speaking_time, script.open_speaker, past=script.past, preferences=script.preferences
    )
    watch = Watch(PACK, GRAMMAR, plan, speaking_time, script.open_speaker, script.past.unfinished)
    watching = WatchObserver(conversation, watch)
    stage = Stage(script, speaking_time, lambda: conversation.state)
    world = TextWorld(Comparison(stage, exact=True))
    with contextlib.suppress(PerformanceOver):
        run(
            conversation,
            Ports(world, world, world, RehearsalJournal(DeviceFaults(), lambda _: None)),
            [watching, stage.observe],
        )
    return watch
