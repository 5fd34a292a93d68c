"""The gallery: what can be played, how it went so far, and what waits to be gone on with."""

from __future__ import annotations

from pathlib import Path

from roleplay.persona.loading import parse_persona
from roleplay.practice.cards import card_of
from roleplay.practice.gallery import Card, gallery_of
from roleplay.store.listing import Result

PAT = """\
name: Pat
title: {title}
difficulty: {difficulty}
summary: "Pat   waits."
content: [grief]
channel: chat
trainee: {{role: clerk}}
customer: {{opening: Hi., backstory: b}}
needs: {{key: {{kind: spoken, need: A key.}}}}
{more}
"""


def card(text: str, name: str = "pat.yaml", **results: Result) -> Card:
    (found,) = gallery_of([card_of(parse_persona(text.encode(), name))], results, []).cards
    return found


def pat(title: str = "A key", difficulty: int = 2, more: str = "") -> str:
    return PAT.format(title=title, difficulty=difficulty, more=more)


def test_a_card_says_what_to_expect_and_how_it_went() -> None:
    assert card(pat(), pat=Result(3, 71.5)) == Card(
        id="pat",
        path=Path("pat.yaml"),
        title="A key",
        name="Pat",
        summary="Pat waits.",
        channel="chat",
        difficulty=2,
        content=("grief",),
        calls=3,
        best=71.5,
        problem="",
    )


def test_one_that_was_never_played_has_no_best() -> None:
    assert (card(pat()).calls, card(pat()).best) == (0, None)


def test_a_broken_file_has_one_sentence_with_its_place() -> None:
    broken = card("name: Pat\ntitel: x\n", "Pat's \x1b[31m file.yaml")
    assert (broken.id, broken.title, broken.difficulty) == ("Pat's ␛[31m file", "Pat's ␛[31m file", 0)
    assert broken.problem.startswith("Pat's ␛[31m file.yaml:") and "\n" not in broken.problem
    assert broken.problem.endswith(" more problems in this file.)")


def test_one_further_problem_is_one() -> None:
    assert card(pat(difficulty=9, more="colour: red")).problem.endswith(" (1 more problem in this file.)")
    assert "more" not in card(pat(difficulty=9)).problem


def test_a_story_that_is_more_than_one_call_says_how_much_there_is() -> None:
    assert card(pat(more="visits: [{id: one, opening: Hi.}]")).extent == "a story of 2 visits"
    assert card(QUEUE).extent == "a queue of 2, 2 drawn" and card(pat()).extent == ""


QUEUE = """\
name: The counter
title: Everyone in line
trainee: {role: clerk}
queue:
  - {id: al, name: Al, customer: {opening: Hi, backstory: b}, needs: {a: {kind: spoken, need: A.}}}
  - {id: bo, name: Bo, customer: {opening: Ho, backstory: b}, needs: {a: {kind: spoken, need: A.}}}
"""


def test_the_easy_ones_come_first_and_the_broken_ones_last() -> None:
    files = {
        "a": pat("Zebra", 1),
        "b": "name: Pat\n",
        "c": pat("apple", 3),
        "d": pat("Banana", 3),
        "e": "name: Quin\n",
    }
    readings = [parse_persona(text.encode(), f"{name}.yaml") for name, text in files.items()]
    assert [each.id for each in gallery_of(map(card_of, readings), {}, []).cards] == ["a", "c", "d", "b", "e"]
