"""Who plays the customer: the one question the front ends ask, with the settings, an offer, or neither as the answer.

    choice = choose(workspace.root, model=…, base_url=…, actor=…)     # off the UI thread: it may look around for 0.4 s
    choice.settings   an endpoint to be used, or None: the customer is scripted
    choice.offer      what was found and not agreed to yet: show `offer.sentence`, then `accept` or `decline` it
    choice.why        one sentence for either

`accept(offer)` remembers the answer and returns the settings to use from now on; "not now" is to do nothing at all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from roleplay.errors import BadInput
from roleplay.llm.address import host_of, is_here, origin_of
from roleplay.llm.config import Config, Said, read_config
from roleplay.llm.consent import Consents
from roleplay.llm.keys import OPENAI_ADDRESS, OWN
from roleplay.llm.looking import Model, Server, look_at, runs_elsewhere
from roleplay.llm.settings import EndpointSettings
from roleplay.llm.tokens import encoding_of

ActorName = Literal["scripted", "llm"]

OPENAI_MODEL = "gpt-4.1-mini"
"""What is asked for at api.openai.com when nobody named a model: quick, cheap, and obeys a schema."""

HOW = (
    "Start a server on this computer (such as Ollama), or set OPENAI_API_KEY, or name an endpoint: "
    "--base-url URL --model NAME. The README has the lines to type, under “With a language model”."
)

_UNDO = "Take that back: roleplay doctor --forget"

_OLLAMA_CONTEXT = 4_096  # it cuts longer prompts silently, at their beginning, unless it was told otherwise
_OPENAI_CONTEXT = 128_000
_OTHER_CONTEXT = 8_192


@dataclass(frozen=True)
class Offer:
    """An endpoint that could be used. `name`: the program or provider; `because`: how it came to be known.

    `key`: the variable whose key would be sent there, "" for none.
    """

    name: str
    settings: EndpointSettings
    because: str
    key: str = ""

    @property
    def model(self) -> str:
        """The model that would play."""
        return self.settings.model

    @property
    def host(self) -> str:
        """The host, with its port where that is not the usual one."""
        return host_of(self.settings.base_url)

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The models that a server of this computer only passes words on to; they run somewhere else."""
        if not is_here(self.settings.base_url):
            return ()
        both = dict.fromkeys((self.model, self.settings.judge_model))
        return tuple(model for model in both if runs_elsewhere(model))

    @property
    def here(self) -> bool:
        """Whether what the trainee says stays on this computer, be it played with or judged."""
        return is_here(self.settings.base_url) and not self.elsewhere

    @property
    def sentence(self) -> str:
        """What to show before it is agreed to: what was found, what it would do, and what that means."""
        who = f"its model {self.model}" if self.host in self.because else f"{self.model} at {self.host}"
        return f"{self.because}. Shall {who} {self._does}? {self._means}"

    @property
    def _does(self) -> str:
        judge = self.settings.judge_model
        if not judge:
            return "play the customer"
        return f"play the customer and {'' if judge == self.model else f'{judge} '}judge your replies"

    @property
    def _means(self) -> str:
        if self.here:
            key = f", and the key in {self.key} is sent to that server" if self.key else ""
            return f"What you say stays on this computer{key}."
        key = f"{',' if self.elsewhere else ''} with the key in {self.key}" if self.key else ""
        run = "runs" if len(self.elsewhere) == 1 else "run"
        away = f"on from this computer, to where {' and '.join(self.elsewhere)} {run}" if self.elsewhere else "there"
        return f"What you say is sent {away}{key}, and the tokens may cost money."


@dataclass(frozen=True)
class Choice:
    """What to play with. `chosen`: the endpoint behind `settings`. `servers`: what answered on this computer.

    `mend`: how to have a language model where there is none.
    """

    why: str
    chosen: Offer | None = None
    offer: Offer | None = None
    servers: tuple[Server, ...] = ()
    mend: str = HOW

    @property
    def settings(self) -> EndpointSettings | None:
        """The endpoint to use; None: the customer is scripted."""
        return self.chosen.settings if self.chosen else None


