"""How the commands that play calls open them: whose and where, and on what kind of terminal."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import Command, from_group, talk

if TYPE_CHECKING:
    from roleplay.llm.choosing import ActorName, Choice
    from roleplay.practice.calls import Calls


def trainee_option(command: Command) -> Command:
    """Give `command` the option `--trainee`, passed as `trainee: str | None`."""
    return click.option(
        "--trainee",
        envvar="ROLEPLAY_TRAINEE",
        callback=from_group,
        help="Who is playing. Default: `trainee` in roleplay.toml, else your user name.",
    )(command)


def model_options(command: Command) -> Command:
    """Give `command` the options on who plays the customer, passed as `actor`, `model`, `judge_model`, `base_url`."""
    for option in reversed(_MODEL_OPTIONS):
        command = option(command)
    return command


_MODEL_OPTIONS = (
    click.option(
        "--actor",
        type=click.Choice(["scripted", "llm"]),
        callback=from_group,
        help="Who plays the customer: the script, without any network, or a language model. Default: the model of an "
        "endpoint you named or agreed to, else the script.",
    ),
    click.option(
        "--model",
        metavar="NAME",
        callback=from_group,
        help="The language model that plays the customer, by the name its server has for it.",
    ),
    click.option(
        "--judge-model",
        metavar="NAME",
        callback=from_group,
        help="The language model that judges your replies beside the call; none for no judge. Default: the same one.",
    ),
    click.option(
        "--base-url",
        metavar="URL",
        callback=from_group,
        help="The OpenAI-compatible endpoint to use, such as http://127.0.0.1:8080/v1. Keys are read from the "
        "environment only: ROLEPLAY_API_KEY or OPENAI_API_KEY.",
    ),
)


def calls_opener(
    workspace: Path | None,
    trainee: str | None,
    *,
    actor: ActorName | None = None,
    model: str | None = None,
    judge_model: str | None = None,
    base_url: str | None = None,
) -> Callable[[], Calls]:
    """What opens the calls of `trainee` in the workspace asked for, once there is time to load what that needs.

    The rest says who plays the customer, as far as that was asked for. The place is looked at now; a doubtful one is
    warned about on stderr. Raises `BadInput`, `UnsafePlace`.
    """
    from roleplay.workspace import check_place, resolve_workspace

    place = resolve_workspace(workspace)
    warning = check_place(place.transcripts)
    if warning:
        talk(warning)

    if (place.root / "scorer.yaml").exists():
        from roleplay.scoring.offline.tuned import heads_or_shipped

        _, trouble = heads_or_shipped(place.root)
        if trouble:
            talk(trouble)

    def open_calls() -> Calls:
        from roleplay.practice.calls import Calls, now
        from roleplay.practice.people import trainee_name
        from roleplay.practice.shelf import cards_of_user
        from roleplay.store.transcripts import Transcripts

        def chosen() -> Choice:
            from roleplay.llm.choosing import choose

            return choose(place.root, model=model, judge_model=judge_model, base_url=base_url, actor=actor)

        whose = trainee_name(trainee, place.root)
        return Calls(place.personas, Transcripts(place.database), whose, now, cards_of_user(), chosen)

    return open_calls


def once_more(*command: str) -> str:
    """The `command` to type next, with the options of the one that runs on whose calls, where, and who plays."""
    params = click.get_current_context().params
    names = ("workspace", "trainee", "actor", "model", "judge_model", "base_url")
    given = [str(word) for name in names if params[name] for word in (f"--{name.replace('_', '-')}", params[name])]
    return shlex.join(["roleplay", *command, *given])


def no_screen() -> str:
    """Why the full-screen app cannot be shown here, as a sentence; empty if it can."""
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on stderr
    if not all(stream is not None and stream.isatty() for stream in streams):
        return "There is no terminal"
    return "This terminal cannot draw (TERM=dumb)" if os.environ.get("TERM") == "dumb" else ""
