"""The report in a real browser: on two sides of A4, in light and dark, by keyboard and for a screen reader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from coach import cli
from coach.ports import StoredSession
from coach.records import FaultReported, PainReported, Record, SessionBegan, SetBegan, SetEnded
from coach.wiring import journal
from lab.rigs.browser import Browser
from lab.rigs.sessions import months_of_training, session

ENDED = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)


def _crowded() -> list[StoredSession]:
    """Sessions with many values of every kind, and with long names."""
    chance = Random(5)
    made = []
    for day in range(1, 29):
        records: list[Record] = [SessionBegan(0.0, "a_very_long_name_of_an_exercise_" * 4, 9, 30, 600, "8-5-5-5")]
        for number in range(1, 31):
            records.append(SetBegan(number * 100.0, number, 600))
            for kind in range(12):
                what = f"Something{'Very' * 9}Long{chr(65 + kind)}Happened"
                phase = chance.choice(("lowering", "bottom", "pressing", "top", None))
                records.append(FaultReported(number * 100.0 + kind, what, number, chance.randrange(30), phase))
            records.append(PainReported(number * 100.0 + 20, f"Unusually{'Long' * 12}Pain", number, 3))
            tempo = f"{number % 7 + 2}-1-2-0"
            records.append(SetEnded(number * 100.0 + 60, number, 30, 123456.75, "lb", tempo))
        made.append(session(datetime(2026, 1, day, tzinfo=UTC), *records))
    return made


HISTORIES = {
    "one": months_of_training(1, Random(1), ENDED),
    "usual": months_of_training(30, Random(1), ENDED),
    "ten years": months_of_training(1500, Random(1), ENDED),
    "crowded": _crowded(),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report for each history, written by the command."""
    written = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, sessions in HISTORIES.items():
            folder = tmp_path_factory.mktemp("report")
            patch.setenv("XDG_DATA_HOME", str(folder))
            journal.archive().add(sessions)
            written[name] = folder / "report.html"
            assert cli.main(["report", "--out", str(written[name])]) == 0
    return written


@pytest.mark.parametrize("name", HISTORIES)
def test_it_is_two_sides_of_paper_and_asks_for_nothing(name: str, window: Browser, reports: dict[str, Path]) -> None:
    window.open(reports[name])
    assert window.sides() == 2
    assert window.asked_for == [reports[name].as_uri()]


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("name", ["usual", "crowded"])
def test_nothing_sticks_out(name: str, width: int, window: Browser, reports: dict[str, Path]) -> None:
    window.open(reports[name], width=width)
    assert window.ask("document.documentElement.scrollWidth") <= width


_CONTRAST = """(() => {
  const light = color => {
    const parts = color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part => part / 255);
    const [red, green, blue] = parts.map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const least = (selector, property) => Math.min(...[...document.querySelectorAll(selector)].map(element => {
    const ink = light(getComputedStyle(element)[property]);
    return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
  }));
  return [paper, least('h1, h2, li, td, th, caption, figcaption, summary, .note, header p', 'color'),
    least('svg text', 'fill'), least('svg .series rect.reactive, svg .series path.line', 'stroke')];
})()"""


@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read_in_light_and_in_dark(dark: bool, window: Browser, reports: dict[str, Path]) -> None:
    window.open(reports["usual"], dark=dark)
    paper, words, labels, marks = window.ask(_CONTRAST)
    assert (paper < 0.1) is dark
    # Contrast that WCAG 2.2 asks for: 4.5 for text, 3 for graphics.
    assert words >= 4.5
    assert labels >= 4.5
    assert marks >= 3


def test_a_screen_reader_finds_everything_by_name(window: Browser, reports: dict[str, Path]) -> None:
    window.open(reports["usual"])
    told = window.spoken()
    pictures = {name: about for role, name, about in told if role == "image"}
    assert set(pictures) == {
        "Heaviest load by workout, in kg",
        "Repetitions by workout",
        "Reported faults by repetition and phase",
        "Rest between sets by workout, in seconds (medians)",
    }
    assert all(pictures.values()), "each says in words what is to be seen in it"
    assert {"Leg press: training report", "Summary", "Tempo coached"} <= {
        name for role, name, _ in told if role == "heading"
    }
    assert all(name for role, name, _ in told if role in ("table", "region", "DisclosureTriangle"))
    assert not [role for role, *_ in told if role.startswith("Svg") and role != "SvgRoot"], "no loose parts of pictures"


def test_it_can_be_used_by_keyboard(window: Browser, reports: dict[str, Path]) -> None:
    window.open(reports["usual"])
    window.press("Tab", 9)
    assert window.ask("document.activeElement.textContent") == "To the summary"
    assert window.ask("document.activeElement.getBoundingClientRect().height") > 0
    reached = set()
    for _ in range(20):
        window.press("Tab", 9)
        reached.add(window.ask("document.activeElement.textContent"))
        if window.ask("document.activeElement.textContent").startswith("The numbers behind the plots"):
            break
    assert {"The 24 earlier workouts", "The numbers behind the plots, by workout"} <= reached
    assert window.ask("getComputedStyle(document.activeElement).outlineStyle") != "none"
    window.press("Enter", 13)
    window.wait_for("document.activeElement.parentElement.open")
    assert window.ask("document.activeElement.parentElement.querySelectorAll('tbody tr').length") == 30


def test_there_is_no_report_of_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    out = tmp_path / "report.html"
    assert cli.main(["report", "--out", str(out)]) == 0
    assert capsys.readouterr().out.startswith("Nothing was trained yet")
    journal.archive().add(HISTORIES["one"])
    assert cli.main(["report", "--out", str(out), "--exercise", "squat"]) == 0
    assert capsys.readouterr().out.startswith("No workout is like that")
    assert not out.exists()
    assert cli.main(["report", "--out", str(tmp_path)]) == 1
    assert "(it is a folder)" in capsys.readouterr().err


def test_open_names_the_file_to_the_users_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    journal.archive().add(HISTORIES["one"])
    opened: list[str] = []

    def shows(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", shows)
    out = tmp_path / "a report.html"
    assert cli.main(["report", "--open", "--out", str(out)]) == 0
    assert opened == [out.as_uri()]
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    assert cli.main(["report", "--open", "--out", str(out)]) == 1
    assert f"no browser was found: open {out} yourself" in capsys.readouterr().err
