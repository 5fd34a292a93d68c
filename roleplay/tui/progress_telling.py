"""What the progress screen tells, part by part, as text; every plot has its numbers here."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from roleplay.practice.figure_words import score_words, trend_words
from roleplay.practice.missed import Missed
from roleplay.practice.next_step import Step
from roleplay.practice.progress import DimensionProgress, Heard, Part, Progress
from roleplay.practice.progress_words import (
    aided_words,
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
from roleplay.tui.hanging import Hanging, Item, paragraphs
from roleplay.tui.literal import literal_line
from roleplay.tui.signs import SIGNS, STYLES, bar
from roleplay.tui.widgets.weeks_plot import Curve

_BAR = 16
_MUTED = "$text-muted"


def next_step(step: Step) -> Content:
    """The next step."""
    return Content.styled("Next: ", "bold $text-accent") + literal_line(step.sentence, "bold")


def now(progress: Progress) -> Hanging:
    """What was practised, and on which days."""
    marks = Content("")
    for mark in day_marks(progress):
        marks += Content.styled(mark, "$primary" if mark == "●" else _MUTED)
    return paragraphs(
        literal_line(practised(progress)),
        Hanging(
            [Item(marks, Content("Last four weeks")), Item(literal_line(days_words(progress), _MUTED), Content(" "))]
        ),
    )


def dimension(each: DimensionProgress, *, trend: bool) -> Hanging:
    """A dimension now, and with `trend` whether it rises or falls."""
    share = each.skill.now
    scale = bar(share.value or 0.0, "$primary", _BAR) + Content.styled(f"  {now_words(each)}", "bold")
    items = [Item(literal_line(each.title, "bold")), Item(scale)]
    if trend and share.value is not None:
        items.append(Item(Content.styled(dimension_trend(each.trend), _trend_style(each.trend.says))))
    for name, parts in (("In calls", _parts(each, "calls")), ("In drills and tests", _parts(each, "drills"))):
        if len(parts) > 1:
            items.append(Item(Content.styled(f"{name}: {part_words(parts[0])} … {part_words(parts[-1])}", _MUTED)))
    return Hanging(items)


def curves(each: DimensionProgress) -> list[Curve]:
    """A dimension week by week."""
    return [
        Curve("calls", {week.monday: 100 * week.calls.share for week in each.weeks if week.calls.share is not None}),
        Curve("drills", {week.monday: 100 * week.drills.share for week in each.weeks if week.drills.share is not None}),
    ]


def of_all(progress: Progress) -> Hanging:
    """What is to be said of all dimensions together: that none has a trend yet, and what was left out."""
    told = (no_trend_at_all(progress), aided_words(progress))
    return Hanging(Item(Content.styled(words, _MUTED)) for words in told if words)


def tests(progress: Progress) -> Hanging:
    """Each test by itself."""
    return Hanging(Item(literal_line(f"{taken_words(each, progress)}.")) for each in progress.taken)


def score(progress: Progress) -> Hanging:
    """The scores of calls together."""
    scores = progress.scores
    if scores.now.value is None:
        return Hanging([Item(Content.styled("No call was scored yet.", _MUTED))])
    return Hanging(
        [
            Item(
                bar(scores.now.value / 100, "$primary", _BAR) + Content.styled(f"  {score_words(scores.now)}", "bold")
            ),
            Item(Content.styled(trend_words(scores.trend), _trend_style(scores.trend.says))),
        ]
    )


def score_curve(progress: Progress) -> list[Curve]:
    """The mean score of calls, week by week."""
    return [Curve("score", {week.monday: week.mean for week in progress.scores.weeks})]


def personas(progress: Progress) -> Hanging:
    """The calls with each customer."""
    return Hanging(_personas(progress))


def _personas(progress: Progress) -> Iterator[Item]:
    for each in progress.personas:
        yield Item(literal_line(each.title, "bold"))
        yield Item(literal_line(persona_words(each, progress)), Content(" "))
        if not each.trend.because:
            yield Item(Content.styled(trend_words(each.trend), _trend_style(each.trend.says)), Content(" "))


def self_rating(progress: Progress) -> Hanging:
    """The trainee's own ratings beside what was heard."""
    moves = gap_moves(progress.self_rating)
    told = [Item(literal_line(gap_words(progress.self_rating)))]
    return Hanging([*told, Item(literal_line(moves, _MUTED))] if moves else told)


def opportunities(progress: Progress) -> Hanging:
    """What was met, partly met and missed, now and before; and harm, plainly."""
    items = []
    for when, heard in (("Last 14 days", progress.lately), ("Before", progress.before)):
        items.append(Item(_stacked(heard), Content.styled(when, "bold")))
        items.append(Item(literal_line(heard_words(heard)), Content(" ")))
        harm = harm_words(heard)
        if harm:
            items.append(Item(Content.styled(f"✗ {harm}", "bold $text-error"), Content(" ")))
    return Hanging(items)


def missed(each: Missed, progress: Progress) -> tuple[Content, Hanging]:
    """A moment that is missed again and again: the line it is told in, and what stands below it."""
    heading = Content.styled(f"{SIGNS['missed']} {each.times}×  ", STYLES["missed"]) + literal_line(each.title, "bold")
    line = literal_line(f"“{each.line}”") if each.line else Content("")
    told = literal_line(f"{missed_words(each, progress)}.", _MUTED)
    below = [Item(line, Content("  ")), Item(told, Content("  "))] if each.line else [Item(told, Content("  "))]
    return heading, Hanging(below)


def _parts(each: DimensionProgress, which: str) -> list[Part]:
    return [part for week in each.weeks if (part := getattr(week, which)).n]


def _stacked(heard: Heard) -> Content:
    """A bar of three shares, each with a shape of its own."""
    of, told = heard.opportunities, Content("")
    if not of.offered:
        return told
    for replies, char, sign in ((of.met, "━", "met"), (of.partly, "┅", "partly"), (of.missed, "╌", "missed")):
        told += Content.styled(char * round(2 * _BAR * replies / of.offered), STYLES[sign])
    return told


def _trend_style(says: str) -> str:
    return {"rising": "$text-success", "falling": "$text-warning"}.get(says, _MUTED)
