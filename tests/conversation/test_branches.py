"""Try that again: a reply is taken back on a branch of its own, and the first one is what counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.cli import lines
from roleplay.cli.transcript_lines import lines_of
from roleplay.conversation.events import Event, TriesAgain
from roleplay.conversation.score import score_of
from roleplay.conversation.session import Session
from roleplay.conversation.turns import (
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    Script,
    SessionRecord,
    Transcript,
)
from roleplay.errors import BadInput, NotSaved, StoreError
from roleplay.practice.debrief import debrief_of
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import PERSONA, ByFirstWord, script, told_in_scenes

CALM = {"customer": {**PERSONA["customer"], "temperament": {"patience": 9}}, "endings": []}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db") as opened:
        yield opened


async def begun(store: Transcripts, played: Script | None = None, *, exam: bool = False, name: str = "1") -> Session:
    record = SessionRecord(
        id=f"call-{name}",
        script=played or script(**CALM),
        seed="1",
        exam=exam,
        actor="scripted",
        trainee="Sam",
        started="t",
    )
    session = await Session.begin(record, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t")
    await session.speak()
    return session


def resumed(store: Transcripts) -> Session:
    return Session.resume(
        store.load("call-1"), store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t"
    )


def said(transcript: Transcript) -> list[str]:
    return [reply.text for reply in transcript.replies]


async def events(session: Session) -> list[Event]:
    await session.leave()
    return [event async for event in session.events()]


async def test_the_line_before_waits_to_be_answered_again(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    before, heard = session.state, session.history
    await session.reply("Miss this.")
    await session.try_again()
    assert (session.state, session.history, session.unfinished) == (before, heard, False)
    (event,) = [event for event in await events(session) if isinstance(event, TriesAgain)]
    assert (event.branch, event.turn, event.customer, event.state) == (1, 2, heard[-1].text, before)


async def test_the_same_reply_gets_the_same_customer(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    await session.reply("Miss this.")
    first, spoken = session.transcript.replies[-1], session.transcript.lines[-1].text
    await session.try_again()
    await session.reply("Miss this.")
    again = session.transcript.replies[-1]
    assert msgspec.structs.replace(again, branch=0) == first and again.branch == 1
    assert session.transcript.lines[-1].text == spoken


async def test_what_was_taken_back_is_kept_and_read_back(store: Transcripts) -> None:
    session = await begun(store)
    for text in ("I'm on my way.", "Miss this."):
        await session.reply(text)
    await session.try_again()
    assert store.load("call-1") == session.transcript, "before anything else was said"
    await session.reply("I'm with you.")
    assert store.load("call-1") == session.transcript
    assert (said(session.transcript), [reply.text for reply in session.transcript.earlier]) == (
        ["I'm on my way.", "I'm with you."],
        ["Miss this."],
    )


async def test_the_very_first_reply_can_be_taken_back(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("Miss this.")
    await session.try_again()
    assert session.state.turn == 0 and [message.text for message in session.history] == ["I'm locked out."]
    await session.reply("I'm with you.")
    assert store.load("call-1") == session.transcript and said(session.transcript) == ["I'm with you."]


async def test_a_turn_can_be_tried_again_and_again_and_a_later_one_too(store: Transcripts) -> None:
    session = await begun(store)
    for text in ("Miss one.", "Miss two.", "Well then."):
        await session.reply(text)
        if text.startswith("Miss"):
            await session.try_again()
    await session.reply("Miss three.")
    await session.try_again()
    await session.reply("I'm with you.")
    assert said(session.transcript) == ["Well then.", "I'm with you."]
    assert [(reply.turn, reply.branch) for reply in session.transcript.earlier] == [(1, 0), (1, 1), (2, 2)]
    assert store.load("call-1") == session.transcript


async def test_only_what_missed_or_hurt_can_be_taken_back(store: Transcripts) -> None:
    session = await begun(store)
    assert not session.can_try_again
    with pytest.raises(BadInput, match="no reply yet"):
        await session.try_again()
    await session.reply("I'm on my way.")
    assert not session.can_try_again
    with pytest.raises(BadInput, match="Only a reply that missed something or did harm"):
        await session.try_again()
    for text in ("Miss this.", "Hurt them."):
        await session.reply(text)
        assert session.can_try_again


async def test_what_is_taken_back_is_answered_before_more_is_taken_back(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("Miss one.")
    await session.reply("Miss two.")
    await session.try_again()
    assert not session.can_try_again
    with pytest.raises(BadInput, match="give another one first"):
        await session.try_again()
    assert store.load("call-1").branch == 1


async def test_in_an_exam_and_after_the_end_each_reply_stands(store: Transcripts) -> None:
    exam = await begun(store, exam=True, name="exam")
    await exam.reply("Miss this.")
    with pytest.raises(BadInput, match="In an exam each reply stands"):
        await exam.try_again()
    session = await begun(store)
    await session.reply("Miss this.")
    await session.leave()
    with pytest.raises(BadInput, match="has ended"):
        await session.try_again()
    assert not exam.can_try_again and not session.can_try_again


async def test_a_branch_that_was_not_kept_changes_nothing(tmp_path: Path) -> None:
    class Full(Transcripts):
        def begin_branch(self, opening: KeptOpening) -> None:
            raise NotSaved("The disk is full.")

    with Full(tmp_path / "roleplay.db") as full:
        session = await begun(full)
        await session.reply("Miss this.")
        before = session.transcript
        with pytest.raises(NotSaved):
            await session.try_again()
        assert session.transcript == before == full.load("call-1")


async def test_each_turn_counts_by_its_first_reply(store: Transcripts) -> None:
    session, plain = await begun(store), await begun(store, name="2")
    for each in (session, plain):
        await each.reply("Miss this.")
    await session.try_again()
    await session.reply("I'm with you.")
    assert score_of(session.transcript) == score_of(plain.transcript)
    assert score_of(session.transcript).score == 0


async def test_a_reply_taken_back_counts_even_where_none_followed(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    await session.reply("Miss this.")
    before = score_of(session.transcript)
    await session.try_again()
    assert score_of(session.transcript) == before


async def test_harm_that_was_taken_back_is_repaired_by_nothing(store: Transcripts) -> None:
    danger = [{**PERSONA["moments"][0], "safety": "danger"}, *PERSONA["moments"][1:]]
    taken_back = await begun(store, script(**CALM, moments=danger))
    repaired = await begun(store, script(**CALM, moments=danger), name="2")
    for each in (taken_back, repaired):
        await each.reply("Hurt them.")
    await taken_back.try_again()
    await taken_back.reply("I'm with you.")
    for each in (taken_back, repaired):
        await each.reply("I'm staying.")
    assert score_of(taken_back.transcript).failed and not score_of(repaired.transcript).failed


async def test_the_debrief_shows_the_first_try_and_the_later_one_after_it(store: Transcripts) -> None:
    session = await begun(store)
    for text in ("I'm on my way.", "Hurt them."):
        await session.reply(text)
    await session.try_again()
    await session.reply("I'm with you.")
    await session.leave()
    debrief = debrief_of(session.transcript)
    assert [(reply.turn, reply.attempt, reply.reply) for reply in debrief.replies] == [
        (1, 1, "I'm on my way."),
        (2, 1, "Hurt them."),
        (2, 2, "I'm with you."),
    ]
    assert debrief.replies[1].customer == debrief.replies[2].customer != ""
    assert debrief.harmful == 1 and {each.count for each in debrief.dimensions} == {2}
    assert debrief.states[-1].trust == session.state.trust, "the course is the one that was played to its end"
    printed = "\n".join(lines.debrief(debrief, None, ""))
    assert "Reply 2, try 2 (the first one counts), to" in printed
    shown = list(lines_of(session.transcript, "now", ""))
    assert "You (try 1, taken back): Hurt them." in shown and "You (try 2): I'm with you." in shown
    assert "You: I'm on my way." in shown


async def test_the_reply_that_led_to_another_scene_can_be_taken_back(store: Transcripts) -> None:
    scenes = told_in_scenes().persona.scenes
    sooner = [{**msgspec.to_builtins(scenes[0]), "next": "turn >= 1"}, *map(msgspec.to_builtins, scenes[1:])]
    session = await begun(store, told_in_scenes(scenes=sooner))
    await session.reply("Miss this.")
    assert session.state.scene == "office"
    await session.try_again()
    assert (session.state.scene, len(session.transcript.lines)) == ("door", 1)
    await session.reply("I'm on my way.")
    await session.reply("Miss this.")
    await session.try_again()
    (event,) = [event for event in await events(session) if isinstance(event, TriesAgain) and event.turn == 2]
    assert (event.customer, event.speaker) == ("Office, Ann.", "Ann Bell")
    assert store.load("call-1") == session.transcript


class Killed(BaseException):
    """The power goes."""


class Mortal(Transcripts):
    """A store that dies after `left` writes: right before the next one, or right after it."""

    left, after = 10**6, False

    def begin_branch(self, opening: KeptOpening) -> None:
        self._before()
        super().begin_branch(opening)
        self._afterwards()

    def keep_reply(self, reply: KeptReply) -> None:
        self._before()
        super().keep_reply(reply)
        self._afterwards()

    def keep_line(self, line: KeptLine) -> None:
        self._before()
        super().keep_line(line)
        self._afterwards()

    def keep_ending(self, ending: KeptEnding, score: float | None, after: int | None = None) -> None:
        self._before()
        super().keep_ending(ending, score, after)
        self._afterwards()

    def _before(self) -> None:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Killed

    def _afterwards(self) -> None:
        if self.left < 0:
            raise Killed


AGAIN = object()
ACTS = (
    "It is on its way.",
    "Miss.",
    AGAIN,
    "I'm on my way.",
    "Hurt.",
    AGAIN,
    "Miss.",
    AGAIN,
    "The key, please.",
    "Is it a busy day?",
    "So.",
)


async def act(session: Session) -> None:
    """Do what is left to do of `ACTS`, and leave."""
    if session.ended:
        return
    if session.unfinished:
        await session.speak()
    done = len(session.transcript.replies) + len(session.transcript.earlier) + session.transcript.branch
    for each in ACTS[done:]:
        if session.ended:
            return
        await (session.try_again() if each is AGAIN else session.reply(str(each)))
    await session.leave()


async def rows(folder: Path, die_at: int, *, after: bool = False) -> tuple[Transcript, bool]:
    """The call after a kill at that write and a resume, and whether there was a kill."""
    killed = False
    with Mortal(folder / "roleplay.db") as mortal:
        session = await begun(mortal, told_in_scenes())
        mortal.left, mortal.after = die_at, after
        try:
            await act(session)
        except Killed:
            killed = True
    with Transcripts(folder / "roleplay.db") as store:
        if killed:
            await act(resumed(store))
        return store.load("call-1"), killed


@pytest.mark.parametrize("after", [False, True])
async def test_a_call_killed_at_any_write_and_gone_on_with_has_the_same_rows(after: bool, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole, _ = await rows(tmp_path / "whole", 10**6)
    assert [reply.branch for reply in whole.replies] == [0, 1, 3, 3, 3]
    assert [reply.branch for reply in whole.earlier] == [0, 1, 2]
    assert whole.replies[-1].state.scene == "home"
    for write in range(100):
        (tmp_path / str(write)).mkdir()
        got, killed = await rows(tmp_path / str(write), write, after=after)
        assert got == whole, write
        if not killed:
            break
    assert write > 15


@pytest.mark.parametrize("goes_on", ["with a reply", "on another branch"])
async def test_a_window_that_is_behind_cannot_end_the_call(store: Transcripts, goes_on: str) -> None:
    here = await begun(store)
    await here.reply("Missed, that was.")
    behind = resumed(store)
    if goes_on == "with a reply":
        await here.reply("Met, and heard.")
    else:
        await here.try_again()
    store.keep_draft("call-1", "Half a")
    with pytest.raises(StoreError, match=r"This call is being played in another window.*Go on there"):
        await behind.leave()
    assert not behind.ended
    assert store.load("call-1").ending is None
    assert store.draft("call-1") == "Half a"
    await resumed(store).reply("Met, and heard.")
    await resumed(store).leave()
    assert store.load("call-1").ending
