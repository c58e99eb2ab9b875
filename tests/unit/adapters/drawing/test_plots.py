"""A plot is a picture with a name and a description."""

from __future__ import annotations

import pytest

from coach.adapters.drawing.plots import Kind, Plot, Series, draw


@pytest.mark.parametrize("kind", list(Kind))
def test_a_plot_is_a_picture_with_a_name_and_what_it_shows(kind: Kind) -> None:
    svg = draw(
        Plot("one", kind, "Load", "From 1 to 2.", ("a", "b"), (Series("x", (1.0, None)), Series("y", (2.0, 2.0))))
    )
    assert (svg.get("role"), svg.get("aria-labelledby"), svg.get("aria-describedby")) == (
        "img",
        "one-title",
        "one-told",
    )
    texts = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
    assert (texts["one-title"], texts["one-told"]) == ("Load", "From 1 to 2.")
    assert not [element for element in svg.iter() if element.tag == "script" or element.get("href")]
