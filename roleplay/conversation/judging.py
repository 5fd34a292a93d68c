"""The port through which a second opinion on a reply comes, beside the call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from roleplay.conversation.voiced import Usage
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion

Standing = Literal["verified", "unverified", "failed"]
"""`verified`: it counts, in place of the offline assessment. `unverified`: kept for the coach, and counts for nothing.
`failed`: there is none; the reply is not scored by the judge, which is not 0."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A judge's assessment of one reply, verified by code. `assessment` is None only where it `failed`.

    `why`: sentences for a coach on what was struck out or not believed. `raw` is what the judge wrote, sanitised.
    `prompt` is the first 12 hex digits of the SHA-256 of the fixed prompt.
    """

    standing: Standing
    assessment: Assessment | None = None
    why: tuple[str, ...] = ()
    model: str = ""
    prompt: str = ""
    raw: str = ""
    usage: Usage = Usage()


class Judge(Protocol):
    """Gives a verdict on a reply at a moment."""

    @property
    def name(self) -> str:
        """The name shown beside its verdicts."""
        ...

    async def judge(
        self, occasion: Occasion, history: Sequence[Message], reply: str, offline: Assessment, *, used: Usage
    ) -> Verdict | None:
        """The verdict on `reply`, given on `occasion` after `history`, which the offline scorer assessed as `offline`.

        `used` is what the call has taken so far. None: this reply is not for a judge, such as a silence. Never raises
        but when cancelled: what goes wrong is a `failed` verdict that says why.
        """
        ...
