"""The one session loop, the same live and in rehearsals: inbox -> conversation -> commands -> ports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from coach.commands import Command, DropLines, End, ListenFor, Say, SetPace, SetVolume, StopSpeaking, Write
from coach.dialogue.conversation import Conversation
from coach.ports import Ears, Inbox, Journal, Observed, Observer, Voice


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports to which the commands are carried."""

    inbox: Inbox
    ears: Ears
    voice: Voice
    journal: Journal


def run(conversation: Conversation, ports: Ports, observers: Sequence[Observer] = ()) -> End:
    """Run until the conversation ends and its last words have been said; returns how it ended.

    An exception of an observer ends the session.
    """

    def show(observed: Observed) -> None:
        for observer in observers:
            observer(observed)

    farewell = None
    while farewell is None:
        event = ports.inbox.next(conversation.next_deadline())
        show(event)
        for command in conversation.receive(event):
            show(command)
            _carry_out(command, ports)
            if isinstance(command, End):
                farewell = command
        show(conversation.snapshot())
    while (event := ports.inbox.next(farewell.at)).at < farewell.at:
        show(event)
    return farewell


def _carry_out(command: Command, ports: Ports) -> None:
    match command:
        case Say():
            ports.voice.say(command)
        case StopSpeaking(at):
            ports.voice.stop(at)
        case DropLines(lines):
            ports.voice.drop(lines)
        case ListenFor():
            ports.ears.listen_for(command)
        case SetVolume(decibels):
            ports.voice.set_volume(decibels)
        case SetPace(percent):
            ports.voice.set_pace(percent)
        case Write(record):
            ports.journal.write(record)
        case End():
            pass
        case _:
            assert_never(command)
