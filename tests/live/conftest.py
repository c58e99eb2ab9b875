"""The private sound server, as a fixture."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from coach.adapters.sound import streams
from coach.commands import Manner
from coach.wiring import engines
from lab.rigs.needs import skip_or_fail
from lab.rigs.sound_server import TOOLS, SoundServer


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    """The private sound server; PortAudio in this process sees the server's devices and no others."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        skip_or_fail(f"no {', '.join(missing)}: install pulseaudio and pulseaudio-utils")
    server = SoundServer(tmp_path_factory.mktemp("sound"))
    before = {name: os.environ.get(name) for name in server.environment}
    try:
        server.prepare()
        os.environ.update(server.environment)
        # PortAudio may have been imported before, with another list of devices.
        streams.renew_devices()
        yield server
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        server.close()


@pytest.fixture(scope="session")
def spoken_before() -> None:
    """Render the greeting, as if the coach had spoken here before: first-run messages are not complaints."""
    pack, _, _ = engines.exercise()
    engines.voice(print).render(pack.prompts["greeting"].say[0], Manner.SENTENCE)
