"""Drawings by Vega, which vl-convert runs inside this process: no browser, no script, nothing asked of the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]
KINDS = ("png", "svg", "html")
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name; it is not fetched
# Vega completes addresses that begin with a slash by its own site; this host is nobody's, and is taken off again.
_HERE = "https://here.invalid"
# A scale of time of more than so many days is marked by years, or months.
_YEARS, _MONTHS, _TICKS = 700, 90, 9
_DAYS = {"year": 365.25, "month": 30.4, "day": 1}
_NICE = {"year": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000), "month": (1, 2, 3, 4, 6), "day": (1, 2, 5, 10)}
_FORMS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
# What a mark stands for, which Vega's SVG says to screen readers only; as a title it is shown under the pointer, too.
_DESCRIBED = re.compile(r'<path aria-label="([^"]*)" ([^>]*)/>')
_CHARSET = '<meta charset="UTF-8">'
_NARROW = '<meta name="viewport" content="width=device-width"><style>svg.marks { max-width: 100%; height: auto; }</style>'
# Groups are called objects and have no names: a page names the whole drawing.
_ROLES = re.compile(r' role="graphics-[a-z]+" aria-roledescription="[^"]*"')


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a drawing: of the quad classes in their order, of words, lines, land and ground."""

    quads: tuple[str, str, str, str]
    ink: str
    soft: str
    rule: str
    land: str
    ground: str
    font: str


# On paper and in mail: told apart by people who see no red or green (Okabe and Ito).
PAPER = Palette(("#009E73", "#0072B2", "#E69F00", "#D55E00"), "#222222", "#555555", "#dddddd", "#eeeeee", "white", "sans-serif")
# In a page to mail, by its own style sheet.
MAIL = Palette(
    ("var(--q1)", "var(--q2)", "var(--q3)", "var(--q4)"),
    "var(--ink)",
    "var(--soft)",
    "var(--line)",
    "var(--shade)",
    "var(--paper)",
    "sans-serif",
)
# On the site: what its style sheet says, by light and dark.
SITE = Palette(
    ("var(--q1)", "var(--q2)", "var(--q3)", "var(--q4)"),
    "var(--ink)",
    "var(--soft)",
    "var(--rule)",
    "var(--land)",
    "var(--paper)",
    "serif",
)


def spec(palette: Palette, **parts: Any) -> Spec:
    """Return a specification with the house's axes and lines; the rest is given by name, as Vega-Lite calls it."""
    axis = {
        "domainColor": palette.soft,
        "gridColor": palette.rule,
        "labelColor": palette.soft,
        "labelFont": palette.font,
        "labelFontSize": 12,
        "tickColor": palette.rule,
        "titleColor": palette.soft,
        "titleFont": palette.font,
        "titleFontWeight": "normal",
    }
    words = {"labelColor": palette.ink, "labelFont": palette.font, "labelLimit": 0}
    config = {
        "aria": False,
        "axis": axis,
        "legend": words,
        "title": {"color": palette.ink, "font": palette.font, "anchor": "start"},
        "view": {"stroke": None},
    }
    return {"$schema": _SCHEMA, "background": "transparent", "config": config, **parts}


def ticks(days: int, finest: str = "day") -> Spec:
    """Return the axis of a scale of time: some nine ticks on years, months or days, none of them said twice.

    Args:
        days: how long it is. finest: what a tick may tell apart at most.
    """
    unit = "year" if days > _YEARS or finest == "year" else "month" if days > _MONTHS or finest == "month" else "day"
    step = next((nice for nice in _NICE[unit] if nice * _DAYS[unit] * _TICKS >= days), _NICE[unit][-1])
    count = {"interval": unit, "step": step}
    return {"format": _FORMS[unit], "tickCount": count, "labelOverlap": True}


def here(address: str) -> str:
    """Return an address of this site as a specification has to name it."""
    return _HERE + address


def svg(chart: Spec) -> str:
    """Return a drawing as SVG; names in it are escaped, and links lead to this site.

    Links in a drawing are left out of the order of the Tab key, since there may be hundreds: a table says the same.
    """
    import vl_convert

    drawn = str(vl_convert.vegalite_to_svg(chart)).replace(f'<a xlink:href="{_HERE}', '<a tabindex="-1" href="')
    return _DESCRIBED.sub(r"<path \2><title>\1</title></path>", _ROLES.sub("", drawn))


def picture(chart: Spec, kind: str) -> bytes:
    """Return a drawing as a file of one of `KINDS`; HTML holds the script that lets one look closer."""
    import vl_convert

    solid = {**chart, "background": "white"}
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(solid, scale=2))
    return (svg(solid) if kind == "svg" else _page(solid)).encode()


def _page(chart: Spec) -> str:
    """Return a page of a drawing that fits a narrow window."""
    import vl_convert

    page = str(vl_convert.vegalite_to_html(chart, bundle=True, renderer="svg"))
    return page.replace(_CHARSET, _CHARSET + _NARROW, 1)


def warm() -> None:
    """Start Vega, which takes a second, before the first page needs it."""
    svg(spec(PAPER, data={"values": []}, mark="point"))
