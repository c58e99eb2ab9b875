"""Messages that wait for the broker: old states are dropped, events are kept."""

from __future__ import annotations

from coach.adapters.broker.outgoing_queue import OutgoingQueue
from coach.adapters.broker.topics import Message


class TestWaiting:
    def state(self, value: str, topic: str = "state") -> Message:
        return Message(topic, value, True)

    def test_old_states_are_dropped_and_events_kept(self) -> None:
        waiting = OutgoingQueue(max_events=3)
        for number in range(5):
            waiting.put(self.state(str(number)))
            waiting.put(Message("event", str(number), False))
        sent = []
        while (message := waiting.next()) is not None:
            sent.append(message.payload)
        assert sent == ["4", "2", "3", "4"] and waiting.dropped == 2 and not waiting

    def test_a_new_connection_is_told_how_it_stands_first(self) -> None:
        waiting = OutgoingQueue()
        waiting.put(self.state("online", "availability"))
        waiting.put(self.state("idle"))
        event = Message("event", "1", False)
        waiting.put(event)
        sent = [waiting.next(), waiting.next(), waiting.next()]
        assert [one.payload for one in sent if one] == ["online", "idle", "1"]
        waiting.put(Message("event", "2", False))
        for one in reversed(sent):
            if one is not None:
                waiting.put_back(one)
        waiting.put(self.state("resting"))
        waiting.resend_states()
        again = []
        while (message := waiting.next()) is not None:
            again.append(message.payload)
        assert again == ["online", "resting", "1", "2"]
