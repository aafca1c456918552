"""The dashboard of docker/dashboards as a picture (SVG), drawn from what a Prometheus says to the dashboard's own queries.

`draw(board, ask)`: `ask(expression)` gives [(labels, [(seconds, value), ...]), ...], a series each. Nothing is read or written here.
"""
import math
import re
from xml.sax.saxutils import escape

COLUMN, ROW, GAP = 50, 30, 6  # pixels of the dashboard's grid, and between panels
COLORS = ("#3b78c2", "#2e7d4f", "#c0392b", "#b7791f", "#7d4fb0", "#1f8a8a", "#8795a1", "#b04f86")
MOST_NAMES = 6  # of a legend
# Names that Grafana gives: the choice of workers and job types, and times.
GIVEN = {"$instance": ".*", "$type": ".*", "$__rate_interval": "1m", "$__range": "1h"}

STYLE = """text { font: 12px system-ui, sans-serif; fill: #1d2329 } .back { fill: #f4f6f8 } .panel { fill: #fff; stroke: #d8dee4 }
.title { font-weight: 600 } .soft, .axis { fill: #5b6670; font-size: 11px } .figure { font-size: 26px; font-weight: 600 }
.grid { stroke: #d8dee4; stroke-width: 1 } path { fill: none; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) { text { fill: #e3e8ec } .back { fill: #0d1013 } .panel { fill: #14181c; stroke: #2f3840 }
.soft, .axis { fill: #9aa7b2 } .grid { stroke: #2f3840 } }"""


def expression_of(target):
    out = target["expr"]
    for name, value in GIVEN.items():
        out = out.replace(name, value)
    return out


def name_of(target, labels):
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: labels.get(found[1], ""), target["legendFormat"]) or "value"


def text_of(value, unit):
    """2.5 -> "2.5 s", "2.5 /s", "250 %", "2 B", "2.5"."""
    if math.isnan(value):
        return "none"
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    if unit == "ops":
        return f"{value:.3g} /s"
    if unit == "bytes":
        for size, letters in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
            if abs(value) >= size:
                return f"{value / size:.3g} {letters}"
        return f"{value:.0f} B"
    if unit == "s":
        for size, letters in ((86400, "d"), (3600, "h"), (600, "min")):
            if abs(value) >= size:
                return f"{value / (60 if letters == 'min' else size):.3g} {letters}"
        return f"{1000 * value:.3g} ms" if 0 < abs(value) < 1 else f"{value:.3g} s"
    return f"{value:.4g}"


def top_of(most):
    """The round number at or above `most`: 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(most))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most * 0.999)


def draw(board, ask):
    height = max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in board["panels"]) * ROW
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {24 * COLUMN} {height}" width="{24 * COLUMN}" height="{height}" role="img">',
             f"<title>{escape(board['title'])}</title>", f"<style>{STYLE}</style>", f'<rect class="back" width="{24 * COLUMN}" height="{height}"/>']
    for one in board["panels"]:
        parts += panel(one, ask)
    return "\n".join([*parts, "</svg>", ""])


def panel(one, ask):
    at = one["gridPos"]
    left, top = at["x"] * COLUMN + GAP / 2, at["y"] * ROW + GAP / 2
    width, height = at["w"] * COLUMN - GAP, at["h"] * ROW - GAP
    unit = one["fieldConfig"]["defaults"].get("unit", "short")
    series = [(name_of(target, labels), points) for target in one["targets"] for labels, points in ask(expression_of(target))]
    series = [(name, [point for point in points if math.isfinite(point[1])]) for name, points in series]
    series = [(name, points) for name, points in series if points]
    parts = [f'<g transform="translate({left:.0f} {top:.0f})">', f'<rect class="panel" width="{width:.0f}" height="{height:.0f}" rx="4"/>',
             f'<text class="title" x="10" y="18">{escape(one["title"])}</text>']
    if one["type"] == "stat":
        value = series[0][1][-1][1] if series else math.nan
        parts.append(f'<text class="figure" x="10" y="{height / 2 + 22:.0f}">{escape(text_of(value, unit))}</text>')
    else:
        parts += chart(series, unit, width, height)
    return [*parts, "</g>"]


def chart(series, unit, width, height):
    if not series:
        return [f'<text class="soft" x="10" y="{height / 2:.0f}">nothing in this time</text>']
    # The longest axis text is some 60 pixels wide.
    left, right, top, bottom = 66, width - 10, 30, height - 40
    times = [time for _, points in series for time, _ in points]
    begin, length = min(times), max(max(times) - min(times), 1)
    most = top_of(max(value for _, points in series for _, value in points))
    parts = []
    for part in (0, 0.5, 1):
        y = bottom - part * (bottom - top)
        parts.append(f'<path class="grid" d="M{left} {y:.1f}H{right:.0f}"/>')
        parts.append(f'<text class="axis" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(text_of(part * most, unit))}</text>')
    step = min((later[0] - sooner[0] for _, points in series for sooner, later in zip(points, points[1:])), default=1)
    for at, (_, points) in enumerate(series):
        path, last = "", None
        for time, value in points:
            x = left + (time - begin) / length * (right - left)
            y = bottom - max(value, 0) / most * (bottom - top)
            path += f"{'L' if last is not None and time - last < 2.5 * step else 'M'}{x:.1f} {y:.1f}"
            last = time
        parts.append(f'<path stroke="{COLORS[at % len(COLORS)]}" d="{path}"/>')
    names = [name for name, _ in series]
    shown = names[:MOST_NAMES] + ([f"and {len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else [])
    x = 10.0
    for at, name in enumerate(shown):
        if x + 7 * len(name) + 16 > width:
            break
        parts.append(f'<rect x="{x:.0f}" y="{height - 22:.0f}" width="9" height="9" fill="{COLORS[at % len(COLORS)]}"/>')
        parts.append(f'<text class="soft" x="{x + 13:.0f}" y="{height - 14:.0f}">{escape(name)}</text>')
        x += 7 * len(name) + 26
    return parts
