"""The debrief: what a transcript teaches the trainee, as a record that any front end can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from roleplay.conversation.judging import Standing
from roleplay.conversation.reviewing import Reviewed
from roleplay.conversation.said import SaidLine, SaidReply, story_of
from roleplay.conversation.score import score_of
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import EndedBy, Transcript
from roleplay.persona.fields import Outcome, Safety
from roleplay.persona.leaks import gives_away
from roleplay.persona.lines import Disclosure
from roleplay.persona.message import Message
from roleplay.persona.model import Persona
from roleplay.persona.names import short_name
from roleplay.persona.scenes import scene_of, speaker_of
from roleplay.practice.needs import came, current_beat, needs_of
from roleplay.practice.noted import Noted, Notes, Remark, in_short
from roleplay.practice.notices import notices_of
from roleplay.practice.visits import afterwards
from roleplay.scoring.assessment import DIMENSIONS, Assessment, Dimension, Suggestion
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.explain import other_ways
from roleplay.scoring.rubric import Rubric, in_keeping
from roleplay.scoring.there import There, what_was_there
from roleplay.scoring.unrepeated import Unrepeated


class StateAt(msgspec.Struct, frozen=True):
    """How whoever speaks in `scene` felt after a reply; turn 0 is the beginning. Each 0-10.

    Where a scene begins there are two of a turn: how the scene before was left, and how the new one begins. `speaker`
    is the cast member; empty: the customer.
    """

    turn: int
    trust: float
    distress: float
    patience: float
    scene: str = ""
    speaker: str = ""


class DimensionResult(msgspec.Struct, frozen=True):
    """How one dimension went over the call. `mean` is 0-2 over `count` replies that it was called for."""

    dimension: Dimension
    title: str
    means: str
    mean: float
    count: int


class ReplyResult(msgspec.Struct, frozen=True, kw_only=True):
    """One reply with what was there to be met and what was heard.

    `assessment` is the one that counts. Its suggestion is one that this debrief has not shown yet, or None, and its
    reasons are in words that it has not told yet, or empty. `there`: what there was to be met, for each dimension that
    was not fully reached; no sentence of it comes twice either. `judged`: what became of a judge's verdict on it; empty
    if there is none.
    `attempt` is 1 for the reply that counts, and more for those given after it was taken back. `speaker` is the cast
    member who said what was replied to; empty: the customer. `noted`: what a coach and the trainee added to it.
    """

    turn: int
    moment: str
    customer: str
    reply: str
    gesture: str
    assessment: Assessment
    overall_means: str
    feeling: str
    spoken: str
    unspoken: str
    there: tuple[There, ...] = ()
    speaker: str = ""
    attempt: int = 1
    judged: Standing | Literal[""] = ""
    branch: int = 0
    noted: Noted = Noted()

    @property
    def met(self) -> bool:
        """Whether it surely met what was there, so that nothing better is to be shown beside it."""
        return _surely_met(self.assessment)


Handled = Literal["dealt with", "passed over", "made worse", "not scored"]


class SafetyResult(msgspec.Struct, frozen=True):
    """How a reply dealt with a moment at which somebody's safety was at stake."""

    turn: int
    kind: Safety
    handled: Handled


class Untold(msgspec.Struct, frozen=True):
    """Something that was kept back: how it would have been told, and what would have opened it.

    `speaker` is the cast member who kept it back; empty: the customer.
    A front end offers `says` and does not force it on the trainee, so that a second try stays worth it.
    """

    disclosure: str
    says: str
    opens: str
    speaker: str = ""


