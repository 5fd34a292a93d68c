"""The unaided test: six moments never seen, no hints, and nothing told until the end."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from roleplay.conversation.drilling import DrillItem, DrillTest, KeptDrill, TestRating
from roleplay.errors import BadInput
from roleplay.practice.days import date_words, day_of, read_time
from roleplay.practice.debrief import dimension_results
from roleplay.practice.drills.choosing import for_a_test
from roleplay.practice.drills.common import Practice, practice_of
from roleplay.practice.drills.places import shown_again
from roleplay.practice.drills.schedule import Schedule
from roleplay.practice.drills.task import Shown, Task, TestResult
from roleplay.practice.drills.told import result_of
from roleplay.practice.standing import POINTS_A_RATING, mean_score
from roleplay.scoring.rubric import default_rubric
from roleplay.scoring.unrepeated import Unrepeated
from roleplay.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from roleplay.conversation.turns import Script
    from roleplay.practice.calls import Calls
    from roleplay.store.practised import Practised

MOMENTS = 6
"""Moments in a test."""

BESIDE = timedelta(days=14)
"""Drills of that time stand beside the result of a test."""

_NONE_LEFT = (
    "There is no moment left that you have not seen. Add a persona to test yourself on: `roleplay personas new NAME` "
    "writes one to fill in."
)


class Unaided:
    """One test of one trainee: a new one, or the one that was interrupted. Make it with `test_of(calls)`, `close` it.

    Every method may block and raises `StoreError`: call it in a thread; from any thread, one at a time. `prepare`, then
    `next` and `answer` until there is none, then `rate`, then `result`.
    """

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._test: DrillTest | None = None
        self._begun = False
        self._rating: TestRating | None = None
        self._kept: dict[DrillItem, KeptDrill] = {}

    def close(self) -> None:
        """Close what the test is kept in."""
        self._practice.close()

    def prepare(self) -> str:
        """Find the interrupted test, or the moments of a new one; a sentence to say before it begins.

        It says how many moments there are, that it goes on, or, where none is left unseen, how to get more: then
        `size` is 0 and nothing is begun. A new test is kept when its first moment is taken by `next`.
        """
        tests = self._practice.drills.tests(self._practice.trainee)
        if tests and self._goes_on(tests[-1]):
            return self._gone_on_with(tests[-1])
        known = self._practice.known()
        salt = f"{self._practice.trainee}:{len(tests)}"
        items = for_a_test(self._practice.pool, known.seen, known.played, MOMENTS, salt)
        self._test = DrillTest(
            id=secrets.token_hex(8), trainee=self._practice.trainee, items=items, at=self._practice.clock()
        )
        if not items:
            return _NONE_LEFT
        if len(items) < MOMENTS:
            left = counted(len(items), "moment is", "moments are")
            return (
                f"Only {left} left that you have not seen: the test takes what there is. No hints; all is told after."
            )
        return f"{MOMENTS} moments you have not seen, no hints, and nothing is told until the end."

    @property
    def size(self) -> int:
        """How many moments are in the test."""
        return len(self._test.items) if self._test else 0

    def next(self) -> Task | None:
        """The next moment without a reply, with its draft if there is one; None: all have one, it is to be rated."""
        test = self._prepared()
        left = [item for item in test.items if item not in self._kept]
        task = next((task for item in left if (task := self._task(item))), None)
        if task and not self._begun:
            self._practice.drills.begin_test(test)
            self._begun = True
        return task

    def keep_draft(self, task: Task, text: str) -> None:
        """As `Sitting.keep_draft`."""
        self._practice.keep_draft(task, text)

    def answer(self, task: Task, text: str) -> None:
        """Keep the reply with its assessment, and tell nothing. Raises as `Sitting.answer`."""
        if task.item in self._kept:
            raise BadInput("This was replied to already.", mend="Nothing was sent.")
        self._kept[task.item] = self._practice.keep(task, text, aided=0)

    @property
    def rated(self) -> bool:
        """Whether the trainee has rated it, or skipped that."""
        return self._rating is not None

    def rate(self, rating: int | None) -> None:
        """Keep the trainee's own rating, 0-4, or that it was skipped."""
        if self._rating is None:
            rated = TestRating(
                id=secrets.token_hex(8),
                trainee=self._practice.trainee,
                test=self._prepared().id,
                rating=rating,
                at=self._practice.clock(),
            )
            self._practice.drills.rate_test(rated)
            self._rating = rated

    def result(self) -> TestResult:
        """What came of it. Raises `BadInput` before every moment has a reply."""
        if self.next():
            raise BadInput("This test is not over.", mend="Reply to its other moments first.")
        test, telling = self._prepared(), Unrepeated()
        practised = self._practice.drills.practised(self._practice.trainee)
        schedule, today = Schedule(practised), self._practice.today
        results = tuple(
            result_of(self._replied(item, kept), kept, schedule.get(item), today, telling)
            for item, kept in ((item, self._kept[item]) for item in test.items if item in self._kept)
        )
        score = mean_score([each.reply.assessment.turn_score for each in results])
        before, before_on = _before(practised, test.id)
        drilled, drills = self._drilled(practised)
        rating = self._rating.rating if self._rating else None
        return TestResult(
            test=test.id,
            score=score,
            before=before,
            before_on=before_on,
            drilled=drilled,
            drills=drills,
            rating=rating,
            dimensions=dimension_results(default_rubric(), [each.reply for each in results]),
            replies=results,
            told=tuple(_told(score, len(results), before, before_on, drilled, drills, rating, today)),
        )

    def _prepared(self) -> DrillTest:
        if self._test is None:
            self.prepare()
        assert self._test
        return self._test

    def _goes_on(self, test: DrillTest) -> bool:
        """Whether the last test is not over: a moment waits for a reply, or it was not rated."""
        ratings = self._practice.drills.test_ratings(self._practice.trainee)
        self._rating = next((each for each in ratings if each.test == test.id), None)
        every = self._practice.drills.of(self._practice.trainee)
        self._kept = {DrillItem(each.persona, each.moment): each for each in every if each.test == test.id}
        waits = any(item not in self._kept and self._practice.pool.place(item) for item in test.items)
        goes_on = waits or (bool(self._kept) and not self._rating)
        if not goes_on:
            self._rating, self._kept = None, {}
        return goes_on

    def _gone_on_with(self, test: DrillTest) -> str:
        self._test, self._begun = test, True
        day = day_of(test.at)
        begun = f"on {date_words(day, self._practice.today)}" if day else "before"
        if len(self._kept) == len(test.items):
            return f"This test was begun {begun}, and every moment has its reply: what is left is your own rating."
        done = f"{len(self._kept)} of {len(test.items)} moments"
        return f"This test was begun {begun} and goes on: {done} have a reply. No hints; all is told after."

    def _task(self, item: DrillItem) -> Task | None:
        """The task; None if the moment is in no persona any more."""
        found = self._practice.found(item)
        if found is None:
            return None
        place, shown = found
        draft = self._practice.drills.draft(self._practice.trainee, self._prepared().id)
        typed = draft.text if draft and draft.item == item else ""
        return self._new_task(item, shown, place.script, typed)

    def _replied(self, item: DrillItem, kept: KeptDrill) -> Task:
        """The task of a kept reply, with the script and the words that were kept: its persona may be another by now."""
        script = self._practice.drills.script(kept.id)
        assert script
        return self._new_task(item, shown_again(script, item.moment, kept.history), script)

    def _new_task(self, item: DrillItem, shown: Shown, script: Script, draft: str = "") -> Task:
        test = self._prepared()
        return Task(
            item=item,
            number=test.items.index(item) + 1,
            attempt=1,
            because="test",
            why="",
            shown=shown,
            script=script,
            sitting=test.id,
            test=test.id,
            draft=draft,
        )

    def _drilled(self, practised: Sequence[Practised]) -> tuple[float | None, int]:
        """The mean score of the unaided drills of the last days, and how many they are."""
        since = self._practice.now - BESIDE
        scores = [
            each.turn_score
            for each in practised
            if each.source == "drill" and not each.aided and (at := read_time(each.at)) and at >= since
        ]
        return mean_score(scores), sum(score is not None for score in scores)


