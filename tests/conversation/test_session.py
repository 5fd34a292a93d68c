"""A session keeps each reply before anything follows from it, and tells what happened in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Cue
from roleplay.conversation.events import CustomerSpeaks, CustomerSpoke, Event, ReplyKept, SessionEnded
from roleplay.conversation.session import Session
from roleplay.conversation.turns import KeptEnding, KeptLine, KeptReply, SessionRecord, Transcript
from roleplay.conversation.voiced import Voiced
from roleplay.errors import BadInput, NotSaved
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import assessment, script


class Fixed:
    """A scorer that finds every reply met, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, str]] = []

    async def assess(self, occasion: Occasion, history: Sequence[Message], reply: str) -> Assessment:
        self.asked.append((occasion.id, len(history), reply))
        return assessment("met", explores=0) if reply else assessment("missed")


class Stumbling(ScriptedActor):
    """An actor that falls silent after the first word, as often as it is told to."""

    def __init__(self, falls: int) -> None:
        self.falls = falls

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        if self.falls:
            self.falls -= 1
            say(cue.direction.line.split(" ")[0] + " ")
            raise ConnectionError
        return await super().speak(cue, say)


class Clock:
    """A clock that runs backwards: time moves nothing."""

    def __init__(self) -> None:
        self.minute = 59

    def __call__(self) -> str:
        self.minute -= 1
        return f"2026-01-01T00:{self.minute:02}:00+00:00"


class Refusing(Transcripts):
    """A store whose disk is full for one reply, one line, one ending."""

    full_for_reply = full_for_line = full_for_ending = False

    def keep_reply(self, reply: KeptReply) -> None:
        if self.full_for_reply:
            self.full_for_reply = False
            raise NotSaved("The disk is full.")
        super().keep_reply(reply)

    def keep_line(self, line: KeptLine) -> None:
        if self.full_for_line:
            self.full_for_line = False
            raise NotSaved("The disk is full.")
        super().keep_line(line)

    def keep_ending(self, ending: KeptEnding, score: float | None, after: int | None = None) -> None:
        if self.full_for_ending:
            self.full_for_ending = False
            raise NotSaved("The disk is full.")
        super().keep_ending(ending, score, after)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db") as opened:
        yield opened


@pytest.fixture
def refusing(tmp_path: Path) -> Iterator[Refusing]:
    with Refusing(tmp_path / "roleplay.db") as opened:
        yield opened


RECORD = SessionRecord(id="call-1", script=script(), seed="1", exam=False, actor="scripted", trainee="Sam", started="t")


async def begun(store: Transcripts, actor: ScriptedActor | None = None, scorer: Fixed | None = None) -> Session:
    return await Session.begin(
        RECORD, store=store, scorer=scorer or Fixed(), actor=actor or ScriptedActor(), clock=Clock()
    )


def resumed(store: Transcripts) -> Session:
    return Session.resume(store.load("call-1"), store=store, scorer=Fixed(), actor=ScriptedActor(), clock=Clock())


async def told(session: Session) -> list[Event]:
    return [event async for event in session.events()]


