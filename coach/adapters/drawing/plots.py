"""Plots as SVG, drawn by pygal, for use in a page.

Law: a plot fetches nothing, runs no script and does not depend on the date. It has the page's colours (`var(--first)`
and so on), so that it follows the page's light and dark style.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum
from math import ceil
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

# pygal adds a hook to every later import, which looks for pygal's geographic maps. No map is drawn here, and Python
# 3.11 warns of the hook.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

WIDTH, HEIGHT = 720, 230
MAX_LETTERS_OF_LABELS = 90
"""Letters of all labels below the axis together, up to which every label is shown: more cannot be read."""
_COLOURS = ("var(--first)", "var(--second)", "var(--third)", "var(--fourth)", "var(--fifth)")
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="var(--ink)",
    foreground_strong="var(--ink)",
    foreground_subtle="var(--line)",
    guide_stroke_color="var(--line)",
    major_guide_stroke_color="var(--line)",
    guide_stroke_dasharray="1,0",
    major_guide_stroke_dasharray="1,0",
    font_family="inherit",
    label_font_size=12,
    major_label_font_size=12,
    legend_font_size=13,
    no_data_font_size=16,
    opacity="1",
    stroke_opacity="1",
    stroke_width="2",
    transition="0s",
    colors=_COLOURS,
)


class Kind(Enum):
    """How values are drawn."""

    LINES = "lines"
    BARS = "bars"
    STACKS = "stacks"
    """Bars of several series, stacked."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or the bars of one colour: a value for each label of the plot; None: no value."""

    name: str
    values: tuple[float | None, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn: one plot."""

    svg_id: str
    """Id in the SVG, unique among the plots of a page."""
    kind: Kind
    title: str
    """What the plot shows, for people and for screen readers."""
    description: str
    """The plot's values in words, for screen readers."""
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    from_zero: bool = True
    """Whether the axis of values begins at 0; else it begins near the lowest value."""


def draw(plot: Plot) -> Element:
    """The plot as an `svg` element without a namespace, `WIDTH` by `HEIGHT`; for a screen reader it is one picture."""
    chart = _chart(plot)
    chart.uuid = plot.svg_id
    chart.x_labels = list(plot.labels)
    if plot.kind is not Kind.LINES:
        chart.y_labels = _whole_steps(plot)
    letters = sum(len(label) + 1 for label in plot.labels)
    if letters > MAX_LETTERS_OF_LABELS:
        chart.x_labels_major_every = -(-letters // MAX_LETTERS_OF_LABELS)
        chart.show_minor_x_labels = False
    for series in plot.series:
        stroke = {"width": 2, "dasharray": "6, 4"} if series.dashed else {"width": 2}
        chart.add(series.name, list(series.values), stroke_style=stroke, allow_interruptions=True)
    root: Element = chart.render_tree()
    _strip(root)
    root.attrib |= {"role": "img", "aria-labelledby": f"{plot.svg_id}-title", "aria-describedby": f"{plot.svg_id}-told"}
    title = next(child for child in root if child.tag == "title")
    title.text = plot.title
    title.set("id", f"{plot.svg_id}-title")
    description = Element("desc", {"id": f"{plot.svg_id}-told"})
    description.text = plot.description
    root.insert(list(root).index(title) + 1, description)
    return root


def _chart(plot: Plot) -> pygal.graph.graph.Graph:
    kinds = {Kind.LINES: pygal.Line, Kind.BARS: pygal.Bar, Kind.STACKS: pygal.StackedBar}
    return kinds[plot.kind](
        style=_STYLE,
        width=WIDTH,
        height=HEIGHT,
        margin=6,
        spacing=8,
        js=(),
        show_legend=len(plot.series) > 1,
        legend_at_bottom=True,
        legend_at_bottom_columns=len(plot.series),
        legend_box_size=12,
        truncate_legend=-1,
        truncate_label=-1,
        dots_size=3 if len(plot.labels) <= 30 else 2,
        include_x_axis=plot.from_zero,
        value_formatter=lambda value: f"{round(value, 1):.10g}",
        min_scale=3,
        max_scale=6,
    )


def _whole_steps(plot: Plot) -> list[int]:
    """Labels for an axis of counts, in at most five steps of whole numbers."""
    places = zip(*(series.values for series in plot.series), strict=True)
    highest = max((sum(value or 0.0 for value in place) for place in places), default=0.0)
    step = max(1, ceil(highest / 5))
    return list(range(0, ceil(highest) + step, step))


def _strip(element: Element) -> None:
    """Remove comments, scripts and what only pygal's scripts need, such as a second copy of every value."""
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag in ("script", "desc"):
            element.remove(child)
        else:
            # pygal's ids are the same in every plot, and only its scripts need them.
            child.attrib.pop("id", None)
            _strip(child)
