"""One reply at one moment, and what an honest judge writes of it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from roleplay.judge.judge import LlmJudge
from roleplay.llm.endpoint import Endpoint
from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.lines import Better
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from tests.llm.stub import Body, Stub

LINE = "I'm on the ramp and the cars go by two feet from my door. How long will the truck take?"
OCCASION = Occasion(
    id="ramp",
    feeling="badly frightened, and hiding it behind facts",
    spoken="the truth about when a truck will come",
    unspoken="not to be left alone with the traffic, and for somebody to take charge",
    note="Right is to stay in the car with the belt on. Nobody can know when the truck will be there.",
    safety="danger",
    better=(Better(reply="I have you, and I am not hanging up until he knocks on your window.", why="He stays."),),
    may=("stay on the line until the driver is there",),
    may_not=("promise an arrival time",),
)
HISTORY = (
    Message("customer", "Hello, I need a tow."),
    Message("trainee", "Lantern Motor Club, tell me where you are."),
    Message("customer", LINE),
)
REPLY = (
    "Two feet from your door, that's terrifying. Stay in the car with your belt on. I'm staying on the line with you. "
    "Dispatch says forty minutes, and I can't promise it. Is anybody in there with you?"
)
RUBRIC = default_rubric()

HONEST = {
    "acknowledges_feeling": ("that's terrifying", 2),
    "names_need": ("Dispatch says forty minutes, and I can't promise it", 2),
    "reaches_unspoken": ("I'm staying on the line with you", 2),
    "explores": ("Is anybody in there with you?", 2),
    "acts": ("I'm staying on the line with you", 2),
}


def offline(reply: str = REPLY, occasion: Occasion = OCCASION) -> Assessment:
    """The offline scorer's assessment of `reply`."""
    return OfflineScorer(RUBRIC).judge(occasion, HISTORY, reply)


def levels(points: dict[str, tuple[str, int]] | None = None, overall: object = 4, **more: Any) -> str:
    """An answer to the question of the five dimensions: quotes and levels, 0 for those not given."""
    given = {name: (points if points is not None else HONEST).get(name, ("", 0)) for name in DIMENSIONS}
    told: dict[str, Any] = {
        name: {"quote": quote, "why": "It answers what she is afraid of.", "level": level}
        for name, (quote, level) in given.items()
    }
    return json.dumps({**told, "overall": overall, "suggestion": {"text": "", "why": ""}, **more})


def harm(quote: str = "", of: str = "nobody", level: object = 0, **more: Any) -> str:
    """An answer to the question of harm."""
    return json.dumps({"quote": quote, "of": of, "why": "She would take it to heart.", "level": level, **more})


def asks_for_harm(body: Body) -> bool:
    """Whether a request asks the question of harm."""
    return "The question of HARM:" in body["messages"][1]["content"].rpartition("<<<end")[2]


def case_of(body: Body) -> dict[str, Any]:
    """The data that a request holds."""
    told = body["messages"][1]["content"]
    found = re.search(r"<<<case [0-9a-f]+>>>\n(.*)\n<<<end", told, re.DOTALL)
    assert found
    case: dict[str, Any] = json.loads(found[1])
    return case


def nonce_of(body: Body) -> str:
    """The one-time code of a request."""
    found = re.search(r"<<<case ([0-9a-f]+)>>>", body["messages"][1]["content"])
    assert found
    return found[1]


@asynccontextmanager
async def judge_at(stub: Stub, **changes: Any) -> AsyncIterator[LlmJudge]:
    """A judge that asks `stub`."""
    endpoint = Endpoint(stub.settings(judge_model="stub-judge", **changes))
    try:
        yield LlmJudge(endpoint, RUBRIC)
    finally:
        await endpoint.aclose()
