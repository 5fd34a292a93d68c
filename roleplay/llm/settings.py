"""What it takes to talk to one OpenAI-compatible endpoint, and how much it may take of time and tokens."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Deadlines:
    """Seconds after which something has failed: connecting, the first word, between words, and all of an answer."""

    connect: float = 5.0
    first_word: float = 30.0
    between_words: float = 10.0
    whole: float = 90.0


@dataclass(frozen=True)
class Price:
    """What a million tokens cost, in `currency`: those sent, those of them read from the provider's cache, received."""

    sent: float
    cached: float
    received: float
    currency: str = "USD"


@dataclass(frozen=True)
class EndpointSettings:
    """One endpoint and what is wanted of it.

    `key` is never shown: it is left out of `repr`, empty where the server wants none. `judge_model` is empty where
    nobody judges. `context`: tokens that fit into one request with its answer. `call_limit`: tokens, sent and received,
    that one call may take; None: no limit.
    """

    base_url: str
    model: str
    judge_model: str = ""
    key: str = field(default="", repr=False)
    context: int = 8192
    call_limit: int | None = 400_000
    price: Price | None = None
    deadlines: Deadlines = Deadlines()
