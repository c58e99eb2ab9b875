"""Who may open the page: names, origins and rates."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.adapters.page.access import Access, RateLimits, own_names
from coach.adapters.page.token import TokenFile


def door(tmp_path: Path, *names: str) -> Access:
    return Access(8377, TokenFile(tmp_path / "page-token"), names, frozenset({"corner", "corner.local"}))


@pytest.mark.parametrize(
    ("host", "reached", "known"),
    [
        ("192.168.1.5:8377", "192.168.1.5", True),
        ("192.168.1.5:8377", "::ffff:192.168.1.5", True),
        ("[fd00::5]:8377", "fd00::5", True),
        ("Corner.local:8377", "192.168.1.5", True),
        ("corner.local.:8377", "192.168.1.5", True),
        ("corner:8377", "192.168.1.5", True),
        ("localhost:8377", "127.0.0.1", True),
        ("coach.example", "172.17.0.2", True),
        ("coach.example:443", "172.17.0.2", True),
        ("192.168.1.6:8377", "192.168.1.5", False),
        ("192.168.1.5:8378", "192.168.1.5", False),
        ("192.168.1.5", "192.168.1.5", False),
        ("evil.example:8377", "192.168.1.5", False),
        ("localhost:8377", "192.168.1.5", False),
        ("corner.local.evil.example:8377", "192.168.1.5", False),
        ("", "192.168.1.5", False),
        ("[:8377", "192.168.1.5", False),
        ("[]:8377", "192.168.1.5", False),
        (":8377", "", False),
        (":8377", "no address", False),
    ],
)
def test_the_page_is_served_under_names_of_this_computer(host: str, reached: str, known: bool, tmp_path: Path) -> None:
    assert door(tmp_path, "coach.example").accepts_host(host, reached) is known


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8377", True),
        ("localhost:8377", True),
        ("[::1]:8377", True),
        ("LOCALHOST:8377", True),
        ("127.0.0.1", False),
        ("127.0.0.2:8377", False),
        ("localhost.evil.example:8377", False),
        ("corner.local:8377", False),
    ],
)
def test_a_page_for_this_computer_alone_has_its_names_alone(host: str, known: bool) -> None:
    assert Access(8377, None).accepts_host(host, "127.0.0.1") is known


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://127.0.0.1:8377", True),
        ("https://127.0.0.1:8377", False),
        ("http://127.0.0.1:8378", False),
        ("http://localhost:8377", False),
        ("http://evil.example", False),
        ("null", False),
        ("", False),
        ("http://127.0.0.1:8377/", False),
        ("http://127.0.0.1:8377@evil.example", False),
    ],
)
def test_only_this_page_may_send(origin: str, own: bool) -> None:
    assert Access(8377, None).accepts_origin(origin, "127.0.0.1:8377") is own


def test_a_proxy_in_front_may_speak_tls(tmp_path: Path) -> None:
    assert door(tmp_path, "coach.example").accepts_origin("https://coach.example", "coach.example")


def test_this_computer_has_a_name() -> None:
    assert own_names()


def test_each_client_has_its_own_rate() -> None:
    now = 0.0
    rates = RateLimits(2.0, 3, lambda: now)
    assert [rates.allow("a") for _ in range(5)] == [True] * 3 + [False] * 2
    assert rates.allow("b")
    now = 0.6
    assert [rates.allow("a") for _ in range(2)] == [True, False]
    now = 1000.0
    assert [rates.allow("a") for _ in range(4)] == [True] * 3 + [False]
    for number in range(2000):
        rates.allow(str(number))
    assert len(rates._left) <= 512
