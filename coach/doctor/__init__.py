"""Examines what the coach needs, part by part, and says how to mend what is missing or broken.

Law: each part is a row of the table. A check says nothing if it needs a part that an earlier check found broken. A
WorldError that a check raises is its finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coach.doctor import files, hearing, machine, network, sound, speech
from coach.doctor.examination import Examination
from coach.doctor.finding import Finding, fix
from coach.ports import WorldError


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table."""

    name: str
    """Name of the part in the JSON."""
    examine: Callable[[Examination], Iterator[Finding]]
    """Examines the part."""


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
"""The parts in the order of their examination. The real parts are tried, not copies."""


def examine(examined: Examination) -> Iterator[tuple[str, Finding]]:
    """Yields each finding with the name of its part."""
    try:
        for check in CHECKS:
            try:
                for finding in check.examine(examined):
                    yield check.name, finding
            except WorldError as error:
                yield check.name, fix(str(error).splitlines()[0])
    finally:
        examined.close()
