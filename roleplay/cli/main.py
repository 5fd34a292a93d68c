"""The command line: finds the command that was asked for, loads only that, and prints what went wrong as one sentence.

Results go to stdout, talk goes to stderr.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from roleplay import __version__
from roleplay.cli.common import workspace_option
from roleplay.cli.opening import calls_opener, model_options, no_screen, trainee_option
from roleplay.errors import RoleplayError
from roleplay.text import quote

COMMANDS = {
    "play": "Take a call, and hear afterwards what was heard.",
    "score": "Score replies from a JSON Lines file.",
    "evaluate": "Tell how far a scorer agrees with labelled replies.",
    "doctor": "Say who plays the customer and why, try it once, and tell what it costs.",
    "transcripts": "List, show, search, verify and judge saved calls.",
    "personas": "List, check and rehearse personas.",
}
"""Name and one-line help of each command; the code is in `roleplay.cli.<name>`, as `command`."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"roleplay.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            import difflib  # only for a mistyped command

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"No such command {quote(args[0], 40)}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@workspace_option
@trainee_option
@model_options
@click.version_option(__version__, prog_name="roleplay")
@click.pass_context
def roleplay(context: click.Context, /, workspace: Path | None, trainee: str | None, **who_plays: Any) -> None:
    """A flight simulator for empathy.

    Talk with a customer who needs something and does not say all of it, and see, reply by reply, whether it was heard.
    Without a key and without a network the customer is scripted and the scorer works offline. With an OpenAI-compatible
    endpoint a language model can play and judge; `roleplay doctor` tells what is there.

    Without a command, at a terminal, the app opens: pick a customer and take the call.
    """
    if context.invoked_subcommand:
        return
    trouble = no_screen()
    if trouble:
        click.echo(context.get_help(), err=True)
        click.echo(f"\n{trouble}: `roleplay play PERSONA` plays in plain lines, one for each reply.", err=True)
        context.exit(2)
    from roleplay.tui.start import run_app

    context.exit(run_app(calls_opener(workspace, trainee, **who_plays)))


def main() -> None:
    """Run the program; an error a person can mend is printed as one sentence, without a traceback."""
    try:
        code = roleplay.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except RoleplayError as error:
        click.echo(f"Error: {error}", err=True)
        code = error.exit_code
    except Exception as error:
        from roleplay.cli.crash import report

        code = report(error)
    sys.exit(code if isinstance(code, int) else 0)
