"""The report is a page that holds only what was trained."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from coach.records import FaultReported, PainReported
from coach.report.figures import figures
from coach.report.page import page
from tests.unit.report.trained import MADE, RECORDS, many, workout_of


def test_the_same_history_is_the_same_page() -> None:
    made = many(30)
    assert page(figures(made), [], MADE) == page(figures(made), [], MADE)


def test_the_page_is_nothing_but_a_page() -> None:
    """The page has no script, no comment, no address, and no markup from a name; one head, one main, every id once."""
    hostile = "<script>alert(1)</script>&\"' https://example.org/x"
    found = figures(
        [workout_of(*RECORDS, FaultReported(1.0, hostile, 1, 1), PainReported(1.0, hostile, 1, 1), exercise=hostile)]
    )
    text = page(found, [(hostile, 3)], MADE)
    seen = _Seen()
    seen.feed(text)
    assert not {"script", "iframe", "link", "img", "object", "base", "form"} & set(seen.tags)
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.tags.count("main") == seen.tags.count("h1") == seen.tags.count("head") == 1
    assert not any(name.startswith("on") for name in seen.attributes)
    assert not [value for value in seen.addresses if not value.startswith("#")]
    assert not re.search(r"url\(|@import|<!--", text)
    assert "default-src 'none'" in text


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href"):
                self.addresses.append(value or "")
