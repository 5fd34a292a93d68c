"""Whether drills and progress tell who learns: `python -m benchmarks.learners`, two simulated trainees over 30 days.

Each takes five minutes of drills a day, by a simulated clock over the real sitting, database and scorer, with replies
drawn from the frozen banks. One learns: with each feedback on a dimension and on a moment the chance of a skilled reply
rises. The other begins alike and never changes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import exp
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from roleplay.conversation.drilling import DrillItem
from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.folders import shipped_folder
from roleplay.practice.days import day_of
from roleplay.practice.drills.common import Practice
from roleplay.practice.drills.pool import Pool
from roleplay.practice.drills.schedule import Grade, Schedule, Scheduled, grade_of
from roleplay.practice.drills.sitting import Sitting
from roleplay.practice.drills.task import Task
from roleplay.practice.figure_words import trend_words
from roleplay.practice.progress import Progress
from roleplay.practice.progress_reading import read_progress
from roleplay.practice.progress_words import now_words, practised
from roleplay.rehearsal.banks import ANYWHERE, Skill, find_bank
from roleplay.store.drills import Drills
from roleplay.store.practised import Practised
from roleplay.store.transcripts import Transcripts

DAYS = 30
BEGINS = datetime(2026, 11, 2, 18, tzinfo=UTC)
A_REPLY = timedelta(seconds=50)
"""What reading a moment, replying and reading what was heard take together."""

AT_FIRST = 0.1
"""The chance of a skilled reply before any feedback."""
AT_BEST = 0.95
OF_A_DIMENSION = 0.015
"""How much one feedback on a dimension teaches: the chance comes nearer to the best by that rate."""
OF_A_MOMENT = 0.15
"""How much one feedback on the moment itself teaches."""
OTHERWISE: Mapping[Skill, float] = {"partly-skilled": 0.2, "polite": 0.4, "cold": 0.4}
"""What is replied where the reply is not skilled, by its share."""


@cache
def _moments() -> Pool:
    """The moments of all shipped personas, which are read once."""
    return Pool([shipped_folder()])


class Learner:
    """A simulated trainee. `learns`: feedback changes something."""

    def __init__(self, seed: str, *, learns: bool) -> None:
        self._random, self._learns = Random(seed), learns
        self._of_dimension = dict.fromkeys(DIMENSIONS, 0)
        self._of_moment: dict[DrillItem, int] = {}

    def reply(self, task: Task) -> str:
        """A reply to `task` as this trainee can give it now."""
        skill: Skill = "skilled"
        if self._random.random() >= self._chance(task):
            (skill,) = self._random.choices(tuple(OTHERWISE), tuple(OTHERWISE.values()))
        return self._random.choice(replies_to(task.item, skill))

    def hears(self, task: Task, levels: Mapping[str, int | None]) -> None:
        """Take in what was heard."""
        self._of_moment[task.item] = self._of_moment.get(task.item, 0) + 1
        for name in DIMENSIONS:
            self._of_dimension[name] += levels[name] is not None

    def _chance(self, task: Task) -> float:
        if not self._learns:
            return AT_FIRST
        persona = task.script.persona
        beat = persona.beat(task.item.moment)
        called_for = [name for name in DIMENSIONS if beat.calls_for.get(name, True)]
        heard = sum(self._of_dimension[name] for name in called_for) / max(1, len(called_for))
        taught = OF_A_DIMENSION * heard + OF_A_MOMENT * self._of_moment.get(task.item, 0)
        return AT_BEST - (AT_BEST - AT_FIRST) * exp(-taught)


class Reviewed(NamedTuple):
    """A drill that was taken on `day`, of a moment that was due on `was_due`; None: it was new."""

    item: DrillItem
    day: date
    was_due: date | None
    grade: Grade


class Days(NamedTuple):
    """What the days of a simulated trainee came to. `full` are the days on which five minutes were not enough for all
    that was due, and `schedule` is what comes back after the last, `today`.
    """

    reviewed: tuple[Reviewed, ...]
    full: frozenset[date]
    progress: Progress
    schedule: tuple[Scheduled, ...]
    today: date


@cache
def replies_to(item: DrillItem, skill: Skill) -> Sequence[str]:
    """What the frozen bank has for a moment, or else for any moment of that persona."""
    bank = find_bank(item.persona)
    assert bank
    replies = bank.trainees[skill]
    return replies.get(item.moment) or replies.get(ANYWHERE) or [each for some in replies.values() for each in some]


def drill(folder: Path, seed: str, *, learns: bool, days: int = DAYS) -> Days:
    """Let a simulated trainee drill for `days` days in the workspace `folder`."""
    learner, clock = Learner(seed, learns=learns), [BEGINS]
    trainee = f"{'learner' if learns else 'other'}-{seed}"
    full: set[date] = set()
    with Transcripts(folder / "transcripts" / "roleplay.db") as store, Drills(store.path) as drills:
        for number in range(days):
            clock[0] = BEGINS + timedelta(days=number)
            practice = Practice(_moments(), folder, store, trainee, lambda: clock[0].isoformat())
            with closing(Sitting(practice)) as sitting:
                _a_day(sitting, learner, clock)
                if Schedule(drills.practised(trainee)).due(practice.today):
                    full.add(practice.today)
        practised = drills.practised(trainee)
        with store.snapshot() as connection:
            progress = read_progress(connection, trainee, clock[0])
    return Days(tuple(_reviewed(practised)), frozenset(full), progress, tuple(Schedule(practised)), practice.today)


def _a_day(sitting: Sitting, learner: Learner, clock: list[datetime]) -> None:
    while not sitting.enough and (task := sitting.next()):
        clock[0] += A_REPLY
        result = sitting.answer(task, learner.reply(task))
        learner.hears(task, {name: result.reply.assessment.scores[name] for name in DIMENSIONS})


def _reviewed(practised: Sequence[Practised]) -> Iterator[Reviewed]:
    schedule = Schedule()
    for row in practised:
        item, day = DrillItem(row.persona, row.moment), day_of(row.at)
        before = schedule.get(item)
        grade = grade_of(row, first=before is None)
        if grade and day:
            yield Reviewed(item, day, before.day if before else None, grade)
        schedule.add(row)


def told(days: Days) -> Iterator[str]:
    """What progress shows, when what was missed came back, and what is due."""
    yield practised(days.progress)
    for dimension in days.progress.dimensions.values():
        yield f"  {dimension.title}: {now_words(dimension)}; {trend_words(dimension.trend)}"
    yield "  Missed, and after how many days it came back each time (~: met half way; after a semicolon: missed again):"
    for item, runs in returns(days).items():
        yield f"    {item.persona} {item.moment}: {'; '.join(runs)}"
    due = sum(each.day <= days.today for each in days.schedule)
    yield f"  Due after the last day: {due} of {len(days.schedule)} moments. Full days: {len(days.full)}."


def returns(days: Days) -> dict[DrillItem, list[str]]:
    """By each moment that was missed: after how many days it came back each time, from each miss to the next."""
    found: dict[DrillItem, list[list[str]]] = {}
    last: dict[DrillItem, date] = {}
    for each in days.reviewed:
        runs = found.get(each.item)
        if runs:
            runs[-1].append(f"{'~' if each.grade == 'hard' else ''}{(each.day - last[each.item]).days}")
        if each.grade == "again":
            found.setdefault(each.item, []).append([])
        last[each.item] = each.day
    return {item: [", ".join(run) or "not yet" for run in runs] for item, runs in found.items()}


def rising(days: Days) -> list[str]:
    """The dimensions that progress calls rising."""
    return [name for name, each in days.progress.dimensions.items() if each.trend.says == "rising"]


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="a month")
    parser.add_argument("--days", type=int, default=DAYS)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        for learns in (True, False):
            print("One who learns." if learns else "One who does not.")
            for line in told(drill(Path(folder), given.seed, learns=learns, days=given.days)):
                print(line)


if __name__ == "__main__":
    main()
