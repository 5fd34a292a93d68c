"""What is left of a condition when a part of the story is left out, and what it needs to have happened."""

from __future__ import annotations

import pytest

from roleplay.persona.condition import Situation, parse_condition
from roleplay.persona.expression import Fact
from roleplay.persona.left_out import fewest_facts, without
from roleplay.persona.renaming import written


def left_of(source: str, *, half: bool = False) -> str | None:
    """What is left of `source` without what is called `gone`; `half`: replies are waited for half as long."""

    def gone(fact: Fact) -> bool:
        return fact.id == "gone"

    left = without(parse_condition(source).expression, gone, lambda turn: turn / 2 if half else turn)
    return None if left is None else written(left)


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("said(gone)", None),
        ("not said(gone)", None),
        ("said(gone) and trust > 3", "trust > 3.0"),
        ("said(gone) or said(here)", "said(here)"),
        ("not (said(gone) or said(here))", "not said(here)"),
        ("not (said(gone) and said(here))", None),
        ("trust < 6 or not disclosed(gone)", None),
        ("(met(gone) or said(gone)) and said(here)", "said(here)"),
        ("said(a) and (said(b) or said(gone)) and not met(gone)", "said(a) and said(b)"),
    ],
)
def test_what_is_gone_is_not_waited_for_unless_something_else_can_be(source: str, left: str | None) -> None:
    assert left_of(source) == left


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("turn >= 8", "turn >= 4.0"),
        ("turn <= 8", "turn <= 8.0"),
        ("not turn < 8", "not turn < 4.0"),
        ("not turn > 8", "not turn > 8.0"),
        ("trust >= 8 and (turn > 4 or said(gone))", "trust >= 8.0 and turn > 2.0"),
    ],
)
def test_only_a_wait_is_made_shorter(source: str, left: str) -> None:
    assert left_of(source, half=True) == left


@pytest.mark.parametrize("source", ["not (a1 or b1) and c1", "not (not a1 or (b1 and c1))", "a1 or not (b1 or not c1)"])
def test_where_nothing_is_left_out_it_holds_just_when_it_did(source: str) -> None:
    condition = source.replace("a1", "said(a)").replace("b1", "met(b)").replace("c1", "trust > 5")
    left = left_of(condition)
    assert left is not None
    for number in range(8):
        said, met, trust = ("a",) * (number & 1), ("b",) * (number >> 1 & 1), 6.0 if number & 4 else 5.0
        situation = Situation({"trust": trust}, met=met, said=said)
        assert parse_condition(left).holds(situation) == parse_condition(condition).holds(situation)


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("trust > 3 and not said(a)", set()),
        ("said(a) and (said(b) and said(c) or met(d))", {("said", "a"), ("met", "d")}),
        ("not (not said(a) or trust < 3)", {("said", "a")}),
        ("said(known) or said(a)", set()),
    ],
)
def test_of_several_ways_the_one_that_needs_the_fewest_facts_counts(source: str, needs: set[tuple[str, str]]) -> None:
    assert fewest_facts(parse_condition(source).expression, {("said", "known")}) == needs
