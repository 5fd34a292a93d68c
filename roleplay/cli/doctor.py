"""`roleplay doctor`: what is reachable, what will be used and why, whether it works, and what it costs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleplay.cli.common import from_group, json_option, say, say_json, talk, workspace_option
from roleplay.text import quote

if TYPE_CHECKING:
    from roleplay.cli.checkup import Checkup
    from roleplay.llm.choosing import Choice, Offer
    from roleplay.llm.probe import Probed
    from roleplay.llm.settings import EndpointSettings

_FETCH_SECONDS = 60.0


@click.command("doctor")
@click.option("--model", callback=from_group, help="The model that plays the customer.")
@click.option(
    "--judge-model",
    callback=from_group,
    help="The model that judges replies; none: nobody does but the offline scorer.",
)
@click.option("--base-url", callback=from_group, help="The address of an endpoint, such as http://127.0.0.1:8080/v1.")
@click.option("--yes", is_flag=True, help="Agree to what was found, now and from now on.")
@click.option("--forget", is_flag=True, help="Forget all that was agreed to or declined, and stop.")
@click.option("--fetch-encoding", is_flag=True, help="Fetch the model's token encoding, to count exactly.")
@workspace_option
@json_option
def command(
    model: str | None,
    judge_model: str | None,
    base_url: str | None,
    yes: bool,
    forget: bool,
    fetch_encoding: bool,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Say who plays the customer and why, try it with one tiny call, and tell what a call costs.

    An endpoint is looked for in this order: the one that is configured (--base-url, ROLEPLAY_BASE_URL, roleplay.toml),
    the provider that OPENAI_API_KEY is for, then Ollama, LM Studio, llama.cpp and vLLM on their usual ports of this
    computer. Looking sends nothing but a question for the models. What was only found is asked for before anything else
    is sent to it: say yes here, or with --yes.

    Keys come from the environment (ROLEPLAY_API_KEY, OPENAI_API_KEY) and are never shown. The exit code is 1 if what
    would be used does not work; the scripted customer always does.
    """
    if forget:
        _forget()
        return
    from roleplay.cli.checkup import Checkup, as_data, lines
    from roleplay.llm.choosing import survey
    from roleplay.llm.config import read_config
    from roleplay.workspace import resolve_workspace

    folder = resolve_workspace(workspace).root
    config = read_config(folder, model=model, judge_model=judge_model, base_url=base_url)
    choice = survey(config)
    checkup = Checkup(config, choice, insisted=bool(model or base_url))
    if not as_json:
        for line in lines(checkup, "found"):
            say(line)
    if choice.offer:
        choice = _settled(choice, choice.offer, yes, may_ask=not as_json)
        checkup = checkup._replace(choice=choice)
    if choice.settings:
        checkup = _tried(checkup, choice.settings, fetch_encoding)
    if as_json:
        say_json(as_data(checkup))
    else:
        for line in lines(checkup, "use"):
            say(line)
    if not checkup.works:
        raise click.exceptions.Exit(1)


def _settled(choice: Choice, offer: Offer, yes: bool, *, may_ask: bool) -> Choice:
    """The choice after the user was asked about `offer`; unchanged where nobody can be asked."""
    from roleplay.llm.choosing import Choice, accept, decline

    answer = "yes" if yes else ""
    if not answer and may_ask and sys.stdin.isatty() and sys.stderr.isatty():
        talk(f"\n{offer.sentence}")
        answers = click.Choice(["yes", "no", "never"], case_sensitive=False)
        answer = click.prompt("It is asked one tiny question, then", type=answers, default="no", err=True)
    if answer == "yes":
        accept(offer)
        return Choice(
            f"{offer.model} at {offer.host} plays the customer: you agreed to it.", offer, servers=choice.servers
        )
    if answer == "never":
        decline(offer)
        why = f"The customer is scripted: you declined {offer.name}. Undo that: roleplay doctor --forget"
        return Choice(why, servers=choice.servers)
    return choice


def _tried(checkup: Checkup, settings: EndpointSettings, fetch: bool) -> Checkup:
    """The checkup with what came of a tiny call, the way tokens are counted, and what a call would take."""
    from roleplay.llm.tokens import load_counter
    from roleplay.rehearsal.estimate import estimate

    if fetch:
        _fetch(settings.model)
    probed = _probed(settings)
    counter = load_counter(settings.model)
    return checkup._replace(probed=probed, counter=counter, estimate=estimate(settings))


def _probed(settings: EndpointSettings) -> Probed:
    import asyncio

    from roleplay.llm.endpoint import Endpoint
    from roleplay.llm.probe import probe

    async def tried() -> Probed:
        endpoint = Endpoint(settings)
        try:
            return await probe(endpoint, talk if sys.stderr.isatty() else lambda step: None)
        finally:
            await endpoint.aclose()

    return asyncio.run(tried())


def _fetch(model: str) -> None:
    """Fetch the encoding of `model` into the cache; what goes wrong is told, and counting goes on without it."""
    from roleplay.errors import RoleplayError
    from roleplay.llm.tokens import encoding_of, fetch_encoding, is_at_hand

    name = encoding_of(model)
    if not name:
        talk(f"The encoding of {quote(model)} is not known, so its tokens are estimated (≈).")
        return
    if is_at_hand(name):
        talk(f"The encoding {name} is here already.")
        return
    talk(f"Fetching the encoding {name} …")
    try:
        fetch_encoding(name, _FETCH_SECONDS)
    except RoleplayError as error:
        talk(f"Error: {error}")


def _forget() -> None:
    from roleplay.llm.consent import Consents
    from roleplay.text import counted

    consents = Consents()
    if consents.trouble:
        talk(consents.trouble)
    answers = list(consents.answers)
    for address in answers:
        consents.forget(address)
    say(f"Forgot {counted(len(answers), 'answer', 'answers')}." if answers else "There was nothing to forget.")
