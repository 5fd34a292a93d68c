"""What tokens cost, where a price is configured."""

from __future__ import annotations

from roleplay.conversation.voiced import Usage
from roleplay.llm.settings import Price

_MILLION = 1_000_000


def cost_of(usage: Usage, price: Price) -> float:
    """What `usage` costs, in the currency of `price`. Tokens read from the cache are paid as such, not as sent ones."""
    fresh = usage.sent - usage.cached
    return (fresh * price.sent + usage.cached * price.cached + usage.received * price.received) / _MILLION
