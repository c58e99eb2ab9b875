"""Where the sound server has put the coach's streams, and whether that is where they belong.

Law: pure; a report in, a judgement out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

_DUMMY = "auto_null"
"""The sink that both servers make when there is none: nobody hears it."""


class DeviceKind(Enum):
    """Of a device."""

    SINK = "sink"
    SOURCE = "source"

    @property
    def label(self) -> str:
        """For people."""
        return "loudspeaker" if self is DeviceKind.SINK else "microphone"


@dataclass(frozen=True, slots=True)
class ServerDevice:
    """A sink or a source."""

    number: int
    """The server's, never given twice."""
    name: str
    """Such as "alsa_input.usb-Jabra-00.mono"."""
    description: str
    """As settings of the desktop show it: "Jabra Speak Mono"."""
    monitor_of: str = ""
    """The sink it listens to; empty: it is no monitor."""


@dataclass(frozen=True, slots=True)
class ServerReport:
    """The server at one moment."""

    server: str | None = None
    """Its name; None: there is none."""
    default_names: Mapping[DeviceKind, str] | None = None
    devices: Mapping[DeviceKind, tuple[ServerDevice, ...]] | None = None
    streams: Mapping[DeviceKind, tuple[tuple[int, int], ...]] | None = None
    """Of the coach: their numbers, and those of their devices."""

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """As the guard tells it."""
        if message["server"] is None:
            return cls()
        return cls(
            message["server"],
            {DeviceKind.SINK: message["sink"], DeviceKind.SOURCE: message["source"]},
            {
                DeviceKind.SINK: tuple(ServerDevice(*one) for one in message["sinks"]),
                DeviceKind.SOURCE: tuple(ServerDevice(*one) for one in message["sources"]),
            },
            {
                DeviceKind.SINK: tuple((stream, device) for stream, device in message["playing"]),
                DeviceKind.SOURCE: tuple((stream, device) for stream, device in message["recording"]),
            },
        )

    def devices_of(self, kind: DeviceKind) -> tuple[ServerDevice, ...]:
        """Its devices."""
        return self.devices[kind] if self.devices else ()

    def descriptions(self) -> list[str]:
        """All devices but monitors, a line each, for people."""
        return [
            f"  {kind.label}: {device.description}  ({device.name})"
            for kind in DeviceKind
            for device in self.devices_of(kind)
            if not device.monitor_of
        ]

    def stream(self, kind: DeviceKind) -> tuple[int, int] | None:
        """The coach's newest stream."""
        return max(self.streams[kind], default=None) if self.streams else None

    def device_with(self, kind: DeviceKind, number: int) -> ServerDevice | None:
        """The one of that number."""
        return next((device for device in self.devices_of(kind) if device.number == number), None)

    def default_device(self, kind: DeviceKind) -> ServerDevice | None:
        """The server's choice."""
        name = self.default_names[kind] if self.default_names else ""
        return next((device for device in self.devices_of(kind) if device.name == name), None)

    def moved_from(self, kind: DeviceKind, before: ServerReport | None) -> int | None:
        """Number of the device that the coach's stream was on before, if the server has moved it to another one."""
        now, then = self.stream(kind), before.stream(kind) if before is not None else None
        if now is None or then is None or now[0] != then[0] or now[1] == then[1]:
            return None
        return then[1]


@dataclass(frozen=True, slots=True)
class Placement:
    """A judgement."""

    device: int | None = None
    """Number of the device that was named, if it is there."""
    name: str | None = None
    """The server's name of it."""
    wrong: str | None = None
    """Why the stream may not stay where it is, for people."""
    missing: str | None = None
    """Why it is of no use to open one."""
    stream: int | None = None
    """The coach's."""


def find(report: ServerReport, kind: DeviceKind, wanted: str) -> ServerDevice | None:
    """The device of that name, or with that text in its name or description, whatever the case of the letters.

    A monitor is only found by its whole name, or if "monitor" is in the text.
    """
    devices = report.devices_of(kind)
    exact = next((device for device in devices if wanted in (device.name, device.description)), None)
    text = wanted.casefold()
    alike = (device for device in devices if text in device.name.casefold() or text in device.description.casefold())
    return exact or next((device for device in alike if not device.monitor_of or "monitor" in text), None)


def judge(report: ServerReport, kind: DeviceKind, wanted: str | None) -> Placement:
    """Where the coach's stream of this kind is, with the device that was named (None: none was)."""
    if report.server is None:
        return Placement()
    stream = report.stream(kind)
    number = None if stream is None else stream[0]
    if wanted is None:
        useless = _useless_sink if kind is DeviceKind.SINK else _useless_source
        wrong = None if stream is None else useless(report, report.device_with(kind, stream[1]))
        return Placement(stream=number, wrong=wrong, missing=useless(report, report.default_device(kind)))
    found = find(report, kind, wanted)
    if found is None:
        gone = f"the {kind.label} {wanted!r} is not there: plug it in"
        return Placement(stream=number, wrong=gone, missing=gone)
    elsewhere = stream is not None and stream[1] != found.number
    wrong = f"the sound server has moved the {kind.label} away from {found.description!r}" if elsewhere else None
    return Placement(found.number, found.name, wrong, None, number)


def _useless_sink(_: ServerReport, sink: ServerDevice | None) -> str | None:
    """Why nobody hears it."""
    if sink is None or sink.name == _DUMMY:
        return "the sound server has no loudspeaker: plug one in"
    return None


def _useless_source(report: ServerReport, source: ServerDevice | None) -> str | None:
    """Why it is no microphone: it gives the sound that the coach itself plays."""
    if source is None:
        return "the sound server has no microphone: plug one in"
    playing = report.stream(DeviceKind.SINK)
    sinks = {
        sink.name for sink in report.devices_of(DeviceKind.SINK) if playing is not None and sink.number == playing[1]
    }
    sinks.add(report.default_names[DeviceKind.SINK] if report.default_names else "")
    if source.monitor_of and source.monitor_of in sinks:
        return "the sound server has no microphone, only the sound of its own loudspeaker: plug one in"
    return None
