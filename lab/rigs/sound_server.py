"""A private sound server: a loudspeaker and a microphone without a sound card."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.adapters.files.sound import read_speech
from coach.wiring import rehearsing

Samples = npt.NDArray[np.int16]

TOOLS = ("pulseaudio", "pactl", "paplay", "parec")
TIMEOUT_SECONDS = 30
"""Seconds; a time-out for a busy machine, not an expected duration."""
SPEAKER_RATE = 22050
MICROPHONE_RATE = 16000


class Recording:
    """What the loudspeaker has played since the recording began."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def samples(self) -> Samples:
        """The samples so far, 16-bit mono at `SPEAKER_RATE`."""
        raw = self._path.read_bytes()
        return np.frombuffer(raw[: len(raw) // 2 * 2], np.int16)


class SoundServer:
    """A private PulseAudio with two null sinks: `speaker`, and `feed`, whose monitor is the microphone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"unix:{folder}/socket"
        self._sinks: list[str] = []
        (folder / "client.conf").write_text("autospawn = no\n")
        (folder / "asound.conf").write_text(
            "pcm.!default { type pulse }\npcm.pulse { type pulse }\nctl.!default { type pulse }\n"
        )
        self.environment = {
            "PULSE_SERVER": self.address,
            "PULSE_COOKIE": f"{folder}/cookie",
            "PULSE_CLIENTCONFIG": f"{folder}/client.conf",
            # This is all of ALSA's configuration, so the machine's own devices play no part.
            "ALSA_CONFIG_PATH": f"{folder}/asound.conf",
        }
        self._all = {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            **self.environment,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
        }
        self._daemon = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        folder = self._folder
        return subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
                *("--realtime=no", "--high-priority=no", "--log-target=file:" + str(folder / "log")),
                *("-L", f"module-native-protocol-unix auth-anonymous=1 socket={folder}/socket"),
            ],
            env=self._all,
            stderr=subprocess.DEVNULL,
        )

    @staticmethod
    def wait_until(holds: Callable[[], bool], what: str) -> None:
        """Wait until the condition holds; `what` names it in the failure."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while not holds():
            assert time.monotonic() < end, f"not within {TIMEOUT_SECONDS} s: {what}"
            time.sleep(0.02)

    def prepare(self) -> None:
        """Wait for the server and set up the devices."""
        self.wait_until(lambda: self._run("pactl", "info").returncode == 0, "the private PulseAudio answers")
        self.plug_in_all()

    def plug_in_all(self, *, sleepy: bool = False) -> None:
        """Make the devices, at the rates of their users, so that samples pass unchanged.

        A sleepy device takes up to two seconds to begin, as a null sink does; otherwise it begins at once, like a card.
        """
        norewinds = f"norewinds={int(not sleepy)}"
        for sink, rate in (("speaker", SPEAKER_RATE), ("feed", MICROPHONE_RATE)):
            options = (f"sink_name={sink}", f"rate={rate}", "channels=1", norewinds)
            self._sinks.append(self._pactl("load-module", "module-null-sink", *options).strip())
        self._pactl("set-default-sink", "speaker")
        self._pactl("set-default-source", "feed.monitor")

    def unplug_all(self) -> None:
        """Remove both devices; if one were left, the server would move all streams to it."""
        while self._sinks:
            self._pactl("unload-module", self._sinks.pop())

    def suspend_microphone(self, suspended: bool) -> None:
        """Make the microphone fall silent without a notice, or continue."""
        self._pactl("suspend-sink", "feed", "1" if suspended else "0")

    def plug_in(self, name: str, described: str, *, microphone: bool) -> str:
        """One more device, called so by people; a microphone hears what is played into `feed`. Returns its module."""
        if microphone:
            kind = ("module-remap-source", "master=feed.monitor", f"source_name={name}")
            return self._pactl("load-module", *kind, f"source_properties='device.description=\"{described}\"'").strip()
        options = (f"sink_name={name}", f"rate={SPEAKER_RATE}", "channels=1", "norewinds=1")
        return self._pactl(
            "load-module", "module-null-sink", *options, f"sink_properties='device.description=\"{described}\"'"
        ).strip()

    def hear_the_loudspeaker(self) -> str:
        """An open loudspeaker: what it plays comes to the microphones, too. Returns the module."""
        options = ("source=speaker.monitor", "sink=feed", "latency_msec=60")
        return self._pactl("load-module", "module-loopback", *options).strip()

    def unplug(self, module: str) -> None:
        """Take such a device away."""
        self._pactl("unload-module", module)

    def choose(self, kind: str, name: str) -> None:
        """Make it the system's: of the kind `sink` or `source`."""
        self._pactl(f"set-default-{kind}", name)

    def end(self) -> None:
        """The server dies."""
        self._daemon.kill()
        self._daemon.wait(TIMEOUT_SECONDS)
        self._sinks.clear()

    def begin_again(self) -> None:
        """And is started again, with its devices."""
        (self._folder / "socket").unlink(missing_ok=True)
        self._daemon = self._start()
        self.prepare()

    def play(self, wav: Path, sink: str = "speaker") -> subprocess.Popen[bytes]:
        """Somebody else's player."""
        return subprocess.Popen(["paplay", f"--device={sink}", str(wav)], env=self._all, stderr=subprocess.DEVNULL)

    def volumes(self, player: subprocess.Popen[bytes]) -> list[int]:
        """Of a player's stream, as the server counts; none: it has none, or not yet."""
        found = re.split(r"^Sink Input #", self._pactl("list", "sink-inputs"), flags=re.MULTILINE)[1:]
        ours = [one for one in found if f'application.process.id = "{player.pid}"' in one]
        return [int(volume) for one in ours for volume in re.findall(r"(\d+) +/ +\d+%", one)]

    def set_volume(self, player: subprocess.Popen[bytes], volume: int) -> None:
        """A user turns it up or down."""
        found = re.split(r"^Sink Input #", self._pactl("list", "sink-inputs"), flags=re.MULTILINE)[1:]
        [number] = [one.split()[0] for one in found if f'application.process.id = "{player.pid}"' in one]
        self._pactl("set-sink-input-volume", number, str(volume))

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Within the block the server takes calls and does not answer."""
        self._daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._daemon.send_signal(signal.SIGCONT)

    def speak(self, phrase: str, voice: str = "slt") -> None:
        """Play a phrase of a real speaker's voice into the microphone."""
        pcm = read_speech(rehearsing.VOICES / f"{voice}-{rehearsing.slug(phrase)}.flac", MICROPHONE_RATE)
        path = self._folder / "said.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(MICROPHONE_RATE)
            # The sink drops what is still in its buffer when the player ends.
            file.writeframes(np.concatenate([np.zeros(4000, np.int16), pcm, np.zeros(8000, np.int16)]).tobytes())
        self.say_into_microphone(path)

    def say_into_microphone(self, wav: Path) -> None:
        """Play a sound file to its end into the microphone."""
        played = self._run("paplay", "--device=feed", str(wav))
        assert played.returncode == 0, played.stderr

    def begin_to_play(self, wav: Path) -> subprocess.Popen[bytes]:
        """Begin to play a sound file into the microphone, and return without waiting."""
        return subprocess.Popen(["paplay", "--device=feed", str(wav)], env=self._all)

    @contextmanager
    def record_speaker(self, sink: str = "speaker") -> Iterator[Recording]:
        """Record what the loudspeaker plays; the recording runs when the block is entered."""
        path = self._folder / f"recording-{sink}.raw"
        with path.open("wb") as file:
            sample = ("--raw", "--format=s16le", f"--rate={SPEAKER_RATE}", "--channels=1")
            command = ["parec", f"--device={sink}.monitor", "--latency-msec=20", *sample]
            parec = subprocess.Popen(command, env=self._all, stdout=file)
            recording = Recording(path)
            try:
                self.wait_until(lambda: len(recording.samples()) > 0, "parec records")
                yield recording
            finally:
                parec.terminate()
                parec.wait(TIMEOUT_SECONDS)

    def close(self) -> None:
        """End this server, and nothing else."""
        self._daemon.terminate()
        self._daemon.wait(TIMEOUT_SECONDS)

    def _pactl(self, *words: str) -> str:
        done = self._run("pactl", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=self._all, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        )
