"""What a call is in printed lines: each message once, in words that a screen reader can read."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.conversation.events import ReplyKept
from roleplay.persona.model import Persona
from roleplay.practice.debrief import Debrief, ReplyResult
from roleplay.scoring.assessment import DIMENSIONS, Assessment, Evidence, Scored
from roleplay.scoring.rubric import Rubric
from roleplay.text import one_line, quote

HELP = (
    "One line is one reply. An empty line is a silence.",
    "/gesture NAME WORDS  give something small, with or without words",
    "/brief               read the briefing again",
    "/pause               save the call and go on with it later (so does Ctrl+C)",
    "/leave               end the call (so does Ctrl+D, the end of input)",
    "/help                these lines",
    "To begin a reply with a slash, put a space before it.",
)

OPPORTUNITY = {"met": "Met", "partly": "Partly met", "missed": "Missed", "none": "Nothing to be met"}
"""What an opportunity is called before a person."""

_WHOSE = {"reply": "You said", "customer": "Passed over", "gesture": "You gave"}
_CHANNELS = {"phone": "On the phone.", "chat": "In a chat.", "counter": "At the counter."}


def briefing(persona: Persona) -> Iterator[str]:
    """What the trainee knows before the call. Nothing unspoken is in it."""
    trainee = persona.trainee
    yield f"{persona.title}. {_CHANNELS[persona.channel]}"
    if persona.content:
        yield f"This call is about: {', '.join(persona.content)}."
    yield f"You are: {trainee.role}."
    if trainee.brief:
        yield f"What you know: {one_line(trainee.brief)}"
    if trainee.record:
        yield "On your screen: " + "; ".join(f"{key}: {one_line(value)}" for key, value in trainee.record.items()) + "."
    if trainee.may:
        yield f"You may: {'; '.join(map(one_line, trainee.may))}."
    if trainee.may_not:
        yield f"You may not: {'; '.join(map(one_line, trainee.may_not))}."
    for gesture in persona.gestures:
        yield f"Yours to give: {one_line(gesture.does)} (/gesture {gesture.id})"


def heard(event: ReplyKept, rubric: Rubric) -> str:
    """What coached mode says of a reply: the opportunity, what moved, the words it rests on, and what is missing."""
    assessment, before, after = event.assessment, event.before, event.after
    if assessment.flags.language:
        return "Heard: not scored, this is not English."
    said = "Not sure" if assessment.unsure else OPPORTUNITY[assessment.opportunity]
    moves = f"trust {_move(before.trust, after.trust)}, distress {_move(before.distress, after.distress)}"
    parts = [f"Heard: {said}; {moves}."]
    telling = _telling_evidence(assessment)
    if telling:
        hurt = "It hurt. " if telling.dimension == "harm" else ""
        quoted = _last_words(telling.quote) if telling.of == "customer" else quote(telling.quote)
        parts.append(f"{hurt}{_WHOSE[telling.of]} {quoted}: {telling.why}")
    missing = [rubric.dimensions[each].title.lower() for each in _missing(assessment)]
    if missing and assessment.opportunity in ("partly", "missed"):
        parts.append(f"Not there yet: {', '.join(missing)}.")
    if event.gesture and not event.fitted:
        parts.append("The gesture did not fit here, or was given before.")
    return " ".join(parts)


def _missing(assessment: Assessment) -> list[Scored]:
    """The dimensions that decide whether something was met, and that this reply has nothing of."""
    return [each for each in DIMENSIONS if each != "explores" and assessment.scores[each] == 0]


def _telling_evidence(assessment: Assessment) -> Evidence | None:
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


def _move(before: float, after: float) -> str:
    change = after - before
    return f"{after:g}" + (f" ({change:+g})" if round(change, 3) else "")


def debrief(debrief: Debrief) -> Iterator[str]:
    """The whole debrief. What was kept back is described, not told."""
    yield from outcome(debrief)
    yield from scores(debrief)
    for lines in reply_by_reply(debrief):
        yield ""
        yield from lines
    yield ""
    yield from kept_back(debrief)


def outcome(debrief: Debrief) -> Iterator[str]:
    """How moments of danger were dealt with, then how the call ended and what came of it."""
    yield "Debrief."
    yield from _safety(debrief)
    yield _OUTCOMES[debrief.outcome] + (f" {one_line(debrief.epilogue)}" if debrief.epilogue else "")


def scores(debrief: Debrief) -> Iterator[str]:
    """The score, the course of trust and distress, the dimensions, the needs, and what to work on."""
    if debrief.score is None:
        yield "Score: none, because nothing could be scored."
    else:
        failed = f" This call counts as failed: {debrief.failed_because}" if debrief.failed else ""
        yield f"Score: {debrief.score:.0f} of 100.{failed}"
    if debrief.self_rating is not None:
        yield f"You rated yourself {debrief.self_rating} of 4.{_gap(debrief)}"
    yield "Trust, from the first line to the last: " + ", ".join(f"{state.trust:g}" for state in debrief.states) + "."
    yield "Distress: " + ", ".join(f"{state.distress:g}" for state in debrief.states) + "."
    for dimension in debrief.dimensions:
        count = _count(dimension.count, "reply", "replies")
        yield f"{dimension.title}: {dimension.mean:.1f} of 2 over {count}. {dimension.means}"
    if debrief.harmful:
        yield f"{_count(debrief.harmful, 'reply', 'replies')} did harm."
    for need in debrief.needs_met:
        yield f"Need met: {need}"
    for need in debrief.needs_unmet:
        yield f"Need not met: {need}"
    if debrief.next_time:
        yield f"Next time: {debrief.next_time}"


def reply_by_reply(debrief: Debrief) -> Iterator[list[str]]:
    """Each reply with what was there to be met, its evidence, and a better one. No reason is given twice."""
    titles: dict[Scored, str] = {dimension.dimension: dimension.title for dimension in debrief.dimensions}
    told: set[str] = set()
    for reply in debrief.replies:
        yield list(_reply(reply, titles, told))


def kept_back(debrief: Debrief, *, tell: bool = False) -> Iterator[str]:
    """What the customer did not tell, and what would have opened it; in the customer's words if `tell`."""
    if not debrief.untold:
        return
    yield f"{debrief.name} kept {_count(len(debrief.untold), 'thing', 'things')} back."
    for untold in debrief.untold:
        yield f"Kept back: {one_line(untold.says) + ' ' if tell else ''}{untold.opens}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _safety(debrief: Debrief) -> Iterator[str]:
    handled: dict[str, list[str]] = {}
    for moment in debrief.safety:
        handled.setdefault(moment.handled, []).append(str(moment.turn))
    if handled:
        verdicts = (
            f"{verdict} in {'reply' if len(turns) == 1 else 'replies'} {', '.join(turns)}"
            for verdict, turns in handled.items()
        )
        yield f"Safety first. Somebody's safety was at stake: {'; '.join(verdicts)}."


