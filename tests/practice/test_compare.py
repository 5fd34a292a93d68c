"""Two paths of a call side by side: where they part, and where the customer's mind went differently, honestly told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from roleplay.errors import BadInput
from roleplay.persona.message import Message
from roleplay.practice.calls import Calls
from roleplay.practice.compare import Comparison, compared
from roleplay.practice.difference import Felt, Mind, in_a_sentence
from tests.practice.tried import BETTER, COLD, REPLIES, calls_of, ended_call, tried


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    with closing(calls_of(tmp_path)) as calls:
        yield calls


def beside(calls: Calls, ident: str, branch: int, other: int | None = None) -> Comparison:
    """The path along `branch` beside the first one, or beside `other`."""
    return compared(calls.load(ident, other), calls.load(ident, branch))


async def test_the_same_words_get_the_same_customer(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 2, REPLIES[1:])
    comparison = beside(calls, ident, 1)
    assert comparison.sentence == "After 2 replies each: the same words, the same customer."
    assert (comparison.turn, comparison.turns) == (2, range(2, 4))
    left, right = comparison.sides
    assert [(each.reply, each.answers, each.felt) for each in left.given] == [
        (each.reply, each.answers, each.felt) for each in right.given
    ]
    assert not any((*left.told, *right.told, *left.met, *right.met, *left.moments, *right.moments))


async def test_what_went_better_is_said_with_what_was_told_only_then(calls: Calls) -> None:
    first = (await ended_call(calls)).transcript
    again = await tried(calls, first.session.id, 1, [BETTER])
    comparison = beside(calls, first.session.id, 1)
    gained = again.transcript.state.trust - first.replies[0].state.trust
    assert comparison.sentence.startswith(
        f"After 1 reply each: trust was {gained:.1f} higher on try 1, Dana told you “"
    )
    (told,) = comparison.sides[1].told
    assert told in comparison.sides[1].given[0].answers[0].text and comparison.sides[0].told == ()
    assert len(comparison.sides[1].met) == 2
    assert comparison.answered[0].text == first.lines[0].text
    assert comparison.before == Felt(first.opening.state.trust, first.opening.state.distress)


async def test_what_went_no_better_is_called_that(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 2, [COLD] * 12)
    comparison = beside(calls, ident, 1)
    assert comparison.replies is None and comparison.sides[1].end
    assert comparison.sentence.startswith("It went no better on try 1: trust was ")
    assert comparison.sentence.endswith("the call ended badly.")


async def test_a_path_that_waits_is_compared_as_far_as_it_has_come(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 1, [COLD])
    comparison = beside(calls, ident, 1)
    assert (comparison.replies, comparison.sides[0].end is None, comparison.sides[1].end) == (1, False, None)
    assert [len(side.given) for side in comparison.sides] == [3, 1]
    assert "ended" not in comparison.sentence


async def test_a_line_that_was_broken_off_is_no_answer(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 1, [BETTER])
    one, other = calls.load(ident), calls.load(ident, 1)
    said = other.lines[-1]
    begun = msgspec.structs.replace(said, text="There is a l", broken_off=True)
    whole = msgspec.structs.replace(said, attempt=said.attempt + 1)
    other = msgspec.structs.replace(other, lines=(*other.lines[:-1], begun, whole))
    (given,) = compared(one, other).sides[1].given
    assert [each.text for each in given.answers] == [said.text]


async def test_tries_are_compared_with_each_other_from_where_they_part(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 2, [BETTER])
    await tried(calls, ident, 3, [COLD])
    assert beside(calls, ident, 2, 1).turn == 2
    deeper = (await tried(calls, ident, 3, [BETTER], branch=2)).transcript.branch
    assert [each.reply for each in beside(calls, ident, deeper, 2).sides[0].given] == [COLD]
    swapped = compared(calls.load(ident, 2), calls.load(ident, 1)), compared(calls.load(ident, 1), calls.load(ident, 2))
    assert swapped[0].sides == swapped[1].sides[::-1]


async def test_a_try_in_which_nothing_was_said_says_so_and_a_path_is_not_compared_with_itself(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 2, [])
    assert beside(calls, ident, 1).sentence == "Nothing was said on try 1 yet."
    with pytest.raises(BadInput, match="the same path"):
        beside(calls, ident, 1, 1)


async def test_no_score_of_the_call_is_told(calls: Calls) -> None:
    ident = (await ended_call(calls)).transcript.session.id
    await tried(calls, ident, 1, [BETTER])
    told = msgspec.to_builtins(beside(calls, ident, 1))
    assert "score" not in told and not any("score" in side for side in told["sides"])


def mind(trust: float = 5, distress: float = 5, **others: object) -> Mind:
    made = Mind(felt=Felt(trust, distress), told={}, met=(), moments={}, outcome=None, replies=(("x", ""),), answers=())
    return msgspec.structs.replace(made, **others)


TOLD = {"bench": Message("customer", "I sat on that bench all night.", "Lena")}


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        (mind(4), mind(6.1, replies=(("y", ""),)), "Trust was 2.1 higher after try 2."),
        (mind(5), mind(5.1, replies=(("y", ""),)), "Trust was 0.1 higher after try 2."),
        (
            mind(5),
            mind(5.04, replies=(("y", ""),)),
            "It went no better on try 2: trust and distress came out the same.",
        ),
        (mind(5, 6), mind(5, 4.5, replies=(("y", ""),)), "Distress was 1.5 lower after try 2."),
        (mind(5, 6), mind(5, 5.9, replies=(("y", ""),)), "Distress was 0.1 lower after try 2."),
        (mind(5, 6), mind(6, 5, replies=(("y", ""),)), "Trust was 1.0 higher after try 2."),
        (mind(5, 6), mind(5.2, 8), "Trust was 0.2 higher after try 2, but distress was 2.0 higher."),
        (mind(5, 6), mind(4, 5.5), "Distress was 0.5 lower after try 2, but trust was 1.0 lower."),
        (
            mind(5),
            mind(4, told=TOLD),
            "Lena told you “I sat on that bench all night.” on try 2, but trust was 1.0 lower.",
        ),
        (
            mind(5, told=TOLD),
            mind(5, replies=(("y", ""),)),
            "It went no better on try 2: Lena kept back “I sat on that bench all night.” this time.",
        ),
        (
            mind(replies=(("x", ""),)),
            mind(replies=(("y", ""),)),
            "It went no better on try 2: trust and distress came out the same.",
        ),
        (
            mind(met=("a", "b")),
            mind(met=("a",), replies=(("y", ""),)),
            "It went no better on try 2: 1 fewer need was met.",
        ),
        (mind(outcome="bad"), mind(outcome="good"), "The call ended well on try 2."),
        (
            mind(),
            mind(felt=Felt(9, 1, "Ann Bell")),
            "Your first path had come to the customer, try 2 had come to Ann.",
        ),
    ],
)
def test_the_difference_in_a_sentence(was: Mind, now: Mind, sentence: str) -> None:
    assert in_a_sentence(("your first path", "try 2"), (was, now), None) == sentence
