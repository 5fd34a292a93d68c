"""Which calls a coach looks for: read from what was typed, and told in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches

from roleplay.errors import BadInput, NotFound
from roleplay.review.dates import moment_of
from roleplay.store.reviews import Wanted
from roleplay.text import one_line, quote, sanitise

HIGHEST_SCORE = 100

_REVIEWED = {False: "Calls that wait", True: "Calls that were reviewed", None: "All calls"}


def score_in(text: str, what: str) -> float | None:
    """The session score, 0-100, that `text` means; None for an empty one. `what` names it. Raises `BadInput`."""
    given = one_line(sanitise(text))
    if not given:
        return None
    try:
        score = float(given)
    except ValueError:
        score = -1.0
    if not 0 <= score <= HIGHEST_SCORE:
        raise BadInput(f"{what} is no score: {quote(given, 40)}.", mend="Give a number from 0 to 100.")
    return score


def wanted_from(
    *,
    trainee: str = "",
    persona: str = "",
    since: str = "",
    until: str = "",
    least: float | None = None,
    most: float | None = None,
    reviewed: bool | None = False,
    now: datetime,
) -> Wanted:
    """The calls that were asked for; `since` and `until` as `moment_of` reads them. Raises `BadInput`."""
    wanted = Wanted(
        trainee=one_line(sanitise(trainee)),
        persona=one_line(sanitise(persona)),
        since=moment_of(since, now) if since.strip() else "",
        until=moment_of(until, now, end=True) if until.strip() else "",
        least=least,
        most=most,
        reviewed=reviewed,
    )
    if wanted.since and wanted.until and wanted.since >= wanted.until:
        raise BadInput("The first day comes after the last.", mend="Exchange them.")
    if wanted.least is not None and wanted.most is not None and wanted.least > wanted.most:
        raise BadInput("The lowest score is above the highest.", mend="Exchange them.")
    return wanted


def check_known(wanted: Wanted, trainees: Sequence[str], personas: Sequence[str]) -> None:
    """Raise `NotFound`, with who or what was meant perhaps, unless somebody has played so."""
    for given, known, who in (
        (wanted.trainee, trainees, "Nobody called {} has played here."),
        (wanted.persona, personas, "No call with {} is kept here."),
    ):
        if given and given not in known:
            near = get_close_matches(given.casefold(), [each.casefold() for each in known], 1)
            meant = next((each for each in known if near and each.casefold() == near[0]), "")
            raise NotFound(who.format(quote(given, 60)), mend=f"Did you mean {quote(meant, 60)}?" if meant else "")


def in_words(wanted: Wanted) -> str:
    """What is looked for, in a line; empty for the calls that wait, whosesoever."""
    return "" if wanted == Wanted() else ", ".join((_REVIEWED[wanted.reviewed], *_parts(wanted)))


def _parts(wanted: Wanted) -> Iterator[str]:
    if wanted.trainee:
        yield f"of {quote(wanted.trainee, 40)}"
    if wanted.persona:
        yield f"with {quote(wanted.persona, 40)}"
    if wanted.since:
        yield f"since {_day(wanted.since)}"
    if wanted.until:
        yield f"before {_day(wanted.until)}"
    if wanted.least is not None:
        yield f"score {wanted.least:g} or more"
    if wanted.most is not None:
        yield f"score {wanted.most:g} or less"


def _day(moment: str) -> str:
    then = datetime.fromisoformat(moment).astimezone()
    return f"{then:%Y-%m-%d}" if (then.hour, then.minute) == (0, 0) else f"{then:%Y-%m-%d %H:%M}"
