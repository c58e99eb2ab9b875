"""How the coach is to be run: frozen choices, checked where they are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_address
from pathlib import Path

AUTO = "auto"
"""The first of a table that can be used here; the tables are `wiring/recognizers.py` and `wiring/voices.py`."""


class Profile(Enum):
    """Where the coach's voice goes. A profile is the default of other settings (`wiring/settings_table.py`)."""

    HEADPHONES = "headphones"
    SPEAKER = "speaker"
    """The gym corner: the microphone hears the coach, and other people."""
    QUIET = "quiet"
    """Headphones where others sleep or work: half as loud, and no small sounds."""

    @property
    def open_speaker(self) -> bool:
        """The microphone hears the coach."""
        return self is Profile.SPEAKER


@dataclass(frozen=True, slots=True)
class Hearing:
    """The choice of the recogniser."""

    engine: str = AUTO
    """A name of the table of recognisers."""
    model: Path | None = None
    """A model folder of that recogniser, with "auto" of any; None: look in the usual places."""


WAKE_WORD = "coach"


@dataclass(frozen=True, slots=True)
class Wake:
    """What the coach is called by."""

    word: str = WAKE_WORD
    """Lower case, one word."""
    needed: bool = False
    """Commands begin with it where the coach has asked nothing."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Number, or part of the name, of the sound devices; None is the system's choice, also when that changes."""

    input: int | str | None = None
    output: int | str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What comes out of the loudspeaker beside the words."""

    floor: float | None = -80.0
    """Of the hiss in place of digital silence, in decibels of full scale; None: there is none. A voice at talking level
    lies 60 dB above the usual one, a quiet room 30: nobody hears it, and no sink takes it for silence."""
    sounds: bool = True
    """Small sounds where something was understood and nothing is said."""
    ceiling: float = 0.0
    """No line is louder than this, in decibels below full; only calls for help are."""
    duck: float = -12.0
    """By how much other players are turned down while the coach speaks, in decibels; 0: they are left alone."""

    def __post_init__(self) -> None:
        # Written so that a nan is out of bounds.
        if self.floor is not None and not FLOORS[0] <= self.floor <= FLOORS[1]:
            raise ValueError(
                f"floor {self.floor:g}: give {FLOORS[0]:g} to {FLOORS[1]:g} decibels of full scale, or off"
            )


FLOORS = (-90.0, -40.0)
"""Below, all samples round to zero; above, it is heard."""
CEILINGS = (-30.0, 0.0)
DUCKS = (-40.0, 0.0)
"""At 12 dB below itself music no longer masks speech of the same level."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A coach that nobody starts and nobody ends."""

    stays: bool = False
    """After a workout it waits for the next lifter, instead of ending."""
    lifters: tuple[str, ...] = ()
    """Names that a lifter may give; each has a history of its own. Whoever gives none is a guest."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page to glance at."""

    on: bool = False
    address: str = "127.0.0.1"
    """Where it listens. Anything but this computer itself needs the token."""
    port: int = 8377
    """0: any that is free."""


@dataclass(frozen=True, slots=True)
class Broker:
    """The MQTT broker that is told what happens here."""

    host: str = ""
    """Empty: there is none."""
    port: int = 1883
    tls: bool = False
    username: str = ""
    password_file: Path | None = None
    """Holds the password, and nothing else."""
    name: str = "coach"
    """Of this corner among those at one broker."""
    commands: bool = False
    """Commands are taken from there."""
    ca_file: Path | None = None
    """Of the authority that vouches for the broker; None: those the system trusts."""
    base: str = "coach"
    """The topics of all corners lie below it."""
    discovery: str = "homeassistant"
    """Where Home Assistant looks for devices; empty: the coach does not tell it."""
    phases: bool = False
    """Each phase of a repetition is told, too."""

    @property
    def here(self) -> bool:
        """It is on this computer, so nothing leaves it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    profile: Profile = Profile.HEADPHONES
    exercise: str = "leg_press"
    """Name or folder of a pack."""
    hearing: Hearing = field(default_factory=Hearing)
    wake: Wake = field(default_factory=Wake)
    voice: str = AUTO
    """A name of the table of voices."""
    devices: Devices = field(default_factory=Devices)
    output: Output = field(default_factory=Output)
    corner: Corner = field(default_factory=Corner)
    page: Page = field(default_factory=Page)
    broker: Broker = field(default_factory=Broker)


NOISES = ("white", "pink", "babble", "music")
"""Made by the coach itself; any other name is a sound file."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where an audio rehearsal takes place; ValueError names what is out of bounds."""

    snr: float | None = None
    """Decibels from the lifter's speech down to the noise; None: quiet, or `USUAL_SNR` where a noise is named."""
    noise: str | None = None
    """One of `NOISES` or the path of a sound file; None: pink, if there is to be any."""
    echo: float | None = None
    """Decibels from the lifter's speech to the coach's at the microphone; None: headphones."""
    delay: float = 120.0
    """Milliseconds from the coach's mixer to the microphone."""
    reverb: float = 0.0
    """Seconds in which a sound fades by 60 dB."""
    seed: int = 1

    def __post_init__(self) -> None:
        for name, (least, most) in ROOM_BOUNDS.items():
            value = getattr(self, name)
            # Written so that a nan is out of bounds.
            if value is not None and not least <= value <= most:
                raise ValueError(f"{name} {value:g}: give {least:g} to {most:g}")


USUAL_SNR = 10.0
ROOM_BOUNDS = {"snr": (-20, 60), "echo": (-60, 20), "delay": (50, 1000), "reverb": (0, 3), "seed": (0, 999_999)}
"""A delay is 50 ms or more: less is no loudspeaker's, and the resampling takes 40."""
