"""`roleplay assign`: a coach asks a trainee to play a persona, lists what is assigned, or takes it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.coaching import coach_option
from roleplay.cli.common import database_of, json_option, say, say_json, talk, workspace_option
from roleplay.cli.times import local_time
from roleplay.errors import BadInput, NotFound
from roleplay.text import one_line, quote, sanitise

if TYPE_CHECKING:
    from roleplay.review.desk import Desk
    from roleplay.store.news import Assigned

_SHORTEST_PREFIX = 4
_SHOWN_PREFIX = 6


@click.command("assign")
@click.argument("trainee", required=False)
@click.argument("persona", required=False)
@click.option("--note", default="", metavar="TEXT", help="Why, or what to look for; the trainee reads it.")
@coach_option
@click.option("--list", "listing", is_flag=True, help="List what is assigned and was not played to an end yet.")
@click.option("--trainee", "of", metavar="NAME", help="With --list: only what is assigned to this trainee.")
@click.option("--withdraw", metavar="ID", help="Take back the assignment of that id, as --list shows it.")
@json_option
@workspace_option
def command(
    trainee: str | None,
    persona: str | None,
    note: str,
    coach: str | None,
    of: str | None,
    withdraw: str | None,
    workspace: Path | None,
    *,
    listing: bool,
    as_json: bool,
) -> None:
    """Assign a persona to a trainee, whose gallery shows it first until it was played to an end.

    TRAINEE is the name under which somebody plays, PERSONA an id of `roleplay personas list`.
    """
    from roleplay.practice.calls import now
    from roleplay.practice.people import coach_name
    from roleplay.review.desk import Desk
    from roleplay.store.reviews import Reviews
    from roleplay.store.transcripts import Transcripts
    from roleplay.workspace import resolve_workspace

    wanted = [bool(trainee or persona), listing, withdraw is not None]
    if sum(wanted) != 1 or (wanted[0] and not (trainee and persona)) or ((of or as_json) and not listing):
        raise BadInput(
            "What is to be done is not clear.",
            mend="Give TRAINEE and PERSONA, or --list with or without --trainee, or --withdraw ID.",
        )
    database = database_of(workspace)
    with Transcripts(database) as transcripts, Reviews(database) as reviews:
        desk = Desk(transcripts, reviews, coach_name(coach, resolve_workspace(workspace).root), now)
        if listing:
            _list(_assigned(desk, _name(of) if of else ""), of, as_json=as_json)
        elif withdraw is not None:
            _withdraw(desk, withdraw)
        elif trainee and persona:
            _assign(desk, _name(trainee), _persona_id(persona, workspace), note)


def _assign(desk: Desk, trainee: str, persona: str, note: str) -> None:
    before = next((each for each in _assigned(desk, trainee) if each.persona == persona), None)
    if before:
        raise BadInput(
            f"{persona} is assigned to {quote(trainee, 40)} already, by {quote(before.coach, 40)} "
            f"({local_time(before.at)}).",
            mend=f"Take that back first, with --withdraw {_short(before)}.",
        )
    desk.assign(trainee, persona, note)
    _warn_of_a_stranger(desk, trainee)
    say(f"Assigned: {persona} to {one_line(trainee)}. The gallery shows it first until it was played to an end.")


def _warn_of_a_stranger(desk: Desk, trainee: str) -> None:
    """Say so if nobody of that name has played yet, and whose name is like it: it may be mistyped."""
    from roleplay.persona.problems import nearest

    known = desk.reviews.trainees()
    if trainee not in known:
        near = nearest(trainee, known)
        meant = f" Did you mean {quote(near, 40)}?" if near else ""
        talk(f"Warning: nobody has played as {quote(trainee, 40)} here yet.{meant}")


def _withdraw(desk: Desk, ident: str) -> None:
    from roleplay.conversation.reviewing import Assignment

    wanted = ident.strip()
    found = [each for each in _assigned(desk) if len(wanted) >= _SHORTEST_PREFIX and each.id.startswith(wanted)]
    if len(found) != 1:
        what = "Several assignments begin" if found else "No assignment that waits begins"
        raise NotFound(f"{what} with {quote(wanted, 40)}.", mend="See `roleplay assign --list`.")
    (taken,) = found
    desk.withdraw(Assignment(**taken._asdict()))
    say(f"Taken back: {one_line(taken.persona)} for {one_line(taken.trainee)}.")


def _list(assigned: list[Assigned], of: str | None, *, as_json: bool) -> None:
    if as_json:
        say_json([each._asdict() for each in assigned])
        return
    for each in assigned:
        note = f": {one_line(each.note)}" if each.note else ""
        what = f"{one_line(each.persona)} for {one_line(each.trainee)}"
        say(f"{_short(each)}  {what}, by {one_line(each.coach)} ({local_time(each.at)}){note}")
    if not assigned:
        talk(f"Nothing is assigned{f' to {quote(of, 40)}' if of else ''}. `roleplay assign TRAINEE PERSONA` does it.")


def _assigned(desk: Desk, trainee: str = "") -> list[Assigned]:
    from roleplay.store.news import assigned_in

    with desk.transcripts.snapshot() as connection:
        return [] if connection is None else assigned_in(connection, trainee)


def _persona_id(named: str, workspace: Path | None) -> str:
    """The id of the persona of that name among those that the trainee can choose from. Raises `NotFound` and others."""
    from roleplay.cli.persona_files import folders_of
    from roleplay.persona.library import find
    from roleplay.persona.loading import read_persona, refuse

    folders = folders_of(workspace)
    reading = read_persona(find(named, folders))
    if reading.persona is None:
        raise refuse(reading)
    find(reading.persona.id, folders)
    return reading.persona.id


def _name(given: str) -> str:
    """A trainee's name as it is kept with calls."""
    from roleplay.practice.people import trainee_name

    if not given.strip():
        raise BadInput("A trainee needs a name.", mend="Give the one under which they play.")
    return trainee_name(given)


def _short(assigned: Assigned) -> str:
    return one_line(sanitise(assigned.id[:_SHOWN_PREFIX]))
