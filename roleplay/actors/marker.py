"""The lines around a stage direction, and how words of others are kept from looking like them.

A prompt is text, so nothing in it is safe by itself: the code of the marker is drawn from the session and cannot be
guessed, what looks like a marker in somebody's words is broken up, and so are the signs by which chat templates of
local models tell who is speaking.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]")
"""Characters without a width, which keep words apart for a program and not for a model."""

_OPENING = re.escape("[(<{【〔〖［（＜｛〈《「『⟦⟨‹«")
_MARKER = re.compile(
    rf"[{_OPENING}][\W_]*((?:end[\W_]*(?:of)?[\W_]*)?(?:the[\W_]*)?stage[\W_]*directions?)(?![^\W_])", re.IGNORECASE
)
_TEMPLATE_SIGN = re.compile(
    r"<(?=[|｜]|/?\s*(?:s|bos|eos|pad|unk|think|thinking|reasoning|system|user|human|assistant|model"
    r"|(?:start|end)_of_\w+|tools?(?:_\w+)?|functions?(?:_\w+)?|invoke)\b[^<>]{0,80}>|<SYS>>|</SYS>>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\b)",
    re.IGNORECASE,
)
_WHO_SPEAKS = re.compile(
    r"^[^\S\n]*#*[^\S\n]*(human|user|assistant|system|ai|bot|instructions?|input|response)[^\S\n]*:",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that begins like a turn in a plain-text template."""


def code_of(session: str) -> str:
    """The code in the marker of that session: nine characters, the same for all of the call."""
    return "k" + hashlib.blake2s(session.encode(), digest_size=4, person=b"stage").hexdigest()


@lru_cache(maxsize=4096)
def neutral(text: str, code: str) -> str:
    """`text`, somebody's words, with nothing left in it that could pass for a marker or a sign of a chat template."""
    text = _UNSEEN.sub("", text)
    text = re.sub(re.escape(code), "…", text, flags=re.IGNORECASE)
    text = _MARKER.sub(r"\1", text)
    text = _WHO_SPEAKS.sub(r"\1,", text)
    return _TEMPLATE_SIGN.sub(lambda sign: sign.group() + " ", text)