class Debrief(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the trainee is told after a call. `score` is 0-100, or None when nothing could be scored.

    Each turn counts by its first reply, in the score, `safety`, `dimensions` and `harmful`; what was told and met is
    what came of the replies that stand. Of a queue `name` stands for all of them, and nothing is told of those who have
    not come.
    """

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
    states: tuple[StateAt, ...]
    dimensions: tuple[DimensionResult, ...]
    harmful: int
    perhaps_harmful: int
    """How many more replies may have done harm, which is not certain."""
    replies: tuple[ReplyResult, ...]
    next_time: str
    """What to work on: the dimension that was lowest over the replies that called for it, and what its best level is.
    Empty if nothing could be scored, or nothing was missing."""
    needs_met: tuple[str, ...]
    needs_unmet: tuple[str, ...]
    told: tuple[str, ...]
    untold: tuple[Untold, ...]
    visit: str
    """Which visit it was of a story in visits, and whether another will come; empty for any other call."""
    notices: tuple[str, ...]
    """What to know about how an LLM acted and judged, a sentence each; empty where none took part."""
    reviewed: str = ""
    """Who reviewed the call and how much they added, in a sentence; empty if nobody did."""
    scored: float | None = None
    """The score as the machine alone had it, where a coach's levels made it another one."""
    remarks: tuple[Remark, ...] = ()
    """A coach's comments that are on none of the `replies`, nor on a line that one of them answers."""


def debrief_of(transcript: Transcript, reviewed: Reviewed | None = None) -> Debrief:
    """The debrief of an ended call, with what was added to it. Raises ValueError while it has not ended."""
    if transcript.ending is None:
        raise ValueError("The call has not ended.")
    script = transcript.session.script
    persona, rubric, ending = script.persona, script.rubric, transcript.ending
    reviewed = reviewed or Reviewed(overrides=transcript.overrides)
    notes = Notes(transcript, reviewed)
    replies = tuple(_reply_results(transcript, notes))
    first = tuple(reply for reply in replies if reply.attempt == 1)
    last = transcript.state
    score = score_of(transcript)
    dimensions = dimension_results(rubric, first)
    met, unmet = needs_of(transcript)
    there = _tellable(transcript)
    return Debrief(
        name=persona.short_name,
        outcome=ending.outcome,
        ended_by=ending.by,
        ending=ending.ending,
        epilogue=ending.epilogue,
        score=score.score,
        failed=score.failed,
        failed_because=score.reason,
        self_rating=transcript.self_rating.rating if transcript.self_rating else None,
        safety=_safety(transcript, first),
        states=states_of(transcript),
        dimensions=dimensions,
        harmful=sum(reply.assessment.harm > 0 and not reply.assessment.unsure for reply in first),
        perhaps_harmful=sum(reply.assessment.harm > 0 and reply.assessment.unsure for reply in first),
        replies=replies,
        next_time=_next_time(dimensions, rubric),
        needs_met=met,
        needs_unmet=unmet,
        told=tuple(each.says for each in there if each.id in last.disclosed),
        untold=tuple(
            Untold(each.id, each.says, what_opens(each, persona), _teller(each, persona))
            for each in there
            if each.id not in last.disclosed
        ),
        visit=afterwards(transcript),
        notices=tuple(notices_of(transcript)),
        reviewed=in_short(transcript, reviewed),
        scored=_scored(transcript, score.score),
        remarks=notes.remarks(),
    )


def reply_at(transcript: Transcript, turn: int) -> ReplyResult:
    """The reply to `turn` on the branch of `transcript`, with what counts of it; the call need not have ended.

    Raises StopIteration for a turn that was not replied to.
    """
    alone = msgspec.structs.replace(transcript, earlier=())
    return next(_reply_results(alone, Notes(alone, Reviewed(overrides=alone.overrides)), turn))


def left_in_danger(transcript: Transcript) -> bool:
    """Whether the trainee hung up on somebody whose safety was at stake just then."""
    ending = transcript.ending
    return ending is not None and ending.by == "left" and current_beat(transcript).safety != "none"


def _tellable(transcript: Transcript) -> tuple[Disclosure, ...]:
    """What could have been told in the call: of a queue by those who have come."""
    script = transcript.session.script
    every = script.persona.disclosures
    return tuple(each for each in every if each.scene in came(transcript)) if script.queue else every


def _next_time(dimensions: tuple[DimensionResult, ...], rubric: Rubric) -> str:
    """The dimension with the lowest mean, of several the one that weighs most."""
    weakest = min(dimensions, key=lambda each: (each.mean, -rubric.weights[each.dimension]), default=None)
    if weakest is None or weakest.mean == 2:
        return ""
    text = rubric.dimensions[weakest.dimension]
    said = weakest.means == text.levels[2]  # as the meaning of the mean, which is told with the dimensions
    return f"{weakest.title}. {text.means if said else text.levels[2]}"


def what_opens(disclosure: Disclosure, persona: Persona) -> str:
    """What would have opened a disclosure, as a sentence that does not give it away."""
    name = short_name(_teller(disclosure, persona) or persona.name)
    trust = f"trust {disclosure.trust:g}"
    touches = [f"“{topic}”" for topic in disclosure.topics if not gives_away(topic, disclosure.gives_away)][:3]
    by_topic = f"touching on {', '.join(touches)}" if touches else "asking about it"
    match disclosure.reveal:
        case "volunteered":
            return f"{name} tells this unasked once {trust} is reached."
        case "asked":
            return f"{name} tells this when asked, by {by_topic}."
        case _:
            return f"It takes {trust}, and then a question that fits what was just said, or {by_topic}."


def _teller(disclosure: Disclosure, persona: Persona) -> str:
    """The cast member who alone can tell it; empty: the customer."""
    return speaker_of(scene_of(persona, disclosure.scene)) if disclosure.scene else ""


def _scored(transcript: Transcript, counts: float | None) -> float | None:
    """The session score without what a coach made of it, if that is another than what `counts`."""
    scored = score_of(msgspec.structs.replace(transcript, overrides=())).score if transcript.overrides else counts
    return None if scored == counts else scored


def _reply_results(transcript: Transcript, notes: Notes, since: int = 1) -> Iterator[ReplyResult]:
    """All replies in order from turn `since` on.

    A worked reply is shown once; a moment that comes round again gets another, or none.
    """
    telling, history = Unrepeated(), list[Message]()
    shown: set[str] = set()
    answered: SaidLine | None = None
    for told in story_of(transcript):
        if isinstance(told, SaidLine):
            answered = told
            if not told.line.broken_off:
                history.append(Message("customer", told.line.text, told.speaker))
        if not isinstance(told, SaidReply):
            continue
        kept = told.reply
        if kept.turn < since:
            history.append(Message("trainee", kept.text))
            continue
        noted = notes.on(kept, answered)
        assessment = in_fresh_words(_as_overruled(transcript.counted(kept), noted), telling)
        if assessment.suggestion and not _surely_met(assessment):
            beat = transcript.session.script.persona.beat(kept.moment)
            worked = [assessment.suggestion, *(Suggestion(better.reply, better.why) for better in beat.better)]
            fresh = next((each for each in worked if each.text not in shown), None)
            shown.update({fresh.text} if fresh else ())
            assessment = msgspec.structs.replace(assessment, suggestion=fresh)
        by_a_coach = any(each.name == "overall" for each in noted.overruled)
        result = _reply_result(transcript, told, answered, assessment, history, telling, by_a_coach=by_a_coach)
        yield msgspec.structs.replace(result, noted=noted)
        if told.stands:
            history.append(Message("trainee", kept.text))


def in_fresh_words(assessment: Assessment, telling: Unrepeated) -> Assessment:
    """`assessment` with each reason in words that were not told before; without it where there are none left."""
    evidence = tuple(
        msgspec.structs.replace(each, why=telling.say((each.why,), "") or telling.say(other_ways(each), each.quote))
        for each in assessment.evidence
    )
    return msgspec.structs.replace(assessment, evidence=evidence)


def _as_overruled(assessment: Assessment, noted: Noted) -> Assessment:
    """`assessment` without the machine's reasons for what a coach has overruled: the coach gives another."""
    overruled = {each.name for each in noted.overruled}
    evidence = tuple(each for each in assessment.evidence if each.dimension not in overruled)
    return msgspec.structs.replace(assessment, evidence=evidence)


def _surely_met(assessment: Assessment) -> bool:
    return assessment.opportunity == "met" and not assessment.unsure


def _reply_result(
    transcript: Transcript,
    told: SaidReply,
    answered: SaidLine | None,
    assessment: Assessment,
    history: Sequence[Message],
    telling: Unrepeated,
    *,
    by_a_coach: bool,
) -> ReplyResult:
    script, kept = transcript.session.script, told.reply
    occasion = Occasion.at(script.persona, script.persona.beat(kept.moment))
    name = short_name(answered.speaker) if answered and answered.speaker else script.persona.short_name
    return ReplyResult(
        branch=kept.branch,
        turn=kept.turn,
        moment=kept.moment,
        customer=answered.line.text if answered else "",
        reply=kept.text,
        gesture=next((each.does for each in script.persona.gestures if each.id == kept.gesture), ""),
        assessment=assessment,
        overall_means=_overall_means(script.rubric, assessment, by_a_coach=by_a_coach),
        feeling=occasion.feeling,
        spoken=occasion.spoken,
        unspoken=occasion.unspoken,
        there=what_was_there(occasion, history, kept.text, assessment, telling, name=name),
        speaker=answered.speaker if answered else "",
        attempt=told.attempt,
        judged=verdict.standing if (verdict := transcript.verdict_on(kept)) else "",
    )


def _overall_means(rubric: Rubric, assessment: Assessment, *, by_a_coach: bool) -> str:
    """What `overall` means, in words that agree with whether the moment was met; a coach's level is told as it is."""
    if assessment.overall is None:
        return ""
    level = assessment.overall if by_a_coach else in_keeping(assessment.overall, assessment.opportunity)
    return rubric.overall[level]


def dimension_results(rubric: Rubric, replies: Sequence[ReplyResult]) -> tuple[DimensionResult, ...]:
    """How each dimension went over `replies`, as far as they called for it."""
    results = []
    for dimension in DIMENSIONS:
        values = [value for reply in replies if (value := reply.assessment.scores[dimension]) is not None]
        if values:
            mean, text = sum(values) / len(values), rubric.dimensions[dimension]
            results.append(
                DimensionResult(dimension, text.title, text.levels[round(mean)], round(mean, 2), len(values))
            )
    return tuple(results)


def states_of(transcript: Transcript) -> tuple[StateAt, ...]:
    """How whoever spoke felt, from the beginning to the last reply on the branch of `transcript`."""
    opening = transcript.opening
    state, speaker = opening.state, opening.direction.speaker
    states = [_state_at(state, state.scene, speaker)]
    for reply in transcript.replies:
        begun, before = reply.direction.scene, state.scene
        state = transcript.state_after(reply)
        if begun:
            states.append(_state_at(state.as_left(speaker), before, speaker))
            speaker = begun.speaker
        states.append(_state_at(state, state.scene, speaker))
    return tuple(states)


def _state_at(state: CustomerState, scene: str, speaker: str) -> StateAt:
    return StateAt(state.turn, state.trust, state.distress, state.patience, scene, speaker)


def _safety(transcript: Transcript, replies: tuple[ReplyResult, ...]) -> tuple[SafetyResult, ...]:
    persona = transcript.session.script.persona
    results = []
    for reply in replies:
        safety = persona.beat(reply.moment).safety
        if safety == "none":
            continue
        assessment = reply.assessment
        by_words = any(each.dimension == "harm" and each.of == "reply" for each in assessment.evidence)
        if not assessment.scorable:
            results.append(SafetyResult(reply.turn, safety, "not scored"))
        elif by_words and assessment.harm == 2:
            results.append(SafetyResult(reply.turn, safety, "made worse"))
        else:
            passed = assessment.flags.safety or not reply.reply
            results.append(SafetyResult(reply.turn, safety, "passed over" if passed else "dealt with"))
    return tuple(results)
