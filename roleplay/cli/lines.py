"""What plain mode prints: each message once, on one line, in words a screen reader can read."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.conversation.events import ReplyKept
from roleplay.persona.model import Persona
from roleplay.practice.debrief import Debrief, ReplyResult
from roleplay.scoring.assessment import Assessment, Evidence, Scored
from roleplay.text import one_line, quote

HELP = (
    "One line is one reply. An empty line is a silence.",
    "/gesture NAME WORDS  give something small together with your reply",
    "/brief               read the briefing again",
    "/pause               save the call and go on with it later (so does Ctrl+C)",
    "/leave               end the call (so does Ctrl+D, the end of input)",
    "/help                these lines",
    "To begin a reply with a slash, put a space before it.",
)

OPPORTUNITY = {
    "met": "Met",
    "partly": "Partly met",
    "missed": "Missed",
    "none": "Nothing to be met",
}


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


_CHANNELS = {"phone": "On the phone.", "chat": "In a chat.", "counter": "At the counter."}


def heard(event: ReplyKept) -> str:
    """What coached mode says of a reply: the opportunity, what moved, and the words it rests on."""
    assessment, before, after = event.assessment, event.before, event.after
    if assessment.flags.language:
        return "Heard: not scored, this is not English."
    said = "Not sure" if assessment.unsure else OPPORTUNITY[assessment.opportunity]
    moves = f"trust {_move(before.trust, after.trust)}, distress {_move(before.distress, after.distress)}"
    line = f"Heard: {said}; {moves}."
    telling = _telling_evidence(assessment)
    if telling:
        whose = {"reply": "You said", "customer": "Passed over", "gesture": "You gave"}[telling.of]
        line += f" {whose} {quote(telling.quote)}: {telling.why}"
    return line


def _telling_evidence(assessment: Assessment) -> Evidence | None:
    """The words to show beside an opportunity: those that hurt, or else the best of those that met something."""
    harm = [each for each in assessment.evidence if each.dimension == "harm"]
    if harm or assessment.opportunity not in ("met", "partly"):
        return harm[0] if harm else None
    weight = {"reaches_unspoken": 3, "acknowledges_feeling": 2, "acts": 1}
    return max(
        assessment.evidence,
        key=lambda each: (assessment.scores[each.dimension] or 0, weight.get(each.dimension, 0)),
        default=None,
    )


def _move(before: float, after: float) -> str:
    change = after - before
    return f"{after:g}" + (f" ({change:+g})" if change else "")


def debrief(debrief: Debrief) -> Iterator[str]:
    """The debrief, line by line. What was never told is described, not told."""
    yield "Debrief."
    yield from _safety(debrief)
    yield _OUTCOMES[debrief.outcome] + (f" {one_line(debrief.epilogue)}" if debrief.epilogue else "")
    if debrief.score is None:
        yield "Score: none, because nothing could be scored."
    else:
        failed = f" This call counts as failed: {debrief.failed_because}" if debrief.failed else ""
        yield f"Score: {debrief.score:.0f} of 100.{failed}"
    if debrief.self_rating is not None:
        yield f"You rated yourself {debrief.self_rating} of 4.{_gap(debrief)}"
    yield "Trust, from the first line to the last: " + ", ".join(f"{mind.trust:g}" for mind in debrief.minds) + "."
    yield "Distress: " + ", ".join(f"{mind.distress:g}" for mind in debrief.minds) + "."
    for dimension in debrief.dimensions:
        yield (
            f"{dimension.title}: {dimension.mean:.1f} of 2 over {_count(dimension.count, 'reply', 'replies')}. "
            f"{dimension.means}"
        )
    if debrief.harmful:
        yield f"{_count(debrief.harmful, 'reply', 'replies')} did harm."
    for need in debrief.needs_met:
        yield f"Need met: {need}"
    for need in debrief.needs_unmet:
        yield f"Need not met: {need}"
    titles = {dimension.dimension: dimension.title for dimension in debrief.dimensions}
    told: set[str] = set()
    for reply in debrief.replies:
        yield from _reply(reply, titles, told)
    if debrief.untold:
        yield f"{debrief.name.split()[0]} kept {_count(len(debrief.untold), 'thing', 'things')} back."
        for untold in debrief.untold:
            yield f"Kept back: {untold.opens}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _safety(debrief: Debrief) -> Iterator[str]:
    """How moments at which somebody's safety was at stake were handled; said before everything else."""
    handled: dict[str, list[str]] = {}
    for moment in debrief.safety:
        verdict = "did harm" if moment.harm == 2 else _SAFETY[moment.handled]
        handled.setdefault(verdict, []).append(str(moment.turn))
    if handled:
        verdicts = (f"{verdict} in reply {', '.join(turns)}" for verdict, turns in handled.items())
        yield f"Safety first. Somebody's safety was at stake: you {'; '.join(verdicts)}."


