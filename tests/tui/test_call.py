"""A call on the screen: how the customer speaks, what Enter sends, what is kept, and what coached mode shows."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import time
from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets._footer import FooterKey

from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.store.transcripts import Transcripts
from roleplay.tui import drafts, pace
from roleplay.tui.pace import seconds_for, words_of
from roleplay.tui.screens.pause import PauseScreen
from roleplay.tui.screens.record import RecordScreen
from roleplay.tui.widgets.desk import Desk
from tests.tui.stage import MISSES, pat, playing

LONG = "It is dark, and the lamp over the door has gone out, and I can hear somebody on the stairs below me."


def speaks(line: str, **changes: object) -> object:
    first = {"id": "opening", "says": line, "feeling": "cold", "spoken": "door", "unspoken": "company"}
    customer = {"opening": line, "backstory": "Pat lives on Hill Street."}
    return pat(customer=customer, moments=[first], endings=[], disclosures=[], **changes)


async def test_the_customers_words_come_at_a_speaking_pace_and_are_kept_before(tmp_path: Path) -> None:
    async with playing(tmp_path, speaks(LONG), animated=True, settled=False) as call:
        await call.until(lambda: call.session.transcript.lines)
        kept_whole = call.session.transcript.lines[0].text
        await call.until(lambda: len(call.entries[0].text.split()) >= 2)
        began, words = time.monotonic(), len(call.entries[0].text.split())
        await call.until(lambda: len(call.entries[0].text.split()) >= words + 6)
        a_second = 6 / (time.monotonic() - began)
        assert kept_whole == LONG and call.entries[0].text != LONG
        assert a_second < 7
        assert len(LONG.split()) / sum(map(seconds_for, words_of(LONG))) > 2.5  # a busy machine only adds to it


@pytest.mark.usefixtures("unhurried")
async def test_any_key_shows_the_rest_at_once_and_still_types(tmp_path: Path) -> None:
    async with playing(tmp_path, speaks(LONG), animated=True, settled=False) as call:
        await call.until(lambda: call.entries and call.entries[0].text)
        await call.pilot.press("h", "i")
        await call.until(lambda: call.said() == [("Pat", LONG)])
        assert call.box.text == "hi"


@pytest.mark.usefixtures("unhurried")
async def test_sending_while_she_speaks_completes_her_line_first(tmp_path: Path) -> None:
    async with playing(tmp_path, speaks(LONG), animated=True, settled=False) as call:
        await call.until(lambda: call.entries and call.entries[0].text)
        call.box.put("I hear you.")
        await call.pilot.press("enter")
        await call.until(lambda: call.kept() == 1)
        assert call.said()[:2] == [("Pat", LONG), ("You", "I hear you.")]


async def test_in_a_chat_she_is_seen_typing_and_the_message_comes_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "_LEAST_TYPING", 2.0)  # long enough to be seen on a busy machine
    async with playing(tmp_path, speaks(LONG, channel="chat"), animated=True, settled=False) as call:
        seen = set()
        await call.until(lambda: call.entries and (seen.add(call.entries[0].text) or call.entries[0].text == LONG))
        assert seen == {"typing …", LONG}


async def test_without_animations_every_word_is_there_at_once(tmp_path: Path) -> None:
    async with playing(tmp_path, speaks(LONG)) as call:
        assert call.said() == [("Pat", LONG)]


async def test_a_reply_is_shown_as_sent_when_it_is_kept_and_the_draft_is_cleared_with_it(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.pilot.press(*"hello")
        await call.until(lambda: call.calls.draft(call.session.transcript.session.id) == "hello")
        await call.pilot.press("enter")
        await call.answered(1)
        assert call.said()[1] == ("You", "hello") and not call.entries[1].pending
        assert call.box.text == "" and call.calls.draft(call.session.transcript.session.id) == ""


async def test_what_is_typed_right_after_enter_is_neither_sent_nor_lost(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        call.box.put("hello")
        for key in ("enter", "o", "k"):  # without a pause between them, as from a fast hand
            call.app.post_message(Key(key, key if len(key) == 1 else None))
        await call.answered(1)
        assert call.session.transcript.replies[0].text == "hello" and call.box.text == "ok"


async def test_an_empty_enter_is_asked_about_and_a_second_one_is_a_silence(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.pilot.press("enter")
        assert call.kept() == 0 and call.status == "Enter again to stay silent"
        await call.pilot.press("enter")
        await call.answered(1)
        assert call.session.transcript.replies[0].text == ""
        assert call.said()[1] == ("You", "(silence)")


async def test_an_empty_enter_that_comes_too_late_asks_again(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.pilot.press("enter")
        call.app.call.query_one(Desk)._silent_until = time.monotonic() - 0.1  # three seconds later
        await call.pilot.press("enter")
        assert call.kept() == 0 and call.status == "Enter again to stay silent"


@pytest.mark.usefixtures("unhurried")
async def test_enter_that_cuts_in_on_her_words_is_no_silence(tmp_path: Path) -> None:
    async with playing(tmp_path, speaks(LONG), animated=True, settled=False) as call:
        await call.until(lambda: call.entries and call.entries[0].text)
        await call.pilot.press("enter")
        assert call.kept() == 0 and call.status == "" and call.entries[0].text == LONG


async def test_a_reply_above_the_limit_is_refused_and_stays(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        call.box.put("x" * 4_123)
        await call.pilot.press("enter")
        assert call.kept() == 0 and len(call.box.text) == 4_123
        assert "At most 4,000" in call.status
        assert call.text("#counter") == "4,123 / 4,000, 123 too many"


async def test_the_counter_appears_from_three_thousand_on(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        call.box.put("x" * 2_999)
        await call.pilot.pause()
        assert call.text("#counter") == ""
        await call.pilot.press("x")
        assert call.text("#counter") == "3,000 / 4,000"


async def test_coached_mode_shows_how_a_reply_was_heard_and_what_it_rests_on(tmp_path: Path) -> None:
    driver = load_persona(shipped_folder() / "stranded-driver.yaml")
    async with playing(tmp_path, driver, size=(140, 40)) as call:
        await call.reply(driver.moments[0].better[0].reply)
        kept = call.session.transcript.replies[0]
        panel = call.text("#panel-state")
        assert kept.assessment.opportunity in ("met", "partly")
        assert {"met": "✓ Met", "partly": "~ Partly met"}[kept.assessment.opportunity] in panel
        assert any(f"“{evidence.quote}”" in panel for evidence in kept.assessment.evidence)
        assert "▲ +" in panel and "trusts you more" in panel and f"{kept.state.trust:.1f}" in panel
        await call.reply(MISSES)
        assert "✗ Missed" in call.text("#panel-state") and "Not there yet" in call.text("#panel-state")


async def test_a_narrow_terminal_shows_the_same_in_three_rows(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.reply(MISSES)
        strip = call.text("#strip")
        assert "Trust" in strip and "Distress" in strip and "✗ Missed" in strip and "Not there yet:" in strip
        assert call.app.call.query_one("#strip").size.height <= 3
        assert not call.app.call.query_one("#panel").display


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_an_exam_shows_no_panel_no_hint_and_no_verdict(tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(tmp_path, exam=True, size=size) as call:
        await call.reply(MISSES)
        await call.pilot.press("f2", "f4")
        await call.pilot.pause()
        shown = call.picture()
        assert not any(word in shown for word in ("Trust", "Distress", "Missed", "Met", "Hint"))
        assert "Hint" not in call.footer and "Answer again" not in call.footer
        assert call.kept() == 1


async def test_a_hint_is_first_a_question_and_then_a_worked_reply_of_this_moment(tmp_path: Path) -> None:
    better = [{"reply": "I'm coming, stay by the lamp.", "why": "It acts, and it stays."}]
    first = {"id": "opening", "says": "I'm locked out.", "feeling": "cold", "unspoken": "company", "better": better}
    async with playing(tmp_path, pat(moments=[first]), size=(140, 40)) as call:
        assert "stay by the lamp" not in call.text("#panel-hint")
        await call.pilot.press("f2")
        assert "?" in call.text("#panel-hint") and "stay by the lamp" not in call.text("#panel-hint")
        await call.pilot.click("#panel-hint")
        assert "stay by the lamp" in call.text("#panel-hint") and "It acts, and it stays." in call.text("#panel-hint")
        assert "Hint used" in call.text("#panel-hint")


async def test_a_missed_reply_can_be_tried_again_and_its_text_is_there_to_be_edited(tmp_path: Path) -> None:
    async with playing(tmp_path, size=(140, 40)) as call:
        assert "Answer again" not in call.footer
        await call.reply(MISSES)
        assert "Answer again" in call.footer
        await call.pilot.press("f4")
        await call.until(lambda: call.box.text)
        assert call.box.text == call.box.selected_text == MISSES
        assert (
            call.said()[-1] == call.said()[0]
            and "You answer again from here. Your first reply still counts" in call.said()[-2][1]
        )
        assert "Answer again" not in call.footer
        await call.pilot.press(*"Coming.", "enter")
        await call.answered(1)
        assert call.session.transcript.replies[0].text == "Coming." and call.session.transcript.branch == 1


async def test_a_gesture_is_picked_shown_over_the_box_and_given_with_the_reply(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.pilot.press("f3")
        await call.pilot.pause()
        await call.pilot.press("enter")
        await call.pilot.pause()
        assert "wait with them" in call.text("#gesture")
        await call.reply("I'm coming.")
        assert call.session.transcript.replies[0].gesture == "wait"
        assert ("note", "You give: wait with them") in call.said()
        assert not call.app.call.query_one("#gesture").display


@pytest.mark.parametrize("way", ["escape", "click"])
async def test_a_gesture_is_taken_off_again(tmp_path: Path, way: str) -> None:
    async with playing(tmp_path) as call:
        await call.pilot.press("f3")
        await call.pilot.pause()
        await call.pilot.click(OptionList, offset=(3, 0))
        await call.pilot.pause()
        assert call.app.call.query_one("#gesture").display
        await (call.pilot.press("escape") if way == "escape" else call.pilot.click("#gesture", offset=(15, 0)))
        await call.reply("I'm coming.")
        assert call.session.transcript.replies[0].gesture is None


async def test_the_record_is_one_key_away(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.pilot.press("f5")
        await call.pilot.pause()
        assert isinstance(call.app.screen, RecordScreen)
        shown = call.picture()
        assert "Locksmith dispatcher" in shown and "wait with them" in shown
        await call.pilot.press("escape")
        assert call.app.screen is call.app.call


async def test_pause_saves_what_is_typed_and_a_resumed_call_is_whole(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.reply(MISSES)
        before = call.said()
        await call.pilot.press(*"half a th")
        await call.pilot.press("escape")
        await call.pilot.pause()
        assert isinstance(call.app.screen, PauseScreen)
        await call.pilot.press("down", "enter")
        await call.until(lambda: call.app.result)
        assert call.app.result == "paused"
        session = call.session.transcript.session.id
    async with playing(tmp_path, resume=session) as call:
        await call.until(lambda: call.box.text)
        assert call.said() == [*before, ("note", "Resumed – nothing was lost.")]
        assert "✗ Missed" in call.text("#strip")
        assert call.box.text == "half a th"
        await call.pilot.press(*"ought", "enter")
        await call.answered(2)
        assert call.session.transcript.replies[1].text == "half a thought"


async def test_ending_the_call_says_what_it_meant_only_after(tmp_path: Path) -> None:
    danger = {"id": "opening", "says": "The ice cracks.", "spoken": "door", "safety": "danger"}
    async with playing(tmp_path, pat(moments=[danger])) as call:
        await call.pilot.press("escape")
        await call.pilot.pause()
        asked = " ".join(str(each.prompt) for each in call.app.screen.query_one(OptionList).options)
        assert "safe" not in asked and "danger" not in asked
        await call.pilot.press("down", "down", "enter")
        await call.until(lambda: call.session.ended and "Debrief" in call.footer)
        assert call.said()[-1] == ("note", "You ended the call. Pat was not safe yet when you hung up.")
        assert call.app.result is None
        await call.pilot.press("enter")
        await call.until(lambda: call.app.result == "ended")


async def test_the_last_words_stay_until_enter(tmp_path: Path) -> None:
    ending = [{"id": "over", "when": "turn >= 1", "says": "That's that.", "outcome": "mixed"}]
    async with playing(tmp_path, pat(endings=ending)) as call:
        await call.reply("I'm coming.")
        await call.until(lambda: "Debrief" in call.footer)
        assert call.said()[-1][1].endswith("That's that.") and call.app.result is None
        assert call.app.call.query_one("#over").display and not call.box.region
        await call.pilot.press("enter")
        await call.until(lambda: call.app.result == "ended")


async def test_quitting_keeps_the_draft_at_once(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        session = call.session.transcript.session.id
        await call.pilot.press(*"typed")
        call.app.exit()
    with Transcripts(tmp_path / "t" / "roleplay.db") as store:
        assert store.draft(session) == "typed"


async def test_a_terminal_that_becomes_tiny_keeps_the_draft_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "WITHIN", 60.0)
    async with playing(tmp_path) as call:
        await call.pilot.press(*"typed")
        await call.pilot.resize_terminal(30, 8)
        await call.until(lambda: call.calls.draft(call.session.transcript.session.id) == "typed")
        await call.pilot.resize_terminal(80, 24)
        await call.until(lambda: call.box.has_focus)
        await call.pilot.press("!")
        assert call.box.text == "typed!"


async def test_a_reply_the_disk_refuses_comes_back_and_enter_sends_it_again(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        log = tmp_path / "t" / "roleplay.db-wal"
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, resource.RLIM_INFINITY))
        try:
            call.box.put("I'm coming.")
            await call.pilot.press("enter")
            await call.until(lambda: "NOT saved" in call.status)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert call.box.text == "I'm coming." and call.said() == [("Pat", "I'm locked out.")]
        await call.pilot.press("enter")
        await call.answered(1)
        assert call.session.transcript.replies[0].text == "I'm coming." and "NOT" not in call.status


async def test_what_follows_a_reply_can_be_said_again_when_it_was_not_kept(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        log, refused = tmp_path / "t" / "roleplay.db-wal", False
        keep_line = call.calls._store.keep_line

        def full_for_the_line(line: object) -> None:
            nonlocal refused
            if not refused:
                refused = True
                resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, resource.RLIM_INFINITY))
            keep_line(line)

        call.calls._store.keep_line = full_for_the_line
        try:
            call.box.put("I'm coming.")
            await call.pilot.press("enter")
            await call.until(lambda: "What follows could not be saved" in call.status)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert call.kept() == 1 and call.session.unfinished
        call.box.put("typed meanwhile")
        await call.pilot.press("enter")
        await call.answered(1)
        assert [name for name, _ in call.said()] == ["Pat", "You", "Pat"]
        assert call.box.text == "typed meanwhile"


async def test_a_lock_held_by_another_program_is_told_and_the_box_goes_on(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        other = sqlite3.connect(tmp_path / "t" / "roleplay.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        call.box.put("I'm coming.")
        await call.pilot.press("enter")
        await call.until(lambda: "waiting for another program" in call.status)
        assert call.entries[1].pending
        await call.pilot.press("o", "k", "enter")
        assert call.box.text == "ok" and "still being saved" in call.status
        other.execute("ROLLBACK")
        other.close()
        await call.answered(1)
        assert call.box.text == "ok" and not call.entries[1].pending
        await call.until(lambda: call.calls.draft(call.session.transcript.session.id) == "ok")


async def test_a_lock_that_is_not_given_back_returns_the_reply(tmp_path: Path) -> None:
    async with playing(tmp_path, busy_timeout=2.0) as call:
        other = sqlite3.connect(tmp_path / "t" / "roleplay.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        call.box.put("I'm coming.")
        await call.pilot.press("enter")
        await call.pilot.press(*"and")
        await call.until(lambda: "NOT saved" in call.status)
        assert call.box.text == "I'm coming.\nand"
        other.close()


async def test_a_scene_is_told_and_its_speaker_takes_over(tmp_path: Path) -> None:
    def moment(ident: str, says: str) -> dict[str, object]:
        return {"id": ident, "says": says, "feeling": "cold", "spoken": "door"}

    scenes = [
        {"id": "door", "title": "At the door", "moments": [moment("m1", "I'm locked out.")], "next": "turn >= 1"},
        {
            "id": "desk",
            "title": "At the desk",
            "narration": "An hour later.",
            "cast": [{"name": "Ana Li", "temperament": {"trust": 2, "distress": 3}}],
            "opening": "Who is this?",
            "moments": [moment("m2", "Who is this?")],
        },
    ]
    persona = pat(scenes=scenes, moments=[], disclosures=[], endings=[], answers=[])
    async with playing(tmp_path, persona, size=(140, 40), settled=False) as call:
        await call.until(lambda: len(call.said()) == 2)
        assert call.said() == [("title", "At the door"), ("Pat", "I'm locked out.")]
        call.box.put("I'm coming.")
        await call.pilot.press("enter")
        await call.until(lambda: call.said()[-1] == ("Ana", "Who is this?"))
        assert call.said()[-3:-1] == [("title", "At the desk"), ("narration", "An hour later.")]
        panel = call.text("#panel-state")
        assert panel.startswith("Ana") and "2.0" in panel and "3.0" in panel


async def test_the_mouse_works_the_footer(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.until(lambda: call.app.screen.query("FooterKey"))
        await call.pilot.pause()
        (record,) = [key for key in call.app.screen.query(FooterKey) if key.description == "Record"]
        await call.pilot.click(record)
        await call.pilot.pause()
        assert isinstance(call.app.screen, RecordScreen)


async def test_earlier_words_are_paged_to_while_the_box_keeps_the_focus(tmp_path: Path) -> None:
    async with playing(tmp_path, speaks(LONG * 6), size=(80, 16)) as call:
        await call.pilot.press("pageup")
        await call.pilot.pause()
        assert "more below" in call.status and "It is dark" in call.picture() and call.box.has_focus
        await call.pilot.press("pagedown", "pagedown")
        await call.pilot.pause()
        assert call.status == ""


async def test_leaving_while_a_reply_is_on_its_way_keeps_it(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        session = call.session.transcript.session.id
        other = sqlite3.connect(tmp_path / "t" / "roleplay.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        call.box.put("I'm coming.")
        await call.pilot.press("enter", "escape")
        await call.pilot.pause()
        await call.pilot.press("down", "enter")
        await asyncio.sleep(0.1)
        assert call.app.result is None
        other.close()
        await call.until(lambda: call.app.result == "paused")
    with Transcripts(tmp_path / "t" / "roleplay.db") as store:
        assert [reply.text for reply in store.load(session).replies] == ["I'm coming."]
