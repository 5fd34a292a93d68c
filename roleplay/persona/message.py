"""One thing said by one side of a conversation."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["customer", "trainee"]


class Message(msgspec.Struct, frozen=True):
    """What one side said. `speaker`: the cast member who said it; empty: the customer, or the trainee."""

    role: Role
    text: str
    speaker: str = ""
