"""`roleplay transcripts backup` and `restore`: a copy of all calls that is known to be whole, and putting it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from roleplay.cli.common import database_of, say, talk, workspace_option
from roleplay.text import counted, quote

_FILE = click.Path(path_type=Path)


@click.command("backup")
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@workspace_option
def back_up_calls(file: Path, force: bool, workspace: Path | None) -> None:
    """Copy all calls and drills into FILE, and check every row of the copy.

    Calls can go on meanwhile. FILE holds everything, as it is: also what was typed and not sent.
    """
    from roleplay.store.backup import back_up

    verdict = back_up(database_of(workspace), file, force=force, tell=_progress())
    say(f"{_rows(verdict.intact)} are in {quote(str(file), 300)}, each as it was written.")


@click.command("restore")
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Put it in the place of the calls that are here.")
@workspace_option
def restore_calls(file: Path, force: bool, workspace: Path | None) -> None:
    """Put a backup in the place of all calls and drills, after every row of it was checked.

    What was there is kept beside it. Nobody may have the transcripts open meanwhile.
    """
    from roleplay.store.backup import restore

    verdict, kept = restore(database_of(workspace), file, force=force, tell=_progress())
    before = f" What was here before is in {quote(str(kept), 300)}." if kept else ""
    say(f"{_rows(verdict.intact)} are here, each as it was written.{before}")


def _rows(intact: dict[str, int]) -> str:
    rows = counted(sum(intact.values()), "row", "rows")
    drills = f", {counted(intact['drills'], 'drill', 'drills')}" if intact["drills"] else ""
    return f"{rows} of {counted(intact['sessions'], 'call', 'calls')}{drills}"


def _progress() -> Callable[[str], object]:
    """Tells how far it is, now and then, and only where somebody looks."""
    import sys
    from time import monotonic

    told = monotonic()

    def tell(sentence: str) -> None:
        nonlocal told
        if sys.stderr.isatty() and monotonic() - told >= 2.0:
            told = monotonic()
            talk(sentence)

    return tell
