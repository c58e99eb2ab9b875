"""What the checks share: the settings that hold, and what those before have found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.adapters.sound.server import SoundServer
from coach.ports import Clip
from coach.settings import Settings


@dataclass(slots=True)
class Examination:
    """One examination."""

    settings: Settings
    settings_findings: tuple[str, ...] = ()
    """What is wrong with the settings; then the usual ones are examined."""
    aloud: bool = True
    """The coach may be heard."""
    report: Callable[[str], None] = lambda _: None
    """For people, before something happens."""
    server: SoundServer | None = None
    """The sound server, once it was asked."""
    sound_runs: bool = False
    """There is a microphone and a loudspeaker, and both run."""
    spoken: Clip | None = None
    """A word in the coach's voice."""
    microphone_silent: bool = False
    """The microphone gave zeros: it is muted, or has a noise gate."""
    noise_dbfs: float = -120.0
    """The room's, at the microphone."""

    def close(self) -> None:
        """What was asked is let go."""
        if self.server is not None:
            self.server.close()
