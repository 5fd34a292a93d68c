"""Keys of endpoints: from the environment only, and each for the host it was given for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from roleplay.errors import BadInput
from roleplay.llm.address import origin_of

OWN = "ROLEPLAY_API_KEY"
OPENAI = "OPENAI_API_KEY"
OPENAI_ADDRESS = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Key:
    """A key and the variable it comes from. The value is in no `repr`; both are empty where there is no key."""

    value: str = field(default="", repr=False)
    variable: str = ""


@dataclass(frozen=True)
class Keyring:
    """The keys of the environment. `home` is the address that OPENAI_API_KEY is for."""

    own: Key
    openai: Key
    home: str

    def for_address(self, address: str) -> Key:
        """The key that may be sent to an address the user named or agreed to.

        ROLEPLAY_API_KEY wherever that is. OPENAI_API_KEY only to its home: a key that other programs use as well is
        never sent elsewhere because an address was configured here.
        """
        if self.own.value:
            return self.own
        return self.openai if origin_of(address) == origin_of(self.home) else Key()


def read_keys(environment: Mapping[str, str], home: str) -> Keyring:
    """The keys of `environment`. Raises `BadInput` for one that no server could be sent; never quotes it."""
    return Keyring(_read(environment, OWN), _read(environment, OPENAI), home)


def _read(environment: Mapping[str, str], variable: str) -> Key:
    value = environment.get(variable, "").strip()
    if not value:
        return Key()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise BadInput(
            "The key holds a space or a character that no key has.",
            where=variable,
            mend="Copy it again, by itself, and set the variable anew.",
        )
    return Key(value, variable)
