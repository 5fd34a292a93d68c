"""Persona files that change while the app is open: the gallery follows them, and a call is not disturbed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roleplay.persona import watching
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.problems import ProblemsScreen
from tests.tui.shell import BROKEN, TITLE, app_in, filled, persona_file, rows, seen, tiny, until

SMALL = (80, 24)


def watchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "roleplay-watch"]


def words(pilot: Pilot[None]) -> str:
    """What stands on the screen, however it is broken into lines."""
    return " ".join(seen(pilot).split())


async def brief(pilot: Pilot[None], title: str) -> None:
    """Open the briefing of the only customer that matches `title`."""
    await filled(pilot)
    await pilot.press(*title)
    await until(pilot, lambda: title in seen(pilot))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))


async def test_a_new_file_a_changed_one_and_one_that_goes_are_seen_without_a_key(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        await pilot.press(*"quince")
        path = persona_file(tmp_path, "quince", tiny("Refused at the quince"))
        await until(pilot, lambda: "Refused at the quince" in seen(pilot))
        beside = path.with_suffix(".new")
        beside.write_text(tiny("Nothing at the quince"), encoding="utf-8")
        beside.replace(path)
        await until(pilot, lambda: "Nothing at the quince" in seen(pilot))
        path.unlink()
        await until(pilot, lambda: "Nothing matches “quince”" in seen(pilot))


async def test_a_file_that_gets_broken_says_so_and_the_others_stay(tmp_path: Path) -> None:
    persona_file(tmp_path, "quince", tiny("Refused at the quince"))
    async with app_in(tmp_path).run_test(size=(300, 60)) as pilot:
        await filled(pilot)
        await pilot.press(*"quince")
        persona_file(tmp_path, "quince", BROKEN)
        await until(pilot, lambda: "✗ cannot be played" in seen(pilot))
        assert "quince.yaml:1:1: The field “trainee” is missing." in seen(pilot)
        await pilot.press("escape", "home")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))


async def test_the_mark_and_the_filter_stay_where_they_are(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        persona_file(tmp_path, name, tiny(f"At quince {name}"))
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        await pilot.press(*"at quince", "end")
        current = rows(pilot).current
        persona_file(tmp_path, "a-new-one", tiny("At quince zero"))
        await until(pilot, lambda: "4 of " in seen(pilot))
        assert "Filter: at quince" in seen(pilot)
        assert rows(pilot).current == current


async def test_the_list_of_what_is_to_be_mended_follows_the_file(tmp_path: Path) -> None:
    persona_file(tmp_path, "quince", BROKEN)
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProblemsScreen) and "2:1" in seen(pilot))
        persona_file(tmp_path, "quince", tiny("Refused at the quince"))
        await until(pilot, lambda: "Nothing keeps it from being played now." in seen(pilot))
        assert "quince: can be played" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Refused at the quince" in seen(pilot))


async def test_an_open_briefing_follows_the_file_and_the_newest_is_played(tmp_path: Path) -> None:
    persona_file(tmp_path, "quince", tiny("Refused at the quince"))
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await brief(pilot, "Refused at the quince")
        await pilot.press("f4")
        changed = tiny("Refused twice", "Ben Hay").replace("My card was refused", "Both my cards were refused")
        persona_file(tmp_path, "quince", changed)
        await until(pilot, lambda: "Refused twice" in seen(pilot) and "Ben Hay" in seen(pilot))
        assert "Exam: nothing is shown" in seen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Both my cards were refused" in words(pilot))


async def test_what_is_played_is_the_file_at_the_moment_the_call_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "changes", unwatchable)
    persona_file(tmp_path, "quince", tiny("Refused at the quince"))
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await brief(pilot, "Refused at the quince")
        persona_file(tmp_path, "quince", tiny("Refused at the quince").replace("My card was", "Both my cards were"))
        await pilot.press("enter")
        await until(pilot, lambda: "Both my cards were refused" in words(pilot))


async def test_a_briefing_whose_file_got_broken_says_so_and_nothing_is_begun(tmp_path: Path) -> None:
    persona_file(tmp_path, "quince", tiny("Refused at the quince"))
    async with app_in(tmp_path).run_test(size=SMALL, notifications=True) as pilot:
        await brief(pilot, "Refused at the quince")
        persona_file(tmp_path, "quince", BROKEN)
        await until(pilot, lambda: "cannot be played" in words(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, GalleryScreen))
        await pilot.press("escape")
        await filled(pilot)
        assert "Go on:" not in seen(pilot)


async def test_a_call_that_is_being_played_keeps_its_persona(tmp_path: Path) -> None:
    path = persona_file(tmp_path, "quince", tiny("Refused at the quince"))
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await brief(pilot, "Refused at the quince")
        await pilot.press("enter")
        await until(pilot, lambda: "My card was refused" in seen(pilot))
        path.write_text(BROKEN, encoding="utf-8")
        await pilot.press(*"Oh no.", "enter")
        call = pilot.app.screen
        assert isinstance(call, CallScreen)
        session = call._session
        await until(pilot, lambda: len(session.transcript.replies) == 1 and not session.unfinished)
        assert session.transcript.session.script.persona.title == "Refused at the quince"
        await pilot.press("escape")
        await until(pilot, lambda: call.app.screen is not call)


async def test_a_file_changed_during_a_call_is_seen_on_the_way_back(tmp_path: Path) -> None:
    persona_file(tmp_path, "quince", tiny("Refused at the quince"))
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        gallery = await filled(pilot)
        await pilot.press(*"quince", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))
        persona_file(tmp_path, "quinces", tiny("On the land"))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is gallery and "On the land" in seen(pilot))


def unwatchable(*_: object) -> object:
    raise OSError("no more watches")


@pytest.mark.parametrize("error", [ImportError, OSError, RuntimeError])
async def test_where_files_cannot_be_watched_the_gallery_is_as_it_was_and_f5_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def refused(*_: object) -> object:
        raise error("cannot be")

    monkeypatch.setattr(watching, "changes", refused)
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        persona_file(tmp_path, "quince", tiny("Refused at the quince"))
        await pilot.press("f5", *"quince")
        await until(pilot, lambda: "Refused at the quince" in seen(pilot))


async def test_the_watching_begins_after_the_gallery_is_filled_and_ends_with_the_app(tmp_path: Path) -> None:
    before = set(watchers())
    app = app_in(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        assert not set(watchers()) - before
        await filled(pilot)
        await until(pilot, lambda: bool(set(watchers()) - before))
        (watcher,) = set(watchers()) - before
    watcher.join(20)
    assert not watcher.is_alive()


async def test_the_shipped_customers_are_shown_beside_those_of_the_workspace(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await filled(pilot)
        persona_file(tmp_path, "stranded-driver", tiny("Mine in its place"))
        await until(pilot, lambda: TITLE not in seen(pilot))
        await pilot.press(*"mine")
        await until(pilot, lambda: "Mine in its place" in seen(pilot))
