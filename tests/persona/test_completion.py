"""What the program adds to what an author leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.persona.lines import Disclosure, Moment
from roleplay.persona.loading import complete, read_persona
from roleplay.persona.telling import ASKS, FELT
from tests.persona.samples import RICH, SHORT, persona, problems

SHIPPED = sorted((Path(__file__).parents[2] / "personas").glob("*.yaml"))


def test_a_persona_without_moments_opens_with_what_is_asked_for() -> None:
    (opening,) = complete(persona(SHORT)).moments
    assert opening == Moment(id="opening", says="Hi, um, I need a tow.", spoken="tow", key=True)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (SHORT, None),
        (SHORT.replace("    says: I'm scared, to be honest.\n", ""), "safe"),
        (SHORT + "disclosures: [{id: d, says: I'm scared., tells: safe}]\n", "safe"),
        (SHORT + "disclosures: [{id: d, says: I'm scared., tells: safe, unspoken: safe}]\n", None),
        (SHORT.replace("  tow: {kind: spoken, need: A tow truck to where she is.}\n", ""), "safe"),
    ],
    ids=[
        "told-and-met-later",
        "never-told",
        "told-where-it-is-not-offered",
        "told-and-offered",
        "nothing-is-asked-for",
    ],
)
def test_the_made_opening_offers_the_unspoken_need_only_where_nothing_later_does(
    text: str, offered: str | None
) -> None:
    assert complete(persona(text)).moments[0].unspoken == offered


def test_a_first_moment_without_a_line_says_the_opening() -> None:
    played = complete(persona(RICH))
    assert played.moments[0].says == "Hi, um, I need a tow."
    assert played.moments[1:] == persona(RICH).moments[1:]


def test_an_unspoken_need_with_a_line_gets_an_earned_disclosure() -> None:
    (made,) = complete(persona(SHORT)).disclosures
    assert made == Disclosure(
        id="safe",
        says="I'm scared, to be honest.",
        reveal="earned",
        trust=4.5,
        topics=("alone", "danger", "scared", *ASKS, *(word for word in FELT if word != "scared")),
        gives_away=("alone", "danger", "scared"),
        spoken="tow",
        unspoken="safe",
        tells="safe",
    )


@pytest.mark.parametrize(("start", "wanted"), [(0, 3), (2, 3), (4, 4.5), (7, 7.5), (10, 10)])
def test_a_made_disclosure_wants_a_little_more_trust_than_there_is_at_the_start(start: float, wanted: float) -> None:
    text = SHORT.replace("customer:\n", f"customer:\n  temperament: {{trust: {start}}}\n")
    assert complete(persona(text)).disclosures[0].trust == wanted


def test_words_that_are_openly_known_or_common_touch_on_nothing() -> None:
    text = (
        SHORT.replace("died on the way home", "died; she is in danger")
        + "answers: [{asks: [how is it], says: Scaring me.}]\n"
    )
    topics = complete(persona(text)).disclosures[0].topics
    assert topics == ("alone", *ASKS, *(word for word in FELT if word != "scared"))


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


@pytest.mark.parametrize(
    ("when", "outcome"),
    [
        ("patience <= 0", "bad"),
        ("met(tow) and patience < 2", "bad"),
        ("met(tow) and met(safe)", "good"),
        ("met(tow) or met(safe)", "good"),
        ("met(safe) and trust > 6", "good"),
        ("met(safe) and not met(tow)", "mixed"),
        ("turn >= 9", "mixed"),
        ("turn >= 9 or met(tow)", "mixed"),
        ("not met(tow)", "mixed"),
        ("trust > 3 or patience <= 0", "mixed"),
    ],
)
def test_an_ending_without_an_outcome_gets_the_one_its_condition_speaks_of(when: str, outcome: str) -> None:
    written = persona(f"{SHORT}endings: [{{id: e, when: {when}}}]\n")
    assert written.endings[0].outcome is None
    assert complete(written).endings[0].outcome == outcome


def test_a_written_outcome_stands() -> None:
    written = persona(f"{SHORT}endings: [{{id: e, when: patience <= 0, outcome: good}}]\n")
    assert complete(written).endings[0].outcome == "good"


QUEUE = """\
name: The counter
title: Everyone in line
trainee: {role: Clerk}
queue:
  - id: q
    name: Ann
    customer: {opening: A stamp., backstory: None.}
    needs: {stamp: {kind: spoken, need: A stamp.}, seen: {kind: unspoken, need: To be seen., says: Look at me.}}
"""


def test_endings_of_visits_and_of_the_queue_get_outcomes_too() -> None:
    text = (
        SHORT
        + """\
visits: [{id: v, opening: Me again., endings: [{id: e, when: patience < 1}]}]
"""
    )
    assert complete(persona(text)).visits[0].endings[0].outcome == "bad"
    queue = QUEUE + "    endings: [{id: e, when: met(stamp)}]\n"
    assert complete(persona(queue)).queue[0].endings[0].outcome == "good"


def test_a_visits_own_endings_are_completed_and_one_without_any_ends_like_the_first() -> None:
    text = SHORT + "visits: [{id: v, opening: A., endings: [{id: e, when: met(tow)}]}, {id: w, opening: B.}]\n"
    first, second = complete(persona(text)).visits
    assert [ending.id for ending in first.endings] == ["e", "hangs-up"] and second.endings == ()


def test_who_is_asked_for_a_name_has_one_to_give() -> None:
    played = complete(persona(SHORT))
    assert played.answers[0].lines == ("Dana Whitfield.", "It's Dana.")
    titled = complete(persona(SHORT.replace("Dana Whitfield", "Mr. Patel")))
    assert titled.answers[0].lines == ("Mr. Patel.", "It's Mr. Patel.")
    junior = complete(persona(SHORT.replace("Dana Whitfield", "Sam Hart Jr.")))
    assert junior.answers[0].lines == ("Sam Hart Jr.", "It's Sam.")
    asks_for_it = SHORT + "answers:\n  - {asks: [what is your name], says: Guess.}\n"
    assert len(complete(persona(asks_for_it)).answers) == 1


def test_scenes_visits_and_queued_customers_are_completed_too() -> None:
    text = (
        SHORT
        + """\
scenes: [{id: s, opening: Hello., moments: [{id: s1}], endings: [{id: done, when: met(tow)}]}]
visits: [{id: v, opening: Me again., moments: [{id: v1}, {id: v2, says: So.}]}, {id: w, opening: "Again, me."}]
"""
    )
    played = complete(persona(text))
    assert played.scenes[0].moments[0].says == "Hello." and played.scenes[0].endings[0].outcome == "good"
    assert [moment.says for moment in played.visits[0].moments] == ["Me again.", "So."]
    (only,) = played.visits[1].moments
    assert (only.says, only.spoken, only.key) == ("Again, me.", "tow", True)
    queued = complete(persona(QUEUE)).queue[0]
    assert queued.moments[0].says == "A stamp." and queued.moments[0].spoken == "stamp"
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
    for customer in played.queue or (played,):
        first = customer.moments[0] if customer.moments else next(played.beats())
        assert isinstance(first, Moment) and first.says == customer.customer.opening
    assert complete(played) == played


def test_the_shortest_persona_has_nothing_to_complain_about() -> None:
    assert problems(SHORT) == []
