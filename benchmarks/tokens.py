"""What an LLM's tokens come to over a call, actor and judge, against sending everything each turn.

Billed-equivalent: tokens sent, those in the provider's cache at a tenth, and tokens received. The cache is modelled as
providers have it: what a request has in common with an earlier one, from 1,024 tokens on, in steps of 128. The naive
way asks the same things of the same model, each time with the whole history, and with nothing in the cache, because
something changes at the top of it. With `one_question` it asks a judge but once about a reply, not for harm by itself.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, NamedTuple

from roleplay.actors.llm import LlmActor
from roleplay.conversation.said import history_of
from roleplay.conversation.turns import LinePart
from roleplay.conversation.voiced import Usage
from roleplay.judge.case import RECENT
from roleplay.judge.judge import LlmJudge
from roleplay.llm.endpoint import Endpoint
from roleplay.rehearsal.banks import find_bank
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from tests.actors.staging import cue_for, further, plays_along, script_of
from tests.judge.cases import asks_for_harm, harm, levels
from tests.llm.answering import CACHED_FROM, CACHED_STEP, common, tokens
from tests.llm.stub import Stub

A_TENTH = 0.1
PERSONA = "stranded-driver"


class Bill(NamedTuple):
    """Tokens sent, those of them in the cache, and received."""

    sent: int = 0
    cached: int = 0
    received: int = 0

    @property
    def billed(self) -> float:
        return self.sent - self.cached * (1 - A_TENTH) + self.received

    def plus(self, other: Bill) -> Bill:
        return Bill(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def run() -> dict[str, float]:
    """For calls of 20 and of 200 turns: the ratio, the share in the cache, and what a line and a verdict come to."""
    return {**_figures(20, 128_000), **_figures(200, 128_000), **_figures(200, 8_192)}


def _figures(turns: int, context: int) -> dict[str, float]:
    actor, judge, naive, naive_once = asyncio.run(_play(turns, context))
    whole = actor.plus(judge)
    name = f"{turns}_turns_in_{context // 1000}k"
    return {
        f"{name}_times_naive": round(whole.billed / naive.billed, 3),
        f"{name}_times_naive_one_question": round(whole.billed / naive_once.billed, 3),
        f"{name}_cached_share": round(whole.cached / whole.sent, 2),
        f"{name}_actor_sent": round(actor.sent / turns),
        f"{name}_actor_billed": round(actor.billed / turns),
        f"{name}_judge_sent": round(judge.sent / turns),
        f"{name}_judge_cached": round(judge.cached / turns),
        f"{name}_judge_received": round(judge.received / turns),
        f"{name}_judge_billed": round(judge.billed / turns),
    }


async def _play(turns: int, context: int) -> tuple[Bill, Bill, Bill, Bill]:
    """The bills of the actor, of the judge, of the naive way, and of that with one question, for one call."""
    script, bank = script_of(PERSONA), find_bank(PERSONA)
    assert bank
    replies = [reply for pool in bank.trainees["partly-skilled"].values() for reply in pool]
    persona, scorer = script.persona, OfflineScorer(script.rubric)
    bills = [Bill()] * 4
    with Stub(_answer) as stub:
        endpoint = Endpoint(stub.settings(context=context, call_limit=None))
        actor, judge, cache = LlmActor(endpoint), LlmJudge(endpoint, script.rubric), _Cache()
        cue = cue_for(PERSONA, parts=_line(0), said=(), reply=replies[0])
        for turn in range(1, turns + 1):
            pieces: list[str] = []
            voiced = await actor.speak(cue, pieces.append)
            asked = _taken(stub)
            history = history_of(cue.transcript)[:-1]
            everything = [asked[-1][0]["content"], *(each.text for each in history), asked[-1][-1]["content"]]
            naive = Bill(sum(map(tokens, everything)), 0, voiced.usage.received)
            bills = _added(bills, cache.bill(asked, voiced.usage), Bill(), naive, naive)
            reply = replies[turn % len(replies)]
            cue = further(cue, "".join(pieces), reply, _line(turn))
            history = history_of(cue.transcript)[:-1]
            occasion = Occasion.at(persona, persona.moments[turn % len(persona.moments)])
            offline = scorer.judge(occasion, history, reply)
            verdict = await judge.judge(occasion, history, reply, offline, used=Usage())
            asked = _taken(stub)
            if verdict and asked:
                more = sum(tokens(each.text) for each in history[:-RECENT])
                questions = [sum(tokens(each["content"]) for each in messages) + more for messages in asked]
                naive = Bill(sum(questions), 0, verdict.usage.received)
                once = Bill(max(questions), 0, verdict.usage.received)
                bills = _added(bills, Bill(), cache.bill(asked, verdict.usage), naive, once)
        await endpoint.aclose()
    return bills[0], bills[1], bills[2], bills[3]


def _added(bills: list[Bill], *more: Bill) -> list[Bill]:
    return [bill.plus(other) for bill, other in zip(bills, more, strict=True)]


def _line(turn: int) -> list[LinePart]:
    """What is to be said at a turn: lines of the persona, a word added to each sentence, so that none is said twice."""
    persona = script_of(PERSONA).persona
    told = (persona.reactions.partly[turn % 5], persona.moments[1 + turn % (len(persona.moments) - 1)].says)
    mark = "".join("abcdefghij"[int(digit)] for digit in str(turn))
    return [
        LinePart(kind, re.sub(r"([.!?…]+)(?= |$)", rf" {mark}\1", str(words)))
        for kind, words in zip(("reaction", "nudge"), told, strict=True)
    ]


def _answer(body: dict[str, Any]) -> str:
    if "response_format" not in body:
        return plays_along(body)
    return harm() if asks_for_harm(body) else levels({}, overall=1)


def _taken(stub: Stub) -> list[list[dict[str, str]]]:
    """The messages of the requests since it was asked last."""
    asked = [request.body["messages"] for request in stub.requests]
    stub.requests.clear()
    return asked


class _Cache:
    """A provider's cache: for each head the latest request with it, of which the next one has most."""

    def __init__(self) -> None:
        self._latest: dict[str, str] = {}

    def bill(self, asked: list[list[dict[str, str]]], usage: Usage) -> Bill:
        """The bill for requests made one after another; what was received is in `usage`."""
        bill = Bill(received=usage.received)
        for messages in asked:
            text = "".join(f"<{each['role']}>{each['content']}" for each in messages)
            head = messages[0]["content"]
            known = common(text, self._latest.get(head, "")) // 4
            cached = known // CACHED_STEP * CACHED_STEP if known >= CACHED_FROM else 0
            self._latest[head] = text
            bill = bill.plus(Bill(tokens(text), cached, 0))
        return bill


if __name__ == "__main__":
    for key, figure in run().items():
        print(f"{key:44} {figure:10g}")
