"""Checks the programs on the network that the settings name: the MQTT broker and Wyoming servers."""

from __future__ import annotations

from collections.abc import Iterator

from coach.doctor.examination import Examination
from coach.doctor.finding import Finding, hint, ok
from coach.ports import WorldError
from coach.wiring.servers import try_servers


def broker(examined: Examination) -> Iterator[Finding]:
    """Whether the MQTT broker lets the coach in, and whether it lets anybody in."""
    chosen = examined.settings.broker
    if not chosen.host:
        return
    from coach.adapters.broker import maintenance  # noqa: PLC0415  few have one

    try:
        maintenance.check_access(chosen)
        anybody = maintenance.admits_anybody(chosen)
    except WorldError as error:
        # The coach works without the broker.
        yield hint(str(error))
        return
    if anybody:
        yield hint(f"the broker {chosen.host} lets anybody in: name a user and a password there, and forbid strangers")
    else:
        yield ok(f"the broker {chosen.host} lets the coach in, and nobody without a password")


def servers(examined: Examination) -> Iterator[Finding]:
    """Whether each Wyoming server that the settings name can do its service."""
    for good, text in try_servers(examined.settings):
        # Without servers the coach hears and speaks by itself.
        yield ok(text) if good else hint(text)