def test_of(calls: Calls) -> Unaided:
    """The test of the trainee of `calls` that was interrupted, or a new one."""
    return Unaided(practice_of(calls))


def _before(practised: Sequence[Practised], test: str) -> tuple[float | None, date | None]:
    """The score of the test before that one, and the day of its last reply."""
    others = [each for each in practised if each.source == "test" and each.within != test]
    if not others:
        return None, None
    last = others[-1]
    return mean_score([each.turn_score for each in others if each.within == last.within]), day_of(last.at)


def _told(
    score: float | None,
    replies: int,
    before: float | None,
    before_on: date | None,
    drilled: float | None,
    drills: int,
    rating: int | None,
    today: date,
) -> Sequence[str]:
    if score is None:
        return ["Score: none, because nothing could be scored."]
    told = [f"Score: {score:.0f} of 100 over {counted(replies, 'reply', 'replies')}."]
    if before is not None:
        when = f", on {date_words(before_on, today)}" if before_on else ""
        told.append(f"The test before{when}: {before:.0f}.")
    if drilled is not None:
        told.append(f"Drills of the last 14 days, without a hint: {drilled:.0f} over {drills}.")
    if rating is not None:
        rated = POINTS_A_RATING * rating
        gap = rated - score
        side = "above" if gap > 0 else "below"
        heard = f"{abs(gap):.0f} {side} what was heard" if abs(gap) >= 1 else "just what was heard"
        told.append(f"You rated yourself {rating} of 4, which is {rated} of 100: {heard}.")
    told.append(f"{counted(replies, 'reply says', 'replies say')} little alone: look at several tests.")
    return told
