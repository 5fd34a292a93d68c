"""What a debrief teaches, and what it does not give away."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.cli import lines
from roleplay.practice.debrief import Debrief, debrief_of
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import script
from tests.conversation.test_session import Fixed, begun


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
    printed = "\n".join(lines.debrief(await debriefed(tmp_path, "I'm on my way.", "", "", rating=rating)))
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
