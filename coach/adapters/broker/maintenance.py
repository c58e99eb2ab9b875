"""Short connections to the broker without a session: to check it, and to clear what it retains of a corner."""

from __future__ import annotations

import time

from coach.adapters.broker.connection import Connection
from coach.adapters.broker.errors import BrokerError, ErrorKind, where
from coach.adapters.broker.home_assistant import discovery_topic
from coach.adapters.broker.topics import ONLINE, RETAINED, Corner, Message
from coach.settings import Broker

QUIET_S = 0.3
"""Retained messages come at once; after this time without any, none is left."""
PATIENCE_S = 5.0
"""Longest wait for acknowledgements."""


def check_access(broker: Broker) -> None:
    """Check that the broker lets the coach in. BrokerError, with the remedy: it does not."""
    connection = Connection(broker, "")
    try:
        connection.open()
    finally:
        connection.close()


def admits_anybody(broker: Broker) -> bool:
    """Whether the broker accepts a connection without a user. BrokerError: that cannot be found out."""
    connection = Connection(broker, "", anonymous=True)
    try:
        connection.open()
    except BrokerError as error:
        if error.kind is not ErrorKind.CREDENTIALS:
            raise
        return False
    finally:
        connection.close()
    return True


def clear(broker: Broker) -> int:
    """Clear all retained messages of the corner `broker.name`, so that Home Assistant forgets the corner.

    Returns how many topics had one. BrokerError: the broker does not allow that, or the corner is running.
    """
    corner, retained_topics, denied = Corner(broker.base, broker.name), dict[str, bytes](), list[int]()
    waited: set[int] = set()

    def received(topic: str, payload: bytes, retained: bool) -> None:
        if retained and payload:
            retained_topics[topic] = payload

    def acknowledged(number: int, was_denied: bool) -> None:
        waited.discard(number)
        if was_denied:
            denied.append(number)

    connection = Connection(broker, "", received=received, acknowledged=acknowledged)
    try:
        connection.open()
        connection.subscribe_with_retained(corner.topic("#"))
        _step_for(connection, QUIET_S)
        if retained_topics.get(corner.availability) == ONLINE.encode():
            raise BrokerError(
                ErrorKind.DENIED, f"{broker.name!r} is running and would publish all of it again: end it first"
            )
        found = len(retained_topics)
        if broker.discovery:
            # First, and with a moment for Home Assistant to act: otherwise it complains about empty states.
            waited.add(connection.publish(Message(discovery_topic(broker.discovery, corner), "", True)))
            _step_for(connection, QUIET_S)
        for topic in sorted({corner.availability, *map(corner.topic, RETAINED), *retained_topics}):
            waited.add(connection.publish(Message(topic, "", True)))
        end = time.monotonic() + PATIENCE_S
        while waited and not denied and time.monotonic() < end:
            connection.step(0.05)
    finally:
        connection.close()
    if denied or waited:
        raise BrokerError(
            ErrorKind.DENIED, f"{where(broker)} does not let it be cleared: check the broker's access rules"
        )
    return found


def _step_for(connection: Connection, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        connection.step(left)
