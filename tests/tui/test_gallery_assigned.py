"""What a coach has for the trainee is in the gallery: personas to play, and calls with something new in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roleplay.practice.calls import now
from roleplay.review.desk import Desk
from roleplay.store.transcripts import Transcripts
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.debrief import DebriefScreen
from tests.review.desks import desk_at
from tests.store.kept_calls import keep_call
from tests.tui.hostile import LIVE, payloads
from tests.tui.shell import BROKEN, TITLE, app_in, begin_call, filled, persona_file, rows, seen, tiny, until

SMALL, LARGE = (80, 24), (140, 40)


def database(workspace: Path) -> Path:
    (workspace / "transcripts").mkdir(exist_ok=True)
    return workspace / "transcripts" / "roleplay.db"


@contextmanager
def coach(workspace: Path, name: str = "Kim") -> Iterator[Desk]:
    """A coach's desk now."""
    with desk_at(database(workspace), name, now) as desk:
        yield desk


def keep(workspace: Path, name: str, trainee: str = "Sam") -> None:
    """A call of that name which has ended."""
    with Transcripts(database(workspace)) as store:
        keep_call(store, name, trainee=trainee)


def line_with(pilot: Pilot[None], words: str) -> int:
    lines = seen(pilot).splitlines()
    return next((number for number, line in enumerate(lines) if words in line), -1)


async def test_an_assigned_persona_comes_first_with_who_and_why_and_once_only(tmp_path: Path) -> None:
    persona_file(tmp_path, "till", tiny("Refused at the till"))
    await begin_call(tmp_path)
    with coach(tmp_path) as desk:
        desk.assign("Sam", "till", "Listen for the child.")
        desk.assign("Pat", "last-photographs", "For somebody else.")
    async with app_in(tmp_path).run_test(size=(80, 60)) as pilot:
        await filled(pilot)
        shown = seen(pilot)
        places = [line_with(pilot, words) for words in ("Assigned", "Refused at the till", "Cut short", "Customers")]
        assert places == sorted(places) and -1 not in places
        assert shown.count("Refused at the till") == 1 and "Kim: Listen for the child." in shown
        assert "For somebody else" not in shown
        assert "9 customers. Type to filter." in shown
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))


async def test_two_coaches_who_assign_the_same_stand_on_one_row(tmp_path: Path) -> None:
    for name in ("Kim", "Ana"):
        with coach(tmp_path, name) as desk:
            desk.assign("Sam", "stranded-driver", f"Says {name}.")
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        shown = seen(pilot)
        assert shown.count("●●○○○ steady") == 2  # the row, and beside it
        assert "Kim: Says Kim." in shown and "Ana: Says Ana." in shown
        assert "Assigned by Kim, today" in shown and "Assigned by Ana, today" in shown


async def test_it_leaves_when_it_was_played_to_an_end(tmp_path: Path) -> None:
    persona_file(tmp_path, "the-ramp", tiny("The ramp"))
    with coach(tmp_path) as desk:
        desk.assign("Sam", "the-ramp")
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        assert "Assigned" in seen(pilot)
        keep(tmp_path, "played")
        await pilot.press("f5")
        await until(pilot, lambda: "Assigned" not in seen(pilot))
        assert line_with(pilot, "The ramp") >= 0


async def test_a_persona_that_is_not_here_or_broken_is_told_as_such(tmp_path: Path) -> None:
    persona_file(tmp_path, "torn", BROKEN)
    with coach(tmp_path) as desk:
        desk.assign("Sam", "long-gone", "Please.")
        desk.assign("Sam", "torn")
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        shown = seen(pilot)
        assert "✗ is not here" in shown and "Kim: Please." in shown and shown.count("✗ cannot be played") == 1
        await pilot.press("home", "down", "up")
        assert rows(pilot).current.endswith("torn.yaml")  # what is not here cannot be chosen


async def test_the_filter_finds_the_note_and_counts_what_is_assigned_with_the_customers(tmp_path: Path) -> None:
    with coach(tmp_path) as desk:
        desk.assign("Sam", "stranded-driver", "Zebra crossing.")
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        await pilot.press(*"zebra")
        assert "1 of 8 customers" in seen(pilot) and TITLE in seen(pilot)


async def test_a_call_with_news_opens_at_its_debrief_and_comes_back_to_its_row(tmp_path: Path) -> None:
    for name in ("older", "newer", "without"):
        keep(tmp_path, name)
    with coach(tmp_path) as desk:
        desk.comment("older", 0, 1, "trainee", "Warm.")
        desk.comment("newer", 0, 1, "trainee", "Cold.")
        desk.overrule("newer", desk.open("newer").transcript.replies[1], "acts", 2, "It is done.")
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        assert seen(pilot).count("Debrief: The ramp") == 2
        await until(pilot, lambda: rows(pilot).current == "newer")
        assert "Kim has added to this call" in seen(pilot) and "1 comment, 1 level overruled" in seen(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))
        await pilot.press("n")
        await until(pilot, lambda: "Warm." in seen(pilot))
        await pilot.press("escape")
        await filled(pilot)
        assert rows(pilot).current == "older"


async def test_from_the_debrief_of_a_past_call_it_can_be_taken_again(tmp_path: Path) -> None:
    keep(tmp_path, "past")
    with coach(tmp_path) as desk:
        desk.comment("past", 0, 1, "trainee", "Warm.")
    async with app_in(tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        for there in (False, True):
            if there:
                persona_file(tmp_path, "the-ramp", tiny("The ramp"))
            await filled(pilot)
            await until(pilot, lambda: rows(pilot).current == "past")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, DebriefScreen))
            await pilot.press("f4")
            if there:
                await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))
            else:
                await until(pilot, lambda: "There is no persona “the-ramp”." in seen(pilot))


async def test_what_cannot_be_read_of_it_is_said_and_the_customers_are_there(tmp_path: Path) -> None:
    with coach(tmp_path) as desk:
        desk.assign("Sam", "stranded-driver")
    with closing(sqlite3.connect(database(tmp_path), isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER assignments_are_only_added")
        connection.execute("UPDATE assignments SET note = 'Pay Kim.'")
    async with app_in(tmp_path).run_test(size=LARGE, notifications=True) as pilot:
        await filled(pilot)
        assert "does not match its checksum" in seen(pilot) and TITLE in seen(pilot) and "Pay Kim" not in seen(pilot)


@pytest.mark.parametrize("number", [0, *(pytest.param(number, marks=pytest.mark.soak) for number in range(1, 60))])
async def test_hostile_notes_and_names_are_only_words(number: int, tmp_path: Path) -> None:
    words = [each.replace("\0", "") or "x" for each in payloads(5, f"assigned-{number}")]
    keep(tmp_path, "call-one")
    for word in words[:5]:
        with coach(tmp_path, word) as desk:
            desk.assign("Sam", "stranded-driver", word if word.strip() else "")
            desk.assign("Sam", word or "x")
            desk.comment("call-one", 0, 1, "trainee", f"{word}.")
    async with app_in(tmp_path).run_test(size=(140, 80)) as pilot:
        await filled(pilot)
        for _ in range(4):
            strips = pilot.app.screen._compositor.render_strips()
            assert not any(segment.style and "@click" in segment.style.meta for strip in strips for segment in strip)
            assert not LIVE.search(seen(pilot).replace("\n", ""))
            await pilot.press("down")
