"""One of several people at work on the same calls: `python -m tests.review.at_once ROLE NAME DATABASE SECONDS`.

`ROLE` is coach or trainee. Prints the id of each thing once it is kept, and never waits for the others.
"""

from __future__ import annotations

import random
import secrets
import sys
from pathlib import Path
from time import monotonic

from roleplay.practice.calls import now
from roleplay.review.desk import Desk
from roleplay.store.reviews import Reviews, Wanted
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import keep_call


def tell(what: str, ident: str) -> None:
    """Say that something is kept."""
    print(what, ident, flush=True)


def play(desk: Desk) -> None:
    """As a trainee: a call to its end, and an objection to one reply of it."""
    name = secrets.token_hex(8)
    keep_call(desk.transcripts, name, 3, trainee=desk.person)
    tell("sessions", name)
    reply = desk.open(name).transcript.replies[1]
    tell("disputes", desk.dispute(name, reply, "I said where the truck is.").id)


def review(desk: Desk, chance: random.Random) -> None:
    """As a coach: one of the first calls of the queue, from a comment to the mark, and now and then one step back."""
    waiting = desk.reviews.queue(Wanted(), 5)
    if not waiting:
        return
    case = desk.open(chance.choice(waiting).id)
    name, reply = case.transcript.session.id, case.transcript.replies[0]
    tell("comments", desk.comment(name, 0, 1, "trainee", "Well begun.").id)
    tell("overrides", desk.overrule(name, reply, "acts", chance.randrange(3), "By what was done.").id)
    for dispute in case.reviewed.open_disputes:
        tell("answers", desk.answer(dispute, "So it is.", upheld=True).id)
    tell("marks", desk.mark_reviewed(name).id)
    if chance.random() < 0.2:
        desk.undo()


def main() -> None:
    """Work until the time is up."""
    role, person, database, seconds = sys.argv[1:]
    desk = Desk(Transcripts(Path(database)), Reviews(Path(database)), person, now)
    chance, until = random.Random(person), monotonic() + float(seconds)
    while monotonic() < until:
        if role == "trainee":
            play(desk)
        else:
            review(desk, chance)
    desk.close()


if __name__ == "__main__":
    main()
