"""An endpoint gives what a server says, over real HTTP: words as they come, how they ended, what they took."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from roleplay.llm.endpoint import Endpoint
from roleplay.text import sanitise
from tests.llm.answering import Exchange, chat, says_in_two
from tests.llm.asking import CHAT, WAYS, Opener, Way, answer, ask, met
from tests.llm.misbehaving import ODDITIES
from tests.llm.stub import CANARY, Stub

both_ways = pytest.mark.parametrize("way", WAYS)


async def test_words_come_one_after_the_other_while_the_server_still_speaks(stub: Stub, endpoint: Endpoint) -> None:
    heard, came = threading.Event(), ""
    stub.script = [says_in_two("Hello? Is ", "somebody there?", heard)]
    async with endpoint.stream(CHAT, model="stub", most=100) as words:
        async for piece in words:
            came += piece
            if came.startswith("Hello?"):
                heard.set()
    assert came == "Hello? Is somebody there?"


@both_ways
async def test_the_whole_answer_its_end_and_the_tokens_the_server_counted(
    way: Way, stub: Stub, endpoint: Endpoint
) -> None:
    text, usage, finish = await answer(endpoint, way)
    assert (text, finish) == ("Hello? Is somebody there?", "stop")
    assert (usage.requests, usage.received, usage.exact) == (1, 7, True)
    assert usage.sent == -(-len(stub.requests[0].prompt) // 4)


@both_ways
async def test_an_answer_cut_at_the_limit_says_so(way: Way, endpoint: Endpoint) -> None:
    text, usage, finish = await answer(endpoint, way, most=2)
    assert (text, finish, usage.received) == ("Hello? I", "length", 2)


@both_ways
async def test_what_is_sent(way: Way, stub: Stub, endpoint: Endpoint) -> None:
    await answer(endpoint, way, seed=7, temperature=0.5)
    body = stub.requests[0].body
    assert [each["role"] for each in body["messages"]] == ["system", "user", "assistant", "user"]
    assert [each["content"] for each in body["messages"]] == [each.content for each in CHAT]
    assert (body["model"], body["max_tokens"], body["seed"], body["temperature"]) == ("stub", 100, 7, 0.5)
    headers = stub.requests[0].headers
    assert (headers["authorization"], headers["accept-encoding"]) == (f"Bearer {CANARY}", "identity")


async def test_a_schema_is_sent_as_a_strict_one(stub: Stub, endpoint: Endpoint) -> None:
    schema = {"type": "object", "properties": {}, "additionalProperties": False}
    await endpoint.complete(CHAT, model="stub", most=100, schema=schema)
    asked = stub.requests[0].body["response_format"]
    assert asked["type"] == "json_schema"
    assert (asked["json_schema"]["schema"], asked["json_schema"]["strict"]) == (schema, True)


@both_ways
async def test_tokens_read_from_the_providers_cache_are_told_apart(way: Way, stub: Stub, endpoint: Endpoint) -> None:
    long = (CHAT[0]._replace(content="Rules. " * 800), *CHAT[1:])
    await endpoint.complete(long, model="stub", most=10)
    again = (await endpoint.complete(long, model="stub", most=10)).usage
    assert 1280 <= again.cached < again.sent


async def test_without_a_key_none_is_sent(stub: Stub, open_endpoint: Opener) -> None:
    endpoint = open_endpoint(key="")
    await answer(endpoint, "complete")
    assert "authorization" not in stub.requests[0].headers


async def test_white_space_around_a_key_is_no_part_of_it(stub: Stub, open_endpoint: Opener) -> None:
    endpoint = open_endpoint(key=f" {CANARY}\n")
    await answer(endpoint, "complete")
    assert stub.requests[0].headers["authorization"] == f"Bearer {CANARY}"


@pytest.mark.parametrize("key", ["sk-ключ-4711", "sk-a b-4711", "sk-a\x00b-4711", "“sk-4711-0815”"])
@both_ways
async def test_a_key_that_cannot_be_sent_is_told_without_a_request(
    way: Way, key: str, stub: Stub, open_endpoint: Opener
) -> None:
    trouble, usage, _, _ = await met(open_endpoint(key=key), way)
    assert trouble.name == "key refused" and "character" in trouble.what
    assert "4711" not in str(trouble)
    assert (usage.requests, stub.requests) == (0, [])


async def test_two_requests_at_a_time_do_not_wait_for_each_other(stub: Stub, endpoint: Endpoint) -> None:
    async def answers_both_or_none(exchange: Exchange) -> None:
        while len(stub.requests) < 2:
            await asyncio.sleep(0.002)
        await chat(exchange)

    stub.script = [answers_both_or_none] * 2
    came = await asyncio.gather(*(answer(endpoint, way) for way in WAYS))
    assert [each.finish for each in came] == ["stop", "stop"]


async def test_a_connection_is_used_again_and_a_closed_endpoint_opens_a_new_one(stub: Stub, endpoint: Endpoint) -> None:
    for _ in range(2):
        await answer(endpoint, "stream")
    await endpoint.aclose()
    assert (await answer(endpoint, "stream")).finish == "stop"


def test_one_endpoint_serves_one_event_loop_after_the_other(stub: Stub) -> None:
    endpoint = Endpoint(stub.settings())

    async def once() -> str:
        try:
            return (await answer(endpoint, "stream")).text
        finally:
            await endpoint.aclose()

    assert asyncio.run(once()) == asyncio.run(once()) == "Hello? Is somebody there?"


@pytest.mark.parametrize("name", ODDITIES)
@both_ways
async def test_what_is_unusual_works_all_the_same(way: Way, name: str, stub: Stub, endpoint: Endpoint) -> None:
    stub.script = [name]
    text, usage, finish = await answer(endpoint, way)
    assert text == sanitise(text) and text.strip()
    assert (finish, usage.requests) == ("stop", 1) and usage.sent > 0 < usage.received
    assert CANARY not in text


@both_ways
async def test_escapes_that_are_split_between_pieces_are_made_harmless(
    way: Way, stub: Stub, endpoint: Endpoint
) -> None:
    stub.script = ["escapes split"]
    assert (await answer(endpoint, way)).text == "Hi␛]52;c;aGk=␇ é\n😀�31m�!"


@both_ways
async def test_thoughts_are_no_words(way: Way, stub: Stub, endpoint: Endpoint) -> None:
    stub.script = ["thoughts first"]
    assert (await answer(endpoint, way)).text == "Hello? Is somebody there?"


@both_ways
async def test_what_the_server_does_not_count_is_estimated_and_said_to_be(
    way: Way, stub: Stub, endpoint: Endpoint
) -> None:
    stub.script = ["no usage"]
    usage = (await answer(endpoint, way)).usage
    assert not usage.exact and usage.received == 7 and usage.sent > 20


async def test_a_proxy_of_the_environment_is_not_asked_for_what_is_on_this_computer(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, open_endpoint: Opener
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    endpoint = open_endpoint()
    await answer(endpoint, "stream")
    assert len(stub.requests) == 1


async def test_a_proxy_that_cannot_be_used_is_a_named_trouble(
    monkeypatch: pytest.MonkeyPatch, open_endpoint: Opener
) -> None:
    monkeypatch.setenv("ALL_PROXY", "nonsense://127.0.0.1:9")
    endpoint = open_endpoint(base_url="http://192.0.2.1/v1")
    assert (await met(endpoint, "stream")).trouble.name == "unreachable"


async def test_what_the_environment_says_of_openai_goes_to_nobody_else(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, open_endpoint: Opener
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-canary")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-canary")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other-canary")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
    endpoint = open_endpoint()
    await answer(endpoint, "stream")
    assert "canary" not in str(stub.requests[0].headers).replace(CANARY, "")


async def test_nothing_of_an_endpoint_shows_its_key(endpoint: Endpoint) -> None:
    async with endpoint.stream(CHAT, model="stub", most=10) as words:
        shown = "".join(map(repr, (endpoint, endpoint.settings, words, vars(endpoint), vars(words))))
    assert CANARY not in shown


async def test_a_server_that_is_never_asked_is_never_called(stub: Stub, endpoint: Endpoint) -> None:
    endpoint.stream(CHAT, model="stub", most=10)
    assert stub.requests == []
    assert (await ask(endpoint, "stream")) and len(stub.requests) == 1


def test_openai_is_not_imported_before_an_endpoint_is_warmed() -> None:
    program = """
import sys
from roleplay.llm.endpoint import Endpoint
from roleplay.llm.settings import EndpointSettings
Endpoint(EndpointSettings(base_url="http://127.0.0.1:9/v1", model="m"))
print([name for name in ("openai", "httpx2", "tiktoken", "pydantic") if name in sys.modules])
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
