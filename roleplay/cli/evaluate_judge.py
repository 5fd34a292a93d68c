"""Labelled replies put before a judge: two at a time, told of as they come, ended at trouble or by Ctrl+C."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roleplay.agreement.figures import Rated
from roleplay.cli.common import talk
from roleplay.cli.progress import Progress
from roleplay.cli.transcripts_judge import judge_settings
from roleplay.conversation.voiced import Usage
from roleplay.judge.judge import LlmJudge
from roleplay.llm.address import host_of
from roleplay.llm.endpoint import Endpoint
from roleplay.practice.meter import meter_of
from roleplay.scoring.items import LabelledItem
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from roleplay.text import counted

if TYPE_CHECKING:
    from roleplay.conversation.judging import Verdict
    from roleplay.llm.settings import EndpointSettings
    from roleplay.scoring.assessment import Assessment

TOGETHER = 2
"""Replies that are before the judge at once."""
PATIENCE = 3
"""Replies in a row to which nothing came back, after which there is no point in asking on."""


class Judging:
    """The replies before a judge, and what came of them so far."""

    def __init__(self, items: Sequence[LabelledItem], settings: EndpointSettings) -> None:
        self._items, self._settings = items, settings
        self._rubric = default_rubric()
        self._offline = OfflineScorer(self._rubric)
        self._verdicts: dict[int, Verdict | None] = {}
        self._in_vain = 0
        self._progress = Progress(len(items))
        self.trouble = ""
        """The sentence on what ended it, if anything did."""
        self.stopped = False
        """Whether it was ended by Ctrl+C."""

    async def run(self) -> None:
        """Judge all of them, or as many as can be."""
        endpoint = Endpoint(self._settings)
        try:
            judge = LlmJudge(endpoint, self._rubric)
            rest = iter(enumerate(self._items))
            async with asyncio.TaskGroup() as group:
                for _ in range(TOGETHER):
                    group.create_task(self._judge(judge, rest))
        finally:
            await endpoint.aclose()

    async def _judge(self, judge: LlmJudge, rest: Iterator[tuple[int, LabelledItem]]) -> None:
        for index, item in rest:
            if self.trouble:
                return
            offline = self._offline.judge(item.occasion, item.history, item.said)
            verdict = await judge.judge(item.occasion, item.history, item.said, offline, used=Usage())
            self._verdicts[index] = verdict
            unheard = verdict is not None and verdict.standing == "failed" and not verdict.raw
            self._in_vain = self._in_vain + 1 if unheard else 0
            if verdict and self._in_vain >= min(PATIENCE, len(self._items)):
                self.trouble = " ".join(verdict.why)
            self._progress.at(len(self._verdicts), f", {self._usage.total:,} tokens")

    @property
    def rated(self) -> list[Rated]:
        """What was put before the judge and came back, in order; nothing where not one verdict can be used."""
        found = [Rated(self._items[index], _counting(self._verdicts[index])) for index in sorted(self._verdicts)]
        return found if any(each.given for each in found) else []

    @property
    def useless(self) -> str:
        """The sentence on why there is nothing to tell, where no verdict can be used."""
        why = "".join(f" The most frequent reason: {why}" for why, _ in self._refused.most_common(1))
        return f"None of what the judge said can be used.{why}"

    @property
    def name(self) -> str:
        """The judge, and which instructions it had."""
        prompt = next((verdict.prompt for verdict in self._verdicts.values() if verdict), "")
        return f"judge {self._settings.judge_model} (prompt {prompt}), rubric {self._rubric.id}"

    @property
    def data(self) -> dict[str, Any]:
        """What came of asking, for a program."""
        import msgspec

        return {
            "model": self._settings.judge_model,
            "asked": len(self._verdicts),
            "of": len(self._items),
            "standings": dict(self._standings),
            "refused": dict(self._refused),
            "usage": msgspec.to_builtins(self._usage),
        }

    @property
    def lines(self) -> Iterator[str]:
        """The same for a person."""
        if len(self._verdicts) < len(self._items):
            yield f"These are the figures of the {len(self._verdicts)} replies of {len(self._items)} that were judged."
        known = self._standings
        yield (
            f"{known['verified']} verdicts verified, {known['unverified']} not believed, {known['failed']} failed; "
            f"{counted(known['not for a judge'], 'reply', 'replies')} not for a judge."
        )
        yield from (f"{times} × {why}" for why, times in self._refused.most_common(5))
        yield meter_of(self._usage, self._settings).told

    @property
    def _standings(self) -> Counter[str]:
        return Counter(verdict.standing if verdict else "not for a judge" for verdict in self._verdicts.values())

    @property
    def _refused(self) -> Counter[str]:
        told = [each for each in self._verdicts.values() if each and each.standing != "verified"]
        return Counter(why for verdict in told for why in verdict.why)

    @property
    def _usage(self) -> Usage:
        return sum((verdict.usage for verdict in self._verdicts.values() if verdict), Usage())


def judged(
    items: Sequence[LabelledItem], workspace: Path | None, judge_model: str | None, base_url: str | None
) -> Judging:
    """`items` judged by the endpoint that was agreed to, as many as could be. Raises BadInput where there is none."""
    settings = judge_settings(workspace, judge_model, base_url)
    judging = Judging(items, settings)
    talk(
        f"{settings.judge_model} at {host_of(settings.base_url)} judges {counted(len(items), 'reply', 'replies')}, "
        "each in two requests or more. Ctrl+C stops and shows what there is."
    )
    try:
        asyncio.run(judging.run())
    except KeyboardInterrupt:
        judging.stopped = True
    if not judging.rated and not judging.trouble and not judging.stopped:
        judging.trouble = judging.useless
    return judging


def _counting(verdict: Verdict | None) -> Assessment | None:
    return verdict.assessment if verdict and verdict.standing == "verified" else None
