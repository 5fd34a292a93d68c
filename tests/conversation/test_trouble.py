"""When the customer cannot speak: what was said stays, the call waits, and it goes on one way or another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Cue
from roleplay.conversation.events import ActorTrouble, CustomerSpeaks, CustomerSpoke, Event, ReplyKept, SessionEnded
from roleplay.conversation.session import Session
from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.turns import KeptReply, SessionRecord
from roleplay.conversation.voiced import Usage, Voiced
from roleplay.errors import BadInput
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import ByFirstWord, script, told_in_scenes

RECORD = SessionRecord(id="call-1", script=script(), seed="1", exam=False, actor="llm", trainee="Sam", started="t")
STALLED = Trouble(name="stalled", what="No more words came.")
TOOK = Usage(requests=1, sent=900, received=4)


class Voicing(ScriptedActor):
    """Says lines as an LLM would; in trouble after a word, or before the first one, as often as it is told to."""

    name = "llm"

    def __init__(self, *, falls: int = 0, silently: bool = False) -> None:
        self.falls, self.silently, self.cues = falls, silently, list[Cue]()

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        self.cues.append(cue)
        if self.falls:
            self.falls -= 1
            if not self.silently:
                say("Well, ")
            raise InTrouble(STALLED, TOOK if not self.silently else Usage())
        await super().speak(cue, say)
        return Voiced(voice="llm", model="m", usage=TOOK)


class Endless(Voicing):
    """Begins a line and never comes to its end."""

    took = TOOK

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        say("I was just ")
        await asyncio.sleep(3600)
        raise AssertionError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db") as opened:
        yield opened


async def begun(store: Transcripts, actor: ScriptedActor, record: SessionRecord = RECORD) -> Session:
    session = await Session.begin(record, store=store, scorer=ByFirstWord(), actor=actor, clock=lambda: "t")
    await session.speak()
    return session


def told(session: Session) -> list[Event]:
    return [event for event in session._events._queue if event is not None]  # type: ignore[attr-defined]


async def test_trouble_is_an_event_and_the_half_line_is_kept_as_broken_off(store: Transcripts) -> None:
    session = await begun(store, actor := Voicing())
    actor.falls = 1
    await session.reply("Miss.")
    kinds = [type(event) for event in told(session) if not isinstance(event, CustomerSpeaks)]
    assert kinds == [CustomerSpoke, ReplyKept, ActorTrouble]
    event = told(session)[-1]
    assert isinstance(event, ActorTrouble)
    assert (event.turn, event.trouble, event.half) == (2, STALLED, "Well, ")
    assert session.trouble == STALLED
    assert session.unfinished
    kept = store.load("call-1").lines[-1]
    assert (kept.text, kept.broken_off, kept.voiced.usage) == ("Well, ", True, TOOK)


async def test_the_line_is_said_anew_by_the_same_actor_or_by_another(store: Transcripts) -> None:
    session = await begun(store, actor := Voicing())
    actor.falls = 2
    await session.reply("Miss.")
    await session.speak()
    assert session.trouble == STALLED
    session.go_on_with(ScriptedActor())
    await session.speak()
    assert session.trouble is None
    assert not session.unfinished
    lines = [line for line in store.load("call-1").lines if line.turn == 2]
    assert [(line.attempt, line.broken_off, line.voiced.voice) for line in lines] == [
        (1, True, "llm"),
        (2, True, "llm"),
        (3, False, "scripted"),
    ]
    assert [message.role for message in session.history] == ["customer", "trainee", "customer"]


async def test_trouble_before_the_first_word_leaves_no_line(store: Transcripts) -> None:
    session = await begun(store, actor := Voicing(silently=True))
    actor.falls = 1
    await session.reply("Miss.")
    assert session.trouble
    assert len(store.load("call-1").lines) == 1


async def test_no_reply_is_taken_while_the_customer_has_not_answered(store: Transcripts) -> None:
    session = await begun(store, actor := Voicing())
    actor.falls = 2
    await session.reply("Miss.")
    with pytest.raises(BadInput, match="not answered yet"):
        await session.reply("Hello?")
    assert len(store.load("call-1").replies) == 1


async def test_a_stopped_line_breaks_off_at_once(store: Transcripts) -> None:
    session = await begun(store, Voicing())
    assert not session.stop()
    session.go_on_with(Endless())
    answering = asyncio.create_task(session.reply("Miss."))
    while not any(isinstance(event, CustomerSpeaks) and event.turn == 2 for event in told(session)):
        await asyncio.sleep(0.001)
    assert session.stop()
    await asyncio.wait_for(answering, 20)
    assert session.trouble
    assert session.trouble.name == "stopped"
    assert store.load("call-1").lines[-1].voiced.usage == TOOK


async def test_a_call_can_be_left_in_trouble(store: Transcripts) -> None:
    session = await begun(store, actor := Voicing())
    actor.falls = 9
    await session.reply("Miss.")
    await session.leave()
    assert isinstance(told(session)[-1], SessionEnded)
    assert len(actor.cues) == 2


async def test_an_end_that_was_decided_stands_though_the_last_words_cannot_be_had(store: Transcripts) -> None:
    session = await begun(store, actor := Voicing())
    actor.falls = 9
    while not session.direction.ending:
        session.go_on_with(ScriptedActor())
        await session.speak()
        session.go_on_with(actor)
        await session.reply("Hurt.")
    await session.leave()
    ending = store.load("call-1").ending
    assert ending
    assert (ending.by, ending.ending) == ("ending", session.direction.ending)


async def test_a_resumed_call_in_trouble_says_the_line(store: Transcripts) -> None:
    session = await begun(store, actor := Voicing())
    actor.falls = 1
    await session.reply("Miss.")
    again = Session.resume(
        store.load("call-1"), store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t"
    )
    assert again.unfinished
    await again.speak()
    assert not again.unfinished


async def test_the_actor_is_told_in_which_scene_each_line_is_said(store: Transcripts) -> None:
    record = SessionRecord(
        id="call-1", script=told_in_scenes(), seed="1", exam=False, actor="llm", trainee="Sam", started="t"
    )
    session = await begun(store, actor := Voicing(), record)
    await session.reply("Yes.")
    assert [(cue.scene, cue.direction.speaker) for cue in actor.cues] == [
        ("door", ""),
        ("door", ""),
        ("office", "Ann Bell"),
    ]


async def test_what_lines_took_is_counted_on_every_branch(store: Transcripts) -> None:
    session = await begun(store, Voicing())
    await session.reply("Miss.")
    await session.try_again()
    await session.reply("Yes.")
    assert session.transcript.usage == store.load("call-1").usage
    assert session.transcript.usage.requests == 3


class Slow(Transcripts):
    """A store that takes its time over a reply: from `begun` until it is `let`."""

    begun: threading.Event
    let: threading.Event

    def keep_reply(self, reply: KeptReply) -> None:
        self.begun.set()
        assert self.let.wait(20)
        super().keep_reply(reply)


async def test_a_wish_to_stop_holds_while_the_reply_is_being_kept(tmp_path: Path) -> None:
    with Slow(tmp_path / "roleplay.db") as store:
        store.begun, store.let = threading.Event(), threading.Event()
        session = await begun(store, actor := Voicing())
        answering = asyncio.create_task(session.reply("Miss."))
        await asyncio.to_thread(store.begun.wait, 20)
        assert session.stop()
        store.let.set()
        await answering
        assert session.trouble
        assert session.trouble.name == "stopped"
        assert len(actor.cues) == 1
        await session.speak()
        assert not session.unfinished
