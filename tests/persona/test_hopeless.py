"""What is written and can never come about is told, with the reason; what can, is not."""

from __future__ import annotations

import pytest

from tests.persona.samples import RICH, SHORT, pointed, problems

OPEN = "moments: [{id: opening, spoken: tow, unspoken: safe}, {id: two, says: It is raining., unspoken: safe}]\n"
UNTOLD = SHORT.replace("    says: I'm scared, to be honest.\n", "")
FEW = UNTOLD.replace("customer:\n", "customer:\n  temperament: {trust: 2, warms: 0.1}\n") + OPEN


def told(text: str) -> str:
    """The one complaint about `text`, which must be a warning at the place marked ›."""
    text, place = pointed(text)
    (found,) = problems(text)
    head = f"dana.yaml:{place}: warning: "
    assert found.startswith(head), (place, found)
    return found.removeprefix(head)


def test_a_disclosure_that_takes_more_trust_than_a_call_can_bring() -> None:
    text = FEW + "disclosures: [{id: d, says: I am alone., trust: ›9, topics: [alone], tells: safe}]\n"
    assert told(text).startswith("Nobody can be told “d”: it takes a trust of 9, and in this call trust comes to 4.6")
    for fine in ("trust: 4", "reveal: asked, trust: 9"):
        assert problems(text.replace("trust: ›9", fine)) == []
    assert problems(text.replace("›", "").replace("warms: 0.1", "warms: 1")) == []


def test_so_does_a_need_whose_line_waits_for_it() -> None:
    text = SHORT.replace("customer:\n", "customer:\n  temperament: {trust: 0, warms: 0.1}\n").replace(
        "I'm sc", "›I'm sc"
    )
    assert told(text).startswith("Nobody can be told “safe”: it takes a trust of 3")


def test_where_nothing_is_offered_trust_never_moves() -> None:
    head = UNTOLD.replace("  safe:\n    kind: unspoken\n    need: Not to be alone in danger.\n", "")
    text = head + "moments: [{id: opening}]\ndisclosures: [{id: d, says: I am alone., trust: ›5, topics: [alone]}]\n"
    found = problems(text.replace("›", ""))
    assert any("it takes a trust of 5, and in this call trust comes to 4 at the most" in each for each in found)


def test_a_disclosure_whose_topics_nobody_can_touch() -> None:
    text = (
        UNTOLD
        + OPEN
        + "disclosures: [{id: d, says: No., reveal: asked, topics: ›[are you there, is it], tells: safe}]\n"
    )
    assert told(text).startswith("Nothing can open “d”: its topics are made of words that are in any talk.")
    assert problems(text.replace("›[are", "[alone, are")) == []
    assert problems(text.replace("›", "").replace("reveal: asked", "reveal: earned")) == [], "a question opens it"


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("met(bill)", "it waits for met(bill), and no moment that can come offers that need"),
        ("disclosed(age)", "it waits for disclosed(age), and nothing can open that disclosure"),
        ("said(never) and trust > 3", "it waits for said(never), and that moment is never said"),
        ("said(later)", "it waits for said(later), and that moment is never said"),
        ("visit >= 2", "there are no `visits`, so there is only the first"),
        ("not said(opening)", "its condition can never hold in this call"),
    ],
)
def test_an_ending_that_waits_for_what_cannot_come(when: str, why: str) -> None:
    text = RICH.replace(
        "disclosures:\n",
        "  - {id: never, says: One and two., when: trust < 3 and trust > 7}\n"
        "  - {id: later, says: Three and four., when: said(never)}\n"
        "disclosures:\n  - {id: age, says: Four., reveal: asked}\n",
    ).replace("needs:\n", "needs:\n  bill: {kind: spoken, need: A bill for it.}\n")
    text = text.replace("endings:\n", f"endings:\n  - {{id: e, when: ›{when}}}\n")
    text, place = pointed(text)
    found = [each for each in problems(text) if each.startswith(f"dana.yaml:{place}:")]
    assert found == [f"dana.yaml:{place}: warning: The ending “e” is never reached: {why}."]


