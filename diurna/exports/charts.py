"""Charts as files, drawn by Altair: PNG and SVG without a browser, HTML that holds its own script and asks no network."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa

from diurna.errors import StopRun
from diurna.exports.answers import replacing
from diurna.ledger.questions import QUADS

SUFFIXES = ("png", "svg", "html")
# Days are written without a clock, which scripts read as UTC: they are drawn in UTC too, or a month would begin the day before.
_UNITS: dict[str, tuple[Any, str]] = {
    "day": ("utcyearmonthdate", "%Y-%m-%d"),
    "week": ("utcyearmonthdate", "%Y-%m-%d"),
    "month": ("utcyearmonth", "%b %Y"),
    "quarter": ("utcyearquarter", "%b %Y"),
    "year": ("utcyear", "%Y"),
}
# Told apart by people who see no red or green (Okabe and Ito).
_COLOURS = ("#009E73", "#0072B2", "#E69F00", "#D55E00")


def plot_dyad(table: pa.Table, title: str, path: Path, by: str = "month") -> None:
    """Draw the answer of `Ledger.dyad`: stacked bars of the quad classes, and the mean score below.

    Raises:
        StopRun: another ending than .png, .svg or .html, the library is missing, or the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in SUFFIXES:
        raise StopRun(f"--plot {path}: no such kind of picture; the name must end in .png, .svg or .html")
    _save(_chart(table, title, by), kind, path)


def svg(table: pa.Table, title: str, by: str = "month") -> str:
    """Return the drawing of `plot_dyad` as SVG, to stand in a page.

    Raises:
        StopRun: the library is missing.
    """
    text = StringIO()
    _chart(table, title, by).save(text, format="svg")
    return text.getvalue()


def _chart(table: pa.Table, title: str, by: str) -> Any:
    try:
        import altair as alt
        import vl_convert  # noqa: F401
    except ModuleNotFoundError as error:
        raise StopRun("pictures need further libraries: pip install 'diurna[plots]'") from error
    # Angle brackets would end the script of the page.
    name = title.replace("<", "‹").replace(">", "›")
    rows = [
        {"period": row["period"].isoformat(), "class": quad.replace("_", " "), "events": row[quad], "score": row["mean_score"]}
        for row in table.to_pylist()
        for quad in QUADS
    ]
    classes = [quad.replace("_", " ") for quad in QUADS]
    unit, form = _UNITS[by]
    base = (
        alt.Chart(alt.InlineData(values=rows))
        .encode(x=alt.X("period:T", timeUnit=unit, title=None, axis=alt.Axis(format=form, labelOverlap=True)))
        .properties(width=720)
    )
    scale, legend = alt.Scale(domain=classes, range=list(_COLOURS)), alt.Legend(orient="top", labelLimit=0)
    colour = alt.Color("class:N", title=None, scale=scale, sort=classes, legend=legend)
    bars = (
        base.mark_bar()
        .encode(y=alt.Y("sum(events):Q", title="events", axis=alt.Axis(tickMinStep=1, format="d")), color=colour)
        .properties(height=260, title=name)
    )
    score = base.mark_line(point=True, color="#333333").encode(y=alt.Y("mean(score):Q", title="mean score"))
    return alt.vconcat(bars, score.properties(height=120)).resolve_scale(x="shared")


def _save(chart: Any, kind: str, path: Path) -> None:
    text, picture = StringIO(), BytesIO()
    if kind == "png":
        chart.save(picture, format="png", scale_factor=2)
    else:
        chart.save(text, format=kind, **({"inline": True} if kind == "html" else {}))
    with replacing(path) as stream:
        stream.write(picture.getvalue() or text.getvalue().encode())
