"""What was changed by hand in the database or beside it reaches the screens as words, or is told, and ends nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from roleplay.practice.calls import Calls, now
from roleplay.practice.shelf import Shelf
from roleplay.store.transcripts import Transcripts
from roleplay.text import sanitise
from roleplay.tui.app import RoleplayApp
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.problems import ProblemsScreen
from roleplay.tui.screens.rating import RatingScreen
from roleplay.tui.widgets.conversation import Conversation
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.store.kept_calls import ANSWERS, SAYS, keep_call, line, opening, reply, session
from tests.tui.hostile import giving, payloads, poisoned, whole_persona
from tests.tui.shell import BROKEN, app_in, filled, persona_file, rows, seen, until
from tests.tui.test_hostile import drawn, squashed

WIDE = (140, 40)
ESCAPE = "\x1b]52;c;ZXZpbA==\x07"


def keep_hostile_call(store: Transcripts, words: list[str], trainee: str = "Sam") -> None:
    """An interrupted call all of whose words are a stranger's, in rows that match their checksums."""
    give = giving(words, 110)
    record = session("call-0001", trainee=trainee)
    script = poisoned(msgspec.structs.replace(record.script, persona=whole_persona(3, scenes=False)), give)
    store.begin(msgspec.structs.replace(record, script=script, started=words[0]), opening("call-0001"))
    for turn in range(1, 5):
        store.keep_line(poisoned(line("call-0001", turn, SAYS), give))
        answered = poisoned(reply("call-0001", turn, ANSWERS), give)
        store.keep_reply(msgspec.structs.replace(answered, gesture="give-1", at=words[1]))
    store.keep_line(poisoned(line("call-0001", 5, SAYS), give))
    store.keep_draft("call-0001", words[2])


def by_hand(workspace: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(workspace / "transcripts" / "roleplay.db", isolation_level=None)) as connection:
        connection.execute(statement, values)


def workspace_with(folder: Path, words: list[str], *, ended: bool = False) -> Path:
    """A workspace with one hostile call; with another that has `ended`."""
    for each in ("personas", "transcripts"):
        (folder / each).mkdir(parents=True)
    with Transcripts(folder / "transcripts" / "roleplay.db") as store:
        keep_hostile_call(store, words)
        if ended:
            keep_call(store, "call-0002", 1, trainee="Sam")
    return folder


@pytest.mark.parametrize("number", [0, pytest.param(1, marks=pytest.mark.soak)])
async def test_a_call_of_hostile_rows_is_gone_on_with(number: int, tmp_path: Path) -> None:
    words = payloads(40, f"rows-{number}")
    workspace = workspace_with(tmp_path / "w", words)
    async with app_in(workspace).run_test(size=WIDE, notifications=True) as pilot:
        call = await gone_on_with(pilot)
        await until(pilot, lambda: call.query_one(ReplyBox).text == sanitise(words[2]))
        for key in ("f2", "f5", "escape", "f3", "enter", "f1", "escape", "escape", "escape"):
            await pilot.press(key)
            await pilot.pause()
            drawn(pilot)
        entries = call.query_one(Conversation).entries
        assert len(entries) >= 14 and not any("\x1b" in entry.text + entry.name for entry in entries)
        await until(pilot, lambda: call in pilot.app.screen_stack)


@pytest.mark.parametrize("column", ["title", "trainee", "persona", "started", "turns", "exam"])
async def test_a_list_changed_by_hand_is_only_words(column: str, tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "w", payloads(40, column))
    by_hand(workspace, f"UPDATE summaries SET {column} = ?", f"[/x]{ESCAPE}[b")
    async with app_in(workspace).run_test(size=WIDE, notifications=True) as pilot:
        await filled(pilot)
        drawn(pilot)


@pytest.mark.parametrize("score", [f"[/x]{ESCAPE}", b"\x1b[2J", float("inf")], ids=repr)
async def test_a_score_changed_by_hand_does_not_end_the_app(score: object, tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "w", payloads(40, "score"), ended=True)
    by_hand(workspace, "UPDATE summaries SET persona = 'stranded-driver', score = ? WHERE outcome NOT NULL", score)
    async with app_in(workspace).run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "Dana Whitfield" in drawn(pilot) or "could not be opened" in drawn(pilot))


@pytest.mark.parametrize("started", [b"\x1b[2J", 5, "0001-01-01T00:00:00+14:00"], ids=repr)
async def test_a_time_changed_by_hand_does_not_end_the_app(started: object, tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "w", payloads(40, "started"))
    by_hand(workspace, "UPDATE summaries SET started = ?", started)
    async with app_in(workspace).run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "Go on:" in drawn(pilot) or "could not be opened" in drawn(pilot))


