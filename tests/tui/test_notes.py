"""What a coach types is kept before it is shown as kept, or it stays where it was typed; no key overtakes another."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from textual.events import Key, Paste

from roleplay.store.reviews import Reviews
from roleplay.tui.screens.answer import AnswerScreen
from roleplay.tui.screens.comment import CommentScreen
from roleplay.tui.screens.note import NoteScreen
from tests.tui.reviewing import (
    DISPUTED,
    PLAIN,
    PLAYED,
    SMALL,
    calls_that_wait,
    database,
    kept,
    noted,
    on,
    opened,
    queue,
    reviewing,
    shown,
    told,
    typed,
)
from tests.tui.shell import seen, until


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    calls_that_wait(tmp_path)
    return tmp_path


async def test_an_answer_needs_a_choice_and_words(workspace: Path) -> None:
    async with reviewing(workspace, DISPUTED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "1 dispute waits")
        await pilot.press("d")
        await on(pilot, AnswerScreen)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "Is it upheld or not?" in seen(pilot))
        await pilot.press("escape", "1", "enter")
        await until(pilot, lambda: "An answer needs words." in seen(pilot))
        await typed(pilot, "Yes.")
        await pilot.press("enter")
        await noted(pilot, "upheld. Yes.")
    assert kept(workspace, DISPUTED).reviewed.answers[0].upheld


async def test_what_cannot_be_kept_stays_typed_and_is_kept_when_it_can_be(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleplay.store.book.Book.__init__.__kwdefaults__", {"busy_timeout": 0.6, "waiting": None})
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "score 15")
        with closing(sqlite3.connect(database(workspace), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await pilot.press("c")
            screen = await on(pilot, CommentScreen)
            await typed(pilot, "Not now")
            await pilot.press("enter", "escape")
            await until(pilot, lambda: "Another program is writing to" in " ".join(seen(pilot).split()))
            assert pilot.app.screen is screen and screen._box.text == "Not now"
            assert kept(workspace, PLAYED).reviewed.comments == ()
        await pilot.press("enter")
        await noted(pilot, ": Not now")
    assert [each.text for each in kept(workspace, PLAYED).reviewed.comments] == ["Not now"]


@pytest.mark.parametrize(("keys", "back"), [("c", 1), ("o12", 3)])
async def test_a_draft_survives_until_the_app_is_left(keys: str, back: int, workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL, notifications=True) as pilot:
        await queue(pilot)
        await pilot.press("down", "enter")
        await opened(pilot, "Membership number?")
        await pilot.press("down", *keys)
        screen = await on(pilot, NoteScreen)
        await typed(pilot, "Half a sen")
        await pilot.press(*["escape"] * back)
        await opened(pilot, "Membership number?")
        await pilot.press("escape")
        await queue(pilot)
        await pilot.press("enter")
        await opened(pilot, "Membership number?")
        await pilot.press("down", *keys)
        await until(pilot, lambda: isinstance(pilot.app.screen, type(screen)) and "Half a sen" in seen(pilot))
        await typed(pilot, "tence")
        await pilot.press("enter")
        await noted(pilot, "Half a sentence")
        await pilot.press(*keys)
        assert (await on(pilot, NoteScreen))._box.text == ""


async def test_quitting_tells_once_of_what_is_typed_and_not_kept(workspace: Path) -> None:
    app = reviewing(workspace, PLAYED)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "score 15")
        await pilot.press("c")
        await on(pilot, CommentScreen)
        await typed(pilot, "Half")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "This is not kept yet." in seen(pilot))
        await pilot.press("escape", "ctrl+q")
        await told(pilot, "A draft of yours is not kept yet.")
        assert app.is_running
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.is_running or app._exit)


@pytest.mark.parametrize(("text", "sentence"), [(" ", "A comment needs words."), ("x" * 4_001, "has at most 4,000")])
async def test_a_comment_without_words_or_with_too_many_is_not_kept(text: str, sentence: str, workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "score 15")
        await pilot.press("c")
        screen = await on(pilot, CommentScreen)
        screen._box.text = text
        await pilot.press("enter")
        await until(pilot, lambda: sentence in " ".join(seen(pilot).split()))
        assert screen._box.text == text
    assert kept(workspace, PLAYED).reviewed.comments == ()


async def test_a_text_that_is_too_long_to_paste_is_refused_whole(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "score 15")
        await pilot.press("c")
        screen = await on(pilot, CommentScreen)
        await typed(pilot, "Before ")
        pilot.app.post_message(Paste("x" * 9_000))
        refused = "That is too long to paste (9,000 characters; 4,000 are the most)."
        await until(pilot, lambda: refused in " ".join(seen(pilot).split()))
        assert screen._box.text == "Before "


async def test_a_line_break_is_typed_with_ctrl_j(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "score 15")
        await pilot.press("c")
        await on(pilot, CommentScreen)
        await pilot.press("a", "ctrl+j", "b", "enter")
        await noted(pilot, "✎ Kim")
    assert kept(workspace, PLAYED).reviewed.comments[0].text == "a\nb"


async def test_two_keys_in_one_breath_mark_once(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL, notifications=True) as pilot:
        await queue(pilot)
        await pilot.press("down", "enter")
        screen = await opened(pilot, "Membership number?")
        screen.action_reviewed()
        screen.action_reviewed()
        await shown(pilot, PLAIN)
        await asyncio.sleep(0.1)
    with Reviews(database(workspace)) as reviews:
        assert (len(reviews.of(PLAYED).marks), len(reviews.of(PLAIN).marks)) == (1, 0)


async def test_keys_in_one_breath_are_taken_in_their_order(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "Membership number?")
        for character in ("down", "down", "c", *"Great work", "enter"):
            pilot.app.post_message(Key(character, character if len(character) == 1 else None))
        await noted(pilot, ": Great work")
    (comment,) = kept(workspace, PLAYED).reviewed.comments
    assert (comment.turn, comment.side, comment.text) == (2, "customer", "Great work")
    assert kept(workspace, PLAYED).reviewed.marks == ()
