"""Nobody says a thing twice in a call: lines that would are told, and kinds of line that run out."""

from __future__ import annotations

import pytest

from tests.persona.samples import RICH, SHORT, hints, pointed, problems


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "says: Just past the exit.",
            "says: ›my daughter's in the back!",
            "But for punctuation the same words stand in",
        ),
        ("says: Thank you.", "says: ›They're going by like two feet from my door.", "The same words stand in line 32,"),
        ("answers:\n", "reactions: {met: [›'Hi um: I need, a tow']}\nanswers:\n", "But for punctuation the same words"),
        ('"Can we just get the truck?"', '›"Whoa: That one was close!"', "But for punctuation"),
    ],
)
def test_a_line_whose_words_stand_elsewhere_is_told_at_its_place(old: str, new: str, sentence: str) -> None:
    assert old in RICH
    text, place = pointed(RICH.replace(old, new, 1).replace("gives_away: [daughter, little girl]", "gives_away: []"))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: warning: {sentence}"), (place, found)


@pytest.mark.parametrize(
    "more",
    [
        "reactions: {met: [Thank you], missed: [Thank you!]}",
        "endings: [{id: a, when: turn > 8, says: We are done here.}, {id: b, when: turn > 5, says: We are done here}]",
        "reactions: {met: [{says: That will do now., when: trust < 3}, {says: That will do now., when: distress > 8}]}",
        "moments: [{id: o, says: 'Hi, um, I need a tow.', spoken: tow, unspoken: safe}]",
        "answers: [{asks: [which car], says: The red one there.}, {asks: [which colour], says: The red one there.}]",
    ],
)
def test_short_words_and_lines_of_which_only_one_is_ever_said_may_be_alike(more: str) -> None:
    assert not [each for each in (*problems(SHORT + more), *hints(SHORT + more)) if "same" in each]


def test_what_is_chosen_among_others_and_never_chosen_again_is_a_hint() -> None:
    again = "Just get me the truck."
    text, place = pointed(f"{SHORT}reactions:\n  met: [{again}, Okay]\n  partly: [›{again}, Okay]\n")
    (found,) = hints(text)
    assert found.startswith(
        f"dana.yaml:{place}: hint: The same line stands in line 16; in one call it is said only once."
    )
    assert problems(text) == []


def test_visits_are_calls_of_their_own_but_have_the_reactions_and_answers_of_the_first() -> None:
    visits = (
        "reactions: {met: [That will do now.]}\n"
        "visits:\n"
        "  - {id: a, opening: 'Hi, um, I need a tow.'}\n"
        "  - {id: b, opening: 'Me again, like before.', moments: [{id: m}, {id: n, says: ›That… will do now!}]}\n"
        "  - {id: c, opening: 'Me again, like before.'}\n"
    )
    text, place = pointed(SHORT + visits)
    (found,) = (each for each in problems(text) if "same words" in each)
    assert found.startswith(f"dana.yaml:{place}: warning: But for punctuation the same words stand in line 15")


def test_too_few_lines_for_a_call_of_ordinary_length_is_a_hint() -> None:
    moments = "".join(f"  - {{id: m{number}, says: Line number {number}., spoken: tow}}\n" for number in range(1, 30))
    text = f"{SHORT}moments:\n  - {{id: m0, spoken: tow, unspoken: safe}}\n{moments}"
    found = [each for each in hints(text) if "A call of" in each]
    assert ["as met" in found[0], "as partly" in found[1], len(found)] == [True, True, 2], (
        "patience ends the missed ones"
    )
    assert (
        "has 0 lines of its own to answer them and" in found[0] and "Write more under `reactions`: `met`." in found[0]
    )
    plenty = "[" + ", ".join(f"Yes to number {number}" for number in range(30)) + "]"
    assert not [
        each for each in hints(f"{text}reactions: {{met: {plenty}, partly: {plenty}}}\n") if "A call of" in each
    ]
