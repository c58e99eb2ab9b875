"""Other programs that were asked to join; a row each, where their settings are on."""

from __future__ import annotations

from collections.abc import Iterator

from coach.doctor.examined import Examined
from coach.doctor.finding import Finding, hint, ok
from coach.ports import WorldError
from coach.wiring import helpers


def broker(examined: Examined) -> Iterator[Finding]:
    """The MQTT broker: does it let the coach in, and strangers too?"""
    chosen = examined.settings.broker
    if not chosen.host:
        return
    from coach.adapters.broker import visits  # noqa: PLC0415  few have one

    try:
        visits.lets_in(chosen)
        anybody = visits.lets_in_anybody(chosen)
    except WorldError as fault:
        # The coach coaches without it.
        yield hint(str(fault))
        return
    if anybody:
        yield hint(f"the broker {chosen.host} lets anybody in: name a user and a password there, and forbid strangers")
    else:
        yield ok(f"the broker {chosen.host} lets the coach in, and nobody without a password")


def servers(examined: Examined) -> Iterator[Finding]:
    """Wyoming servers, if ears or voice are asked there: each does its work once."""
    for good, told in helpers.tried(examined.settings):
        # Without them the coach hears and speaks by itself.
        yield ok(told) if good else hint(told)
