"""`roleplay transcripts judge`: judges a kept reply again and again, and shows how far the judge agrees with itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleplay.cli.common import database_of, json_option, say, say_json, talk, workspace_option
from roleplay.errors import BadInput, NotFound
from roleplay.text import counted
from roleplay.workspace import resolve_workspace

if TYPE_CHECKING:
    from roleplay.conversation.judging import Verdict
    from roleplay.conversation.turns import KeptReply, Transcript
    from roleplay.judge.spread import Spread
    from roleplay.llm.settings import EndpointSettings
    from roleplay.scoring.assessment import Assessment

MOST = 50


@click.command("judge")
@click.argument("transcript", metavar="ID")
@click.option("--turn", type=click.IntRange(1), help="The turn of the reply. Default: the last one.")
@click.option("--times", type=click.IntRange(1, MOST), default=5, show_default=True, help="How often it is judged.")
@click.option("--judge-model", metavar="NAME", help="The language model that judges. Default: as in a call.")
@click.option("--base-url", metavar="URL", help="The OpenAI-compatible endpoint to use.")
@json_option
@workspace_option
def judge_call(
    transcript: str,
    turn: int | None,
    times: int,
    judge_model: str | None,
    base_url: str | None,
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Judge a reply of a call again, several times, and show the spread.

    For each dimension: the least, the middle and the most that the judge gave, beside the offline scorer's level; then
    why verdicts were refused, and the tokens used. Nothing of the call is changed.
    """
    import asyncio  # a list of calls must not wait for it

    from roleplay.store.transcripts import Transcripts

    with Transcripts(database_of(workspace)) as store:
        kept = store.load(transcript)
    if kept.session.exam and kept.ending is None:
        raise BadInput("This call is an exam that has not ended.", mend="Its replies can be judged afterwards.")
    reply = _reply(kept, turn)
    settings = judge_settings(workspace, judge_model, base_url)
    verdicts: list[Verdict] = []
    stopped = False
    try:
        asyncio.run(_judge(kept, reply, settings, times, verdicts))
    except KeyboardInterrupt:
        stopped = True
    if verdicts:
        from roleplay.judge.spread import spread_of
        from roleplay.practice.meter import meter_of

        spread = spread_of(verdicts)
        if as_json:
            say_json(_data(kept, reply, verdicts[0], spread))
        else:
            for line in _lines(reply, verdicts[0], spread, meter_of(spread.usage, settings).told):
                say(line)
    if stopped:
        raise click.Abort


def _reply(kept: Transcript, turn: int | None) -> KeptReply:
    """The reply of that turn on the branch of the call, or the last one. Raises `NotFound`."""
    if not kept.replies:
        raise NotFound("Nobody has replied in this call yet.")
    found = next((reply for reply in kept.replies if reply.turn == (turn or kept.replies[-1].turn)), None)
    if found is None:
        last = kept.replies[-1].turn
        raise NotFound(f"There is no reply in turn {turn}.", mend=f"The last one is in turn {last}.")
    return found


def judge_settings(workspace: Path | None, judge_model: str | None, base_url: str | None) -> EndpointSettings:
    """The endpoint to judge with, of what was agreed to. Raises `BadInput` where there is none."""
    from dataclasses import replace

    from roleplay.llm.choosing import HOW, choose

    choice = choose(resolve_workspace(workspace).root, judge_model=judge_model, base_url=base_url)
    if choice.settings is None:
        mend = "Agree to it once: roleplay doctor." if choice.offer else HOW
        raise BadInput(f"There is no language model to judge with. {choice.why}", mend=mend)
    if not choice.settings.judge_model:
        raise BadInput("The settings say that nobody judges.", mend="Name one: --judge-model NAME.")
    return replace(choice.settings, call_limit=None)


async def _judge(
    kept: Transcript, reply: KeptReply, settings: EndpointSettings, times: int, verdicts: list[Verdict]
) -> None:
    """Judge `reply` so often, adding to `verdicts` as they come. Raises `BadInput` for what is not for a judge."""
    from roleplay.conversation.director import Director
    from roleplay.conversation.verdicts import verdict_on
    from roleplay.judge.judge import LlmJudge
    from roleplay.llm.endpoint import Endpoint

    endpoint = Endpoint(settings)
    try:
        judge = LlmJudge(endpoint, kept.session.script.rubric)
        director = Director(kept.session.script, kept.session.seed)
        for number in range(1, times + 1):
            talk(f"{number} of {times} …")
            verdict = await verdict_on(kept, reply, judge, director)
            if verdict is None:
                raise BadInput(
                    "This reply is not for a judge: it is a silence, a copy of what was said, or not in English."
                )
            verdicts.append(verdict)
    finally:
        await endpoint.aclose()


def _data(kept: Transcript, reply: KeptReply, verdict: Verdict, spread: Spread) -> dict[str, Any]:
    import msgspec

    told: dict[str, Any] = msgspec.to_builtins(spread)
    head = {"session": kept.session.id, "turn": reply.turn, "model": verdict.model, "prompt": verdict.prompt}
    return head | told | {"offline": _levels_of(reply.assessment)}


def _lines(reply: KeptReply, verdict: Verdict, spread: Spread, meter: str) -> Iterator[str]:
    asked = counted(spread.asked, "time", "times")
    yield f"The reply of turn {reply.turn}, judged {asked} by {verdict.model}:"
    yield f"{spread.verified} verified, {spread.unverified} not believed, {spread.failed} failed."
    yield ""
    yield f"{'':22}  least  middle  most  offline"
    for name, levels in spread.levels.items():
        told = f"{levels.least:5g}  {levels.middle:6g}  {levels.most:4g}" if levels else f"{'-':>5}  {'-':>6}  {'-':>4}"
        yield f"{name.replace('_', ' '):22}  {told}  {_level(reply.assessment, name):>7}"
    if spread.refused:
        yield ""
        yield "Why verdicts were not believed, or failed:"
        for why, times in spread.refused.items():
            yield f"{times} × {why}"
    yield ""
    yield meter


def _level(assessment: Assessment, name: str) -> str:
    level = _levels_of(assessment)[name]
    return "-" if level is None else str(level)


def _levels_of(assessment: Assessment) -> dict[str, int | None]:
    """The levels of all dimensions, and `overall`, by name."""
    return {**{str(name): level for name, level in assessment.scores.items()}, "overall": assessment.overall}
