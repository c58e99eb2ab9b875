"""Examines what the coach needs, part by part, and says what to do about what is missing.

Law: a part is a row of the table. A row that needs what another has found to be broken says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coach.doctor import files, hearing, machine, network, sound, speech
from coach.doctor.examination import Examination
from coach.doctor.finding import Finding

examine_files = files.examine


@dataclass(frozen=True, slots=True)
class Check:
    """A row."""

    name: str
    """Of the part, in the JSON."""
    examine: Callable[[Examination], Iterator[Finding]]


CHECKS: tuple[Check, ...] = (
    Check("terminal", machine.terminal),
    Check("settings", machine.settings),
    Check("files", lambda _: files.examine()),
    Check("disk", machine.disk),
    Check("clock", machine.clock),
    Check("server", sound.server),
    Check("permissions", sound.permissions),
    Check("devices", sound.devices),
    Check("voice", speech.voice),
    Check("cache", speech.cache),
    Check("microphone", sound.microphone),
    Check("own voice", sound.own_voice),
    Check("recogniser", hearing.recogniser),
    Check("process", hearing.process),
    Check("headroom", hearing.headroom),
    Check("broker", network.broker),
    Check("servers", network.servers),
)
"""In the order in which they are examined; the real parts are tried."""


def examine(examined: Examination) -> Iterator[tuple[str, Finding]]:
    """The name of each part, and what was found."""
    try:
        for check in CHECKS:
            for finding in check.examine(examined):
                yield check.name, finding
    finally:
        examined.close()
