"""The settings as values."""

from __future__ import annotations

from coach.settings import Broker


def test_settings_say_whether_the_broker_is_here() -> None:
    here = ("localhost", "127.0.0.1", "127.3.2.1", "::1")
    away = ("gym.local", "10.0.0.4", "0.0.0.0", "localhost.example", "fe80::1")
    assert all(Broker(host=host).is_local for host in here) and not any(Broker(host=host).is_local for host in away)
