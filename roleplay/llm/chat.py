"""What is sent to a language model: messages with a role, as chat completions have them."""

from __future__ import annotations

from typing import Literal, NamedTuple

ChatRole = Literal["system", "user", "assistant"]


class ChatMessage(NamedTuple):
    """One message of a chat completion."""

    role: ChatRole
    content: str


Chat = tuple[ChatMessage, ...]
