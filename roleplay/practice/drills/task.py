"""What a front end shows of a drill: the task, a hint, what came of the reply, the sums of a sitting and of a test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

from roleplay.conversation.drilling import DrillItem
from roleplay.conversation.turns import Script
from roleplay.persona.lines import Better
from roleplay.persona.message import Message
from roleplay.practice.debrief import DimensionResult, ReplyResult
from roleplay.practice.marks import Mark
from roleplay.scoring.assessment import Scored

Because = Literal["draft", "asked", "missed", "due", "new", "test"]
"""Why a moment was chosen: something is typed for it, it was asked for, it was missed the last time, it is its turn to
come back, it is new, it is in a test."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the trainee sees of a moment before replying. Nothing unspoken is in it.

    `title` is the persona's, `name` and `speaker` are of the one who speaks (`speaker` as lines name it: the cast
    member, empty for the customer). `role`, `brief` (its first sentences), `record`, `may` and `may_not` are the
    trainee's. `scene` is the title of the scene or visit, with `narration` of what came before; both may be empty.
    `history` is what was said; its last message is the customer's line to reply to, and its first what they called
    about where that is another. `of_call`: the words are those of a call of the trainee's own, of that time (ISO 8601
    UTC); empty: they are the persona's.
    """

    title: str
    name: str
    speaker: str
    channel: str
    role: str
    brief: str
    record: Mapping[str, str]
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    content: tuple[str, ...]
    scene: str
    narration: str
    history: tuple[Message, ...]
    of_call: str = ""

    @property
    def line(self) -> str:
        """The customer's line that waits for a reply."""
        return self.history[-1].text


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A moment that waits for a reply.

    `number` counts the moments of the sitting or the test from 1; `attempt` the replies to this one, of which the first
    counts. `why` says in one sentence why it was chosen; empty in a test. `draft` is what was typed for it and not
    sent. `test` is the id of the test it is in; empty: it is practice. `sitting` and `script` are kept with the reply.
    """

    item: DrillItem
    number: int
    attempt: int
    because: Because
    why: str
    shown: Shown
    script: Script
    sitting: str
    test: str = ""
    draft: str = ""

    @property
    def counts(self) -> bool:
        """Whether the reply counts; a second one is practice."""
        return self.attempt == 1


class HintShown(msgspec.Struct, frozen=True, kw_only=True):
    """A hint: first a `question`, then a `worked` reply with its reason; None: there is none, and `question` says so.

    `number` is 1 or 2; `more`: another can be had.
    """

    number: int
    question: str
    worked: Better | None
    more: bool


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a reply that is kept.

    `reply` is as a debrief has it: assessment, `overall_means` in words, what there was to be met, a worked reply
    (`assessment.suggestion`; None if the moment was surely met or the only one was shown as a hint). `titles` are the
    names of the dimensions, `marks` the words of the reply that points rest on. `verdict` is "Met", "Partly met" …
    `comes_back` says in one sentence when the moment comes back, or that this reply does not count. `aided`: how many
    hints were seen.
    """

    task: Task
    reply: ReplyResult
    titles: Mapping[Scored, str]
    marks: tuple[Mark, ...]
    verdict: str
    comes_back: str
    day: date | None
    aided: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A sitting so far. Of the `replies` that count, `met`, `partly` and `missed` were heard so; the rest was unsure or
    not scored. `minutes` since its first task. `tomorrow`: how many moments come back tomorrow, and `told` that in one
    sentence. `next_step` is one sentence, too.
    """

    replies: int
    met: int
    partly: int
    missed: int
    minutes: float
    tomorrow: int
    told: str
    next_step: str


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a test that is over.

    `score` is the mean score of its replies (0-100), None if none could be scored; `before` that of the test before
    this one, taken on `before_on`; `drilled` that of the drills of the last 14 days, `drills` of them. `rating` is the
    trainee's own, 0-4, None if skipped. `told` are sentences that put them beside each other.
    """

    test: str
    score: float | None
    before: float | None
    before_on: date | None
    drilled: float | None
    drills: int
    rating: int | None
    dimensions: tuple[DimensionResult, ...]
    replies: tuple[Result, ...]
    told: tuple[str, ...]
