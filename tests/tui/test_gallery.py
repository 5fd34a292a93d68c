"""The gallery: what is offered, in which order, how it is found, and what it says when something is wrong."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from time import thread_time

import pytest

from roleplay.errors import UnsafePlace
from roleplay.persona.library import shipped_folder
from roleplay.practice.calls import Calls
from roleplay.tui.app import RoleplayApp
from roleplay.tui.cards import when
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.problems import ProblemsScreen
from tests.tui.shell import BROKEN, TITLE, app_in, begin_call, filled, persona_file, rows, seen, tiny, until

SMALL, LARGE = (80, 24), (140, 40)


async def test_a_customer_is_told_in_title_name_channel_difficulty_summary_and_warning(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        shown = seen(pilot)
    for told in (TITLE, "Dana Whitfield · phone · ●●○○○ steady", "Her car has died", "about: danger", "not yet played"):
        assert told in shown


async def test_interrupted_calls_come_first_and_exams_are_marked(tmp_path: Path) -> None:
    await begin_call(tmp_path, exam=True)
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        lines = seen(pilot).splitlines()
    offered = next(number for number, line in enumerate(lines) if f"Go on: {TITLE}" in line)
    assert "0 replies, today" in lines[offered + 1]
    assert "exam" in lines[offered + 1]
    assert all(TITLE not in line for line in lines[:offered])


async def test_typing_filters_and_escape_clears(tmp_path: Path) -> None:
    persona_file(tmp_path, "till", tiny("Refused at the till"))
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        await pilot.press(*"ramp")
        assert TITLE in seen(pilot)
        assert "Refused at the till" not in seen(pilot)
        await pilot.press("escape", *"zzz")
        assert "Nothing matches “zzz”. Esc clears it." in seen(pilot)
        await pilot.press("backspace", "backspace", "backspace")
        assert TITLE in seen(pilot)


@pytest.mark.parametrize("word", ["refused", "ada", "card", "chat", "REED"])
async def test_the_filter_finds_title_name_summary_and_channel(tmp_path: Path, word: str) -> None:
    persona_file(tmp_path, "till", tiny("Refused at the till"))
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        await pilot.press(*word)
        assert "Refused at the till" in seen(pilot)
        assert TITLE not in seen(pilot)


@pytest.mark.parametrize(("words", "line"), [("torn", "0 of {n} customers, 1 to be mended"), ("ramp", "1 of {n} cust")])
async def test_a_broken_file_is_found_by_its_name_and_is_no_customer(tmp_path: Path, words: str, line: str) -> None:
    persona_file(tmp_path, "torn", BROKEN)
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        number = len(list(shipped_folder().glob("*.yaml")))
        assert f"{number} customers. Type to filter." in seen(pilot)
        await pilot.press(*words)
        assert line.format(n=number) in seen(pilot)
        assert ("✗ cannot be played" in seen(pilot)) == (words == "torn")
        if words == "torn":
            await pilot.press(*".yaml")
            assert "✗ cannot be played" in seen(pilot)


async def test_the_mark_that_was_wanted_survives_a_reading_that_is_begun_anew(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        persona_file(tmp_path, f"till-{number}", tiny(f"Refused at till {number}"))
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        gallery = await filled(pilot)
        key = str(tmp_path / "personas" / "till-3.yaml")
        assert rows(pilot).current != key
        gallery.refill(key)
        await asyncio.sleep(0)
        gallery.files_changed(frozenset())
        await until(pilot, lambda: rows(pilot).current == key)
        await pilot.press("home")
        gallery.refill()
        await pilot.pause(0.2)
        assert rows(pilot).current != key


async def test_the_keys_move_on_after_a_filter_that_matched_nothing(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        first = rows(pilot).current
        await pilot.press(*"qqq")
        await until(pilot, lambda: "Nothing matches" in seen(pilot) and pilot.app.focused is None)
        await pilot.press("escape")
        assert rows(pilot).current == first
        await pilot.press("end")
        assert rows(pilot).current != first


async def test_brackets_and_escapes_of_a_stranger_are_only_text(tmp_path: Path) -> None:
    persona_file(tmp_path, "till", tiny('"[/b] [@click=app.quit]x[/]"'))
    persona_file(tmp_path, "a\x1b]52;c;AAAA\x07[x", BROKEN)
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        await pilot.press("end")
        assert "a␛]52;c;AAAA␇[x" in seen(pilot)
        await pilot.press(*"[/b]")
        assert "Filter: [/b]" in seen(pilot)
        assert seen(pilot).count("[/b] [@click=app.quit]x[/]") == 2


async def test_a_broken_file_is_last_told_with_its_place_and_not_played(tmp_path: Path) -> None:
    persona_file(tmp_path, "aa-broken", BROKEN)
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        await pilot.press("end")
        assert "✗ cannot be played" in seen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "2:1" in seen(pilot))
        assert isinstance(pilot.app.screen, ProblemsScreen)
        assert "The field “titel” is not known. Did you mean title?" in seen(pilot)
        assert seen(pilot).index("1:1") < seen(pilot).index("2:1")


async def test_a_mended_file_is_read_again_with_f5(tmp_path: Path) -> None:
    persona_file(tmp_path, "till", BROKEN)
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        await pilot.press("end")
        persona_file(tmp_path, "till", tiny("Refused at the till"))
        await pilot.press("f5")
        await until(pilot, lambda: "Refused at the till" in seen(pilot))
        assert "cannot be played" not in seen(pilot)


async def test_the_keys_move_and_enter_opens_the_briefing(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        first = rows(pilot).current
        await pilot.press("end")
        last = rows(pilot).current
        assert last != first
        await pilot.press("pageup", "home")
        assert rows(pilot).current == first
        await pilot.press("down", "up", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))
        assert TITLE in seen(pilot)


async def test_a_click_takes_the_customer_under_the_mouse(tmp_path: Path) -> None:
    persona_file(tmp_path, "till", tiny("Refused at the till"))
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        line = next(number for number, line in enumerate(seen(pilot).splitlines()) if "Refused at the till" in line)
        await pilot.click(offset=(10, line + 1))
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))
        assert "Refused at the till" in seen(pilot)


async def test_a_large_terminal_shows_the_details_beside_the_list(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await filled(pilot)
        assert any(line.rstrip().endswith("Dana Whitfield") for line in seen(pilot).splitlines())


async def test_what_keeps_the_gallery_from_opening_is_told_and_f5_tries_again(tmp_path: Path) -> None:
    refusals = [UnsafePlace("This place is not safe.", mend="Name another: --workspace PATH.")]

    def open_calls() -> Calls:
        if refusals:
            raise refusals.pop()
        return calls

    calls = app_in(tmp_path)._open_calls()
    async with RoleplayApp(open_calls).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "This place is not safe. Name another" in seen(pilot))
        assert "F5 tries again" in seen(pilot)
        await pilot.press("f5")
        await filled(pilot)


async def test_without_any_persona_it_says_where_to_put_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roleplay.persona.folders.shipped_folder", lambda: tmp_path / "nowhere")
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "There are no customers here yet." in seen(pilot))
        assert "roleplay personas new NAME" in seen(pilot)


async def test_a_thousand_personas_do_not_hold_up_a_key(tmp_path: Path) -> None:
    for number in range(1_000):
        persona_file(tmp_path, f"till-{number}", f"name: till {number}\ntitel: x\n")
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        began = thread_time()
        await pilot.press("t", "i", "l", "l", "end")
        assert thread_time() - began < 2.5
        assert "till-999" in seen(pilot)


def test_a_time_is_told_as_one_says_it() -> None:
    now = datetime(2026, 11, 22, 12, 0).astimezone()
    assert when((now - timedelta(hours=1)).isoformat(), now) == "today 11:00"
    assert when((now - timedelta(days=1)).isoformat(), now) == "yesterday 12:00"
    assert when((now - timedelta(days=2)).isoformat(), now) == "Friday 12:00"
    assert when((now - timedelta(days=30)).isoformat(), now) == "23 October 12:00"
    assert when((now - timedelta(days=400)).isoformat(), now) == "18 October 2025"
    assert when("never", now) == "at a time unknown"
