"""Runs the tests written in a persona: replies, and what must come of them."""

from __future__ import annotations

import asyncio

import msgspec

from roleplay.conversation.turns import Script
from roleplay.persona.model import PersonaTest
from roleplay.rehearsal.stage import begin_unkept
from roleplay.scoring.scorer import Scorer


class TestResult(msgspec.Struct, frozen=True):
    """The name of a test, and what was otherwise than expected; nothing if it passed."""

    name: str
    failures: tuple[str, ...]


def run_persona_tests(script: Script, scorer: Scorer, seed: int = 0) -> list[TestResult]:
    """Play each test of the persona and compare. Replies left over when the call has ended are not given."""
    return [asyncio.run(_run(script, test, scorer, seed)) for test in script.persona.tests]


async def _run(script: Script, test: PersonaTest, scorer: Scorer, seed: int) -> TestResult:
    session = await begin_unkept(script, scorer, trainee="test", seed=seed)
    for reply in test.replies:
        if not session.ended:
            await session.reply(reply)
    state, expect = session.state, test.expect
    ending = session.transcript.ending
    last = session.transcript.replies[-1].assessment.opportunity
    failures = [f"{each} was not disclosed" for each in expect.disclosed if each not in state.disclosed]
    failures += [f"{each} was disclosed" for each in expect.not_disclosed if each in state.disclosed]
    failures += [f"{each} was not met" for each in expect.met if each not in state.met]
    if expect.opportunity and last != expect.opportunity:
        failures.append(f"the last reply was {last}, not {expect.opportunity}")
    if expect.ending and (ending is None or ending.ending != expect.ending):
        failures.append(f"the call {'has not ended' if ending is None else f'ended with {ending.ending}'}")
    return TestResult(test.name, tuple(failures))
