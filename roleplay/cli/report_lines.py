"""A cohort report as lines of at most 80 columns. Beside every plot stands the number, for those who cannot see it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from roleplay.review.cohort import Cohort, PersonaResult, Struggle, TraineeResult
from roleplay.review.report_words import (
    by_whom,
    gap_words,
    harm_words,
    many,
    needs_words,
    percent,
    period,
    safety_words,
    score_words,
    share,
    trend_words,
    unread_words,
    whose,
)
from roleplay.review.standing import Opportunities, Standing, Week
from roleplay.scoring.rubric import default_rubric
from roleplay.text import one_line, sanitise

WIDTH = 80
_BAR = 16
_LABEL = 28
_MOST_PERSONAS, _MOST_MOMENTS, _MOST_TRAINEES = 3, 3, 4
"""What of a list is told, so that it stays a screen and a half; --html has more, --json all."""
_MOST_WEEKS = 24
_EIGHTHS = "▁▂▃▄▅▆▇█"


def lines_of_cohort(cohort: Cohort) -> Iterator[str]:
    """What matters most of `cohort`, which has a call at least, in a screen and a half."""
    everyone = cohort.all
    yield from _wrapped(f"{whose(cohort)}: {many(everyone.calls, 'call', 'calls')}{period(cohort)}.")
    yield from _wrapped(by_whom(everyone.counting))
    yield ""
    yield f"{'Score':{_LABEL}}{score_words(everyone.score)}"
    yield from _over_time(everyone)
    yield "Share of what was called for, by dimension"
    for name, figure in everyone.dimensions.items():
        yield _row(default_rubric().dimensions[name].title, figure.value, share(figure))
    yield from _what_became(everyone, cohort)
    if len(cohort.personas) > 1:
        yield ""
        yield from _personas(cohort.personas)
    if cohort.struggles:
        yield ""
        yield from _struggles(cohort.struggles)
    yield ""
    yield from _trainees(cohort.trainees)
    yield from _wrapped(unread_words(cohort))


def _over_time(standing: Standing) -> Iterator[str]:
    weeks = standing.weeks
    if len(weeks) > 1:
        since = date.fromisoformat(weeks[-1].monday) - timedelta(weeks=_MOST_WEEKS - 1)
        weeks = tuple(week for week in weeks if date.fromisoformat(week.monday) >= since)
        first, last = weeks[0], weeks[-1]
        ends = f"{first.mean:.0f} (n {first.calls:,}) … {last.mean:.0f} (n {last.calls:,})"
        yield f"{'Week by week':{_LABEL}}{_sparkline(weeks)}  {ends}"
    yield from _wrapped(trend_words(standing.trend), f"{'Trend':{_LABEL}}", " " * _LABEL)


def _what_became(standing: Standing, cohort: Cohort) -> Iterator[str]:
    opportunities = standing.opportunities
    if opportunities.offered:
        yield f"{'Opportunities':{_LABEL}}{_stacked(opportunities)}, n {opportunities.offered:,}."
    for label, words in (
        ("Unspoken needs", needs_words(cohort.needs)),
        ("Harm", harm_words(standing)),
        ("Safety", safety_words(standing.safety)),
        ("Self-rating", gap_words(standing.self_rating)),
    ):
        yield from _wrapped(words, f"{label:{_LABEL}}", " " * _LABEL)


def _personas(personas: Sequence[PersonaResult]) -> Iterator[str]:
    yield f"Score by persona, the lowest first{_some(_MOST_PERSONAS, personas)}"
    ordered = sorted(personas, key=lambda each: -1 if each.standing.score.value is None else each.standing.score.value)
    for each in ordered[:_MOST_PERSONAS]:
        score = each.standing.score
        yield _row(each.title, None if score.value is None else score.value / 100, score_words(score, short=True))


def _struggles(struggles: Sequence[Struggle]) -> Iterator[str]:
    yield f"Where people struggle most: missed, of the replies there{_some(_MOST_MOMENTS, struggles)}"
    for each in struggles[:_MOST_MOMENTS]:
        who = many(each.trainees, "trainee", "trainees")
        yield _cut(f"  {share(each.missed)}, {who}: {each.persona}, {each.moment}", WIDTH)
        if each.line:
            yield _cut(f"    “{one_line(each.line)}”", WIDTH)


def _trainees(trainees: Sequence[TraineeResult]) -> Iterator[str]:
    if len(trainees) == 1:
        yield from _wrapped(f"Why to look: {' '.join(trainees[0].attention) or 'nothing stands out.'}")
        return
    urgent = [each for each in trainees if each.attention]
    if not urgent:
        yield "Nobody stands out as needing attention."
        return
    yield f"Who needs attention first{_some(_MOST_TRAINEES, urgent)}"
    for each in urgent[:_MOST_TRAINEES]:
        yield _cut(f"  {_cut(each.name, _LABEL - 3):{_LABEL - 2}}{each.attention[0]}", WIDTH)


def _some(shown: int, of_them: Sequence[object]) -> str:
    """That only the first of them are shown, for a heading."""
    return f" ({shown} of {len(of_them)})" if len(of_them) > shown else ""


def _row(label: str, part: float | None, words: str) -> str:
    return f"  {_cut(label, _LABEL - 3):{_LABEL - 2}}{_bar(part or 0.0)}  {words}"


def _bar(part: float) -> str:
    full = round(part * _BAR)
    return "█" * full + "░" * (_BAR - full)


def _stacked(opportunities: Opportunities) -> str:
    told = (("met", opportunities.met), ("partly", opportunities.partly), ("missed", opportunities.missed))
    return ", ".join(f"{percent(replies / opportunities.offered)} {what}" for what, replies in told)


def _sparkline(weeks: Sequence[Week]) -> str:
    """A block a week, as high as its mean; a gap for a week without calls."""
    means = {date.fromisoformat(week.monday): week.mean for week in weeks}
    first = min(means)
    every = (first + timedelta(days=days) for days in range(0, (max(means) - first).days + 1, 7))
    return "".join(_EIGHTHS[min(7, max(0, int(means[day] / 12.5)))] if day in means else " " for day in every)


def _wrapped(words: str, first: str = "", then: str = "") -> Iterable[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def _cut(words: str, width: int) -> str:
    clean = sanitise(words).replace("\n", " ")
    return clean if len(clean) <= width else clean[: width - 1].rstrip() + "…"
