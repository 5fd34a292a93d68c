"""Whether a persona is ready, by what rehearsal showed: skill opens it, and nothing else does.

ready     All of it is shown, and nothing is left to mend.
plays     Nothing is broken, but something is not shown, or not as it should be: there are no good replies to judge by,
          or fewer than two tests; the skilled are told too seldom; less skill gets as far as more; the check warns.
not yet   Something is broken: the file cannot be played, a test of its own fails, a call does not end, a line comes
          twice in a call, or somebody is told the unspoken need who has done nothing for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from roleplay.persona.problems import Problem, listed
from roleplay.rehearsal.figures import Figures
from roleplay.rehearsal.persona_tests import OwnTest
from roleplay.rehearsal.trainees import Name
from roleplay.text import counted, quote

SKILLED_TOLD = 0.90
"""Least share of a skilled trainee's calls in which the unspoken need is told."""

SKILLED_TOLD_SHORT = 0.60
"""The same of five-minute calls, in which there is time for one or two tries."""

OTHERS_TOLD = 0.05
"""Greatest share of the calls of anybody in `UNDESERVING` in which it is told."""

LEAST_TESTS = 2
"""Tests of its own that a persona has at the least, if it is ready."""

UNDESERVING: tuple[Name, ...] = ("polite", "cold", "rude", "stuffer", "injector", "silent")
"""Trainees who do nothing for which anybody would open up."""

GRADED: tuple[Name, ...] = ("skilled", "partly-skilled", "polite")
"""Trainees of whom the next may not be told more, nor score more, than the one before."""

BELOW: tuple[Name, ...] = ("problem-solver", "prying")
"""Trainees who must stay below the skilled."""

MOST_ERRORS = 3
"""Errors of a file that are told here; the check tells them all."""

Standing = Literal["ready", "plays", "not yet"]

Ground = Literal[
    "cannot be played",
    "test fails",
    "dead end",
    "said twice",
    "undeserved",
    "told too seldom",
    "less skill told more",
    "less skill scored more",
    "no good replies",
    "nothing unspoken",
    "few tests",
    "warnings",
]
BREAKING: frozenset[Ground] = frozenset(("cannot be played", "test fails", "dead end", "said twice", "undeserved"))
"""Grounds on which a persona is not yet one to play."""


class Reason(msgspec.Struct, frozen=True):
    """Why a persona is not ready: the `ground`, and a sentence with what to do about it."""

    ground: Ground
    text: str


class Verdict(msgspec.Struct, frozen=True):
    """How a persona stands, and why; a ready one has no reasons. Those that break it come first."""

    standing: Standing
    reasons: tuple[Reason, ...]


def verdict_of(
    figures: Sequence[Figures],
    tests: Sequence[OwnTest],
    problems: Sequence[Problem],
    telling: Collection[str],
    *,
    short: bool = False,
) -> Verdict:
    """The verdict on a persona that was rehearsed, or whose file could not be read.

    `problems` are those of the check, `telling` the ids of the disclosures that bring an unspoken need into the open.
    `short`: it is the five-minute form that was rehearsed; the tests are not of that.
    """
    reasons = [*_of_the_check(problems, "error"), *_of_tests(tests)]
    if figures:
        reasons += [*_of_calls(figures), *_of_the_undeserving(figures, telling)]
        reasons += [*_of_the_skilled(figures, telling, SKILLED_TOLD_SHORT if short else SKILLED_TOLD)]
        reasons += [*_of_order(figures), *(() if short else _of_few_tests(tests))]
    reasons += _of_the_check(problems, "warning")
    if not reasons:
        return Verdict("ready", ())
    broken = any(each.ground in BREAKING for each in reasons)
    return Verdict("not yet" if broken else "plays", tuple(reasons))


def _of_the_check(problems: Sequence[Problem], severity: Literal["error", "warning"]) -> Iterator[Reason]:
    found = [problem for problem in problems if problem.severity == severity]
    if severity == "error":
        for problem in found[:MOST_ERRORS]:
            yield Reason("cannot be played", f"It cannot be played: {problem}")
        if len(found) > MOST_ERRORS:
            yield Reason("cannot be played", f"There are {len(found) - MOST_ERRORS} more: `roleplay personas check`.")
    elif found:
        number = counted(len(found), "warning", "warnings")
        yield Reason("warnings", f"The check has {number}: `roleplay personas check` tells what and how to mend it.")


