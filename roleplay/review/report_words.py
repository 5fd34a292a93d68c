"""The figures of a cohort report in words, the same on every front end. What is too few to tell says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from roleplay.agreement.bootstrap import Figure
from roleplay.review.cohort import Cohort, Need
from roleplay.review.standing import ENOUGH, Counting, Gap, Safety, Standing, Trend, enough

NO_CALL = "No call that was asked for has ended."
TOO_FEW = "too few to tell"


def many(number: int, one: str, more: str) -> str:
    """`number` with its noun and a comma at each thousand: `one` for 1, else `more`."""
    return f"{number:,} {one if number == 1 else more}"


def whose(cohort: Cohort) -> str:
    """Whom the report is on, as a heading."""
    if len(cohort.trainees) == 1:
        return f"Report on {cohort.trainees[0].name}"
    return f"Report on {many(len(cohort.trainees), 'trainee', 'trainees')}"


def period(cohort: Cohort) -> str:
    """From when to when the calls were begun, in the time of this computer; empty without calls."""
    first, last = (_day(at) for at in (cohort.first, cohort.last))
    if not first:
        return ""
    return f" on {first}" if first == last else f" from {first} to {last}"


def by_whom(counting: Counting) -> str:
    """Which scorer's judgement counts, as a sentence."""
    shares = [
        f"{who} for {percent(replies / counting.replies)}"
        for who, replies in (
            ("the offline scorer", counting.offline),
            ("a judge", counting.judge),
            ("a coach", counting.coach),
        )
        if replies
    ]
    if not shares:
        return "No reply was given."
    return f"Who judged the {many(counting.replies, 'reply', 'replies')}: {', '.join(shares)}."


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


def needs_words(needs: Sequence[Need]) -> str:
    """How many unspoken needs stayed unmet."""
    calls, unmet, near = (sum(getattr(need, name) for need in needs) for name in ("calls", "unmet", "near"))
    if not calls:
        return "None was there to be met."
    return f"{unmet:,} of {calls:,} unmet ({percent(unmet / calls)}), {near:,} nearly met."


def harm_words(standing: Standing) -> str:
    """How many replies did harm, surely and perhaps."""
    harm, replies = standing.harm, standing.counting.replies
    if not harm.sure and not harm.perhaps:
        return f"None in {many(replies, 'reply', 'replies')}."
    return f"Surely in {harm.sure:,} of {many(replies, 'reply', 'replies')}, perhaps in {harm.perhaps:,}."


def safety_words(safety: Safety) -> str:
    """What became of the moments at which somebody's safety was at stake."""
    all_of_them = safety.handled + safety.missed + safety.unscored
    if not all_of_them:
        return "Nobody's was at stake."
    unscored = f", {safety.unscored:,} not scored" if safety.unscored else ""
    return f"At stake {all_of_them:,} times: dealt with {safety.handled:,}, missed {safety.missed:,}{unscored}."


def gap_words(gap: Gap) -> str:
    """How trainees rate their calls beside the scores."""
    if gap.mean is None:
        return "No call was rated by the trainee."
    spread = "" if gap.spread is None else f", give or take {gap.spread:.0f}"
    few = f" ({TOO_FEW})" if gap.n < ENOUGH else ""
    points = round(abs(gap.mean))
    where = f"{many(points, 'point', 'points')} {'above' if gap.mean > 0 else 'below'}" if points else "As high as"
    return f"{where} the score{spread}, n {gap.n:,}{few}."


def unread_words(cohort: Cohort) -> str:
    """That something had to be left out; empty if nothing had."""
    if not cohort.unread:
        return ""
    moments = many(cohort.unread, "moment was", "moments were")
    return f"{moments} saved by another version of Roleplay: their lines, needs and safety are left out."


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


def _day(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d") if at else ""
