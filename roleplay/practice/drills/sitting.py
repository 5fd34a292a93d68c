"""A sitting of drills: chooses the next moment, takes the reply, keeps it, and only then tells what was heard."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from roleplay.conversation.drilling import DrillItem, KeptDrill
from roleplay.errors import BadInput
from roleplay.persona.fields import Dimension
from roleplay.practice.days import day_of, local_day, on_day
from roleplay.practice.drills import choosing
from roleplay.practice.drills.choosing import Choosing, Chosen
from roleplay.practice.drills.common import Practice, practice_of
from roleplay.practice.drills.schedule import Schedule, Scheduled
from roleplay.practice.drills.task import Because, HintShown, Result, Summary, Task
from roleplay.practice.drills.told import result_of
from roleplay.practice.hints import hint_on
from roleplay.practice.skill import weakest
from roleplay.practice.wording import titles_of
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import default_rubric
from roleplay.scoring.unrepeated import Unrepeated
from roleplay.text import counted

if TYPE_CHECKING:
    from roleplay.practice.calls import Calls
    from roleplay.store.drills import Drills

MINUTES = 5.0
"""Minutes that make a full sitting: about six replies."""

MOST_HINTS = 2
"""Hints for one moment: a question, and a worked reply."""

_NO_WORKED = "No worked reply was written for this moment. What would you want to be told, if this were you?"


class Sitting:
    """The drills of one trainee, one after the other. Front ends make one with `sitting_of(calls)` and `close` it.

    The scorer is the offline one of the workspace, whoever plays and judges in calls: at once, and comparable over
    months. Every method may block, for what it reads or keeps and for the scorer, and raises `StoreError`: call it in a
    thread. They may be called from any thread, one at a time.

    First `next`; then for its task `hint` up to twice, `keep_draft` as often as anything is typed, and `answer`; then
    `again` for the same moment once more, or `next`. Whenever it is to end, `summary`.
    """

    def __init__(
        self,
        practice: Practice,
        *,
        minutes: float = MINUTES,
        dimension: Dimension | None = None,
        persona: str = "",
        item: DrillItem | None = None,
    ) -> None:
        """`dimension` and `persona` (an id) narrow what is chosen; `item` is drilled first. Raises `NotFound` for a
        persona without moments, and where both are given for an `item` that it has not."""
        self._practice = practice
        self._minutes, self._dimension, self._persona, self._asked = minutes, dimension, persona, item
        if persona:
            self._practice.pool.title(persona)
            if item and item not in self._practice.pool.moments:
                raise self._practice.pool.no_moment(item)
        self._known = self._practice.known()
        self._id = secrets.token_hex(8)
        self._begun: datetime | None = None
        self._given: list[DrillItem] = []
        self._kept: dict[DrillItem, list[KeptDrill]] = {}
        self._hints: dict[DrillItem, int] = {}
        self._shown: dict[DrillItem, set[str]] = {}
        self._fresh = self._due_at_first = 0
        self._weak: Dimension | None = None
        self._draft = practice.drills.draft(practice.trainee)

    def close(self) -> None:
        """Close what the drills are kept in."""
        self._practice.close()

    def next(self) -> Task | None:
        """The next moment, with its draft if something was typed for it; None: nothing is left to drill today.

        One that was not replied to is passed over: it stays as it was, and comes no more in this sitting.
        """
        self._weak = weakest(self._known.practised, self._practice.now)
        if self._begun is None:
            self._begun = self._practice.now
            self._due_at_first = len(self._choosing().due())
        begun = self._asked_for() or self._drafted()
        while begun is None and (chosen := self._choosing().next()):
            self._fresh += chosen.scheduled is None
            begun = self._task(chosen.item, *self._because(chosen))
        return begun

    def hint(self, task: Task) -> HintShown:
        """A hint for `task`: the first time a question, the second a worked reply; then the second one again."""
        number = min(self._hints.get(task.item, 0) + 1, MOST_HINTS)
        self._hints[task.item] = number
        persona = task.script.persona
        occasion = Occasion.at(persona, persona.beat(task.item.moment))
        tries = self._kept.get(task.item, [])
        last = tries[-1].assessment if tries else None
        hint = hint_on(occasion, task.script.rubric, last=last, here=len(tries), turn=len(self._given))
        if number == 1:
            return HintShown(number=1, question=hint.question, worked=None, more=True)
        shown = self._shown.setdefault(task.item, set())
        if hint.worked:
            shown.add(hint.worked.reply)
        return HintShown(number=2, question="" if hint.worked else _NO_WORKED, worked=hint.worked, more=False)

    def keep_draft(self, task: Task, text: str) -> None:
        """Keep what is typed for `task` and not sent. Let none be on its way when `answer` is called: it would stay."""
        self._practice.keep_draft(task, text)

    def answer(self, task: Task, text: str) -> Result:
        """Keep the reply `text` to `task` with its assessment, then tell what was heard.

        `text` is sanitised here; empty is a silence. Raises `BadInput` above the limit of 4,000 characters and for a
        task that was replied to already; then nothing was kept, as with a `StoreError`, and it may be sent again.
        """
        tries = self._kept.setdefault(task.item, [])
        if any(each.attempt == task.attempt for each in tries):
            raise BadInput("This was replied to already.", mend="Nothing was sent.")
        kept = self._practice.keep(task, text, self._hints.get(task.item, 0))
        tries.append(kept)
        if kept.counts:
            self._known.add(self._practice.row(task, kept))
        if self._draft:  # of another moment, which was cleared with the one that was replied to
            self._practice.drills.keep_draft(self._practice.trainee, self._draft)
        shown = self._shown.setdefault(task.item, set())
        scheduled = self._known.schedule.get(task.item)
        result = result_of(task, kept, scheduled, self._practice.today, Unrepeated(), shown)
        if result.reply.assessment.suggestion:
            shown.add(result.reply.assessment.suggestion.text)
        return result

    def again(self, task: Task) -> Task:
        """The same moment once more, as practice: the first reply is what counts. Raises `BadInput` if it has none."""
        tries = self._kept.get(task.item)
        if not tries:
            raise BadInput("This moment has no reply yet.", mend="Reply to it first.")
        return replace(task, attempt=tries[-1].attempt + 1, draft="")

    @property
    def minutes(self) -> float:
        """Minutes since the first task; 0 before."""
        return (self._practice.now - self._begun) / timedelta(minutes=1) if self._begun else 0.0

    @property
    def enough(self) -> bool:
        """Whether the minutes of a full sitting have passed: say so after a result, and offer to stop or go on."""
        return self.minutes >= self._minutes

    @property
    def enough_told(self) -> str:
        """That its minutes have passed, and that it is enough."""
        minutes = "five" if self._minutes == MINUTES else f"{self._minutes:g}"
        return f"That was {minutes} minutes; that is enough for today."

    @property
    def about(self) -> int:
        """How many replies make about a full sitting."""
        return max(1, round(choosing.FULL * self._minutes / MINUTES))

    def summary(self) -> Summary:
        """The sitting so far, what comes back tomorrow, and what to do next."""
        counting = [each.assessment for tries in self._kept.values() for each in tries if each.counts]
        sure = [each for each in counting if each.scorable and not each.unsure]
        tomorrow = len(self._back_on(1))
        return Summary(
            replies=len(counting),
            met=_number(sure, "met"),
            partly=_number(sure, "partly"),
            missed=_number(sure, "missed"),
            minutes=self.minutes,
            tomorrow=tomorrow,
            told=self._told_tomorrow(tomorrow),
            next_step=self._next_step(len(counting)),
        )

    def _choosing(self) -> Choosing:
        return Choosing(
            pool=self._practice.pool,
            schedule=self._known.schedule,
            seen=self._known.seen,
            played=self._known.played,
            trainee=self._practice.trainee,
            today=self._practice.today,
            weakest=self._weak,
            given=self._given,
            fresh=self._fresh,
            due_at_first=self._due_at_first,
            dimension=self._dimension,
            persona=self._persona,
        )

    def _asked_for(self) -> Task | None:
        item, self._asked = self._asked, None
        return self._task(item, "asked", "You asked for this one.") if item else None

    def _drafted(self) -> Task | None:
        """The moment for which something was typed and not sent, when the last sitting was interrupted."""
        draft, self._draft = self._draft, None
        if draft is None or draft.item in self._given:
            return None
        task = self._task(draft.item, "draft", "You had begun to answer this one.")
        return replace(self._gone_on_with(task), draft=draft.text) if task else None

    def _gone_on_with(self, task: Task) -> Task:
        """`task` as another try, if it was replied to today already: what was interrupted was the same once more."""
        scheduled = self._known.schedule.get(task.item)
        if scheduled is None or scheduled.source != "drill" or day_of(scheduled.last) != self._practice.today:
            return task
        every = self._practice.drills.of(self._practice.trainee)
        same = [each for each in every if DrillItem(each.persona, each.moment) == task.item]
        tries = [each for each in same if each.sitting == same[-1].sitting]
        self._kept[task.item] = tries
        return replace(task, attempt=tries[-1].attempt + 1, sitting=tries[-1].sitting)

    def _task(self, item: DrillItem, because: Because, why: str) -> Task | None:
        """The task; None if the moment is in no persona any more."""
        self._given.append(item)
        scheduled = self._known.schedule.get(item)
        found = self._practice.found(item, scheduled.missed_in if scheduled else None)
        if found is None:
            return None
        place, shown = found
        return Task(
            item=item,
            number=len(self._given),
            attempt=1,
            because=because,
            why=why,
            shown=shown,
            script=place.script,
            sitting=self._id,
        )

    def _because(self, chosen: Chosen) -> tuple[Because, str]:
        scheduled = chosen.scheduled
        kind: Because = "new" if scheduled is None else "missed" if scheduled.missed else "due"
        title = self._practice.pool.title(chosen.item.persona)
        return kind, choosing.why(chosen, self._practice.today, titles_of(default_rubric()), self._weak, title)

    def _back_on(self, days: int) -> list[Scheduled]:
        """What comes back that many days from now."""
        day = self._practice.today + timedelta(days=days)
        return [each for each in self._known.schedule if each.day == day and each.item in self._practice.pool.moments]

    def _told_tomorrow(self, tomorrow: int) -> str:
        if tomorrow:
            return f"{_moments(tomorrow)} back tomorrow."
        today = self._practice.today
        later = [each.day for each in self._known.schedule if each.day > today]
        return f"Nothing comes back tomorrow; the next one does {on_day(min(later), today)}." if later else ""

    def _next_step(self, replies: int) -> str:
        left = len(self._choosing().due())
        if left:
            more = "more " if replies else ""
            return f"{left} {more}{'moment is' if left == 1 else 'moments are'} due today, and can wait until tomorrow."
        name = weakest(self._known.practised, self._practice.now)
        if name:
            return f"In your next call, watch one thing: {default_rubric().dimensions[name].title.lower()}."
        if replies and all(self._hints.get(item) for item in self._kept):
            return "Next time, reply once before you ask for a hint."
        return "Take a call next, with a customer you do not know yet."


def sitting_of(
    calls: Calls,
    *,
    minutes: float = MINUTES,
    dimension: Dimension | None = None,
    persona: str = "",
    item: DrillItem | None = None,
) -> Sitting:
    """A sitting of the trainee of `calls`, in their workspace. Raises `NotFound` for a persona that is not there."""
    practice = practice_of(calls)
    return Sitting(practice, minutes=minutes, dimension=dimension, persona=persona, item=item)


def waiting(drills: Drills, trainee: str, now: str, known: Collection[str] | None = None) -> int:
    """How many moments of `trainee` are due on the day of `now` (ISO 8601). Reads what was practised, and no persona.

    `known` are the ids of the personas there are: moments of others are not counted. Raises `StoreError`.
    """
    due = Schedule(drills.practised(trainee)).due(local_day(datetime.fromisoformat(now)))
    return sum(known is None or each.item.persona in known for each in due)


def _number(given: Collection[Assessment], opportunity: str) -> int:
    return sum(each.opportunity == opportunity for each in given)


def _moments(number: int) -> str:
    return counted(number, "moment comes", "moments come")
