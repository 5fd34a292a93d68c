"""One thing said by one side of a conversation."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["customer", "trainee", "narrator"]


class Message(msgspec.Struct, frozen=True):
    """What one side said. `speaker` is the name to show where a scene has several people; else empty."""

    role: Role
    text: str
    speaker: str = ""
