"""The next step is the first of a few rules that holds, in one sentence, and the same for the same progress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from roleplay.practice.next_step import Known, Step, next_step
from roleplay.practice.progress import Given, progress_of
from roleplay.practice.progress_words import command_for
from roleplay.store.own import OwnCall, OwnTest
from roleplay.store.practised import Practised
from tests.practice.month import MET, MISSED, TODAY, call, noon, row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERSONAS = (Known("the-ramp", "The ramp", 1), Known("the-bench", "A bench", 3), Known("the-hall", "The hall", 4))
WEAK = (2, 2, 2, 0, 2)
PLAYED = [call(9, 80), call(8, 55, persona="the-bench"), call(7, 90, persona="the-hall")]


def step(
    practised: Sequence[Practised] = (),
    calls: Sequence[OwnCall] = (),
    tests: Sequence[OwnTest] = (),
    *,
    due: int = 0,
    personas: Sequence[Known] = PERSONAS,
) -> Step:
    back = {("the-ramp", f"m{n}"): TODAY for n in range(due)} | {("the-ramp", "later"): TODAY + timedelta(days=1)}
    progress = progress_of("sam", Given(practised, calls, tests), NOW, comes_back=back)
    return next_step(progress, lambda: personas)


def test_before_anything_it_is_a_call_with_the_easiest_customer() -> None:
    first = step()
    assert (first.kind, first.persona) == ("begin", "the-ramp")
    assert first.sentence == "Take a first call: “The ramp”."
    assert command_for(first) == "roleplay play the-ramp"


def test_without_any_customer_one_is_to_be_written() -> None:
    assert "roleplay personas new" in step(personas=()).sentence
    assert command_for(step(personas=())) == ""


def test_safety_comes_first_of_all() -> None:
    unsafe = step([row(3, unsafe=True)], due=4)
    assert (unsafe.kind, unsafe.persona, unsafe.moment) == ("safety", "the-ramp", "opening")
    assert unsafe.sentence == (
        "In “The ramp” somebody's safety was passed over on 19 November: answer that moment again, danger first."
    )
    assert command_for(unsafe) == "roleplay drill --persona the-ramp --moment opening"


def test_safety_comes_before_a_test_that_waits() -> None:
    assert step([row(3, unsafe=True)], tests=[OwnTest("t", noon(1), 6, False, None)]).kind == "safety"


def test_a_test_that_was_begun_is_gone_on_with() -> None:
    begun = step([row(2)], tests=[OwnTest("t", noon(1), 6, False, None)], due=4)
    assert (begun.kind, begun.sentence) == ("test", "A test waits, 0 of 6 moments answered: go on with it.")


def test_after_two_weeks_of_drills_it_is_a_test_and_not_sooner() -> None:
    drills = [row(14 - n % 15, moment=f"m{n}") for n in range(30)]
    assert step(drills, due=4).kind == "test"
    assert step([row(13 - n % 14) for n in range(30)], due=4).kind == "drills"
    assert step(drills[:10], due=4).kind == "drills"
    taken = [OwnTest("t", noon(13.5), 0, True, 3)]
    assert step(drills, tests=taken, due=4).kind == "drills"


def test_what_comes_back_today_is_drilled() -> None:
    drills = step([row(2)], due=1)
    assert (drills.kind, drills.sentence) == ("drills", "1 moment comes back today: five minutes of drills.")


def test_rating_oneself_far_off_is_told() -> None:
    above = step([row(2)], [call(30 - n, 40, rating=3) for n in range(5)])
    assert (above.kind, above.sentence[:48]) == ("rating", "You rate yourself 35 points above what was heard")
    assert step([row(2)], [call(30 - n, 60, rating=3) for n in range(5)]).kind != "rating"
    assert step([row(2)], [call(30 - n, 40, rating=3) for n in range(4)]).kind != "rating"


def test_then_the_weakest_dimension_where_it_is_weak() -> None:
    weakest = step([row(n, WEAK) for n in range(6)])
    assert (weakest.kind, weakest.dimension) == ("weakest", "explores")
    assert weakest.sentence == "“explores” is your weakest dimension just now, at 0 %: drill it for five minutes."
    assert command_for(weakest) == "roleplay drill --dimension explores"


def test_a_few_replies_make_no_dimension_weak() -> None:
    assert step([row(n, WEAK) for n in range(5)]).kind == "weakest"
    assert step([row(n, WEAK) for n in range(4)]).kind != "weakest"


def test_a_customer_of_whom_only_the_five_minute_form_was_played_is_still_new() -> None:
    assert step([row(2)], [*PLAYED[1:], call(3, 95, short=True)]).persona == "the-ramp"


def test_otherwise_somebody_new_the_easiest_first() -> None:
    new = step([row(2)], PLAYED[:1])
    assert (new.kind, new.persona, new.sentence) == ("persona", "the-bench", "Take on somebody new: “A bench”.")


def test_where_all_were_played_the_hardest_that_is_not_known_well() -> None:
    again = step([row(2)], PLAYED)
    assert (again.persona, again.sentence) == ("the-bench", "Take “A bench” again, where your best is 55.")
    well = [call(9, 80), call(12, 75, persona="the-bench", title="A bench"), call(7, 90, persona="the-hall")]
    assert step([row(2)], well).persona == "the-bench"


def test_where_all_are_known_well_the_one_played_longest_ago() -> None:
    known = [call(9, 80), call(12, 70, persona="the-bench", title="A bench"), call(7, 90, persona="the-hall")]
    well = step([row(2)], known)
    assert (well.persona, well.sentence) == (
        "the-bench",
        "You know them all well: see how it goes now with “A bench”, longest ago.",
    )
    almost = [known[0], call(12, 69.9, persona="the-bench"), known[2]]
    assert "again" in step([row(2)], almost).sentence


def test_it_is_the_same_for_the_same_progress() -> None:
    rows = [row(n % 9, MISSED if n % 3 else MET, moment=f"m{n}") for n in range(40)]
    assert step(rows, PLAYED) == step(rows, PLAYED)
