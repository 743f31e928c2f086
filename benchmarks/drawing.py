"""Figures as bars on a logarithmic scale, as SVG that is legible on light and dark pages alike."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from benchmarks.report import number
from benchmarks.results import Figure, Row

WIDTH, LABELS, VALUES, BAR, GAP = 860, 300, 120, 16, 6  # units of the drawing
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px }
.axis { font-size: 11px; fill: #59636e }
.line { stroke: #d1d9e0; stroke-width: 1 }
.ours { fill: #0969da }
.reference { fill: #9198a1 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .axis { fill: #9198a1 }
  .line { stroke: #3d444d }
  .ours { fill: #4493f8 }
  .reference { fill: #656c76 }
}
"""


def drawn(rows: Sequence[Row]) -> str:
    """One chart for each row and unit."""
    parts, top = list[str](), 0
    for row in rows:
        for unit, figures in groupby(sorted(row.figures, key=lambda one: one.unit), key=lambda one: one.unit):
            shown = [one for one in figures if one.value > 0]
            if len(shown) > 1:
                chart = list(_chart(f"{row.number}. {row.title}", unit, shown))
                height = 58 + len(shown) * (BAR + GAP)
                parts += [f'<g transform="translate(0 {top})">', *chart, "</g>"]
                top += height
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {max(top, 20)}" width="{WIDTH}" '
            f'height="{max(top, 20)}" role="img" aria-label="What was measured, beside its references">')  # fmt: skip
    return "\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>"]) + "\n"


def _chart(title: str, unit: str, figures: Sequence[Figure]) -> Iterator[str]:
    low = math.floor(math.log10(min(one.value for one in figures)))
    high = math.ceil(math.log10(max(one.value for one in figures)))
    low -= low == math.log10(min(one.value for one in figures))  # a bar of some length for the least, too
    room = WIDTH - LABELS - VALUES
    place = lambda value: LABELS + room * (math.log10(value) - low) / max(high - low, 1)  # noqa: E731
    bottom = 34 + len(figures) * (BAR + GAP)
    yield f'<text class="title" x="0" y="16">{escape(title)} ({escape(unit)}, logarithmic)</text>'
    for power in range(low, high + 1):
        x = place(10.0**power)
        yield f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="26" y2="{bottom}"/>'
        yield f'<text class="axis" x="{x:.1f}" y="{bottom + 12}" text-anchor="middle">{10.0**power:,.10g}</text>'
    for line, one in enumerate(figures):
        y = 30 + line * (BAR + GAP)
        kind = "reference" if one.reference else "ours"
        yield f'<text x="{LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(one.name)}</text>'
        yield (f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{max(place(one.value) - LABELS, 1):.1f}" '
               f'height="{BAR}" rx="2"/>')  # fmt: skip
        yield f'<text x="{place(one.value) + 6:.1f}" y="{y + 13}">{number(one.value)}</text>'
