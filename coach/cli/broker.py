"""The commands about the MQTT broker: broker check, broker clear."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.settings import Broker


def check(options: argparse.Namespace) -> int:
    from coach.adapters.broker.errors import where
    from coach.adapters.broker.maintenance import admits_anybody, check_access
    from coach.cli.printing import warn

    broker = _chosen(options)
    check_access(broker)
    print(f"{where(broker)} lets the coach in as {broker.base}/{broker.name}/")
    if broker.username and admits_anybody(broker):
        warn(f"{where(broker)} lets in anybody, also those who name no user: set allow_anonymous false there")
        return 1
    return 0


def clear(options: argparse.Namespace) -> int:
    from coach.adapters.broker.errors import where
    from coach.adapters.broker.maintenance import clear as clear_topics

    broker = _chosen(options)
    topics = clear_topics(broker)
    print(f"{where(broker)} keeps nothing of {broker.base}/{broker.name}/ any more ({topics} topics)")
    return 0


def _chosen(options: argparse.Namespace) -> Broker:
    from coach.cli.choices import given_settings
    from coach.ports import ScriptError
    from coach.wiring.configured import Given, settings

    given = given_settings(options)
    name = getattr(options, "name", None)
    if name is not None:
        given["broker.name"] = Given(name, "--name")
    broker = settings(given, options.settings).broker
    if not broker.host:
        raise ScriptError("there is no broker: give broker.host in the settings, or --set broker.host=NAME")
    return broker
