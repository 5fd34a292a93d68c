"""A judge beside the call: its verdict moves the customer if it comes in time, and counts in the debrief."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Cue
from roleplay.conversation.events import Event, VerdictArrived
from roleplay.conversation.judging import Standing, Verdict
from roleplay.conversation.score import score_of
from roleplay.conversation.session import Session
from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.turns import SessionRecord
from roleplay.conversation.voiced import Usage, Voiced
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import ByFirstWord, assessment, script

RECORD = SessionRecord(id="call-1", script=script(), seed="1", exam=False, actor="llm", trainee="Sam", started="t")
TOOK = Usage(requests=2, sent=1800, received=90)


class Opposite:
    """A judge that finds met what the offline scorer found missed, and the other way round, when it is let."""

    name = "judge"

    def __init__(self, standing: Standing = "verified", *, held: bool = False) -> None:
        self.standing, self.asked = standing, list[tuple[str, str, int]]()
        self.let = asyncio.Event()
        if not held:
            self.let.set()

    async def judge(
        self, occasion: Occasion, history: Sequence[Message], reply: str, offline: Assessment, *, used: Usage
    ) -> Verdict | None:
        self.asked.append((occasion.id, history[-1].text, len(history)))
        await self.let.wait()
        if self.standing == "failed":
            return Verdict(standing="failed", why=("It is down.",), usage=TOOK)
        if not reply:
            return None
        found = assessment("missed") if offline.opportunity == "met" else assessment("met", explores=0)
        return Verdict(standing=self.standing, assessment=found, model="m", usage=TOOK)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db") as opened:
        yield opened


async def begun(store: Transcripts, judge: Opposite) -> Session:
    session = await Session.begin(
        RECORD, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t", judge=judge
    )
    await session.speak()
    return session


def resumed(store: Transcripts, judge: Opposite | None = None) -> Session:
    return Session.resume(
        store.load("call-1"),
        store=store,
        scorer=ByFirstWord(),
        actor=ScriptedActor(),
        clock=lambda: "t",
        judge=judge,
    )


async def settled(session: Session) -> None:
    while session._beside._under_way:
        await asyncio.sleep(0.001)


def arrived(session: Session) -> list[VerdictArrived]:
    events: list[Event] = list(session._events._queue)  # type: ignore[attr-defined]
    return [event for event in events if isinstance(event, VerdictArrived)]


async def test_a_verdict_in_time_moves_feelings_and_needs_once(store: Transcripts) -> None:
    session = await begun(store, Opposite())
    await session.reply("Miss.")
    offline = session.transcript.replies[-1].state
    await settled(session)
    (event,) = arrived(session)
    assert session.state.trust > session.transcript.opening.state.trust > offline.trust
    assert session.state.met == ("door", "company")
    assert (event.before, event.after) == (session.transcript.opening.state, session.state)
    assert session.transcript == store.load("call-1")
    assert resumed(store).state == session.state


async def test_what_was_decided_stands_and_nothing_ends_by_a_verdict(store: Transcripts) -> None:
    session = await begun(store, Opposite())
    for _ in range(3):
        await session.reply("Yes.")
        await settled(session)
    last = session.transcript.replies[-1]
    assert session.state.patience >= 1
    assert not session.ended
    for name in ("disclosed", "said", "moment", "turn", "lines_used"):
        assert getattr(session.state, name) == getattr(last.state, name)


async def test_a_verdict_that_comes_after_the_next_reply_moves_nothing_and_counts_all_the_same(
    store: Transcripts,
) -> None:
    session = await begun(store, judge := Opposite(held=True))
    await session.reply("Miss.")
    await session.reply("Miss again.")
    judge.let.set()
    await settled(session)
    first, second = session.transcript.replies
    moved = {event.verdict.turn: event.after for event in arrived(session)}
    assert moved[1] is None
    assert session.transcript.state_after(first) == first.state
    assert session.transcript.counted(first).opportunity == "met"
    assert moved[2] == session.transcript.state_after(second) != second.state


@pytest.mark.parametrize("standing", ["unverified", "failed"])
async def test_only_a_verified_verdict_counts(store: Transcripts, standing: Standing) -> None:
    session = await begun(store, Opposite(standing))
    await session.reply("Miss.")
    await settled(session)
    (reply,) = session.transcript.replies
    assert session.state == reply.state
    assert session.transcript.counted(reply) == reply.assessment
    kept = store.load("call-1").verdict_on(reply)
    assert kept
    assert kept.standing == standing


async def test_the_call_never_waits_for_the_judge(store: Transcripts) -> None:
    session = await begun(store, judge := Opposite(held=True))
    for _ in range(3):
        await asyncio.wait_for(session.reply("Miss."), 20)
    while len(judge.asked) < 3:
        await asyncio.sleep(0.001)
    assert not session.transcript.verdicts
    await session.leave()
    judge.let.set()
    await settled(session)
    assert len(store.load("call-1").verdicts) == 3


async def test_the_final_pass_judges_what_was_not_and_only_that(store: Transcripts) -> None:
    session = await begun(store, judge := Opposite("failed"))
    await session.reply("Miss.")
    await settled(session)
    judge.standing = "verified"
    await session.reply("Miss.")
    await session.leave()
    heard: list[tuple[int, int]] = []
    await session.fill_gaps(lambda done, all_: heard.append((done, all_)))
    assert heard == [(0, 2), (0, 1), (1, 1)]
    assert [asked[2] for asked in judge.asked] == [1, 3, 1]
    assert [(each.turn, each.attempt, each.verdict.standing) for each in store.load("call-1").verdicts] == [
        (1, 1, "failed"),
        (2, 1, "verified"),
        (1, 2, "verified"),
    ]


async def test_the_final_pass_gives_up_where_nothing_works_and_a_silence_is_not_for_a_judge(
    store: Transcripts,
) -> None:
    session = await begun(store, judge := Opposite("failed"))
    for _ in range(4):
        await session.reply("Yes.")
    await settled(session)
    await session.leave()
    before = len(judge.asked)
    await session.fill_gaps(lambda done, all_: None)
    assert len(judge.asked) == before + 2


async def test_the_list_has_the_score_with_the_verdicts_that_came_after_the_end(store: Transcripts) -> None:
    session = await begun(store, judge := Opposite(held=True))
    await session.reply("Miss.")
    await session.leave()
    before = store.results("Sam")["pat"].best
    judge.let.set()
    await session.fill_gaps(lambda done, all_: None)
    after = store.results("Sam")["pat"].best
    assert before is not None
    assert after is not None
    assert after > before
    assert after == score_of(store.load("call-1")).score == store.score("call-1")
    assert verify(store.path).fine


async def test_a_reply_that_was_taken_back_is_judged_as_what_counts(store: Transcripts) -> None:
    session = await begun(store, judge := Opposite(held=True))
    await session.reply("Miss.")
    await session.try_again()
    await session.reply("Yes.")
    judge.let.set()
    await settled(session)
    (taken_back,) = session.transcript.earlier
    assert session.transcript.counted(taken_back).opportunity == "met"
    assert session.transcript.state_after(taken_back) == taken_back.state
    assert [asked[1] for asked in judge.asked] == ["I'm locked out.", "I'm locked out."]


async def test_what_the_judge_hears_is_the_call_before_the_reply(store: Transcripts) -> None:
    session = await begun(store, judge := Opposite())
    await session.reply("Yes.")
    await session.reply("Yes.")
    await settled(session)
    said = [message.text for message in session.history if message.role == "customer"]
    assert [asked[1:] for asked in judge.asked] == [(said[0], 1), (said[1], 3)]


class Falling(ScriptedActor):
    """In trouble at each line but the opening, as often as it is told to."""

    falls = 0

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        if self.falls and cue.direction.turn > 1:
            self.falls -= 1
            raise InTrouble(Trouble(name="slow", what="Nothing came."))
        return await super().speak(cue, say)


async def test_a_reply_is_judged_once_the_customer_has_answered_it_after_all(store: Transcripts) -> None:
    session = await begun(store, judge := Opposite())
    session.go_on_with(actor := Falling(), judge)
    actor.falls = 1
    await session.reply("Miss.")
    assert not judge.asked
    await session.speak()
    await settled(session)
    assert len(judge.asked) == 1
    assert session.transcript.verdicts[0].state == session.state


async def test_a_resumed_call_has_its_last_reply_judged_once(store: Transcripts) -> None:
    session = await begun(store, Opposite(held=True))
    await session.reply("Miss.")
    await session.aclose()
    assert not store.load("call-1").verdicts
    again = resumed(store, judge := Opposite())
    await again.speak()
    await again.speak()
    await settled(again)
    assert len(judge.asked) == len(store.load("call-1").verdicts) == 1


async def test_a_judge_that_gave_up_is_asked_again_once_it_was_changed(store: Transcripts) -> None:
    session = await begun(store, Opposite("failed"))
    for _ in range(3):
        await session.reply("Yes.")
        await settled(session)
    assert len(session.transcript.verdicts) == 2
    session.go_on_with(ScriptedActor(), judge := Opposite())
    await session.reply("Yes.")
    await settled(session)
    assert len(judge.asked) == 1


async def test_a_verdict_from_a_call_that_went_on_elsewhere_moves_nothing(store: Transcripts) -> None:
    session = await begun(store, judge := Opposite(held=True))
    await session.reply("Yes.")
    elsewhere = resumed(store)
    await elsewhere.reply("Yes.")
    judge.let.set()
    await settled(session)
    assert store.load("call-1").verdicts == ()
    assert resumed(store).state == elsewhere.state
