"""The reply box: which keys send and break lines, what gets in and what does not."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.message import Message
from textual.pilot import Pilot

from roleplay.text import REPLY_LIMIT
from roleplay.tui.widgets.reply_box import ReplyBox

MOST_TYPED = 2 * REPLY_LIMIT


class Desk(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield ReplyBox()

    def on_words_box_sent(self, message: ReplyBox.Sent) -> None:
        self.told.append(message)

    def on_words_box_refused(self, message: ReplyBox.Refused) -> None:
        self.told.append(message)


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[ReplyBox, Desk, Pilot[None]]]:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        box = app.query_one(ReplyBox)
        box.focus()
        await pilot.pause()
        yield box, app, pilot


def refusal(app: Desk) -> str:
    (message,) = app.told
    assert isinstance(message, ReplyBox.Refused)
    return message.sentence


async def test_enter_sends_and_leaves_the_text() -> None:
    async with desk() as (box, app, pilot):
        await pilot.press(*"hello", "enter")
        (sent,) = app.told
        assert isinstance(sent, ReplyBox.Sent) and sent.text == "hello" and box.text == "hello"


@pytest.mark.parametrize("key", ["shift+enter", "ctrl+j"])
async def test_the_line_is_broken_with(key: str) -> None:
    async with desk() as (box, app, pilot):
        await pilot.press("a", key, "b")
        assert box.text == "a\nb" and app.told == []


async def test_a_paste_comes_in_whole_with_its_lines_and_without_what_steers_a_terminal() -> None:
    async with desk() as (box, app, pilot):
        await pilot.press("a", "b", "left")
        app.post_message(Paste("one\r\ntwo \x1b]52;c;eA==\x07\u202e"))
        await pilot.pause()
        assert box.text == "aone\ntwo ␛]52;c;eA==␇\ufffdb"


@pytest.mark.parametrize("size", [MOST_TYPED + 1, 2_000_000])
async def test_a_paste_that_is_too_long_is_refused_whole_and_at_once(size: int) -> None:
    async with desk() as (box, app, pilot):
        await pilot.press(*"before")
        pasted = Paste("word " * (size // 5 + 1))
        began = time.thread_time()
        await box._on_paste(pasted)
        took = time.thread_time() - began
        await pilot.pause()
        assert took < 0.1 and box.text == "before"
        assert "Nothing of it was taken in" in refusal(app)


async def test_a_paste_counts_together_with_what_is_there_and_what_it_replaces() -> None:
    async with desk() as (box, app, pilot):
        box.put("x" * 5_000)
        app.post_message(Paste("y" * 5_000))
        await pilot.pause()
        assert box.text == "x" * 5_000 and "too long to paste" in refusal(app)
        box.select_all()
        app.post_message(Paste("y" * 5_000))
        await pilot.pause()
        assert box.text == "y" * 5_000


async def test_a_full_box_takes_no_key_and_can_be_shortened() -> None:
    async with desk() as (box, app, pilot):
        box.put("x" * MOST_TYPED)
        await pilot.press("y")
        assert len(box.text) == MOST_TYPED and "shorten it first" in refusal(app)
        await pilot.press("backspace", "y")
        assert box.text.endswith("xy") and len(box.text) == MOST_TYPED


async def test_undo_brings_back_what_was_deleted() -> None:
    async with desk() as (box, _, pilot):
        await pilot.press(*"hello", "ctrl+u", "ctrl+z")
        assert box.text == "hello"


async def test_typing_lays_nothing_out() -> None:
    async with desk() as (box, app, pilot):
        await pilot.press("a")
        laid_out = []
        app.screen._refresh_layout, original = lambda *given: laid_out.append(given), app.screen._refresh_layout
        await pilot.press(*"bcdef")
        app.screen._refresh_layout = original
        assert laid_out == [] and box.text == "abcdef"