def choose(
    folder: Path,
    *,
    model: str | None = None,
    judge_model: str | None = None,
    base_url: str | None = None,
    actor: ActorName | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Choice:
    """Who plays in the workspace `folder`, by the options given, its settings and what is there.

    An address on the command line or in the environment, a model named there that a server lists or that is known as
    OpenAI's, and `actor="llm"` are consent, but for what was declined; whatever else was found is offered until it was
    agreed to once. May take 0.4 s; sends nothing but a question for the models to ports of this computer. Raises
    `BadInput` for settings that cannot be read, and where a language model was asked for by an option and none can be
    had.
    """
    if actor == "scripted":
        return Choice("The customer is scripted, as you asked.")
    config = read_config(folder, model=model, judge_model=judge_model, base_url=base_url, environment=environment)
    choice = survey(config, insisting=actor == "llm")
    if choice.settings is None and (actor == "llm" or model or base_url):
        if choice.offer:
            mend = f"Say so: {_options(choice.offer)}, or once and for all: roleplay doctor --yes"
            raise BadInput(f"{choice.offer.because}, and you did not agree to that yet.", mend=mend)
        raise BadInput(choice.why, mend=choice.mend)
    return choice


def survey(config: Config, *, insisting: bool = False) -> Choice:
    """What would be chosen with these settings; `insisting`: whatever is there was asked for. Raises nothing."""
    consents = Consents()
    if config.base_url:
        return _configured(config, config.base_url, consents)
    return _found(config, consents, insisting)


def accept(offer: Offer) -> EndpointSettings:
    """Remember that the user agreed, and return the settings to use. Raises `NotSaved`, and then nothing is agreed."""
    Consents().accept(offer.settings.base_url, offer.model, offer.key, offer.settings.judge_model)
    return offer.settings


def decline(offer: Offer) -> None:
    """Remember never to offer that endpoint again. Raises `NotSaved`."""
    Consents().decline(offer.settings.base_url, offer.model)


def forget(base_url: str) -> bool:
    """Forget what was said of an endpoint, so that it is offered again; whether there was anything."""
    return Consents().forget(base_url)


def _configured(config: Config, named: Said, consents: Consents) -> Choice:
    """The endpoint that was named, which is used unless a file of others sends words or a key where it likes."""
    address = named.value
    servers = look_at([address]) if is_here(address) and address.startswith("http:") else ()
    server = servers[0] if servers else None
    listed = _wanted(config, server)
    if listed is None and origin_of(address) == origin_of(OPENAI_ADDRESS):
        listed = Model(OPENAI_MODEL)
    if listed is None:
        told = f"{host_of(address)} {_said_by(server)}" if server else f"Nobody said which model {host_of(address)} has"
        return Choice(f"{told}. Name the model with --model NAME or ROLEPLAY_MODEL.", servers=servers)
    offer = _offer(config, address, server.name if server else host_of(address), listed, f"{named.by} names it")
    harmless = offer.here and not offer.key
    if harmless or (named.own and not _of_a_file(offer, config)):
        return Choice(f"{offer.model} at {offer.host} plays the customer: {named.by} says so.", offer, servers=servers)
    if _is_agreed(offer, config, consents):
        return Choice(_agreed(offer), offer, servers=servers)
    if consents.declined(address):
        return Choice(f"The customer is scripted: you declined {offer.host}.", servers=servers, mend=_UNDO)
    blamed = _of_a_file(offer, config)[0] if named.own else Said(offer.host, named.by, own=False)
    offer = replace(offer, because=f"The settings of this workspace ({blamed.by}) name {blamed.value}")
    return Choice(f"The customer is scripted until you agree to {offer.host}.", offer=offer, servers=servers)


def _found(config: Config, consents: Consents, insisting: bool) -> Choice:
    """The first of what is there: what was agreed to, else what was asked for, else an offer."""
    home = config.keys.home
    *local, at_home = look_at([*(f"http://127.0.0.1:{port}/v1" for port in config.ports), home])
    servers = tuple(local)
    offers = [*_of_keys(config, at_home if is_here(home) else None), *_of_servers(config, servers, consents)]
    declined = any(consents.declined(offer.settings.base_url) for offer in offers)
    if config.model:
        # a server that lists the model surely has it
        offers.sort(key=lambda offer: not is_here(offer.settings.base_url))
    for offer in offers:
        if _is_agreed(offer, config, consents):
            return Choice(_agreed(offer), offer, servers=servers)
    offers = [offer for offer in offers if not consents.declined(offer.settings.base_url)]
    for offer in offers:
        because = _asked_for(offer, config, (*servers, at_home), insisting)
        if because:
            return Choice(f"{offer.model} at {offer.host} plays the customer: {because}.", offer, servers=servers)
    if offers:
        offer = offers[0]
        return Choice(f"The customer is scripted until you agree to {offer.name}.", offer=offer, servers=servers)
    why = f"The customer is scripted: {_nothing(config, consents, servers, declined)}."
    return Choice(why, servers=servers, mend=_UNDO if declined else HOW)


def _asked_for(offer: Offer, config: Config, looked_at: tuple[Server, ...], insisting: bool) -> str:
    """Why `offer`, which was not declined, is what the user asked for, as the end of a sentence; "" if it is not.

    A bare name of a model asks for a server that lists it, and for OpenAI only if it is known as one of OpenAI's.
    """
    address = offer.settings.base_url
    to_openai = origin_of(address) == origin_of(OPENAI_ADDRESS)
    if _of_a_file(offer, config) or (to_openai and offer.key == OWN):
        return ""
    if config.model is None or not config.model.own:
        return offer.because if insisting else ""
    lists = any(server.base_url == address and server.model(offer.model) for server in looked_at)
    known = not is_here(address) and encoding_of(offer.model)
    return f"{config.model.by} names it" if lists or known else ""


def _of_keys(config: Config, server: Server | None) -> list[Offer]:
    """The provider that a key of the environment is for."""
    home = config.keys.home
    key = config.keys.for_address(home)
    at_openai = origin_of(home) == origin_of(OPENAI_ADDRESS)
    if at_openai and not key.value:
        return []
    listed = _wanted(config, server)
    if listed is None and at_openai:
        listed = Model(OPENAI_MODEL)
    if listed is None or (at_openai and _is_local_name(listed.name)):
        return []
    name = "OpenAI" if at_openai else host_of(home)
    return [_offer(config, home, name, listed, f"{key.variable or 'OPENAI_BASE_URL'} is set")]


def _of_servers(config: Config, servers: tuple[Server, ...], consents: Consents) -> list[Offer]:
    """The servers on this computer that have a model to play with: the one named, the one agreed to, else the first.

    They were not named themselves, so they are sent no key.
    """
    offers = []
    for server in servers:
        answer = consents.answers.get(server.base_url)
        agreed = server.model(answer.model) if answer and answer.said == "accepted" else None
        listed = server.model(config.model.value) if config.model else agreed or server.choice()
        if listed is not None:
            because = f"{server.name} answers at {host_of(server.base_url)}"
            offers.append(_offer(config, server.base_url, server.name, listed, because, found=True))
    return offers


def _offer(config: Config, address: str, name: str, listed: Model, because: str, found: bool = False) -> Offer:
    key = config.keys.for_address(address)
    settings = EndpointSettings(
        base_url=address,
        model=listed.name,
        judge_model=config.judge_model.value if config.judge_model else listed.name,
        key="" if found else key.value,
        context=config.context or listed.context or _usual_context(name, address),
        call_limit=config.call_limit,
        price=config.price,
        deadlines=config.deadlines,
    )
    return Offer(name, settings, because, "" if found else key.variable)


def _wanted(config: Config, server: Server | None) -> Model | None:
    """The model to use at an address: the one that was named, with what the server tells of it, else its first."""
    if config.model is None:
        return server.choice() if server else None
    return (server.model(config.model.value) if server else None) or Model(config.model.value)


def _usual_context(name: str, address: str) -> int:
    if name == "Ollama":
        return _OLLAMA_CONTEXT
    return _OPENAI_CONTEXT if origin_of(address) == origin_of(OPENAI_ADDRESS) else _OTHER_CONTEXT


def _is_agreed(offer: Offer, config: Config, consents: Consents) -> bool:
    """Whether the user agreed to `offer` with the model it has, and not just to its server."""
    address = offer.settings.base_url
    if not consents.accepted(address, offer.key):
        return False
    own = config.model is not None and config.model.own
    if not own and offer.model != consents.answers[address].model:
        return False
    return {said.value for said in _of_a_file(offer, config)} <= consents.answers[address].models


def _of_a_file(offer: Offer, config: Config) -> list[Said]:
    """The models that run elsewhere behind a server of this computer and that the user did not name: a file did."""
    both = [said for said in (config.model, config.judge_model) if said]
    own = {said.value for said in both if said.own}
    return [said for said in both if said.value in offer.elsewhere and said.value not in own]


def _options(offer: Offer) -> str:
    """The options with which the user would say all that is in question."""
    settings = offer.settings
    named = [("--base-url", settings.base_url)]
    if offer.elsewhere:
        named += [("--model", settings.model), ("--judge-model", settings.judge_model or "none")]
    return " ".join(f"{option} {value}" for option, value in named)


def _agreed(offer: Offer) -> str:
    return f"{offer.model} at {offer.host} plays the customer: you agreed to it."


def _said_by(server: Server) -> str:
    """What a server that offers no model to play with answered, as the end of a sentence."""
    if server.answer == "models":
        return "answers and lists no model that can play" if server.models else "answers and has no model"
    return {"wants a key": "wants a key", "no model server": "is no model server"}.get(server.answer, "does not answer")


def _nothing(config: Config, consents: Consents, servers: tuple[Server, ...], declined: bool) -> str:
    """Why nothing can be used, as the end of a sentence."""
    quiet = {server.base_url for server in servers if server.answer == "nobody"}
    missed = [address for address in consents.answers if address in quiet and consents.accepted(address)]
    if missed:
        return f"{host_of(missed[0])}, to which you agreed, does not answer"
    if declined:
        return "you declined what is there"
    answering = [server for server in servers if server.answer == "models"]
    if config.model and answering:
        number = sum(len(server.models) for server in answering)
        if number == 1:
            return f"the one model on this computer is not {config.model.value}"
        return f"none of the {number} models on this computer is {config.model.value}"
    empty = [server for server in servers if server.answer in ("models", "wants a key")]
    if empty:
        return f"{empty[0].name} at {host_of(empty[0].base_url)} {_said_by(empty[0])}"
    return "there is no key, and no model server answers on this computer"


def _is_local_name(model: str) -> bool:
    """Whether a model is named as local servers name theirs: such a one is not asked for at api.openai.com."""
    return not model.startswith("ft:") and (":" in model or "/" in model or model.lower().endswith(".gguf"))
