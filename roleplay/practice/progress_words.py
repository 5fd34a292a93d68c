"""A trainee's progress in words, the same on every front end: plain, short, and never more than there is to tell."""

from __future__ import annotations

from datetime import date, timedelta

from roleplay.practice.days import date_words, day_of, on_day
from roleplay.practice.figure_words import TOO_FEW, many, percent, share
from roleplay.practice.missed import Missed
from roleplay.practice.next_step import Step
from roleplay.practice.progress import ROW, DimensionProgress, Heard, Part, Progress
from roleplay.practice.results import PersonaProgress, SelfRating, Taken
from roleplay.practice.standing import ENOUGH, Trend
from roleplay.text import counted, one_line

ABOUT_NOW = "Share of what was called for, now: what is recent weighs more (half after two weeks)."
ABOUT_TESTS = "Unaided tests, each by itself: moments never seen, no hints."

_COMMANDS = {
    "begin": "roleplay play {persona}",
    "safety": "roleplay drill --persona {persona} --moment {moment}",
    "test": "roleplay drill --test",
    "drills": "roleplay drill",
    "rating": "roleplay transcripts list",
    "weakest": "roleplay drill --dimension {dimension}",
    "persona": "roleplay play {persona}",
}


def command_for(step: Step) -> str:
    """The command that takes the next step; empty if none does."""
    if step.kind in ("begin", "persona") and not step.persona:
        return ""
    return _COMMANDS[step.kind].format(persona=step.persona, moment=step.moment, dimension=step.dimension)


def practised(progress: Progress) -> str:
    """Who has practised what, and from when to when."""
    parts = [
        many(progress.calls, "reply in calls", "replies in calls") if progress.calls else "",
        many(progress.drills, "drill", "drills") if progress.drills else "",
        many(progress.tests, "reply in tests", "replies in tests") if progress.tests else "",
    ]
    told = ", ".join(part for part in parts if part) or "nothing yet"
    return f"Progress of {one_line(progress.trainee)}: {told}{_period(progress)}."


def nothing_yet(progress: Progress) -> tuple[str, str]:
    """What to say as long as nothing was practised: what will be here."""
    since = " since then" if progress.since else " yet"
    return (
        f"{one_line(progress.trainee)} has practised nothing{since}.",
        "After the first call it says here what was heard, and over the weeks how that changes.",
    )


def _period(progress: Progress) -> str:
    if not progress.first:
        return ""
    first, last = _date(progress.first, progress), _date(progress.latest, progress)
    return f" on {first}" if first == last else f" from {first} to {last}"


def now_words(dimension: DimensionProgress) -> str:
    """How a dimension goes now, with its interval and on how many replies."""
    return share(dimension.skill.now)


def dimension_trend(trend: Trend) -> str:
    """Whether a dimension rises or falls. By how much is for the weeks to show: here like is compared with like."""
    if trend.because:
        return f"No trend yet: {trend.because}."
    return f"{trend.says.capitalize()}, by {many(trend.slope.n, 'reply', 'replies')} that can be compared."


def no_trend_at_all(progress: Progress) -> str:
    """That no dimension has a trend yet, where all lack the same; else empty, and each tells for itself."""
    (because, *others) = {each.trend.because for each in progress.dimensions.values()}
    return f"No trend yet in any of them: {because}." if because and not others else ""


def part_words(part: Part) -> str:
    """A dimension in a week, in calls or in drills."""
    return "none" if part.share is None else f"{percent(part.share)} (n {part.n:,})"


def aided_words(progress: Progress) -> str:
    """How many replies are left out because a hint was seen; empty if none."""
    if not progress.aided:
        return ""
    were = many(progress.aided, "reply was", "replies were")
    return f"{were} given after a hint: left out here, as each tells of the hint too."


def taken_words(test: Taken, progress: Progress) -> str:
    """What a test came to, beside the trainee's own rating."""
    day = _when(test.started, progress)
    if not test.over:
        return f"{day}: goes on, {test.answered} of {test.moments} moments answered"
    score = "not scored" if test.score is None else f"{test.score:.0f} of 100"
    rated = "" if test.rating is None else f", you rated it {test.rating} of 4"
    return f"{day}: {score} over {counted(test.answered, 'moment', 'moments')}{rated}"


