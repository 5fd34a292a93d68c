"""`roleplay personas preview`: the customer's mind in any state as text, and what a language model would be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import click

from roleplay.cli.common import json_option, say, say_json, workspace_option
from roleplay.cli.persona_files import folders_of

Part = Literal["mind", "reply", "actor", "judge"]


@click.command("preview", short_help="Show the customer's mind at any point of a call.")
@click.argument("path")
@click.option(
    "--state",
    default="",
    metavar="NAME=VALUE,…",
    help="Where in the call: trust=6,distress=3,said=two-feet,disclosed=son+bench,met=tow,scene=home,visit=2.",
)
@click.option("--short", is_flag=True, help="Show the five-minute form instead of the whole call.")
@click.option("--reply", metavar="TEXT", help="Show what this reply would do there; an empty one is a silence.")
@click.option("--only", type=click.Choice(["mind", "reply", "actor", "judge"]), help="Show no more than this part.")
@click.option("--prompt", is_flag=True, help="Show what a language model would get whole, every word of it.")
@click.option("--model", help="Count tokens as they are counted for this model.")
@workspace_option
@json_option
def command(
    path: str,
    state: str,
    short: bool,
    reply: str | None,
    only: Part | None,
    prompt: bool,
    model: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Show the customer's mind at a point of a call: mood, needs, what could be told now and what keeps the rest shut,
    which moments, endings and lines could come next. Then the requests that a language model would get there, as the
    actor of the next line and as a judge: their tokens, what these cost, and how each message begins; with --prompt,
    every word. Nothing is sent anywhere.

    PATH is a file or the id of a persona. --state says where in the call, with any of: trust, distress and patience
    (0-10), turn (replies given), moment, scene, visit (a number or an id), customer (of a queue); and, with several ids
    joined by +, met, disclosed, said, and of earlier visits before (what was told) and ended. What is left out is as at
    the beginning.
    """
    if only == "reply" and reply is None:
        raise click.UsageError("There is no reply to show: write one with --reply.")
    from roleplay.cli.preview_lines import RequestLines, lines_of_mind, lines_of_reply
    from roleplay.conversation.director import Director
    from roleplay.conversation.said import whole_lines
    from roleplay.llm.config import read_config
    from roleplay.llm.tokens import load_counter
    from roleplay.persona.library import find
    from roleplay.persona.loading import load_persona
    from roleplay.rehearsal.placing import SEED, placed
    from roleplay.rehearsal.preview import mind_of
    from roleplay.rehearsal.requests import answered, answered_unsaid, requests_about
    from roleplay.rehearsal.state_words import read_state
    from roleplay.rehearsal.tracing import step_of
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.workspace import resolve_workspace

    config = read_config(resolve_workspace(workspace).root, model=model)
    place = placed(load_persona(find(path, folders_of(workspace))), read_state(state), short=short)
    mind = mind_of(place)
    if reply is None:
        call, step = answered_unsaid(place), None
    else:
        call = answered(place, reply, OfflineScorer(place.script.rubric))
        step = step_of(call, call.replies[-1], Director(place.script, SEED))
    says = [line.text for line in whole_lines(call, call.direction.turn)] if step else []
    counter = load_counter(config.model.value if config.model else "")
    requests = requests_about(call, counter, config.context or _WIDE)
    if as_json:
        from msgspec import to_builtins

        told = {"mind": mind, "reply": step and {**to_builtins(step), "says": says}, "requests": requests}
        say_json(to_builtins(told))
        return
    sent = RequestLines(requests, config.price, whole=prompt)
    parts: dict[str, Callable[[], Iterable[str]]] = {
        "mind": lambda: lines_of_mind(mind),
        "reply": lambda: lines_of_reply(step, says) if step else (),
        "actor": lambda: sent.of_actor(said=step is not None),
        "judge": sent.of_judge,
    }
    shown = [list(lines()) for name, lines in parts.items() if only in (None, name)]
    if only not in ("mind", "reply"):
        shown.append(list(sent.in_the_end()))
    for number, lines in enumerate(filter(None, shown)):
        for line in ([""] if number else []) + lines:
            say(line)


_WIDE = 128_000
"""Tokens of context where none are set: room for everything."""
