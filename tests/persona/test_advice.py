"""Hints: what a persona can do without and would be better with. They never keep it from being played."""

from __future__ import annotations

from tests.persona.samples import RICH, SHORT, hints, persona, pointed, problems

BARE = SHORT + "moments:\n  - ›{id: o, spoken: tow}\n  - {id: two, says: It is raining., unspoken: safe}\n"


def test_the_shortest_persona_gets_no_hint() -> None:
    assert hints(SHORT) == []


def test_moments_without_words_for_a_reply_or_a_worked_one_get_one_hint_each_at_the_first_place() -> None:
    text, place = pointed(BARE)
    lines, better = hints(text)
    assert lines.startswith(f"dana.yaml:{place}: hint: 2 of 2 moments (o and two) have no words of its own for a reply")
    assert better.startswith(f"dana.yaml:{place}: hint: 2 of 2 moments (o and two) have no worked reply (`better`)")
    assert problems(text) == [] and persona(text)


def test_what_offers_nothing_needs_neither() -> None:
    full = "hears: {met: [Yes.]}, better: [{reply: Yes indeed., why: Because.}]"
    moments = f"moments:\n  - {{id: o, spoken: tow, {full}}}\n  - {{id: two, says: It is raining.}}\n"
    assert hints(SHORT + moments) == []
    assert len(hints(SHORT + moments.replace(full, full.partition(", better")[0]))) == 1


def test_a_disclosure_of_an_unspoken_need_without_words_that_give_it_away() -> None:
    text, place = pointed(
        RICH.replace("    gives_away: [daughter, little girl]\n", "").replace("- id: pass", "- ›id: pass")
    )
    (found,) = (each for each in hints(text) if "gives_away" in each)
    assert found.startswith(f"dana.yaml:{place}: hint: 1 of 1 disclosure (passenger) has no words under `gives_away`")
    assert not [each for each in hints(RICH) if "gives_away" in each]


def test_a_need_in_a_word_or_two() -> None:
    text, place = pointed(SHORT.replace("need: A tow truck to where she is.", "need: ›A tow."))
    (found,) = hints(text)
    assert found.startswith(f"dana.yaml:{place}: hint: “A tow.” says little about what is needed")


def test_phrases_in_which_nothing_can_be_recognised_get_one_hint() -> None:
    text, place = pointed(
        RICH.replace("[alone, anyone with you]", "[alone, ›is it you]").replace("[where", "[are you, where")
    )
    (found,) = (each for each in hints(text) if "recognised" in each)
    assert found.startswith(f"dana.yaml:{place}: hint: 2 phrases of `topics` and `asks` can never be recognised")
    assert "“is it you” and “are you”" in found


def test_an_answer_that_nobody_can_ask_for_is_a_warning() -> None:
    text, place = pointed(RICH.replace("asks: [where are you]", "asks: ›[are you there, is that it]"))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: warning: Nobody can ask for this answer")
