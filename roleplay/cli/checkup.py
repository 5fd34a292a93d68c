"""What `roleplay doctor` found, as lines for a person and as data for a program. A key is in neither."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from roleplay.conversation.trouble import Trouble
from roleplay.llm.address import host_of, is_private
from roleplay.llm.choosing import Choice, Offer
from roleplay.llm.config import Config
from roleplay.llm.cost import cost_of
from roleplay.llm.faults import SEE_DOCTOR
from roleplay.llm.looking import Server
from roleplay.llm.probe import Probed
from roleplay.llm.tokens import Counter
from roleplay.rehearsal.estimate import Estimate
from roleplay.text import counted, quote

_SHOWN_MODELS = 4
_WIDTH = 100
_UNDER = " " * 19


class Checkup(NamedTuple):
    """All that was found. `insisted`: a language model was asked for by an option."""

    config: Config
    choice: Choice
    insisted: bool = False
    probed: Probed | None = None
    counter: Counter | None = None
    estimate: Estimate | None = None

    @property
    def works(self) -> bool:
        """Whether what will be used works; a scripted customer does, unless something else was asked for."""
        if self.choice.settings is None:
            return not (self.insisted or self.config.base_url) or self.choice.offer is not None
        return self.probed is not None and not self.probed.troubles


def lines(checkup: Checkup, part: Literal["found", "use"]) -> Iterator[str]:
    """What was found by looking, or what will be used and how it did; long ones go on indented."""
    for line in _lines(checkup, part):
        under = _UNDER if line.startswith(" ") else ""
        parts = textwrap.wrap(line, _WIDTH, subsequent_indent=under, break_long_words=False, break_on_hyphens=False)
        yield from parts or [""]


def _lines(checkup: Checkup, part: Literal["found", "use"]) -> Iterator[str]:
    if part == "found":
        yield from _found(checkup)
        return
    choice = checkup.choice
    if any(_found(checkup)):
        yield ""
    yield choice.why
    if choice.offer:
        yield from _offered(choice.offer)
    if choice.chosen:
        yield from _used(checkup, choice.chosen)


def _found(checkup: Checkup) -> Iterator[str]:
    keys = checkup.config.keys
    for key in (keys.own, keys.openai):
        if key.value:
            yield _row(key.variable, "set")
    for server in checkup.choice.servers:
        yield _row(server.name, f"{host_of(server.base_url):<17} {_answered(server)}")


def _answered(server: Server) -> str:
    if server.answer != "models":
        told = {"wants a key": "wants a key: name it with --base-url, and set ROLEPLAY_API_KEY", "nobody": "no answer"}
        return told.get(server.answer, "answers, and is no model server")
    names = [model.name for model in server.models[:_SHOWN_MODELS]]
    more = len(server.models) - len(names)
    listed = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    return f"{counted(len(server.models), 'model', 'models')}{': ' if listed else ''}{listed}"


def _offered(offer: Offer) -> Iterator[str]:
    yield offer.sentence
    yield "Nothing was sent to it. To agree, now and from now on: roleplay doctor --yes"


def _used(checkup: Checkup, chosen: Offer) -> Iterator[str]:
    settings = chosen.settings
    where = (
        "on this computer" if chosen.here else f"what you say is sent {'on from it' if chosen.elsewhere else 'there'}"
    )
    yield _row("address", f"{settings.base_url} ({where})")
    judge = "the same model" if settings.judge_model == settings.model else settings.judge_model
    yield _row("judge", judge or "nobody but the offline scorer")
    yield _row("key", f"set, from {chosen.key}" if chosen.key else "none")
    if chosen.key and not is_private(settings.base_url):
        yield _row("", f"Warning: it is sent unencrypted, and others on the way to {chosen.host} can read it.")
    yield _row("context", f"{settings.context:,} tokens{_room(checkup, chosen)}")
    limit = settings.call_limit
    yield _row("limit", f"{limit:,} tokens a call" if limit is not None else "none")
    if checkup.probed:
        yield from _tried(checkup.probed)
    if checkup.counter and checkup.estimate:
        yield _row("tokens", _counted(checkup.counter, settings.model))
        yield _row("a call", _taken(checkup, checkup.estimate))
        if limit is not None and checkup.estimate.whole.total > limit:
            yield _row("", "That is more than the limit: raise it with ROLEPLAY_CALL_LIMIT.")


def _room(checkup: Checkup, chosen: Offer) -> str:
    """How to have more of it, where the server was not asked to give what it could."""
    if chosen.name != "Ollama" or checkup.config.context:
        return ""
    return ", the least that Ollama gives; for more: OLLAMA_CONTEXT_LENGTH=16384 ollama serve, ROLEPLAY_CONTEXT=16384"


def _tried(probed: Probed) -> Iterator[str]:
    words, form = probed.words, probed.form
    if words:
        streams = f"streamed in {words.pieces} pieces" if words.pieces > 1 else "in one piece: it does not stream"
        yield _row("first word", f"after {words.first:.2f} s, all after {words.whole:.2f} s, {streams}")
        yield _row("it said", quote(words.text))
        yield _row("messages", "accepted in the shape of a call")
    if form:
        obeys = f"no: {form.wrong}, so replies would not be judged" if form.wrong else f"kept, in {form.whole:.2f} s"
        yield _row("JSON schema", obeys)
    if words and not probed.usage.exact:
        yield _row("", "The server does not say how many tokens it takes, so they are estimated.")
    for trouble in probed.troubles:
        yield _row("trouble", f"{trouble.name}: {trouble.what} {_mend(trouble)}".rstrip())


def _mend(trouble: Trouble) -> str:
    """How to mend it, for somebody who has come to the doctor already."""
    return trouble.mend.replace(SEE_DOCTOR, "").strip()


def _counted(counter: Counter, model: str) -> str:
    from roleplay.llm.tokens import encoding_of

    if counter.exact:
        return f"counted exactly, by {counter.encoding}"
    if encoding_of(model):
        return f"≈, until {encoding_of(model)} is here: roleplay doctor --fetch-encoding"
    return "≈, by the length of a text: the encoding of this model is not known"


def _taken(checkup: Checkup, estimate: Estimate) -> str:
    whole = estimate.whole
    took = f"{estimate.turns} turns: ≈ {whole.sent:,} tokens sent (≈ {whole.cached:,} may be cached), "
    took += f"≈ {whole.received:,} received"
    price = checkup.config.price
    chosen = checkup.choice.chosen
    if price:
        return f"{took}: ≈ {cost_of(whole, price):.4f} {price.currency}"
    if chosen and chosen.here:
        return f"{took}; it runs on this computer"
    return f"{took}; put a [price] into roleplay.toml to see what that costs"


def _row(name: str, text: str) -> str:
    return f"  {name:<16} {text}"


def as_data(checkup: Checkup) -> dict[str, Any]:
    """The same for a program."""
    choice, probed = checkup.choice, checkup.probed
    return {
        "actor": "llm" if choice.settings else "scripted",
        "works": checkup.works,
        "why": choice.why,
        "endpoint": _plain(choice.chosen),
        "offer": _plain(choice.offer),
        "servers": [
            {
                "name": server.name,
                "base_url": server.base_url,
                "answer": server.answer,
                "models": [model.name for model in server.models],
            }
            for server in choice.servers
        ],
        "probe": _plain_probe(probed) if probed else None,
        "counting": {"encoding": checkup.counter.encoding, "exact": checkup.counter.exact} if checkup.counter else None,
        "estimate": _plain_estimate(checkup),
    }


def _plain(offer: Offer | None) -> dict[str, Any] | None:
    if offer is None:
        return None
    settings = offer.settings
    return {
        "name": offer.name,
        "base_url": settings.base_url,
        "model": settings.model,
        "judge_model": settings.judge_model or None,
        "key_from": offer.key or None,
        "on_this_computer": offer.here,
        "context": settings.context,
        "call_limit": settings.call_limit,
    }


def _plain_probe(probed: Probed) -> dict[str, Any]:
    words, form = probed.words, probed.form
    return {
        "first_word_seconds": round(words.first, 4) if words else None,
        "whole_seconds": round(words.whole, 4) if words else None,
        "pieces": words.pieces if words else None,
        "said": words.text if words else None,
        "schema": None if form is None else {"kept": not form.wrong, "wrong": form.wrong or None},
        "tokens": {"sent": probed.usage.sent, "received": probed.usage.received, "exact": probed.usage.exact},
        "troubles": [{"name": each.name, "what": each.what, "mend": _mend(each)} for each in probed.troubles],
    }


def _plain_estimate(checkup: Checkup) -> dict[str, Any] | None:
    if checkup.estimate is None:
        return None
    whole, price = checkup.estimate.whole, checkup.config.price
    return {
        "turns": checkup.estimate.turns,
        "requests": whole.requests,
        "sent": whole.sent,
        "cached": whole.cached,
        "received": whole.received,
        "cost": round(cost_of(whole, price), 6) if price else None,
        "currency": price.currency if price else None,
    }