_OUTCOMES = {
    "good": "This call ended well.",
    "mixed": "This call ended with something left open.",
    "bad": "This call ended badly.",
}


def _gap(debrief: Debrief) -> str:
    if debrief.score is None or debrief.self_rating is None:
        return ""
    gap = debrief.self_rating * 25 - debrief.score
    if gap > 20:
        return " You heard yourself more kindly than the customer did: look at the replies that missed."
    return " You did better than you thought." if gap < -20 else " That is close to what was heard."


def _reply(reply: ReplyResult, titles: dict[Scored, str], told: set[str]) -> Iterator[str]:
    yield f"Reply {reply.turn}, to {_last_words(reply.customer)}"
    gesture = f" (with a gesture: {one_line(reply.gesture)})" if reply.gesture else ""
    yield f"You said: {one_line(reply.reply) or 'nothing.'}{gesture}"
    assessment = reply.assessment
    if assessment.flags.language:
        yield "Not scored: this is not English."
        return
    verdict = "Not sure: decide with your coach" if assessment.unsure else OPPORTUNITY[assessment.opportunity]
    meaning = "" if reply.overall_means in told else f" {reply.overall_means}"
    told.add(reply.overall_means)
    yield f"{verdict}.{meaning}"
    offered = [
        f"{label} {one_line(words).rstrip('.')}"
        for label, words in (("felt:", reply.feeling), ("asked for:", reply.spoken), ("left unsaid:", reply.unspoken))
        if words and words not in told
    ]
    if offered:
        yield f"What was there: {'; '.join(offered)}."
        told.update((reply.spoken, reply.unspoken))
    yield from _evidence(assessment, titles, told)
    if assessment.suggestion and assessment.opportunity != "met":
        yield f"Better: {one_line(assessment.suggestion.text)}"
        yield f"Because: {one_line(assessment.suggestion.why)}"


def _evidence(assessment: Assessment, titles: dict[Scored, str], told: set[str]) -> Iterator[str]:
    """The words each point rests on, each quotation once; harm always with its reason."""
    by_quote: dict[tuple[str, str], list[Evidence]] = {}
    for evidence in assessment.evidence:
        by_quote.setdefault((evidence.quote, evidence.of), []).append(evidence)
    for (words, of), points in by_quote.items():
        verdicts = ["harm"] if any(point.dimension == "harm" for point in points) else []
        verdicts += [
            f"{titles[point.dimension].lower()} {assessment.scores[point.dimension]} of 2"
            for point in points
            if point.dimension in titles
        ]
        reasons = [point.why for point in points if point.dimension == "harm" or point.why not in told]
        told.update(reasons)
        quoted = _last_words(words) if of == "customer" else quote(words, 200)
        yield f"{_WHOSE[of]} {quoted}: {', '.join(verdicts)}." + "".join(f" {reason}" for reason in reasons)


def _last_words(line: str) -> str:
    """The end of a customer's line, which is what a reply answers."""
    folded = one_line(line)
    if len(folded) <= 140:
        return quote(folded)
    return quote("…" + folded[-140:].partition(" ")[2], 160)
