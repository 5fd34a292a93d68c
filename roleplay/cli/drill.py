"""`roleplay drill`: one moment, one reply, at once what was heard; or a test of six moments never seen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import printer, say, say_json, say_waiting, talk, workspace_option
from roleplay.cli.opening import calls_opener, no_screen, trainee_option
from roleplay.errors import BadInput
from roleplay.persona.fields import DIMENSIONS, Dimension

if TYPE_CHECKING:
    from roleplay.cli.plain_drill import PlainDrills, PlainTest
    from roleplay.practice.calls import Calls

_MINUTES = 5.0


@click.command("drill")
@click.option("--test", "testing", is_flag=True, help="Take six moments you have not seen, without hints.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0.5, max=120),
    help=f"Minutes after which it is enough for today. Default: {_MINUTES:g}.",
)
@click.option("--dimension", type=click.Choice(DIMENSIONS), help="Only moments that call for this dimension.")
@click.option("--persona", metavar="ID", default="", help="Only moments of this customer.")
@click.option("--moment", metavar="ID", default="", help="With --persona: this moment of the customer first.")
@click.option("--due", is_flag=True, help="List what comes back when, and begin nothing.")
@click.option("--plain", is_flag=True, help="Drill in plain lines. Done by itself when there is no terminal.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object for each drill, or with --due a list of what comes."
)
@trainee_option
@workspace_option
def command(
    minutes: float | None,
    dimension: Dimension | None,
    persona: str,
    moment: str,
    trainee: str | None,
    workspace: Path | None,
    *,
    testing: bool,
    due: bool,
    plain: bool,
    as_json: bool,
) -> None:
    """Practise single moments, five minutes a day: a customer's line, your reply, at once what was heard in it.

    A moment that was missed, in a drill or in a call, comes back after 1, 3 and 7 days. What is due comes first; then
    new moments for your weakest dimension, of all customers. Replies are scored offline, whoever plays in calls, and
    each is saved before anything is told of it.

    With --test six moments come that you have never seen, without hints, and nothing is told until the end. A test that
    was interrupted goes on.
    """
    if testing and (due or dimension or persona or moment or minutes is not None):
        raise BadInput(
            "A test is always the same: six moments of all customers.",
            mend="Leave out --due, --dimension, --persona, --moment and --minutes.",
        )
    if moment and (due or not persona):
        raise BadInput("A moment is one of a customer, to be drilled.", mend="Give --persona, and leave out --due.")
    if minutes is not None and isnan(minutes):
        raise BadInput("--minutes: nan is no number of minutes.", mend="Give one from 0.5 to 120.")
    if due and minutes is not None:
        raise BadInput("A list takes no minutes.", mend="Leave out --minutes or --due.")
    from roleplay.conversation.drilling import DrillItem

    item = DrillItem(persona, moment) if moment else None
    open_calls = calls_opener(workspace, trainee)
    if due:
        with contextlib.closing(open_calls()) as calls:
            _list(calls, dimension, persona, as_json=as_json)
        return
    if not (plain or as_json or no_screen()):
        from roleplay.cli.coaching import coach_in_environment
        from roleplay.tui.choices import Drill
        from roleplay.tui.start import run_app

        wanted = Drill(test=testing, minutes=minutes, dimension=dimension, persona=persona, item=item)
        raise click.exceptions.Exit(run_app(open_calls, drill=wanted, coach=coach_in_environment()))
    from roleplay.cli.desk import Desk
    from roleplay.cli.plain_drill import PlainDrills, PlainTest
    from roleplay.cli.replies import replies_from_stdin

    desk = Desk(replies_from_stdin(results_apart=as_json))
    out = printer(as_json=as_json, terminal=desk.echoes)
    with contextlib.closing(open_calls()) as calls:
        calls.when_waiting(say_waiting)
        if testing:
            test = PlainTest(calls, desk, out=out, as_json=as_json)
            with _stopped(test):
                desk.run(test.take, test.aclose)
        else:
            drills = PlainDrills(
                calls,
                desk,
                out=out,
                as_json=as_json,
                minutes=minutes or _MINUTES,
                dimension=dimension,
                persona=persona,
                item=item,
            )
            with _stopped(drills):
                desk.run(drills.take, drills.aclose)


def _list(calls: Calls, dimension: Dimension | None, persona: str, *, as_json: bool) -> None:
    """What comes back when."""
    from roleplay.cli import drill_lines
    from roleplay.practice.drills.listing import coming

    listed, today = coming(calls, dimension=dimension, persona=persona)
    if as_json:
        say_json([drill_lines.coming_as_json(each, today) for each in listed])
        return
    for line in drill_lines.coming(listed, today):
        say(line)
    if not listed:
        talk("Nothing comes back yet. `roleplay drill` begins with new moments.")


@contextlib.contextmanager
def _stopped(drills: PlainDrills | PlainTest) -> Iterator[None]:
    """Say what was kept when it is left by Ctrl+C."""
    try:
        yield
    except KeyboardInterrupt:
        talk(f"\nStopped. {drills.kept}")
        raise click.exceptions.Exit(130) from None
