"""Keys at awkward moments: while a reply is kept or taken back, while a scene changes, at the end of a call."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from textual.events import Key

from roleplay.conversation.turns import Transcript
from roleplay.practice.calls import Calls, now
from roleplay.store import book
from roleplay.store.transcripts import Transcripts
from roleplay.tui.app import RoleplayApp
from roleplay.tui.journey import Wanted
from roleplay.tui.screens.call import CallScreen
from tests.tui.shell import begin_call, seen, until
from tests.tui.stage import MISSES, Playing, pat, playing

TEMPER = "Shut up, you idiot."
HANGS_UP = [{"id": "hangs-up", "when": "patience <= 9", "says": "Forget it.", "outcome": "bad"}]
TWO_SCENES = {
    "moments": [],
    "scenes": [
        {"id": "call", "moments": [{"id": "opening", "feeling": "tired"}], "next": "turn >= 1"},
        {
            "id": "transfer",
            "title": "The other desk",
            "narration": "You ring through.",
            "cast": [{"name": "Ann Lee"}],
            "opening": "Closures, this is Ann, and I have two minutes and a queue behind me, so be quick about it.",
            "moments": [{"id": "desk", "feeling": "busy"}],
        },
    ],
}


def database(workspace: Path) -> Path:
    return workspace / "transcripts" / "roleplay.db"


def locked(path: Path) -> sqlite3.Connection:
    """Another program that is writing to the database at `path`, until it is closed."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


def kept(folder: Path, session: str) -> tuple[Transcript, str]:
    """What is in the database: the transcript and the draft."""
    with Transcripts(folder / "t" / "roleplay.db") as store:
        return store.load(session), store.draft(session)


def ident(call: Playing) -> str:
    return call.session.transcript.session.id


async def test_quitting_while_a_reply_is_kept_keeps_it_and_what_was_typed_after_it(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        other = locked(tmp_path / "t" / "roleplay.db")
        call.box.put("my reply")
        await call.pilot.press("enter", *"next")
        threading.Timer(0.4, other.close).start()
        call.app.exit()
    transcript, draft = kept(tmp_path, ident(call))
    assert [reply.text for reply in transcript.replies] == ["my reply"]
    assert draft == "next"


async def test_quitting_while_nothing_can_be_kept_says_so_first(tmp_path: Path) -> None:
    session = await begin_call(tmp_path)
    calls = Calls(tmp_path / "personas", Transcripts(database(tmp_path), busy_timeout=0.3), "Sam", now)
    app = RoleplayApp(lambda: calls, Wanted("stranded-driver", resume=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, CallScreen))
        other = locked(database(tmp_path))
        await pilot.press(*"words", "ctrl+q")
        await until(pilot, lambda: "NOT saved: what you typed. Ctrl+Q again" in seen(pilot))
        other.close()
        await pilot.press("!", "ctrl+q")
        await until(pilot, lambda: not app.is_running)
    calls.close()
    assert Transcripts(database(tmp_path)).draft(session) == "words!"


async def test_saving_and_leaving_that_fails_says_so_and_stays(tmp_path: Path) -> None:
    async with playing(tmp_path, busy_timeout=0.3) as call:
        other = locked(tmp_path / "t" / "roleplay.db")
        await call.pilot.press(*"words", "escape")
        await call.pilot.pause()
        await call.pilot.press("down", "enter")
        await call.until(lambda: "NOT saved" in call.status)
        assert call.app.result is None and call.box.text == "words"
        other.close()


@pytest.mark.parametrize("first", ["", "h"])
async def test_words_for_one_person_are_not_sent_to_the_next(first: str, tmp_path: Path) -> None:
    async with playing(tmp_path, pat(**TWO_SCENES), animated=True, settled=False) as call:
        await call.until(lambda: call.session.transcript.lines)
        await call.pilot.press("x")
        await call.until(lambda: not call.app.call._her_turn)
        call.box.put("first")
        await call.pilot.press("enter")
        await call.until(lambda: call.kept() == 1 and call.app.call._voice.speaking)
        call.box.put("meant for Pat")
        for key in [*first, "enter"]:
            call.app.post_message(Key(key, key if key != "enter" else "\r"))
            await asyncio.sleep(0.03)
        await call.until(lambda: call.said()[-1][0] == "Ann" and not call.app.call._voice.speaking)
        await call.pilot.pause(0.1)
        assert call.kept() == 1
        assert call.box.text == "meant for Pat" + first
        assert "new scene" in call.status


async def test_enter_while_a_reply_is_taken_back_sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "TELL_AFTER", 20.0)  # what is told of the lock would take the place
    async with playing(tmp_path, busy_timeout=20) as call:
        await call.reply(MISSES)
        other = locked(tmp_path / "t" / "roleplay.db")
        await call.pilot.press("f4", "f4")
        call.box.put("for the line on the screen")
        await call.pilot.press("enter")
        assert "taken back" in call.status
        other.close()
        await call.until(lambda: call.session.transcript.branch == 1)
        await call.pilot.pause(0.2)
        assert call.box.text == "for the line on the screen"
        assert call.session.transcript.replies == ()
        await call.pilot.press("enter")
        await call.answered(1)
        assert [reply.text for reply in call.session.transcript.earlier] == [MISSES]


