"""Addresses of servers as people write them."""

from __future__ import annotations

import pytest

from coach.adapters.wyoming.address import Address, is_address, parse


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("wyoming://127.0.0.1:10300", Address("127.0.0.1", 10300)),
        (" wyoming://homeassistant.local:10200/ ", Address("homeassistant.local", 10200)),
        ("WYOMING://[fe80::1]:10200", Address("fe80::1", 10200)),
        ("wyoming://pi:1?voice=en_US-joe-medium", Address("pi", 1, "en_US-joe-medium")),
    ],
)
def test_host_and_port_and_a_voice(written: str, address: Address) -> None:
    assert is_address(written)
    assert parse(written) == address


def test_an_address_is_written_as_people_know_it() -> None:
    assert str(Address("fe80::1", 10200)) == "[fe80::1]:10200"
    assert str(Address("pi", 10200, "joe")) == "pi:10200"


@pytest.mark.parametrize(
    "written",
    [
        "wyoming:",
        "wyoming://",
        "wyoming://pi",
        "wyoming://pi:0",
        "wyoming://pi:65536",
        "wyoming://pi:ten",
        "wyoming://:10300",
        "wyoming:pi:10300",
        "wyoming://a b:10300",
        "wyoming://you@pi:10300",
        "wyoming://pi:10300/asr",
        "wyoming://pi:10300?voice=",
        "wyoming://pi:10300?voice=a&voice=b",
        "wyoming://pi:10300?voice=%0a",
        "wyoming://pi:10300?model=base",
        "wyoming://pi:10300#x",
        "wyoming://[fe80::1:10300",
    ],
)
def test_a_wrong_address_is_one_line_with_the_remedy(written: str) -> None:
    assert is_address(written)
    with pytest.raises(ValueError, match="write wyoming://HOST:PORT") as error:
        parse(written)
    assert "\n" not in str(error.value)
    assert repr(written) in str(error.value)


@pytest.mark.parametrize("name", ["auto", "moonshine", "vosk", "wyomingish", "tcp://pi:10300", ""])
def test_names_of_engines_are_no_addresses(name: str) -> None:
    assert not is_address(name)
