"""A trainee's drills over a few small personas, with a clock that tests set."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from roleplay.conversation.drilling import DrillItem
from roleplay.practice.drills.common import Practice
from roleplay.practice.drills.pool import Pool
from roleplay.practice.drills.sitting import Sitting
from roleplay.practice.drills.task import Result, Task
from roleplay.practice.drills.unaided import Unaided
from roleplay.store.practised import Practised
from roleplay.store.transcripts import Transcripts
from tests.persona.stories import QUEUE, VISITS

RAMP = """\
name: Dana Whitfield
title: The ramp
difficulty: 2
trainee:
  role: Roadside assistance representative
  brief: It rains. It is nearly dark, and the lorries do not slow down.
  record: {Car: a silver one}
  may: [send a truck, ask the patrol for a car with lights behind her]
  may_not: [promise a time]
customer:
  opening: "I am on the ramp with two feet of room, and the lorries do not slow down."
  backstory: Her car stopped.
needs:
  tow: {kind: spoken, need: "A tow truck, fast."}
  safe: {kind: unspoken, need: "To be made safe in the traffic now and not be left alone with it."}
moments:
  - id: opening
    feeling: frightened
    spoken: tow
    unspoken: safe
    safety: danger
    key: true
    better:
      - {reply: "Stay in the car with your belt on. I am sending a truck and the patrol, and I stay on the line.",
         why: It makes her safe first.}
  - id: typing
    says: "Are you typing? It is fine. I just thought you would say something."
    feeling: alone
    unspoken: safe
    better:
      - {reply: "That was me, asking the patrol for a car behind you. I have stopped. I am here.",
         why: It takes up what bothered her.}
      - {reply: "You heard keys where you needed a voice. I am here now.", why: It names it.}
  - {id: bench, says: "There is a bench. It is green."}
  - {id: alone, says: "He does not know that I left.", when: disclosed(left), feeling: lonely, unspoken: safe}
disclosures:
  - {id: left, says: "I left him this morning.", reveal: earned, topics: [your husband], feeling: relieved,
     unspoken: safe, tells: safe}
"""

MISSES = "We open at nine on Mondays."
"""A reply that misses whatever was there."""
MEETS = (
    "Two feet of room with lorries going past, that is frightening, and of course you want out of there. Stay in the "
    "car with your belt on. I am sending the truck now, I have the patrol putting a car with lights behind you, and I "
    "stay on the line with you until they are there. Are you belted in?"
)
"""A reply that meets the opening of the ramp."""

OPENING, TYPING, ALONE, LEFT = (DrillItem("the-ramp", moment) for moment in ("opening", "typing", "alone", "left"))


class Room:
    """A workspace, and a clock. Days are counted from 0; each begins at nine in the morning, in UTC."""

    def __init__(self, folder: Path, pool: Pool) -> None:
        self.folder, self.pool = folder, pool
        self.time = datetime.fromisoformat("2026-11-02T09:00:00+00:00")
        self._open = ExitStack()
        self.store = self._open.enter_context(Transcripts(folder / "transcripts" / "roleplay.db"))

    def practice(self, trainee: str = "sam") -> Practice:
        """What drills and tests of a trainee share."""
        practice = Practice(self.pool, self.folder, self.store, trainee, lambda: self.time.isoformat())
        self._open.callback(practice.close)
        return practice

    def sitting(self, trainee: str = "sam", **options: Any) -> Sitting:
        """A sitting that begins now."""
        return Sitting(self.practice(trainee), **options)

    def test(self, trainee: str = "sam") -> Unaided:
        """A test, prepared."""
        test = Unaided(self.practice(trainee))
        test.prepare()
        return test

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.time += timedelta(**time)

    def practised(self, trainee: str = "sam") -> list[Practised]:
        """Everything that counts, oldest first."""
        return list(self.practice(trainee).drills.practised(trainee))

    def close(self) -> None:
        self._open.close()


def written(folder: Path) -> Path:
    """`folder` with a few small personas in it."""
    folder.mkdir()
    for name, text in (("the-ramp", RAMP), ("emil", VISITS), ("window", QUEUE)):
        (folder / f"{name}.yaml").write_text(text)
    return folder


def taken(sitting: Sitting) -> Task:
    """The next task, which is there."""
    task = sitting.next()
    assert task
    return task


def drilled(room: Room, item: DrillItem, reply: str, trainee: str = "sam") -> Result:
    """A drill of that moment, replied to now."""
    sitting = room.sitting(trainee, item=item)
    return sitting.answer(taken(sitting), reply)


def row(at: str, moment: str = "opening", persona: str = "the-ramp", **changes: Any) -> Practised:
    """A reply that met its moment."""
    met = Practised(
        at=at,
        source="drill",
        persona=persona,
        title="The ramp",
        moment=moment,
        within=at,
        turn=0,
        short=False,
        aided=0,
        opportunity="met",
        levels=(2, 1, 2, None, 2),
        harm=0,
        overall=3,
        turn_score=80.0,
        unsure=False,
    )
    return met._replace(**changes)


@contextmanager
def living_in(zone: str) -> Iterator[None]:
    """Have the clock of the computer show the time of `zone`."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
