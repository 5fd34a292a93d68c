"""The words in which every front end tells what was heard: verdicts, outcomes, the gap, what a point rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from roleplay.persona.names import short_name
from roleplay.practice.debrief import Debrief, Handled
from roleplay.scoring.assessment import DIMENSIONS, Assessment, Evidence, Scored
from roleplay.scoring.rubric import Rubric
from roleplay.scoring.there import There
from roleplay.text import counted, one_line, quote

OPPORTUNITY = {"met": "Met", "partly": "Partly met", "missed": "Missed", "none": "Nothing to be met"}
"""What an opportunity is called before a person."""

WHOSE = {"reply": "You said", "customer": "Passed over", "gesture": "You gave"}
"""How the words are introduced that a point rests on, by whose they are."""

OUTCOMES = {
    "good": "This call ended well.",
    "mixed": "This call ended with something left open.",
    "bad": "This call ended badly.",
}
"""How a call ended."""

RATINGS = (
    "I hurt, or was not there at all.",
    "I went through the motions.",
    "I got the task right, or the tone, and not both.",
    "I was with them most of the way.",
    "They were heard, all of it.",
)
"""What each number of the trainee's own rating means, 0-4."""


def last_words(line: str) -> str:
    """The end of a customer's line, quoted, which is what a reply answers."""
    folded = one_line(line)
    if len(folded) <= 140:
        return quote(folded)
    return quote("…" + folded[-140:].partition(" ")[2], 160)


def missing_dimensions(assessment: Assessment) -> list[Scored]:
    """The dimensions that decide whether something was met, and that this reply has nothing of."""
    return [each for each in DIMENSIONS if each != "explores" and assessment.scores[each] == 0]


def telling_evidence(assessment: Assessment) -> Evidence | None:
    """The words to show beside an opportunity: those that hurt, or else the best of those that met something."""
    harm = [each for each in assessment.evidence if each.dimension == "harm"]
    if harm or assessment.opportunity not in ("met", "partly"):
        return min(harm, key=lambda each: each.of == "customer", default=None)
    weight = {"reaches_unspoken": 3, "acknowledges_feeling": 2, "acts": 1}
    return max(
        assessment.evidence,
        key=lambda each: (assessment.scores[each.dimension] or 0, weight.get(each.dimension, 0)),
        default=None,
    )


def verdict(assessment: Assessment) -> str:
    """What a debrief calls a reply."""
    if assessment.flags.language:
        return "Not scored: this is not English"
    word = verdict_word(assessment)
    return f"{word}: decide with your coach" if assessment.unsure else word


def verdict_word(assessment: Assessment) -> str:
    """The verdict in a word or two."""
    if not assessment.scorable:
        return "Not scored"
    return "Not sure" if assessment.unsure else OPPORTUNITY[assessment.opportunity]


def titles_of(rubric: Rubric) -> dict[Scored, str]:
    """The names of the dimensions."""
    return {name: rubric.dimensions[name].title for name in DIMENSIONS}


def earned(assessment: Assessment, points: Iterable[Evidence], titles: Mapping[Scored, str]) -> str:
    """What `points`, which rest on the same words, earned or cost: harm first, then each dimension of `titles`."""
    points = tuple(points)
    harm = "perhaps harm" if assessment.unsure else "harm"
    verdicts = [harm] if any(point.dimension == "harm" for point in points) else []
    verdicts += [
        f"{titles[point.dimension].lower()} {assessment.scores[point.dimension]} of 2"
        for point in points
        if point.dimension in titles
    ]
    return ", ".join(verdicts)


def lacking(there: There, titles: Mapping[Scored, str]) -> str:
    """Which dimension something is said of that was there to be met, and how far it was reached."""
    title = titles.get(there.dimension)
    return f"{title}, {there.level} of 2: " if title else ""


def harm_done(debrief: Debrief) -> str:
    """How many replies did harm, and how many may have; empty if none."""
    certain, perhaps = debrief.harmful, debrief.perhaps_harmful
    did = f"{counted(certain, 'reply', 'replies')} did harm" if certain else ""
    may = f"{counted(perhaps, 'reply', 'replies')} may have done harm" if perhaps else ""
    if did and may:
        return f"{did}, {perhaps} more may have."
    return f"{did or may}." if did or may else ""


def safety_verdicts(debrief: Debrief) -> Iterator[tuple[Handled, str]]:
    """How the moments were handled at which somebody's safety was at stake, each verdict with its replies in words."""
    handled: dict[Handled, list[str]] = {}
    for moment in debrief.safety:
        handled.setdefault(moment.handled, []).append(str(moment.turn))
    for verdict, turns in handled.items():
        yield verdict, f"{verdict} in {'reply' if len(turns) == 1 else 'replies'} {', '.join(turns)}"


def score(debrief: Debrief) -> str:
    """The score in one sentence, with why the call counts as failed if it does."""
    if debrief.score is None:
        return "Score: none, because nothing could be scored."
    failed = f" This call counts as failed: {debrief.failed_because}" if debrief.failed else ""
    return f"Score: {debrief.score:.0f} of 100.{failed}"


def gap(debrief: Debrief) -> str:
    """How the trainee's own rating compares with what was heard; empty where one of the two is missing."""
    if debrief.score is None or debrief.self_rating is None:
        return ""
    gap = debrief.self_rating * 25 - debrief.score
    if gap > 20:
        short = any(reply.assessment.opportunity in ("missed", "partly") for reply in debrief.replies)
        look = "look at the replies that missed." if short else "what weighs here is what was never reached."
        return f"You heard yourself more kindly than the customer did: {look}"
    return "You did better than you thought." if gap < -20 else "That is close to what was heard."


def keepers(debrief: Debrief) -> str:
    """Who kept something back, in one breath."""
    names = dict.fromkeys(short_name(each.speaker) if each.speaker else debrief.name for each in debrief.untold)
    *others, last = names or [""]
    return one_line(f"{', '.join(others)} and {last}" if others else last)


def kept_back(debrief: Debrief) -> str:
    """That something was kept back, and how much; empty if nothing was."""
    things = counted(len(debrief.untold), "thing", "things")
    return f"{keepers(debrief)} kept {things} back." if debrief.untold else ""
