"""What a kept reply to a single moment is told as: the same record as in a debrief, with its marks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec

from roleplay.conversation.drilling import KeptDrill
from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.names import short_name
from roleplay.practice.days import on_day
from roleplay.practice.debrief import ReplyResult, in_fresh_words
from roleplay.practice.drills.schedule import Scheduled
from roleplay.practice.drills.task import Result, Task
from roleplay.practice.marks import marks_of
from roleplay.practice.wording import titles_of, verdict
from roleplay.scoring.assessment import Assessment, Suggestion
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric, in_keeping
from roleplay.scoring.there import what_was_there
from roleplay.scoring.unrepeated import Unrepeated
from roleplay.store.practised import Practised


def result_of(
    task: Task,
    kept: KeptDrill,
    scheduled: Scheduled | None,
    today: date,
    telling: Unrepeated,
    shown: Collection[str] = (),
) -> Result:
    """What came of a kept reply to `task`; the moment stands as `scheduled` after it.

    Nothing that was said in `telling` is said again, and no worked reply of `shown` is shown again.
    """
    titles = titles_of(task.script.rubric)
    reply = _reply_result(task, kept, telling, shown)
    return Result(
        task=task,
        reply=reply,
        titles=titles,
        marks=marks_of(reply, titles),
        verdict=verdict(kept.assessment),
        comes_back=_comes_back(kept, scheduled, today),
        day=scheduled.day if scheduled else None,
        aided=kept.aided,
    )


def practised_of(kept: KeptDrill, title: str) -> Practised:
    """A drill as it is listed among all that was practised."""
    given = kept.assessment
    return Practised(
        at=kept.at,
        source="test" if kept.test else "drill",
        persona=kept.persona,
        title=title,
        moment=kept.moment,
        within=kept.test or kept.sitting,
        turn=0,
        short=False,
        aided=kept.aided,
        opportunity=given.opportunity,
        levels=tuple(given.scores[name] for name in DIMENSIONS),
        harm=given.scores["harm"],
        overall=given.overall,
        turn_score=given.turn_score,
        unsure=given.unsure,
        unsafe=given.flags.safety,
    )


def _reply_result(task: Task, kept: KeptDrill, telling: Unrepeated, shown: Collection[str]) -> ReplyResult:
    script, speaker = task.script, kept.history[-1].speaker
    occasion = Occasion.at(script.persona, script.persona.beat(kept.moment))
    assessment = _with_other_worked_reply(in_fresh_words(kept.assessment, telling), occasion, shown)
    result = ReplyResult(
        turn=task.number,
        moment=kept.moment,
        customer=kept.history[-1].text,
        reply=kept.text,
        gesture="",
        assessment=assessment,
        overall_means=_overall_means(script.rubric, assessment),
        feeling=occasion.feeling,
        spoken=occasion.spoken,
        unspoken=occasion.unspoken,
        there=what_was_there(
            occasion, kept.history, kept.text, assessment, telling, name=short_name(speaker) or task.shown.name
        ),
        speaker=speaker,
        attempt=kept.attempt,
    )
    if not result.met:
        return result
    return msgspec.structs.replace(result, assessment=msgspec.structs.replace(assessment, suggestion=None))


def _with_other_worked_reply(assessment: Assessment, occasion: Occasion, shown: Collection[str]) -> Assessment:
    """`assessment` with a worked reply that is not among those `shown`; without any if there is no other."""
    worked = [*filter(None, [assessment.suggestion]), *(Suggestion(each.reply, each.why) for each in occasion.better)]
    fresh = next((each for each in worked if each.text not in shown), None)
    return msgspec.structs.replace(assessment, suggestion=fresh)


def _overall_means(rubric: Rubric, assessment: Assessment) -> str:
    if assessment.overall is None:
        return ""
    return rubric.overall[in_keeping(assessment.overall, assessment.opportunity)]


def _comes_back(kept: KeptDrill, scheduled: Scheduled | None, today: date) -> str:
    if scheduled is None:
        return ""
    back = f"comes back {on_day(scheduled.day, today)}"
    return f"It {back}." if kept.counts else f"This was another try; the first one counts, and the moment {back}."
