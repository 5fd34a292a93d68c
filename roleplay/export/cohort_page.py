"""A cohort report as one HTML page that needs nothing else: to be opened, sent, printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from roleplay.export.page import page, text
from roleplay.export.plots import STYLE as PLOTS
from roleplay.export.plots import Bar, Stack, bars, line_of_weeks, spark, stacks
from roleplay.practice.figure_words import many, percent, score_words, share, trend_words
from roleplay.practice.standing import ENOUGH, enough
from roleplay.review.cohort import LATEST, Cohort, Struggle, TraineeResult
from roleplay.review.report_words import (
    NO_CALL,
    by_whom,
    gap_words,
    harm_words,
    needs_words,
    period,
    safety_words,
    unread_words,
    whose,
)
from roleplay.review.standing import Counting, Standing
from roleplay.scoring.rubric import default_rubric

_MARK = '<main id="cohort-report">'
_LOOK_IN = 64 * 1024
_MOST_STRUGGLES = 15
_MOST_SECTIONS = 40
"""Trainees with a section of their own; the table has all."""

_STYLE = (
    PLOTS
    + """
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0.75rem; margin: 1rem 0; }
.tiles div { background: var(--panel); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.6rem 0.8rem; }
.tiles dt { color: var(--quiet); font-size: 0.85rem; }
.tiles dd { margin: 0.15rem 0 0; }
.whole { white-space: nowrap; }
.few { color: var(--quiet); font-style: italic; }
td { overflow-wrap: break-word; }
thead th { white-space: nowrap; }
th .quiet, th .said { font-weight: normal; }
.said { color: var(--quiet); }
.urgent { border-left: 0.25rem solid var(--bad); padding-left: 0.6rem; }
section.trainee { border-top: 1px solid var(--line); margin-top: 1.5rem; }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, th, td { display: block; }
  tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  th, td { border: 0; padding: 0.1rem 0; overflow-wrap: anywhere; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
}
@media print {
  section.keep, section.trainee { break-inside: avoid; }
  section.trainee { margin-top: 0.8rem; padding-top: 0.4rem; }
  .tiles { grid-template-columns: repeat(3, 1fr); gap: 0.3rem; margin: 0.4rem 0; }
  .tiles div { padding: 0.3rem 0.5rem; }
  .plot { max-width: 24rem; }
}
"""
)


_HOW_TO_READ = """\
Only calls that have ended count, and of each turn the first reply: as a coach overruled it, else by a judge's \
verified verdict, else by the offline scorer, which is a program and errs.
n is the number of calls or replies a figure rests on. What rests on fewer than {enough} is too few to tell.
An interval, given in brackets, holds the true value in 95 of 100 such reports. It takes into account that replies \
in one call, and calls of one trainee, are alike.
A trend takes {enough} calls over a week or more, and an interval of its slope without 0.
Who needs attention first goes by the last {latest} calls: safety passed over, harm done, a low score; then by \
falling scores, and by rating one's own calls far above their scores.
"""


def cohort_page(cohort: Cohort) -> str:
    """The whole page."""
    everyone = cohort.all
    title = f"{whose(cohort)}: {many(everyone.calls, 'call', 'calls')}{period(cohort)}"
    parts = [f"{_MARK}<h1>{text(whose(cohort))}</h1>"]
    if everyone.calls:
        parts.append(f"<p>{many(everyone.calls, 'call', 'calls')}{text(period(cohort))}. {_judged(everyone)}</p>")
        parts.append(_tiles(everyone, needs_words(cohort.needs)))
        parts.append(_over_time(everyone))
        parts.append(
            '<section class="keep"><h2>By dimension</h2><p class="quiet">The share of what the moments called for.</p>'
            f"{_dimensions(everyone, 'all')}</section>"
        )
        parts.append(_opportunities(cohort))
        parts += [_personas(cohort), _needs(cohort), _struggles(cohort.struggles), _trainees(cohort.trainees)]
        parts.append(_how_to_read(cohort))
    else:
        parts.append(f"<p>{NO_CALL}</p>")
    return page(title, "".join(parts) + "</main>", _STYLE)


def is_cohort_page(path: Path) -> bool:
    """Whether the file at `path` is a page that `cohort_page` made, and may be replaced by a newer one."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return _MARK.encode() in file.read(_LOOK_IN)
    except OSError:
        return False


def _judged(standing: Standing) -> str:
    return text(by_whom(standing.counting))


def _tiles(standing: Standing, needs: str = "") -> str:
    told = [
        ("Mean score", score_words(standing.score), enough(standing.score)),
        ("Trend", trend_words(standing.trend), not standing.trend.because),
        ("Unspoken needs", needs, True),
        ("Harm", harm_words(standing), True),
        ("Safety", safety_words(standing.safety), True),
        ("Self-rating beside the score", gap_words(standing.self_rating), standing.self_rating.n >= ENOUGH),
    ]
    tiles = (f"<div><dt>{name}</dt><dd>{_told(words, few=not sure)}</dd></div>" for name, words, sure in told if words)
    return f'<dl class="tiles">{"".join(tiles)}</dl>'


def _over_time(standing: Standing) -> str:
    plot = line_of_weeks(standing.weeks, "weeks")
    if not plot:
        return ""
    told = f"The mean score of the calls of each week; a hollow dot rests on fewer than {ENOUGH} calls."
    return f'<section class="keep"><h2>Week by week</h2>{plot}<p class="quiet">{told}</p></section>'


