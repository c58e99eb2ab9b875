"""How the coach runs: frozen choices, checked where they are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_address
from pathlib import Path

AUTO = "auto"
"""Selects the first usable row of a table; the tables are `wiring/recognizers.py` and `wiring/voices.py`."""


class Profile(Enum):
    """Where the coach's voice goes. A profile sets the defaults of other settings (`wiring/settings_table.py`)."""

    HEADPHONES = "headphones"
    SPEAKER = "speaker"
    """The gym corner: the microphone also hears the coach and other people."""
    QUIET = "quiet"
    """Headphones where others sleep or work: half as loud, and no small sounds."""

    @property
    def open_speaker(self) -> bool:
        """Whether the microphone hears the coach."""
        return self is Profile.SPEAKER


@dataclass(frozen=True, slots=True)
class Hearing:
    """The choice of the recogniser."""

    engine: str = AUTO
    """Name of a row in the table of recognisers."""
    model: Path | None = None
    """A model folder of that recogniser; with "auto", of any recogniser. None: look in the usual places."""


WAKE_WORD = "coach"


@dataclass(frozen=True, slots=True)
class Wake:
    """The word that calls the coach."""

    word: str = WAKE_WORD
    """The wake word: one word, lower case."""
    needed: bool = False
    """Commands must begin with the wake word where the coach has asked nothing."""


def parse_device(name: str | None) -> int | str | None:
    """A device as people write it: a number, or part of a name; nothing means the system's choice."""
    if not name:
        return None
    return int(name) if name.isdigit() else name


@dataclass(frozen=True, slots=True)
class Devices:
    """Number of a sound device, or part of its name. None: the system's choice, also when that changes."""

    input: int | str | None = None
    output: int | str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What comes out of the loudspeaker besides the words."""

    hiss: float | None = -80.0
    """Level of the hiss that replaces digital silence, in decibels of full scale; None: no hiss. A voice at talking
    level is 60 dB above the default hiss, a quiet room 30 dB: nobody hears the hiss, and no sink takes it for
    silence."""
    small_sounds: bool = True
    """Play a small sound where something was understood and nothing is said."""
    ceiling: float = 0.0
    """No line is louder than this, in decibels below full. Only calls for help are louder."""
    music_db: float = -12.0
    """Change of other players' level while the coach speaks, in decibels; 0: they stay as they are."""

    def __post_init__(self) -> None:
        # Written so that nan is out of bounds.
        lowest, highest = HISS_RANGE_DBFS
        if self.hiss is not None and not lowest <= self.hiss <= highest:
            raise ValueError(f"hiss {self.hiss:g}: give {lowest:g} to {highest:g} decibels of full scale, or off")


HISS_RANGE_DBFS = (-90.0, -40.0)
"""Below this range all samples round to zero; above it the hiss is audible."""
CEILING_RANGE_DB = (-30.0, 0.0)
DUCK_RANGE_DB = (-40.0, 0.0)
"""Music that is turned down by 12 dB no longer masks speech of its former level."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A coach that runs without anybody starting or ending it."""

    stays: bool = False
    """After a workout the coach waits for the next lifter, instead of ending."""
    lifters: tuple[str, ...] = ()
    """Names that a lifter may give; each has a history of its own. A lifter who gives no name is a guest."""


@dataclass(frozen=True, slots=True)
class Page:
    """The web page with the state of the session."""

    on: bool = False
    address: str = "127.0.0.1"
    """Address that the page listens on. Any address but this computer itself requires the token."""
    port: int = 8377
    """Port of the page; 0: any free port."""
    names: tuple[str, ...] = ()
    """Other names it is opened by, lower case: those of a container or of a proxy."""


@dataclass(frozen=True, slots=True)
class Broker:
    """The MQTT broker that receives what happens here."""

    host: str = ""
    """Host of the broker; empty: no broker."""
    port: int = 1883
    tls: bool = False
    username: str = ""
    password_file: Path | None = None
    """File that contains the password and nothing else."""
    name: str = "coach"
    """Name of this corner among those at the same broker."""
    commands: bool = False
    """Commands from the broker are accepted."""
    ca_file: Path | None = None
    """Certificate of the authority that vouches for the broker; None: the authorities that the system trusts."""
    base: str = "coach"
    """The topic below which the topics of all corners lie."""
    discovery: str = "homeassistant"
    """Topic below which Home Assistant looks for devices; empty: the coach does not announce itself there."""
    phases: bool = False
    """Each phase of a repetition is published, too."""

    @property
    def is_local(self) -> bool:
        """Whether the broker is on this computer, so that nothing leaves the computer."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings."""

    profile: Profile = Profile.HEADPHONES
    exercise: str = "leg_press"
    """Name or folder of a pack."""
    hearing: Hearing = field(default_factory=Hearing)
    wake: Wake = field(default_factory=Wake)
    voice: str = AUTO
    """Name of a row in the table of voices."""
    devices: Devices = field(default_factory=Devices)
    output: Output = field(default_factory=Output)
    corner: Corner = field(default_factory=Corner)
    page: Page = field(default_factory=Page)
    broker: Broker = field(default_factory=Broker)


BUILT_IN_NOISES = ("white", "pink", "babble", "music")
"""Noises that the coach makes itself; any other name is a sound file."""


@dataclass(frozen=True, slots=True)
class Room:
    """The room of an audio rehearsal. ValueError names the value that is out of bounds."""

    snr: float | None = None
    """Level of the lifter's speech above the noise, in decibels; None: quiet, or `DEFAULT_SNR` if a noise is named."""
    noise: str | None = None
    """One of `BUILT_IN_NOISES` or the path of a sound file; None: pink, if there is any noise."""
    echo: float | None = None
    """Level of the coach's speech at the microphone, in decibels relative to the lifter's; None: headphones."""
    delay: float = 120.0
    """Milliseconds from the coach's mixer to the microphone."""
    reverb: float = 0.0
    """Seconds in which a sound in the room fades by 60 dB."""
    seed: int = 1

    def __post_init__(self) -> None:
        for name, (least, most) in ROOM_BOUNDS.items():
            value = getattr(self, name)
            # Written so that nan is out of bounds.
            if value is not None and not least <= value <= most:
                raise ValueError(f"{name} {value:g}: give {least:g} to {most:g}")


DEFAULT_SNR = 10.0
ROOM_BOUNDS = {"snr": (-20, 60), "echo": (-60, 20), "delay": (50, 1000), "reverb": (0, 3), "seed": (0, 999_999)}
"""The delay is at least 50 ms: no loudspeaker has less, and the resampling alone takes 40 ms."""
