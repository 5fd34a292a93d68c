"""What a coach and the trainee added to a call, each put to the reply or the line that it is on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from roleplay.conversation.reviewing import Answer, Comment, Dispute, Mark, Reviewed
from roleplay.conversation.said import SaidLine
from roleplay.conversation.state import Place
from roleplay.conversation.turns import KeptLine, KeptReply, Transcript
from roleplay.scoring.assessment import DIMENSIONS, Assessment
from roleplay.scoring.overruled import HIGHEST, RATED, Rated, level_of
from roleplay.scoring.rubric import Rubric
from roleplay.text import counted, one_line

Machine = Literal["judge", "offline"]

BY: dict[Machine, str] = {"judge": "the judge", "offline": "the offline scorer"}
"""What the scorer is called whose level was overruled."""

WAITING = "(waiting for a coach)"
"""What stands behind a dispute that was not answered yet."""

_TITLES: dict[Rated, str] = {"overall": "The reply as a whole", "harm": "Harm"}
"""What is called otherwise than by the rubric, which has no title for the one and calls the other "Does no harm"."""


class Overruled(msgspec.Struct, frozen=True, kw_only=True):
    """A coach's level, 0 to `highest`, in place of what the machine gave, which `was` 0 to `highest`, or None.

    `title` and `means` are the rubric's words for the dimension and the level.
    """

    name: Rated
    title: str
    level: int
    highest: int
    means: str
    was: int | None
    by: Machine
    reason: str
    coach: str
    at: str

    @property
    def before(self) -> str:
        """What the machine had given, as a number or in words."""
        return "not scored" if self.was is None else str(self.was)


class Disputed(msgspec.Struct, frozen=True):
    """A dispute, with its answer once it has one."""

    dispute: Dispute
    answer: Answer | None

    @property
    def verdict(self) -> str:
        """What the coach answered in a word or two; empty while it waits."""
        if self.answer is None:
            return ""
        return "upheld" if self.answer.upheld else "not upheld"


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """What was added to one reply: comments on the line that it answers, and all that is on the reply itself.

    `scored` is the machine's assessment where a coach has overruled a level of it, else None.
    """

    on_line: tuple[Comment, ...] = ()
    comments: tuple[Comment, ...] = ()
    overruled: tuple[Overruled, ...] = ()
    scored: Assessment | None = None
    disputes: tuple[Disputed, ...] = ()

    @property
    def by_coach(self) -> bool:
        """Whether a coach added something."""
        return bool(self.on_line or self.comments or self.overruled or any(each.answer for each in self.disputes))

    @property
    def waiting(self) -> Dispute | None:
        """The latest dispute that was not answered."""
        return next((each.dispute for each in reversed(self.disputes) if each.answer is None), None)


class Remark(msgspec.Struct, frozen=True):
    """A comment on what no reply of the debrief answers, such as the last line; `said` is that line, if it is told."""

    comment: Comment
    said: str


class Notes:
    """All that was added to `transcript`, to be asked for reply by reply, and then for what is left over."""

    def __init__(self, transcript: Transcript, reviewed: Reviewed) -> None:
        self._transcript, self._reviewed = transcript, reviewed
        self._replies = (*transcript.earlier, *transcript.replies)
        self._left = dict.fromkeys(reviewed.comments)

    def on(self, kept: KeptReply, answered: SaidLine | None) -> Noted:
        """What was added to a reply, and to the line that it answered unless that was told with a reply before."""
        reviewed = self._reviewed
        comments = tuple(each for each in self._left if each.side == "trainee" and self._place(each) == kept.place)
        on_line = tuple(each for each in self._left if answered and _is_on(each, answered.line))
        for each in (*comments, *on_line):
            del self._left[each]
        disputes = (each for each in reviewed.disputes if each.place == kept.place)
        overruled = _overruled(self._transcript, kept)
        return Noted(
            on_line=on_line,
            comments=comments,
            overruled=overruled,
            scored=self._transcript.scored(kept) if overruled else None,
            disputes=tuple(Disputed(each, reviewed.answer_to(each)) for each in disputes),
        )

    def remarks(self) -> tuple[Remark, ...]:
        """The comments that `on` has not given, in the order of what they are on."""
        left = sorted(self._left, key=lambda each: (each.turn, each.branch, each.attempt, each.at))
        return tuple(Remark(each, self._said(each)) for each in left)

    def _place(self, comment: Comment) -> Place:
        """Where the reply stands that a comment is on: that of its branch, else the one which stands at its turn."""
        place = comment.branch, comment.turn
        if any(each.place == place for each in self._replies):
            return place
        return next((each.place for each in self._transcript.replies if each.turn == comment.turn), place)

    def _said(self, comment: Comment) -> str:
        on_line = comment.side == "customer"
        return next((line.text for line in self._transcript.lines if on_line and _is_on(comment, line)), "")


def in_short(transcript: Transcript, reviewed: Reviewed) -> str:
    """Who reviewed a call and how much they added, in a sentence; empty if nobody did."""
    replies = (*transcript.earlier, *transcript.replies)
    overruled = [each for kept in replies for each in _overruled(transcript, kept)]
    answers = [answer for each in reviewed.disputes if (answer := reviewed.answer_to(each))]
    everything: list[Comment | Overruled | Answer | Mark] = [*reviewed.comments, *overruled, *answers, *reviewed.marks]
    told = (
        (len(reviewed.comments), "comment", "comments"),
        (len(overruled), "level overruled", "levels overruled"),
        (len(answers), "answer", "answers"),
    )
    parts = ", ".join(counted(number, one, many) for number, one, many in told if number)
    who = names([one_line(each.coach) for each in sorted(everything, key=lambda each: each.at)])
    return f"Reviewed by {who}: {parts or 'without a comment'}." if who else ""


def names(people: Sequence[str]) -> str:
    """Several names in one breath."""
    *others, last = dict.fromkeys(people) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _overruled(transcript: Transcript, kept: KeptReply) -> tuple[Overruled, ...]:
    standing = Reviewed(overrides=transcript.overrides).levels_on(kept.place)
    scored, verdict = transcript.scored(kept), transcript.verdict_on(kept)
    rubric = transcript.session.script.rubric
    found = []
    for name in RATED:
        override = standing.get(name)
        if override is None or override.level is None:
            continue
        found.append(
            Overruled(
                name=name,
                title=_title(rubric, name),
                level=override.level,
                highest=HIGHEST[name],
                means=_means(rubric, name, override.level),
                was=level_of(scored, name),
                by="judge" if verdict and verdict.standing == "verified" else "offline",
                reason=override.reason,
                coach=override.coach,
                at=override.at,
            )
        )
    return tuple(found)


def _title(rubric: Rubric, name: Rated) -> str:
    return rubric.dimensions[name].title if name in DIMENSIONS else _TITLES[name]


def _means(rubric: Rubric, name: Rated, level: int) -> str:
    return rubric.overall[level] if name == "overall" else rubric.dimensions[name].levels[level]


def _is_on(comment: Comment, line: KeptLine) -> bool:
    place = comment.branch, comment.turn, comment.attempt
    return comment.side == "customer" and place == (line.branch, line.turn, line.attempt)
