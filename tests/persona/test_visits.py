"""A story in visits: which one is due, what is there on it, and what is wrong with one."""

from __future__ import annotations

from typing import Any

import pytest

from roleplay.persona.completion import complete
from roleplay.persona.model import Persona
from roleplay.persona.visits import Earlier, at_visit, due, round_of, visiting
from tests.persona.samples import persona, problems
from tests.persona.stories import VISITS

PERSONA = complete(persona(VISITS))


def made(visit: str = "", **changes: Any) -> Earlier:
    """A visit that ended well, on which nothing was told."""
    base: dict[str, Any] = {
        "disclosed": (),
        "met": ("card",),
        "said": ("opening",),
        "ending": "thanks",
        "outcome": "good",
        "trust": 6.0,
        "distress": 3.0,
    }
    return Earlier(visit=visit, **{**base, **changes})


def next_id(*earlier: Earlier) -> str:
    visit = due(PERSONA, earlier)
    return visit.id if visit else ""


def played(*earlier: Earlier) -> Persona:
    visit = due(PERSONA, earlier)
    return at_visit(PERSONA, visit, visiting(PERSONA, visit, earlier))


def test_a_story_begins_with_the_persona_itself() -> None:
    assert next_id() == ""
    assert [moment.id for moment in played().moments] == ["opening", "lingers"]


def test_the_first_visit_follows_that_was_not_made_and_whose_condition_holds() -> None:
    told = made(disclosed=("son",))
    assert next_id(made()) == "second"
    assert next_id(told) == "second"
    assert next_id(told, made("second")) == "third"


def test_what_was_told_on_any_visit_counts_and_how_any_ended() -> None:
    assert next_id(made(), made("second", disclosed=("son",))) == "third"
    assert next_id(made(ending="walks-off"), made("second", disclosed=("son",))) == ""


def test_without_a_visit_that_is_due_the_story_begins_again_and_nothing_is_remembered() -> None:
    whole = (made(disclosed=("son",)), made("second"), made("third"))
    assert next_id(*whole) == "" and next_id(made(), made("second")) == ""
    again = (*whole, made(ending="walks-off"))
    assert round_of(again) == again[-1:]
    assert next_id(*again, made("second", disclosed=("son",))) == "", "of the second round only the walk-off counts"


@pytest.mark.parametrize(
    ("when", "earlier", "comes"),
    [
        ("visit == 2", [made()], True),
        ("visit >= 3", [made()], False),
        ("said(lingers)", [made(said=("opening", "lingers"))], True),
        ("met(likeness)", [made()], False),
        ("ended(left)", [made(ending="left")], True),
        ("ended(winds-down)", [made(ending="winds-down")], True),
        ("trust >= 5 and distress <= 4", [made(trust=6, distress=3)], True),
        ("trust > 5", [made(trust=6)], False),
        ("patience == 4 and turn == 0", [made()], True),
    ],
)
def test_a_condition_speaks_of_earlier_visits_and_of_how_the_new_one_would_begin(
    when: str, earlier: list[Earlier], comes: bool
) -> None:
    story = complete(persona(VISITS.replace('opening: "Again the ten one."', f'opening: "Again."\n    when: {when}')))
    assert (due(story, earlier) is not None) == comes


def test_on_a_visit_there_is_its_own_and_the_personas_where_it_has_none() -> None:
    second = played(made())
    assert second.customer.opening == "Again the ten one." == second.moments[0].says
    assert (second.trainee.brief, second.trainee.record["Buys"]) == ("He is back.", "A prepaid card")
    assert second.trainee.record["Last time"] == "Ten minutes at the counter"
    assert second.customer.backstory.endswith("His knee is bad since Sunday.")
    assert [answer.asks[0] for answer in second.answers[:2]] == ["your knee", "bus stop"]
    assert [ending.id for ending in second.endings] == ["thanks", "walks-off"]
    third = played(made(disclosed=("son",)), made("second"))
    assert third.trainee.brief == "He comes on Thursdays."
    assert [ending.id for ending in third.endings] == ["reads", "hangs-up"]


def test_what_was_told_is_not_there_to_be_told_again_and_what_was_not_comes_after_the_visits_own() -> None:
    assert [each.id for each in played(made()).disclosures] == ["letter", "son", "minutes"]
    assert [each.id for each in played(made(disclosed=("son",))).disclosures] == ["letter", "minutes"]


def test_what_belongs_to_another_visit_is_not_told_on_this_one() -> None:
    third = played(made(disclosed=("son",)), made("second"))
    assert [each.id for each in third.disclosures] == ["minutes"]


def test_a_moment_that_cannot_come_on_this_visit_is_left_out_so_that_nothing_waits_for_it() -> None:
    assert [moment.id for moment in played(made()).moments] == ["again", "coat"]
    assert [moment.id for moment in played(made(disclosed=("son",), ending="walks-off")).moments] == [
        "again",
        "coat",
        "sorry",
    ]


