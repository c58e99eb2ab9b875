"""Puts the buttons of the table into the HTML of the page."""

from __future__ import annotations

from html import escape

from coach.page.buttons import BUTTONS, PLACES, STOP_BUTTON, Button


def with_buttons(template: str) -> str:
    """Returns the template with buttons in place of the comments `<!-- stop -->`, `<!-- answers -->` and so on."""
    parts: dict[str, list[str]] = {"stop": [_button(STOP_BUTTON)], "alert": [_button(BUTTONS["Better"])]}
    for place in PLACES:
        parts.setdefault(place.part, []).append(
            '<div class="place">'
            + "".join(_button(button, hidden=button is not place.buttons[-1]) for button in place.buttons)
            + "</div>"
        )
    for part, buttons in parts.items():
        template = template.replace(f"<!-- {part} -->", "\n".join(buttons))
    return template


def _button(button: Button, *, hidden: bool = False) -> str:
    return (
        f'<button type="button" data-name="{escape(button.intent)}"{" hidden" if hidden else ""}>'
        f"{escape(button.label)}</button>"
    )
