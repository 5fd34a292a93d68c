"""The LLM actor over real HTTP: what is said, what is held back, what is said in its place, and what it takes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from roleplay.actors.llm import LlmActor
from roleplay.conversation.actor import Cue
from roleplay.conversation.trouble import InTrouble
from roleplay.conversation.turns import LinePart
from roleplay.conversation.voiced import SCRIPTED, Usage, Voiced
from roleplay.llm.endpoint import Endpoint
from tests.actors.staging import cue_for, direction_of, parts_of, plays_along, script_of
from tests.llm.answering import says_in_two
from tests.llm.stub import Stub

GRASS = "There's grass past the exit lane, and a rail. I keep thinking I could time it."


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def stub(server: Stub) -> Stub:
    return server.afresh(GRASS)


@pytest.fixture
async def actor(stub: Stub) -> AsyncIterator[LlmActor]:
    endpoint = Endpoint(stub.settings())
    yield LlmActor(endpoint)
    await endpoint.aclose()


def on_the_grass(**changes: Any) -> Cue:
    parts = parts_of("stranded-driver", reaction="Mm.", moment="run-for-it")
    return cue_for("stranded-driver", **{"parts": parts, "heard": "missed", "moment": "run-for-it", **changes})


async def said_by(actor: LlmActor, cue: Cue) -> tuple[str, Voiced]:
    pieces: list[str] = []
    voiced = await actor.speak(cue, pieces.append)
    return "".join(pieces), voiced


def one_after_another(*answers: str) -> Callable[[dict[str, Any]], str]:
    left = list(answers)
    return lambda body: left.pop(0) if len(left) > 1 else left[0]


async def test_an_opening_is_said_as_it_is_written_and_nobody_is_asked(actor: LlmActor, stub: Stub) -> None:
    opening = script_of("stranded-driver").persona.customer.opening
    cue = on_the_grass(parts=[LinePart("opening", opening)])
    assert await said_by(actor, cue) == (opening, SCRIPTED)
    assert stub.requests == []


async def test_a_good_line_is_said_in_the_models_words(actor: LlmActor, stub: Stub) -> None:
    line, voiced = await said_by(actor, on_the_grass())
    assert line == GRASS
    assert (voiced.voice, voiced.model, voiced.faults, voiced.softer) == ("llm", "stub", (), False)
    assert voiced.usage.requests == len(stub.requests) == 1
    assert voiced.usage.sent > 1000
    assert voiced.usage.received > 10


async def test_a_sentence_is_said_before_the_next_one_has_come(actor: LlmActor, stub: Stub) -> None:
    heard, pieces = threading.Event(), list[str]()
    first, rest = GRASS.split(" I keep")
    stub.script = [says_in_two(f"{first} I ", f"keep{rest}", heard)]

    def say(piece: str) -> None:
        pieces.append(piece)
        heard.set()

    await actor.speak(on_the_grass(), say)
    assert "".join(pieces) == GRASS
    assert len(pieces) > 1


async def test_thinking_before_the_line_is_dropped_without_a_word(actor: LlmActor, stub: Stub) -> None:
    stub.answer = f"<think>The user wants comfort. I stay cold.\n\nGood.</think>\n\n{GRASS}"
    line, voiced = await said_by(actor, on_the_grass())
    assert (line, voiced.voice, voiced.faults) == (GRASS, "llm", ())


async def test_quotation_marks_and_line_breaks_around_a_line_are_dropped(actor: LlmActor, stub: Stub) -> None:
    stub.answer = '"There\'s grass past the exit lane, and a rail.\n\nI keep thinking I could time it."\n'
    assert (await said_by(actor, on_the_grass()))[0] == GRASS


async def test_a_fault_before_anything_was_said_asks_once_more_and_says_why(actor: LlmActor, stub: Stub) -> None:
    stub.answer = one_after_another("Thank you so much for your kind words!", GRASS)
    line, voiced = await said_by(actor, on_the_grass())
    assert line == GRASS
    assert (voiced.voice, voiced.faults, voiced.usage.requests) == ("llm", ("thanks for nothing",), 2)
    first, second = (direction_of(each.body["messages"]) for each in stub.requests)
    assert "Say it anew" not in first
    assert "you thanked or praised them" in second


async def test_two_faults_before_anything_was_said_bring_the_scripted_line(actor: LlmActor, stub: Stub) -> None:
    stub.answer = "As an AI, I cannot run across a road."
    cue = on_the_grass()
    line, voiced = await said_by(actor, cue)
    assert line == cue.direction.line
    assert (voiced.voice, voiced.faults) == ("replaced", ("leaves the story",))
    assert voiced.usage.requests == len(stub.requests) == 2


async def test_a_fault_later_on_stops_the_line_and_what_is_missing_is_said_as_written(
    actor: LlmActor, stub: Stub
) -> None:
    stub.answer = "Right. My daughter is in the back. There's grass past the exit lane and a rail, I could time it."
    cue = on_the_grass()
    line, voiced = await said_by(actor, cue)
    assert line == f"Right. {cue.direction.parts[1].text}"
    assert (voiced.voice, voiced.faults) == ("mended", ("gives away", "invents", "particulars"))
    assert len(stub.requests) == 1


async def test_a_fault_after_everything_was_said_only_cuts_the_line(actor: LlmActor, stub: Stub) -> None:
    stub.answer = f"{GRASS} Thank you for calling Lantern Motor Club!"
    line, voiced = await said_by(actor, on_the_grass())
    assert (line, voiced.voice, voiced.faults) == (GRASS, "mended", ("role reversal", "thanks for nothing"))


async def test_a_moment_left_out_is_added_as_it_is_written(actor: LlmActor, stub: Stub) -> None:
    stub.answer = "I wouldn't know about that."
    cue = on_the_grass()
    line, voiced = await said_by(actor, cue)
    assert line == f"I wouldn't know about that. {cue.direction.parts[1].text}"
    assert (voiced.voice, voiced.faults) == ("mended", ("particulars",))


async def test_a_model_that_does_not_end_is_stopped(actor: LlmActor, stub: Stub) -> None:
    stub.answer = GRASS + "".join(
        f" And then I look at the {word} again." for word in "mirror wipers paint rain".split() * 9
    )
    stub.pace = 0.001
    line, voiced = await said_by(actor, on_the_grass())
    assert voiced.faults[0] in ("too long", "repeats")
    assert len(line.split()) < 100
    assert stub.wait_left()


async def test_words_warmer_than_the_customer_raise_the_quiet_alarm(actor: LlmActor, stub: Stub) -> None:
    stub.answer = f"Okay, that's good to hear. I feel safer already. {GRASS}"
    _, voiced = await said_by(actor, on_the_grass(trust=2.0))
    assert (voiced.voice, voiced.softer) == ("llm", True)
    _, voiced = await said_by(actor, on_the_grass(heard="met", trust=7.0))
    assert not voiced.softer


async def test_trouble_in_the_middle_leaves_the_sentences_that_were_said(actor: LlmActor, stub: Stub) -> None:
    async def cut(exchange: Any) -> None:
        await exchange.begin("There's grass past the exit lane. And then I th")
        exchange.closes = True

    stub.script = [cut]
    pieces: list[str] = []
    with pytest.raises(InTrouble) as raised:
        await actor.speak(on_the_grass(), pieces.append)
    assert raised.value.trouble.name == "cut off"
    assert raised.value.usage.requests == 1
    assert "".join(pieces) == "There's grass past the exit lane."


async def test_the_limit_of_the_call_is_kept_before_a_request(stub: Stub) -> None:
    actor = LlmActor(Endpoint(stub.settings(call_limit=1000)))
    with pytest.raises(InTrouble) as raised:
        await actor.speak(on_the_grass(), lambda piece: None)
    assert raised.value.trouble.name == "spent"
    assert raised.value.trouble.choices == ("scripted", "lift", "leave")
    assert stub.requests == []


async def test_too_long_for_the_server_is_folded_harder_and_asked_again(stub: Stub) -> None:
    said = [
        (f"Reply {number}, about the road and the rain and you.", f"Line {number}. It rains.") for number in range(150)
    ]
    stub.context = 4000
    endpoint = Endpoint(stub.settings(context=8192))
    line, voiced = await said_by(LlmActor(endpoint), on_the_grass(said=said))
    await endpoint.aclose()
    assert (line, voiced.voice) == (GRASS, "llm")
    assert 2 <= len(stub.requests) <= 3
    assert voiced.usage.requests == len(stub.requests)


async def test_no_more_than_three_requests_are_made_for_a_line(actor: LlmActor, stub: Stub) -> None:
    stub.context = 10
    with pytest.raises(InTrouble) as raised:
        await actor.speak(on_the_grass(), lambda piece: None)
    assert raised.value.trouble.name == "too long"
    assert len(stub.requests) == 3


async def test_stopped_in_the_middle_it_is_still_at_once(actor: LlmActor, stub: Stub) -> None:
    stub.pace = 1.0
    pieces: list[str] = []
    speaking = asyncio.create_task(actor.speak(on_the_grass(), pieces.append))
    while not stub.requests:
        await asyncio.sleep(0.005)
    speaking.cancel()
    start = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await speaking
    assert time.monotonic() - start < 2
    assert stub.wait_left()
    assert actor.took.requests == 1
    assert actor.took.sent > 1000


async def test_a_line_with_nothing_written_for_it_is_the_models_own(actor: LlmActor, stub: Stub) -> None:
    stub.answer = "Mm."
    line, voiced = await said_by(actor, on_the_grass(parts=[]))
    assert (line, voiced.voice) == ("Mm.", "llm")


async def test_an_obedient_model_needs_no_mending(actor: LlmActor, stub: Stub) -> None:
    stub.answer = plays_along
    cue = on_the_grass(parts=parts_of("stranded-driver", answer="Half a tank. I wish it was gas.", moment="hazards"))
    assert await said_by(actor, cue) == (
        cue.direction.line,
        Voiced(voice="llm", model="stub", usage=Usage(requests=1, sent=cue_tokens(stub), received=33)),
    )


def cue_tokens(stub: Stub) -> int:
    return -(-len(stub.requests[-1].prompt) // 4)
