"""Pictures as PNG, drawn by resvg from SVG."""

from __future__ import annotations

from functools import cache

from coach.ports import PictureError

_FAMILIES = (
    "DejaVu Sans",
    "Arial",
    "Helvetica",
    "Liberation Sans",
    "Noto Sans",
    "Piboto",
    "Ubuntu",
    "FreeSans",
    "Lato",
)
"""Fonts for sans-serif: the first one that is installed is used. By default resvg uses Arial, and leaves words out if
Arial is not installed."""
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" font-family="sans-serif">{}</svg>'
_WORD = '<text x="2" y="15" font-size="14">coach</text>'


def png(svg: str) -> bytes:
    """The picture as PNG, at its own size; PictureError when the library or every font is missing."""
    try:
        import resvg_py  # noqa: PLC0415  only if needed
    except ImportError as error:
        raise PictureError("no resvg_py, which draws PNG: pip install resvg_py, or write an .svg") from error
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, sans_serif_family=_family()))


@cache
def _family() -> str:
    """The first installed font: a word drawn in it leaves marks."""
    import resvg_py  # noqa: PLC0415  only if needed

    blank = resvg_py.svg_to_bytes(svg_string=_PROBE.format(""))
    for family in _FAMILIES:
        if resvg_py.svg_to_bytes(svg_string=_PROBE.format(_WORD), sans_serif_family=family) != blank:
            return family
    raise PictureError(
        f"none of these fonts is installed ({', '.join(_FAMILIES)}): install one, such as fonts-dejavu-core, "
        "or write an .svg"
    )
