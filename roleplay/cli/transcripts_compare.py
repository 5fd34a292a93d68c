"""`roleplay transcripts compare`: two paths of a call that was answered again, side by side."""

from __future__ import annotations

from pathlib import Path

import click

from roleplay.cli.common import database_of, json_option, say, say_json, workspace_option
from roleplay.errors import NotFound


@click.command("compare")
@click.argument("transcript", metavar="ID")
@click.argument("one", metavar="[A]", type=click.IntRange(0), required=False)
@click.argument("other", metavar="[B]", type=click.IntRange(0), required=False)
@json_option
@workspace_option
def compare_tries(transcript: str, one: int | None, other: int | None, as_json: bool, workspace: Path | None) -> None:
    """Compare two paths of a call that was answered again.

    A and B are the numbers of tries; 0 is the first path, which counts. With A alone, that try is compared with the
    first path; without both, the newest try is. `roleplay rewind ID` lists them.
    """
    from roleplay.practice.compare import compared
    from roleplay.practice.tries import path_of
    from roleplay.store.transcripts import Transcripts

    with Transcripts(database_of(workspace)) as store:
        first = store.load(transcript)
        every = store.tries(first.session.id)
        begun = [each.branch for each in every if each.practice]
        if not begun:
            mend = f"Answer it again: roleplay rewind {first.session.id} TURN"
            raise NotFound("This call was not answered again yet.", mend=mend)
        left, right = (0, begun[-1] if one is None else one) if other is None else (one, other)
        paths = [path_of(every, each) for each in (left, right)]
        shown = [first if path is None else store.load(first.session.id, path) for path in paths]
    comparison = compared(*shown)
    if as_json:
        import msgspec

        say_json(msgspec.to_builtins(comparison))
    else:
        from roleplay.cli.compare_lines import comparison_lines

        for line in comparison_lines(comparison):
            say(line)