def test_a_moment_that_waits_for_what_cannot_come_and_what_a_key_moment_holds_up() -> None:
    text = RICH.replace(
        "disclosures:\n",
        "  - {id: low, says: One and two., key: true, when: ›disclosed(age)}\n"
        "disclosures:\n  - {id: age, says: Four., reveal: asked}\n",
    )
    text, place = pointed(text)
    (found,) = (each for each in problems(text) if each.startswith(f"dana.yaml:{place}:"))
    assert "The moment “low” is never said: it waits for disclosed(age), and nothing can open" in found
    assert found.endswith("It is a key moment, so that no good ending comes before it either.")


@pytest.mark.parametrize(
    ("before", "when"),
    [
        ("patience <= 0", "patience <= 0 and trust < 2"),
        ("trust < 5", "trust < 3"),
        ("turn >= 1", "met(tow)"),
        ("met(tow) or met(safe)", "met(safe) and trust > 2"),
    ],
)
def test_an_ending_behind_one_that_holds_whenever_it_does(before: str, when: str) -> None:
    text = f"{SHORT}endings: [{{id: first, when: {before}, outcome: bad}}, {{id: e, when: ›{when}, outcome: bad}}]\n"
    assert told(text).startswith(
        "The ending “e” is never reached: whenever it could be, that of “first” before it holds"
    )
    turned = f"{SHORT}endings: [{{id: e, when: {when}, outcome: bad}}, {{id: first, when: {before}, outcome: bad}}]\n"
    assert problems(turned) == []


def test_several_together_can_hide_one() -> None:
    endings = "{id: a, when: trust < 5}, {id: b, when: trust >= 5 and turn > 3}, {id: c, when: ›turn > 4}"
    text = f"{SHORT}endings: [{endings}]\n"
    assert told(text).startswith("The ending “c” is never reached: whenever it could be, one before it holds as well.")


def test_a_good_ending_that_waits_hides_no_other() -> None:
    text = (
        SHORT
        + "endings: [{id: a, when: met(tow), outcome: good}, {id: b, when: met(tow) and met(safe), outcome: %s}]\n"
    )
    assert problems(text % "mixed") == []
    assert len(problems(text % "good")) == 1


def test_a_scene_that_waits_for_what_cannot_come_is_told_once_and_not_what_follows_from_it() -> None:
    text = (
        UNTOLD
        + """\
disclosures:
  - {id: age, says: He is four., reveal: asked}
  - {id: load, says: Sixty a day., scene: desk, reveal: asked, topics: [busy day], tells: safe}
scenes:
  - id: call
    moments: [{id: first, spoken: tow, unspoken: safe}]
    next: ›disclosed(age)
  - id: desk
    opening: Desk, what is it?
    moments: [{id: what, spoken: tow}, {id: why, says: And why is that?, when: turn > 2}]
    next: trust > 1
  - {id: again, opening: Still there?, moments: [{id: still, unspoken: safe}]}
"""
    )
    text, place = pointed(text)
    found = problems(text)
    assert "The disclosure “age” comes only when its topic is touched" in found[0]
    assert found[1].startswith(
        f"dana.yaml:{place}: warning: The scene “desk” never begins: it waits for disclosed(age)"
    )
    assert len(found) == 2


def test_a_customer_of_the_queue_is_looked_at_by_itself() -> None:
    head = SHORT[: SHORT.index("customer:")]
    text = (
        head
        + """\
queue:
  - id: ann
    name: Ann
    customer: {opening: A stamp please., backstory: She collects them.}
    needs: {stamp: {kind: spoken, need: A stamp for a letter.}}
    endings: [{id: e, when: ›not said(opening)}]
  - id: bob
    name: Bob
    customer: {opening: A parcel please., backstory: He sends one.}
    needs: {parcel: {kind: spoken, need: To send a parcel.}}
draws: 2
"""
    )
    assert told(text).startswith("The ending “e” is never reached")


def test_what_may_come_on_a_later_visit_is_not_called_hopeless() -> None:
    text = FEW + (
        "disclosures: [{id: d, says: I am alone., trust: 9, topics: [alone], tells: safe}]\n"
        "endings: [{id: e, when: disclosed(d) and visit >= 2}, {id: f, when: not said(opening) and trust > 8}]\n"
        "visits: [{id: again, opening: Me again., moments: [{id: m, spoken: tow}]}]\n"
    )
    assert problems(text) == []
