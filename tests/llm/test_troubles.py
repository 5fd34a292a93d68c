"""Whatever a server does, a request ends in the state that is named for it, within its deadline, and shows no key."""

from __future__ import annotations

import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from roleplay.conversation.trouble import TroubleName
from roleplay.llm.endpoint import Endpoint
from roleplay.text import sanitise
from tests.llm.answering import Exchange
from tests.llm.asking import WAYS, Opener, Way, met
from tests.llm.misbehaving import FAULTS
from tests.llm.stub import CANARY, HASTY, PATIENT, Stub, black_hole, deadlines_for, hasty, mute, nobody

both_ways = pytest.mark.parametrize("way", WAYS)

ENDS_IN: dict[str, TroubleName | tuple[TroubleName, TroubleName]] = {
    "slow headers": "slow",
    "headers only": "slow",
    "keep-alives": "slow",
    "drip of bytes": "slow",
    "endless noise": ("slow", "too big"),
    "stall": ("stalled", "slow"),
    "stall with keep-alives": ("stalled", "slow"),
    "stall with empty pieces": ("stalled", "slow"),
    "drip of words": ("too big", "slow"),
    "endless": "too big",
    "long line": "too big",
    "cut": "cut off",
    "cut before an answer": "cut off",
    "no finish": "cut off",
    "done without finish": "cut off",
    "html": "garbled",
    "html that calls itself an answer": ("cut off", "garbled"),
    "malformed": "garbled",
    "deep nesting": "garbled",
    "not an object": "garbled",
    "choices null": "garbled",
    "choices of nothing": "garbled",
    "choices no list": "garbled",
    "words no text": "garbled",
    "NaN": "garbled",
    "duplicate keys": "garbled",
    "invalid UTF-8": "garbled",
    "empty": "garbled",
    "blanks": "garbled",
    "only thoughts": "garbled",
    "tool call": "garbled",
    "packed": "garbled",
    "not HTTP": "garbled",
    "withheld": "declined",
    "refusal": "declined",
    "filter": "declined",
    "400": "declined",
    "401": "key refused",
    "403": "key refused",
    "402": "no credit",
    "429 credit": "no credit",
    "404 model": "no model",
    "404 address": "no model",
    "redirect": "no model",
    "429": "busy",
    "429 wait": "busy",
    "500": "server fault",
    "503": "server fault",
    "503 wait": "server fault",
    "error in the answer": "server fault",
    "echo of the key": "server fault",
    "context": "too long",
}
"""The state in which a request ends, streamed and at once, where these differ."""


def test_there_are_all_kinds_of_faults() -> None:
    assert set(ENDS_IN) == set(FAULTS) and len(FAULTS) >= 20


@pytest.mark.parametrize("name", FAULTS)
@both_ways
async def test_each_fault_ends_in_its_state_in_time_after_one_request(
    way: Way, name: str, stub: Stub, open_endpoint: Opener
) -> None:
    deadlines = deadlines_for(name, streams=way == "stream")
    endpoint = open_endpoint(deadlines=deadlines)
    await endpoint.warm()
    stub.script = [name]
    begun = time.monotonic()
    trouble, usage, said, error = await met(endpoint, way)
    expected = ENDS_IN[name]
    assert trouble.name == (expected if isinstance(expected, str) else expected[WAYS.index(way)])
    assert time.monotonic() - begun < HASTY.whole + 2
    assert len(stub.requests) == usage.requests == 1
    assert trouble.what.endswith(".") and trouble.mend.endswith(".") and "127.0.0.1" in trouble.what
    assert said == sanitise(said) and str(trouble) == sanitise(str(trouble))
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(trouble)
    assert "canary" not in told.lower()
    assert error.__context__ is None and error.__cause__ is None


@both_ways
async def test_where_nobody_listens(way: Way, open_endpoint: Opener) -> None:
    trouble, usage, _, _ = await met(open_endpoint(base_url=nobody()), way)
    assert trouble.name == "unreachable" and trouble.choices == ("retry", "scripted", "leave")
    assert usage.total == 0


@both_ways
async def test_where_no_connection_comes_about(way: Way, open_endpoint: Opener) -> None:
    with black_hole() as address:
        begun = time.monotonic()
        trouble = (await met(open_endpoint(base_url=address, deadlines=hasty("connect")), way)).trouble
    assert trouble.name == "unreachable"
    assert time.monotonic() - begun < HASTY.connect + 2


@both_ways
async def test_where_somebody_is_mute_when_spoken_to_in_tls(way: Way, open_endpoint: Opener) -> None:
    with mute("https") as address:
        endpoint = open_endpoint(base_url=address, deadlines=hasty("connect"))
        await endpoint.warm()
        begun = time.monotonic()
        trouble = (await met(endpoint, way)).trouble
    assert trouble.name == "unreachable" and "in time" in trouble.what
    assert time.monotonic() - begun < HASTY.connect + 2


@both_ways
async def test_where_the_server_does_not_speak_tls(way: Way, stub: Stub, open_endpoint: Opener) -> None:
    address = stub.address.replace("http://", "https://")
    trouble = (await met(open_endpoint(base_url=address), way)).trouble
    assert trouble.name == "unreachable" and "no secure connection" in trouble.what


