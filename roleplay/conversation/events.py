"""What happens in a call, as its front ends see it. This file tells the story of a session.

[ SceneBegan ] CustomerSpeaks* CustomerSpoke        the first scene, if there are any, and the opening
( ReplyKept CustomerSpeaks* CustomerSpoke           a reply, and the line that answers it
  [ SceneBegan CustomerSpeaks* CustomerSpoke ]      … after which a scene may begin, with its own opening
| TriesAgain )*                                     instead of a reply: the last one is taken back, on a new branch
[ SessionEnded ]                                    after the last line, or when the trainee leaves

With an LLM an ActorTrouble can stand in place of each CustomerSpoke: the line was not said to its end, and `speak` says
it anew. VerdictArrived comes at any time after the ReplyKept it is about.
"""

from __future__ import annotations

import msgspec

from roleplay.conversation.state import CustomerState
from roleplay.conversation.trouble import Trouble
from roleplay.conversation.turns import KeptEnding, KeptLine, KeptVerdict, SceneBegins
from roleplay.scoring.assessment import Assessment


class ReplyKept(msgspec.Struct, frozen=True):
    """A reply was assessed and is saved. `before` and `after` are the state of who heard it, around it.

    `gesture` is the id of the gesture given with it, or None; `fitted`: whether it fitted this moment.
    """

    turn: int
    text: str
    assessment: Assessment
    before: CustomerState
    after: CustomerState
    gesture: str | None
    fitted: bool


class CustomerSpeaks(msgspec.Struct, frozen=True):
    """A piece of the customer's line, as it comes. `speaker`: the cast member who says it; empty: the customer."""

    turn: int
    chunk: str
    speaker: str = ""


class CustomerSpoke(msgspec.Struct, frozen=True):
    """The customer's line is complete and saved. `ended`: it was the last one.

    `scene_follows`: a scene begins now, so the trainee does not reply before its opening was said.
    """

    line: KeptLine
    ended: bool
    speaker: str = ""
    scene_follows: bool = False


class ActorTrouble(msgspec.Struct, frozen=True):
    """The line that opens `turn` was not said to its end. `half` is what was said of it; it is kept as broken off."""

    turn: int
    trouble: Trouble
    half: str
    speaker: str = ""


class VerdictArrived(msgspec.Struct, frozen=True):
    """The judge's verdict on a reply is saved. `before` and `after` are the customer's state around that reply, if the
    verdict has moved it; else both are None.
    """

    verdict: KeptVerdict
    before: CustomerState | None
    after: CustomerState | None


class SceneBegan(msgspec.Struct, frozen=True):
    """A scene begins: what happened before it is told; its opening is spoken next. `state` is its speaker's."""

    scene: SceneBegins
    state: CustomerState


class TriesAgain(msgspec.Struct, frozen=True):
    """The trainee answers again the line that opened `turn`: everything after it is left on its branch.

    `customer` is that line, by `speaker`; `state` the state before the reply.
    """

    branch: int
    turn: int
    customer: str
    speaker: str
    state: CustomerState


class SessionEnded(msgspec.Struct, frozen=True):
    """The call is over, and its end is saved."""

    ending: KeptEnding


Event = (
    ReplyKept | CustomerSpeaks | CustomerSpoke | ActorTrouble | VerdictArrived | SceneBegan | TriesAgain | SessionEnded
)
