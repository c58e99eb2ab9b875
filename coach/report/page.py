"""One page of HTML: figures, plots and the tables behind them. The page fetches nothing and runs nothing.

Law: the page is built as a tree of elements, so that no text of a file or a pack can become markup. On paper it has two
sides of A4, however long the history is: the constants here bound what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from coach.adapters.drawing.plots import Plot, draw
from coach.report import plots
from coach.report.bins import date_text, start_time
from coach.report.figures import PHASE_NAMES, UNKNOWN_PHASE, Figures
from coach.report.summary import summary
from coach.training.log import LoggedWorkout
from coach.training.overview import (
    exercise_words,
    fault_counts,
    heaviest,
    intent_words,
    load_text,
    pain_counts,
    rest_planned,
    rest_taken,
    shortened,
)

MAX_PAIN_REPORTS, MAX_FAULTS, MAX_TEMPOS, MAX_WORKOUTS = 6, 6, 4, 6
"""Most rows on paper. On the screen all reports and all workouts can be opened."""
_STYLE = Path(__file__).with_name("page.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
Row = Sequence[str]


def page(figures: Figures, others: Iterable[tuple[str, int]], made_at: datetime) -> str:
    """Returns the page as text. `others`: exercises not on the page, with their number of workouts."""
    name = shortened(exercise_words(figures.exercise))
    title = f"{name[:1].upper()}{name[1:]}: training report"
    html = Element("html", {"lang": "en"})
    _head(html, title)
    body = SubElement(html, "body")
    _text(SubElement(body, "p", {"class": "skip"}), "a", "To the summary", href="#summary")
    header = SubElement(body, "header")
    _text(header, "h1", title)
    days = dict.fromkeys(date_text(start_time(one)) for one in (figures.oldest_first[0], figures.oldest_first[-1]))
    made = f"{' to '.join(days)}. Made on {date_text(made_at)} by the coach, from what the lifter said and did."
    _text(header, "p", made)
    main = SubElement(body, "main")
    front = SubElement(main, "div", {"class": "side"})
    _summary(front, figures, others)
    _pain(front, figures)
    _plot(_section(front, "load-and-sets", "Sets and load over time"), plots.load(figures), "No load was said.")
    _plot(front, plots.repetitions(figures), "")
    back = SubElement(main, "div", {"class": "side"})
    _faults(back, figures)
    _rest(back, figures)
    _tempo(back, figures)
    _workouts(back, figures)
    return "<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _head(html: Element, title: str) -> None:
    head = SubElement(html, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "meta", {"name": "color-scheme", "content": "light dark"})
    _text(head, "title", title)
    _text(head, "style", _STYLE.read_text("utf-8"))


def _summary(parent: Element, figures: Figures, others: Iterable[tuple[str, int]]) -> None:
    section = _section(parent, "summary", "Summary")
    points = SubElement(section, "ul")
    for sentence in summary(figures):
        _text(points, "li", sentence)
    rest = [f"{shortened(exercise_words(name))} ({count})" for name, count in others]
    if rest:
        more = f" and {len(rest) - 4} more" if len(rest) > 4 else ""
        others_text = f"Also trained, with the number of workouts: {', '.join(rest[:4])}{more}."
        _text(section, "p", f"{others_text} Each has a report of its own.", **{"class": "note"})


def _pain(parent: Element, figures: Figures) -> None:
    section = _section(parent, "pain", "Pain and dizziness")
    if not figures.pain_reports:
        _text(section, "p", "None was reported.")
        return
    heads = ("When", "Reported", "In", "Load")
    rows = [
        (
            f"{date_text(report.when)}, {report.when:%H:%M} (minute {report.minute})",
            shortened(report.what),
            f"set {report.set}, after repetition {report.rep}" if report.set else "no set",
            "-" if report.load is None else load_text(report.load.in_unit(figures.unit), figures.unit),
        )
        for report in figures.pain_reports
    ]
    _table(
        section,
        "The latest reports" if len(rows) > MAX_PAIN_REPORTS else "Every report",
        heads,
        rows[:MAX_PAIN_REPORTS],
    )
    if len(rows) > MAX_PAIN_REPORTS:
        _text(section, "p", f"{len(rows) - MAX_PAIN_REPORTS} earlier ones are not on paper.", **{"class": "note"})
        _table(_details(section, "The earlier reports"), "Earlier reports", heads, rows[MAX_PAIN_REPORTS:])


def _faults(parent: Element, figures: Figures) -> None:
    section = _section(parent, "faults", "Faults of form")
    _plot(section, plots.faults(figures), "No fault of form was reported.")
    if not figures.faults:
        return
    phases = [phase for phase in (*PHASE_NAMES.values(), UNKNOWN_PHASE) if phase in figures.faults_by_rep]
    rows = [
        (shortened(what), str(sum(counts.values())), *(str(counts[phase] or "-") for phase in phases))
        for what, counts in figures.faults.items()
    ]
    _table(section, "Kinds of faults, and in which phase", ("Fault", "Reported", *phases), rows[:MAX_FAULTS])
    if len(rows) > MAX_FAULTS:
        others = sum(sum(counts.values()) for counts in list(figures.faults.values())[MAX_FAULTS:])
        _text(section, "p", f"{len(rows) - MAX_FAULTS} other kinds: {others} in all.", **{"class": "note"})


def _rest(parent: Element, figures: Figures) -> None:
    section = _section(parent, "rest", "Rest taken against planned")
    _plot(section, plots.rest(figures), "No rest was measured.")


def _tempo(parent: Element, figures: Figures) -> None:
    section = _section(parent, "tempo", "Tempo coached")
    if not figures.tempos:
        _text(section, "p", "None was kept.")
        return
    dates = {id(done): start_time(workout) for workout in figures.oldest_first for done in workout.sets}
    rows = [
        (tempo, str(len(sets)), date_text(dates[id(sets[0])]), date_text(dates[id(sets[-1])]))
        for tempo, sets in figures.tempos.items()
    ]
    caption = "Seconds of lowering, pause, push, pause"
    _table(section, caption, ("Tempo", "Sets", "First", "Last"), rows[:MAX_TEMPOS])


def _workouts(parent: Element, figures: Figures) -> None:
    section = _section(parent, "workouts", "Workouts")
    heads = ("When", "Repetitions", "Load", "Rest", "Reported")
    newest_first = [_workout(one, figures.unit) for one in reversed(figures.oldest_first)]
    caption = "The latest workouts" if len(newest_first) > MAX_WORKOUTS else "Every workout"
    _table(section, caption, heads, newest_first[:MAX_WORKOUTS])
    if len(newest_first) > MAX_WORKOUTS:
        earlier = newest_first[MAX_WORKOUTS:]
        _table(_details(section, f"The {len(earlier)} earlier workouts"), "Earlier workouts", heads, earlier)
    table = _details(section, f"The numbers behind the plots, by {figures.bins.period}")
    _table(
        table,
        f"By {figures.bins.period}",
        _BIN_HEADS,
        [_bin(one.label, one.workouts, figures.unit) for one in figures.bins.bins],
    )


def _workout(workout: LoggedWorkout, unit: str) -> Row:
    load, taken, planned = heaviest(workout.sets, unit), rest_taken(workout.sets), rest_planned(workout.sets)
    counts = pain_counts(workout) + fault_counts(workout)
    reported = ", ".join(f"{intent_words(what)} {count}" for what, count in counts.items())
    return (
        date_text(start_time(workout)),
        shortened(" ".join(str(done.reps) for done in workout.sets)) or "-",
        "-" if load is None else load_text(load, unit),
        "-" if taken is None or planned is None else f"{taken:.0f} s of {planned:.0f} s",
        shortened(reported) or "-",
    )


_BIN_HEADS = (
    "When",
    "Workouts",
    "Sets",
    "Repetitions",
    "Heaviest load",
    "Rest taken",
    "Rest planned",
    "Faults",
    "Pain",
)


def _bin(label: str, workouts: Sequence[LoggedWorkout], unit: str) -> Row:
    sets = [done for workout in workouts for done in workout.sets]
    load, taken, planned = heaviest(sets, unit), rest_taken(sets), rest_planned(sets)
    return (
        label,
        str(len(workouts)),
        str(len(sets)),
        str(sum(done.reps for done in sets)),
        "-" if load is None else load_text(load, unit),
        "-" if taken is None else f"{taken:.0f} s",
        "-" if planned is None else f"{planned:.0f} s",
        str(sum(sum(fault_counts(workout).values()) for workout in workouts)),
        str(sum(sum(pain_counts(workout).values()) for workout in workouts)),
    )


# --- parts of a page


def _section(parent: Element, name: str, title: str) -> Element:
    section = SubElement(parent, "section", {"id": name, "aria-labelledby": f"{name}-head"})
    _text(section, "h2", title, id=f"{name}-head")
    return section


def _plot(parent: Element, plot: Plot | None, nothing: str) -> None:
    if plot is None:
        _text(parent, "p", nothing)
        return
    figure = SubElement(parent, "figure")
    _text(figure, "figcaption", plot.title)
    figure.append(draw(plot))


def _details(parent: Element, title: str) -> Element:
    """Returns an element that opens on the screen, by mouse or keyboard, and is not printed."""
    details = SubElement(parent, "details")
    _text(details, "summary", title)
    return details


def _table(parent: Element, caption: str, heads: Row, rows: Iterable[Row]) -> None:
    # Wide tables scroll by themselves, with the keyboard too.
    frame = SubElement(parent, "div", {"class": "table", "tabindex": "0", "role": "group", "aria-label": caption})
    table = SubElement(frame, "table")
    _text(table, "caption", caption)
    line = SubElement(SubElement(table, "thead"), "tr")
    for head in heads:
        _text(line, "th", head, scope="col")
    body = SubElement(table, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        _text(line, "th", row[0], scope="row")
        for cell in row[1:]:
            _text(line, "td", cell)


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    element.text = text
    return element
