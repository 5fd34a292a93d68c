"""What counts as a persona that is ready, that plays, and that is not there yet; and what is said of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from roleplay.persona.problems import Problem
from roleplay.rehearsal.figures import Figures
from roleplay.rehearsal.persona_tests import OwnTest
from roleplay.rehearsal.trainees import NAMES, Name
from roleplay.rehearsal.verdict import UNDESERVING, Ground, Verdict, verdict_of

TOLD: dict[Name, float] = {"skilled": 1.0, "partly-skilled": 0.4, "problem-solver": 0.2, "prying": 0.3}
SCORED: dict[Name, float] = {"skilled": 80, "partly-skilled": 50, "problem-solver": 40}
PASSED = (OwnTest("good", ()), OwnTest("poor", ()))
WARNING = Problem("a.yaml", 3, 1, "Something is odd.", "Mend it.", "warning")
ERROR = Problem("a.yaml", 3, 1, "Something is wrong.", "Mend it.")


def figures(name: Name) -> Figures:
    told = TOLD.get(name, 0.0)
    return Figures(
        trainee=name,
        words="bank",
        calls=20,
        told=told,
        disclosed={"secret": told},
        met=told,
        score=SCORED.get(name, 10),
        turns=9,
        endings={},
        repeats=0,
        dead_ends=0,
    )


def judged(
    name: Name | None = None,
    *,
    tests: tuple[OwnTest, ...] = PASSED,
    problems: tuple[Problem, ...] = (),
    telling: tuple[str, ...] = ("secret",),
    without: tuple[Name, ...] = (),
    **changes: Any,
) -> Verdict:
    """The verdict on a persona that is ready, but for what is changed in the figures of `name`."""
    everybody = [figures(each) for each in NAMES if each not in without]
    changed = [msgspec.structs.replace(each, **changes) if each.trainee == name else each for each in everybody]
    return verdict_of(changed, tests, problems, telling)


def grounds(verdict: Verdict) -> list[Ground]:
    return [reason.ground for reason in verdict.reasons]


def test_a_persona_that_skill_opens_and_nothing_else_is_ready() -> None:
    assert judged() == Verdict("ready", ())


def test_who_is_not_simulated_is_not_missed() -> None:
    assert judged(without=("partly-skilled", "problem-solver", "prying")).standing == "ready"


@pytest.mark.parametrize("name", UNDESERVING)
def test_nobody_is_told_who_has_done_nothing_for_it(name: Name) -> None:
    verdict = judged(name, told=0.1, disclosed={"secret": 0.1})
    assert (verdict.standing, grounds(verdict)) == ("not yet", ["undeserved"])
    text = verdict.reasons[0].text
    assert f"{name} was told the unspoken need in 10%" in text and "let secret ask for more trust" in text
    assert judged(name, told=0.05).standing == "ready", "one call in twenty may be an accident"


@pytest.mark.parametrize(
    ("name", "changes", "ground", "says"),
    [
        (
            "cold",
            {"repeats": 2, "repeated": ("Okay then.",)},
            "said twice",
            "“Okay then.” is said twice in a call (cold)",
        ),
        ("silent", {"dead_ends": 3, "stuck": ("low",)}, "dead end", "3 calls of silent did not end, but hung at low"),
    ],
)
def test_what_breaks_a_call_is_named_with_its_place(
    name: Name, changes: dict[str, Any], ground: Ground, says: str
) -> None:
    verdict = judged(name, **changes)
    assert (verdict.standing, grounds(verdict)) == ("not yet", [ground])
    assert says in verdict.reasons[0].text


def test_a_failing_test_breaks_it_and_is_named_with_all_that_was_otherwise() -> None:
    verdict = judged(tests=(*PASSED, OwnTest("opens her", ("secret was not disclosed", "tow was not met"))))
    assert verdict.standing == "not yet"
    assert verdict.reasons[0].text == "The test “opens her” fails: secret was not disclosed; tow was not met."


@pytest.mark.parametrize(
    ("name", "changes", "ground"),
    [
        ("skilled", {"told": 0.85}, "told too seldom"),
        ("skilled", {"words": "worked"}, "no good replies"),
        ("partly-skilled", {"score": 85.0}, "less skill scored more"),
        ("polite", {"score": 60.0}, "less skill scored more"),
        ("problem-solver", {"told": 1.0}, "less skill told more"),
        ("prying", {"told": 1.0}, "less skill told more"),
        ("prying", {"score": 80.0}, "less skill scored more"),
    ],
)
def test_what_is_not_shown_leaves_it_playable(name: Name, changes: dict[str, Any], ground: Ground) -> None:
    verdict = judged(name, **changes)
    assert (verdict.standing, grounds(verdict)) == ("plays", [ground])


def test_skilled_without_words_at_some_moments_is_said_to_be_so() -> None:
    verdict = judged("skilled", told=0.5, wordless=("low", "third"))
    assert "It has no words of its own at low and third: write `better` replies there." in verdict.reasons[0].text


def test_without_good_replies_it_can_only_play() -> None:
    verdict = judged(without=("skilled", "partly-skilled"))
    assert (verdict.standing, grounds(verdict)) == ("plays", ["no good replies"])


def test_few_tests_and_warnings_leave_it_playable_and_hints_do_not_count() -> None:
    assert grounds(judged(tests=PASSED[:1])) == ["few tests"]
    assert grounds(judged(problems=(WARNING,))) == ["warnings"]
    assert judged(problems=(msgspec.structs.replace(WARNING, severity="hint"),)).standing == "ready"


def test_where_nothing_unspoken_can_be_told_nothing_is_shown() -> None:
    everybody = [msgspec.structs.replace(figures(name), told=None, disclosed={}) for name in NAMES]
    verdict = verdict_of(everybody, PASSED, (), ())
    assert (verdict.standing, grounds(verdict)) == ("plays", ["nothing unspoken"])


def test_a_file_that_cannot_be_played_is_not_yet_ready_by_its_first_problems() -> None:
    verdict = verdict_of((), (), (ERROR, ERROR, ERROR, ERROR), ())
    assert (verdict.standing, len(verdict.reasons)) == ("not yet", 4)
    assert verdict.reasons[0].text == "It cannot be played: a.yaml:3:1: Something is wrong. Mend it."
    assert verdict.reasons[-1].text == "There are 1 more: `roleplay personas check`."


def test_what_breaks_it_comes_before_what_is_not_shown() -> None:
    assert grounds(judged("rude", told=1.0, tests=PASSED[:1], problems=(WARNING,)))[0] == "undeserved"
