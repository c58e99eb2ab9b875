"""Where the coach's streams are, and whether they may stay there."""

from __future__ import annotations

import pytest

from coach.adapters.sound.placement import DeviceKind, ServerReport, find, judge
from coach.adapters.sound.server import SoundServer
from coach.settings import Devices

SINKS = [[0, "hdmi", "Built-in HDMI", ""], [1, "usb", "Jabra Speak Mono", ""]]
SOURCES = [
    [0, "hdmi.monitor", "Monitor of Built-in HDMI", "hdmi"],
    [1, "usb.monitor", "Monitor of Jabra Speak Mono", "usb"],
    [2, "mic", "Jabra Speak Mono", ""],
]
LOUDSPEAKER, MICROPHONE = DeviceKind.SINK, DeviceKind.SOURCE


def told(
    sink: int = 0, source: int = 2, usual: str = "mic", sources: list[list[object]] | None = None
) -> dict[str, object]:
    """What the guard tells."""
    return {
        "server": "a server",
        "sink": "hdmi",
        "source": usual,
        "sinks": SINKS,
        "sources": SOURCES if sources is None else sources,
        "playing": [[7, sink]],
        "recording": [[8, source]],
    }


def report(
    sink: int = 0, source: int = 2, usual: str = "mic", sources: list[list[object]] | None = None
) -> ServerReport:
    return ServerReport.from_message(told(sink, source, usual, sources))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("jabra", "mic"),
        ("MONITOR of jabra", "usb.monitor"),
        ("mic", "mic"),
        ("usb.monitor", "usb.monitor"),
        ("x", None),
    ],
)
def test_a_device_is_found_by_a_part_of_its_name(wanted: str, found: str | None) -> None:
    device = find(report(), MICROPHONE, wanted)
    assert (device.name if device else None) == found


def test_a_monitor_does_not_stand_in_for_the_device_it_listens_to() -> None:
    assert find(report(sources=SOURCES[:2]), MICROPHONE, "jabra") is None


def test_a_stream_in_its_place_is_left_there() -> None:
    for wanted in (None, "jabra"):
        place = judge(report(), MICROPHONE, wanted)
        assert (place.wrong, place.why_not_open) == (None, None)
    assert judge(report(sink=1), LOUDSPEAKER, "jabra").wrong is None


def test_a_stream_elsewhere_is_wrong_where_one_was_named() -> None:
    place = judge(report(sink=0), LOUDSPEAKER, "jabra")
    assert place.wrong == "the sound server has moved the loudspeaker away from 'Jabra Speak Mono'"
    assert (place.device, place.name, place.why_not_open, place.stream) == (1, "usb", None, 7)


def test_a_named_device_that_is_gone_is_not_replaced() -> None:
    place = judge(report(sources=SOURCES[:2], source=1, usual="usb.monitor"), MICROPHONE, "jabra")
    assert place.wrong == place.why_not_open == "the microphone 'jabra' is not there: plug it in"


@pytest.mark.parametrize(
    ("sink", "source", "usual", "wrong", "missing"),
    [
        (0, 2, "mic", False, False),
        # The server's last resort is the monitor of its usual sink, or that of the sink we play on.
        (0, 0, "hdmi.monitor", True, True),
        (1, 1, "usb.monitor", True, True),
        # A monitor that somebody has chosen, of a sink we do not play on.
        (0, 1, "usb.monitor", False, False),
        # It has gone, and nothing has taken its place.
        (0, 99, "", True, True),
    ],
)
def test_a_monitor_of_what_the_coach_plays_is_no_microphone(
    sink: int, source: int, usual: str, wrong: bool, missing: bool
) -> None:
    place = judge(report(sink, source, usual), MICROPHONE, None)
    assert (place.wrong is not None, place.why_not_open is not None) == (wrong, missing)


def test_the_servers_dummy_is_no_loudspeaker() -> None:
    no_device = {
        "server": "a server",
        "sink": "auto_null",
        "source": "auto_null.monitor",
        "sources": [],
        "recording": [],
    }
    dummy = ServerReport.from_message(
        {**no_device, "sinks": [[3, "auto_null", "Dummy Output", ""]], "playing": [[7, 3]]}
    )
    place = judge(dummy, LOUDSPEAKER, None)
    assert place.wrong == place.why_not_open == "the sound server has no loudspeaker: plug one in"


def test_a_device_that_was_taken_from_under_the_stream_is_told_from_a_choice() -> None:
    before = report(source=2)
    assert report(source=1).moved_from(MICROPHONE, before) == 2
    assert before.moved_from(MICROPHONE, before) is None
    assert before.moved_from(MICROPHONE, None) is None


def test_without_a_server_nothing_is_judged() -> None:
    place = judge(ServerReport.from_message({"server": None}), MICROPHONE, "jabra")
    assert (place.wrong, place.why_not_open, place.name) == (None, None, None)


@pytest.mark.parametrize(("later", "replaced"), [(0.1, 1), (5.0, 0)])
def test_a_report_may_come_between_the_move_and_the_loss(later: float, replaced: int) -> None:
    """Long after the move the loss means nothing: somebody had chosen another device."""
    server = SoundServer(Devices())
    server._take({**told(source=2), "at": 10.0})
    server._take({**told(source=1), "at": 10.1})
    assert server.times_replaced[MICROPHONE] == 0
    server._take({**told(source=1, sources=SOURCES[:2]), "at": 10.1 + later})
    assert server.times_replaced[MICROPHONE] == replaced
