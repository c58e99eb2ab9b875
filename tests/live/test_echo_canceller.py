"""The real echo canceller of a PulseAudio of its own: which streams are connected to it, never what it does to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coach.adapters.echo_canceller import HOW_TO_LOAD
from coach.wiring.recognizers import EMBEDDED
from tests.live.sound_server import SoundServer

pytestmark = pytest.mark.live

SOURCE, SINK = "feed.monitor.echo-cancel", "speaker.echo-cancel"
STRAIGHT = (["feed.monitor"], ["speaker"])


@pytest.fixture
def server(sound: SoundServer, tmp_path: Path) -> Iterator[SoundServer]:
    """Not the one that all tests share: PulseAudio has been seen to crash in this module over null sinks."""
    own = SoundServer(tmp_path)
    try:
        own.prepare()
        yield own
    finally:
        own.close()


@contextmanager
def coach(server: SoundServer, *options: str, **environment: str) -> Iterator[None]:
    """`coach run`, ended by Ctrl-C, without a word about it but its own."""
    running = subprocess.Popen(
        [sys.executable, "-m", "coach", "run", "--engine", EMBEDDED, *options],
        env={**os.environ, **server.environment, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGINT)
        _, complaints = running.communicate(timeout=30)
    assert "Traceback" not in complaints
    assert complaints.endswith("coach: ended\n")


def doctor(server: SoundServer) -> str:
    return subprocess.run(
        [sys.executable, "-m", "coach", "doctor"],
        env={**os.environ, **server.environment},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_an_open_speaker_is_connected_to_it_and_headphones_are_not(server: SoundServer) -> None:
    assert f"ok   no echo canceller; one helps with an open loudspeaker: {HOW_TO_LOAD}" in doctor(server)
    server.load_echo_canceller()
    assert f"ok   an echo canceller ({SOURCE}, {SINK})" in doctor(server)
    with coach(server, "--profile", "speaker"):
        server.wait_until(lambda: server.connections() == ([SOURCE], [SINK]), "both streams are connected to it")
    with coach(server):
        server.wait_until(lambda: server.connections() == STRAIGHT, "both streams go past it")
    # What the user chose stands.
    with coach(server, "--profile", "speaker", PULSE_SINK="speaker"):
        server.wait_until(lambda: server.connections() == STRAIGHT, "both streams go past it")
