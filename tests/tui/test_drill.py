"""The drill screen: one moment, one reply, at once what was heard; nothing typed is lost, nothing counts twice."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from textual.events import Key, Paste

from roleplay.conversation.drilling import DrillDraft, DrillItem
from roleplay.store.drills import Drills
from roleplay.tui.screens import drill
from tests.tui.drilling import MISSES, database, draft, drilling, kept, unaided
from tests.tui.shell import persona_file, tiny, until


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is taken for what is told however soon it comes."""
    monkeypatch.setattr(drill, "SETTLING", 0.0)


def locked(folder: Path) -> sqlite3.Connection:
    """Another program that is writing to the database, until it is closed."""
    with Drills(database(folder)) as drills:
        drills.keep_draft("Ben", DrillDraft(item=DrillItem("x", "y"), test="", text="that there is a database"))
    other = sqlite3.connect(database(folder), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


async def test_enter_pressed_twice_sends_once_and_does_not_pass_over_what_was_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drilling(tmp_path) as drills:
        drills.box.put(MISSES)
        for key in ("enter", "enter", "n", "a"):
            drills.app.post_message(Key(key, "\r" if key == "enter" else key))
        await until(drills.pilot, lambda: drills.screen.stage == "told")
        for key in ("enter", "n", "a"):
            await drills.pilot.press(key)
        assert drills.screen.stage == "told" and len(kept(tmp_path)) == 1
        assert "Typed after you had sent it, and not in it: na" in drills.seen
        monkeypatch.setattr(drill, "SETTLING", 0.0)
        await drills.press("enter", "writing")
        assert draft(tmp_path) is None


async def test_a_reply_that_cannot_be_kept_is_back_in_the_box_with_what_was_typed_after_it(tmp_path: Path) -> None:
    async with drilling(tmp_path, busy_timeout=0.3) as drills:
        other = locked(tmp_path)
        drills.box.put("my reply")
        await drills.pilot.press("enter", *"more")
        await until(drills.pilot, lambda: "NOT saved. Your reply is back in the box. Enter tries again." in drills.seen)
        assert drills.box.text == "my reply\nmore" and drills.screen.stage == "writing"
        await drills.press("escape", "writing")
        await until(drills.pilot, lambda: "NOT saved: what you typed. The moment is still here." in drills.seen)
        other.close()
        await drills.press("enter", "told")
        assert [each.text for each in kept(tmp_path)] == ["my reply\nmore"]


async def test_what_is_too_long_or_a_command_of_plain_lines_is_not_sent_and_stays_in_the_box(tmp_path: Path) -> None:
    async with drilling(tmp_path) as drills:

        async def refused(text: str, says: str) -> None:
            drills.box.put(text)
            await drills.press("enter", "writing")
            await until(drills.pilot, lambda: says in drills.seen)
            assert drills.box.text == text and kept(tmp_path) == []

        await refused("/hint", "Here keys do that: F1 lists them.")
        await refused("x" * 4001, "at once. Nothing was sent.")
        drills.box.put("Say /hint")
        await drills.press("enter", "told")
        assert [each.text for each in kept(tmp_path)] == ["Say /hint"]


async def test_quitting_while_a_reply_is_kept_keeps_it_and_what_was_typed_after_it(tmp_path: Path) -> None:
    async with drilling(tmp_path) as drills:
        other = locked(tmp_path)
        drills.box.put("my reply")
        await drills.pilot.press("enter", *"next")
        threading.Timer(0.4, other.close).start()
        drills.app.exit()
    typed = draft(tmp_path)
    assert [each.text for each in kept(tmp_path)] == ["my reply"]
    assert typed and typed.text == "next"


async def test_what_was_typed_is_in_the_box_again_whatever_became_of_the_terminal(tmp_path: Path) -> None:
    words = "שלום [/b] \x1b[2J " + "x" * 80
    async with drilling(tmp_path) as drills:
        asked = drills.screen.moment
        drills.app.post_message(Paste(words))
        for size in ((60, 16), (59, 15), (140, 40), (1, 1), (80, 24)):
            await drills.pilot.resize_terminal(*size)
            await drills.pilot.pause()
        assert drills.app.focused is drills.box
        shown = drills.box.text
        assert "\x1b" not in shown and "[/b]" in drills.seen
        await until(drills.pilot, lambda: (typed := draft(tmp_path)) is not None and typed.text == shown)
        await drills.pilot.press("!")
        drills.app.exit()
    async with drilling(tmp_path) as drills:
        assert asked and drills.screen.moment and drills.screen.moment.item == asked.item
        assert "You had begun to answer this one." in drills.seen and drills.box.text == shown + "!"
        await drills.pilot.press("escape")
        await until(drills.pilot, lambda: drills.app.left == ["done"])
    assert kept(tmp_path) == []


@pytest.mark.usefixtures("unguarded")
async def test_after_five_minutes_stopping_comes_first_and_going_on_second(tmp_path: Path) -> None:
    async with drilling(tmp_path) as drills:
        drills.clock.later(minutes=5)
        await drills.reply(MISSES)
        assert "That was five minutes; that is enough for today." in drills.seen
        assert drills.footer[1:3] == ["Stop", "Go on"]
        await drills.press("n", "writing")
        await drills.reply(MISSES)
        assert "enough for today" not in drills.seen and drills.footer[1] == "Next"
        await drills.press("enter", "writing")
    async with drilling(tmp_path, minutes=0.5) as drills:
        drills.clock.later(minutes=1)
        await drills.reply(MISSES)
        await drills.press("enter", "over")


@pytest.mark.usefixtures("unguarded")
async def test_when_nothing_is_left_it_says_so_and_offers_the_test(tmp_path: Path) -> None:
    persona_file(tmp_path, "ada", tiny("A card refused"))
    async with drilling(tmp_path, persona="ada", size=(60, 16)) as drills:
        while drills.screen.stage == "writing":
            await drills.reply(MISSES)
            await drills.pilot.press("n")
            await until(drills.pilot, lambda: drills.screen.stage in ("writing", "over"))
        assert "That is all for today: nothing more is due" in drills.seen
        assert drills.footer == ["Help", "Gallery", "Test"]
        await drills.pilot.press("f8")
        await until(drills.pilot, lambda: drills.app.left == ["test"])


async def test_a_test_has_no_hints_tells_nothing_and_goes_on_where_it_was(tmp_path: Path) -> None:
    async with unaided(tmp_path) as test:
        assert "6 moments you have not seen, no hints" in test.seen
        await test.press("enter", "writing")
        assert "1 of 6" in test.seen and test.footer == ["Help", "Record", "Stop"]
        await test.reply(MISSES)
        await until(test.pilot, lambda: "2 of 6" in test.seen)
        assert "Missed" not in test.seen and "comes back" not in test.seen
        await test.pilot.press("f2", *"half", "escape")
        await until(test.pilot, lambda: test.app.left == [None])
    async with unaided(tmp_path) as test:
        assert "goes on: 1 of 6 moments" in test.seen
        await test.press("enter", "writing")
        assert "2 of 6" in test.seen and test.box.text == "half"
