"""The debrief: what a transcript teaches the trainee, as a record that any front end can tell."""

from __future__ import annotations

import msgspec

from roleplay.conversation.score import score_of
from roleplay.conversation.turns import EndedBy, KeptReply, Transcript
from roleplay.persona.model import Disclosure, Moment, Opportunity, Outcome, Persona
from roleplay.scoring.assessment import DIMENSIONS, Evidence, Flags, Scored, Suggestion
from roleplay.scoring.occasion import Occasion


class MindAt(msgspec.Struct, frozen=True):
    """The customer's mind after a reply; turn 0 is the beginning. Each 0-10."""

    turn: int
    trust: float
    distress: float
    patience: float


class DimensionResult(msgspec.Struct, frozen=True):
    """How one dimension went over the call. `mean` is 0-2 over `count` replies that it was called for."""

    dimension: Scored
    title: str
    means: str
    mean: float
    count: int


class ReplyResult(msgspec.Struct, frozen=True, kw_only=True):
    """One reply with what was there to be met and what was heard."""

    turn: int
    moment: str
    customer: str
    reply: str
    gesture: str
    opportunity: Opportunity
    overall: int | None
    overall_means: str
    turn_score: float | None
    scores: dict[Scored, int | None]
    unsure: bool
    flags: Flags
    evidence: tuple[Evidence, ...]
    feeling: str
    spoken: str
    unspoken: str
    suggestion: Suggestion | None


class SafetyResult(msgspec.Struct, frozen=True):
    """How a moment at which somebody's safety was at stake was handled."""

    turn: int
    kind: str
    customer: str
    handled: Opportunity
    harm: int


class Untold(msgspec.Struct, frozen=True):
    """Something the customer kept back, and what would have opened it."""

    disclosure: str
    says: str
    opens: str


