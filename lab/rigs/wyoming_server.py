"""Servers of the real `wyoming` package, each in a process of its own: Moonshine writes, espeak speaks.

`python -m lab.rigs.wyoming_server PORT SERVICE...`: prints "ready" and the port when it listens; 0: any that is free.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.tts import Synthesize

from coach.adapters.synthesis.espeak import EspeakSynthesizer
from coach.commands import Manner
from coach.ports import Pcm
from coach.wiring.models import MOONSHINE

_CHUNK = 2048
"""Bytes of one piece of sound."""
_SOMEBODY = Attribution("tests", "")


def _info(services: Sequence[str]) -> Info:
    model = AsrModel("tiny", _SOMEBODY, installed=True, description=None, version="1", languages=["en"])
    voice = TtsVoice("us", _SOMEBODY, installed=True, description=None, version="1", languages=["en"])
    asr = AsrProgram("moonshine", _SOMEBODY, installed=True, description=None, version="1", models=[model])
    tts = TtsProgram("espeak", _SOMEBODY, installed=True, description=None, version="1", voices=[voice])
    return Info(asr=[asr] if "asr" in services else [], tts=[tts] if "tts" in services else [])


class Handler(AsyncEventHandler):
    """Serves one connection."""

    def __init__(self, services: Sequence[str], *streams: asyncio.StreamReader | asyncio.StreamWriter) -> None:
        super().__init__(*streams)  # type: ignore[arg-type]
        self._services = services
        self._sound = bytearray()

    async def handle_event(self, event: Event) -> bool:
        """Answer one event."""
        if Describe.is_type(event.type):
            await self.write_event(_info(self._services).event())
        elif Transcribe.is_type(event.type):
            self._sound.clear()
        elif AudioChunk.is_type(event.type):
            self._sound += AudioChunk.from_event(event).audio
        elif AudioStop.is_type(event.type):
            pcm = np.frombuffer(bytes(self._sound), "<i2")
            words = await asyncio.get_running_loop().run_in_executor(None, written, pcm)
            await self.write_event(Transcript(words).event())
            return False
        elif Synthesize.is_type(event.type):
            await self._speak(Synthesize.from_event(event).text)
        return True

    async def _speak(self, text: str) -> None:
        clip = await asyncio.get_running_loop().run_in_executor(None, EspeakSynthesizer().render, text, Manner.SENTENCE)
        form = {"rate": clip.rate, "width": 2, "channels": 1}
        await self.write_event(AudioStart(**form).event())
        sound = clip.pcm.tobytes()
        for first in range(0, len(sound), _CHUNK):
            await self.write_event(AudioChunk(audio=sound[first : first + _CHUNK], **form).event())
        await self.write_event(AudioStop().event())


def written(pcm: Pcm) -> str:
    """What Moonshine writes when it may write any words."""
    from coach.adapters.recognition.moonshine.reader import load_search  # noqa: PLC0415  one that only speaks begins sooner

    folder = MOONSHINE.find()
    assert folder is not None
    search = load_search(folder)
    return search.read(*search.model.listen(pcm), {}).free_text


def free_port() -> int:
    """A port that no program listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Process:
    """A server that can be ended and started again at the same place."""

    def __init__(self, *services: str) -> None:
        self.port = 0
        """Chosen by the system at the first start."""
        self._services = services
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The server's address, as a setting holds it."""
        return f"wyoming://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server, and wait until it listens."""
        command = [sys.executable, "-m", "lab.rigs.wyoming_server", str(self.port), *self._services]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        word, port = self._process.stdout.readline().split()
        assert word == b"ready"
        self.port = int(port)

    def kill(self) -> None:
        """Kill the server at once, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def pause(self) -> None:
        """Let the server hang: the system takes what is sent, and nothing comes back."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the server continue."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def running(*services: str) -> Iterator[Process]:
    """A server that offers these services, within the block."""
    server = Process(*services)
    server.start()
    try:
        yield server
    finally:
        server.kill()


async def _serve(port: int, services: Sequence[str]) -> None:
    if "asr" in services:
        written(np.zeros(8000, np.int16))
    server = AsyncTcpServer("127.0.0.1", port)
    await server.start(partial(Handler, services))
    assert server._server is not None
    print("ready", server._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[attr-defined]
    # Whoever started it is gone when the pipe ends.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2:]))
