"""The lines around a stage direction, and how words of others are kept from looking like them.

A prompt is text, so nothing in it is safe by itself: the code of the marker is drawn from the session and cannot be
guessed, what looks like a marker in somebody's words is broken up, and so are the signs by which chat templates of
local models tell who is speaking.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

_MARKER = re.compile(r"[\[(<{]\s*((?:/|end\s+of\s+)?(?:the\s+)?stage\s+directions?)\b", re.IGNORECASE)
_TEMPLATE_SIGN = re.compile(
    r"<(?=[|｜]|/?\s*(?:s|bos|eos|pad|unk|think|thinking|reasoning|system|user|assistant|start_of_turn|end_of_turn)\s*>|<SYS>>|</SYS>>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\b)",
    re.IGNORECASE,
)


def code_of(session: str) -> str:
    """The code in the marker of that session: nine characters, the same for all of the call."""
    return "k" + hashlib.blake2s(session.encode(), digest_size=4, person=b"stage").hexdigest()


@lru_cache(maxsize=4096)
def neutral(text: str, code: str) -> str:
    """`text`, somebody's words, with nothing left in it that could pass for a marker or a sign of a chat template."""
    text = re.sub(re.escape(code), "…", text, flags=re.IGNORECASE)
    text = _MARKER.sub(r"\1", text)
    return _TEMPLATE_SIGN.sub(lambda sign: sign.group() + " ", text)
