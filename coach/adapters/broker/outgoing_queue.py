"""The queue of messages that wait to be published: present states, and a bounded number of events.

Law: pure. A state that is replaced before it was sent is not sent. If too many events wait, the oldest are dropped.
"""

from __future__ import annotations

from collections import OrderedDict

from coach.adapters.broker.topics import Message

MAX_EVENTS = 1000
"""Most events that wait: about five workouts, 0.3 MB."""


class OutgoingQueue:
    """A queue in which each topic of a state has one place. A retained message is a state, any other is an event."""

    def __init__(self, max_events: int = MAX_EVENTS) -> None:
        self._max_events = max_events
        self._waiting: OrderedDict[str | int, Message] = OrderedDict()
        """Waiting messages by the topic of a state or the key of an event."""
        self._states: dict[str, Message] = {}
        """The latest message of each state's topic, sent or not."""
        self._last_key = 0
        """Key of the latest event. Keys rise."""
        self._first_key = 0
        """Key of the event that was put back last. These keys fall, so that they differ from all others."""
        self._events = 0
        self.dropped = 0
        """Number of events so far that were dropped without being sent."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: Message) -> None:
        """Add a message at the end. A state takes the place of an older message of its topic that waits."""
        if message.retained:
            self._states[message.topic] = message
            self._waiting[message.topic] = message
            return
        self._last_key += 1
        self._waiting[self._last_key] = message
        self._events += 1
        self._drop()

    def next(self) -> Message | None:
        """Remove and return the first message; None: none waits."""
        if not self._waiting:
            return None
        _, message = self._waiting.popitem(last=False)
        self._events -= not message.retained
        return message

    def put_back(self, message: Message) -> None:
        """Put back an event that was not sent, before all others. A state is sent with the next `resend_states`."""
        if not message.retained:
            self._first_key -= 1
            self._waiting[self._first_key] = message
            self._waiting.move_to_end(self._first_key, last=False)
            self._events += 1
            self._drop()

    def resend_states(self) -> None:
        """Queue every state again, before all events, because the broker may know nothing."""
        for topic, message in reversed(self._states.items()):
            self._waiting[topic] = message
            self._waiting.move_to_end(topic, last=False)

    def _drop(self) -> None:
        while self._events > self._max_events:
            oldest = next(key for key in self._waiting if isinstance(key, int))
            del self._waiting[oldest]
            self._events -= 1
            self.dropped += 1