async def test_events_tell_the_story_in_order(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    await session.reply("I'm on my way, stay where you are.")
    await session.leave()
    kinds = [type(event) for event in await told(session) if not isinstance(event, CustomerSpeaks)]
    assert kinds == [CustomerSpoke, ReplyKept, CustomerSpoke, SessionEnded]


async def test_the_pieces_of_a_line_are_the_line(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    await session.leave()
    events = await told(session)
    assert "".join(event.chunk for event in events if isinstance(event, CustomerSpeaks)) == "I'm locked out."


async def test_what_is_kept_is_what_was_played(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    await session.reply("I'm on my way.")
    await session.leave()
    await session.rate(3)
    assert store.load("call-1") == session.transcript


async def test_a_reply_is_kept_before_the_customer_speaks(store: Transcripts) -> None:
    session = await begun(store, actor=Stumbling(0))
    await session.speak()
    session.go_on_with(Stumbling(1))
    with pytest.raises(ConnectionError):
        await session.reply("I'm on my way.")
    assert [reply.text for reply in store.load("call-1").replies] == ["I'm on my way."]
    assert session.line_is_due


async def test_a_line_that_was_never_finished_is_said_after_a_resume(store: Transcripts) -> None:
    session = await begun(store, actor=Stumbling(1))
    with pytest.raises(ConnectionError):
        await session.speak()
    again = resumed(store)
    assert again.line_is_due
    await again.speak()
    lines = [(line.attempt, line.text, line.broken_off) for line in again.transcript.lines]
    assert lines == [(1, "I'm ", True), (2, "I'm locked out.", False)]
    assert [message.text for message in again.history] == ["I'm locked out."]


async def test_a_resumed_call_is_the_same_call(store: Transcripts, tmp_path: Path) -> None:
    replies = ["Where are you?", "", "Do you forget things?", "All right."]
    with Transcripts(tmp_path / "other.db") as other:
        whole = await begun(other)
        await whole.speak()
        for reply in replies:
            await whole.reply(reply)
    cut = await begun(store)
    await cut.speak()
    for reply in replies:
        cut = resumed(store)
        await cut.reply(reply)

    def story(transcript: Transcript) -> object:
        return [(each.state, each.direction) for each in transcript.replies], [line.text for line in transcript.lines]

    assert story(cut.transcript) == story(whole.transcript)


async def test_the_scorer_sees_the_moment_and_all_that_was_said(store: Transcripts) -> None:
    scorer = Fixed()
    session = await begun(store, scorer=scorer)
    await session.speak()
    await session.reply("First.")
    await session.reply("Second.")
    assert scorer.asked == [("opening", 1, "First."), ("second", 3, "Second.")]


async def test_a_reply_is_sanitised_where_it_comes_in(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    await session.reply("Stay\x1b[2J there\r\n")
    assert session.transcript.replies[0].text == "Stay␛[2J there"


async def test_a_reply_above_the_limit_is_refused_and_nothing_happens(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    with pytest.raises(BadInput, match="4,001 characters"):
        await session.reply("x" * 4001)
    assert store.load("call-1").replies == () and session.state.turn == 0


async def test_a_reply_that_was_not_saved_can_be_sent_again(refusing: Refusing) -> None:
    session = await begun(refusing)
    await session.speak()
    refusing.full_for_reply = True
    with pytest.raises(NotSaved):
        await session.reply("I'm on my way.")
    assert session.state.turn == 0
    await session.reply("I'm on my way.")
    assert refusing.load("call-1") == session.transcript


async def test_a_line_that_was_not_saved_is_still_due(refusing: Refusing) -> None:
    session = await begun(refusing)
    await session.speak()
    refusing.full_for_line = True
    with pytest.raises(NotSaved):
        await session.reply("I'm on my way.")
    assert session.line_is_due
    await session.speak()
    assert refusing.load("call-1") == session.transcript and len(session.transcript.lines) == 2


async def test_an_ending_that_was_not_saved_is_kept_before_anything_else(refusing: Refusing) -> None:
    session = await begun(refusing)
    await session.speak()
    refusing.full_for_ending = True
    with pytest.raises(NotSaved):
        while True:
            await session.reply("")
    assert session.unfinished and not session.line_is_due and not session.ended
    given = len(session.transcript.replies)
    with pytest.raises(BadInput, match="has ended"):
        await session.reply("One more.")
    assert session.ended and len(session.transcript.replies) == given
    assert refusing.load("call-1") == session.transcript


async def test_an_ended_call_takes_no_reply(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    await session.leave()
    with pytest.raises(BadInput, match="has ended"):
        await session.reply("One more.")
    assert store.load("call-1").replies == ()


async def test_leaving_somebody_in_danger_is_a_bad_end(store: Transcripts) -> None:
    moments = [
        {"id": "opening", "says": "The ice cracks.", "spoken": "door", "unspoken": "company", "safety": "danger"}
    ]
    for number, safety in enumerate(("danger", "none")):
        moments[0]["safety"] = safety
        record = msgspec.structs.replace(RECORD, id=f"call-{safety}", script=script(moments=moments, endings=[]))
        session = await Session.begin(record, store=store, scorer=Fixed(), actor=ScriptedActor(), clock=Clock())
        await session.speak()
        await session.reply("I'm on my way.")
        await session.leave()
        ending = session.transcript.ending
        assert ending and ending.outcome == ("bad", "mixed")[number]


async def test_a_gesture_that_fits_counts_as_an_act_and_out_of_place_as_nothing(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    await session.reply("", gesture="wait")
    assert session.transcript.replies[0].assessment.scores["acts"] == 0
    await session.reply("", gesture="wait")
    fitted = session.transcript.replies[1].assessment
    assert (fitted.scores["acts"], fitted.opportunity, fitted.evidence[-1].of) == (2, "partly", "gesture")
    assert session.state.trust > session.transcript.replies[0].state.trust


async def test_leaving_ends_once_and_ends_the_events(store: Transcripts) -> None:
    session = await begun(store)
    await session.speak()
    await session.leave()
    await session.leave()
    assert sum(isinstance(event, SessionEnded) for event in await told(session)) == 1
    ending = store.load("call-1").ending
    assert ending and (ending.by, ending.outcome) == ("left", "bad")


async def unsaved_ending(refusing: Refusing) -> Session:
    """A session whose customer has hung up, which could not be kept."""
    session = await begun(refusing)
    await session.speak()
    refusing.full_for_ending = True
    with pytest.raises(NotSaved):
        while True:
            await session.reply("")
    return session


async def test_leaving_after_the_ending_was_decided_keeps_the_one_that_was_decided(refusing: Refusing) -> None:
    session = await unsaved_ending(refusing)
    await session.leave()
    assert isinstance((await told(session))[-1], SessionEnded)
    ending = refusing.load("call-1").ending
    assert ending and (ending.by, ending.ending, ending.outcome) == ("ending", "hangs-up", "bad")


async def test_leaving_lets_the_last_words_be_said_that_were_decided(refusing: Refusing) -> None:
    session = await begun(refusing)
    await session.speak()
    while session.direction.ending is None:
        refusing.full_for_line = True
        with pytest.raises(NotSaved):
            await session.reply("")
        if session.direction.ending is None:
            await session.speak()
    assert session.line_is_due
    await resumed(refusing).leave()
    kept = refusing.load("call-1")
    assert kept.ending and kept.ending.ending == "hangs-up" and kept.lines[-1].text.endswith("Forget it.")
