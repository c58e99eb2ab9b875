"""What waits to be published: states as they are now, and events up to a bound.

Law: pure. A state that is replaced before it was sent is not sent; of too many events the oldest are dropped.
"""

from __future__ import annotations

from collections import OrderedDict

from coach.adapters.broker.topics import Message

MAX_EVENTS = 1000
"""About the events of five workouts: 0.3 MB."""


class OutgoingQueue:
    """A queue in which a retained message has one place, its topic's."""

    def __init__(self, max_events: int = MAX_EVENTS) -> None:
        self._max_events = max_events
        self._waiting: OrderedDict[str | int, Message] = OrderedDict()
        """By the topic of a state, or the number of an event."""
        self._states: dict[str, Message] = {}
        """All retained messages as they are now."""
        self._arrived = 0
        self._returned = 0
        self._events = 0
        self.dropped = 0
        """Events so far that were never sent."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: Message) -> None:
        """Behind all others; a state in the place of the older one that waits."""
        if message.retained:
            self._states[message.topic] = message
            self._waiting[message.topic] = message
            return
        self._arrived += 1
        self._waiting[self._arrived] = message
        self._events += 1
        self._drop()

    def next(self) -> Message | None:
        """The first; it waits no more."""
        if not self._waiting:
            return None
        _, message = self._waiting.popitem(last=False)
        self._events -= not message.retained
        return message

    def put_back(self, message: Message) -> None:
        """It was not sent after all: before all others. A state comes with the next `begin_again`."""
        if not message.retained:
            self._returned -= 1
            self._waiting[self._returned] = message
            self._waiting.move_to_end(self._returned, last=False)
            self._events += 1
            self._drop()

    def resend_states(self) -> None:
        """Every state is sent anew, before all events: the broker may know nothing."""
        for topic, message in reversed(self._states.items()):
            self._waiting[topic] = message
            self._waiting.move_to_end(topic, last=False)

    def _drop(self) -> None:
        while self._events > self._max_events:
            oldest = next(key for key in self._waiting if isinstance(key, int))
            del self._waiting[oldest]
            self._events -= 1
            self.dropped += 1
