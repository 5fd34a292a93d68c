"""What the user wants of a language model: command line > environment > `roleplay.toml` > defaults.

Read once, at the edge; nothing deeper looks into the environment. Who said a thing matters: the command line and the
environment are the user's own, while `roleplay.toml` may have come with a workspace from somebody else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from roleplay.errors import BadInput
from roleplay.llm.address import read_address
from roleplay.llm.keys import OPENAI_ADDRESS, Keyring, read_keys
from roleplay.llm.settings import Deadlines, Price
from roleplay.llm.settings_file import Entry, read_settings_file
from roleplay.text import has_controls, quote

USUAL_PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
"""Where local servers listen unless told otherwise, in the order in which they are considered."""

_LONGEST_MODEL = 200
_CONTEXTS = range(4_096, 20_000_001)
_LIMITS = range(1_000, 10_000_000_001)
_MODEL = re.compile(r"[^\s\x00-\x1f\x7f]+(?: [^\s\x00-\x1f\x7f]+)*")


@dataclass(frozen=True)
class Said:
    """A value, and `by` what: an option, a variable, or a place in a file.

    `own`: by the user; else by a file that may be somebody else's.
    """

    value: str
    by: str
    own: bool


@dataclass(frozen=True)
class Config:
    """All settings as they were given; None where nothing was. A `judge_model` of "" means that nobody judges.

    `call_limit`: tokens, None for no limit. `ports`: where on this computer to look for a server.
    """

    base_url: Said | None
    model: Said | None
    judge_model: Said | None
    context: int | None
    call_limit: int | None
    price: Price | None
    deadlines: Deadlines
    keys: Keyring
    ports: tuple[int, ...]


def read_config(
    folder: Path,
    *,
    model: str | None = None,
    judge_model: str | None = None,
    base_url: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """The settings: the options given, then `environment`, then the `roleplay.toml` of `folder`.

    Raises `BadInput` for whatever of them cannot be read; none of its sentences holds a key.
    """
    file = read_settings_file(folder)
    address = _said("base_url", base_url, environment, file)
    judge = _said("judge_model", judge_model, environment, file)
    home = environment.get("OPENAI_BASE_URL", "").strip()
    return Config(
        base_url=address and Said(read_address(address.value, address.by), address.by, address.own),
        model=_model(_said("model", model, environment, file)),
        judge_model=Said("", judge.by, judge.own) if judge and judge.value == "none" else _model(judge),
        context=_number("context", "ROLEPLAY_CONTEXT", _CONTEXTS, environment, file),
        call_limit=_number("call_limit", "ROLEPLAY_CALL_LIMIT", _LIMITS, environment, file, 400_000),
        price=_price(file),
        deadlines=_deadlines(file),
        keys=read_keys(environment, read_address(home, "OPENAI_BASE_URL") if home else OPENAI_ADDRESS),
        ports=_ports(environment.get("ROLEPLAY_LOOK", "")),
    )


def _said(name: str, option: str | None, environment: Mapping[str, str], file: Mapping[str, Entry]) -> Said | None:
    variable = f"ROLEPLAY_{name.upper()}"
    if option:
        return Said(option, f"--{name.replace('_', '-')}", own=True)
    if environment.get(variable, "").strip():
        return Said(environment[variable].strip(), variable, own=True)
    entry = file.get(name)
    return Said(entry.value, entry.where, own=False) if entry else None


def _model(said: Said | None) -> Said | None:
    if said is not None and not is_model_name(said.value):
        mend = 'Write it as the server lists it, such as "llama3.1:8b".'
        raise BadInput(f"{quote(said.value, 40)} is no name of a model.", where=said.by, mend=mend)
    return said


def is_model_name(text: str) -> bool:
    """Whether `text` can be the name of a model: on one line, nothing in it that steers a terminal, not too long."""
    return len(text) <= _LONGEST_MODEL and not has_controls(text) and _MODEL.fullmatch(text) is not None


def _number(
    name: str,
    variable: str,
    allowed: range,
    environment: Mapping[str, str],
    file: Mapping[str, Entry],
    default: int | None = None,
) -> int | None:
    """A number of tokens; None where it is "none", `default` where nothing is given."""
    text, entry = environment.get(variable, "").strip(), file.get(name)
    value, where = (text, variable) if text else (str(entry.value), entry.where) if entry else ("", "")
    if not where:
        return default
    if value == "none" and name == "call_limit":
        return None
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 12 else -1
    if number not in allowed:
        mend = f"Write a whole number from {allowed[0]:,} to {allowed[-1]:,}, without separators."
        raise BadInput(f"{quote(value, 40)} is no number of tokens.", where=where, mend=mend)
    return number


def _price(file: Mapping[str, Entry]) -> Price | None:
    """The price; what is read from the cache costs as much as what is sent unless that is given too."""
    given = {name: entry for name, entry in file.items() if name.startswith("price.")}
    if not given:
        return None
    missing = [name for name in ("price.sent", "price.received") if name not in given]
    if missing:
        where = next(iter(given.values())).where
        raise BadInput("A price wants sent and received.", where=where, mend=f"Add {' and '.join(missing)}.")
    currency = given.get("price.currency", Entry("USD", ""))
    if not re.fullmatch(r"[A-Za-z]{1,8}|[€$£¥]", currency.value):
        raise BadInput(
            f"{quote(currency.value, 20)} is no currency.", where=currency.where, mend='Write it like "EUR".'
        )
    sent = float(given["price.sent"].value)
    cached = float(given["price.cached"].value) if "price.cached" in given else sent
    return Price(sent, cached, float(given["price.received"].value), currency.value)


def _deadlines(file: Mapping[str, Entry]) -> Deadlines:
    given = {name: entry.value for name, entry in file.items() if name.startswith("deadlines.")}
    return Deadlines(**{name.partition(".")[2]: float(value) for name, value in given.items()})


def _ports(text: str) -> tuple[int, ...]:
    """The ports on this computer to look at: the usual ones, or those listed in ROLEPLAY_LOOK; "none" for none."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    if not named:
        return tuple(USUAL_PORTS)
    if named == ["none"]:
        return ()
    if len(named) > 16 or not all(part.isascii() and part.isdigit() and 0 < int(part[:6]) < 65_536 for part in named):
        mend = "List up to 16 ports of this computer, such as 8080,11434, or write none."
        raise BadInput(f"{quote(text, 40)} says nowhere to look.", where="ROLEPLAY_LOOK", mend=mend)
    return tuple(dict.fromkeys(int(part) for part in named))
