"""Makes the page's link, its address, and new tokens."""

from __future__ import annotations

import sys
from functools import partial

from coach.adapters.page.access import is_loopback
from coach.adapters.page.qr_code import in_terminal
from coach.adapters.page.server import page_address, page_server
from coach.adapters.page.token import TokenFile, token_file
from coach.ports import Link, WorldError
from coach.settings import Page
from coach.wiring.recognizers import Warn


def page_link(page: Page, warn: Warn) -> Link:
    """Returns the link that serves the page and prints its address. A log gets the address without the token."""

    def report(address: str) -> None:
        without_token, token, _ = address.partition("#")
        if not token:
            warn(f"the page is at {without_token}")
        elif sys.stderr.isatty():
            warn(f"the page is at {address}\n{in_terminal(address)}")
        else:
            warn(f"the page is at {without_token}; coach serve --qr prints the address with its token")

    return partial(page_server, page, report)


def address(page: Page) -> str:
    """Returns the address that opens the page on a phone. Raises WorldError if the settings allow no phone."""
    if is_loopback(page.address) or page.address == "localhost":
        raise WorldError(
            f"the page is served to this computer only ({page.address}): set page.address (0.0.0.0: the whole network)"
        )
    if page.port == 0:
        raise WorldError("page.port is 0, so the page has another address each time: set page.port")
    return page_address(page.address, page.port, TokenFile(token_file()), page.names)


def renew_token() -> None:
    """Makes a new token. Pages that were opened with the old token are locked out."""
    TokenFile(token_file()).renew()
