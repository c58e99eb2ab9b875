"""The report: its figures, its sentences, and a page that holds only what was trained."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from random import Random

import pytest

from coach.adapters.drawing.plots import Kind, Plot, Series, drawn
from coach.records import (
    FaultReported,
    GotStuck,
    PainReported,
    Record,
    RepDone,
    SessionBegan,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)
from coach.report import plotted
from coach.report.bins import MOST, binned
from coach.report.figures import LAST_REP, Figures, figures
from coach.report.page import page
from coach.report.summary import summary
from coach.training.log import LoggedWorkout, workouts
from lab.rigs.sessions import months_of_training, session

MADE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EAST = timezone(timedelta(hours=5, minutes=45))
RECORDS: list[Record] = [
    SessionBegan(0.5, "leg_press", 2, 8, 90, "4-1-2-0"),
    SetBegan(10.0, 1),
    RepDone(20.0, 1, 1),
    FaultReported(25.0, "BackLifted", 1, 1, "lowering"),
    FaultReported(45.0, "BackLifted", 1, 3, "pressing"),
    StopSaid(46.0, 1, 3),
    GotStuck(50.0, 1, 5),
    SetEnded(60.0, 1, 8, 90.0, "kg", "4-1-2-0"),
    SetBegan(160.0, 2, 90),
    PainReported(190.0, "Dizzy", 2, 2),
    SetEnded(200.0, 2, 6, 92.5, "kg", "3-1-1-0"),
    FaultReported(210.0, "KneesIn", 3, 40),
    WorkoutEnded(300.0, 2, 14),
]


def of(*records: Record, exercise: str = "leg_press") -> LoggedWorkout:
    began = SessionBegan(0.0, exercise, 1, 8, 90, "4-1-2-0")
    (found,) = workouts([session(datetime(2026, 1, 2, 23, 50, tzinfo=EAST), began, *records)])
    return found


def whole() -> Figures:
    return figures([of(*RECORDS)])


def many(count: int) -> list[LoggedWorkout]:
    return list(workouts(months_of_training(count, Random(count), MADE)))


def test_figures_are_those_of_the_journal() -> None:
    found = whole()
    assert {what: dict(phases) for what, phases in found.faults.items()} == {
        "back lifted": {"lowering": 1, "push": 1},
        "knees in": {"not told": 1},
    }
    assert {phase: dict(counts) for phase, counts in found.by_rep.items()} == {
        "lowering": {2: 1},
        "push": {4: 1},
        "not told": {LAST_REP: 1},
    }
    assert [(tempo, len(sets)) for tempo, sets in found.tempos.items()] == [("3-1-1-0", 1), ("4-1-2-0", 1)]
    assert (found.stops, found.stuck, found.fault_count, found.unit) == (1, 1, 3, "kg")
    (moment,) = found.moments
    assert (moment.what, moment.set, moment.rep, moment.minute) == ("dizzy", 2, 2, 4)
    assert moment.when == datetime(2026, 1, 2, 23, 53, 10, tzinfo=EAST), "the clock where was trained"


def test_the_summary_is_plain() -> None:
    assert summary(whole()) == [
        "Pain or dizziness was reported once (dizzy once), last on 2 Jan 2026.",
        "1 workout on 2 Jan 2026: 2 sets, 14 repetitions.",
        "Heaviest load: 92.5 kg.",
        "Faults of form were reported 3 times; most often: back lifted (twice, mostly while lowering).",
        "Sets were stopped by voice once and failed under the load once.",
        "Rest between sets: 100 s taken, 90 s planned (medians).",
        "Tempo coached most: 3-1-1-0 (seconds of lowering, pause, push, pause), in 1 of 2 sets.",
    ]
    assert summary(figures([of(SetEnded(60.0, 1, 8))])) == [
        "No pain and no dizziness was reported.",
        "1 workout on 2 Jan 2026: 1 set, 8 repetitions.",
        "No fault of form was reported.",
    ]


def test_loads_are_in_the_unit_of_the_latest() -> None:
    pounds = session(datetime(2026, 2, 1, tzinfo=UTC), SetEnded(60.0, 1, 8, 220.462262, "lb"))
    found = figures(
        list(workouts([pounds, session(datetime(2026, 1, 1, tzinfo=UTC), SetEnded(60.0, 1, 8, 90.0, "kg"))]))
    )
    assert "198.4 lb in the first, 220.5 lb in the last, 220.5 lb at most" in summary(found)[2]
    plot = plotted.load(found)
    assert plot is not None
    assert plot.series[0].values == (198.42, 220.46)


@pytest.mark.parametrize(
    ("count", "each"),
    [(1, "workout"), (60, "workout"), (61, "week"), (200, "month"), (600, "month"), (1500, "quarter")],
)
def test_a_long_history_has_few_places(count: int, each: str) -> None:
    made = many(count)
    bins = binned(made[::-1])
    assert bins.each == each
    assert 0 < len(bins.bins) <= MOST
    assert sum(len(one.workouts) for one in bins.bins) == count


def test_the_same_history_is_the_same_page() -> None:
    made = many(30)
    assert page(figures(made), [], MADE) == page(figures(made), [], MADE)


def test_the_page_is_nothing_but_a_page() -> None:
    """The page has no script, no comment, no address, and no markup from a name; one head, one main, every id once."""
    hostile = "<script>alert(1)</script>&\"' https://example.org/x"
    found = figures(
        [of(*RECORDS, FaultReported(1.0, hostile, 1, 1), PainReported(1.0, hostile, 1, 1), exercise=hostile)]
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


def test_where_nothing_is_known_nothing_is_plotted() -> None:
    found = figures([of(SetEnded(60.0, 1, 8))])
    assert [plot.name for plot in plotted.plots(found)] == ["reps"]
    text = page(found, [], MADE)
    for told in ("None was reported.", "No load was told.", "No fault of form was reported.", "No rest was measured."):
        assert told in text


@pytest.mark.parametrize("kind", list(Kind))
def test_a_plot_is_a_picture_with_a_name_and_what_it_shows(kind: Kind) -> None:
    svg = drawn(
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