async def test_what_was_typed_when_the_customer_hung_up_is_told_and_leaves_no_draft(tmp_path: Path) -> None:
    async with playing(tmp_path, pat(endings=HANGS_UP)) as call:
        call.box.put(TEMPER)
        for key in ("enter", *"more"):
            call.app.post_message(Key(key, "\r" if key == "enter" else key))
        await call.until(lambda: call.app.call._over)
        await call.until(lambda: call.said()[-1][1] == "The call was over before you sent: more")
        await call.pilot.pause(0.9)  # by then a draft would be kept
    assert kept(tmp_path, ident(call))[1] == ""


async def test_a_reply_that_comes_back_cuts_nothing_of_what_was_typed_meanwhile(tmp_path: Path) -> None:
    async with playing(tmp_path, busy_timeout=1.5) as call:
        other = locked(tmp_path / "t" / "roleplay.db")
        call.box.put("a" * 4_000)
        call.app.post_message(Key("enter", "\r"))
        await call.until(lambda: not call.box.text)
        call.box.put("b" * 7_000)
        await call.until(lambda: "NOT saved" in call.status)
        assert call.box.text == "a" * 4_000 + "\n" + "b" * 7_000
        other.close()


async def test_a_draft_that_was_deleted_stays_deleted(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await call.pilot.press(*"old")
        await call.until(lambda: call.calls.draft(ident(call)) == "old")
    assert kept(tmp_path, ident(call))[1] == "old"
    async with playing(tmp_path, resume=ident(call)) as call:
        await call.until(lambda: call.box.text == "old")
        await call.pilot.press("backspace", "backspace", "backspace")
        await call.pilot.pause(0.1)
    assert kept(tmp_path, ident(call))[1] == ""


async def test_a_draft_comes_before_what_was_typed_before_it_was_read(tmp_path: Path) -> None:
    async with playing(tmp_path) as call:
        await asyncio.to_thread(call.calls.keep_draft, ident(call), "old")
        call.box.put("new")
        await call.app.call._load_draft()
        assert call.box.text == "old\nnew"


@pytest.mark.usefixtures("unhurried")
async def test_no_hint_is_given_for_a_line_that_was_not_said_yet(tmp_path: Path) -> None:
    async with playing(tmp_path, pat(channel="chat"), animated=True, settled=False) as call:
        await call.until(lambda: call.session.transcript.lines)
        assert call.app.call._her_turn
        before = call.app.call._coaching.reading
        call.app.call.action_hint()
        assert call.app.call._coaching.reading == before


async def test_a_window_that_is_behind_cannot_hang_up_on_what_was_said_in_another(tmp_path: Path) -> None:
    async with playing(tmp_path, pat()) as call:
        elsewhere = Calls(tmp_path, Transcripts(tmp_path / "t" / "roleplay.db"), "Sam", now)
        ahead = await elsewhere.resume(ident(call))
        await ahead.reply(MISSES)
        told: list[str] = []
        call.app.call.say = lambda sentence, wrong=False: told.append(sentence)
        await call.pilot.press(*"typed", "escape", "down", "down", "enter")
        await call.until(lambda: told)
        assert told[0].startswith("This call is being played in another window: what you sent was not saved")
        assert call.app.result is None and not call.session.ended
        assert call.box.text == "typed" and not call.box.disabled
        transcript, _ = kept(tmp_path, ident(call))
        assert (transcript.ending, [reply.text for reply in transcript.replies]) == (None, [MISSES])
        await ahead.leave()
        elsewhere.close()
