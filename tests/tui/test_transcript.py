"""A call as a coach reviews it: read line by line, commented, overruled, answered, marked, and taken back again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from roleplay.tui.screens.answer import AnswerScreen
from roleplay.tui.screens.comment import CommentScreen
from roleplay.tui.screens.help import HelpScreen
from roleplay.tui.screens.overrule import OverruleScreen
from roleplay.tui.screens.transcript import TranscriptScreen
from tests.review.desks import desk_at
from tests.store.kept_calls import keep_call, practise
from tests.tui.reviewing import (
    DISPUTED,
    LARGE,
    OBJECTION,
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
    two_tries,
    typed,
)
from tests.tui.shell import seen, until

HOSTILE = "[red]x[/red] \x1b]0;owned\x07 \u202etxt [@click=app.quit]y[/] $primary"
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    calls_that_wait(tmp_path)
    return tmp_path


@SIZES
async def test_line_by_line_with_the_mind_beside_it(size: tuple[int, int], workspace: Path) -> None:
    transcript = kept(workspace, PLAYED).transcript
    async with reviewing(workspace, PLAYED).run_test(size=size, notifications=True) as pilot:
        screen = await opened(pilot, "Membership number?")
        assert "Stuck where the ramp splits off (Dana Whitfield)" in seen(pilot)
        assert "score 15, Sam, 4 November 13:03, 6 replies" in seen(pilot)
        for reply in transcript.replies:
            await pilot.press("down", "down")
            state = transcript.state_after(reply)
            drawn = " ".join(seen(pilot).split())
            assert screen._story.current == f"0-{reply.turn + 1}-customer-1"
            assert f" {state.trust:g}" in drawn and f" {state.distress:g}" in drawn
            assert f"{reply.text.split()[0]}" in drawn
        await pilot.press("home")
        assert screen._story.current == "0-1-customer-1"
        if size == LARGE:
            assert "At the beginning" in seen(pilot) and "Told and kept back" in seen(pilot)


@SIZES
async def test_what_the_levels_rest_on_is_told_on_request(size: tuple[int, int], workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=size, notifications=True) as pilot:
        await opened(pilot, "Membership number?[1]")
        assert "✗ Missed  overall 0 of 4" in seen(pilot)
        assert "feeling 0  need 1  unspoken 0  explores 0  acts 0  harm 2" in seen(pilot)
        assert "Assessed by the offline scorer." not in seen(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Assessed by the offline scorer." in seen(pilot))
        assert "takes up what was asked 1 of 2" in " ".join(seen(pilot).split())
        await pilot.press("enter")
        await until(pilot, lambda: "Assessed by the offline scorer." not in seen(pilot))


async def test_a_comment_on_a_line_and_on_a_reply_is_kept_before_it_is_shown(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "Membership number?")
        await pilot.press("c")
        await on(pilot, CommentScreen)
        assert "Comment on what Dana said" in seen(pilot)
        await typed(pilot, "Hear the lorries.")
        await pilot.press("enter")
        await opened(pilot, "✎  Kim, ")
        assert ": Hear the lorries." in seen(pilot)
        await pilot.press("down", "c")
        await on(pilot, CommentScreen)
        assert "Comment on Sam’s reply" in seen(pilot)
        await typed(pilot, "Ask whether she is safe.")
        await pilot.press("enter")
        await noted(pilot, "Ask whether she is safe.")
        on_line, on_reply = kept(workspace, PLAYED).reviewed.comments
    assert (on_line.side, on_line.turn, on_line.coach, on_line.text) == ("customer", 1, "Kim", "Hear the lorries.")
    assert (on_reply.side, on_reply.turn) == ("trainee", 1)
    assert verify(database(workspace)).fine


@SIZES
async def test_a_level_is_overruled_with_a_reason_and_the_automated_one_stays_visible(
    size: tuple[int, int], workspace: Path
) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=size, notifications=True) as pilot:
        await opened(pilot, "score 15")
        await pilot.press("o")
        await told(pilot, "Only a reply has levels: mark one of Sam’s first.")
        await pilot.press("down", "o")
        await on(pilot, OverruleScreen)
        assert "1  Takes in the feeling  0 of 2" in seen(pilot)
        assert "7  The reply as a whole  0 of 4" in seen(pilot)
        await pilot.press("2")
        assert "Is the latest request or question taken up" in seen(pilot)
        assert "Exactly what was asked is answered or named." in seen(pilot)
        await pilot.press("2")
        await typed(pilot, "2 she was asked for it.")
        await pilot.press("enter")
        await noted(pilot, "need 1→2")
        await noted(pilot, "Takes up what was asked 1 → 2 of 2. 2 she was asked for it.")
        strips = pilot.app.screen._compositor.render_strips()
        struck = [each.text for strip in strips for each in strip if each.style and each.style.strike]
        assert struck.count("1") == 2
    (override,) = kept(workspace, PLAYED).reviewed.overrides
    assert (override.dimension, override.level, override.coach) == ("names_need", 2, "Kim")


async def test_an_overruled_level_can_be_lifted_again(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=LARGE, notifications=True) as pilot:
        await opened(pilot, "score 15")
        await pilot.press("down", "o", "7", "4")
        await typed(pilot, "All of it.")
        await pilot.press("enter")
        await noted(pilot, "0 → 4 of 4")
        await pilot.press("o", "7")
        await until(pilot, lambda: "Take it back: the level of the offline scorer counts again (0)." in seen(pilot))
        await pilot.press("end", "enter")
        await typed(pilot, "Too kind.")
        await pilot.press("enter")
        await noted(pilot, "overall 0 of 4")
    case = kept(workspace, PLAYED)
    assert [each.level for each in case.reviewed.overrides] == [4, None]
    assert case.reviewed.levels_on((0, 1)) == {}


async def test_a_score_that_a_coach_changed_stands_after_the_one_of_the_machine(workspace: Path) -> None:
    async with reviewing(workspace, PLAIN).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "score 5")
        before = seen(pilot).split("score ")[1].split(",")[0]
        await pilot.press("down", "o", "5", "2")
        await typed(pilot, "It hurt.")
        await pilot.press("enter")
        await opened(pilot, f"{before} → score ")


async def test_a_dispute_is_answered(workspace: Path) -> None:
    async with reviewing(workspace, DISPUTED).run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot, "1 dispute waits")
        assert "A Answer" in seen(pilot)
        await pilot.press("a")
        await on(pilot, AnswerScreen)
        assert OBJECTION in seen(pilot)
        await pilot.press("2")
        await typed(pilot, "An offer comes after safety.")
        await pilot.press("enter")
        await noted(pilot, "not upheld. An offer comes after safety.")
        assert screen._story.current == "0-2-trainee-1"
        assert "A Answer" not in seen(pilot) and "dispute waits" not in seen(pilot)
    (answer,) = kept(workspace, DISPUTED).reviewed.answers
    assert (answer.upheld, answer.coach) == (False, "Kim")


async def test_reviewed_goes_on_to_the_next_and_undo_takes_it_back(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL, notifications=True) as pilot:
        await queue(pilot)
        await pilot.press("down", "enter")
        await opened(pilot, "Membership number?")
        await pilot.press("r")
        screen = await shown(pilot, PLAIN)
        assert [each.coach for each in kept(workspace, PLAYED).reviewed.marks] == ["Kim"]
        await pilot.press("u")
        await told(pilot, "Taken back: that the call is reviewed.")
        assert kept(workspace, PLAYED).reviewed.marks == ()
        await pilot.press("u")
        await told(pilot, "There is nothing left to undo")
        await pilot.press("r")
        await queue(pilot)
        assert not screen.is_current and screen._shown and screen._shown.ident == PLAIN


async def test_next_goes_through_the_queue_as_it_is_filtered(workspace: Path) -> None:
    async with reviewing(workspace).run_test(size=SMALL, notifications=True) as pilot:
        await queue(pilot)
        await pilot.press("enter")
        await opened(pilot, "1 dispute waits")
        for session in (PLAYED, PLAIN):
            await pilot.press("n")
            await shown(pilot, session)
        await pilot.press("n")
        await queue(pilot)
        await told(pilot, "That was the last call that waits here.")


async def test_steps_are_undone_one_after_the_other(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "score 15")
        await pilot.press("c")
        await typed(pilot, "One")
        await pilot.press("enter")
        await noted(pilot, ": One")
        await pilot.press("down", "o", "1", "2")
        await typed(pilot, "Two")
        await pilot.press("enter")
        await noted(pilot, "feeling 0→2")
        await pilot.press("u")
        await until(pilot, lambda: "feeling 0  " in seen(pilot))
        await told(pilot, "Taken back: your level feeling 2 of reply 1.")
        await pilot.press("u")
        await until(pilot, lambda: ": One" not in seen(pilot))
    case = kept(workspace, PLAYED)
    assert (case.reviewed.comments, case.reviewed.levels_on((0, 1))) == ((), {})
    assert verify(database(workspace)).fine


async def test_a_call_that_goes_on_is_read_and_not_reviewed(tmp_path: Path) -> None:
    with Transcripts(database(tmp_path)) as store:
        keep_call(store, PLAIN, ended=False)
    async with reviewing(tmp_path, PLAIN).run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot, "has not ended")
        for key in "coar":
            await pilot.press(key)
        await pilot.pause()
        assert pilot.app.screen is screen
        await told(pilot, "it can be read now, and reviewed once it has")


async def test_other_tries_are_behind_their_numbers(tmp_path: Path) -> None:
    two_tries(tmp_path)
    async with reviewing(tmp_path, PLAIN).run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot, "0 first path  1 try 1, to the end")
        assert "taken back, counts" in seen(pilot)
        await pilot.press("end")
        assert "second try, practice: does not count" in seen(pilot)
        await pilot.press("0")
        await until(pilot, lambda: bool(screen._shown and screen._shown.case.transcript.branch == 0))
        assert "Once more." not in seen(pilot) and "this try was given up" in seen(pilot)
        await pilot.press("down", "c")
        await typed(pilot, "On the first")
        await pilot.press("enter")
        await until(pilot, lambda: "0 first path (1 comment)" in seen(pilot))
        await pilot.press("1")
        await until(pilot, lambda: bool(screen._shown and screen._shown.case.transcript.branch == 1))


async def test_what_was_answered_again_after_the_end_is_told_as_practice_and_only_commented_on(tmp_path: Path) -> None:
    with Transcripts(database(tmp_path)) as store:
        keep_call(store, PLAIN, 2, trainee="Ben")
        practise(store, PLAIN, 2)
    async with reviewing(tmp_path, PLAIN).run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot, "0 first path, to the end  1 try 1, practice")
        await pilot.press("1")
        await until(pilot, lambda: bool(screen._shown and screen._shown.practice))
        await pilot.press("end", "up")
        assert "practice: does not count" in seen(pilot) and "As practice. (1, 2)" in seen(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "there is nothing to overrule" in " ".join(seen(pilot).split()))
        assert pilot.app.screen is screen
        await pilot.press("c")
        await typed(pilot, "Better")
        await pilot.press("enter")
        await until(pilot, lambda: "1 try 1, practice (1 comment)" in seen(pilot))
    assert [(each.branch, each.turn) for each in kept(tmp_path, PLAIN).reviewed.comments] == [(1, 2)]


async def test_words_are_found_within_the_call_again_and_again(workspace: Path) -> None:
    with desk_at(database(workspace)) as desk:
        desk.comment(PLAYED, 0, 4, "customer", "A rail, and then a comment.")
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot, "score 15")
        await pilot.press("slash")
        await typed(pilot, "RAIL")
        await pilot.press("enter")
        await until(pilot, lambda: screen._story.current == "0-4-customer-1")
        strips = screen._compositor.render_strips()
        found = [each.text for strip in strips for each in strip if each.style and each.style.reverse]
        assert [each for each in found if each.casefold() == "rail"] == ["rail", "rail"]
        await pilot.press("ctrl+u")
        await typed(pilot, "zebra")
        await pilot.press("enter")
        await told(pilot, "“zebra” does not stand in this call.")
        await pilot.press("escape", "c")
        await on(pilot, CommentScreen)


async def test_hostile_words_are_shown_and_never_obeyed(tmp_path: Path) -> None:
    with Transcripts(database(tmp_path)) as store:
        keep_call(store, PLAIN, trainee=HOSTILE)
    with desk_at(database(tmp_path), HOSTILE) as desk:
        reply = desk.open(PLAIN).transcript.replies[0]
        desk.comment(PLAIN, 0, 1, "customer", HOSTILE)
        desk.overrule(PLAIN, reply, "overall", 0, HOSTILE)
        desk.dispute(PLAIN, reply, HOSTILE)
    async with reviewing(tmp_path).run_test(size=LARGE, notifications=True) as pilot:
        await queue(pilot)
        assert "[red]x[/red] ␛]0;owned" in seen(pilot)
        await pilot.press("enter")
        await noted(pilot, "disputes this: [red]x[/red] ␛]0;owned␇ �txt [@click=app.quit]y[/] $primary")
        drawn = seen(pilot)
        assert drawn.count("[@click=app.quit]y[/]") >= 3
        assert not {"\x1b", "\x07", "\u202e"} & set(drawn)
        await pilot.press("a")
        await on(pilot, AnswerScreen)
        await until(pilot, lambda: "[red]x[/red]" in seen(pilot))


async def test_help_tells_every_key(workspace: Path) -> None:
    async with reviewing(workspace, DISPUTED).run_test(size=LARGE, notifications=True) as pilot:
        await opened(pilot, "1 dispute waits")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        drawn = seen(pilot)
    for words in (
        "Comment on the marked",
        "Overrule a level",
        "Answer the dispute",
        "Mark the call as reviewed",
        "Find",
    ):
        assert words in drawn


async def test_another_coach_s_work_is_seen_on_reload(workspace: Path) -> None:
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot, "score 15")
        with desk_at(database(workspace), "Lee") as other:
            other.comment(PLAYED, 0, 1, "customer", "Seen by Lee.")
        await pilot.press("down", "f5")
        await until(pilot, lambda: "Seen by Lee." in seen(pilot))
        assert screen._story.current == "0-1-trainee-1"


async def test_a_damaged_call_is_told_in_a_sentence(workspace: Path) -> None:
    with closing(sqlite3.connect(database(workspace))) as connection:
        connection.execute("DROP TRIGGER replies_are_only_added")
        connection.execute("UPDATE replies SET text = 'Other words.' WHERE session = ?", [PLAYED])
        connection.commit()
    async with reviewing(workspace, PLAYED).run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "does not match its checksum" in " ".join(seen(pilot).split()))
        assert isinstance(pilot.app.screen, TranscriptScreen)
        await pilot.press("c", "o", "r", "u", "n")
        await pilot.press("escape")
