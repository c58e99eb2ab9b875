"""The table of other programs that can join a live session: the page and the MQTT broker.

Law: a new program is a module below `adapters/` and a row here. A row loads its modules when `make` is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coach.ports import Link
from coach.settings import Settings
from coach.wiring.recognizers import Warn


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A program that can join."""

    is_on: Callable[[Settings], bool]
    """Whether the settings switch the program on."""
    make: Callable[[Settings, Warn], Link]
    """Makes the link. WorldError: the program cannot join."""


def _broker(settings: Settings, warn: Warn) -> Link:
    from coach.adapters.broker.link import BrokerLink

    return lambda session: BrokerLink(settings.broker, session, warn)


def _page(settings: Settings, warn: Warn) -> Link:
    from coach.wiring.page import page_link

    return page_link(settings.page, warn)


LINKS: tuple[LinkRow, ...] = (
    LinkRow(lambda settings: settings.page.on, _page),
    LinkRow(lambda settings: bool(settings.broker.host), _broker),
)
"""In the order in which the programs join."""


def links(settings: Settings, warn: Warn) -> Sequence[Link]:
    """The links that the settings want."""
    return [row.make(settings, warn) for row in LINKS if row.is_on(settings)]
