"""What the checks share: the settings, and what earlier checks have found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.adapters.sound.server import SoundServer
from coach.ports import Clip
from coach.settings import Settings


@dataclass(slots=True)
class Examination:
    """One run of all checks."""

    settings: Settings
    """The settings that are examined."""
    settings_findings: tuple[str, ...] = ()
    """What is wrong with the settings. If something is, the default settings are examined."""
    aloud: bool = True
    """Whether the coach may play sound."""
    report: Callable[[str], None] = lambda _: None
    """Takes a line for people, before something audible happens."""
    server: SoundServer | None = None
    """The sound server, after its check."""
    sound_runs: bool = False
    """Whether a microphone and a loudspeaker exist, and both run."""
    spoken: Clip | None = None
    """A word in the coach's voice; None: the voice does not work."""
    microphone_silent: bool = False
    """The microphone gave only zeros: it is muted, or has a noise gate."""
    noise_dbfs: float = -120.0
    """Level of the room's noise in the microphone, in decibels of full scale."""

    def close(self) -> None:
        """Let the sound server go."""
        if self.server is not None:
            self.server.close()
