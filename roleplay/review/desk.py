"""What a coach and a trainee do in a review, each step kept at once and undone by a further step."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from roleplay.conversation.reviewing import (
    NOTE_LIMIT,
    Answer,
    Assignment,
    BlindRating,
    Comment,
    Dispute,
    Kept,
    Mark,
    Override,
    Reviewed,
    Side,
    Withdrawal,
    Withdrawn,
)
from roleplay.conversation.score import score_of
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.errors import BadInput, NotFound
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.overruled import HIGHEST, Rated, overruled, rateable
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from roleplay.text import sanitise

_Kept = TypeVar("_Kept", Comment, Dispute, Answer, Mark, BlindRating, Assignment)

_WHAT: dict[type[Kept], Withdrawn] = {
    Comment: "comment",
    Dispute: "dispute",
    Answer: "answer",
    Mark: "mark",
    Assignment: "assignment",
    BlindRating: "rating",
}


class Case(NamedTuple):
    """A call as a coach sees it: `transcript` along one of its `branches`, and what was added to it.

    Those branches are of `practice` that were begun after the call had ended.
    """

    transcript: Transcript
    branches: Sequence[int]
    reviewed: Reviewed
    practice: frozenset[int] = frozenset()


class _Step(NamedTuple):
    """Something that was kept in this sitting; `before` is the level that an override took the place of."""

    kept: Kept
    before: Override | None = None


class Desk:
    """The reviews of one person, a coach or a trainee, over `transcripts` and `reviews` in the same database.

    `clock` gives the present time, ISO 8601 in UTC. Everything may block. All that keeps something raises `StoreError`
    if it cannot be kept or the call has not ended, `BadInput` for a text that is empty or too long.
    """

    def __init__(self, transcripts: Transcripts, reviews: Reviews, person: str, clock: Callable[[], str]) -> None:
        self.person = person
        self.transcripts, self.reviews = transcripts, reviews
        self._clock = clock
        self._done: list[_Step] = []

    def close(self) -> None:
        """Close the database."""
        self.transcripts.close()
        self.reviews.close()

    def open(self, session: str, branch: int | None = None) -> Case:
        """The call of that id, or of the only id that begins so. Raises `NotFound`, `BadInput`, `StoreDamaged`."""
        transcript = self.transcripts.load(session, branch)
        ident = transcript.session.id
        tries = self.transcripts.tries(ident)
        practice = frozenset(each.branch for each in tries if each.practice)
        return Case(transcript, [each.branch for each in tries], self.reviews.of(ident), practice)

    def comment(self, session: str, branch: int, turn: int, side: Side, text: str, attempt: int = 1) -> Comment:
        """Comment on a line of the customer's or on a reply."""
        return self._keep(
            Comment(
                id=_new_id(),
                session=session,
                branch=branch,
                turn=turn,
                side=side,
                attempt=attempt,
                text=_checked(text, "A comment"),
                coach=self.person,
                at=self._clock(),
            )
        )

    def overrule(self, session: str, reply: KeptReply, dimension: Rated, level: int | None, reason: str) -> Override:
        """Let the coach's `level` count in place of the machine's, for a reason; None lifts it again.

        Raises `BadInput` for a level that does not exist, a dimension that the moment does not call for, and practice.
        """
        transcript = self.transcripts.load(session)
        self._check_counts(transcript.session.id, reply, "overrule")
        persona, rubric = transcript.session.script.persona, transcript.session.script.rubric
        occasion = Occasion.at(persona, persona.beat(reply.moment))
        if dimension not in rateable(occasion):
            raise BadInput("This moment does not call for that dimension.", mend="Overrule one that it calls for.")
        if level is not None and not 0 <= level <= HIGHEST[dimension]:
            raise BadInput(f"There is no level {level}.", mend=f"Give 0 to {HIGHEST[dimension]}.")
        words, ident, at = _checked(reason, "A reason"), transcript.session.id, self._clock()

        replaced: Override | None = None

        def make(before: Sequence[Override]) -> tuple[Override, float | None]:
            nonlocal replaced
            standing = Reviewed(overrides=tuple(before)).levels_on(reply.place)
            replaced = standing.get(dimension)
            levels: dict[Rated, int] = {name: each.level for name, each in standing.items() if each.level is not None}
            levels.pop(dimension, None)
            if level is not None:
                levels[dimension] = level
            override = Override(
                id=_new_id(),
                session=ident,
                branch=reply.branch,
                turn=reply.turn,
                dimension=dimension,
                level=level,
                reason=words,
                assessment=overruled(transcript.scored(reply), levels, occasion, rubric) if levels else None,
                coach=self.person,
                at=at,
            )
            return override, score_of(replace(transcript, overrides=(*before, override))).score

        override = self.reviews.overrule(ident, make)
        self._done.append(_Step(override, replaced))
        return override

    def dispute(self, session: str, reply: KeptReply, text: str) -> Dispute:
        """Object to the assessment of a reply. Raises `BadInput` for practice."""
        self._check_counts(session, reply, "dispute")
        return self._keep(
            Dispute(
                id=_new_id(),
                session=session,
                branch=reply.branch,
                turn=reply.turn,
                text=_checked(text, "A dispute"),
                trainee=self.person,
                at=self._clock(),
            )
        )

    def answer(self, dispute: Dispute, text: str, *, upheld: bool) -> Answer:
        """Answer a dispute; `upheld`: the trainee was right."""
        return self._keep(
            Answer(
                id=_new_id(),
                session=dispute.session,
                dispute=dispute.id,
                upheld=upheld,
                text=_checked(text, "An answer"),
                coach=self.person,
                at=self._clock(),
            )
        )

    def mark_reviewed(self, session: str) -> Mark:
        """Mark a call as reviewed."""
        return self._keep(Mark(id=_new_id(), session=session, coach=self.person, at=self._clock()))

    def rate(self, session: str, reply: KeptReply, levels: dict[Rated, int]) -> BlindRating:
        """Keep what somebody found in a reply without having seen what a scorer had.

        Raises `BadInput` for no level, and for practice.
        """
        self._check_counts(session, reply, "rate")
        if not levels or any(not 0 <= level <= HIGHEST[name] for name, level in levels.items()):
            raise BadInput("A rating needs levels that exist: 0 to 2 each, 0 to 4 for the reply as a whole.")
        return self._keep(
            BlindRating(
                id=_new_id(),
                session=session,
                branch=reply.branch,
                turn=reply.turn,
                levels=levels,
                coach=self.person,
                at=self._clock(),
            )
        )

    def assign(self, trainee: str, persona: str, note: str = "") -> Assignment:
        """Ask a trainee to play a persona; `note` may say why."""
        return self._keep(
            Assignment(
                id=_new_id(),
                trainee=trainee,
                persona=persona,
                note=_checked(note, "A note") if note else "",
                coach=self.person,
                at=self._clock(),
            )
        )

    def withdraw(self, kept: Kept) -> None:
        """Take back something that stands. Raises `NotFound` for an `Override`, which is lifted instead."""
        what = _WHAT.get(type(kept))
        if what is None:
            raise NotFound("There is nothing of that kind to take back.")
        session = "" if isinstance(kept, Assignment) else kept.session
        withdrawal = Withdrawal(id=_new_id(), session=session, what=what, of=kept.id, by=self.person, at=self._clock())
        self.reviews.keep(withdrawal)
        with suppress(ValueError):
            self._done.remove(_Step(kept))

    def undo(self) -> Kept | None:
        """Take back the last step of this sitting that was not taken back yet, and return it; None if there is none.

        An overruled level becomes what it was before, with the reason that was given then. Raises `BadInput`, and
        changes nothing, where somebody has overruled the same since.
        """
        if not self._done:
            return None
        last = self._done[-1]
        if isinstance(last.kept, Override):
            self._undo_override(last.kept, last.before)
        else:
            self.withdraw(last.kept)
        return last.kept

    def _undo_override(self, last: Override, before: Override | None) -> None:
        """Let `before` count again, which counted until `last` was given."""
        since = [each for each in self.reviews.of(last.session).overrides if _same(each, last)][-1]
        if since != last:
            self._done.pop()
            raise BadInput(f"{since.coach} has overruled this since.", mend="Overrule it again if need be.")
        transcript = self.transcripts.load(last.session)
        reply = next(each for each in (*transcript.replies, *transcript.earlier) if each.place == last.place)
        level, reason = (before.level, before.reason) if before else (None, "Undone.")
        self.overrule(last.session, reply, last.dimension, level, reason)
        again = self._done.pop().kept
        self._done.pop()
        # the step that gave `before` can be undone as well: from now on it is the one that was just kept
        self._done = [_Step(again, each.before) if each.kept == before else each for each in self._done]

    def _check_counts(self, session: str, reply: KeptReply, what: str) -> None:
        """Raise `BadInput` for a reply that was given after the call had ended: nothing of it counts."""
        if any(each.practice and each.branch == reply.branch for each in self.transcripts.tries(session)):
            raise BadInput(
                f"This was practice after the call had ended: it does not count, so there is nothing to {what}.",
                mend="A comment on it is welcome." if what == "overrule" else "",
            )

    def _keep(self, kept: _Kept) -> _Kept:
        self.reviews.keep(kept)
        self._done.append(_Step(kept))
        return kept


def _same(one: Override, other: Override) -> bool:
    return (one.place, one.dimension) == (other.place, other.dimension)


def _checked(text: str, what: str) -> str:
    clean = sanitise(text).strip()
    if not clean:
        raise BadInput(f"{what} needs words.", mend="Write a sentence.")
    if len(clean) > NOTE_LIMIT:
        raise BadInput(f"{what} has at most {NOTE_LIMIT:,} characters; this has {len(clean):,}.", mend="Shorten it.")
    return clean


def _new_id() -> str:
    return secrets.token_hex(8)
