"""What a screen shows of a call being played: how a reply was heard, what is left to give, who was left behind."""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.conversation.events import ReplyKept
from roleplay.conversation.said import whole_lines
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Transcript
from roleplay.persona.message import Message
from roleplay.persona.model import Gesture
from roleplay.persona.scenes import in_scene
from roleplay.practice import wording
from roleplay.practice.debrief import left_in_danger
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric
from roleplay.scoring.there import what_was_there
from roleplay.scoring.unrepeated import Unrepeated
from roleplay.text import quote

Sign = Literal["met", "partly", "missed", "none", "unsure"]


def sign_of(assessment: Assessment) -> Sign:
    """The sign of a reply."""
    return "unsure" if assessment.unsure or assessment.flags.language else assessment.opportunity


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """How a reply was heard. Each text may be empty.

    `verdict` in words with its `sign`; `quoted` the words it rests on, introduced by `whose`, and `why` they count;
    `missing` the dimensions it has nothing of, and `there` what was there to be met by the customer's own words;
    `gesture` what became of a gesture that did not fit. `hurt`: those words did harm, or may have.
    """

    sign: Sign
    verdict: str
    whose: str
    quoted: str
    why: str
    hurt: bool
    missing: tuple[str, ...]
    there: str = ""
    gesture: str

    @property
    def harm(self) -> str:
        """That those words did harm, or may have; empty if they did none."""
        if not self.hurt:
            return ""
        return "It may have hurt." if self.sign == "unsure" else "It hurt."


def heard_of(event: ReplyKept, rubric: Rubric, answered: str = "") -> Heard:
    """How the reply of `event` was heard; `answered` is the customer's line that it answered, if it is known.

    What the customer has not said stays untold.
    """
    assessment = event.assessment
    gesture = "The gesture did not fit here, or was given before." if event.gesture and not event.fitted else ""
    sign, foreign = sign_of(assessment), assessment.flags.language
    verdict = wording.verdict(assessment) if foreign else wording.verdict_word(assessment)
    telling = None if foreign else wording.telling_evidence(assessment)
    missing: tuple[str, ...] = ()
    if not foreign and assessment.opportunity in ("partly", "missed"):
        missing = tuple(rubric.dimensions[each].title.lower() for each in wording.missing_dimensions(assessment))
    heard = Heard(
        sign=sign,
        verdict=verdict,
        whose="",
        quoted="",
        why="",
        hurt=False,
        missing=missing,
        there=_there(event, rubric, answered) if missing else "",
        gesture=gesture,
    )
    if telling is None:
        return heard
    return msgspec.structs.replace(
        heard,
        whose=wording.WHOSE[telling.of],
        quoted=wording.last_words(telling.quote) if telling.of == "customer" else quote(telling.quote),
        why=telling.why,
        hurt=telling.dimension == "harm",
    )


def _there(event: ReplyKept, rubric: Rubric, answered: str) -> str:
    """What was there by the customer's own words, for the weightiest dimension that the reply has nothing of."""
    history = (Message("customer", answered),) if answered else ()
    found = what_was_there(Occasion(), history, event.text, event.assessment, Unrepeated())
    missed = [each for each in found if each.level == 0 and each.dimension != "explores"]
    return max(missed, key=lambda each: rubric.weights[each.dimension]).text if missed and history else ""


def answered_by(transcript: Transcript, turn: int) -> str:
    """The customer's line that the reply to `turn` answered; empty if none was said to its end."""
    said = whole_lines(transcript, turn)
    return said[-1].text if said else ""


def heard_last(transcript: Transcript) -> Heard | None:
    """How the last reply of a call that is gone on with was heard; None before the first."""
    if not transcript.replies:
        return None
    replies = transcript.replies
    last = replies[-1]
    before, after = transcript.state_before(last), transcript.state_after(last)
    fitted = last.gesture in last.state.gestures and last.gesture not in before.gestures
    kept = ReplyKept(last.turn, last.text, transcript.counted(last), before, after, last.gesture, fitted)
    return heard_of(kept, transcript.session.script.rubric, answered_by(transcript, last.turn))


def left_behind(transcript: Transcript) -> str:
    """What is to be said, once a call was ended by the trainee, of the danger somebody was left in; empty if none."""
    persona = in_scene(transcript.session.script.persona, transcript.state.scene)
    return f"{persona.short_name} was not safe yet when you hung up." if left_in_danger(transcript) else ""


def gestures_left(session: Session) -> list[Gesture]:
    """The gestures that can still be given: those that did not arrive yet.

    In an exam each can be tried once, because another try would tell that the first did not fit.
    """
    transcript = session.transcript
    tried = set() if transcript.coached else {reply.gesture for reply in transcript.replies}
    given = tried | set(session.state.gestures)
    return [each for each in transcript.session.script.persona.gestures if each.id not in given]