def persona_words(each: PersonaProgress, progress: Progress) -> str:
    """How the calls with one persona went."""
    calls = many(each.calls, "call", "calls")
    if each.best is None:
        return f"{calls}, not scored"
    latest = "not scored" if each.latest is None else f"{each.latest:.0f}"
    best = f"best {each.best:.0f}, " if each.calls > 1 else ""
    return f"{calls}, {best}latest {latest} ({_when(each.latest_at, progress)})"


def gap_words(rating: SelfRating) -> str:
    """How the trainee's own ratings compare with the scores."""
    gap = rating.gap
    if gap.mean is None:
        told = "You have rated no call yet that was scored"
    else:
        points = round(abs(gap.mean))
        where = f"{many(points, 'point', 'points')} {'above' if gap.mean > 0 else 'below'}" if points else "as high as"
        few = f" ({TOO_FEW})" if gap.n < ENOUGH else ""
        told = f"You rate yourself {where} what was heard, n {gap.n:,}{few}"
    skipped = f"; skipped {counted(rating.skipped, 'time', 'times')}" if rating.skipped else ""
    return f"{told}{skipped}."


def gap_moves(rating: SelfRating) -> str:
    """How that gap moves; empty as long as there is none."""
    mean, trend = rating.gap.mean, rating.trend
    if mean is None:
        return ""
    if trend.because:
        return f"Whether it moves cannot be told yet: {trend.because}."
    a_week = f"{abs(trend.slope.value or 0.0):.1f} points a week"
    closes = (mean > 0) != ((trend.slope.value or 0.0) > 0)
    return f"It is closing, by {a_week}." if closes else f"It is widening, by {a_week}."


def heard_words(heard: Heard) -> str:
    """What became of what was there to be met."""
    opportunities = heard.opportunities
    if not opportunities.offered:
        return "Nothing was there to be met"
    told = (("met", opportunities.met), ("partly", opportunities.partly), ("missed", opportunities.missed))
    parts = ", ".join(f"{percent(replies / opportunities.offered)} {what}" for what, replies in told)
    return f"{parts}, n {opportunities.offered:,}"


def harm_words(heard: Heard) -> str:
    """What did harm, plainly; empty if nothing did."""
    harm, parts = heard.harm, []
    if harm.sure:
        parts.append(f"{many(harm.sure, 'reply', 'replies')} did harm")
    if harm.perhaps:
        more = " more" if harm.sure else ""
        parts.append(f"{many(harm.perhaps, 'reply', 'replies')}{more} may have done harm")
    if heard.unsafe:
        parts.append(f"safety was passed over in {many(heard.unsafe, 'reply', 'replies')}")
    told = ", ".join(parts)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def missed_words(each: Missed, progress: Progress) -> str:
    """How often a moment was missed, and when it comes back."""
    since = " since it was met last" if each.met else ""
    back = f"; comes back {on_day(date.fromisoformat(each.comes_back), _today(progress))}" if each.comes_back else ""
    return f"missed {each.times} times{since}, latest {_when(each.latest, progress)}{back}"


def days_words(progress: Progress) -> str:
    """On how many days anything was practised."""
    if not progress.days:
        return "Nothing in the last four weeks."
    days, latest = counted(len(progress.days), "day", "days"), _date(progress.days[-1], progress)
    return f"{days} of the last {ROW}, the latest {latest}."


def day_marks(progress: Progress) -> str:
    """A mark for each of the last 28 days, oldest first, by sevens."""
    today, days = _today(progress), set(progress.days)
    marks = ["●" if (today - timedelta(days=back)).isoformat() in days else "·" for back in reversed(range(ROW))]
    return " ".join("".join(marks[first : first + 7]) for first in range(0, ROW, 7))


def _today(progress: Progress) -> date:
    return date.fromisoformat(progress.today)


def _date(day: str, progress: Progress) -> str:
    return date_words(date.fromisoformat(day), _today(progress))


def _when(at: str, progress: Progress) -> str:
    day = day_of(at)
    return date_words(day, _today(progress)) if day else "at an unknown time"
