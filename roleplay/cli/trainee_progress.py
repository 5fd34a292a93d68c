"""`roleplay progress`: how one trainee comes on, in calls, drills and tests, and what to do next."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import database_of, json_option, say, say_json, talk, workspace_option
from roleplay.cli.opening import trainee_option

if TYPE_CHECKING:
    from roleplay.practice.drills.pool import Pool
    from roleplay.practice.next_step import Known


@click.command("progress")
@click.option("--since", metavar="DATE", help="Only what was on this day or later: 2026-11-04, today, 7d, 2w.")
@trainee_option
@json_option
@workspace_option
def command(since: str | None, trainee: str | None, workspace: Path | None, *, as_json: bool) -> None:
    """Tell how you come on: by dimension and by customer, in tests, beside your own ratings, and what to do next.

    What is recent weighs more, and one call is never called a trend. Replies after a hint are left out, and tests stand
    by themselves. A coach names the trainee with --trainee. docs/practice.md tells what each figure means.
    """
    from roleplay.practice.people import trainee_name
    from roleplay.practice.progress_reading import read_progress
    from roleplay.store.database import reading
    from roleplay.workspace import resolve_workspace

    now = datetime.now(UTC)
    begun = _begun(since)
    place = resolve_workspace(workspace)
    whose = trainee_name(trainee, place.root)
    with reading(database_of(workspace)) as connection:
        progress = read_progress(connection, whose, now, begun, lambda: _pool(place.personas))
        near = _near(connection, whose) if progress.nothing and connection else ""
    from roleplay.practice.next_step import next_step

    step = next_step(progress, lambda: _known(place.personas))
    if as_json:
        import msgspec

        say_json({**msgspec.to_builtins(progress), "next_step": msgspec.to_builtins(step)})
        return
    from roleplay.cli.trainee_progress_lines import lines_of_progress, lines_of_step

    if progress.nothing:
        from roleplay.practice.progress_words import nothing_yet

        for line in nothing_yet(progress):
            say(line)
        if near:
            talk(f"Did you mean {near}?")
        for line in lines_of_step(step):
            say(line)
        return
    for line in lines_of_progress(progress, step):
        say(line)


def _begun(since: str | None) -> str:
    """The time meant by --since; empty without it. Raises `BadInput`."""
    if not since:
        return ""
    from roleplay.review.dates import moment_of

    return moment_of(since, datetime.now().astimezone())


def _near(connection: sqlite3.Connection, name: str) -> str:
    """The name of somebody who has played, if it is much like `name`, quoted; else empty."""
    from roleplay.persona.problems import nearest
    from roleplay.store.cohort import played_by
    from roleplay.text import quote

    played = played_by(connection)
    near = "" if name in played else nearest(name, played)
    return quote(near, 40) if near else ""


def _pool(personas: Path) -> Pool:
    """The moments that can be drilled; what is remembered of their files is not read anew."""
    from roleplay.persona.folders import persona_folders
    from roleplay.practice.drills.pool import REMEMBERED, Pool
    from roleplay.practice.shelf import cards_of_user

    return Pool(persona_folders(personas), cards_of_user().folder / REMEMBERED)


def _known(personas: Path) -> Sequence[Known]:
    """The personas that can be played, the easiest first; from what is remembered of them if that still holds."""
    from roleplay.persona.folders import persona_folders
    from roleplay.practice.next_step import known_of
    from roleplay.practice.persona_files import stamps_of
    from roleplay.practice.shelf import cards_of_user

    folders = persona_folders(personas)
    cards = cards_of_user().take(stamps_of(folders))
    if cards is None:
        from roleplay.persona.library import list_personas
        from roleplay.practice.cards import card_of

        cards = tuple(map(card_of, list_personas(folders)))
    return known_of(cards)
