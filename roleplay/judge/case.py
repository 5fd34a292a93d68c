"""What is put before a judge: fixed instructions, and one block of data with the reply whole in it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from roleplay.llm.chat import Chat, ChatMessage
from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.message import Message
from roleplay.prompts import prompt
from roleplay.scoring.assessment import Scored
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric
from roleplay.text import one_line, sanitise

RECENT = 4
"""Messages before the reply that a judge gets, the customer's latest among them."""
MESSAGE_LIMIT = 800
"""Characters of each of these; the reply itself is never cut."""

_ANGLES = str.maketrans({"<": "\\u003c", ">": "\\u003e"})
_SHORTER = ((RECENT, 4_000), (4, 1_500), (2, 800), (1, 400), (1, 0))
"""How a case shrinks where it does not fit: messages, and characters of the note."""


class Instructions(NamedTuple):
    """The fixed system messages: one for both questions, and one for each alone where the context is too small.

    `fingerprint`: the first 12 hex digits of the SHA-256 of the first.
    """

    both: str
    levels: str
    harm: str
    fingerprint: str


class Case(NamedTuple):
    """A case for a judge, in words, up to the question. `nonce` is the one-time code of the lines around it.

    `system` is empty where the instructions for both questions leave no room for it.
    """

    system: str
    told: str
    nonce: str

    def asking(self, alone: str, question: str) -> Chat:
        """The request that asks `question`, with the instructions for that one `alone` if there is no room for more.

        Else all questions about the case begin with the same words.
        """
        return (ChatMessage("system", self.system or alone), ChatMessage("user", f"{self.told}\n{question}"))


def instructions(rubric: Rubric) -> Instructions:
    """What a judge is told by `rubric`, the same byte for byte for each reply, so that a provider can cache it."""
    head = prompt("judge_head")
    levels = prompt(
        "judge_levels",
        dimensions="\n".join(f"{name}: {_anchors(rubric, name)}" for name in DIMENSIONS),
        overall="\n".join(f"{level}: {_plain(means)}" for level, means in enumerate(rubric.overall)),
    )
    harm = prompt("judge_harm", harm=_anchors(rubric, "harm"))
    both = f"{head}\n\n{levels}\n\n{harm}"
    return Instructions(
        both, f"{head}\n\n{levels}", f"{head}\n\n{harm}", hashlib.sha256(both.encode()).hexdigest()[:12]
    )


def _anchors(rubric: Rubric, name: Scored) -> str:
    text = rubric.dimensions[name]
    levels = (f"  {level}: {_plain(means)}" for level, means in enumerate(text.levels))
    return "\n".join((_plain(text.means), *levels))


def _plain(text: str) -> str:
    return one_line(sanitise(text))


def fitting_case(
    system: str,
    occasion: Occasion,
    history: Sequence[Message],
    reply: str,
    gesture: str,
    fits: Callable[[Case], bool],
) -> Case | None:
    """The fullest case that `fits`, always with the whole `reply`; None where none does. `system` may be empty.

    Earlier messages go first, then the end of the note, then the rest of it and what the trainee may do. `gesture` is
    what the trainee did with the reply, or empty.
    """
    for messages, note in _SHORTER:
        standing = _standing(occasion) if note else {}
        nonce = secrets.token_hex(8)
        told = prompt(
            "judge_case",
            standing=_json(standing),
            nonce=nonce,
            case=_json(_data(occasion, history, reply, gesture, messages, note)),
        )
        case = Case(system, told, nonce)
        if fits(case):
            return case
    return None


def _standing(occasion: Occasion) -> dict[str, Any]:
    """What is the same for all replies of a call, or of a scene: it comes first, so that a provider can cache it."""
    return _filled({"trainee_may": list(occasion.may), "trainee_may_not": list(occasion.may_not)})


def _data(
    occasion: Occasion, history: Sequence[Message], reply: str, gesture: str, messages: int, note: int
) -> dict[str, Any]:
    at_stake = [kind for kind in (occasion.safety, occasion.boundary) if kind != "none"]
    moment = {
        "feels": occasion.feeling,
        "asks_for": occasion.spoken,
        "needs_without_saying_it": occasion.unspoken,
        "note": _cut(occasion.note, note),
        "at_stake": ", ".join(at_stake),
        "calls_for": list(occasion.called_for),
    }
    data: Mapping[str, Any] = {
        "moment": _filled(moment),
        "said_before": [_said(message) for message in history[-messages:]],
        "done_with_the_reply": gesture,
        "reply": reply,
    }
    return _filled(data)


def _filled(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value}


def _said(message: Message) -> dict[str, str]:
    return {"who": message.speaker or message.role, "text": _cut(message.text, MESSAGE_LIMIT)}


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"


def _json(data: Mapping[str, Any]) -> str:
    """`data` as JSON; no sign of a marker can stand in it."""
    return json.dumps(data, ensure_ascii=False).translate(_ANGLES)


def asked_again(asked: Chat, answer: str, problem: str) -> Chat:
    """The request to mend `answer` to what was `asked`, which has that `problem`."""
    said = ChatMessage("assistant", _cut(sanitise(answer), 4_000) or "{}")
    return (*asked, said, ChatMessage("user", prompt("judge_repair", problem=problem)))
