"""What Home Assistant discovers."""

from __future__ import annotations

import json

import pytest

from coach.adapters.broker.home_assistant import BUTTONS, discovery
from coach.adapters.broker.topics import EVENTS, RETAINED, Corner
from lab.rigs.talk import GRAMMAR

CORNER = Corner("gyms/berlin", "corner-2")


SHARED = {"platform*", "unique_id*", "name", "icon", "entity_category", "json_attributes_topic", "value_template"}
KEYS = {
    "event": SHARED | {"state_topic*", "event_types*", "device_class"},
    "sensor": SHARED | {"state_topic*", "device_class", "unit_of_measurement", "state_class"},
    "binary_sensor": SHARED | {"state_topic*", "device_class", "payload_on", "payload_off"},
    "button": SHARED | {"command_topic*", "payload_press", "retain", "device_class"},
}
"""The keys that Home Assistant's documentation names for a component; a star marks a required key."""
CLASSES = {"sensor": {"timestamp"}, "binary_sensor": {"safety", "problem"}}


class TestHomeAssistant:
    @pytest.mark.parametrize("commands", [False, True])
    def test_its_keys_are_the_documented_ones(self, commands: bool) -> None:
        message = discovery("homeassistant", CORNER, commands)
        assert message.topic == "homeassistant/device/gyms_berlin_corner-2/config" and message.retained
        told = json.loads(message.payload)
        assert set(told) == {"device", "origin", "availability", "qos", "components"}
        assert set(told["origin"]) == {"name", "sw_version"} and told["device"]["identifiers"]
        assert told["availability"] == [{"topic": "gyms/berlin/corner-2/availability"}]
        for component in told["components"].values():
            keys, kind = set(component), component["platform"]
            if keys == {"platform"}:
                assert kind == "button" and not commands
                continue
            assert {key.strip("*") for key in KEYS[kind] if key.endswith("*")} <= keys
            assert keys <= {key.strip("*") for key in KEYS[kind]}
            assert component.get("device_class") in {None, *CLASSES.get(kind, set())}
        ids = [one["unique_id"] for one in told["components"].values() if "unique_id" in one]
        assert len(ids) == len(set(ids)) == len(told["components"]) - (0 if commands else len(BUTTONS))

    def test_what_it_reads_is_published(self) -> None:
        told = json.loads(discovery("homeassistant", CORNER, True).payload)
        published = {CORNER.topic(part) for part in RETAINED} | {CORNER.topic(f"event/{part}") for part in EVENTS}
        assert {one["state_topic"] for one in told["components"].values() if "state_topic" in one} <= published

    def test_what_a_button_says_is_understood(self) -> None:
        for _, words in BUTTONS.values():
            assert GRAMMAR.understand(words, GRAMMAR.intents), words
