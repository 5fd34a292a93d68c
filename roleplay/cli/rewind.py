"""`roleplay rewind`: answers a call that has ended again, from any of its turns, as practice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleplay.cli.common import printer, say, say_waiting, talk, workspace_option
from roleplay.cli.opening import calls_opener, model_options, no_screen, once_more, trainee_option
from roleplay.errors import BadInput, NotFound
from roleplay.text import one_line, quote

if TYPE_CHECKING:
    from roleplay.cli.desk import Desk
    from roleplay.conversation.session import Session
    from roleplay.practice.calls import Calls
    from roleplay.tui.again import AnswerAgain, GoOnWith


@click.command("rewind")
@click.argument("transcript", metavar="ID")
@click.argument("turn", metavar="[TURN]", type=int, required=False)
@click.option("--branch", type=click.IntRange(0), help="The try to answer again in, or to go on with. Default: no try.")
@click.option("--resume", is_flag=True, help="Go on with that try, or with the last one that waits.")
@click.option("--plain", is_flag=True, help="Play in plain lines. Done by itself when there is no terminal.")
@trainee_option
@model_options
@workspace_option
def command(
    transcript: str,
    turn: int | None,
    branch: int | None,
    resume: bool,
    plain: bool,
    trainee: str | None,
    workspace: Path | None,
    **who_plays: Any,
) -> None:
    """Answer a call that has ended again, from the customer's line that opened TURN.

    Without TURN its turns are listed with how they were heard, and the tries that were begun. What you say is practice:
    the first path stays the result. In plain lines /compare shows the try beside it at any time, /stop leaves it to be
    gone on with, and at the end comes the comparison. A language model takes part only if the call was begun with one.
    """
    open_calls = calls_opener(workspace, trainee, **who_plays)
    if turn is None and not resume:
        with contextlib.closing(open_calls()) as calls:
            _list(calls, transcript, branch)
        return
    if turn is not None and resume:
        raise BadInput("A try goes on where it waits.", mend="Leave out the turn, or --resume.")
    with contextlib.closing(open_calls()) as calls:
        ident, wanted = _wanted(calls, transcript, turn, branch)
        if plain or no_screen():
            _play(calls, ident, wanted, scripted=who_plays["actor"] == "scripted")
            return
    from roleplay.cli.coaching import coach_in_environment
    from roleplay.tui.choices import Look
    from roleplay.tui.start import run_app

    code = run_app(open_calls, look=Look(ident, wanted), coach=coach_in_environment())
    raise click.exceptions.Exit(code)


def _list(calls: Calls, transcript: str, branch: int | None) -> None:
    from roleplay.cli.rewind_lines import turns_of
    from roleplay.practice.tries import path_of

    first = calls.load(transcript)
    if first.ending is None:
        raise BadInput("This call has not ended.", mend="Play it to its end first; then answer again from any turn.")
    every = calls.store.tries(first.session.id)
    path = path_of(every, branch)
    shown = first if path is None else calls.load(first.session.id, path)
    for line in turns_of(shown, [each for each in every if each.practice]):
        say(line)


def _wanted(calls: Calls, transcript: str, turn: int | None, branch: int | None) -> tuple[str, AnswerAgain | GoOnWith]:
    """The id of the call, and what is to be done with it. Raises `NotFound`, `BadInput` for what there is not."""
    from roleplay.conversation.again import rewound
    from roleplay.practice.tries import path_of, waiting
    from roleplay.tui.again import AnswerAgain, GoOnWith

    first = calls.load(transcript)
    ident, whose = first.session.id, first.session.trainee
    if whose != calls.trainee:
        raise BadInput(
            f"This is a call of {quote(whose, 40)}, and you are {quote(calls.trainee, 40)}.",
            mend="Answer your own calls again; --trainee says who you are.",
        )
    path = path_of(calls.store.tries(ident), branch)
    if turn is not None:
        rewound(first if path is None else calls.load(ident, path), turn, "")
        return ident, AnswerAgain(turn, path)
    begun = waiting(calls.tries(ident), path)
    if begun is None:
        what = f"Try {path} has ended." if path is not None else "No try of this call waits."
        raise NotFound(what, mend=f"Answer again from a turn: roleplay rewind {ident} TURN")
    return ident, GoOnWith(begun.branch)


def _play(calls: Calls, ident: str, wanted: AnswerAgain | GoOnWith, *, scripted: bool) -> None:
    """Play a try in plain lines."""
    from roleplay.cli.customer import settle_customer
    from roleplay.cli.desk import Desk
    from roleplay.cli.replies import replies_from_stdin

    calls.when_waiting(say_waiting)
    replies = replies_from_stdin(results_apart=False)
    if not settle_customer(calls, replies, begun=ident, scripted=scripted):
        return
    desk = Desk(replies)
    played: list[Session] = []
    with _stopping(ident, played):
        desk.run(lambda: _practise(calls, desk, ident, wanted, played), calls.aclose)
    if not played[0].ended:
        talk(f"Go on with it: {_going_on(ident, played)}")


async def _practise(
    calls: Calls, desk: Desk, ident: str, wanted: AnswerAgain | GoOnWith, played: list[Session]
) -> None:
    """Play a try of that call, which is put into `played` as soon as it is there."""
    from roleplay.cli.plain_try import PlainTry
    from roleplay.tui.again import AnswerAgain

    if isinstance(wanted, AnswerAgain):
        session = await calls.rewind(ident, wanted.turn, wanted.branch)
    else:
        session = await calls.resume(ident, wanted.branch)
    played.append(session)
    branch = session.transcript.branch
    if draft := await asyncio.to_thread(calls.draft, ident, branch):
        talk(f"You had typed, and not sent: {one_line(draft)}")
    talk(f"This is try {branch} of call {ident}, saved turn by turn.")
    warming = asyncio.gather(calls.warm_up(), return_exceptions=True)  # while what was said is read
    out = printer(as_json=False, terminal=desk.echoes)
    await PlainTry(session, calls, desk, coached=True, out=out).play(resumed=not isinstance(wanted, AnswerAgain))
    await warming


def _going_on(ident: str, played: list[Session]) -> str:
    """The command that goes on with the try that was played: others may wait too."""
    branch = ["--branch", str(played[0].transcript.branch)] if played else []
    return once_more("rewind", ident, "--resume", *branch, "--plain")


@contextlib.contextmanager
def _stopping(ident: str, played: list[Session]) -> Iterator[None]:
    """Say how to go on with a try that Ctrl+C has stopped."""
    try:
        yield
    except KeyboardInterrupt:
        talk(f"\nStopped; everything sent is saved. Go on with it: {_going_on(ident, played)}")
        raise click.exceptions.Exit(130) from None
