"""A trainee's progress as lines of at most 80 columns. Beside every plot stands the number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from roleplay.cli.text_plots import LABEL, WIDTH, cut, row, some, sparkline, wrapped
from roleplay.persona.names import SHORT_TITLE
from roleplay.practice.figure_words import score_words, trend_words
from roleplay.practice.next_step import Step
from roleplay.practice.progress import DimensionProgress, Part, Progress
from roleplay.practice.progress_words import (
    ABOUT_NOW,
    ABOUT_TESTS,
    aided_words,
    command_for,
    day_marks,
    days_words,
    dimension_trend,
    gap_moves,
    gap_words,
    harm_words,
    heard_words,
    missed_words,
    no_trend_at_all,
    now_words,
    part_words,
    persona_words,
    practised,
    taken_words,
)
from roleplay.practice.results import PersonaProgress
from roleplay.text import one_line

_MOST_WEEKS = 20
_SHORT = " (5 min)"
_MOST_TESTS, _MOST_PERSONAS, _MOST_MISSED = 6, 8, 5
"""What of a list is told; --json has all."""


def lines_of_progress(progress: Progress, step: Step) -> Iterator[str]:
    """All of `progress`, which has something in it, and the next `step`."""
    yield from wrapped(practised(progress))
    yield from lines_of_step(step)
    yield ""
    yield f"{'Days of practice':{LABEL}}{day_marks(progress)}"
    yield from wrapped(days_words(progress), " " * LABEL, " " * LABEL)
    yield ""
    yield from wrapped(ABOUT_NOW)
    alike = no_trend_at_all(progress)
    for each in progress.dimensions.values():
        yield from _dimension(each)
        if each.skill.now.value is not None and not alike:
            yield from wrapped(dimension_trend(each.trend), "    ", "    ")
    yield from wrapped(alike)
    yield from wrapped(aided_words(progress))
    yield ""
    yield from _calls(progress)
    if progress.taken:
        yield ""
        yield ABOUT_TESTS
        for test in progress.taken[-_MOST_TESTS:]:
            yield from wrapped(taken_words(test, progress), "  ", "    ")
    yield ""
    yield from _labelled("Self-rating", f"{gap_words(progress.self_rating)} {gap_moves(progress.self_rating)}")
    for label, heard in (("Opportunities, last 14 days", progress.lately), ("Before", progress.before)):
        yield from _labelled(label, f"{heard_words(heard)}. {harm_words(heard)}")
    yield from _missed(progress)


def lines_of_step(step: Step) -> Iterator[str]:
    """The next step, and the command that takes it."""
    yield from wrapped(f"Next: {step.sentence}")
    command = command_for(step)
    if command:
        yield f"      {one_line(command)}"


def _dimension(each: DimensionProgress) -> Iterator[str]:
    yield row(each.title, each.skill.now.value, now_words(each))
    for label, weeks in (
        ("in calls", {week.monday: week.calls for week in each.weeks if week.calls.n}),
        ("in drills and tests", {week.monday: week.drills for week in each.weeks if week.drills.n}),
    ):
        shown = _latest(weeks)
        if len(shown) > 1:
            first, *_, last = shown.values()
            plot = sparkline({monday: part.share or 0.0 for monday, part in shown.items()})
            yield f"    {label:{LABEL - 4}}{plot}  {part_words(first)} … {part_words(last)}"


def _latest(weeks: dict[str, Part]) -> dict[str, Part]:
    """Those of the last weeks, as many as are shown."""
    if not weeks:
        return {}
    since = date.fromisoformat(max(weeks)) - timedelta(weeks=_MOST_WEEKS - 1)
    return {monday: part for monday, part in weeks.items() if date.fromisoformat(monday) >= since}


def _calls(progress: Progress) -> Iterator[str]:
    scores = progress.scores
    if scores.now.value is not None:
        yield f"{'Score of calls, now':{LABEL}}{score_words(scores.now)}"
        if len(scores.weeks) > 1:
            shown = scores.weeks[-_MOST_WEEKS:]
            first, last = shown[0], shown[-1]
            plot = sparkline({week.monday: week.mean / 100 for week in shown})
            yield (
                f"    {'week by week':{LABEL - 4}}{plot}  {first.mean:.0f} (n {first.calls}) … "
                f"{last.mean:.0f} (n {last.calls})"
            )
        yield from wrapped(trend_words(scores.trend), "    ", "    ")
    if not progress.personas:
        yield "No call has ended yet."
        return
    yield f"By customer, the latest first{some(_MOST_PERSONAS, progress.personas)}"
    for each in progress.personas[:_MOST_PERSONAS]:
        yield f"  {_named(each):{LABEL - 2}}{persona_words(each, progress)}"
        if not each.trend.because:
            yield from wrapped(trend_words(each.trend), " " * LABEL, " " * LABEL)


def _named(each: PersonaProgress) -> str:
    """The title, cut so that a five-minute form can still be told from the whole call."""
    most = LABEL - 3
    if not each.short or len(each.title) <= most:
        return cut(each.title, most)
    return f"{cut(each.title.removesuffix(SHORT_TITLE), most - len(_SHORT))}{_SHORT}"


def _missed(progress: Progress) -> Iterator[str]:
    if not progress.missed:
        return
    yield ""
    yield f"Moments you keep missing{some(_MOST_MISSED, progress.missed)}"
    for each in progress.missed[:_MOST_MISSED]:
        yield from wrapped(f"{one_line(each.title)}: {missed_words(each, progress)}.", "  ", "    ")
        if each.line:
            yield cut(f"    “{one_line(each.line)}”", WIDTH)


def _labelled(label: str, words: str) -> Iterable[str]:
    return wrapped(words.strip(), f"{label:{LABEL}}", " " * LABEL)
