"""The token meter says what a call has taken, and never more exactly than it is known."""

from __future__ import annotations

from roleplay.conversation.voiced import Usage
from roleplay.llm.settings import EndpointSettings, Price
from roleplay.practice.meter import meter_of

SETTINGS = EndpointSettings(base_url="http://127.0.0.1:1/v1", model="m", call_limit=10_000)
PRICED = EndpointSettings(base_url="http://127.0.0.1:1/v1", model="m", price=Price(2.0, 0.5, 8.0, "EUR"))


def test_tokens_sent_cached_and_received_are_told() -> None:
    meter = meter_of(Usage(requests=3, sent=4000, cached=1500, received=300), SETTINGS)
    assert meter.short == "4.3k tokens (1.5k cached)"
    assert meter.told == "4,000 tokens sent, 1,500 of them cached, 300 received; the limit of this call is 10,000."


def test_an_estimate_is_marked() -> None:
    assert meter_of(Usage(sent=400, received=30, exact=False), SETTINGS).short == "≈430 tokens"


def test_money_is_told_where_a_price_is_configured_and_cached_tokens_cost_less() -> None:
    meter = meter_of(Usage(sent=1_000_000, cached=400_000, received=100_000), PRICED)
    assert meter.cost is not None
    assert round(meter.cost, 6) == 0.6 * 2.0 + 0.4 * 0.5 + 0.1 * 8.0
    assert "2.2000 EUR" in meter.short
    assert meter_of(Usage(sent=5), SETTINGS).cost is None


def test_it_warns_when_the_limit_is_near_and_never_without_one() -> None:
    assert not meter_of(Usage(sent=7_000, received=900), SETTINGS).warns
    assert meter_of(Usage(sent=7_000, received=1_000), SETTINGS).warns
    endless = EndpointSettings(base_url="http://127.0.0.1:1/v1", model="m", call_limit=None)
    assert not meter_of(Usage(sent=10**9), endless).warns
