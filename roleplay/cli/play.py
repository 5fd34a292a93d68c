"""`roleplay play`: takes a call, or goes on with one that was cut short."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import shutil
import signal
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from roleplay.cli.common import say, talk, workspace_option
from roleplay.cli.opening import calls_opener, no_screen, trainee_option
from roleplay.errors import NotFound
from roleplay.text import counted, one_line, quote, sanitise

if TYPE_CHECKING:
    from roleplay.cli.replies import Replies
    from roleplay.practice.calls import Calls
    from roleplay.store.listing import SessionSummary


@click.command("play")
@click.argument("persona", metavar="PERSONA")
@click.option("--plain", is_flag=True, help="Play in plain lines. Done by itself when there is no terminal.")
@click.option("--exam", is_flag=True, help="Show nothing of the customer's state and of the assessment before the end.")
@click.option("--seed", type=click.IntRange(min=0), help="Same seed, same replies: the same customer again.")
@click.option("--resume/--new", "resume", default=None, help="Go on with an interrupted call, or begin a new one.")
@trainee_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end; what varies is under `meta`.")
@workspace_option
def command(
    persona: str,
    plain: bool,
    exam: bool,
    seed: int | None,
    resume: bool | None,
    trainee: str | None,
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Take a call from PERSONA: the name of a customer (see `roleplay personas list`) or a YAML file.

    At a terminal the app opens on the briefing. With --plain or --json, or without a terminal, the call is played in
    lines: one line is one reply, an empty line is a silence, the end of input leaves the call. Each reply is saved
    before the customer answers; a call that was cut short is offered again at the next start. Afterwards comes the
    debrief.
    """
    open_calls = calls_opener(workspace, trainee)
    if not (plain or as_json or no_screen()):
        from roleplay.tui.start import run_app

        code = run_app(open_calls, persona=persona, exam=exam, seed=seed, resume=resume)
        raise click.exceptions.Exit(code)
    from roleplay.cli.replies import replies_from_stdin

    replies = replies_from_stdin(results_apart=as_json)
    with contextlib.closing(open_calls()) as calls:
        calls.when_waiting(_say_waiting)
        cut_short = _interrupted_call(persona, calls, resume, replies)
        if cut_short and (exam or seed is not None):
            talk("This call goes on as it began; --exam and --seed are for new ones.")
        with _pausing():
            asyncio.run(_play(persona, calls, replies, cut_short=cut_short, exam=exam, seed=seed, as_json=as_json))


async def _play(
    persona: str,
    calls: Calls,
    replies: Replies,
    *,
    cut_short: SessionSummary | None,
    exam: bool,
    seed: int | None,
    as_json: bool,
) -> None:
    from roleplay.cli.call_json import call_as_json
    from roleplay.cli.plain import PlainCall
    from roleplay.practice.calls import new_seed

    if cut_short:
        session = await calls.resume(cut_short.id)
        draft = calls.draft(cut_short.id)
        if draft:
            talk(f"You had typed, and not sent: {one_line(draft)}")
    else:
        session = await calls.begin(calls.persona(persona), exam=exam, seed=new_seed() if seed is None else str(seed))
    talk(f"This call is saved as {session.transcript.session.id}, turn by turn.")
    coached = not session.transcript.session.exam
    out = _printer(as_json=as_json, terminal=replies.echoes)
    call = PlainCall(session, replies, coached=coached, out=out, help_resources=calls.help_resources)
    await call.play(resumed=bool(cut_short))
    if as_json:
        say(call_as_json(session.transcript))


def _interrupted_call(persona: str, calls: Calls, resume: bool | None, replies: Replies) -> SessionSummary | None:
    """The interrupted call to go on with, asked for at a terminal where nothing was said about it."""
    mine = calls.interrupted_with(persona)
    if resume and not mine:
        raise NotFound(f"No call with {one_line(sanitise(persona))} was cut short.", mend="Begin a new one with --new.")
    if not mine or resume is False:
        return None
    newest = mine[0]
    if resume:
        return newest
    what = f"A call ({quote(newest.title)}) was cut short after {counted(newest.turns, 'reply', 'replies')}."
    answer = replies.ask(f"{what} Go on with it? [Y/n] ")
    if answer is None:
        talk(f"{what} To go on with it, add --resume.")
        return None
    return newest if answer.strip().casefold() in ("", "y", "yes") else None


@contextlib.contextmanager
def _pausing() -> Iterator[None]:
    """Say how to go on with a call that is left on purpose, by a pause or by Ctrl+C."""
    from roleplay.cli.plain import Paused

    signal.signal(signal.SIGINT, _interrupt)
    params = click.get_current_context().params
    options = [(option, params[name]) for option, name in (("--workspace", "workspace"), ("--trainee", "trainee"))]
    given = [str(word) for option, value in options if value for word in (option, value)]
    plain = ["--plain"] if params["plain"] else []
    again = shlex.join(["roleplay", "play", params["persona"], "--resume", *plain, *given])
    try:
        yield
    except Paused:
        talk(f"Saved. Go on with it: {again}")
    except KeyboardInterrupt:
        talk(f"\nStopped; everything sent is saved. Go on with it: {again}")
        raise click.exceptions.Exit(130) from None


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Break in at once, also where somebody is being waited for: asyncio would wait for a second Ctrl+C."""
    raise KeyboardInterrupt


def _printer(*, as_json: bool, terminal: bool) -> Callable[[str], None]:
    """How lines of the call are printed: broken between words at a terminal, and as talk beside JSON."""
    if as_json and not terminal:
        return lambda line: None
    printed = talk if as_json else say
    if not terminal:
        return printed
    return lambda line: printed(
        textwrap.fill(line, shutil.get_terminal_size().columns, break_long_words=False, break_on_hyphens=False)
    )


def _say_waiting() -> None:
    talk("Waiting for another program that is writing to the transcripts …")
