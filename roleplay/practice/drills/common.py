"""What drills and tests share: what was practised, the moments there are, and a reply that is assessed and kept."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from roleplay.conversation.drilling import DrillDraft, DrillItem, KeptDrill
from roleplay.errors import BadInput, NotFound, StoreDamaged, StoreForeign
from roleplay.persona.folders import persona_folders
from roleplay.practice.calls import ready_scorer
from roleplay.practice.drills.places import Place, shown_at, shown_in
from roleplay.practice.drills.pool import REMEMBERED, Pool
from roleplay.practice.drills.schedule import Schedule
from roleplay.practice.drills.task import Shown, Task
from roleplay.practice.drills.told import practised_of
from roleplay.scoring.occasion import Occasion
from roleplay.store.drills import Drills
from roleplay.text import REPLY_LIMIT, sanitise

if TYPE_CHECKING:
    from roleplay.conversation.session import Clock
    from roleplay.practice.calls import Calls
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.store.practised import Practised
    from roleplay.store.transcripts import Transcripts


@dataclass
class Known:
    """What a trainee has practised: every reply that counts, what comes back when, and the moments that were seen."""

    practised: list[Practised]
    shown: set[DrillItem]
    schedule: Schedule = field(init=False)

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.practised)

    @property
    def seen(self) -> set[DrillItem]:
        """Every moment that was replied to, if only in a try, or that is in a test, come to or not."""
        return {*(DrillItem(each.persona, each.moment) for each in self.practised), *self.shown}

    @property
    def played(self) -> set[str]:
        """The ids of the personas that were met in calls."""
        return {each.persona for each in self.practised if each.source == "call"}

    def add(self, row: Practised) -> None:
        """Take in a reply that was kept just now."""
        self.practised.append(row)
        self.schedule.add(row)


class Practice:
    """One trainee's drills, over the moments of a `pool` and the database of their calls. May block; `StoreError`.

    The scorer is that of the folder `workspace`.
    """

    def __init__(self, pool: Pool, workspace: Path, store: Transcripts, trainee: str, clock: Clock) -> None:
        self.pool, self.trainee, self.clock, self.store = pool, trainee, clock, store
        self.drills = Drills(store.path, waiting=store.waiting)
        self._workspace = workspace
        self._scorers: dict[str, OfflineScorer] = {}

    @property
    def now(self) -> datetime:
        """The present time."""
        return datetime.fromisoformat(self.clock()).astimezone(UTC)

    @property
    def today(self) -> date:
        """The day of the calendar here."""
        return self.now.astimezone().date()

    def known(self) -> Known:
        """What the trainee has practised until now."""
        tested = {item for test in self.drills.tests(self.trainee) for item in test.items}
        shown = tested.union(self.drills.replied(self.trainee))
        return Known(list(self.drills.practised(self.trainee)), shown)

    def found(self, item: DrillItem, missed_in: tuple[str, int] | None = None) -> tuple[Place, Shown] | None:
        """A moment as it is shown: in the words of the call in which it was missed, else in those of its persona.

        None if it is in no persona any more.
        """
        if missed_in:
            with suppress(NotFound, StoreDamaged, StoreForeign):
                in_call = shown_in(self.store.load(missed_in[0]), missed_in[1], item.moment)
                if in_call:
                    return in_call
        place = self.pool.place(item)
        return (place, shown_at(place)) if place else None

    def keep(self, task: Task, text: str, aided: int) -> KeptDrill:
        """Keep the reply `text` to `task`, with its assessment. Raises `BadInput` above the limit, `StoreError`."""
        text = sanitise(text).strip()
        if len(text) > REPLY_LIMIT:
            raise BadInput(
                f"This reply has {len(text):,} characters; at most {REPLY_LIMIT:,} can be said at once.",
                mend="Shorten it; nothing was sent.",
            )
        persona = task.script.persona
        occasion = Occasion.at(persona, persona.beat(task.item.moment))
        kept = KeptDrill(
            id=secrets.token_hex(8),
            trainee=self.trainee,
            persona=task.item.persona,
            moment=task.item.moment,
            sitting=task.sitting,
            test=task.test,
            attempt=task.attempt,
            aided=aided,
            history=task.shown.history,
            text=text,
            assessment=self._scorer(task).judge(occasion, task.shown.history, text),
            at=self.clock(),
        )
        self.drills.keep(kept, task.script)
        return kept

    def keep_draft(self, task: Task, text: str) -> None:
        """Keep what is typed for `task` and not sent."""
        self.drills.keep_draft(self.trainee, DrillDraft(item=task.item, test=task.test, text=text))

    def row(self, task: Task, kept: KeptDrill) -> Practised:
        """A kept reply as it is listed among all that was practised."""
        return practised_of(kept, task.script.persona.title)

    def close(self) -> None:
        """Close the database of the drills."""
        self.drills.close()

    def _scorer(self, task: Task) -> OfflineScorer:
        """The offline scorer of the workspace: at once, and comparable over months, whoever judges in calls."""
        rubric = task.script.rubric.id
        if rubric not in self._scorers:
            self._scorers[rubric] = ready_scorer(task.script, self._workspace)
        return self._scorers[rubric]


def pool_of(calls: Calls) -> Pool:
    """The moments of the workspace of `calls`."""
    return Pool(persona_folders(calls.personas), calls.remembered_beside(REMEMBERED), calls.reader)


def practice_of(calls: Calls) -> Practice:
    """The drills of the trainee of `calls`, in their workspace."""
    return Practice(pool_of(calls), calls.personas.parent, calls.store, calls.trainee, calls.clock)
