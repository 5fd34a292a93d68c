"""How soon an LLM's first word is there after Enter, in a whole call, against the bare `openai` client on one server.

The call is all that it is otherwise: the reply is assessed and kept on disk, the prompt is built, a judge works beside.
The server answers at once, so what is seen is what we add. Each round is a fresh process: it warms, plays,
and asks the bare client for the same words after each turn.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from roleplay.llm.chat import Chat
from roleplay.llm.choosing import choose
from roleplay.llm.endpoint import Endpoint, Streaming
from roleplay.persona.library import shipped_folder
from roleplay.practice.calls import Calls, now, warm
from roleplay.store.transcripts import Transcripts
from tests.actors.staging import plays_along, trainee
from tests.judge.cases import asks_for_harm, harm, levels
from tests.llm.answering import Body
from tests.llm.stub import Stub

ROUNDS, TURNS = 5, 12
PERSONA = "stranded-driver"
OURS, BARE = "ours", "bare"
"""The models by which the server tells who asks."""

THINKS = 0.1
"""Seconds a trainee takes to answer: the judge is still at work then."""


def run() -> dict[str, float]:
    """Milliseconds over all turns of all rounds: medians, and the 95th percentile, the worst and the longest block.

    `first_turn` is the median over the rounds.
    """
    told = [_round() for _ in range(ROUNDS)]
    turns = [turn for each in told for turn in each["turns"]]
    sent = [turn["sent"] for turn in turns]
    return {
        "bare_first_word_ms": round(median(turn["bare"] for turn in turns), 1),
        "first_word_ms": round(median(turn["first"] for turn in turns), 1),
        "added_to_first_word_ms": round(median(turn["first"] - turn["bare"] for turn in turns), 1),
        "whole_line_ms": round(median(turn["shown"] for turn in turns), 1),
        "enter_to_request_ms": round(median(sent), 1),
        "enter_to_request_p95_ms": round(quantiles(sent, n=20)[18], 1),
        "enter_to_request_worst_ms": round(max(sent), 1),
        "enter_to_request_first_turn_ms": round(median(each["turns"][0]["sent"] for each in told), 1),
        "blocked_in_a_turn_ms": round(max(each["blocked"] for each in told), 1),
        "blocked_while_warming_ms": round(max(each["blocked_warming"] for each in told), 1),
        "warm_ms": round(median(each["warm"] for each in told)),
    }


def _round() -> dict[str, Any]:
    """What one fresh process told, with the time from Enter to the request as the server saw it."""
    with Stub(_answer) as stub, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.first_word", stub.address, folder]
        child = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=120)
        told: dict[str, Any] = json.loads(child.stdout)
        came = [each.at for each in stub.requests if each.body["model"] == OURS and each.body["stream"]]
    for turn in told["turns"]:
        # both read the clock of the machine
        turn["sent"] = 1000 * (min(at for at in came if at > turn["entered"]) - turn["entered"])
    return told


def _answer(body: Body) -> str:
    if body["model"] != OURS or body["stream"]:
        return plays_along(body)
    return harm() if asks_for_harm(body) else levels({})


class _Noted:
    """Notes what is asked of the endpoint in a call, and when the first word of an answer is there."""

    chat: Chat = ()
    first = 0.0

    def __init__(self) -> None:
        asked, following = Endpoint.stream, Streaming._next

        def stream(endpoint: Endpoint, chat: Chat, **wishes: Any) -> Streaming:
            self.chat, self.first = chat, 0.0
            return asked(endpoint, chat, **wishes)

        async def noted(words: Streaming) -> str:
            piece = await following(words)
            self.first = self.first or (time.monotonic() if piece else 0.0)
            return piece

        Endpoint.stream, Streaming._next = stream, noted  # type: ignore[assignment, method-assign]


class _Watch:
    """How long the event loop was kept from going round, at worst, in seconds."""

    worst = 0.0

    async def keep(self) -> None:
        while True:
            slept = time.perf_counter()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, time.perf_counter() - slept - 0.001)


async def _play(address: str, folder: str) -> dict[str, Any]:
    noted = _Noted()
    chosen = choose(Path(folder), base_url=address, model=OURS, judge_model=OURS, environment={})
    with Transcripts(Path(folder, "roleplay.db")) as store:
        calls = Calls(shipped_folder(), store, "trainee", now, choose=lambda: chosen)
        await asyncio.to_thread(warm)
        async with _watching() as watch:
            began = time.perf_counter()
            await calls.warm_up()
            warming = time.perf_counter() - began
        told: dict[str, Any] = {
            "warm": 1000 * warming,
            "blocked_warming": 1000 * watch.worst,
            "blocked": 0.0,
            "turns": [],
        }
        call = await calls.begin(calls.persona(PERSONA), exam=True, seed="7")
        await call.speak()
        says = trainee(PERSONA, "partly-skilled", 7)
        client = _bare(address)
        while len(told["turns"]) < TURNS and not call.ended:
            text = says(call)
            async with _watching() as watch:
                entered = time.monotonic()
                await call.reply(text)
                shown = time.monotonic()
                await asyncio.sleep(THINKS)
            told["blocked"] = max(told["blocked"], 1000 * watch.worst)
            bare = await _bare_first_word(client, noted.chat)
            turn = {"first": noted.first - entered, "shown": shown - entered, "bare": bare}
            told["turns"].append({"entered": entered, **{name: 1000 * seconds for name, seconds in turn.items()}})
        await client.close()
        await calls.aclose()
    return told


@asynccontextmanager
async def _watching() -> AsyncIterator[_Watch]:
    watch = _Watch()
    keeping = asyncio.create_task(watch.keep())
    yield watch
    keeping.cancel()


def _bare(address: str) -> Any:
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    http = DefaultAsyncHttpxClient(trust_env=False)
    return AsyncOpenAI(base_url=address, api_key="k", max_retries=0, http_client=http)


async def _bare_first_word(client: Any, chat: Chat) -> float:
    """Seconds from the call of the client to the first word."""
    messages = [{"role": each.role, "content": each.content} for each in chat]
    began, first = time.monotonic(), 0.0
    stream = await client.chat.completions.create(model=BARE, messages=messages, stream=True)
    async for chunk in stream:
        if not first and chunk.choices and chunk.choices[0].delta.content:
            first = time.monotonic() - began
    return first


def main(arguments: Sequence[str]) -> None:
    """With an address and a folder: play one round. Else print the figures."""
    if arguments:
        print(json.dumps(asyncio.run(_play(*arguments))))
    else:
        print(json.dumps(run(), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
