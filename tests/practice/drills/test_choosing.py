"""Which moment comes next: what was missed, what is due, what is new, and never by chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from roleplay.conversation.drilling import DrillItem
from roleplay.persona.folders import shipped_folder
from roleplay.practice.drills.choosing import Choosing, Chosen, for_a_test, held_back, unseen, why
from roleplay.practice.drills.pool import Pool
from roleplay.practice.drills.schedule import Schedule
from roleplay.store.practised import Practised
from tests.practice.drills.room import RAMP, row

TODAY = date(2026, 11, 10)
TITLES: Any = {"explores": "Makes room", "names_need": "Takes up what was asked"}


def choosing(practised: Sequence[Practised] = (), **changes: Any) -> Choosing:
    schedule = Schedule(practised)
    made = Choosing(
        pool=Pool([shipped_folder()]),
        schedule=schedule,
        seen={DrillItem(each.persona, each.moment) for each in practised},
        played={each.persona for each in practised},
        trainee="sam",
        today=TODAY,
        weakest="names_need",
        due_at_first=len(schedule.due(TODAY)),
    )
    return replace(made, **changes)


def sitting(start: Choosing) -> list[Chosen]:
    """All that a sitting brings, to its end."""
    taken: list[Chosen] = []
    while chosen := replace(
        start, given=[each.item for each in taken], fresh=sum(each.scheduled is None for each in taken)
    ).next():
        taken.append(chosen)
    return taken


def items(start: Choosing, most: int) -> list[DrillItem]:
    """Moments of different personas, as far as there are."""
    by_persona: dict[str, list[DrillItem]] = {}
    for item in start.pool.moments:
        by_persona.setdefault(item.persona, []).append(item)
    return [group[n] for n in range(most) for group in by_persona.values() if n < len(group)][:most]


def practised(on: Sequence[DrillItem], day: int, **changes: Any) -> list[Practised]:
    at = f"2026-11-{day:02}T09:00:00+00:00"
    return [row(at, item.moment, item.persona, within=f"{day}", **changes) for item in on]


def test_what_was_missed_last_comes_first_then_what_was_missed_ever_then_the_longest_overdue() -> None:
    a, b, c, d = items(choosing(), 4)
    rows = [
        *practised([c], 1, opportunity="missed"),
        *practised([a], 1),
        *practised([b, c], 5),
        *practised([d], 8, opportunity="missed"),
    ]
    assert [each.item for each in choosing(rows).due()] == [d, c, a, b]


def test_among_equals_comes_what_calls_for_the_weakest_dimension() -> None:
    a, b = items(choosing(), 2)
    rows = [*practised([a], 5, levels=(1, None, 1, 1, 1)), *practised([b], 5, levels=(1, 1, 1, 1, 1))]
    assert [each.item for each in choosing(rows).due()] == [b, a]


def kinds(taken: Sequence[Chosen]) -> list[str]:
    return ["new" if each.scheduled is None else "due" for each in taken]


def test_two_that_are_due_come_for_one_new_and_no_two_of_one_persona_in_a_row() -> None:
    taken = sitting(choosing(practised(items(choosing(), 6), 5, opportunity="missed")))
    assert kinds(taken) == ["due", "due", "new"] * 3
    assert all(one.item.persona != other.item.persona for one, other in pairwise(taken))


def test_where_more_is_due_than_a_sitting_holds_one_is_new() -> None:
    taken = sitting(choosing(practised(items(choosing(), 12), 5, opportunity="missed")))
    assert kinds(taken)[:6] == ["due", "due", "new", "due", "due", "due"]
    assert (kinds(taken).count("due"), kinds(taken).count("new")) == (12, 1)


def test_without_anything_due_a_sitting_is_six_new_moments_of_easy_customers_for_the_weakest_dimension() -> None:
    taken = sitting(choosing())
    assert len(taken) == 6 and len({each.item.persona for each in taken}) == 6
    pool = choosing().pool
    assert taken[0].item.persona == "stranded-driver"  # the easiest one
    assert all("names_need" in pool.moments[each.item].called_for and each.weak for each in taken)
    assert not any(held_back(each.item) or pool.moments[each.item].reveals for each in taken)


def test_what_was_replied_to_and_is_not_due_yet_does_not_come_as_new() -> None:
    new = [each.item for each in sitting(choosing())]
    met = practised(new, TODAY.day)
    again = sitting(choosing(met))
    assert again and not {each.item for each in again} & set(new)


def test_the_same_day_brings_the_same_and_another_trainee_or_day_something_else() -> None:
    first = sitting(choosing())
    assert sitting(choosing()) == first
    assert sitting(choosing(trainee="kim")) != first != sitting(choosing(today=date(2026, 11, 11)))


def test_what_is_asked_for_narrows_what_comes() -> None:
    rows = practised(items(choosing(), 12), 5, opportunity="missed", levels=(0, None, 0, 0, 0))
    one = sitting(choosing(rows, persona="last-photographs"))
    assert one and {each.item.persona for each in one} == {"last-photographs"}
    pool = choosing().pool
    asked = sitting(choosing(rows, dimension="reaches_unspoken"))
    assert asked and all("reaches_unspoken" in pool.moments[each.item].called_for for each in asked)


def test_a_moment_that_is_in_no_persona_any_more_does_not_come_back() -> None:
    gone = practised([DrillItem("stranded-driver", "was-taken-out"), DrillItem("gone", "opening")], 5)
    assert choosing(gone).due() == []


def test_about_a_quarter_of_all_moments_is_kept_for_tests() -> None:
    pool = choosing().pool
    kept = sum(map(held_back, pool.moments))
    assert 0.18 < kept / len(pool.moments) < 0.32


def test_a_test_takes_kept_moments_of_different_personas_and_all_dimensions() -> None:
    pool = choosing().pool
    taken = for_a_test(pool, set(), set(), 6, "sam:0")
    assert len({item.persona for item in taken}) == 6 and all(map(held_back, taken))
    assert len({name for item in taken for name in pool.moments[item].called_for}) == 5
    assert for_a_test(pool, set(), set(), 6, "sam:0") == taken != for_a_test(pool, set(), set(), 6, "sam:1")
    second = for_a_test(pool, set(taken), set(), 6, "sam:1")
    assert not set(second) & set(taken)


def test_a_test_takes_what_is_left_when_what_was_kept_is_used_up() -> None:
    pool = choosing().pool
    left = items(choosing(), 3)
    assert set(for_a_test(pool, set(pool.moments) - set(left), set(), 6, "")) == set(left)
    assert len(unseen(pool, set(pool.moments) - set(left))) == 3


def test_why_is_told_in_one_sentence() -> None:
    a, *_ = items(choosing(), 1)
    missed = Schedule(practised([a], 9, opportunity="missed", source="call")).get(a)
    assert why(Chosen(a, missed), TODAY, TITLES, None, "") == (
        "You missed this in a call on 9 November; it comes back today."
    )
    half = Schedule(practised([a], 1, opportunity="partly")).get(a)
    assert why(Chosen(a, half), TODAY, TITLES, None, "") == (
        "You went half way with this on 1 November; it was due on 3 November."
    )
    assert why(Chosen(a, None, weak=True), TODAY, TITLES, "explores", "") == (
        "New, for your weakest dimension just now: makes room."
    )
    assert why(Chosen(a, None), TODAY, TITLES, "explores", "The ramp") == "New to you, from “The ramp”."


def test_a_small_library_is_used_up_and_no_more_comes(tmp_path: Any) -> None:
    (tmp_path / "the-ramp.yaml").write_text(RAMP)
    pool = Pool([tmp_path])
    taken = sitting(choosing(pool=pool))
    assert {each.item for each in taken} == {item for item in pool.moments if not held_back(item)}