@pytest.mark.parametrize(
    ("field", "value"),
    [("difficulty", "hard"), ("difficulty", 9), ("difficulty", -1), ("title", None), ("content", [5]), ("problem", 3)],
)
async def test_remembered_cards_changed_by_hand_are_not_believed(field: str, value: object, tmp_path: Path) -> None:
    shelf = tmp_path / "cards.json"
    workspace = workspace_with(tmp_path / "w", payloads(40, "shelf"))

    def open_calls() -> Calls:
        return Calls(workspace / "personas", Transcripts(workspace / "t.db"), "Sam", now, Shelf(shelf))

    calls = open_calls()
    calls.gallery()
    kept = json.loads(shelf.read_text())
    kept["cards"][0][field] = value
    shelf.write_text(json.dumps(kept))
    async with RoleplayApp(open_calls).run_test(size=WIDE, notifications=True) as pilot:
        await filled(pilot)
        drawn(pilot)
    calls.close()


async def test_remembered_cards_with_escapes_are_only_words(tmp_path: Path) -> None:
    shelf = tmp_path / "cards.json"
    workspace = workspace_with(tmp_path / "w", payloads(40, "shelf"))

    def open_calls() -> Calls:
        return Calls(workspace / "personas", Transcripts(workspace / "t.db"), "Sam", now, Shelf(shelf))

    open_calls().gallery()
    kept = json.loads(shelf.read_text())
    for card in kept["cards"]:
        card |= dict.fromkeys(("title", "name", "summary", "channel", "problem"), f"[/x]{ESCAPE}[b") | {
            "content": [ESCAPE]
        }
    shelf.write_text(json.dumps(kept))
    async with RoleplayApp(open_calls).run_test(size=WIDE, notifications=True) as pilot:
        await filled(pilot)
        drawn(pilot)


def refuse(workspace: Path, table: str) -> None:
    """Let the database refuse every row of `table`, with a sentence of a stranger's."""
    said = f"[/x] [@click=app.quit]x[/] {ESCAPE}"
    by_hand(workspace, f"CREATE TRIGGER t BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END")


async def test_a_reply_that_the_database_refuses_comes_back_and_its_reason_is_only_words(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "w", payloads(40, "refused"))
    refuse(workspace, "replies")
    async with app_in(workspace).run_test(size=WIDE, notifications=True) as pilot:
        call = await gone_on_with(pilot)
        call.query_one(ReplyBox).put("I am with you.")
        await pilot.press("enter")
        await until(pilot, lambda: "NOT saved" in drawn(pilot))
        assert call.query_one(ReplyBox).text == "I am with you."
        await until(pilot, lambda: "␛]52;c;ZXZpbA==␇" in squashed(drawn(pilot)))
        assert "[/x][@click=app.quit]x[/]" in squashed(drawn(pilot))


async def test_that_a_reply_was_not_saved_is_told_to_the_end_at_every_size(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "w", ["words"] * 3)
    refuse(workspace, "replies")
    async with app_in(workspace).run_test(size=WIDE) as pilot:
        call = await gone_on_with(pilot)
        call.query_one(ReplyBox).put("I am with you.")
        for size in ((60, 16), (80, 24), (100, 30), WIDE):
            await pilot.resize_terminal(*size)
            await pilot.press("enter")
            await until(pilot, lambda: "NOT saved" in drawn(pilot))
            shown = " ".join(drawn(pilot).split())
            assert "Your reply is back in the box." in shown and "Enter tries again." in shown


async def test_a_rating_that_the_database_refuses_is_told_in_words(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "w", payloads(40, "rating"))
    refuse(workspace, "self_ratings")
    async with app_in(workspace).run_test(size=WIDE, notifications=True) as pilot:
        call = await gone_on_with(pilot)
        await call._session.leave()
        await until(pilot, lambda: call._over)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RatingScreen))
        await pilot.press("2")
        await until(pilot, lambda: not isinstance(pilot.app.screen, RatingScreen))
        await until(pilot, lambda: "␛]52;c;ZXZpbA==␇" in squashed(drawn(pilot)))


async def gone_on_with(pilot: Pilot[None]) -> CallScreen:
    """The interrupted call, taken up again."""
    pilot.app.animation_level = "none"
    await filled(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CallScreen))
    assert isinstance(pilot.app.screen, CallScreen)
    return pilot.app.screen


async def test_the_problems_of_a_file_can_be_left_while_it_is_read(tmp_path: Path) -> None:
    persona_file(tmp_path, "aa-broken", BROKEN)
    async with app_in(tmp_path).run_test(size=WIDE, notifications=True) as pilot:
        await filled(pilot)
        await pilot.press("end")
        for _ in range(10):
            rows(pilot).choose()
            while not isinstance(pilot.app.screen, ProblemsScreen):
                await pilot.pause(0.001)
            pilot.app.screen.dismiss(None)
            await pilot.pause(0.05)
        assert isinstance(pilot.app.screen, GalleryScreen) and "aa-broken" in seen(pilot)
