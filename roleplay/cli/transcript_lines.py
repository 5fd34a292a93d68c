"""A saved call as plain lines: what was said, each reply with its assessment, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.scoring.assessment import DIMENSIONS, Assessment
from roleplay.scoring.rubric import Rubric
from roleplay.text import one_line, quote

OPPORTUNITIES = {"met": "met", "partly": "partly met", "missed": "missed", "none": "nothing to be met"}
"""What an opportunity is called before a person."""

_FLAGS = {
    "safety": "somebody's safety was at stake, and the reply did not deal with it",
    "boundary": "a boundary was to be kept, and the reply did not keep it",
    "injection": "holds words aimed at a scorer",
    "too_short": "too little to tell",
    "language": "not English, not scored",
}
_SOURCES = {"reply": "", "customer": " (the customer's words)", "gesture": " (the gesture)"}
_INDENT = "    "


def lines_of(transcript: Transcript, score: float | None, started: str) -> Iterator[str]:
    """The lines of `transcript`; `score` is the session score 0-100, `started` the local date and time."""
    session = transcript.session
    persona, rubric = session.script.persona, session.script.rubric
    yield f"{one_line(persona.title)} ({persona.name}), call {session.id}"
    mode = "exam" if session.exam else "practice"
    yield f"Started {started}, trainee {one_line(session.trainee)}, {mode}, customer: {one_line(session.actor)}"
    yield ""
    yield from _customer(transcript, 1)
    for reply in transcript.replies:
        yield f"You: {reply.text or '(silence)'}"
        yield from _indented(_assessed(reply, rubric))
        yield ""
        yield from _customer(transcript, reply.turn + 1)
    yield ""
    if transcript.ending is None:
        yield "Interrupted: this call has not ended."
    else:
        by = "the trainee left" if transcript.ending.by == "left" else one_line(transcript.ending.ending)
        yield f"Ended: {transcript.ending.outcome} ({by})"
        if transcript.ending.epilogue:
            yield f"Epilogue: {transcript.ending.epilogue}"
        yield "Score: not scored" if score is None else f"Score: {score:.0f} of 100"
    if transcript.self_rating is not None and transcript.self_rating.rating is not None:
        yield f"Rated by the trainee: {transcript.self_rating.rating} of 4"


def _customer(transcript: Transcript, turn: int) -> Iterator[str]:
    """All attempts at the line that opens `turn`; before any was kept, the opening is as it was directed."""
    said = [line for line in transcript.lines if line.turn == turn]
    for line in said:
        yield f"Customer: {line.text}" + (" (cut off)" if line.broken_off else "")
    if turn == 1 and not said:
        yield f"Customer: {transcript.opening.direction.line}"


def _assessed(reply: KeptReply, rubric: Rubric) -> Iterator[str]:
    assessment = reply.assessment
    if reply.gesture:
        yield f"Gesture: {one_line(reply.gesture)}"
    worth = "" if assessment.turn_score is None else f", {assessment.turn_score:.0f} of 100"
    unsure = ", unsure" if assessment.unsure else ""
    yield f"Opportunity {OPPORTUNITIES[assessment.opportunity]}{worth}{unsure}"
    scores = [(name, assessment.scores.get(name)) for name in DIMENSIONS]
    told = [f"{_title(rubric, name)} {score}" for name, score in scores if score is not None]
    if told:
        yield f"Scores, 0-2: {', '.join(told)}"
    if assessment.harm:
        yield f"Harm, 0-2: {assessment.harm}"
    yield from _evidence(assessment, rubric)
    for name, meaning in _FLAGS.items():
        if getattr(assessment.flags, name):
            yield f"Note: {meaning}"


def _evidence(assessment: Assessment, rubric: Rubric) -> Iterator[str]:
    for evidence in assessment.evidence:
        source = _SOURCES[evidence.of]
        yield f"{_title(rubric, evidence.dimension)}: {quote(evidence.quote)}{source} {one_line(evidence.why)}"


def _title(rubric: Rubric, dimension: str) -> str:
    texts = {str(name): text.title for name, text in rubric.dimensions.items()}
    return texts.get(dimension, dimension.replace("_", " "))


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (_INDENT + line for line in lines)
