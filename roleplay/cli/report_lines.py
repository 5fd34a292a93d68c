"""A cohort report as lines of at most 80 columns. Beside every plot stands the number, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from roleplay.cli.text_plots import LABEL, WIDTH, cut, row, some, sparkline, wrapped
from roleplay.practice.figure_words import many, percent, score_words, share, trend_words
from roleplay.practice.standing import Opportunities
from roleplay.review.cohort import Cohort, PersonaResult, Struggle, TraineeResult
from roleplay.review.report_words import (
    by_whom,
    gap_words,
    harm_words,
    needs_words,
    period,
    safety_words,
    unread_words,
    whose,
)
from roleplay.review.standing import Standing
from roleplay.scoring.rubric import default_rubric
from roleplay.text import one_line

_MOST_PERSONAS, _MOST_MOMENTS, _MOST_TRAINEES = 3, 3, 4
"""What of a list is told, so that it stays a screen and a half; --html has more, --json all."""
_MOST_WEEKS = 24


def lines_of_cohort(cohort: Cohort) -> Iterator[str]:
    """What matters most of `cohort`, which has a call at least, in a screen and a half."""
    everyone = cohort.all
    yield from wrapped(f"{whose(cohort)}: {many(everyone.calls, 'call', 'calls')}{period(cohort)}.")
    yield from wrapped(by_whom(everyone.counting))
    yield ""
    yield f"{'Score':{LABEL}}{score_words(everyone.score)}"
    yield from _over_time(everyone)
    yield "Share of what was called for, by dimension"
    for name, figure in everyone.dimensions.items():
        yield row(default_rubric().dimensions[name].title, figure.value, share(figure))
    yield from _what_became(everyone, cohort)
    if len(cohort.personas) > 1:
        yield ""
        yield from _personas(cohort.personas)
    if cohort.struggles:
        yield ""
        yield from _struggles(cohort.struggles)
    yield ""
    yield from _trainees(cohort.trainees)
    yield from wrapped(unread_words(cohort))


def _over_time(standing: Standing) -> Iterator[str]:
    weeks = standing.weeks
    if len(weeks) > 1:
        since = date.fromisoformat(weeks[-1].monday) - timedelta(weeks=_MOST_WEEKS - 1)
        weeks = tuple(week for week in weeks if date.fromisoformat(week.monday) >= since)
        first, last = weeks[0], weeks[-1]
        ends = f"{first.mean:.0f} (n {first.calls:,}) … {last.mean:.0f} (n {last.calls:,})"
        yield f"{'Week by week':{LABEL}}{sparkline({week.monday: week.mean / 100 for week in weeks})}  {ends}"
    yield from wrapped(trend_words(standing.trend), f"{'Trend':{LABEL}}", " " * LABEL)


def _what_became(standing: Standing, cohort: Cohort) -> Iterator[str]:
    opportunities = standing.opportunities
    if opportunities.offered:
        yield f"{'Opportunities':{LABEL}}{_stacked(opportunities)}, n {opportunities.offered:,}."
    for label, words in (
        ("Unspoken needs", needs_words(cohort.needs)),
        ("Harm", harm_words(standing)),
        ("Safety", safety_words(standing.safety)),
        ("Self-rating", gap_words(standing.self_rating)),
    ):
        yield from wrapped(words, f"{label:{LABEL}}", " " * LABEL)


def _personas(personas: Sequence[PersonaResult]) -> Iterator[str]:
    yield f"Score by persona, the lowest first{some(_MOST_PERSONAS, personas)}"
    ordered = sorted(personas, key=lambda each: -1 if each.standing.score.value is None else each.standing.score.value)
    for each in ordered[:_MOST_PERSONAS]:
        score = each.standing.score
        yield row(each.title, None if score.value is None else score.value / 100, score_words(score, short=True))


def _struggles(struggles: Sequence[Struggle]) -> Iterator[str]:
    yield f"Where people struggle most: missed, of the replies there{some(_MOST_MOMENTS, struggles)}"
    for each in struggles[:_MOST_MOMENTS]:
        who = many(each.trainees, "trainee", "trainees")
        yield cut(f"  {share(each.missed)}, {who}: {each.persona}, {each.moment}", WIDTH)
        if each.line:
            yield cut(f"    “{one_line(each.line)}”", WIDTH)


def _trainees(trainees: Sequence[TraineeResult]) -> Iterator[str]:
    if len(trainees) == 1:
        yield from wrapped(f"Why to look: {' '.join(trainees[0].attention) or 'nothing stands out.'}")
        return
    urgent = [each for each in trainees if each.attention]
    if not urgent:
        yield "Nobody stands out as needing attention."
        return
    yield f"Who needs attention first{some(_MOST_TRAINEES, urgent)}"
    for each in urgent[:_MOST_TRAINEES]:
        yield cut(f"  {cut(each.name, LABEL - 3):{LABEL - 2}}{each.attention[0]}", WIDTH)


def _stacked(opportunities: Opportunities) -> str:
    told = (("met", opportunities.met), ("partly", opportunities.partly), ("missed", opportunities.missed))
    return ", ".join(f"{percent(replies / opportunities.offered)} {what}" for what, replies in told)