async def test_what_was_said_before_a_fault_is_given_and_counted(stub: Stub, open_endpoint: Opener) -> None:
    stub.script = ["stall"]
    _, usage, said, _ = await met(open_endpoint(deadlines=replace(PATIENT, between_words=1.0)), "stream")
    assert "I have been waiting ".startswith(said) and len(said) > 15
    assert usage.received == 5 and usage.sent > 20 and not usage.exact


@both_ways
async def test_no_key_where_one_is_wanted_is_told_as_that(way: Way, stub: Stub, open_endpoint: Opener) -> None:
    stub.key = CANARY
    trouble = (await met(open_endpoint(key=""), way)).trouble
    assert trouble.name == "key refused" and "none is set" in trouble.what and "ROLEPLAY_API_KEY" in trouble.mend


@both_ways
async def test_a_model_that_is_not_there_is_named_and_a_wrong_address_too(
    way: Way, stub: Stub, endpoint: Endpoint
) -> None:
    stub.script = ["404 model", "404 address"]
    assert "“stub”" in (await met(endpoint, way)).trouble.what
    assert stub.address in (await met(endpoint, way)).trouble.what


AHEAD = format_datetime(datetime.now(UTC) + timedelta(seconds=3_000), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry_After": "7"}, 7, 7),
        ({"Retry_After": "1.5"}, 1.5, 1.5),
        ({"Retry_After": "0"}, 1, 1),
        ({"Retry_After": "999999999"}, 3600, 3600),
        ({"Retry_After": "-5"}, 20, 20),
        ({"Retry_After": "soon"}, 20, 20),
        ({"Retry_After": "NaN"}, 20, 20),
        ({"Retry_After": AHEAD}, 2_400, 3_000),
        ({"Retry_After": "Sat, 21 Nov 2026 08:01:30 GMT", "Date": "Sat, 21 Nov 2026 08:01:00 GMT"}, 30, 30),
        ({"Retry_After": "Sat, 21 Nov 1998 08:01:30 GMT"}, 1, 1),
        ({"Retry_After": "60", "retry_after_ms": "2500"}, 2.5, 2.5),
        ({}, 20, 20),
    ],
)
async def test_how_long_a_busy_server_asks_to_wait(
    headers: dict[str, str], least: float, most: float, stub: Stub, endpoint: Endpoint
) -> None:
    async def busy(exchange: Exchange) -> None:
        await exchange.refuse(429, "Rate limit reached", **headers)

    stub.script = [busy]
    trouble = (await met(endpoint, "stream")).trouble
    assert trouble.name == "busy" and trouble.choices[0] == "wait"
    assert trouble.wait is not None and least <= trouble.wait <= most


async def test_a_server_fault_is_waited_for_only_where_the_server_says_how_long(stub: Stub, endpoint: Endpoint) -> None:
    stub.script = ["503", "503 wait"]
    assert (await met(endpoint, "stream")).trouble.wait is None
    assert (await met(endpoint, "stream")).trouble.wait == 30


async def test_nothing_is_sent_before_the_time_that_the_server_named(stub: Stub, endpoint: Endpoint) -> None:
    stub.script = ["429 wait"]
    first = (await met(endpoint, "stream")).trouble
    again = (await met(endpoint, "complete")).trouble
    assert len(stub.requests) == 1
    assert (again.name, again.what) == (first.name, first.what)
    assert first.wait is not None
    assert again.wait is not None
    assert first.wait - 5 < again.wait < first.wait


@pytest.mark.parametrize(
    ("status", "message", "name"),
    [
        (400, "the request exceeds the available context size. try increasing it", "too long"),
        (400, "Trying to keep the first 5000 tokens when context the overflows.", "too long"),
        (400, "'max_tokens' is too large: 900. This model's maximum context length is 4096 tokens", "too long"),
        (413, "Request Entity Too Large", "too long"),
        (400, "The response was filtered due to the prompt triggering content management policy", "declined"),
        (422, "Input should be a valid list", "declined"),
        (429, "Your credit balance is too low", "no credit"),
        (404, 'model "llama9" not found, try pulling it first', "no model"),
        (405, "Method Not Allowed", "no model"),
        (504, "upstream timed out", "server fault"),
        (529, "Overloaded", "server fault"),
    ],
)
async def test_what_real_servers_say(
    status: int, message: str, name: TroubleName, stub: Stub, endpoint: Endpoint
) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.refuse(status, message)

    stub.script = [refuse]
    assert (await met(endpoint, "stream")).trouble.name == name


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"Bad"', b'{"error": "Bad"}', b'{"error": null}', b'{"detail": [{"msg": "Bad"}]}', b"\xff{"],
)
async def test_an_error_may_be_told_in_any_form(body: bytes, stub: Stub, endpoint: Endpoint) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.whole(500, "application/json", body)

    stub.script = [refuse]
    assert (await met(endpoint, "stream")).trouble.name == "server fault"