_OUTCOMES = {
    "good": "This call ended well.",
    "mixed": "This call ended with something left open.",
    "bad": "This call ended badly.",
}
_SAFETY = {
    "met": "dealt with it",
    "partly": "touched it and did not deal with it",
    "missed": "passed it over",
    "none": "could not be scored here",
}


def _gap(debrief: Debrief) -> str:
    if debrief.score is None or debrief.self_rating is None:
        return ""
    gap = debrief.self_rating * 25 - debrief.score
    if gap > 20:
        return " You heard yourself more kindly than the customer did: look at the replies that missed."
    return " You did better than you thought." if gap < -20 else " That is close to what was heard."


def _reply(reply: ReplyResult, titles: dict[Scored, str], told: set[str]) -> Iterator[str]:
    """One reply. A reason that was given before in this debrief (`told`) is not given again."""
    where = f"Reply {reply.turn}"
    yield f"{where}, to {quote(reply.customer)}"
    gesture = f" (with a gesture: {one_line(reply.gesture)})" if reply.gesture else ""
    yield f"{where}, you said: {one_line(reply.reply) or 'nothing.'}{gesture}"
    if reply.flags.language:
        yield f"{where}: not scored, this is not English."
        return
    verdict = "Not sure: decide with your coach" if reply.unsure else OPPORTUNITY[reply.opportunity]
    yield f"{where}: {verdict}. {reply.overall_means}"
    offered = [
        f"{label} {one_line(words).rstrip('.')}"
        for label, words in (("felt:", reply.feeling), ("asked for:", reply.spoken), ("left unsaid:", reply.unspoken))
        if words and words not in told
    ]
    if offered:
        yield f"{where}, what was there: {'; '.join(offered)}."
        told.update((reply.spoken, reply.unspoken))
    yield from _evidence(where, reply, titles, told)
    if reply.suggestion and reply.opportunity != "met":
        yield f"{where}, better: {one_line(reply.suggestion.text)}"
        yield f"{where}, because: {one_line(reply.suggestion.why)}"


def _evidence(where: str, reply: ReplyResult, titles: dict[Scored, str], told: set[str]) -> Iterator[str]:
    """The words each point rests on, each quotation once."""
    by_quote: dict[tuple[str, str], list[Evidence]] = {}
    for evidence in reply.evidence:
        by_quote.setdefault((evidence.quote, evidence.of), []).append(evidence)
    for (words, of), points in by_quote.items():
        source = {"reply": "", "customer": ", the customer's words", "gesture": ", your gesture"}[of]
        counts = [
            f"{titles[point.dimension]} {reply.scores[point.dimension]} of 2"
            for point in points
            if point.dimension in titles
        ]
        reasons = [point.why for point in points if point.why not in told]
        told.update(reasons)
        harm = "harm" if any(point.dimension == "harm" for point in points) else ""
        verdict = "; ".join(filter(None, (harm, *counts)))
        yield f"{where}, {quote(words, 200)}{source}: {verdict}." + "".join(f" {reason}" for reason in reasons)