def _dimensions(standing: Standing, ident: str) -> str:
    titles = default_rubric().dimensions
    rows = [Bar(titles[name].title, figure) for name, figure in standing.dimensions.items()]
    return bars(rows, f"dimensions-{ident}", "Share of what was called for, by dimension, with its interval")


def _opportunities(cohort: Cohort) -> str:
    rows = [Stack("All calls", cohort.all.opportunities)]
    if len(cohort.personas) > 1:
        rows += [Stack(each.title, each.standing.opportunities) for each in cohort.personas]
    if not cohort.all.opportunities.offered:
        return ""
    return (
        '<section class="keep"><h2>What was there to be met</h2>'
        '<p class="quiet">From left to right: met, partly met, missed.</p>'
        f"{stacks(rows, 'opportunities')}</section>"
    )


def _personas(cohort: Cohort) -> str:
    rows = [
        (
            text(each.title),
            _told(score_words(each.standing.score, short=True), few=not enough(each.standing.score)),
            text(trend_words(each.standing.trend)),
            text(safety_words(each.standing.safety)),
            _who(each.standing.counting),
        )
        for each in cohort.personas
    ]
    return "<h2>By persona</h2>" + _table(
        "Mean score of the calls with each persona.", ("Persona", "Score", "Trend", "Safety", "Judged by"), rows
    )


def _needs(cohort: Cohort) -> str:
    if not cohort.needs:
        return ""
    rows = [
        (
            f'{text(need.words or need.need)} <span class="quiet">{text(need.title)}</span>',
            _told(
                f"{percent(need.unmet / need.calls)} of {many(need.calls, 'call', 'calls')}", few=need.calls < ENOUGH
            ),
            f"{need.near:,}",
            f"{need.met:,}",
        )
        for need in cohort.needs
    ]
    caption = "In how many of the calls in which it was there to be met it stayed unmet, was nearly met, was met."
    return "<h2>Unspoken needs</h2>" + _table(caption, ("Need", "Unmet", "Nearly met", "Met"), rows)


def _struggles(struggles: Sequence[Struggle]) -> str:
    if not struggles:
        return ""
    rows = [
        (
            f"{text(each.title)}, {text(each.moment)}"
            + (f'<br><span class="said">“{text(each.line)}”</span>' if each.line else ""),
            text(share(each.missed)),
            f"{each.trainees:,}",
            _who(each.counting),
        )
        for each in struggles[:_MOST_STRUGGLES]
    ]
    caption = (
        f"The moments missed most often for all that is known, of those tried {ENOUGH} times or more "
        f"({len(rows)} of {len(struggles)})."
    )
    return "<h2>Where people struggle most</h2>" + _table(caption, ("Moment", "Missed", "Trainees", "Judged by"), rows)


def _trainees(trainees: Sequence[TraineeResult]) -> str:
    if len(trainees) == 1:
        return "<h2>Why to look</h2>" + _reasons(trainees[0])
    rows = [
        (
            text(each.name),
            _told(score_words(each.standing.score, short=True), few=not enough(each.standing.score)),
            text(trend_words(each.standing.trend)) + spark(each.standing.weeks, f"spark-{number}"),
            text(" ".join(each.attention) or "Nothing stands out."),
        )
        for number, each in enumerate(trainees, 1)
    ]
    head = "<h2>Trainees</h2>" + _table(
        "Those first who need attention first.", ("Trainee", "Score", "Trend", "Why to look"), rows
    )
    sections = "".join(_section(number, each) for number, each in enumerate(trainees[:_MOST_SECTIONS], 1))
    more = len(trainees) - _MOST_SECTIONS
    left = f"<p>{many(more, 'more trainee is', 'more trainees are')} in the table only.</p>" if more > 0 else ""
    return head + sections + left


def _section(number: int, trainee: TraineeResult) -> str:
    standing = trainee.standing
    needs = f"{trainee.needs_unmet:,} of {trainee.needs:,} unmet." if trainee.needs else ""
    return (
        f'<section class="trainee"><h3>{text(trainee.name)}</h3>'
        f"<p>{many(standing.calls, 'call', 'calls')}. {_judged(standing)}</p>{_reasons(trainee)}"
        f"{_tiles(standing, needs)}{_dimensions(standing, str(number))}</section>"
    )


def _reasons(trainee: TraineeResult) -> str:
    if not trainee.attention:
        return "<p>Nothing stands out.</p>"
    return f'<p class="urgent">{text(" ".join(trainee.attention))}</p>'


def _how_to_read(cohort: Cohort) -> str:
    told = [*_HOW_TO_READ.format(enough=ENOUGH, latest=LATEST).splitlines(), unread_words(cohort)]
    return f"<h2>How to read this</h2><ul>{''.join(f'<li>{text(each)}</li>' for each in told if each)}</ul>"


def _who(counting: Counting) -> str:
    """By whom replies count, in short."""
    shares = (("offline", counting.offline), ("judge", counting.judge), ("coach", counting.coach))
    return ", ".join(
        f'<span class="whole">{name} {percent(replies / counting.replies)}</span>'
        for name, replies in shares
        if replies
    )


def _told(words: str, *, few: bool) -> str:
    return f'<span class="few">{text(words)}</span>' if few else text(words)


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML; the first of each row names it. Its roles are told, since a narrow screen shows
    it as blocks.
    """
    heads = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in head)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{first}</th>'
        + "".join(
            f'<td role="cell" data-label="{name}">{cell}</td>' for name, cell in zip(head[1:], cells, strict=True)
        )
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<table role="table"><caption>{text(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )
