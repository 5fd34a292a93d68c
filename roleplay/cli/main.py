"""The command line: finds the command that was asked for, loads only that, and prints what went wrong as one sentence.

Results go to stdout, talk goes to stderr.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click

from roleplay import __version__
from roleplay.cli.common import workspace_option
from roleplay.cli.lazy import Entry, LazyGroup
from roleplay.cli.opening import calls_opener, model_options, no_screen, trainee_option
from roleplay.errors import RoleplayError

COMMANDS = {
    "play": Entry("Take a call, and hear afterwards what was heard.", "play"),
    "rewind": Entry("Answer a call that has ended again, from any turn, and compare.", "rewind"),
    "drill": Entry("Practise single moments, five minutes a day; or take a test.", "drill"),
    "progress": Entry("Tell how you come on, and what to do next.", "trainee_progress"),
    "score": Entry("Score replies from a JSON Lines file.", "score"),
    "evaluate": Entry("Tell how far a scorer agrees with labelled replies.", "evaluate"),
    "calibrate": Entry("Tell how far the scorers agree with the coaches, and rate blindly.", "calibrate"),
    "doctor": Entry("Say who plays the customer and why, try it once, and tell what it costs.", "doctor"),
    "transcripts": Entry("List, show, search, carry, remove and verify saved calls.", "transcripts"),
    "review": Entry("Review calls as a coach: comment, overrule, answer disputes.", "review"),
    "assign": Entry("Ask a trainee to play a persona.", "assign"),
    "report": Entry("Tell how one trainee or many come on, or write it as a page.", "report"),
    "personas": Entry("List, check and rehearse personas.", "personas"),
    "init": Entry("Make a workspace: a persona of your own, settings, a page for the team.", "init"),
}
"""The commands, in the order in which they are listed."""


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
    from roleplay.cli.coaching import coach_in_environment
    from roleplay.tui.start import run_app

    context.exit(run_app(calls_opener(workspace, trainee, **who_plays), coach=coach_in_environment()))


def main() -> None:
    """Run the program; an error a person can mend is printed as one sentence, without a traceback."""
    gc.set_threshold(20_000, 20, 20)  # the program is made of lasting things; to look for cycles often holds it up
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
