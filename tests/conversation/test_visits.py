"""Visits in play: what a customer who comes back begins with, what a condition knows, what is kept of a visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.director import Director
from roleplay.conversation.earlier import earlier_of
from roleplay.conversation.score import score_of
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import Script, SessionRecord
from roleplay.persona.fields import WINDS_DOWN
from roleplay.persona.visits import Earlier
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import TOLD_IN_SCENES, ByFirstWord, told_in_scenes
from tests.persona.samples import persona
from tests.persona.stories import VISITS

STORY = persona(VISITS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db") as opened:
        yield opened


async def begun(store: Transcripts, script: Script, name: str = "1") -> Session:
    record = SessionRecord(
        id=f"call-{name}", script=script, seed="1", exam=False, actor="scripted", trainee="Sam", started="t"
    )
    session = await Session.begin(record, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t")
    await session.speak()
    return session


async def visit(store: Transcripts, earlier: Sequence[Earlier], *replies: str) -> Earlier:
    """The next visit, played with `replies` and left if it has not ended then, as it is read back."""
    name = f"{len(earlier) + 1}-{len(replies)}"
    session = await begun(store, script_for(STORY, earlier=earlier), name)
    for reply in replies:
        await session.reply(reply)
    await session.leave()
    return earlier_of(store.load(f"call-{name}"))


async def test_what_is_kept_of_a_visit_is_in_its_transcript(store: Transcripts) -> None:
    first = await visit(store, [], "Here is the card.", "Do you have your son near?", "I am here.")
    assert (first.visit, first.disclosed, first.met) == ("", ("son",), ("card", "likeness"))
    assert (first.said, first.ending, first.outcome) == (("opening", "lingers"), "thanks", "good")
    assert (first.trust, first.distress) == (10, 2)
    second = await visit(store, [first])
    assert (second.visit, second.ending, second.outcome) == ("second", "left", "bad")


async def test_what_was_taken_back_did_not_happen(store: Transcripts) -> None:
    session = await begun(store, script_for(STORY))
    await session.reply("Miss that, and your son?")
    await session.try_again()
    await session.reply("Here is the card.")
    await session.leave()
    kept = earlier_of(store.load("call-1"))
    assert (kept.met, kept.trust) == (("card",), 6)


async def test_a_customer_comes_back_with_feelings_of_their_own_whoever_of_the_cast_spoke_last(
    store: Transcripts,
) -> None:
    session = await begun(store, told_in_scenes())
    await session.reply("I am on my way.")
    mine = session.state.felt[""]
    assert session.state.scene == "office" and (session.state.trust, session.state.distress) != mine[:2]
    await session.leave()
    kept = earlier_of(store.load("call-1"))
    assert (kept.trust, kept.distress) == mine[:2]


async def test_a_customer_who_never_spoke_is_left_as_the_temperament_says(store: Transcripts) -> None:
    session = await begun(store, told_in_scenes(scenes=TOLD_IN_SCENES["scenes"][1:2]))
    await session.leave()
    kept = earlier_of(store.load("call-1"))
    assert (session.state.trust, kept.trust, kept.distress) == (6, 4, 7)


async def test_a_call_that_has_not_ended_is_no_visit_yet(store: Transcripts) -> None:
    session = await begun(store, script_for(STORY))
    with pytest.raises(ValueError, match="not ended"):
        earlier_of(session.transcript)


async def test_a_visit_begins_with_what_was_left_and_with_fresh_patience(store: Transcripts) -> None:
    first = await visit(store, [], "Hurt, your son?", "Here is the card.")
    assert (first.trust, first.distress) == (3, 6)
    state, _ = Director(script_for(STORY, earlier=[first]), "1").open()
    assert (state.visit, state.trust, state.distress, state.patience) == (2, 3.5, 5.5, 4)


async def test_a_condition_knows_what_was_told_and_how_it_ended_on_earlier_visits_and_what_was_met_on_this(
    store: Transcripts,
) -> None:
    first = await visit(store, [], "Here is the card.", "Do you have your son near?", "I am here.")
    state, _ = Director(script_for(STORY, earlier=[first]), "1").open()
    assert (state.situation.disclosed, state.situation.ended) == (("son",), ("thanks",))
    assert (state.situation.met, state.situation.said, state.disclosed) == ((), ("again",), ())


async def test_what_was_told_before_brings_its_moment_and_is_not_told_again(store: Transcripts) -> None:
    first = await visit(store, [], "Here is the card.", "Do you have your son near?", "I am here.")
    session = await begun(store, script_for(STORY, earlier=[first]), "2")
    await session.reply("Miss how is your son?")
    assert session.direction.line.endswith("Petr had that same coat.") and not session.state.disclosed


async def test_a_good_end_does_not_wait_for_what_cannot_come_on_this_visit(store: Transcripts) -> None:
    walked_off = await visit(store, [], "Hurt.", "Hurt.")
    assert walked_off.ending == "walks-off"
    director = Director(script_for(STORY, earlier=[walked_off]), "1")
    state, _ = director.open()
    assert [moment.id for moment in director.view("").moments] == ["again", "coat", "sorry"]
    assert state.situation.ended == ("walks-off",)


async def test_key_moments_that_cannot_come_on_a_visit_are_not_missed_by_who_leaves_it(store: Transcripts) -> None:
    scores = []
    for number, first in enumerate([await visit(store, []), await visit(store, [], "Hurt.", "Hurt.")]):
        session = await begun(store, script_for(STORY, earlier=[first]), f"left-{number}")
        await session.reply("Good to see you.")
        await session.leave()
        scores.append(score_of(session.transcript).score)
    after_leaving, after_a_walk_off = scores
    assert after_leaving and after_a_walk_off and after_leaving > after_a_walk_off, "who walked off has more to say"


async def test_an_interrupted_visit_goes_on_as_it_was_begun_whatever_else_was_played(store: Transcripts) -> None:
    first = await visit(store, [], "Here is the card.", "Do you have your son near?", "I am here.")
    session = await begun(store, script_for(STORY, earlier=[first]), "again")
    await session.reply("Good to see you.")
    await visit(store, [first])
    loaded = store.load("call-again")
    resumed = Session.resume(loaded, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t")
    assert resumed.state == session.state and loaded.session.script == session.transcript.session.script
    assert loaded.session.script.visiting and loaded.session.script.visiting.number == 2


async def test_a_visit_winds_down_by_the_needs_that_it_offers(store: Transcripts) -> None:
    told = await visit(store, [], "Here is the card.", "Do you have your son near?", "I am here.")
    second = await visit(store, [told], "Good to see you.", "bye")
    assert (second.ending, second.outcome) == (WINDS_DOWN, "good"), "nobody needed a card this time"
    third = script_for(STORY, earlier=[told, second])
    assert third.visiting and third.visiting.id == "third" and list(third.persona.needs) == ["likeness"]


def test_one_visit_can_be_played_by_its_name() -> None:
    script = script_for(STORY, only="third")
    assert script.visiting and (script.visiting.id, script.visiting.number) == ("third", 3)
    with pytest.raises(KeyError):
        script_for(STORY, only="fourth")
