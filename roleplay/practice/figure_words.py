"""Figures in words, the same on every front end. What is too few to tell says so."""

from __future__ import annotations

from roleplay.agreement.bootstrap import Figure
from roleplay.practice.standing import Trend, enough

TOO_FEW = "too few to tell"


def many(number: int, one: str, more: str) -> str:
    """`number` with its noun and a comma at each thousand: `one` for 1, else `more`."""
    return f"{number:,} {one if number == 1 else more}"


def score_words(score: Figure, *, short: bool = False) -> str:
    """A mean session score with its interval and its n."""
    if score.value is None:
        return "not scored"
    of = "" if short else " of 100"
    interval = _interval(score, f"{score.low:.0f} to {score.high:.0f}" if score.low is not None else "")
    return f"{score.value:.0f}{of}{interval}, n {score.n:,}{_few(score)}"


def share(figure: Figure) -> str:
    """A share with its interval and its n."""
    if figure.value is None:
        return "never called for"
    interval = _interval(figure, f"{_whole(figure.low)} to {percent(figure.high)}" if figure.low is not None else "")
    return f"{percent(figure.value)}{interval}, n {figure.n:,}{_few(figure)}"


def trend_words(trend: Trend) -> str:
    """A trend as a sentence; that there is none says why."""
    if trend.because:
        return f"No trend yet: {trend.because}."
    slope = trend.slope
    return (
        f"{trend.says.capitalize()}: {_points(slope.value)} points a week ({_points(slope.low)} to "
        f"{_points(slope.high)}), n {slope.n:,}."
    )


def percent(part: float | None) -> str:
    """A share as a whole percentage, which is 0 or 100 only where it is exactly that."""
    return f"{_whole(part)} %"


def _whole(part: float | None) -> int:
    whole = round(100 * (part or 0.0))
    return min(99, max(1, whole)) if part and part < 1 else whole


def _points(points: float | None) -> str:
    """Points with their sign, in as many places as it takes to tell them from 0."""
    told = points or 0.0
    return f"{told:+.1f}" if abs(told) >= 0.05 else f"{told:+.2f}"


def _interval(figure: Figure, words: str) -> str:
    return f" ({words})" if words and enough(figure) else ""


def _few(figure: Figure) -> str:
    return "" if enough(figure) else f" ({TOO_FEW})"
