"""Which links a session has."""

from __future__ import annotations

import pytest

from coach.events import SessionStarted
from coach.ports import SessionAccess
from coach.settings import Broker, Settings
from coach.wiring.links import links


def test_the_link_is_there_where_a_broker_is_named() -> None:
    assert list(links(Settings(), pytest.fail)) == []
    lines: list[str] = []
    (link,) = links(Settings(broker=Broker(host="gym.local")), lines.append)
    # Without a password nothing is sent to another computer; coaching goes on.
    with link(SessionAccess(lambda _text, _source: None, lambda: 0.0)) as observer:
        observer(SessionStarted(0.0))
    assert len(lines) == 1 and "give broker.username" in lines[0]
