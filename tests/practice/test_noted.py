"""What a coach and a trainee add to a call stands in its debrief, with the reply or the line that it is on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from roleplay.cli import lines
from roleplay.conversation.reviewing import Comment
from roleplay.conversation.turns import KeptReply
from roleplay.practice.debrief import Debrief, debrief_of
from roleplay.review.desk import Desk
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.overruled import rateable
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.store.kept_calls import ANSWERS, SAYS, ending, keep_call, script, try_again

SCRIPT = script()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Transcripts(tmp_path / "roleplay.db") as store:
        keep_call(store, "call-one")
    return tmp_path / "roleplay.db"


@pytest.fixture
def coach(path: Path) -> Iterator[Desk]:
    with desk_at(path) as desk:
        yield desk


def debriefed(desk: Desk, name: str = "call-one") -> Debrief:
    case = desk.open(name)
    return debrief_of(case.transcript, case.reviewed)


def reply_of(desk: Desk, turn: int) -> KeptReply:
    return desk.open("call-one").transcript.replies[turn - 1]


def printed(debrief: Debrief) -> list[str]:
    return list(lines.debrief(debrief, None, ""))


def test_a_call_without_a_review_is_told_as_before(coach: Desk) -> None:
    debrief = debriefed(coach)
    assert (debrief.reviewed, debrief.scored, debrief.remarks) == ("", None, ())
    assert debrief == debrief_of(coach.open("call-one").transcript)
    assert not any("coach" in line.casefold() or "Comment by" in line for line in printed(debrief))


def test_comments_stand_with_the_reply_that_they_are_on_or_that_answers_the_line(coach: Desk) -> None:
    coach.comment("call-one", 0, 2, "customer", "Here she tells you.")
    coach.comment("call-one", 0, 2, "trainee", "Warm.\nAnd short.")
    debrief = debriefed(coach)
    assert [len(reply.noted.on_line) for reply in debrief.replies] == [0, 1, 0]
    assert [each.text for each in debrief.replies[1].noted.comments] == ["Warm.\nAnd short."]
    shown = printed(debrief)
    second = shown.index(f"You said: {ANSWERS} (2)")
    on_line, on_reply = (line for line in shown[second:] if line.startswith("Comment by Kim (2026-11-05 "))
    assert on_line.endswith(" on what the customer said: Here she tells you.")
    assert on_reply.endswith("): Warm. And short.")
    assert debrief.reviewed == "Reviewed by Kim: 2 comments." and debrief.reviewed in shown


def test_a_comment_on_a_line_that_nobody_answered_is_told_with_the_line(coach: Desk) -> None:
    coach.comment("call-one", 0, 4, "customer", "You left her there.")
    debrief = debriefed(coach)
    assert [(each.comment.text, each.said) for each in debrief.remarks] == [("You left her there.", f"{SAYS} (3)")]
    (told,) = (line for line in printed(debrief) if "You left her there." in line)
    assert f"on “{SAYS} (3)”" in told


def test_a_comment_on_a_try_that_was_taken_back_stands_with_that_try(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, "branched", 2, ended=False)
        try_again(store, "branched", 1, 2)
        store.keep_ending(ending("branched", 1), 50)
    with desk_at(path) as coach:
        coach.comment("branched", 0, 2, "trainee", "The first one was better.")
        coach.comment("branched", 1, 1, "trainee", "By the branch on which it was read.")
        first, taken_back, second = debriefed(coach, "branched").replies
    assert [len(each.noted.comments) for each in (first, taken_back, second)] == [1, 1, 0]
    assert (taken_back.branch, taken_back.attempt, second.branch, second.attempt) == (0, 1, 1, 2)


def test_a_coachs_level_counts_and_what_the_machine_gave_stays_beside_it(coach: Desk) -> None:
    before = debriefed(coach)
    coach.overrule("call-one", reply_of(coach, 2), "acts", 2, "The truck is ordered.")
    debrief = debriefed(coach)
    (overruled,) = debrief.replies[1].noted.overruled
    assert (overruled.level, overruled.was, overruled.by, overruled.coach) == (2, 1, "offline", "Kim")
    assert debrief.replies[1].assessment.scores["acts"] == 2
    assert next(each.mean for each in debrief.dimensions if each.dimension == "acts") > 1
    assert before.score is not None and debrief.score is not None
    assert debrief.score > before.score and debrief.scored == before.score
    assert "It promises an act." not in str(debrief.replies[1].assessment.evidence)  # the coach gives the reason now
    shown = "\n".join(printed(debrief))
    assert "acts 2 of 2 (was 1 by the offline scorer). yes Reason: The truck is ordered." in shown
    assert f"It was {before.score:.0f} by the scorer alone." in shown
    assert "your coach's level counts)" in shown


def test_the_verdict_that_a_coach_has_overruled_is_told_with_who_gave_it(coach: Desk) -> None:
    for dimension in rateable(Occasion.at(SCRIPT.persona, SCRIPT.persona.beat("opening"))):
        if dimension != "harm":
            coach.overrule("call-one", reply_of(coach, 1), dimension, 0, "Nothing of it.")
    reply = debriefed(coach).replies[0]
    assert reply.noted.scored is not None and reply.noted.scored.opportunity == "met"
    assert reply.assessment.opportunity == "partly"
    assert [each for each in reply.assessment.evidence if each.dimension == "acts"] == []  # of the machine's
    shown = "\n".join(printed(debriefed(coach)))
    assert "Partly met (was met by the offline scorer; your coach's level counts)." in shown


def test_a_level_that_was_lifted_and_a_comment_that_was_taken_back_are_not_told(coach: Desk) -> None:
    before = debriefed(coach)
    coach.overrule("call-one", reply_of(coach, 1), "acts", 0, "Nothing is done.")
    coach.overrule("call-one", reply_of(coach, 1), "acts", None, "It is.")
    coach.withdraw(coach.comment("call-one", 0, 1, "trainee", "Hm."))
    assert debriefed(coach) == before


def test_a_dispute_waits_under_its_reply_until_a_coach_answers(coach: Desk) -> None:
    dispute = coach.dispute("call-one", reply_of(coach, 1), "I asked where she is.")
    debrief = debriefed(coach)
    assert debrief.replies[0].noted.waiting == dispute and debrief.reviewed == ""
    (told,) = (line for line in printed(debrief) if line.startswith("You disputed this"))
    assert told.endswith(": I asked where she is. (waiting for a coach)")
    coach.answer(dispute, "You did.", upheld=True)
    debrief = debriefed(coach)
    assert debrief.replies[0].noted.waiting is None and debrief.reviewed == "Reviewed by Kim: 1 answer."
    shown = "\n".join(printed(debrief))
    assert ", upheld: You did." in shown and "waiting for a coach" not in shown


def test_who_reviewed_is_told_once_each_and_without_a_word_too(coach: Desk, path: Path) -> None:
    coach.mark_reviewed("call-one")
    assert debriefed(coach).reviewed == "Reviewed by Kim: without a comment."
    with desk_at(path, "Ana [b]") as other:
        other.reviews.keep(_comment("1", "2026-11-06T08:00:00.000+00:00"))
        other.reviews.keep(_comment("2", "2026-11-06T09:00:00.000+00:00"))
    assert debriefed(coach).reviewed == "Reviewed by Kim and Ana [b]: 2 comments."


def test_words_that_would_steer_a_terminal_stand_on_one_line_and_steer_nothing(coach: Desk) -> None:
    evil = "\x1b]52;c;ZXZpbA==\x07[red]\u202eabc\nReply 9, to “x”\nYou said: nothing."
    coach.comment("call-one", 0, 1, "trainee", evil)
    coach.overrule("call-one", reply_of(coach, 1), "acts", 2, evil)
    coach.answer(coach.dispute("call-one", reply_of(coach, 1), evil), evil, upheld=False)
    raw = msgspec.structs.replace(coach.open("call-one").reviewed.comments[0], coach=evil, at=evil)
    case = coach.open("call-one")
    told = printed(debrief_of(case.transcript, msgspec.structs.replace(case.reviewed, comments=(raw,))))
    assert not any("\n" in line for line in told)
    assert not any(line.startswith("Reply 9") for line in told)


def _comment(ident: str, at: str) -> Comment:
    return Comment(id=ident, session="call-one", branch=0, turn=1, side="trainee", text="Good.", coach="Ana [b]", at=at)
