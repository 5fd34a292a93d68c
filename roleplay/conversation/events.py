"""What happens in a call, as its front ends see it. This file tells the story of a session.

CustomerSpeaks* CustomerSpoke                       the opening
( ReplyKept CustomerSpeaks* CustomerSpoke )*        a reply, and the line that answers it
[ SessionEnded ]                                    after the last line, or when the trainee leaves
"""

from __future__ import annotations

import msgspec

from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import KeptEnding, KeptLine
from roleplay.scoring.assessment import Assessment


class ReplyKept(msgspec.Struct, frozen=True):
    """A reply was assessed and is saved. `before` and `after` are the customer's state around it.

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
    """A piece of the customer's line, as it comes."""

    turn: int
    chunk: str


class CustomerSpoke(msgspec.Struct, frozen=True):
    """The customer's line is complete and saved. `ended`: it was the last one."""

    line: KeptLine
    ended: bool


class SessionEnded(msgspec.Struct, frozen=True):
    """The call is over, and its end is saved."""

    ending: KeptEnding


Event = ReplyKept | CustomerSpeaks | CustomerSpoke | SessionEnded
