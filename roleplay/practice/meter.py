"""The token meter: what a call has taken of a language model, what that costs, and how much is left."""

from __future__ import annotations

from typing import NamedTuple

from roleplay.conversation.voiced import Usage
from roleplay.llm.cost import cost_of
from roleplay.llm.settings import EndpointSettings
from roleplay.text import one_line, sanitise

WARNS_AT = 0.8
"""Share of the limit from which on the meter warns."""


class Meter(NamedTuple):
    """What a call has taken. `cost` is None where no price is configured, `limit` where there is none."""

    usage: Usage
    cost: float | None
    currency: str
    limit: int | None

    @property
    def warns(self) -> bool:
        """Whether the limit is near."""
        return self.limit is not None and self.usage.total >= WARNS_AT * self.limit

    @property
    def total(self) -> str:
        """All tokens, in two words."""
        return f"{'' if self.usage.exact else '≈'}{_thousands(self.usage.total)} tokens"

    @property
    def short(self) -> str:
        """In one line, such as ``12.3k tokens (8.1k cached), $0.01``; ``≈`` where not counted exactly."""
        about = "" if self.usage.exact else "≈"
        parts = self.total
        if self.usage.cached:
            parts += f" ({_thousands(self.usage.cached)} cached)"
        if self.cost is not None:
            parts += f", {about}{self.cost:.4f} {self.currency}"
        return parts

    @property
    def told(self) -> str:
        """In a sentence: sent, cached, received, and what is left of the limit."""
        about, usage = "" if self.usage.exact else "≈", self.usage
        sentence = (
            f"{about}{usage.sent:,} tokens sent, {usage.cached:,} of them cached, {about}{usage.received:,} received"
        )
        if self.cost is not None:
            sentence += f", {about}{self.cost:.4f} {self.currency}"
        if self.limit is not None:
            sentence += f"; the limit of this call is {self.limit:,}"
        return f"{sentence}."


def meter_of(usage: Usage, settings: EndpointSettings) -> Meter:
    """The meter of a call that has taken `usage`."""
    price = settings.price
    return Meter(
        usage,
        None if price is None else cost_of(usage, price),
        one_line(sanitise(price.currency)) if price else "",
        settings.call_limit,
    )


def _thousands(number: int) -> str:
    return str(number) if number < 1000 else f"{number / 1000:.1f}k"
