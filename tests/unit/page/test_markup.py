"""The page's markup holds every button, Stop first."""

from __future__ import annotations

from coach.page.buttons import STOP, shown_buttons
from coach.page.markup import with_buttons


def test_stop_can_always_be_pressed_and_comes_first() -> None:
    assert shown_buttons((), "idle") == [STOP]
    html = with_buttons("<!-- stop --><!-- answers --><!-- main --><!-- trouble --><!-- more --><!-- alert -->")
    assert html.index('data-name="Stop"') < html.index("data-name=", html.index('data-name="Stop"') + 1)
    assert "<!--" not in html
