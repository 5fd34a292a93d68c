"""Hints: first a question to think about, then a worked reply. Neither says what the customer has not said."""

from __future__ import annotations

import msgspec

from roleplay.conversation.session import Session
from roleplay.persona.fields import Boundary, Dimension, Safety
from roleplay.persona.lines import Better
from roleplay.persona.scenes import in_scene
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric


class Hint(msgspec.Struct, frozen=True):
    """`question` is one to ask oneself about the customer's last line; `worked` a reply to it with its reason, if any.

    No two hints for the same turn differ, so that asking twice shows no more than asking once.
    """

    question: str
    worked: Better | None


def hint(session: Session) -> Hint:
    """The hint for the line that waits for a reply."""
    script, state = session.transcript.session.script, session.state
    occasion = Occasion.at(script.persona, in_scene(script.persona, state.scene).beat(state.moment))
    replies = session.transcript.replies
    last = session.transcript.counted(replies[-1]) if replies else None
    here = sum(reply.moment == state.moment for reply in replies)
    return hint_on(occasion, script.rubric, last=last, here=here, turn=state.turn)


def hint_on(
    occasion: Occasion, rubric: Rubric, *, last: Assessment | None = None, here: int = 0, turn: int = 0
) -> Hint:
    """The hint for a reply on `occasion`.

    It asks about what the `last` reply lacked most, by the weights of the rubric, among what this moment calls for; for
    the first reply about what weighs most. Where somebody's safety is at stake or a boundary is to be kept, it asks
    about that first. A worked reply is one that the persona's author wrote for this moment. `here` is how many replies
    were given to this moment before, `turn` how many in all.
    """
    worked = occasion.better[here % len(occasion.better)] if occasion.better else None
    if not here and occasion.safety != "none":
        return Hint(_SAFETY[occasion.safety], worked)
    if not here and occasion.boundary != "none":
        return Hint(_BOUNDARY[occasion.boundary], worked)
    dimension = _most_missing(occasion, last, rubric)
    if dimension is None:
        return Hint(_NOTHING, worked)
    questions = _AGAIN[dimension] if here else _FIRST[dimension]
    return Hint(questions[turn % len(questions)], worked)


def _most_missing(occasion: Occasion, last: Assessment | None, rubric: Rubric) -> Dimension | None:
    """The dimension called for that is most worth thinking about; what counts more in the rubric comes first."""
    lacked = {dimension: 2 - (last.scores[dimension] or 0) if last else 2 for dimension in occasion.called_for}
    missing = {dimension: rubric.weights[dimension] * lack for dimension, lack in lacked.items()}
    return max(missing, key=lambda dimension: missing[dimension], default=None)


_FIRST: dict[Dimension, tuple[str, ...]] = {
    "acknowledges_feeling": (
        "Read the last line aloud, at the speed it was said. What is it like to be the one saying it?",
        "Which words in the last line did not need to be there? They may be about how this feels.",
        "If a friend said exactly this to you, what would you hear before you heard the request?",
    ),
    "names_need": (
        "What was asked just now, in one sentence of your own? Would this customer agree with it?",
        "Which question or wish in the last line has had no answer yet?",
        "What would this customer say they called for? Have you said it back, or answered it?",
    ),
    "reaches_unspoken": (
        "What would still be wrong if you did exactly what was asked, and nothing else?",
        "Why this call, and why now? What does somebody need who says it in just this way?",
        "What was almost said? Which detail was mentioned once, and then left alone?",
        "What would have to happen for this customer to put the phone down and breathe out?",
    ),
    "explores": (
        "What do you not know yet that would change what you do? Ask for that one thing.",
        "Which question could only be asked of this customer, and of nobody else today?",
        "Is there a door in the last line that was left ajar? A short question opens it further than advice does.",
    ),
    "acts": (
        "What can you do this minute, with what is yours to do? Say who does it, and when.",
        "What would this customer see or hear change, if you acted now instead of promising?",
        "Look at what you may do (F5). Which of it fits this customer, and not just this kind of call?",
    ),
}
_AGAIN: dict[Dimension, tuple[str, ...]] = {
    "acknowledges_feeling": (
        "Your last reply dealt with the matter. Where in it would this customer find themselves?",
        "Could what you said be said to anybody today? Take one thing from their own words into your answer.",
        "What did they tell you about how this is for them, and what did you say to that?",
    ),
    "names_need": (
        "Something was asked, and your last reply answered something else. What was it?",
        "Would they have to ask again? Give the plain answer first, even if it is a no.",
    ),
    "reaches_unspoken": (
        "You answered the words. What are they there to protect?",
        "They came back to it, so it was not what you dealt with. What do all their lines have in common?",
        "What are you still treating as a case that is, for them, about somebody or something they care for?",
    ),
    "explores": (
        "Who has done the talking so far? Ask one thing, and leave room for the answer.",
        "What have you taken for granted about this customer? Check it with one question.",
    ),
    "acts": (
        "Kind words are there. What changes for them in the next five minutes because you are on the line?",
        "Who does the next step, you or they? If it is they, can you take it over?",
    ),
}
_SAFETY: dict[Safety, str] = {
    "danger": "Before anything else: where is this customer now, and what could happen there in the next minute?",
    "suicide": "Is there something in the last line that you would rather not ask about? Ask it, plainly and calmly.",
    "harm": "Could somebody come to harm here? What needs to be said or done about that before anything else?",
}
_BOUNDARY: dict[Boundary, str] = {
    "gift": "You are offered something. What is really being given, and how can you honour that without taking it?",
    "romance": "What is wished for here that is not yours to give? How do you say no so that nobody is made small?",
    "private contact": "What is missing in this customer's days? How can you be kind now, and clear about afterwards?",
}
_NOTHING = "Nothing has to be met in this line. What would keep the thread between you and this customer?"
