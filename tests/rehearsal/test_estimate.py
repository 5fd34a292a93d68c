"""What a call will take is estimated from the real prompts, and comes near to what one really takes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import SessionRecord
from roleplay.llm.settings import EndpointSettings
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.practice.casting import Casting
from roleplay.rehearsal.estimate import estimate
from roleplay.rehearsal.forgetful import ForgetfulStore
from roleplay.scoring.offline.scorer import OfflineScorer
from tests.actors.staging import plays_along
from tests.journeys.playing import replies_of
from tests.judge.cases import asks_for_harm, harm, levels
from tests.llm.stub import Body, Stub

SETTINGS = EndpointSettings("http://127.0.0.1:9/v1", "m", "m", context=32_768)


def answer(body: Body) -> str:
    """What a model that does as it is told answers to the actor's and the judge's requests."""
    if "response_format" not in body:
        return plays_along(body)
    return harm() if asks_for_harm(body) else levels({}, overall=3)


async def test_it_comes_near_to_a_whole_call() -> None:
    with Stub(answer) as stub:
        script = script_for(load_persona(shipped_folder() / "stranded-driver.yaml"))
        casting = Casting(stub.settings(judge_model="stub", context=32_768))
        record = SessionRecord(id="a", script=script, seed="7", exam=False, actor="m", trainee="t", started="")
        session = await Session.begin(
            record,
            store=ForgetfulStore(),
            scorer=OfflineScorer(script.rubric),
            actor=casting.actor(),
            clock=lambda: "",
            judge=casting.judge(script.rubric),
        )
        await session.speak()
        replies = replies_of("skilled")
        for reply in replies:
            await session.reply(reply)
        await session.fill_gaps(lambda done, of: None)
        await casting.aclose()
    took = session.transcript.usage
    expected = (await asyncio.to_thread(estimate, SETTINGS, len(replies))).whole
    assert expected.requests == took.requests == 3 * len(replies)
    assert expected.sent == pytest.approx(took.sent, rel=0.15)


def test_without_a_judge_it_is_the_actor_alone() -> None:
    whole, alone = estimate(SETTINGS), estimate(replace(SETTINGS, judge_model=""))
    assert alone.whole == alone.actor == whole.actor and alone.whole.total < whole.whole.total


def test_a_long_call_is_folded_so_a_small_context_takes_less() -> None:
    roomy, small = (estimate(replace(SETTINGS, context=context), turns=100) for context in (100_000, 4_096))
    assert small.actor.sent < roomy.actor.sent / 2
    assert 0 < roomy.actor.cached < roomy.actor.sent
