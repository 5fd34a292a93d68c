"""Every point has words of the reply and a reason that is true of them; so has a harm, also where no rule fired."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.persona.message import Message
from roleplay.scoring.assessment import Dimension, Evidence
from roleplay.scoring.items import Item, read_item
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline import explain
from roleplay.scoring.offline.detectors import take_apart
from roleplay.scoring.offline.grounding import ground
from roleplay.scoring.offline.harm import rules
from roleplay.scoring.offline.heads import shipped
from roleplay.scoring.offline.reading import read
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.offline.stakes import stakes
from roleplay.scoring.rubric import default_rubric

LABELLED = Path(__file__).parents[1] / "data" / "replies.jsonl"
ROAD = Occasion(id="road", feeling="frightened", unspoken="not to be left alone in danger", safety="danger")
CALM = Occasion(id="calm", feeling="worn out", spoken="a new card", unspoken="not to have to explain it again")


def heard_as(level: int, reply: str, occasion: Occasion, customer: str) -> list[Evidence]:
    """The evidence for a harm of `level` in which no rule fired."""
    at = ground(occasion, [Message("customer", customer)])
    taken = take_apart(read(reply), at)
    return explain.hurt(level, (), taken, at, stakes(taken, at), shipped())


def earned(name: Dimension, level: int, reply: str, occasion: Occasion, customer: str) -> Evidence:
    at = ground(occasion, [Message("customer", customer)])
    taken = take_apart(read(reply), at)
    (found,) = explain.earned({name: level}, taken, stakes(taken, at), at, shipped())
    return found


def test_every_level_and_every_harm_of_the_labelled_replies_has_its_words() -> None:
    scorer = OfflineScorer(default_rubric())
    for line in LABELLED.read_bytes().splitlines()[::4]:
        item = read_item(line, Item)
        judged = scorer.judge(item.occasion, item.history, item.reply)
        quoted = {each.dimension for each in judged.evidence}
        assert quoted == {name for name, level in judged.scores.items() if level}, item.reply
        latest = next((each.text for each in reversed(item.history) if each.role == "customer"), "")
        for each in judged.evidence:
            text = item.reply if each.of == "reply" else latest
            assert text[each.start : each.end] == each.quote and each.why


def test_of_a_long_sentence_the_clause_is_quoted_that_does_it() -> None:
    reply = (
        "The department in question has its opening hours on the page that I have here before me, and then there is a "
        "form which they want, but I'm staying on the line with you."
    )
    quoted = earned("reaches_unspoken", 2, reply, ROAD, "The cars are so close.").quote
    assert quoted in reply and "staying on the line" in quoted and "opening hours" not in quoted


def test_a_title_does_not_cut_a_quote_in_two() -> None:
    reply = "First of all, Mr. Tvedt is right to be angry."
    assert earned("acknowledges_feeling", 2, reply, CALM, "I am angry.").quote == reply


@pytest.mark.parametrize("reply", ["Membership number.", "Customer"])
def test_a_word_or_two_are_not_praised(reply: str) -> None:
    assert earned("names_need", 2, reply, CALM, "Can I have my card?").why in explain.sayings().faint


@pytest.mark.parametrize("reply", ["That is not my department.", "Those cards are sent automatically by the system."])
def test_nobody_is_told_to_have_acted_who_did_not(reply: str) -> None:
    given = explain.sayings().earned
    names: tuple[Dimension, ...] = ("names_need", "acts", "reaches_unspoken")
    for name in names:
        why = earned(name, 2, reply, CALM, "Can I have my card?").why
        assert why not in {*given["names_need"][2]["step"], *given["acts"][2]["done"]}


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("Cheer up, it will be fine.", "brushed"),
        ("Calm yourself and sit down.", "brushed"),
        ("You need to fill in the form first.", "handed_off"),
        ("I definitely will have it there for you.", "promise"),
        ("What were you thinking?", "question"),
        ("Sending you a big hug, honey.", "familiar"),
    ],
)
def test_where_no_rule_says_why_the_reason_fits_the_wording_and_is_no_verdict(reply: str, kind: str) -> None:
    (found,) = heard_as(1, reply, CALM, "I lost my card again.")
    perhaps = explain.sayings().perhaps
    assert found.quote == reply and (found.of, found.why in perhaps[kind]) == ("reply", True), found.why


def test_now_is_no_date() -> None:
    dated = explain.sayings().earned["acts"][2]["dated"]
    assert earned("acts", 2, "I'll stop typing now.", CALM, "Are you typing?").why not in dated
    assert earned("acts", 2, "I'll send it to you by five today.", CALM, "When is it sent?").why in dated


def test_an_offer_to_leave_a_thing_for_today_is_no_company() -> None:
    given = explain.sayings().earned
    reply = "Shall I take the other name off as well, or would you rather leave that for today?"
    kinds: tuple[tuple[Dimension, str], ...] = (
        ("acknowledges_feeling", "presence"),
        ("reaches_unspoken", "presence"),
        ("acts", "staying"),
    )
    for name, kind in kinds:
        assert earned(name, 2, reply, CALM, "Can I have my card?").why not in given[name][2][kind]


def test_words_that_hurt_are_not_praised_for_what_they_also_do() -> None:
    judged = OfflineScorer(default_rubric()).judge(CALM, [Message("customer", "Can I have my card?")], "Hurry up then.")
    assert {each.dimension for each in judged.evidence if each.why not in explain.sayings().faint} == {"harm"}


def test_what_may_have_been_left_undone_at_a_danger_quotes_the_customer() -> None:
    (found,) = heard_as(1, "What a nice evening.", ROAD, "I'm on the hard shoulder.")
    assert (found.of, found.quote) == ("customer", "I'm on the hard shoulder.")
    assert found.why in explain.sayings().perhaps["undone"]


def test_a_reason_that_no_rule_gave_never_says_that_it_is_certain() -> None:
    doubt = ("may", "can ", "could", "often", "?", "not certain", "perhaps", "has often", "would", "resembles")
    for ways in explain.sayings().perhaps.values():
        assert all(any(word in way.lower() for word in doubt) for way in ways), ways


def test_a_reason_can_be_said_in_other_words_with_the_same_words_of_the_customer() -> None:
    why = "It hands “pancakes” back, so the customer can tell that it arrived."
    point = Evidence(dimension="acknowledges_feeling", quote="Pancakes.", start=0, end=9, why=why)
    others = explain.other_ways(point)
    assert len(others) > 5 and why not in others
    assert any("“pancakes”" in other for other in others) and not any("{word}" in other for other in others)


def test_words_of_somebody_else_have_no_other_words() -> None:
    point = Evidence(dimension="acts", quote="Done.", start=0, end=5, why="A judge wrote this.")
    assert explain.other_ways(point) == ()


def test_every_reason_of_the_rules_can_be_said_in_other_words() -> None:
    ways = {way for ways in explain.sayings().hurt for way in ways}
    assert {why for rule in rules() for why in rule.why.split(" / ")} <= ways


def test_no_sentence_stands_for_two_things() -> None:
    given = explain.sayings()
    lists = [ways for levels in given.earned.values() for kinds in levels.values() for ways in kinds.values()]
    sentences = [way for ways in (*lists, *given.hurt, *given.perhaps.values(), given.faint) for way in ways]
    assert sorted(sentences) == sorted(set(sentences))
