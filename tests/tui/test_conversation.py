"""The conversation: how it is set, how it streams, and how it scrolls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from roleplay.tui.themes import THEMES
from roleplay.tui.widgets.conversation import MEASURE, Conversation, Entry
from tests.tui.shell import until

WORDS = "The wipers stopped halfway up the glass and I am looking at them because the mirror is worse. "


class Shown(App[None]):
    CSS = "Conversation { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Conversation()


@asynccontextmanager
async def shown(*entries: Entry, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Conversation, Pilot[None]]]:
    async with Shown().run_test(size=size) as pilot:
        said = pilot.app.query_one(Conversation)
        if entries:
            said.add(*entries)
        await pilot.pause()
        yield said, pilot


def rows(said: Conversation) -> list[str]:
    """What is drawn, row by row."""
    return [said.render_line(y).text.rstrip() for y in range(said.size.height)]


async def test_names_stand_in_the_margin_and_text_hangs_beside_them() -> None:
    async with shown(Entry("customer", WORDS * 2, "Dana"), Entry("trainee", "I hear you.", "You")) as (said, _):
        first, second, *rest = [row for row in rows(said) if row]
        assert first.startswith(" Dana        The wipers") and second.startswith(" " * 13 + "b")
        assert rest[-1] == " You         I hear you."
        assert rows(said)[rows(said).index(rest[-1]) - 1] == ""


@pytest.mark.parametrize(
    ("name", "margin"),
    [
        ("Mr Mallinson", ["Mr", "Mallinson"]),
        ("Miss Achterberg", ["Miss", "Achterberg"]),
        ("Dr Li", ["Dr Li", ""]),
        ("Prof Bartholomew", ["Prof", "Bartholom…"]),
        ("An Anna Maria Luisa Ott", ["An Anna", "Maria…"]),
        ("王秀英王秀英", ["王秀英王…", ""]),
    ],
)
async def test_a_name_too_long_for_the_margin_stands_there_in_two_rows(name: str, margin: list[str]) -> None:
    async with shown(Entry("customer", "Yes.", name), Entry("trainee", "Good.", "You")) as (said, _):
        drawn = rows(said)
        assert drawn[0].endswith("  Yes.") and cell_len(drawn[0]) == 13 + len("Yes.")
        assert [row.removesuffix("Yes.").strip() for row in drawn[:2]] == margin
        assert [row for row in drawn if row][-1].split() == ["You", "Good."]


async def test_lines_are_never_wider_than_the_measure() -> None:
    async with shown(Entry("customer", WORDS * 4, "Dana"), size=(200, 24)) as (said, _):
        assert max(len(row[13:]) for row in rows(said)) in range(MEASURE - 12, MEASURE + 1)


@pytest.mark.parametrize("text", ["日本語の長い文" * 20, "👩‍👩‍👧 and 🚚 " * 20, "x" * 300, "e\u0301" * 120])
async def test_wide_characters_and_long_words_stay_inside(text: str) -> None:
    async with shown(Entry("customer", text, "Dana")) as (said, _):
        assert all(cell_len(row) <= said.size.width for row in rows(said))
        assert len([row for row in rows(said) if row]) > 1


async def test_what_a_stranger_wrote_is_shown_and_does_nothing() -> None:
    async with shown(Entry("customer", "[/x] [@click=app.quit]go[/] \x1b]52;c;eA==\x07", "[b]Eve\x1b[2J")) as (said, _):
        drawn = rows(said)[0]
        assert "[/x] [@click=app.quit]go[/] ␛]52;c;eA==␇" in drawn and drawn.startswith(" [b]Eve␛[2J ")
        assert "\x1b" not in drawn


async def test_words_stream_into_the_last_entry() -> None:
    async with shown(Entry("customer", "Hi.", "Dana")) as (said, pilot):
        entry = said.add(Entry("customer", "", "Dana"))
        for word in WORDS.split():
            said.extend(entry, word + " ")
        await until(pilot, lambda: " ".join(row[13:] for row in rows(said)[2:4]) == WORDS.strip())


async def test_the_end_is_followed_until_somebody_scrolls_up() -> None:
    many = [Entry("customer", f"Line {number}.", "Dana") for number in range(40)]
    async with shown(*many) as (said, pilot):
        assert rows(said)[-2].endswith("Line 39.")
        said.page(-1)
        await pilot.pause()
        before = rows(said)
        said.add(Entry("customer", "Line 40.", "Dana"))
        await pilot.pause()
        assert rows(said) == before
        said.to_end()
        await pilot.pause()
        assert rows(said)[-2].endswith("Line 40.")


async def test_the_mouse_wheel_scrolls() -> None:
    many = [Entry("customer", f"Line {number}.", "Dana") for number in range(40)]
    async with shown(*many) as (said, pilot):
        said.post_message(MouseScrollUp(said, 5, 5, 0, -1, 0, False, False, False))
        await until(pilot, lambda: not any("Line 39." in row for row in rows(said)))


async def test_a_resize_wraps_anew_and_keeps_its_place() -> None:
    many = [Entry("customer", f"Line {number}. {WORDS}", "Dana") for number in range(40)]
    async with shown(*many, size=(120, 24)) as (said, pilot):
        await pilot.resize_terminal(70, 30)
        await pilot.pause()
        assert any("Line 39." in row for row in rows(said))
        said.page(-1)
        await pilot.pause()
        top = next(row for row in rows(said) if "Line" in row).split("Line ")[1].split(".")[0]
        await pilot.resize_terminal(110, 24)
        await pilot.pause()
        assert any(f"Line {top}." in row or f"Line {int(top) - 1}." in row for row in rows(said)[:4])


async def test_a_pending_entry_is_dimmed_until_it_is_kept_and_can_be_taken_back() -> None:
    async with shown(Entry("trainee", "On my way.", "You", pending=True)) as (said, pilot):
        (entry,) = said.entries
        dimmed = list(said.render_line(0))[1].style
        said.change(entry)
        assert list(said.render_line(0))[1].style != dimmed and not entry.pending
        said.take_back(entry)
        await pilot.pause()
        assert said.entries == () and not any(rows(said))


async def test_selected_words_can_be_copied() -> None:
    async with shown(Entry("customer", "Hi there.", "Dana")) as (said, _):
        assert said.get_selection(Selection(Offset(13, 0), Offset(15, 0))) == ("Hi", "\n")


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_changing_the_theme_draws_anew(theme: str) -> None:
    async with shown(Entry("customer", "Hi.", "Dana")) as (said, pilot):
        before = [segment.style for segment in said.render_line(0)]
        for each in THEMES:
            pilot.app.register_theme(each)
        pilot.app.theme = theme
        await pilot.pause()
        assert [segment.style for segment in said.render_line(0)] != before
