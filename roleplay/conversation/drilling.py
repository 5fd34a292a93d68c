"""The rows of drills: one moment, one reply, one assessment; and the tests in which several are taken unaided."""

from __future__ import annotations

import msgspec

from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment


class KeptDrill(msgspec.Struct, frozen=True, kw_only=True):
    """One reply to one moment of a persona, with its assessment.

    `persona` is the persona's id and `moment` that of the moment or disclosure. `history` is what was shown as said
    before the reply; its last message is the customer's. `sitting` is shared by the drills of one sitting, and `test`
    is the id of the test it belongs to; empty: it was practice. `attempt` counts the replies to that moment in a
    sitting from 1: the first one counts. `aided` is how many hints were seen before it, 0-2. `at` is ISO 8601 UTC.
    """

    id: str
    trainee: str
    persona: str
    moment: str
    sitting: str
    test: str = ""
    attempt: int
    aided: int
    history: tuple[Message, ...]
    text: str
    assessment: Assessment
    at: str

    @property
    def counts(self) -> bool:
        """Whether it counts for the schedule and for progress: the first reply to that moment in its sitting does."""
        return self.attempt == 1


class DrillItem(msgspec.Struct, frozen=True, order=True):
    """A moment that can be drilled: the ids of the persona and of its moment or disclosure."""

    persona: str
    moment: str


class DrillTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test that was begun: the moments in it, in their order. It is over when each has a drill of it."""

    id: str
    trainee: str
    items: tuple[DrillItem, ...]
    at: str


class TestRating(msgspec.Struct, frozen=True, kw_only=True):
    """How the trainee rated a test, 0-4, before seeing its result; None if skipped."""

    id: str
    trainee: str
    test: str
    rating: int | None
    at: str


class DrillDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed and not sent in a drill."""

    item: DrillItem
    test: str
    text: str


for _read in (KeptDrill, DrillTest, TestRating):
    msgspec.json.Decoder(_read)  # at the first use of a type in two threads msgspec may crash; an import is in one
