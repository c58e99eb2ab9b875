"""Where the sound server has put the coach's streams, and whether that is where they belong.

Law: pure. A report goes in, a judgement comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self

_DUMMY = "auto_null"
"""Name of the sink that PulseAudio and PipeWire make when no loudspeaker exists. Nobody hears it."""


class DeviceKind(Enum):
    """Kind of a device, in PulseAudio's words."""

    SINK = "sink"
    SOURCE = "source"

    @property
    def label(self) -> str:
        """What people call a device of this kind."""
        return "loudspeaker" if self is DeviceKind.SINK else "microphone"


@dataclass(frozen=True, slots=True)
class ServerDevice:
    """A sink or a source of the server."""

    number: int
    """The server's number of the device. No number is given twice."""
    name: str
    """The server's name, such as "alsa_input.usb-Jabra-00.mono"."""
    description: str
    """The name that the desktop's settings show, such as "Jabra Speak Mono"."""
    monitor_of: str = ""
    """Name of the sink whose sound this source records; empty: the source is not a monitor."""


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What the server has at one moment."""

    server: str | None = None
    """Name of the server; None: no server is reachable."""
    default_names: Mapping[DeviceKind, str] = field(default_factory=dict)
    """Names of the devices that the server takes when nobody names one."""
    devices: Mapping[DeviceKind, tuple[ServerDevice, ...]] = field(default_factory=dict)
    streams: Mapping[DeviceKind, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """The coach's streams: number of the stream, and number of its device."""

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """The report in a message of the guard."""
        if message["server"] is None:
            return cls()
        names = {DeviceKind.SINK: message["sink"], DeviceKind.SOURCE: message["source"]}
        devices = {DeviceKind.SINK: message["sinks"], DeviceKind.SOURCE: message["sources"]}
        streams = {DeviceKind.SINK: message["playing"], DeviceKind.SOURCE: message["recording"]}
        return cls(
            message["server"],
            names,
            {kind: tuple(ServerDevice(*row) for row in rows) for kind, rows in devices.items()},
            {kind: tuple((stream, device) for stream, device in rows) for kind, rows in streams.items()},
        )

    def devices_of(self, kind: DeviceKind) -> tuple[ServerDevice, ...]:
        """The devices of one kind."""
        return self.devices.get(kind, ())

    def descriptions(self) -> list[str]:
        """A line for people for each device that is not a monitor."""
        return [
            f"  {kind.label}: {device.description}  ({device.name})"
            for kind in DeviceKind
            for device in self.devices_of(kind)
            if not device.monitor_of
        ]

    def stream(self, kind: DeviceKind) -> tuple[int, int] | None:
        """The coach's newest stream of one kind: its number, and the number of its device."""
        return max(self.streams.get(kind, ()), default=None)

    def device_with(self, kind: DeviceKind, number: int) -> ServerDevice | None:
        """The device with this number; None: it does not exist any more."""
        return next((device for device in self.devices_of(kind) if device.number == number), None)

    def default_device(self, kind: DeviceKind) -> ServerDevice | None:
        """The device that the server takes when nobody names one."""
        name = self.default_names.get(kind)
        return next((device for device in self.devices_of(kind) if device.name == name), None)

    def moved_from(self, kind: DeviceKind, before: ServerReport | None) -> int | None:
        """Number of the device that the coach's stream was on before, if the server has moved it to another one."""
        now, then = self.stream(kind), before.stream(kind) if before is not None else None
        if now is None or then is None or now[0] != then[0] or now[1] == then[1]:
            return None
        return then[1]


@dataclass(frozen=True, slots=True)
class Placement:
    """A judgement about the coach's stream of one kind."""

    device: int | None = None
    """Number of the device that the settings name, if the device exists."""
    name: str | None = None
    """The server's name of that device."""
    wrong: str | None = None
    """Why the stream may not stay where it is, for people."""
    why_not_open: str | None = None
    """Why opening a stream would be useless, for people."""
    stream: int | None = None
    """Number of the coach's stream; None: it has none."""


def find(report: ServerReport, kind: DeviceKind, name: str) -> ServerDevice | None:
    """The device with this name, or with this text in its name or description; upper and lower case are the same.

    A monitor is only found by its whole name, or if "monitor" is in the text.
    """
    devices = report.devices_of(kind)
    exact = next((device for device in devices if name in (device.name, device.description)), None)
    text = name.casefold()
    alike = (device for device in devices if text in device.name.casefold() or text in device.description.casefold())
    return exact or next((device for device in alike if not device.monitor_of or "monitor" in text), None)


def judge(report: ServerReport, kind: DeviceKind, named: str | None) -> Placement:
    """Judge where the coach's stream of this kind is. `named`: the device that the settings name; None: any."""
    if report.server is None:
        return Placement()
    stream = report.stream(kind)
    number = None if stream is None else stream[0]
    if named is None:
        useless = _useless_sink if kind is DeviceKind.SINK else _useless_source
        wrong = None if stream is None else useless(report, report.device_with(kind, stream[1]))
        return Placement(stream=number, wrong=wrong, why_not_open=useless(report, report.default_device(kind)))
    found = find(report, kind, named)
    if found is None:
        gone = f"the {kind.label} {named!r} is not there: plug it in"
        return Placement(stream=number, wrong=gone, why_not_open=gone)
    elsewhere = stream is not None and stream[1] != found.number
    wrong = f"the sound server has moved the {kind.label} away from {found.description!r}" if elsewhere else None
    return Placement(found.number, found.name, wrong, None, number)


def _useless_sink(_: ServerReport, sink: ServerDevice | None) -> str | None:
    """Why nobody hears this sink; None: somebody may."""
    if sink is None or sink.name == _DUMMY:
        return "the sound server has no loudspeaker: plug one in"
    return None


def _useless_source(report: ServerReport, source: ServerDevice | None) -> str | None:
    """Why this source is not a microphone: it may be the monitor of what the coach itself plays."""
    if source is None:
        return "the sound server has no microphone: plug one in"
    playing = report.stream(DeviceKind.SINK)
    sinks = {
        sink.name for sink in report.devices_of(DeviceKind.SINK) if playing is not None and sink.number == playing[1]
    }
    sinks.add(report.default_names.get(DeviceKind.SINK, ""))
    if source.monitor_of and source.monitor_of in sinks:
        return "the sound server has no microphone, only the sound of its own loudspeaker: plug one in"
    return None
