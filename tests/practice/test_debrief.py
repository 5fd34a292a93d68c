"""What a debrief teaches, and what it does not give away."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.cli import lines
from roleplay.conversation.session import Session
from roleplay.practice import wording
from roleplay.practice.debrief import Debrief, debrief_of
from roleplay.scoring.assessment import Flags, Scored, Suggestion
from roleplay.store.transcripts import Transcripts
from roleplay.tui.widgets.marked_reply import MarkedReply
from tests.conversation.builders import ByFirstWord, assessment, script, told_in_scenes
from tests.conversation.test_session import RECORD, Fixed, begun


async def debriefed(tmp_path: Path, *replies: str, rating: int | None = None) -> Debrief:
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await begun(store, scorer=Fixed())
        await session.speak()
        for reply in replies:
            await session.reply(reply)
        await session.leave()
        await session.rate(rating)
        return debrief_of(session.transcript)


async def test_it_tells_outcome_curve_needs_and_each_reply(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "I'm on my way.", "")
    assert (debrief.ended_by, debrief.outcome) == ("left", "mixed")
    assert [state.trust for state in debrief.states] == [4, 6, 5.5]
    assert debrief.needs_met == ("To get in.", "Not to stand there alone.")
    assert [(reply.customer, reply.reply, reply.assessment.opportunity) for reply in debrief.replies] == [
        ("I'm locked out.", "I'm on my way.", "met"),
        (debrief.replies[1].customer, "", "missed"),
    ]


async def test_what_was_kept_back_comes_with_what_would_have_opened_it(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "")
    assert [each.disclosure for each in debrief.untold] == ["asked", "earned", "own"]
    asked, earned, own = (each.opens for each in debrief.untold)
    assert "when asked" in asked and "“third time”" in asked
    assert "trust 5" in earned and "“forget”" in earned and "memory" not in earned
    assert "unasked once trust 9" in own


async def test_a_call_that_has_not_ended_has_no_debrief(tmp_path: Path) -> None:
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await begun(store)
        with pytest.raises(ValueError, match="not ended"):
            debrief_of(session.transcript)


@pytest.mark.parametrize(
    ("rating", "says"), [(4, "more kindly than the customer did"), (1, "close to what was heard"), (None, "")]
)
async def test_the_own_rating_is_held_against_the_score(tmp_path: Path, rating: int | None, says: str) -> None:
    debrief = await debriefed(tmp_path, "I'm on my way.", "", "", rating=rating)
    printed = "\n".join(lines.debrief(debrief, None, ""))
    assert says in printed and ("You rated yourself" in printed) == (rating is not None)


async def test_no_reason_is_given_twice(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "I'm on my way.", "Stay there.", "I'm nearly there.", "")
    reasons = [line for reply in lines.reply_by_reply(debrief) for line in reply if not line.startswith("You said: ")]
    repeated = {line for line in reasons if reasons.count(line) > 1}
    assert repeated <= {"Met.", "Missed."}


def test_a_briefing_holds_nothing_unspoken() -> None:
    printed = "\n".join(lines.briefing(script().persona))
    assert "Locksmith dispatcher" in printed and "wait with them" in printed
    assert "alone" not in printed and "forget" not in printed and "afraid" not in printed


async def in_scenes(tmp_path: Path, *replies: str) -> Debrief:
    record = msgspec.structs.replace(RECORD, script=told_in_scenes())
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await Session.begin(
            record, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t"
        )
        await session.speak()
        for reply in replies:
            await session.reply(reply)
        await session.leave()
        return debrief_of(session.transcript)


async def test_the_course_of_a_story_goes_from_scene_to_scene(tmp_path: Path) -> None:
    debrief = await in_scenes(tmp_path, "I'm on my way.", "Miss that.")
    assert [(at.turn, at.scene, at.speaker, at.trust) for at in debrief.states] == [
        (0, "door", "", 4),
        (1, "door", "", 6),
        (1, "office", "Ann Bell", 6),
        (2, "office", "Ann Bell", 5.5),
    ]
    printed = list(lines.debrief(debrief, None, ""))
    assert "Trust of Pat, from the first line to the last: 4, 6." in printed
    assert "Trust of Ann, from the first line to the last: 6, 5.5." in printed


async def test_each_reply_of_a_story_was_given_to_somebody(tmp_path: Path) -> None:
    debrief = await in_scenes(tmp_path, "I'm on my way.", "Miss that.")
    assert [(reply.speaker, reply.customer) for reply in debrief.replies] == [
        ("", "I'm locked out."),
        ("Ann Bell", "Office, Ann."),
    ]
    assert "Reply 2, to Ann: “Office, Ann.”" in list(lines.debrief(debrief, None, ""))


async def test_needs_and_what_was_kept_back_are_those_of_the_whole_story(tmp_path: Path) -> None:
    debrief = await in_scenes(tmp_path, "I'm on my way.", "Miss that.")
    assert debrief.needs_met == ("To get in.", "Not to stand there alone.")
    assert [(each.disclosure, each.speaker) for each in debrief.untold] == [
        ("asked", ""),
        ("earned", ""),
        ("own", ""),
        ("load", "Ann Bell"),
    ]
    assert debrief.untold[-1].opens == "Ann tells this when asked, by touching on “busy day”."
    assert "Pat and Ann kept 4 things back." in list(lines.debrief(debrief, None, ""))


async def test_what_may_not_have_been_met_is_shown_what_would_have_met_it(tmp_path: Path) -> None:
    (met, *_) = (await debriefed(tmp_path, "I'm on my way.")).replies
    doubtful = msgspec.structs.replace(met.assessment, unsure=True, suggestion=Suggestion("Stay with me.", "It stays."))
    for judged, better in ((doubtful, True), (msgspec.structs.replace(doubtful, unsure=False), False)):
        reply = msgspec.structs.replace(met, assessment=judged)
        titles: dict[Scored, str] = {"acts": "Does something"}
        printed = "\n".join(lines._reply(reply, titles, set()))
        shown = MarkedReply(reply, titles, "Pat")
        shown.step = 1
        assert ("Better: Stay with me." in printed, "Stay with me." in shown.inside().plain) == (better, better)


async def test_the_word_for_a_reply_is_the_beginning_of_its_verdict() -> None:
    for opportunity in ("met", "partly", "missed", "none"):
        for unsure in (False, True):
            judged = assessment(opportunity, unsure=unsure)
            assert wording.verdict(judged).startswith(wording.verdict_word(judged))
    foreign = msgspec.structs.replace(assessment(flags=Flags(language=True)), overall=None)
    assert wording.verdict(foreign).startswith(wording.verdict_word(foreign))
