"""`roleplay play`: takes a call, or goes on with one that was cut short."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleplay.cli.common import printer, say, say_waiting, talk, workspace_option
from roleplay.cli.opening import calls_opener, model_options, no_screen, once_more, trainee_option
from roleplay.errors import NotFound
from roleplay.persona.names import SHORT
from roleplay.text import counted, one_line, quote, sanitise

if TYPE_CHECKING:
    from roleplay.cli.desk import Desk
    from roleplay.cli.replies import Replies
    from roleplay.conversation.turns import Transcript
    from roleplay.persona.model import Persona
    from roleplay.practice.calls import Calls
    from roleplay.store.listing import SessionSummary


@click.command("play")
@click.argument("persona", metavar="PERSONA")
@click.option("--plain", is_flag=True, help="Play in plain lines. Done by itself when there is no terminal.")
@click.option("--exam", is_flag=True, help="Show nothing of the customer's state and of the assessment before the end.")
@click.option("--short", is_flag=True, help="Take a five-minute call: one key moment of it, with a result of its own.")
@click.option("--seed", type=click.IntRange(min=0), help="Same seed, same replies: the same scripted customer again.")
@click.option("--resume/--new", "resume", default=None, help="Go on with an interrupted call, or begin a new one.")
@trainee_option
@model_options
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object at the end; with a scripted customer only what is under `meta` varies.",
)
@workspace_option
def command(
    persona: str,
    plain: bool,
    exam: bool,
    short: bool,
    seed: int | None,
    resume: bool | None,
    trainee: str | None,
    as_json: bool,
    workspace: Path | None,
    **who_plays: Any,
) -> None:
    """Take a call from PERSONA: the name of a customer (see `roleplay personas list`) or a YAML file.

    At a terminal the app opens on the briefing. With --plain or --json, or without a terminal, the call is played in
    lines: one line is one reply, an empty line is a silence, the end of input leaves the call. Each reply is saved
    before the customer answers; a call that was cut short is offered again at the next start. Afterwards comes the
    debrief.

    With a language model as the customer, trouble with it is told in a sentence, and at a terminal you choose what to
    do. Where nobody can be asked, each line is tried once more if that may help, after a wait of up to 30 seconds if
    the server asks for one; else the scripted customer goes on. Such a call comes to its end all the same, with the
    exit code 0. A debrief waits for the judge, in a pipe for five minutes at most.
    """
    if persona.endswith(SHORT):  # as `transcripts list` names it
        persona, short = persona.removesuffix(SHORT), True
    open_calls = calls_opener(workspace, trainee, **who_plays)
    if not (plain or as_json or no_screen()):
        from roleplay.cli.coaching import coach_in_environment
        from roleplay.tui.start import run_app

        coach = coach_in_environment()
        code = run_app(open_calls, persona=persona, exam=exam, seed=seed, resume=resume, short=short, coach=coach)
        raise click.exceptions.Exit(code)
    from roleplay.cli.customer import settle_customer
    from roleplay.cli.desk import Desk
    from roleplay.cli.replies import replies_from_stdin

    replies = replies_from_stdin(results_apart=as_json)
    with contextlib.closing(open_calls()) as calls:
        calls.when_waiting(say_waiting)
        cut_short = _interrupted_call(persona, calls, resume, replies, short=short)
        if cut_short and (exam or seed is not None):
            talk("This call goes on as it began; --exam and --seed are for new ones.")
        begun = cut_short.id if cut_short else None
        chosen = None if begun else calls.persona(persona)
        if not settle_customer(calls, replies, begun=begun, scripted=who_plays["actor"] == "scripted"):
            return
        desk = Desk(replies)
        ended: Transcript | None = None
        with _pausing():
            ended = desk.run(
                lambda: _play(chosen, calls, desk, begun=begun, exam=exam, seed=seed, short=short, as_json=as_json),
                calls.aclose,
            )
        if ended and desk.echoes:
            _tell_how_to_answer_again(ended)


async def _play(
    persona: Persona | None,
    calls: Calls,
    desk: Desk,
    *,
    begun: str | None,
    exam: bool,
    seed: int | None,
    short: bool,
    as_json: bool,
) -> Transcript:
    """Play a call with `persona`, or go on with the one that was `begun`; what it has come to."""
    from roleplay.cli.call_json import call_as_json
    from roleplay.cli.plain import PlainCall
    from roleplay.practice.calls import new_seed

    if persona:
        session = await calls.begin(persona, exam=exam, seed=new_seed() if seed is None else str(seed), short=short)
    else:
        assert begun
        session = await calls.resume(begun)
        draft = await asyncio.to_thread(calls.draft, begun)
        if draft:
            talk(f"You had typed, and not sent: {one_line(draft)}")
    talk(f"This call is saved as {session.transcript.session.id}, turn by turn.")
    warming = asyncio.gather(calls.warm_up(), return_exceptions=True)  # while the briefing is read
    out = printer(as_json=as_json, terminal=desk.echoes)
    call = PlainCall(session, calls, desk, coached=not session.transcript.session.exam, out=out)
    await call.play(resumed=begun is not None)
    await warming
    if as_json:
        say(call_as_json(session.transcript))
    return session.transcript


def _tell_how_to_answer_again(ended: Transcript) -> None:
    """Say how to answer a turn of the call again, with the first that missed what was there."""
    from roleplay.practice.tries import first_missed

    if ended.replies:
        turn = first_missed(ended) or ended.replies[0].turn
        again = once_more("rewind", ended.session.id, str(turn), "--plain")
        talk(f"To answer again from turn {turn}, as practice: {again}")


def _interrupted_call(
    persona: str, calls: Calls, resume: bool | None, replies: Replies, *, short: bool
) -> SessionSummary | None:
    """The interrupted call to go on with, asked for at a terminal where nothing was said about it."""
    mine = calls.interrupted_with(persona, short=short)
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
    from roleplay.cli.desk import Paused

    params = click.get_current_context().params
    again = once_more(
        "play", params["persona"], "--resume", *(f"--{name}" for name in ("plain", "short") if params[name])
    )
    try:
        yield
    except Paused:
        talk(f"Saved. Go on with it: {again}")
    except KeyboardInterrupt:
        talk(f"\nStopped; everything sent is saved. Go on with it: {again}")
        raise click.exceptions.Exit(130) from None
