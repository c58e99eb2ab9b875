"""The one session loop: inbox -> conversation -> commands -> ports. The same live, in text and in audio rehearsals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.commands import Command, DropLines, End, ListenFor, Record, Say, SetPace, SetVolume, StopSpeaking
from coach.dialogue.conversation import Conversation
from coach.events import Event
from coach.ports import Ears, Inbox, Journal, Voice

Witness = Callable[[Event | Command], None]
"""Is shown every event before it is received and every command before it is carried out."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the commands are carried to."""

    inbox: Inbox
    ears: Ears
    voice: Voice
    journal: Journal


def run(conversation: Conversation, ports: Ports, witness: Witness) -> None:
    """Until the conversation ends and its last words have been said."""
    farewell = None
    while farewell is None:
        event = ports.inbox.next(conversation.next_deadline())
        witness(event)
        for command in conversation.receive(event):
            witness(command)
            _carry_out(command, ports)
            if isinstance(command, End):
                farewell = command.at
    while ports.inbox.next(farewell).at < farewell:
        pass


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
        case Record():
            ports.journal.record(command)
        case End():
            pass
