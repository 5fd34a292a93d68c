"""Plays simulated trainees against a persona, through the same session as everybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random

import msgspec

from roleplay.conversation.score import score_of
from roleplay.conversation.turns import Script, Transcript
from roleplay.rehearsal.banks import ANYWHERE, Bank, Skill
from roleplay.rehearsal.stage import begin_unkept
from roleplay.scoring.scorer import Scorer

MOST_TURNS = 40
"""Replies after which a call that has still not ended counts as a dead end."""


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True):
    """One simulated call."""

    trainee: Skill
    seed: int
    transcript: Transcript
    told: bool
    """Whether a disclosure was made that brings an unspoken need into the open."""
    score: float | None
    repeats: int
    """Customer's lines that were said before in this call, word for word."""
    dead_end: bool


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one trainee's calls. Shares are 0-1."""

    trainee: Skill
    calls: int
    told: float
    met: float
    """Share of replies at moments with something to be met that met it."""
    score: float
    turns: float
    endings: dict[str, int]
    repeats: int
    dead_ends: int


def rehearse(script: Script, bank: Bank, trainee: Skill, seed: int, scorer: Scorer) -> Rehearsed:
    """Play one call with the replies of `trainee`, drawn by `seed`."""
    return asyncio.run(_play(script, bank, trainee, seed, scorer))


async def _play(script: Script, bank: Bank, trainee: Skill, seed: int, scorer: Scorer) -> Rehearsed:
    session = await begin_unkept(script, scorer, trainee=trainee, seed=seed)
    given: set[str] = set()
    while not session.ended and len(session.transcript.replies) < MOST_TURNS:
        reply = _next_reply(
            bank, trainee, session.state.moment, given, Random(f"{seed}:{session.state.turn}:{trainee}")
        )
        given.add(reply)
        await session.reply(reply)
    dead_end = not session.ended
    await session.leave()
    transcript = session.transcript
    lines = [" ".join(line.text.split()) for line in transcript.lines]
    return Rehearsed(
        trainee=trainee,
        seed=seed,
        transcript=transcript,
        told=any(each.tells for each in script.persona.disclosures if each.id in session.state.disclosed),
        score=score_of(transcript).score,
        repeats=len(lines) - len(set(lines)),
        dead_end=dead_end,
    )


def _next_reply(bank: Bank, trainee: Skill, moment: str, given: set[str], chance: Random) -> str:
    replies = bank.trainees[trainee]
    for pool in (replies.get(moment, ()), replies[ANYWHERE]):
        fresh = [reply for reply in pool if reply not in given]
        if fresh:
            return chance.choice(fresh)
    return chance.choice(replies[ANYWHERE])


def figures_of(rehearsed: Sequence[Rehearsed]) -> Figures:
    """Sum up the calls of one trainee; at least one."""
    replies = [reply for each in rehearsed for reply in each.transcript.replies]
    offered = [reply.assessment.opportunity for reply in replies if reply.assessment.opportunity != "none"]
    endings: dict[str, int] = {}
    for each in rehearsed:
        ending = each.transcript.ending
        assert ending is not None
        endings[ending.ending] = endings.get(ending.ending, 0) + 1
    return Figures(
        trainee=rehearsed[0].trainee,
        calls=len(rehearsed),
        told=sum(each.told for each in rehearsed) / len(rehearsed),
        met=offered.count("met") / len(offered) if offered else 0.0,
        score=sum(each.score or 0.0 for each in rehearsed) / len(rehearsed),
        turns=len(replies) / len(rehearsed),
        endings=dict(sorted(endings.items())),
        repeats=sum(each.repeats for each in rehearsed),
        dead_ends=sum(each.dead_end for each in rehearsed),
    )
