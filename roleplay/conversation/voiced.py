"""How a line came about: who put it into words, what was wrong with it, and what it took."""

from __future__ import annotations

from typing import Literal

import msgspec

Voice = Literal["scripted", "llm", "mended", "replaced"]
"""`scripted`: the director's line as written, by choice. `llm`: an LLM's words. `mended`: an LLM's words, and scripted
ones in place of what was missing or wrong. `replaced`: the scripted line, because the LLM's would not do."""


class Usage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tokens of requests to an LLM: all that were `sent`, those of them `cached` by the provider, all `received`.

    `exact`: counted by the server or by the model's own encoding; else estimated.
    """

    requests: int = 0
    sent: int = 0
    cached: int = 0
    received: int = 0
    exact: bool = True

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            requests=self.requests + other.requests,
            sent=self.sent + other.sent,
            cached=self.cached + other.cached,
            received=self.received + other.received,
            exact=self.exact and other.exact,
        )

    @property
    def total(self) -> int:
        """Tokens sent and received."""
        return self.sent + self.received


class Voiced(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a line was voiced. `model` is empty for a scripted one.

    `faults` are the short names of what was wrong with the LLM's words, in the order in which it was found. `softer`:
    the words said are warmer than the customer's state.
    """

    voice: Voice = "scripted"
    model: str = ""
    faults: tuple[str, ...] = ()
    softer: bool = False
    usage: Usage = Usage()


SCRIPTED = Voiced()
"""A line said as it was written."""