def test_what_waits_for_a_moment_that_cannot_come_cannot_come_either() -> None:
    chained = VISITS.replace(
        "    disclosures:\n      - {id: letter",
        '      - {id: knee, says: "My knee.", when: said(forgives), feeling: sore, spoken: card, key: true}\n'
        '      - {id: forgives, says: "You did not mind.", when: said(sorry), feeling: glad, unspoken: likeness}\n'
        '      - {id: pays, says: "Here.", when: met(card), feeling: calm, unspoken: likeness, key: true}\n'
        "    disclosures:\n      - {id: letter",
    )
    story = complete(persona(chained))
    for ending, left in (("thanks", ()), ("walks-off", ("sorry", "knee", "forgives", "pays"))):
        earlier = [made(ending=ending)]
        second = due(story, earlier)
        view = at_visit(story, second, visiting(story, second, earlier))
        assert tuple(moment.id for moment in view.moments) == ("again", "coat", *left)
        assert ("card" in view.needs) == bool(left)


def test_only_needs_that_are_offered_on_a_visit_count_there() -> None:
    assert list(played().needs) == ["card", "likeness"]
    assert list(played(made(disclosed=("son",)), made("second")).needs) == ["likeness"]


def test_a_visit_begins_half_way_between_temperament_and_how_the_last_one_was_left() -> None:
    second = visiting(PERSONA, due(PERSONA, [made(trust=8, distress=1)]), [made(trust=8, distress=1)])
    assert second.begins(PERSONA.customer.temperament) == (6.0, 3.0)
    assert visiting(PERSONA, None, []).begins(PERSONA.customer.temperament) == (4.0, 5.0)


def test_the_trainee_remembers_each_earlier_visit_with_what_was_told() -> None:
    earlier = (made(disclosed=("son",)), made("second", outcome="mixed", disclosed=("letter",)))
    third = visiting(PERSONA, due(PERSONA, earlier), earlier)
    assert (third.number, third.title, third.told) == (3, "The third Thursday", ("son", "letter"))
    first, second = third.remembered
    assert (first.number, first.title, first.outcome, first.told) == (1, "", "good", ("You look like my Petr.",))
    assert (second.title, second.outcome, second.told) == ("The second Thursday", "mixed", ("I wrote to him.",))


def test_a_visit_that_ended_twice_counts_once_as_it_ended_last() -> None:
    once, again = made("second", disclosed=("letter",)), made("second", disclosed=("son",), ending="walks-off")
    earlier = (made(disclosed=("son",)), once, again)
    assert round_of(earlier) == (earlier[0], again)
    third = visiting(PERSONA, PERSONA.visits[1], earlier)
    assert (third.number, [each.number for each in third.remembered]) == (3, [1, 2])
    story = complete(persona(VISITS.replace("when: disclosed(son) and not ended(walks-off)", "when: visit == 3")))
    assert (due(story, earlier) or PERSONA.visits[0]).id == "third"


def test_the_story_loads_without_an_error_or_a_warning() -> None:
    assert [each for each in problems(VISITS) if ": hint: " not in each] == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ended(walks-off)\n    opening", "›ended(walk-off)\n    opening", "There is no ending “walk-off”."),
        ("when: disclosed(son) and not", "when: ›said(news) and not", "warning: The visit “third” is never due"),
        ("when: disclosed(son) and not", "when: ›visit == 1 and not", "warning: The visit “third” is never due"),
        ("when: disclosed(son) and not", "when: ›turn > 1 and not", "warning: The visit “third” is never due"),
        ("when: disclosed(son)\n", "when: ›said(lingers)\n", "can never hold on the visit “second”"),
        ("{id: letter,", "{id: ›coat,", "The id “coat” is used already"),
        ("id: coat", "id: ›minutes", "The id “minutes” is used already"),
        ("title: The second Thursday", "title: ›He wrote to him", "warning: “wrote to him” gives the disclosure"),
        ("brief: He is back.", "brief: ›Petr came.", "warning: “petr” gives the disclosure"),
        ("{Last time: Ten", "{Last time: ›Petr Ten", "warning: “petr” gives the disclosure"),
        ('says: "Swollen."', 'says: ›"Petr knows."', "warning: “petr” gives the disclosure"),
        (
            "and not ended(walks-off)\n    opening: ",
            "or visit > 2\n    opening: ›",
            "warning: “petr” gives the disclosure",
        ),
    ],
)
def test_what_is_wrong_with_a_visit_is_found_at_its_place(old: str, new: str, words: str) -> None:
    assert VISITS.count(old) == 1
    text = VISITS.replace(old, new)
    line = text[: text.index("›")].count("\n") + 1
    found = problems(text.replace("›", ""))
    (only,) = [each for each in found if words in each]
    assert only.startswith(f"dana.yaml:{line}:")


def test_a_visit_may_say_what_was_told_by_the_ending_that_it_needs() -> None:
    by_ending = VISITS.replace("when: met(card) and met(likeness), says", "when: disclosed(son), says").replace(
        "when: disclosed(son) and not ended(walks-off)", "when: ended(thanks)"
    )
    assert not [each for each in problems(by_ending) if "gives the disclosure" in each]


def test_one_call_knows_of_no_endings_before_it() -> None:
    alone = VISITS.partition("visits:\n")[0].replace("met(card) and", "ended(walks-off) and met(card) and")
    (found,) = [each for each in problems(alone) if "error: " in each or ("warning" not in each and "hint" not in each)]
    assert "`ended` speaks of earlier visits" in found
