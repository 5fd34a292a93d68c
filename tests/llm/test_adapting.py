"""A server that refuses a parameter is asked again without it, at once, and is not sent it a second time."""

from __future__ import annotations

import asyncio

import pytest

from roleplay.llm.asking import Manners, Wanted
from roleplay.llm.endpoint import Endpoint
from roleplay.llm.exchange import MOST_REQUESTS
from tests.llm.answering import Exchange
from tests.llm.asking import CHAT, WAYS, Way, answer, met
from tests.llm.stub import Stub

SCHEMA = {"type": "object", "properties": {}, "additionalProperties": False}


@pytest.mark.parametrize("refused", ["max_tokens", "temperature", "seed"])
@pytest.mark.parametrize("way", WAYS)
async def test_a_refused_parameter_is_left_out_from_then_on(
    way: Way, refused: str, stub: Stub, endpoint: Endpoint
) -> None:
    stub.refuses = {refused}
    assert (await answer(endpoint, way, seed=7)).usage.requests == 2
    assert (await answer(endpoint, way, seed=7)).usage.requests == 1
    assert [refused in each.body for each in stub.requests] == [True, False, False]


async def test_the_limit_of_tokens_is_then_given_by_its_other_name(stub: Stub, endpoint: Endpoint) -> None:
    stub.refuses = {"max_tokens"}
    await answer(endpoint, "stream")
    assert stub.requests[1].body["max_completion_tokens"] == 100


async def test_a_server_that_does_not_count_on_demand_is_counted_for(stub: Stub, endpoint: Endpoint) -> None:
    stub.refuses = {"stream_options"}
    usage = (await answer(endpoint, "stream")).usage
    assert usage.requests == 2 and not usage.exact


async def test_without_schemas_it_is_asked_for_json_and_without_that_for_text(stub: Stub, endpoint: Endpoint) -> None:
    stub.refuses = {"json_schema", "json_object"}

    async def refuse_json(exchange: Exchange) -> None:
        await exchange.refuse(400, "'response_format' of this type is not supported")

    stub.script = [None, refuse_json]
    done = await endpoint.complete(CHAT, model="stub", most=100, schema=SCHEMA)
    kinds = [each.body.get("response_format", {}).get("type") for each in stub.requests]
    assert kinds == ["json_schema", "json_object", None] and done.usage.requests == 3


@pytest.mark.parametrize("way", WAYS)
async def test_a_server_that_refuses_everything_refuses_two_requests_and_no_more(
    way: Way, stub: Stub, endpoint: Endpoint
) -> None:
    stub.refuses = {"max_tokens", "max_completion_tokens", "temperature", "seed", "stream_options", "json_schema"}
    asked = [(await answer(endpoint, way, seed=7)).usage.requests for _ in range(4)]
    assert asked == [MOST_REQUESTS, 1, 1, 1]
    assert set(stub.requests[-1].body) <= {"model", "messages", "stream"}


async def test_an_answer_asked_for_meanwhile_learns_from_the_refusal_of_another(stub: Stub, endpoint: Endpoint) -> None:
    stub.refuses = {"temperature"}
    both = await asyncio.gather(answer(endpoint, "stream", seed=7), answer(endpoint, "stream", seed=7))
    assert [each.usage.requests for each in both] == [2, 2]
    assert "seed" in stub.requests[-1].body


async def test_a_refusal_that_remains_is_told_and_not_asked_about_for_ever(stub: Stub, endpoint: Endpoint) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.refuse(400, "'temperature' and 'seed' are not supported")

    stub.script = [refuse] * 9
    trouble, usage, _, _ = await met(endpoint, "stream", seed=7)
    assert trouble.name == "declined" and usage.requests == len(stub.requests) == 2


async def test_a_model_that_knows_only_the_new_name_of_the_limit_is_sent_no_temperature(
    stub: Stub, endpoint: Endpoint
) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.refuse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")

    stub.script = [refuse]
    await answer(endpoint, "stream", seed=7)
    assert set(stub.requests[-1].body) >= {"max_completion_tokens", "seed"}
    assert "temperature" not in stub.requests[-1].body


async def test_what_one_model_refuses_another_may_take(stub: Stub, endpoint: Endpoint) -> None:
    stub.refuses = {"temperature"}
    await answer(endpoint, "stream", model="one")
    stub.refuses = set()
    await answer(endpoint, "stream", model="other")
    assert "temperature" in stub.requests[-1].body


async def test_a_context_that_is_full_is_no_refusal_of_the_parameter_it_names(stub: Stub, endpoint: Endpoint) -> None:
    stub.script = ["context"]
    assert (await met(endpoint, "stream")).trouble.name == "too long"
    await answer(endpoint, "stream")
    assert "max_tokens" in stub.requests[-1].body


def test_openai_itself_is_asked_by_the_new_name_at_once() -> None:
    wanted = Wanted(CHAT, "gpt-5", 100, 0.8, None, None, stream=True)
    asked = Manners("https://api.openai.com/v1").arguments(wanted)
    assert asked["max_completion_tokens"] == 100 and "max_tokens" not in asked