def _of_tests(tests: Sequence[OwnTest]) -> Iterator[Reason]:
    for test in tests:
        if test.failures:
            yield Reason("test fails", f"The test {quote(test.name)} fails: {'; '.join(test.failures)}.")


def _of_calls(figures: Sequence[Figures]) -> Iterator[Reason]:
    for each in figures:
        if each.dead_ends:
            calls = counted(each.dead_ends, "call", "calls")
            yield Reason(
                "dead end",
                f"{calls} of {each.trainee} did not end, but hung at {listed(each.stuck)}: write an ending that can "
                "hold there, such as `patience <= 0`.",
            )
    lines: dict[str, list[str]] = {}
    for each in figures:
        for line in each.repeated:
            lines.setdefault(line, []).append(each.trainee)
    for line, heard in lines.items():
        yield Reason(
            "said twice",
            f"{quote(line)} is said twice in a call ({listed(heard)}): it stands in the file twice; change one.",
        )


def _of_the_undeserving(figures: Sequence[Figures], telling: Collection[str]) -> Iterator[Reason]:
    for each in figures:
        if each.trainee in UNDESERVING and each.told is not None and each.told > OTHERS_TOLD:
            opened = [ident for ident in telling if each.disclosed.get(ident)]
            yield Reason(
                "undeserved",
                f"{each.trainee} was told the unspoken need in {each.told:.0%} of the calls, and 5 % is the most: let "
                f"{listed(opened)} ask for more trust, or be `earned`. See --why {each.trainee}.",
            )


def _of_the_skilled(figures: Sequence[Figures], telling: Collection[str], least: float) -> Iterator[Reason]:
    skilled = next((each for each in figures if each.trainee == "skilled"), None)
    if not telling:
        yield Reason(
            "nothing unspoken",
            "No disclosure tells an unspoken need, so nothing can show that it has to be earned: write one with "
            "`tells`.",
        )
    if skilled is None or skilled.words == "worked":
        yield Reason(
            "no good replies",
            "There are no good replies to judge by: write a test whose replies get something unspoken told or a need "
            "met.",
        )
    if skilled is None or skilled.told is None or skilled.told >= least:
        return
    lacking = ""
    if skilled.wordless:
        lacking = f" It has no words of its own at {listed(skilled.wordless, 6)}: write `better` replies there."
    yield Reason(
        "told too seldom",
        f"skilled was told the unspoken need in {skilled.told:.0%} of the calls, and {least * 100:.0f} % is the least: "
        f"--why shows what kept it shut.{lacking}",
    )


def _of_order(figures: Sequence[Figures]) -> Iterator[Reason]:
    by_trainee: Mapping[Name, Figures] = {each.trainee: each for each in figures}
    graded = [by_trainee[name] for name in GRADED if name in by_trainee]
    for more, less in pairwise(graded):
        if (less.told or 0) > (more.told or 0):
            yield Reason("less skill told more", f"{_told(less)}, and {_told(more)}: less skill was told more.")
        if less.score > more.score:
            yield Reason("less skill scored more", f"{_scored(less)}, and {_scored(more)}: less skill scored more.")
    skilled = by_trainee.get("skilled")
    for less in (by_trainee[name] for name in BELOW if name in by_trainee):
        if skilled and skilled.told and (less.told or 0) >= skilled.told:
            yield Reason("less skill told more", f"{_told(less)}, which must stay below skilled: {_why(less)}")
        if skilled and skilled.score and less.score >= skilled.score:
            yield Reason("less skill scored more", f"{_scored(less)}, which must stay below skilled: {_why(less)}")


def _why(figures: Figures) -> str:
    return f"see --why {figures.trainee}."


def _told(figures: Figures) -> str:
    return f"{figures.trainee} was told in {figures.told or 0:.0%} of the calls"


def _scored(figures: Figures) -> str:
    return f"{figures.trainee} scored {figures.score:.0f}"


def _of_few_tests(tests: Sequence[OwnTest]) -> Iterator[Reason]:
    if len(tests) < LEAST_TESTS:
        has = counted(len(tests), "test", "tests") if tests else "no test"
        yield Reason(
            "few tests",
            f"It has {has} of its own: write at least {LEAST_TESTS} under `tests`, one with good replies and one with "
            "poor ones.",
        )
