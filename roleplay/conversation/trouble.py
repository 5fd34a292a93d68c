"""What can go wrong between us and a language model: each fault has a name, a sentence, and what can be done."""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.conversation.voiced import Usage

TroubleName = Literal[
    "unreachable",  # nobody answers at that address
    "slow",  # no first word in time
    "stalled",  # words came, and then none for too long
    "cut off",  # the answer broke off in the middle
    "garbled",  # the answer is not in the protocol: a web page, broken JSON, wrong shapes
    "too big",  # the answer does not end
    "key refused",  # 401, 403, or no key where one is wanted
    "no model",  # there is no such model, or no such address
    "busy",  # 429: asked to wait
    "no credit",  # 429: the account is spent
    "server fault",  # 500 and above
    "too long",  # the conversation does not fit the model's context, folded as it is
    "declined",  # the request was refused, or its answer withheld
    "stopped",  # the trainee stopped it
    "spent",  # the limit of tokens for this call is reached
]

Choice = Literal["wait", "retry", "lift", "scripted", "leave"]
"""`wait` for the time the server named, then retry; `lift` the limit of this call, then retry; go on with the
`scripted` customer; save and `leave`."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A named state: `what` happened and how to `mend` it, a sentence each, without any word of a key.

    `wait`: seconds after which trying again makes sense, where that is known.
    """

    name: TroubleName
    what: str
    mend: str = ""
    wait: float | None = None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be done now, the most sensible first."""
        if self.name == "spent":
            return ("scripted", "lift", "leave")
        if self.name in ("key refused", "no model", "no credit", "too long", "declined"):
            return ("scripted", "retry", "leave")
        if self.wait is not None:
            return ("wait", "scripted", "leave")
        return ("retry", "scripted", "leave")

    def __str__(self) -> str:
        return f"{self.what} {self.mend}".strip()


class InTrouble(Exception):
    """Raised by an actor, a judge or an endpoint that could not do its part. `usage` is what it took all the same."""

    def __init__(self, trouble: Trouble, usage: Usage | None = None) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble
        self.usage = usage or Usage()
