"""What a `when` means: how it is read, when it holds, and whether it still can."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.persona.condition import Condition, ConditionError, Situation, cover_lost_patience, parse_condition

NUMBERS = {"trust": 4.0, "distress": 7.0, "patience": 5.0, "turn": 2.0, "visit": 1.0}
NOW = Situation(numbers=NUMBERS, met=["tow"], said=["opening"], scene="call")


@pytest.mark.parametrize(
    "source",
    [
        "trust < 6",
        "6 > trust",
        "trust <= 4 and trust >= 4 and trust == 4 and trust != 5",
        "trust>-1",
        "turn == 2.0",
        "met(tow)",
        "said(opening) and not disclosed(passenger)",
        "scene(call)",
        "not (trust > 6 or met(safe))",
        "met(safe) and met(safe) or met(tow)",
        "not not met(tow)",
        "( ( trust<6 ) )",
    ],
)
def test_a_condition_that_holds_now_also_still_can(source: str) -> None:
    condition = parse_condition(source)
    assert condition.holds(NOW)
    assert condition.can_still_hold(NOW)


@pytest.mark.parametrize("source", ["trust >= 4.5", "met(safe)", "disclosed(tow)", "turn > 2"])
def test_what_does_not_hold_now_may_hold_later(source: str) -> None:
    condition = parse_condition(source)
    assert not condition.holds(NOW)
    assert condition.can_still_hold(NOW)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("not met(tow)", "what was met stays met"),
        ("not said(opening)", "what was said stays said"),
        ("turn < 2", "turns only grow"),
        ("turn > 2 and turn < 3", "turns are whole"),
        ("turn > 1.5 and turn <= 3 and turn != 2 and turn != 3", "no turn is left"),
        ("trust > 10", "trust ends at 10"),
        ("patience < 0", "patience ends at 0"),
        ("10 < trust", "the number may stand on either side"),
        ("trust < 3 and trust > 7", "not both"),
        ("trust == 3 and trust != 3", "not both"),
        ("visit >= 2", "the visit is fixed"),
        ("scene(call) and scene(transfer)", "one scene at a time"),
        ("disclosed(passenger) and not disclosed(passenger)", "not both"),
        ("not (trust <= 10 or met(safe))", "a negation is looked into"),
    ],
)
def test_what_can_never_hold_again_is_known(source: str, why: str) -> None:
    assert not parse_condition(source).can_still_hold(NOW), why


@pytest.mark.parametrize(
    ("source", "can"),
    [
        ("trust < 5", True),
        ("trust < 4", False),
        ("trust <= 4", True),
        ("trust > 9", True),
        ("distress > 7", False),
        ("distress >= 7", True),
        ("distress < 2", True),
        ("patience < 5", False),
        ("patience >= 10", True),
        ("not (trust >= 4)", False),
        ("trust < 4 or met(safe)", True),
        ("trust < 4 and met(safe)", False),
        ("trust > 6 and distress > 7", False),
        ("met(safe) and disclosed(passenger)", True),
        ("not met(tow)", False),
        ("turn >= 5", True),
        ("turn < 2", False),
        ("visit >= 2", False),
        ("scene(call)", True),
        ("scene(later)", False),
    ],
)
def test_whether_it_can_hold_while_nothing_gets_worse(source: str, can: bool) -> None:
    condition = parse_condition(source)
    assert condition.can_hold_if_all_goes_well(NOW) is can
    assert condition.can_still_hold(NOW) or not can


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("trust", 6, "compared"),
        ("trst < 6", 1, "did you mean trust?"),
        ("met(tow) adn trust < 3", 10, "did you mean and?"),
        ("trust < 6 AND met(tow)", 11, "did you mean and?"),
        ("anger > 3", 1, "not known"),
        ("trust = 6", 7, "write “==”"),
        ("trust =< 6", 7, "write “<=”"),
        ("trust < 6 && met(tow)", 11, "write “and”"),
        ("!met(tow)", 1, "write “not”"),
        ("trust <", 8, "breaks off"),
        ("met tow", 1, "in brackets"),
        ("met(Tow)", 5, "small letters"),
        ("met(tow", 8, "closing bracket"),
        ("met(tow, safe)", 8, "takes one id"),
        ("met('tow')", 5, "without quotation marks"),
        ("trust < 6 met(tow)", 11, "“and” or “or”"),
        ("(trust < 6", 11, "closing bracket"),
        ("trust < 6)", 10, "never opened"),
        ("1 < trust < 5", 11, "two things at a time"),
        ("trust < distress", 1, "a number on the other"),
        ("3 < 4", 1, "a name on one side"),
        ("and met(tow)", 1, "missing before"),
        ("trust < 99999999", 9, "too large"),
        ("trust < 6;", 10, "no meaning"),
        ("__import__(os)", 1, "not known"),
        ("not " * 30 + "met(tow)", 85, "inside each other"),
        ("(" * 30 + "met(tow)" + ")" * 30, 22, "inside each other"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_column(source: str, column: int, words: str) -> None:
    with pytest.raises(ConditionError) as error:
        parse_condition(source)
    assert (error.value.column, words in str(error.value)) == (column, True), str(error.value)


def test_a_condition_tells_what_it_mentions() -> None:
    condition = parse_condition("met(tow) and (not disclosed(a-1) or said(x)) and scene(s) and trust < 3")
    assert condition.mentions() == {("met", "tow"), ("disclosed", "a-1"), ("said", "x"), ("scene", "s")}
    assert condition.size() == 5


@pytest.mark.parametrize(
    ("source", "required"),
    [
        ("disclosed(it)", True),
        ("trust > 3 and disclosed(it)", True),
        ("disclosed(it) or met(tow)", False),
        ("(disclosed(it) or trust > 10) and turn > 1", True),
        ("not disclosed(it)", False),
    ],
)
def test_a_condition_knows_whether_it_waits_for_a_fact(source: str, required: bool) -> None:
    assert parse_condition(source).requires("disclosed", "it") is required


def test_endings_cover_lost_patience_alone_or_between_them() -> None:
    assert cover_lost_patience([parse_condition("patience <= 0")])
    assert cover_lost_patience(
        [parse_condition("patience < 1 and met(tow)"), parse_condition("patience < 2 and not met(tow)")]
    )
    assert not cover_lost_patience([parse_condition("patience <= 0 and met(tow)")])
    assert not cover_lost_patience([])


_LEAVES = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["trust", "turn"]),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.sampled_from(["0", "2", "2.5", "3", "10"]),
    ),
    st.sampled_from(["met(a)", "met(b)", "scene(x)", "scene(y)"]),
)
_SOURCES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " and ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " or ".join(parts) + ")"),
    ),
    max_leaves=6,
).filter(lambda source: len(source) <= 300)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(source=_SOURCES, trust=st.sampled_from([0, 2, 2.5, 3, 10]), turn=st.sampled_from([0, 2, 3]))
def test_can_hold_if_all_goes_well_says_yes_exactly_when_some_later_and_no_worse_situation_fits(
    source: str, trust: float, turn: int
) -> None:
    condition: Condition = parse_condition(source)
    now = Situation(numbers={**NUMBERS, "trust": trust, "turn": turn})
    better = [each for each in _every_later(now) if each.numbers["trust"] >= trust]
    assert condition.can_hold_if_all_goes_well(now) == any(map(condition.holds, better))


def _every_later(now: Situation) -> list[Situation]:
    """All situations that can follow, on a grid fine enough for the constants of `_LEAVES`."""
    grown = [met for met in ("", "a", "b", "ab") if set(met) >= set(now.met)]
    trusts = [0, 1, 2, 2.25, 2.5, 2.75, 3, 5, 10]
    turns = [turn for turn in range(12) if turn >= now.numbers["turn"]]
    return [
        Situation(numbers={**NUMBERS, "trust": trust, "turn": turn}, met=met, scene=now.scene)
        for met, trust, turn in product(grown, trusts, turns)
    ]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    source=_SOURCES,
    met=st.sampled_from([(), ("a",), ("a", "b")]),
    turn=st.sampled_from([0, 2, 3]),
    scene=st.sampled_from(["", "x", "y"]),
)
def test_can_still_hold_says_yes_exactly_when_some_later_situation_fits(
    source: str, met: tuple[str, ...], turn: int, scene: str
) -> None:
    condition: Condition = parse_condition(source)
    now = Situation(numbers={**NUMBERS, "turn": turn}, met=met, scene=scene)
    assert condition.can_still_hold(now) == any(map(condition.holds, _every_later(now)))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="trusmet()<>=! andor0123.-'\"é\n", max_size=40))
def test_any_text_is_a_condition_or_an_error_with_a_column_inside_it(source: str) -> None:
    try:
        parse_condition(source)
    except ConditionError as error:
        assert 1 <= error.column <= len(source) + 1
