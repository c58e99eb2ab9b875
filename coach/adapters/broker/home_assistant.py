"""Describes a corner for Home Assistant: one retained message that names the device and its entities.

Law: pure. The keys are those of Home Assistant's MQTT integration (device discovery, 2024.11 and later).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from coach import __version__
from coach.adapters.broker.topics import EVENTS, Corner, Message

BIRTH = "online"
"""Payload that Home Assistant publishes under `status_topic` when it has started (its birth message)."""
BUTTONS: Mapping[str, tuple[str, str]] = {
    "start_set": ("Start set", "start set"),
    "pause": ("Pause", "pause"),
    "go_on": ("Go on", "go on"),
    "stop": ("Stop", "stop"),
    "skip_rest": ("Skip the rest", "skip the rest"),
    "end_workout": ("End workout", "end workout"),
    "yes": ("Yes", "yes"),
    "no": ("No", "no"),
}
"""For each key of a button: the text on the button, and the words that the lifter would say."""
_ICONS: Mapping[str, str] = {
    "rep": "mdi:counter",
    "set": "mdi:weight-lifter",
    "stop": "mdi:hand-back-right",
    "stuck": "mdi:alert-octagon",
    "pain": "mdi:bandage",
    "dizzy": "mdi:head-sync",
    "correction": "mdi:human",
    "amended": "mdi:pencil",
    "workout": "mdi:dumbbell",
    "alert": "mdi:alarm-light",
    "fault": "mdi:alert",
}


def discovery_topic(prefix: str, corner: Corner) -> str:
    """The topic under which the corner is described."""
    return f"{prefix}/device/{corner.id}/config"


def status_topic(prefix: str) -> str:
    """The topic under which Home Assistant says that it has started."""
    return f"{prefix}/status"


def discovery(prefix: str, corner: Corner, commands: bool) -> Message:
    """The description of the whole device. Without `commands` it removes buttons that Home Assistant may have."""
    description = {
        "device": {
            "identifiers": [corner.id],
            "name": f"Coach {corner.name}",
            "model": "Voice coach",
            "sw_version": __version__,
        },
        "origin": {"name": "coach", "sw_version": __version__},
        "availability": [{"topic": corner.availability}],
        "qos": 1,
        "components": {
            key: {**component, **({"unique_id": f"{corner.id}_{key}"} if len(component) > 1 else {})}
            for key, component in (_events(corner) | _sensors(corner) | _buttons(corner, commands)).items()
        },
    }
    return Message(discovery_topic(prefix, corner), json.dumps(description, separators=(",", ":")), True)


def _events(corner: Corner) -> dict[str, dict[str, Any]]:
    return {
        f"event_{part}": {
            "platform": "event",
            "name": part.capitalize(),
            "state_topic": corner.topic(f"event/{part}"),
            "event_types": list(types),
            "icon": _ICONS[part],
        }
        for part, types in EVENTS.items()
    }


def _sensors(corner: Corner) -> dict[str, dict[str, Any]]:
    def entity(platform: str, part: str, name: str, template: str, **more: str) -> dict[str, Any]:
        topic = {"state_topic": corner.topic(part), "json_attributes_topic": corner.topic(part)}
        return {"platform": platform, "name": name, "value_template": template, **topic, **more}

    def sensor(part: str, name: str, template: str, icon: str) -> dict[str, Any]:
        return entity("sensor", part, name, template, icon=icon)

    def problem(part: str, name: str, key: str, kind: str) -> dict[str, Any]:
        template = "{{ 'ON' if value_json." + key + " else 'OFF' }}"
        return entity("binary_sensor", part, name, template, device_class=kind)

    return {
        "state": sensor("state", "State", "{{ value_json.state }}", "mdi:weight-lifter"),
        "set": sensor("set", "Set number", "{{ value_json.set }}", "mdi:numeric"),
        "reps": sensor("rep", "Repetitions", "{{ value_json.rep }}", "mdi:counter"),
        "load": sensor("load", "Load", "{{ value_json.load }}", "mdi:weight"),
        "rest": sensor("rest", "Rest ends", "{{ value_json.ends }}", "mdi:timer-sand") | {"device_class": "timestamp"},
        "needs_help": problem("alert", "Needs help", "alert", "safety"),
        "microphone": problem("faults", "Microphone", "microphone", "problem") | {"entity_category": "diagnostic"},
        "loudspeaker": problem("faults", "Loudspeaker", "speaker", "problem") | {"entity_category": "diagnostic"},
    }


def _buttons(corner: Corner, commands: bool) -> dict[str, dict[str, Any]]:
    if not commands:
        # A component that has nothing but its platform is removed.
        return {key: {"platform": "button"} for key in BUTTONS}
    return {
        key: {
            "platform": "button",
            "name": name,
            "command_topic": corner.command,
            "payload_press": words,
            "retain": False,
        }
        for key, (name, words) in BUTTONS.items()
    }
