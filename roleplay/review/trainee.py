"""The trainee's side of reviews: what a coach has for them, and their disputes.

Imports little by itself, so that a gallery can ask for what is new before what plays a call is loaded.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from roleplay.errors import BadInput, NotFound, RoleplayError
from roleplay.store.news import Assigned, News, assigned_in, news_in
from roleplay.text import quote

if TYPE_CHECKING:
    from roleplay.conversation.reviewing import Dispute
    from roleplay.conversation.turns import KeptReply, Transcript
    from roleplay.review.desk import Desk
    from roleplay.store.transcripts import Transcripts

NEW_FOR = timedelta(days=30)
"""How long what a coach added to a call is new."""
MOST_NEWS = 5
"""Calls with news that are shown at once."""


class FromCoach(NamedTuple):
    """What a coach has for a trainee: personas to play, the oldest assignment first, and calls, the newest news first.

    A persona is `assigned` until it was played to an end.
    """

    assigned: tuple[Assigned, ...] = ()
    news: tuple[News, ...] = ()


def from_coach(transcripts: Transcripts, trainee: str, now: str) -> FromCoach:
    """What a coach has for `trainee`; `now` is ISO 8601 in UTC. May block. Raises `StoreError`."""
    since = (datetime.fromisoformat(now) - NEW_FOR).isoformat(timespec="milliseconds")
    with transcripts.snapshot() as connection:
        if connection is None:
            return FromCoach()
        return FromCoach(tuple(assigned_in(connection, trainee)), tuple(news_in(connection, trainee, since, MOST_NEWS)))


def dispute(desk: Desk, transcript: Transcript, reply: KeptReply, text: str) -> Dispute:
    """Object, as the person at the `desk`, to the assessment of a reply of one's own, in a sentence.

    Raises `BadInput` for a text that is empty or too long, for somebody else's call, and for a reply whose dispute
    still waits; `StoreError` if it cannot be kept or the call has not ended.
    """
    _check_own(desk, transcript)
    waiting = _waiting(desk, transcript, reply)
    if waiting:
        raise BadInput(
            f"You have disputed this already: {quote(waiting.text)}.",
            mend="Wait for the answer, or take it back first.",
        )
    return desk.dispute(transcript.session.id, reply, text)


def take_back(desk: Desk, transcript: Transcript, reply: KeptReply) -> Dispute:
    """Take back the dispute of a reply by the person at the `desk`, and return it. Raises `NotFound` if there is none.

    What a coach has answered stays: `BadInput`, as for somebody else's call.
    """
    _check_own(desk, transcript)
    waiting = _waiting(desk, transcript, reply)
    if waiting is None:
        raise _nothing_waits(desk, transcript, reply)
    desk.withdraw(waiting)
    return waiting


def _check_own(desk: Desk, transcript: Transcript) -> None:
    trainee = transcript.session.trainee
    if trainee != desk.person:
        raise BadInput(
            f"This is a call of {quote(trainee, 40)}, and you are {quote(desk.person, 40)}.",
            mend="Dispute replies of your own calls; --trainee says who you are.",
        )


def _waiting(desk: Desk, transcript: Transcript, reply: KeptReply) -> Dispute | None:
    waiting = desk.reviews.of(transcript.session.id).open_disputes
    return next((each for each in reversed(waiting) if each.place == reply.place), None)


def _nothing_waits(desk: Desk, transcript: Transcript, reply: KeptReply) -> RoleplayError:
    disputes = desk.reviews.of(transcript.session.id).disputes
    if any(each.place == reply.place for each in disputes):
        return BadInput(f"Your dispute of reply {reply.turn} was answered, and stays.")
    return NotFound(f"Reply {reply.turn} was not disputed: there is nothing to take back.")
