"""Every setting: its place in the file, its allowed values, its default, and what it is for.

Law: a new setting is a row here and a field in `coach/settings.py`, which `configured.py` fills.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coach.content.spec import Fields, Flag, Integer, ListOf, Number, Spec, Text, one_of
from coach.settings import AUTO, CEILING_RANGE_DB, DUCK_RANGE_DB, HISS_RANGE_DBFS, WAKE_WORD, Profile

_SPEAKER, _QUIET = Profile.SPEAKER, Profile.QUIET
_CORNER_NAME = Text(
    r"[a-z][a-z0-9-]{0,31}", "a name", "write small letters, digits and hyphens, such as corner-2", slots=None
)
_ONE_WORD = Text(r"[a-z]{3,20}", "a word", "write one word of small letters, such as coach", slots=None)
_HOST = Text(
    r"[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\]", "a name", "write a name or an address, such as coach.example", slots=None
)
_ANY_TEXT = Text(r"[^\x00-\x1f]*", "text", "write it on one line", slots=None)

_LEVELS = r"[A-Za-z0-9_-]{1,40}(/[A-Za-z0-9_-]{1,40}){0,3}"
_LEVELS_REMEDY = "write letters, digits, hyphens and underscores, levels parted by /"
_TOPIC = Text(_LEVELS, "a topic", _LEVELS_REMEDY, slots=None)
_TOPIC_OR_NONE = Text(f"({_LEVELS})?", "a topic", _LEVELS_REMEDY, slots=None)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. A setting at the top level of the file has no section."""

    section: str
    key: str
    spec: Spec
    default_value: Any
    """The default, unless the profile has another."""
    about: str
    """What the setting is for, with its unit, for people."""
    of_profile: Mapping[Profile, Any] = field(default_factory=dict)
    """Defaults of single profiles that differ from `default_value`."""

    @property
    def name(self) -> str:
        """The setting's full name, such as "devices.microphone"."""
        return f"{self.section}.{self.key}" if self.section else self.key

    @property
    def variable(self) -> str:
        """The environment variable for this setting."""
        return f"COACH_{self.name.upper().replace('.', '_')}"

    def default(self, profile: Profile) -> Any:
        """The value when nobody gives one."""
        return self.of_profile.get(profile, self.default_value)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "",
        "profile",
        one_of(*(profile.value for profile in Profile)),
        Profile.HEADPHONES.value,
        "where the voice goes: headphones; speaker (the gym corner); quiet (headphones, half as loud)",
    ),
    Setting("", "exercise", Text(slots=None), "leg_press", "the exercise: the name or the folder of a pack"),
    Setting("devices", "microphone", _ANY_TEXT, "", "number, or part of the name; empty: the system's choice"),
    Setting("devices", "loudspeaker", _ANY_TEXT, "", "number, or part of the name; empty: the system's choice"),
    Setting("hearing", "engine", _ANY_TEXT, AUTO, "the recogniser, or the address of one: wyoming://host:port"),
    Setting("hearing", "model", _ANY_TEXT, "", "a model folder of it; empty: the usual places"),
    Setting("hearing", "wake_word", _ONE_WORD, WAKE_WORD, "what the coach is called by"),
    Setting(
        "hearing",
        "needs_wake_word",
        Flag(),
        False,
        "commands begin with the wake word where the coach has asked nothing",
        {_SPEAKER: True},
    ),
    Setting(
        "voice", "name", _ANY_TEXT, AUTO, "one that `coach voices` lists, or the address of one: wyoming://host:port"
    ),
    Setting(
        "voice",
        "ceiling_db",
        Number(*CEILING_RANGE_DB),
        0.0,
        "never louder than this, in decibels below full; only calls for help are",
        {_QUIET: -10.0},
    ),
    Setting("voice", "small_sounds", Flag(), True, "small sounds where nothing is said", {_QUIET: False}),
    Setting("voice", "hiss", Flag(), True, "an inaudible hiss keeps Bluetooth and USB sinks awake"),
    Setting("voice", "hiss_dbfs", Number(*HISS_RANGE_DBFS), -80.0, "its level, in decibels of full scale"),
    Setting(
        "voice",
        "music_db",
        Number(*DUCK_RANGE_DB),
        -12.0,
        "by how much other players are turned down while the coach speaks, in decibels; 0: not at all",
    ),
    Setting("corner", "stays", Flag(), False, "after a workout it waits for the next lifter", {_SPEAKER: True}),
    Setting(
        "corner", "lifters", ListOf(_ONE_WORD, 50, least=0), [], "names that a lifter may give, each with a history"
    ),
    Setting("page", "on", Flag(), False, "a page that shows the workout, for a phone"),
    Setting("page", "address", _ANY_TEXT, "127.0.0.1", "where it listens; 0.0.0.0 for the whole network, with a token"),
    Setting("page", "port", Integer(0, 65535), 8377, "0: any that is free"),
    Setting(
        "page",
        "names",
        ListOf(_HOST, 10, least=0),
        [],
        "other names it is opened by, such as those of a container's host; the first is printed",
    ),
    Setting("broker", "host", _ANY_TEXT, "", "host of an MQTT broker that gets reports of what happens; empty: none"),
    Setting("broker", "port", Integer(1, 65535), 1883, "usually 8883 with tls"),
    Setting("broker", "tls", Flag(), False, "the connection is encrypted, and the broker must prove who it is"),
    Setting("broker", "username", _ANY_TEXT, "", "empty: none"),
    Setting("broker", "password_file", _ANY_TEXT, "", "a file that holds the password, and nothing else"),
    Setting("broker", "name", _CORNER_NAME, "coach", "of this corner, among all at one broker"),
    Setting("broker", "commands", Flag(), False, "commands are taken from the broker"),
    Setting(
        "broker",
        "ca_file",
        _ANY_TEXT,
        "",
        "the certificate of who vouches for the broker; empty: whom the system trusts",
    ),
    Setting("broker", "base", _TOPIC, "coach", "all topics lie below base/name/; such as gyms/berlin"),
    Setting(
        "broker", "discovery", _TOPIC_OR_NONE, "homeassistant", "where Home Assistant looks for devices; empty: none"
    ),
    Setting(
        "broker", "phases", Flag(), False, "each phase of a repetition is sent, too: four more messages a repetition"
    ),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}


def spec() -> Fields:
    """The schema of the settings file."""
    sections = dict.fromkeys(setting.section for setting in SETTINGS if setting.section)
    return Fields(
        optional={
            **{setting.key: setting.spec for setting in SETTINGS if not setting.section},
            **{
                section: Fields(optional={one.key: one.spec for one in SETTINGS if one.section == section})
                for section in sections
            },
        }
    )
