"""The rows of a transcript: what is kept of a call, in the order in which it happened."""

from __future__ import annotations

from typing import Literal

import msgspec

from roleplay.conversation.judging import Verdict
from roleplay.conversation.reviewing import Override
from roleplay.conversation.state import CustomerState, Place
from roleplay.conversation.voiced import SCRIPTED, Usage, Voiced
from roleplay.persona.fields import Outcome
from roleplay.persona.lines import Reactions
from roleplay.persona.model import Persona
from roleplay.persona.names import SHORT, SHORT_TITLE
from roleplay.persona.visits import Visiting
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.rubric import Rubric

PartKind = Literal[
    "opening",
    "interruption",
    "answer",
    "reaction",
    "gesture",
    "disclosure",
    "deflection",
    "moment",
    "nudge",
    "ending",
]


class LinePart(msgspec.Struct, frozen=True):
    """A piece of a composed line."""

    kind: PartKind
    text: str


class SceneBegins(msgspec.Struct, frozen=True, kw_only=True):
    """The scene that follows a line: its opening is said at once, by `speaker`, before the trainee replies.

    `narration` tells what happened in between; it is shown and not spoken.
    """

    id: str
    title: str
    narration: str
    speaker: str
    opening: str


class StageDirection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the customer is to say next, decided by the director before anybody speaks.

    `turn` is the turn this line opens (reply k is answered by the line that opens turn k + 1; the opening opens turn
    1). `parts` are the scripted line in order; `moment` is the moment or disclosure current afterwards. `speaker` is
    the cast member who says it; empty: the customer. `scene`: the scene that begins after this line. `heard` is how the
    reply before it was taken.
    """

    turn: int
    mood: str
    parts: tuple[LinePart, ...]
    moment: str
    disclosed: str | None = None
    deflected: str | None = None
    answered: tuple[str, ...] = ()
    ending: str | None = None
    outcome: Outcome | None = None
    epilogue: str = ""
    speaker: str = ""
    scene: SceneBegins | None = None
    heard: Literal["met", "partly", "missed", "harmed", "none"] = "none"

    @property
    def line(self) -> str:
        """The scripted line."""
        return " ".join(part.text for part in self.parts)


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a session is played with and keeps: persona, general lines, rubric. Resume and review use these.

    `visiting`: which visit it is of a story in visits. `queue`: the ids of those who come one after the other, if the
    persona is a queue; each has a scene of that id. `short`: the persona is the five-minute form of it.
    """

    persona: Persona
    general: Reactions
    rubric: Rubric
    visiting: Visiting | None = None
    queue: tuple[str, ...] = ()
    short: bool = False

    @property
    def listed(self) -> tuple[str, str]:
        """Under which id and title calls with it are listed and counted: the five-minute form is one of its own."""
        persona = self.persona
        return (persona.id + SHORT, persona.title + SHORT_TITLE) if self.short else (persona.id, persona.title)

    @property
    def visit(self) -> Visiting | None:
        """Which visit a call with it is; a five-minute call is none, though what was told before is remembered."""
        return None if self.short else self.visiting


class SessionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a transcript. `started` is ISO 8601 UTC; `seed` any short string."""

    id: str
    script: Script
    seed: str
    exam: bool
    actor: str
    trainee: str
    started: str


class KeptReply(msgspec.Struct, frozen=True, kw_only=True):
    """First commit of a turn: the reply, its assessment, the customer's state after it, and what is to be said next."""

    session: str
    branch: int
    turn: int
    text: str
    gesture: str | None
    moment: str
    assessment: Assessment
    state: CustomerState
    direction: StageDirection
    at: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.branch, self.turn


class KeptLine(msgspec.Struct, frozen=True, kw_only=True):
    """Second commit of a turn: a line that opens `turn`. `broken_off`: it was cut short.

    `attempt` counts the lines of a turn from 1. Where a scene begins, a turn has two whole lines: the last words of the
    scene before, and the opening; else one, after any number of broken-off ones. `voiced`: how it came about.
    """

    session: str
    branch: int
    turn: int
    attempt: int
    text: str
    at: str
    broken_off: bool = False
    voiced: Voiced = SCRIPTED


class KeptVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A judge's verdict on the reply of (`branch`, `turn`); `attempt` counts those on that reply from 1.

    `state`: the customer's state after that reply, computed anew with it; None where it came too late to move anything.
    """

    session: str
    branch: int
    turn: int
    attempt: int
    verdict: Verdict
    state: CustomerState | None
    at: str

    @property
    def place(self) -> Place:
        """Where the reply stands that it is on."""
        return self.branch, self.turn


class KeptOpening(msgspec.Struct, frozen=True, kw_only=True):
    """The start of a branch: the customer's state before its first reply, and the direction of the line to be answered.

    `parent` is the branch it leaves, None for the first one. A branch has its parent's turns up to `state.turn`.
    `practice`: it was begun after the call had ended, so that nothing on it counts.
    """

    session: str
    branch: int
    state: CustomerState
    direction: StageDirection
    at: str
    parent: int | None = None
    practice: bool = False


EndedBy = Literal["ending", "left"]


class KeptEnding(msgspec.Struct, frozen=True, kw_only=True):
    """How a call ended: by an ending of the persona, or because the trainee left."""

    session: str
    branch: int
    by: EndedBy
    ending: str
    outcome: Outcome
    epilogue: str
    at: str


class SelfRating(msgspec.Struct, frozen=True, kw_only=True):
    """How the trainee rated the call, 0-4, before seeing the score; None if skipped."""

    session: str
    rating: int | None
    at: str


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """The saved record of a session along one branch, in order, from the first turn on. `lines` holds all attempts.

    `opening` is the first branch's. `earlier` are the replies of other branches, oldest first, to turns that were
    played again: each turn counts by its first reply. `verdicts` are those on all of these replies, oldest first, and
    `overrides` what coaches overruled in them. `usage_elsewhere` is what lines on other branches took. `newest` is the
    highest number of a branch of the session.

    `practice`: the branch was begun after the call had ended. Nothing on it counts, `ending` is its own, and of other
    branches only what was taken back since it was opened stands in `earlier`. Of any other branch, nothing of practice
    is in here.
    """

    session: SessionRecord
    opening: KeptOpening
    replies: tuple[KeptReply, ...]
    lines: tuple[KeptLine, ...]
    ending: KeptEnding | None
    self_rating: SelfRating | None
    branch: int = 0
    earlier: tuple[KeptReply, ...] = ()
    verdicts: tuple[KeptVerdict, ...] = ()
    overrides: tuple[Override, ...] = ()
    usage_elsewhere: Usage = Usage()
    newest: int = 0
    practice: bool = False

    @property
    def coached(self) -> bool:
        """Whether it is told at once how a reply was heard: in no exam, and always in practice."""
        return self.practice or not self.session.exam

    @property
    def state(self) -> CustomerState:
        """The customer's state now."""
        return self.state_after(self.replies[-1]) if self.replies else self.opening.state

    @property
    def direction(self) -> StageDirection:
        """The direction that the customer follows since the latest reply, spoken or still to be spoken."""
        return self.replies[-1].direction if self.replies else self.opening.direction

    def verdicts_on(self, reply: KeptReply) -> list[KeptVerdict]:
        """All verdicts on `reply`, oldest first."""
        return [each for each in self.verdicts if each.place == reply.place]

    def verdict_on(self, reply: KeptReply) -> Verdict | None:
        """The judge's verdict on `reply`: the latest that did not fail, else the latest; None if there is none."""
        there = [each.verdict for each in self.verdicts_on(reply)]
        given = [each for each in there if each.standing != "failed"] or there
        return given[-1] if given else None

    def counted(self, reply: KeptReply) -> Assessment:
        """What counts of `reply`: what a coach made of it, else `scored`."""
        made = [each.assessment for each in self.overrides if each.place == reply.place]
        return (made[-1] if made else None) or self.scored(reply)

    def scored(self, reply: KeptReply) -> Assessment:
        """What the machine says of `reply`: the judge's assessment where it was verified, else the offline one."""
        verdict = self.verdict_on(reply)
        if verdict and verdict.standing == "verified" and verdict.assessment:
            return verdict.assessment
        return reply.assessment

    def state_after(self, reply: KeptReply) -> CustomerState:
        """The customer's state after `reply`, as the verdict on it left it if that came in time."""
        return next((each.state for each in self.verdicts_on(reply) if each.state), reply.state)

    def state_before(self, reply: KeptReply) -> CustomerState:
        """The customer's state when `reply` was given, which may have been taken back."""
        for earlier in self.replies:
            if earlier.turn == reply.turn - 1:
                return self.state_after(earlier)
        return self.opening.state

    @property
    def usage(self) -> Usage:
        """The tokens that all lines and verdicts of the call have taken."""
        lines = (line.voiced.usage for line in self.lines)
        verdicts = (each.verdict.usage for each in self.verdicts)
        return sum((*lines, *verdicts), self.usage_elsewhere)


for _read in (Script, SessionRecord, KeptOpening, KeptReply, KeptLine, KeptVerdict, KeptEnding, SelfRating):
    msgspec.json.Decoder(_read)  # at the first use of a type in two threads msgspec may crash; an import is in one
