"""`roleplay play`: takes a call, or goes on with one that was cut short."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import secrets
import shlex
import shutil
import signal
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from roleplay.cli.common import database_of, say, talk, workspace_option
from roleplay.cli.plain import Paused, PlainCall
from roleplay.cli.replies import Replies, replies_from_stdin
from roleplay.errors import NotFound
from roleplay.text import one_line, quote, sanitise

if TYPE_CHECKING:
    from roleplay.conversation.turns import SessionRecord, SessionSummary
    from roleplay.store.transcripts import Transcripts


@click.command("play")
@click.argument("persona", metavar="PERSONA")
@click.option("--plain", is_flag=True, help="Speak in plain lines. Done by itself when there is no terminal.")
@click.option("--exam", is_flag=True, help="Show nothing of the customer's state and of the assessment before the end.")
@click.option("--seed", type=click.IntRange(min=0), help="Same seed, same replies: the same customer again.")
@click.option("--resume/--new", "resume", default=None, help="Go on with an interrupted call, or begin a new one.")
@click.option("--trainee", envvar="ROLEPLAY_TRAINEE", help="Who is playing. Default: your user name.")
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

    One line is one reply, an empty line is a silence, the end of input leaves the call. Each reply is saved before the
    customer answers; a call that was cut short is offered again at the next start. Afterwards comes the debrief.
    """
    from roleplay.store.transcripts import Transcripts
    from roleplay.workspace import resolve_workspace

    del plain  # it is how every call is played, with a terminal or without
    personas = resolve_workspace(workspace).personas
    name = one_line(sanitise(trainee or _user_name()))[:80]
    replies = replies_from_stdin(results_apart=as_json)
    with Transcripts(database_of(workspace), waiting=_say_waiting) as store:
        cut_short = _interrupted_call(persona, personas, store.interrupted(name), resume, replies)
        if cut_short and (exam or seed is not None):
            talk("This call goes on as it began; --exam and --seed are for new ones.")
        with _pausing():
            asyncio.run(
                _play(
                    persona,
                    personas,
                    store,
                    replies,
                    cut_short=cut_short,
                    exam=exam,
                    seed=secrets.randbelow(10**9) if seed is None else seed,
                    trainee=name,
                    as_json=as_json,
                )
            )


async def _play(
    persona: str,
    personas: Path,
    store: Transcripts,
    replies: Replies,
    *,
    cut_short: SessionSummary | None,
    exam: bool,
    seed: int,
    trainee: str,
    as_json: bool,
) -> None:
    from roleplay.actors.scripted import ScriptedActor
    from roleplay.cli.call_json import call_as_json
    from roleplay.conversation.session import Session
    from roleplay.scoring.offline.scorer import OfflineScorer

    actor = ScriptedActor()
    if cut_short:
        transcript = await asyncio.to_thread(store.load, cut_short.id)
        scorer = OfflineScorer(transcript.session.script.rubric)
        session = Session.resume(transcript, store=store, scorer=scorer, actor=actor, clock=_now)
    else:
        record = _new_record(persona, personas, exam=exam, seed=seed, actor=actor.name, trainee=trainee)
        scorer = OfflineScorer(record.script.rubric)
        session = await Session.begin(record, store=store, scorer=scorer, actor=actor, clock=_now)
    talk(f"This call is saved as {session.transcript.session.id}, turn by turn.")
    coached = not session.transcript.session.exam
    await PlainCall(session, replies, coached=coached, out=_printer(as_json=as_json, terminal=replies.echoes)).play(
        resumed=bool(cut_short)
    )
    if as_json:
        say(call_as_json(session.transcript))


def _new_record(persona: str, personas: Path, *, exam: bool, seed: int, actor: str, trainee: str) -> SessionRecord:
    from roleplay.conversation.scripts import script_for
    from roleplay.conversation.turns import SessionRecord
    from roleplay.persona.library import find, persona_folders
    from roleplay.persona.loading import load_persona

    script = script_for(load_persona(find(persona, persona_folders(personas))))
    return SessionRecord(
        id=secrets.token_hex(8),
        script=script,
        seed=str(seed),
        exam=exam,
        actor=actor,
        trainee=trainee,
        started=_now(),
    )


def _interrupted_call(
    persona: str, personas: Path, waiting: Sequence[SessionSummary], resume: bool | None, replies: Replies
) -> SessionSummary | None:
    """The interrupted call to go on with, asked for at a terminal where nothing was said about it."""
    if not waiting and not resume:
        return None
    ident = _id_of(persona, personas)
    mine = [each for each in waiting if each.persona == ident]
    if resume and not mine:
        raise NotFound(f"No call with {one_line(sanitise(persona))} was cut short.", mend="Begin a new one with --new.")
    if not mine or resume is False:
        return None
    newest = mine[0]
    if resume:
        return newest
    turns = "1 reply" if newest.turns == 1 else f"{newest.turns} replies"
    what = f"A call ({quote(newest.title)}) was cut short after {turns}."
    answer = replies.ask(f"{what} Go on with it? [Y/n] ")
    if answer is None:
        talk(f"{what} To go on with it, add --resume.")
        return None
    return newest if answer.strip().casefold() in ("", "y", "yes") else None


def _id_of(persona: str, personas: Path) -> str:
    """The id of the persona that `persona` names; one whose file is broken or gone is known by its name alone."""
    from roleplay.persona.library import find, persona_folders
    from roleplay.persona.loading import read_persona

    with contextlib.suppress(NotFound):
        reading = read_persona(find(persona, persona_folders(personas)))
        if reading.persona:
            return reading.persona.id
    return Path(persona).stem


@contextlib.contextmanager
def _pausing() -> Iterator[None]:
    """Say how to go on with a call that is left on purpose, by a pause or by Ctrl+C."""
    signal.signal(signal.SIGINT, _interrupt)
    params = click.get_current_context().params
    options = [(option, params[name]) for option, name in (("--workspace", "workspace"), ("--trainee", "trainee"))]
    given = [str(word) for option, value in options if value for word in (option, value)]
    again = shlex.join(["roleplay", "play", params["persona"], "--resume", *given])
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


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "trainee"
