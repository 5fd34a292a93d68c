"""What really goes out to the model in whole calls: nothing unopened, stable beginnings, and no call that dies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from roleplay.actors.checks.particulars import missing_parts
from roleplay.actors.llm import LlmActor
from roleplay.actors.unopened import Telltale, telltale_now
from roleplay.conversation.actor import Cue
from roleplay.conversation.turns import LinePart
from roleplay.conversation.voiced import Voiced
from roleplay.llm.endpoint import Endpoint
from roleplay.persona.lines import MoodLine
from roleplay.persona.model import Persona
from roleplay.persona.scenes import in_scene
from roleplay.rehearsal.banks import SKILLS, Skill
from tests.actors.staging import SHIPPED, cue_for, direction_of, further, played, plays_along, trainee
from tests.actors.test_checks import labelled
from tests.llm.stub import Stub


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def stub(server: Stub) -> Stub:
    return server.afresh(plays_along)


class Watched:
    """An LLM actor whose every request is compared with what may be in it."""

    name = "watched"

    def __init__(self, stub: Stub, actor: LlmActor) -> None:
        self._stub, self._actor = stub, actor
        self.leaks: list[str] = []
        self.voices: list[Voiced] = []

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        before = len(self._stub.requests)
        voiced = await self._actor.speak(cue, say)
        self.voices.append(voiced)
        for request in self._stub.requests[before:]:
            self.leaks += leaks(cue, request.prompt)
        return voiced


def leaks(cue: Cue, text: str) -> list[str]:
    """What stands in the text of a request though it was not opened, said or told yet."""
    transcript, direction = cue.transcript, cue.direction
    persona, state = transcript.session.script.persona, transcript.replies[-1].state
    said = [*(line.text for line in transcript.lines), *(reply.text for reply in transcript.replies), direction.line]
    hidden = [need.need for need in persona.needs.values() if need.kind == "unspoken"]
    for beat in persona.beats():
        hidden += [beat.note, beat.feeling, *(each.reply for each in beat.better), *(each.why for each in beat.better)]
        hidden += [line for field in beat.hears.__struct_fields__ for line in lines(getattr(beat.hears, field))]
    for disclosure in persona.disclosures:
        hidden += [disclosure.says, *disclosure.deflections]
    hidden += [moment.says for view in views(persona) for moment in view.moments if moment.id not in state.said]
    hidden += [words for ending in persona.endings for words in (ending.says, ending.epilogue)]
    found = [words for words in hidden if words and words in text and not any(words in each for each in said)]
    for disclosure in persona.disclosures:
        if disclosure.id not in state.disclosed:
            words = [each for each in disclosure.gives_away if not any(Telltale([each]).is_in(text) for text in said)]
            found += [each for each in words if Telltale([each]).is_in(text)]
    return found


def lines(pool: tuple[str | MoodLine, ...]) -> list[str]:
    return [line.says if isinstance(line, MoodLine) else line for line in pool]


def views(persona: Persona) -> list[Persona]:
    return [persona, *(in_scene(persona, scene.id) for scene in persona.scenes)]


async def watch(stub: Stub, name: str, skill: Skill, seed: int) -> Watched:
    endpoint = Endpoint(stub.settings(call_limit=None))
    watched = Watched(stub, LlmActor(endpoint))
    call = await played(watched, name, trainee(name, skill, seed), session=f"{name}-{skill}-{seed}")
    assert len(call.transcript.replies) >= 3
    await endpoint.aclose()
    return watched


@pytest.mark.parametrize("skill", ["skilled", "cold"])
@pytest.mark.parametrize("name", SHIPPED)
async def test_in_a_whole_call_nothing_unopened_goes_out_and_requests_begin_alike(
    stub: Stub, name: str, skill: Skill
) -> None:
    watched = await watch(stub, name, skill, 1)
    assert stub.requests
    assert watched.leaks == []
    begins_alike([request.body["messages"] for request in stub.requests])
    assert len({code for each in stub.requests for code in re.findall(r"\[stage direction (k\w+)\]", each.prompt)}) == 1
    # what the director wrote passes the checks: an obedient model needs no mending
    assert {(voiced.voice, voiced.faults) for voiced in watched.voices if voiced.model} == {("llm", ())}


def begins_alike(asked: list[Any]) -> None:
    for before, now in pairwise(asked):
        if now[0] == before[0]:  # the same scene
            reply = before[-1]["content"].removesuffix(direction_of(before)).rstrip()
            assert now[: len(before) - 1] == before[:-1]
            assert now[len(before) - 1] == {"role": "user", "content": reply}


@pytest.mark.soak
@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("skill", SKILLS)
async def test_in_two_hundred_calls_no_request_holds_anything_that_was_not_opened(
    stub: Stub, name: str, skill: Skill
) -> None:
    for seed in range(17):
        stub.requests.clear()
        assert (await watch(stub, name, skill, seed)).leaks == []


async def go_on(stub: Stub, name: str, turns: int, context: int) -> int:
    """Speak that many lines, each after the one before, to a server that has `context`; how many the model said."""
    stub.context = context
    endpoint = Endpoint(stub.settings(context=context, call_limit=None))
    actor, well = LlmActor(endpoint), 0
    cue = cue_for(name, parts=[LinePart("reaction", "Well, here I am with number 0.")], said=())
    for number in range(turns):
        pieces: list[str] = []
        voiced = await actor.speak(cue, pieces.append)
        well += voiced.voice == "llm"
        reply = f"Reply {number}: I'm sending somebody out, and I am staying on the line with you until he is there."
        del stub.requests[:-2]
        written = f"Well, here I am with number {number + 1}."
        cue = further(cue, "".join(pieces), reply, [LinePart("reaction", written)])
    await endpoint.aclose()
    return well


async def test_a_call_does_not_die_of_its_context(stub: Stub) -> None:
    assert await go_on(stub, "heartbroken-mover", 60, 3000) == 60
    assert any("in between, in short" in request.prompt for request in stub.requests)


@pytest.mark.soak
@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("context", [2048, 4096, 8192])
async def test_a_call_of_five_hundred_turns_does_not_die_of_its_context(stub: Stub, name: str, context: int) -> None:
    assert await go_on(stub, name, 500, context) == 500


@pytest.mark.parametrize("name", SHIPPED)
async def test_whatever_a_model_says_the_customer_says_what_is_due_and_nothing_unopened(stub: Stub, name: str) -> None:
    said = [each.line for lines in ("lines.yaml", "lines_held_out.yaml") for each in labelled(lines)]
    said += ["", "…", "\x1b[31mRed.", "A" * 900, "?!", "1. One\n2. Two", "<think>", "</think> Well.", "No. " * 200]
    chance = Random(name)
    stub.answer = lambda body: " ".join(chance.sample(said, 2))
    endpoint = Endpoint(stub.settings(call_limit=None))
    heard: list[tuple[Cue, str]] = []

    class Heard:
        name = "heard"

        async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
            pieces: list[str] = []
            voiced = await actor.speak(cue, pieces.append)
            heard.append((cue, "".join(pieces)))
            say(heard[-1][1])
            return voiced

    actor = LlmActor(endpoint)
    await played(Heard(), name, trainee(name, "partly-skilled", 4))
    await endpoint.aclose()
    for cue, line in heard[1:]:
        assert line
        assert "\x1b" not in line
        assert not telltale_now(cue.transcript, unless_in=cue.direction.line).is_in(line)
        assert not missing_parts(cue.direction, in_scene(cue.transcript.session.script.persona, cue.scene), line)