class Debrief(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the trainee is told after a call. `score` is 0-100, or None when nothing could be scored."""

    name: str
    outcome: Outcome
    ended_by: EndedBy
    ending: str
    epilogue: str
    score: float | None
    failed: bool
    failed_because: str
    self_rating: int | None
    safety: tuple[SafetyResult, ...]
    minds: tuple[MindAt, ...]
    dimensions: tuple[DimensionResult, ...]
    harmful: int
    replies: tuple[ReplyResult, ...]
    needs_met: tuple[str, ...]
    needs_unmet: tuple[str, ...]
    told: tuple[str, ...]
    untold: tuple[Untold, ...]


def debrief_of(transcript: Transcript) -> Debrief:
    """The debrief of an ended call. Raises ValueError while it has not ended."""
    if transcript.ending is None:
        raise ValueError("The call has not ended.")
    script = transcript.session.script
    persona, rubric, ending = script.persona, script.rubric, transcript.ending
    replies = _reply_results(transcript)
    last = transcript.replies[-1].state if transcript.replies else transcript.opening.state
    score = score_of(transcript)
    return Debrief(
        name=persona.name,
        outcome=ending.outcome,
        ended_by=ending.by,
        ending=ending.ending,
        epilogue=ending.epilogue,
        score=score.score,
        failed=score.failed,
        failed_because=score.reason,
        self_rating=transcript.self_rating.rating if transcript.self_rating else None,
        safety=_safety(transcript, replies),
        minds=_minds(transcript),
        dimensions=tuple(
            result
            for dimension in DIMENSIONS
            if (
                result := _dimension_result(
                    dimension, rubric.dimensions[dimension].title, rubric.dimensions[dimension].levels, replies
                )
            )
        ),
        harmful=sum((reply.scores["harm"] or 0) > 0 for reply in replies),
        replies=replies,
        needs_met=tuple(need.need for key, need in persona.needs.items() if key in last.met),
        needs_unmet=tuple(need.need for key, need in persona.needs.items() if key not in last.met),
        told=tuple(each.says for each in persona.disclosures if each.id in last.disclosed),
        untold=tuple(
            Untold(each.id, each.says, what_opens(each, persona))
            for each in persona.disclosures
            if each.id not in last.disclosed
        ),
    )


def what_opens(disclosure: Disclosure, persona: Persona) -> str:
    """What would have opened a disclosure, as a sentence that does not give it away."""
    name, trust = persona.name.split()[0], f"trust {disclosure.trust:g}"
    hidden = {word.casefold() for word in disclosure.gives_away}
    touches = [f"“{topic}”" for topic in disclosure.topics if topic.casefold() not in hidden][:3]
    by_topic = f"touching on {', '.join(touches)}" if touches else "asking about it"
    match disclosure.reveal:
        case "volunteered":
            return f"{name} tells this unasked once {trust} is reached."
        case "asked":
            return f"{name} tells this when asked, by {by_topic}."
        case _:
            return f"It takes {trust}, and then a question that fits what was just said, or {by_topic}."


def _reply_results(transcript: Transcript) -> tuple[ReplyResult, ...]:
    """All replies in order. A worked reply is shown once; a moment that comes round again gets another, or none."""
    results: list[ReplyResult] = []
    shown: set[str] = set()
    for kept in transcript.replies:
        result = _reply_result(transcript, kept)
        if result.suggestion and result.opportunity != "met":
            beat = transcript.session.script.persona.beat(kept.moment)
            worked = [result.suggestion, *(Suggestion(better.reply, better.why) for better in beat.better)]
            fresh = next((each for each in worked if each.text not in shown), None)
            shown.update({fresh.text} if fresh else ())
            result = msgspec.structs.replace(result, suggestion=fresh)
        results.append(result)
    return tuple(results)


def _reply_result(transcript: Transcript, kept: KeptReply) -> ReplyResult:
    script = transcript.session.script
    occasion = Occasion.at(script.persona, script.persona.beat(kept.moment))
    assessment = kept.assessment
    heard_before = [line.text for line in transcript.lines if line.turn == kept.turn]
    given = next((each.does for each in script.persona.gestures if each.id == kept.gesture), "")
    return ReplyResult(
        turn=kept.turn,
        moment=kept.moment,
        customer=heard_before[-1] if heard_before else "",
        reply=kept.text,
        gesture=given,
        opportunity=assessment.opportunity,
        overall=assessment.overall,
        overall_means=script.rubric.overall[assessment.overall] if assessment.overall is not None else "",
        turn_score=assessment.turn_score,
        scores=assessment.scores,
        unsure=assessment.unsure,
        flags=assessment.flags,
        evidence=assessment.evidence,
        feeling=occasion.feeling,
        spoken=occasion.spoken,
        unspoken=occasion.unspoken,
        suggestion=assessment.suggestion,
    )


def _dimension_result(
    dimension: Scored, title: str, levels: tuple[str, str, str], replies: tuple[ReplyResult, ...]
) -> DimensionResult | None:
    values = [value for reply in replies if (value := reply.scores[dimension]) is not None]
    if not values:
        return None
    mean = sum(values) / len(values)
    return DimensionResult(dimension, title, levels[round(mean)], round(mean, 2), len(values))


def _minds(transcript: Transcript) -> tuple[MindAt, ...]:
    states = [transcript.opening.state, *(reply.state for reply in transcript.replies)]
    return tuple(MindAt(state.turn, state.trust, state.distress, state.patience) for state in states)


def _safety(transcript: Transcript, replies: tuple[ReplyResult, ...]) -> tuple[SafetyResult, ...]:
    persona = transcript.session.script.persona
    results = []
    for reply in replies:
        beat: Moment | Disclosure = persona.beat(reply.moment)
        if beat.safety != "none":
            results.append(
                SafetyResult(reply.turn, beat.safety, reply.customer, reply.opportunity, reply.scores["harm"] or 0)
            )
    return tuple(results)
