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
_CEILING = Number(*CEILING_RANGE_DB)
_PROFILE = one_of(*(profile.value for profile in Profile))
_NAME_REMEDY = "write small letters, digits and hyphens, such as corner-2"
_NAME = Text(r"[a-z][a-z0-9-]{0,31}", "a name", _NAME_REMEDY, slots=None)
_WORD = Text(r"[a-z]{3,20}", "a word", "write one word of small letters, such as coach", slots=None)
_HOST_PATTERN = r"[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\]"
_HOST = Text(_HOST_PATTERN, "a name", "write a name or an address, such as coach.example", slots=None)
_LINE = Text(r"[^\x00-\x1f]*", "text", "write it on one line", slots=None)

_LEVELS = r"[A-Za-z0-9_-]{1,40}(/[A-Za-z0-9_-]{1,40}){0,3}"
_LEVELS_REMEDY = "write letters, digits, hyphens and underscores, levels parted by /"
_TOPIC = Text(_LEVELS, "a topic", _LEVELS_REMEDY, slots=None)
_TOPIC_OR_NONE = Text(f"({_LEVELS})?", "a topic", _LEVELS_REMEDY, slots=None)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    name: str
    """The setting's full name: section and key, such as "devices.microphone", or a key at the top level of the file."""
    spec: Spec
    default_value: Any
    """The default, unless the profile has another."""
    about: str
    """What the setting is for, with its unit, for people."""
    of_profile: Mapping[Profile, Any] = field(default_factory=dict)
    """Defaults of single profiles that differ from `default_value`."""

    @property
    def section(self) -> str:
        """Section in the file; empty: the top level."""
        return self.name.rpartition(".")[0]

    @property
    def key(self) -> str:
        """Key in the section."""
        return self.name.rpartition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable for this setting."""
        return f"COACH_{self.name.upper().replace('.', '_')}"

    def default(self, profile: Profile) -> Any:
        """The value when nobody gives one."""
        return self.of_profile.get(profile, self.default_value)


SETTINGS: tuple[Setting, ...] = (
    Setting("profile", _PROFILE, "headphones", "headphones, speaker (gym corner) or quiet (headphones, half as loud)"),
    Setting("exercise", Text(slots=None), "leg_press", "the exercise: the name or the folder of a pack"),
    Setting("devices.microphone", _LINE, "", "number, or part of the name; empty: the system's choice"),
    Setting("devices.loudspeaker", _LINE, "", "number, or part of the name; empty: the system's choice"),
    Setting("hearing.engine", _LINE, AUTO, "the recogniser, or the address of one: wyoming://host:port"),
    Setting("hearing.model", _LINE, "", "a model folder of the recogniser; empty: the usual places"),
    Setting("hearing.wake_word", _WORD, WAKE_WORD, "what the coach is called by"),
    Setting("hearing.needs_wake_word", Flag(), False, "commands, except answers, begin with it", {_SPEAKER: True}),
    Setting("voice.name", _LINE, AUTO, "one that `coach voices` lists, or the address of one: wyoming://host:port"),
    Setting("voice.ceiling_db", _CEILING, 0.0, "never louder, in dB below full; calls for help are", {_QUIET: -10.0}),
    Setting("voice.small_sounds", Flag(), True, "small sounds where nothing is said", {_QUIET: False}),
    Setting("voice.hiss", Flag(), True, "an inaudible hiss keeps Bluetooth and USB sinks awake"),
    Setting("voice.hiss_dbfs", Number(*HISS_RANGE_DBFS), -80.0, "level of the hiss, in decibels of full scale"),
    Setting(
        "voice.music_db", Number(*DUCK_RANGE_DB), -12.0, "other players while the coach speaks, in dB; 0: unchanged"
    ),
    Setting("corner.stays", Flag(), False, "after a workout the coach waits for the next lifter", {_SPEAKER: True}),
    Setting("corner.lifters", ListOf(_WORD, 50, min_length=0), [], "names that a lifter may give, each with a history"),
    Setting("page.on", Flag(), False, "a page that shows the workout, for a phone"),
    Setting("page.address", _LINE, "127.0.0.1", "where the page listens; 0.0.0.0: the whole network, with a token"),
    Setting("page.port", Integer(0, 65535), 8377, "0: any that is free"),
    Setting("page.names", ListOf(_HOST, 10, min_length=0), [], "other names of the page; the first is printed"),
    Setting("broker.host", _LINE, "", "host of an MQTT broker that gets reports of what happens; empty: none"),
    Setting("broker.port", Integer(1, 65535), 1883, "usually 8883 with tls"),
    Setting("broker.tls", Flag(), False, "the connection is encrypted, and the broker must prove who it is"),
    Setting("broker.username", _LINE, "", "empty: none"),
    Setting("broker.password_file", _LINE, "", "a file that holds the password, and nothing else"),
    Setting("broker.name", _NAME, "coach", "name of this corner, among all at one broker"),
    Setting("broker.commands", Flag(), False, "commands are taken from the broker"),
    Setting("broker.ca_file", _LINE, "", "certificate of the broker's authority; empty: those that the system trusts"),
    Setting("broker.base", _TOPIC, "coach", "all topics lie below base/name/; such as gyms/berlin"),
    Setting("broker.discovery", _TOPIC_OR_NONE, "homeassistant", "where Home Assistant finds devices; empty: nowhere"),
    Setting("broker.phases", Flag(), False, "each phase of a repetition is sent, too: four more messages a repetition"),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}


def spec() -> Fields:
    """The schema of the settings file."""
    sections: dict[str, dict[str, Spec]] = {}
    for setting in SETTINGS:
        sections.setdefault(setting.section, {})[setting.key] = setting.spec
    return Fields(optional={**sections.pop(""), **{name: Fields(optional=keys) for name, keys in sections.items()}})
