"""Runs the tests written in a persona: replies, and what must come of them."""

from __future__ import annotations

import asyncio

import msgspec
from msgspec.structs import replace

from roleplay.conversation.kinds import kind_of
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Script
from roleplay.persona.known import Known
from roleplay.persona.model import Expectation, Persona, PersonaTest
from roleplay.persona.queue import SEEN, as_called
from roleplay.rehearsal.stage import begin_unkept
from roleplay.rehearsal.stories import script_of_test
from roleplay.scoring.scorer import Scorer

Given = tuple[str, str]
"""The id of a moment or disclosure, and a reply that was given at it."""


class OwnTest(msgspec.Struct, frozen=True):
    """The name of a test, and what was otherwise than expected; nothing if it passed.

    `good` are the replies that a skilled trainee can take from it, each with the moment at which it was given here;
    `poor` those that one may give who is not.
    """

    name: str
    failures: tuple[str, ...]
    good: tuple[Given, ...] = ()
    poor: tuple[str, ...] = ()


def run_persona_tests(persona: Persona, scorer: Scorer, seed: int = 0) -> list[OwnTest]:
    """Play each test of `persona`, as it was loaded, and compare.

    For a story of visits that is the first one, or the one that the test names; of a queue the customer that it names,
    alone. Replies left over when the call has ended are not given.
    """
    return asyncio.run(_run_all(persona, scorer, seed))


async def _run_all(persona: Persona, scorer: Scorer, seed: int) -> list[OwnTest]:
    return [await _run(persona, test, scorer, seed) for test in persona.tests]


async def _run(persona: Persona, test: PersonaTest, scorer: Scorer, seed: int) -> OwnTest:
    script = script_of_test(persona, test)
    test = replace(test, expect=_as_played(test.expect, script))
    session = await begin_unkept(script, scorer, trainee="test", seed=str(seed))
    for reply in test.replies:
        if not session.ended:
            await session.reply(reply)
    return OwnTest(test.name, tuple(_failures(test, session)), *_taken_from(test, script, session))


def _as_played(expect: Expectation, script: Script) -> Expectation:
    """`expect` with the ids by which the call knows what it names."""
    known = Known.of_persona(script.persona)
    disclosures, needs = as_called(known.disclosures, script.queue), as_called(known.needs, script.queue)
    endings = as_called({*known.endings, *SEEN.values()}, script.queue)
    return replace(
        expect,
        disclosed=tuple(disclosures.get(each, each) for each in expect.disclosed),
        not_disclosed=tuple(disclosures.get(each, each) for each in expect.not_disclosed),
        met=tuple(needs.get(each, each) for each in expect.met),
        ending=endings.get(expect.ending, expect.ending) if expect.ending else None,
    )


def _failures(test: PersonaTest, session: Session) -> list[str]:
    """What was otherwise than `test` expects."""
    state, expect = session.state, test.expect
    ending = session.transcript.ending
    last = session.transcript.replies[-1].assessment.opportunity
    failures = [f"{each} was not disclosed" for each in expect.disclosed if each not in state.disclosed]
    failures += [f"{each} was disclosed" for each in expect.not_disclosed if each in state.disclosed]
    failures += [f"{each} was not met" for each in expect.met if each not in state.met]
    if expect.opportunity and last != expect.opportunity:
        failures.append(f"the last reply was {last}, not {expect.opportunity}")
    ends = {each.ending for each in state.ends} | ({ending.ending} if ending else set())
    if expect.ending and expect.ending not in ends:
        failures.append(f"the call {'has not ended' if ending is None else f'ended with {ending.ending}'}")
    return failures


def _taken_from(test: PersonaTest, script: Script, session: Session) -> tuple[tuple[Given, ...], tuple[str, ...]]:
    """The good replies of `test`, each with its moment, and the poor ones.

    A test is good if it expects something unspoken to be told, a need to be met, or its last reply to meet what was
    there; in the latter case only that reply is known to be good. Silences and words without sense are nobody's.
    """
    replies = session.transcript.replies
    telling = {each.id for each in script.persona.disclosures if each.tells}
    if telling.intersection(test.expect.disclosed) or test.expect.met:
        good = replies
    elif test.expect.opportunity == "met":
        good = replies[-1:]
    else:
        return (), tuple(reply.text for reply in replies if kind_of(reply.text) == "words")
    return tuple((reply.moment, reply.text) for reply in good if reply.text), ()
