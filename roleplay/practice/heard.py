"""What a screen shows of a call being played: how a reply was heard, what is left to give, who was left behind."""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.conversation.events import ReplyKept
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Transcript
from roleplay.persona.model import Gesture
from roleplay.persona.scenes import in_scene
from roleplay.practice import wording
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.rubric import Rubric
from roleplay.text import quote

Sign = Literal["met", "partly", "missed", "none", "unsure"]


def sign_of(assessment: Assessment) -> Sign:
    """The sign of a reply."""
    return "unsure" if assessment.unsure or assessment.flags.language else assessment.opportunity


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """How a reply was heard. Each text may be empty.

    `verdict` in words with its `sign`; `quoted` the words it rests on, introduced by `whose`, and `why` they count;
    `missing` the dimensions it has nothing of; `gesture` what became of a gesture that did not fit. `hurt`: those words
    did harm.
    """

    sign: Sign
    verdict: str
    whose: str
    quoted: str
    why: str
    hurt: bool
    missing: tuple[str, ...]
    gesture: str


def heard_of(event: ReplyKept, rubric: Rubric) -> Heard:
    """How the reply of `event` was heard."""
    assessment = event.assessment
    gesture = "The gesture did not fit here, or was given before." if event.gesture and not event.fitted else ""
    sign, foreign = sign_of(assessment), assessment.flags.language
    verdict = wording.verdict(assessment) if foreign else wording.verdict_word(assessment)
    telling = None if foreign else wording.telling_evidence(assessment)
    missing: tuple[str, ...] = ()
    if not foreign and assessment.opportunity in ("partly", "missed"):
        missing = tuple(rubric.dimensions[each].title.lower() for each in wording.missing_dimensions(assessment))
    if telling is None:
        return Heard(
            sign=sign, verdict=verdict, whose="", quoted="", why="", hurt=False, missing=missing, gesture=gesture
        )
    return Heard(
        sign=sign,
        verdict=verdict,
        whose=wording.WHOSE[telling.of],
        quoted=wording.last_words(telling.quote) if telling.of == "customer" else quote(telling.quote),
        why=telling.why,
        hurt=telling.dimension == "harm",
        missing=missing,
        gesture=gesture,
    )


def heard_last(transcript: Transcript) -> Heard | None:
    """How the last reply of a call that is gone on with was heard; None before the first."""
    if not transcript.replies:
        return None
    replies = transcript.replies
    last = replies[-1]
    before, after = transcript.state_before(last), transcript.state_after(last)
    fitted = last.gesture in last.state.gestures and last.gesture not in before.gestures
    kept = ReplyKept(last.turn, last.text, transcript.counted(last), before, after, last.gesture, fitted)
    return heard_of(kept, transcript.session.script.rubric)


def left_behind(transcript: Transcript) -> str:
    """What is to be said, once a call was ended by the trainee, of the danger somebody was left in; empty if none."""
    state = transcript.state
    persona = in_scene(transcript.session.script.persona, state.scene)
    if transcript.ending is None or transcript.ending.by != "left" or persona.beat(state.moment).safety == "none":
        return ""
    return f"{persona.short_name} was not safe yet when you hung up."


def gestures_left(session: Session) -> list[Gesture]:
    """The gestures that can still be given: those that did not arrive yet.

    In an exam each can be tried once, because another try would tell that the first did not fit.
    """
    transcript = session.transcript
    tried = {reply.gesture for reply in transcript.replies} if transcript.session.exam else set()
    given = tried | set(session.state.gestures)
    return [each for each in transcript.session.script.persona.gestures if each.id not in given]
