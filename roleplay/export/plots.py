"""Plots as inline SVG: every one has a title and a description, and its numbers stand beside it as text.

Made for a width of 400, so that their letters can be read on a telephone too. Colours are those of `page.FRAME`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from roleplay.agreement.bootstrap import Figure
from roleplay.export.page import attribute, text
from roleplay.practice.figure_words import percent, share
from roleplay.practice.standing import ENOUGH, Opportunities, Week, enough

_WIDTH = 400
_LEFT, _RIGHT, _TOP, _HEIGHT = 28, 10, 10, 130
_ROW = 38
_MOST_LABELS = 8

STYLE = """
svg { display: block; width: 100%; height: auto; }
.plot { max-width: 36rem; }
.spark { width: 8rem; height: 2rem; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--ink); }
svg .quiet { fill: var(--quiet); }
svg .small { font-size: 10.5px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .line { fill: none; stroke: var(--accent); stroke-width: 2; }
svg .dot { fill: var(--accent); stroke: var(--accent); stroke-width: 2; }
svg .dot.few { fill: var(--ground); }
svg .bar { fill: var(--accent); }
svg .bar.few { fill: var(--quiet); }
svg .whisker { fill: none; stroke: var(--ink); stroke-width: 1.5; }
svg .halo { fill: none; stroke: var(--ground); stroke-width: 4.5; }
svg .met { fill: var(--good); } svg .partly { fill: var(--middling); } svg .missed { fill: var(--bad); }
svg .slot { fill: var(--panel); stroke: var(--line); }
"""
"""What a page with these plots needs besides its frame."""


class Bar(NamedTuple):
    """A share (0-1) with a label."""

    label: str
    figure: Figure


class Stack(NamedTuple):
    """What became of opportunities, with a label."""

    label: str
    opportunities: Opportunities


def line_of_weeks(weeks: Sequence[Week], ident: str) -> str:
    """Mean scores week by week; a hollow dot rests on fewer than `ENOUGH` calls. Empty for fewer than two weeks."""
    if len(weeks) < 2:
        return ""
    days = [date.fromisoformat(week.monday).toordinal() for week in weeks]
    across, high = _WIDTH - _LEFT - _RIGHT, _TOP + _HEIGHT
    xs = [_LEFT + across * (day - days[0]) / (days[-1] - days[0]) for day in days]
    ys = [high - _HEIGHT * week.mean / 100 for week in weeks]
    parts = []
    for level in (0, 25, 50, 75, 100):
        y = high - _HEIGHT * level / 100
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_letters(_LEFT - 4, y + 4, str(level), "small quiet", "end"))
    parts.append(f'<polyline class="line" points="{_points(xs, ys)}"/>')
    for x, y, week in zip(xs, ys, weeks, strict=True):
        few = " few" if week.calls < ENOUGH else ""
        parts.append(f'<circle class="dot{few}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>')
    free = -float(across)
    for x, week in zip(reversed(xs), reversed(weeks), strict=True):
        if abs(x - free) >= across / _MOST_LABELS:
            free = x
            anchor = "end" if x > _WIDTH - 30 else "start" if x < _LEFT + 15 else "middle"
            parts.append(_letters(x, high + 16, week.monday[5:], "small quiet", anchor))
            parts.append(_letters(x, high + 29, f"n {week.calls:,}", "small quiet", anchor))
    told = "; ".join(f"week of {week.monday}: {week.mean:.0f}, n {week.calls:,}" for week in weeks)
    return _svg(ident, "Mean score week by week, 0 to 100", told, "".join(parts), high + 36)


def bars(rows: Sequence[Bar], ident: str, title: str) -> str:
    """Shares with their intervals as whiskers; a grey one rests on fewer than `ENOUGH`."""
    parts = []
    for number, (label, figure) in enumerate(rows):
        top = number * _ROW
        parts.append(_letters(0, top + 13, label))
        parts.append(_letters(_WIDTH, top + 13, share(figure), "" if enough(figure) else "quiet", "end"))
        parts.append(f'<rect class="slot" x="0.5" y="{top + 19}" width="{_WIDTH - 1}" height="11"/>')
        if figure.value:
            few = "" if enough(figure) else " few"
            parts.append(f'<rect class="bar{few}" x="0.5" y="{top + 19}" width="{_at(figure.value):.1f}" height="11"/>')
        if enough(figure) and figure.low is not None and figure.high is not None:
            low, high, middle = 0.5 + _at(figure.low), 0.5 + _at(figure.high), top + 24.5
            drawn = f"M{low:.1f} {middle - 4}v8M{low:.1f} {middle}H{high:.1f}M{high:.1f} {middle - 4}v8"
            parts += [f'<path class="{kind}" d="{drawn}"/>' for kind in ("halo", "whisker")]
    told = "; ".join(f"{label}: {share(figure)}" for label, figure in rows)
    return _svg(ident, title, told, "".join(parts), len(rows) * _ROW)


def stacks(rows: Sequence[Stack], ident: str) -> str:
    """What became of opportunities, each row as met, partly met and missed from left to right."""
    rows = [row for row in rows if row.opportunities.offered]
    parts, told = [], []
    for number, (label, what) in enumerate(rows):
        top, offered = number * _ROW, what.offered
        shares = [("met", what.met / offered), ("partly", what.partly / offered), ("missed", what.missed / offered)]
        words = ", ".join(f"{percent(part)} {name}" for name, part in shares)
        parts.append(_letters(0, top + 13, _cut(label, 26)))
        parts.append(_letters(_WIDTH, top + 13, f"{words}, n {offered:,}", "small", "end"))
        parts.append(f'<rect class="slot" x="0.5" y="{top + 19}" width="{_WIDTH - 1}" height="11"/>')
        left = 0.5
        for name, part in shares:
            width = _at(part)
            if width > 0:
                drawn = max(0.5, width - 1)
                parts.append(f'<rect class="{name}" x="{left:.1f}" y="{top + 19}" width="{drawn:.1f}" height="11"/>')
            left += width
        told.append(f"{label}: {words} of {offered:,}")
    return _svg(
        ident, "What was there to be met: met, partly met, missed", "; ".join(told), "".join(parts), len(rows) * _ROW
    )


def spark(weeks: Sequence[Week], ident: str) -> str:
    """The line of weeks, small and without axes; empty for fewer than two weeks."""
    if len(weeks) < 2:
        return ""
    days = [date.fromisoformat(week.monday).toordinal() for week in weeks]
    xs = [3 + 122 * (day - days[0]) / (days[-1] - days[0]) for day in days]
    ys = [29 - 26 * week.mean / 100 for week in weeks]
    last = f'<circle class="dot" cx="{xs[-1]:.1f}" cy="{ys[-1]:.1f}" r="2"/>'
    drawn = f'<polyline class="line" points="{_points(xs, ys)}"/>{last}'
    told = "; ".join(f"{week.monday}: {week.mean:.0f}, n {week.calls:,}" for week in weeks)
    return _svg(ident, "Mean score week by week, 0 to 100", told, drawn, 32, 128, "spark")


def _svg(ident: str, title: str, told: str, drawn: str, height: int, width: int = _WIDTH, kind: str = "plot") -> str:
    labelled = attribute(f"{ident}-title {ident}-desc")
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-labelledby={labelled}>'
        f"<title id={attribute(f'{ident}-title')}>{text(title)}</title>"
        f"<desc id={attribute(f'{ident}-desc')}>{text(told)}</desc>{drawn}</svg>"
    )


def _letters(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class={attribute(kind)} text-anchor="{anchor}">{text(words)}</text>'


def _points(xs: Iterable[float], ys: Iterable[float]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))


def _at(part: float) -> float:
    """How far a share reaches."""
    return (_WIDTH - 1) * min(1.0, max(0.0, part))


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
