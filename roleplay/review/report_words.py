"""The figures of a cohort report in words, the same on every front end. What is too few to tell says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from roleplay.practice.figure_words import TOO_FEW, many, percent
from roleplay.practice.standing import ENOUGH, Gap
from roleplay.review.cohort import Cohort, Need
from roleplay.review.standing import Counting, Safety, Standing

NO_CALL = "No call that was asked for has ended."


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


def _day(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d") if at else ""
