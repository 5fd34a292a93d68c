"""What the program adds to what an author leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.persona.loading import complete, read_persona
from roleplay.persona.model import Disclosure, Moment
from tests.persona.samples import RICH, SHORT, persona, problems

SHIPPED = sorted((Path(__file__).parents[2] / "personas").glob("*.yaml"))


def test_a_persona_without_moments_opens_with_its_first_needs() -> None:
    (opening,) = complete(persona(SHORT)).moments
    assert opening == Moment(id="opening", says="Hi, um, I need a tow.", spoken="tow", unspoken="safe", key=True)


def test_a_first_moment_without_a_line_says_the_opening() -> None:
    played = complete(persona(RICH))
    assert played.moments[0].says == "Hi, um, I need a tow."
    assert played.moments[1:] == persona(RICH).moments[1:]


def test_an_unspoken_need_with_a_line_gets_an_earned_disclosure() -> None:
    (made,) = complete(persona(SHORT)).disclosures
    assert made == Disclosure(
        id="safe", says="I'm scared, to be honest.", reveal="earned", trust=5.0, unspoken="safe", tells="safe"
    )


def test_a_need_that_a_disclosure_tells_gets_no_other() -> None:
    assert [each.id for each in complete(persona(RICH)).disclosures] == ["passenger"]


def test_a_made_disclosure_takes_no_id_that_is_in_use() -> None:
    text = SHORT + "moments: [{id: safe, spoken: tow, unspoken: safe}, {id: safe-2, says: x}]\n"
    assert complete(persona(text)).disclosures[0].id == "safe-3"


def test_a_persona_without_endings_gets_a_good_one_and_one_for_lost_patience() -> None:
    good, bad = complete(persona(SHORT)).endings
    assert (good.when, good.outcome) == ("met(tow) and met(safe)", "good")
    assert (bad.id, bad.when, bad.outcome) == ("hangs-up", "patience <= 0", "bad")
    assert all(ending.says and ending.epilogue for ending in (good, bad))


@pytest.mark.parametrize(
    ("own", "added"),
    [
        ("{id: e, when: met(tow)}", ["hangs-up"]),
        ("{id: e, when: patience < 1 and met(tow)}", ["hangs-up"]),
        ("{id: hangs-up, when: patience < 1 and met(tow)}", ["hangs-up-2"]),
        ("{id: e, when: patience < 1}", []),
        ("{id: e, when: patience <= 0 and trust > 5}, {id: f, when: patience <= 0 and trust <= 5}", []),
    ],
)
def test_own_endings_are_kept_and_lost_patience_is_always_covered(own: str, added: list[str]) -> None:
    endings = complete(persona(f"{SHORT}endings: [{own}]\n")).endings
    written = own.count("id:")
    assert [ending.id for ending in endings[written:]] == added


def test_who_is_asked_for_a_name_has_one_to_give() -> None:
    played = complete(persona(SHORT))
    assert next(line for answer in played.answers for line in answer.lines) == f"{played.name}."
    asks_for_it = SHORT + "answers:\n  - {asks: [what is your name], says: Guess.}\n"
    assert len(complete(persona(asks_for_it)).answers) == 1


def test_scenes_visits_and_queued_customers_are_completed_too() -> None:
    text = (
        SHORT
        + """\
scenes: [{id: s, opening: Hello., moments: [{id: s1}]}]
visits: [{id: v, opening: Me again., moments: [{id: v1}, {id: v2, says: So.}]}]
queue:
  - id: q
    name: Ann
    customer: {opening: A stamp., backstory: None.}
    needs: {stamp: {kind: spoken, need: A stamp.}, seen: {kind: unspoken, need: To be seen., says: Look at me.}}
"""
    )
    played = complete(persona(text))
    assert played.scenes[0].moments[0].says == "Hello."
    assert [moment.says for moment in played.visits[0].moments] == ["Me again.", "So."]
    queued = played.queue[0]
    assert queued.moments[0].says == "A stamp." and queued.moments[0].unspoken == "seen"
    assert [each.tells for each in queued.disclosures] == ["seen"]
    assert [each.outcome for each in queued.endings] == ["good", "bad"]


@pytest.mark.parametrize("text", [SHORT, RICH])
def test_completing_twice_changes_nothing(text: str) -> None:
    played = complete(persona(text))
    assert complete(played) == played


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_personas_complete(path: Path) -> None:
    written = read_persona(path).persona
    assert written is not None
    played = complete(written)
    assert played.moments[0].says == played.customer.opening
    assert complete(played) == played


def test_the_shortest_persona_has_nothing_to_complain_about() -> None:
    assert problems(SHORT) == []
