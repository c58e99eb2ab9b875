"""The sound server's echo canceller, of PulseAudio or PipeWire: a source and a sink that belong together.

Law: asked once and for two seconds at most; no server, no tool and no answer all mean that there is none.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

HOW_TO_LOAD = """pactl load-module module-echo-cancel aec_method=webrtc \
aec_args='"analog_gain_control=0 digital_gain_control=0"'"""
"""Between the default microphone and loudspeaker, until the server ends. Left to control the
gain it made speech 22 dB softer."""

_PATIENCE_S = 2.0
_CANCELLER = re.compile(r"echo.?cancel", re.IGNORECASE)
"""PulseAudio names the driver module-echo-cancel.c; PipeWire the nodes echo-cancel-source and echo-cancel-sink, or, in
its manual's example, Echo Cancellation Source and Sink."""


@dataclass(frozen=True, slots=True)
class EchoCanceller:
    """Its ends, by the server's names."""

    source: str
    sink: str

    @property
    def environment(self) -> dict[str, str]:
        """What has a program's streams connected to it; to be set before they are opened."""
        return {"PULSE_SOURCE": self.source, "PULSE_SINK": self.sink}


def chosen_by_user(environ: Mapping[str, str]) -> bool:
    """Whether the environment names a source or a sink already."""
    return "PULSE_SOURCE" in environ or "PULSE_SINK" in environ


def has_server() -> bool:
    """Whether a sound server answers that could have one."""
    return _pactl("info") is not None


def find() -> EchoCanceller | None:
    """The one that is loaded, the newest if there are several."""
    sources = [name for name in _named("sources") if not name.endswith(".monitor")]
    sinks = _named("sinks") if sources else []
    return EchoCanceller(sources[-1], sinks[-1]) if sources and sinks else None


def _named(kind: str) -> list[str]:
    """Names in a list whose lines are number, name, driver, format, state, parted by tabs."""
    lines = (_pactl("list", "short", kind) or "").splitlines()
    return [fields[1] for line in lines if len(fields := line.split("\t")) > 2 and _CANCELLER.search(line)]


def _pactl(*words: str) -> str | None:
    tool = shutil.which("pactl")
    if tool is None:
        return None
    try:
        done = subprocess.run([tool, *words], capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
