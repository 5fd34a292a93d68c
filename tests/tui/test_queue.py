"""The coach's queue: which calls wait, why, in which order, how they are found, and that it takes any number."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.store.transcripts import Transcripts
from roleplay.tui import queue_pages
from roleplay.tui.screens.blind import BlindScreen
from roleplay.tui.screens.filters import FiltersScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.queue import QueueScreen
from roleplay.tui.screens.search import SearchScreen
from roleplay.tui.screens.transcript import TranscriptScreen
from tests.review.desks import desk_at
from tests.store.kept_calls import keep_call, line
from tests.tui.reviewing import (
    DISPUTED,
    LARGE,
    OBJECTION,
    PLAIN,
    PLAYED,
    SMALL,
    calls_that_wait,
    database,
    many_calls,
    opened,
    queue,
    reviewing,
    typed,
)
from tests.tui.shell import app_in, filled, seen, until


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    calls_that_wait(tmp_path)
    return tmp_path


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
async def test_the_most_urgent_call_is_first_and_each_says_why_it_waits(size: tuple[int, int], workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=size) as pilot:
        await queue(pilot)
        await until(pilot, lambda: "3 calls wait: 1 disputed" in seen(pilot))
        lines = [each.strip(" ▌") for each in seen(pilot).splitlines()]
    told = [number for number, each in enumerate(lines) if each.endswith(("disputed", "low score 15", "The ramp"))]
    assert len(told) == 3 and told == sorted(told)
    assert lines[told[0]].startswith("The ramp") and lines[told[0]].endswith("disputed")
    assert lines[told[0] + 1].startswith("Ana, 4 November 13:03, 3 replies")
    assert "safety or boundary" in lines[told[1]]
    assert lines[told[2] + 1].startswith("Ben, ") and lines[told[2] + 1].endswith("score 62")


async def test_a_call_is_opened_and_come_back_from(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        await queue(pilot)
        await pilot.press("down", "enter")
        await opened(pilot, "Membership number?")
        await pilot.press("escape")
        screen = await queue(pilot)
        assert screen._rows.current == PLAYED


async def test_what_was_reviewed_leaves_the_queue_and_what_follows_takes_its_place(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        screen = await queue(pilot)
        await pilot.press("down")
        with desk_at(database(workspace)) as other:
            other.mark_reviewed(PLAYED)
        await pilot.press("f5")
        await until(pilot, lambda: screen._keys == [DISPUTED, PLAIN])
        assert screen._rows.current == PLAIN
        await pilot.press("v")
        await until(pilot, lambda: "Calls that were reviewed. Esc clears this." in seen(pilot))
        await until(pilot, lambda: screen._keys == [PLAYED] and "✓ reviewed" in seen(pilot))
        await pilot.press("v")
        await until(pilot, lambda: len(screen._keys) == 3)
        await pilot.press("escape")
        await until(pilot, lambda: screen._keys == [DISPUTED, PLAIN])


async def test_the_queue_is_filtered_by_trainee_persona_days_and_score(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        screen = await queue(pilot)

        async def asked(*fields: str) -> None:
            await pilot.press(*(["escape"] if "Esc clears" in seen(pilot) else []), "f")
            await until(pilot, lambda: isinstance(pilot.app.screen, FiltersScreen))
            for field in fields:
                await typed(pilot, field)
                await pilot.press("tab")
            await pilot.press("enter")

        await asked("Ben")
        await until(pilot, lambda: screen._keys == [PLAIN])
        assert "Calls that wait, of “Ben”. Esc clears this." in seen(pilot)
        await asked("", "the-ramp", "2026-11-04", "2026-11-04", "60", "70")
        await until(pilot, lambda: screen._keys == [DISPUTED, PLAIN])
        assert "since 2026-11-04" in seen(pilot) and "before 2026-11-05" in seen(pilot)
        await asked("", "", "2026-11-05")
        await until(pilot, lambda: "No call is like that. Esc clears the filter." in seen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: len(screen._keys) == 3)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (("Bne",), "Nobody called “Bne” has played here. Did you mean “Ben”?"),
        (("", "the-rampp"), "No call with “the-rampp” is kept here. Did you mean “the-ramp”?"),
        (("", "", "soon"), "“soon” is no date. Give 2026-11-04"),
        (("", "", "today", "yesterday"), "The first day comes after the last."),
        (("", "", "", "", "high"), "The lowest score is no score: “high”. Give a number from 0 to 100."),
        (("", "", "", "", "70", "60"), "The lowest score is above the highest."),
    ],
)
async def test_a_filter_that_cannot_be_is_told_and_what_was_typed_stays(
    fields: tuple[str, ...], sentence: str, workspace: Path
) -> None:
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        await queue(pilot)
        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, FiltersScreen))
        for field in fields:
            await typed(pilot, field)
            await pilot.press("tab")
        await pilot.press("enter")
        await until(pilot, lambda: sentence in " ".join(seen(pilot).split()))
        assert isinstance(pilot.app.screen, FiltersScreen)
        assert all(field in seen(pilot) for field in fields)


async def test_everything_said_and_noted_is_searched_and_a_hit_opens_at_its_line(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        await queue(pilot)
        await pilot.press("slash")
        await typed(pilot, "traffic conditions")
        await until(pilot, lambda: "1 place." in seen(pilot))
        assert "Sam: Traffic conditions are not something I can enter." in seen(pilot)
        await pilot.press("enter")
        screen = await opened(pilot, "Traffic conditions are not")
        assert screen._story.current == "0-2-trainee-1"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen) and "1 place." in seen(pilot))
        await pilot.press("ctrl+u")
        await typed(pilot, "offered")
        await until(pilot, lambda: OBJECTION in seen(pilot))
        await pilot.press("enter")
        screen = await opened(pilot, "disputes this: I did offer her a truck.")
        assert screen._story.current == "0-2-trainee-1" and screen._place.session == DISPUTED
        await pilot.press("escape", "escape")
        await queue(pilot)


async def test_what_was_found_is_marked_whatever_stands_around_it(tmp_path: Path) -> None:
    with Transcripts(database(tmp_path)) as store:
        keep_call(store, PLAIN, 1, ended=False)
        store.keep_line(line(PLAIN, 2, "[b]So[/b], a \x1b[31m truck [/] twice", attempt=2))
    async with reviewing(tmp_path).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "No call has ended here yet." in seen(pilot))
        await pilot.press("slash")
        await typed(pilot, "truck")
        await until(pilot, lambda: "[b]So[/b], a ␛[31m truck [/] twice" in seen(pilot))
        strips = pilot.app.screen._compositor.render_strips()
        reversed_ = "".join(each.text for strip in strips for each in strip if each.style and each.style.reverse)
    assert "truck" in reversed_ and "So" not in reversed_ and "31m" not in reversed_


async def test_pages_follow_each_other_and_never_all_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_pages, "PAGE", 10)
    monkeypatch.setattr(queue_pages, "MOST", 30)
    monkeypatch.setattr("roleplay.tui.screens.queue._NEAR", 5)
    many_calls(tmp_path, 60)
    async with reviewing(tmp_path).run_test(size=SMALL) as pilot:
        screen = await queue(pilot)
        assert len(screen._keys) == 10
        for key, last in (("pagedown", "call-000"), ("pageup", "call-059")):
            for _ in range(30):
                await pilot.press(key)
                await until(pilot, lambda: screen._filling is None or screen._filling.is_finished)
                assert len(screen._keys) <= 30
                if screen._rows.current == last:
                    break
            assert screen._rows.current == last


async def test_every_call_is_passed_on_the_way_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_pages, "PAGE", 5)
    monkeypatch.setattr(queue_pages, "MOST", 20)
    monkeypatch.setattr("roleplay.tui.screens.queue._NEAR", 3)
    many_calls(tmp_path, 32)
    async with reviewing(tmp_path).run_test(size=SMALL) as pilot:
        screen = await queue(pilot)
        passed = [screen._rows.current]
        for _ in range(31):
            await pilot.press("down")
            await until(pilot, lambda: screen._filling is None or screen._filling.is_finished)
            passed.append(screen._rows.current)
    assert passed == [f"call-{number:03}" for number in reversed(range(32))]


async def test_without_a_call_samples_are_offered_in_a_database_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    async with reviewing(tmp_path).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "No call has ended here yet." in seen(pilot))
        assert "S opens sample transcripts" in seen(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "Samples  5 calls wait" in seen(pilot) and "Sample: Dev" in seen(pilot))
        assert "none of these is among your own calls." in seen(pilot)
        await pilot.press("enter")
        await opened(pilot, "Sample: Dev")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "No call has ended here yet." in seen(pilot))
    assert not database(tmp_path).exists()


async def test_when_all_is_reviewed_that_is_said(tmp_path: Path) -> None:
    many_calls(tmp_path, 1)
    with desk_at(database(tmp_path)) as desk:
        desk.mark_reviewed("call-000")
    async with reviewing(tmp_path).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Every call is reviewed. V shows those that were." in seen(pilot))
        assert "No call waits for a review." in seen(pilot)


async def test_a_database_that_cannot_be_read_is_told_and_tried_again(workspace: Path) -> None:
    whole = database(workspace).read_bytes()
    for beside in workspace.glob("transcripts/*-*"):
        beside.unlink()
    database(workspace).write_bytes(b"nothing of the kind" * 500)
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "The queue could not be read." in seen(pilot))
        assert "F5 tries again" in seen(pilot)
        database(workspace).write_bytes(whole)
        await pilot.press("f5")
        await queue(pilot)


async def test_the_gallery_leads_to_the_queue_and_back(workspace: Path) -> None:
    async with app_in(workspace).run_test(size=SMALL) as pilot:
        await filled(pilot)
        await pilot.press("f9")
        await queue(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, GalleryScreen))
        commands = [each.title for each in pilot.app.get_system_commands(pilot.app.screen)]
        assert "Review" in commands


async def test_a_call_that_was_named_is_opened_over_the_queue(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL) as pilot:
        await opened(pilot, "Membership number?")
        await pilot.press("escape")
        await queue(pilot)


async def test_keys_pressed_at_once_lose_nothing(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        await queue(pilot)
        await pilot.press("enter", "escape", "enter", "escape", "f", "escape", "slash", "escape", "v", "v", "v")
        await queue(pilot)
        assert not [each for each in pilot.app.screen_stack if isinstance(each, TranscriptScreen | FiltersScreen)]
        assert isinstance(pilot.app.screen, QueueScreen)


def test_the_pages_of_a_queue_are_small() -> None:
    assert queue_pages.PAGE <= 50 and queue_pages.MOST <= 200


async def test_replies_are_rated_blindly_from_the_queue(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL) as pilot:
        await queue(pilot)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, BlindScreen) and "Reply 1 of" in seen(pilot))
        assert "score" not in seen(pilot) and "Ana" not in seen(pilot) and "Ben" not in seen(pilot)
        while "Reply 1 of" in seen(pilot):
            await pilot.press("1")
        await until(pilot, lambda: "Reply 2 of" in seen(pilot))
        await pilot.press("escape")
        await queue(pilot)
    with desk_at(database(workspace)) as desk:
        (rating,) = desk.reviews.ratings()
        assert (rating.levels["overall"], rating.levels["harm"], rating.coach) == (1, 1, desk.person)
