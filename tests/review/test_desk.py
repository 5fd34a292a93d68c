"""A coach's judgement outranks the machine's, is kept at once with who and when, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.errors import BadInput, NotFound, StoreError
from roleplay.review.desk import Desk
from roleplay.store.integrity import verify
from roleplay.store.listing import newest_sessions
from roleplay.store.reviews import Wanted
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.store.kept_calls import keep_call, keep_llm_turn


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, "call-one")
        keep_call(store, "call-two")
        keep_call(store, "still-open", ended=False)
    return path


def listed(desk: Desk, name: str) -> float | None:
    with desk.transcripts.snapshot() as connection:
        assert connection is not None
        return next(each.score for each in newest_sessions(connection, 9) if each.id == name)


def test_what_a_coach_overrules_counts_and_the_score_of_the_machine_stays(path: Path) -> None:
    with desk_at(path) as desk:
        reply = desk.open("call-one").transcript.replies[1]
        desk.overrule("call-one", reply, "acts", 2, "The truck is ordered.")
        desk.overrule("call-one", reply, "overall", 4, "All of it was there.")
        case = desk.open("call-one")
        counted = case.transcript.counted(reply)
        assert (counted.scores["acts"], counted.overall) == (2, 4)
        assert (case.transcript.scored(reply).scores["acts"], case.transcript.scored(reply).overall) == (1, 3)
        assert counted.turn_score == 60.0  # by the weights of the rubric, from four times 1 and once 2
        standing = case.reviewed.levels_on(reply.place)
        assert {name: (each.coach, each.reason) for name, each in standing.items()} == {
            "acts": ("Kim", "The truck is ordered."),
            "overall": ("Kim", "All of it was there."),
        }
    assert verify(path).fine


def test_the_list_has_the_score_that_the_coach_leads_to(path: Path) -> None:
    with desk_at(path) as desk:
        before = listed(desk, "call-one")
        reply = desk.open("call-one").transcript.replies[0]
        desk.overrule("call-one", reply, "harm", 2, "That is not to be said to her.")
        after = listed(desk, "call-one")
        assert before is not None and after is not None and after < before
        assert desk.transcripts.score("call-one") == after
        desk.undo()
        assert (listed(desk, "call-one") or 0) > after
    assert verify(path).fine


def test_undo_goes_back_step_by_step_to_what_was_there(path: Path) -> None:
    with desk_at(path) as desk:
        reply = desk.open("call-one").transcript.replies[0]
        desk.comment("call-one", 0, 1, "trainee", "Good.")
        desk.overrule("call-one", reply, "acts", 0, "Nothing is done.")
        desk.overrule("call-one", reply, "acts", 2, "I was wrong.")
        desk.mark_reviewed("call-one")
        for standing in ({"acts": 2}, {"acts": 0}, {}):
            desk.undo()
            case = desk.open("call-one")
            assert not case.reviewed.marks
            assert {name: each.level for name, each in case.reviewed.levels_on(reply.place).items()} == standing
        assert case.transcript.counted(reply) == case.transcript.scored(reply)
        assert len(case.reviewed.comments) == 1
        desk.undo()
        assert desk.open("call-one").reviewed.comments == ()
        assert desk.undo() is None
    assert verify(path).fine


def test_undo_does_not_touch_what_somebody_else_overruled_since(path: Path) -> None:
    with desk_at(path, "Kim") as kim, desk_at(path, "Lou") as lou:
        reply = kim.open("call-one").transcript.replies[0]
        kim.overrule("call-one", reply, "acts", 0, "Nothing is done.")
        lou.overrule("call-one", reply, "harm", 1, "She is told to calm down.")
        lou.overrule("call-one", reply, "acts", 2, "The truck is.")
        with pytest.raises(BadInput, match="Lou has overruled this since"):
            kim.undo()
        case = kim.open("call-one")
        assert {name: each.level for name, each in case.reviewed.levels_on(reply.place).items()} == {
            "acts": 2,
            "harm": 1,
        }
        counted = case.transcript.counted(reply)
        assert (counted.scores["acts"], counted.harm) == (2, 1)


def test_a_dispute_is_first_in_the_queue_until_it_is_answered_and_reviewed(path: Path) -> None:
    with desk_at(path, "sam") as trainee, desk_at(path) as coach:
        reply = coach.open("call-one").transcript.replies[0]
        assert [each.id for each in coach.reviews.queue(Wanted(), 9)] == ["call-two", "call-one"]
        coach.mark_reviewed("call-one")
        assert [each.id for each in coach.reviews.queue(Wanted(), 9)] == ["call-two"]
        dispute = trainee.dispute("call-one", reply, "I did ask where she stands.")
        assert [each.id for each in coach.reviews.queue(Wanted(), 9)] == ["call-one", "call-two"]
        assert coach.reviews.counts() == {4: 1, 0: 1}
        answer = coach.answer(dispute, "You did.", upheld=True)
        case = coach.open("call-one")
        assert case.reviewed.answer_to(dispute) == answer
        assert case.reviewed.open_disputes == ()
        assert [each.id for each in coach.reviews.queue(Wanted(), 9)] == ["call-two"]
        assert [each.id for each in coach.reviews.queue(Wanted(reviewed=True), 9)] == ["call-one"]
    assert verify(path).fine


def test_a_dispute_is_either_answered_or_taken_back(path: Path) -> None:
    with desk_at(path, "sam") as trainee, desk_at(path) as coach:
        reply = coach.open("call-one").transcript.replies[0]
        gone = trainee.dispute("call-one", reply, "I did ask where she stands.")
        trainee.withdraw(gone)
        with pytest.raises(StoreError, match="taken back meanwhile"):
            coach.answer(gone, "You did.", upheld=True)
        stays = trainee.dispute("call-one", reply, "I did ask, after all.")
        answer = coach.answer(stays, "You did.", upheld=True)
        with pytest.raises(StoreError, match="has answered this dispute meanwhile"):
            trainee.withdraw(stays)
        coach.withdraw(answer)
        trainee.withdraw(stays)
        assert coach.open("call-one").reviewed.disputes == ()


def test_the_queue_goes_on_after_its_first_page(path: Path) -> None:
    with desk_at(path) as desk:
        (first,) = desk.reviews.queue(Wanted(trainee="sam", persona="the-ramp", least=60, most=70), 1)
        (second,) = desk.reviews.queue(Wanted(), 1, first.place)
        assert (first.id, second.id) == ("call-two", "call-one")
        assert list(desk.reviews.queue(Wanted(), 1, second.place)) == []
        assert list(desk.reviews.queue(Wanted(trainee="nobody"), 9)) == []
        desk.mark_reviewed("call-two")
        (newest,) = desk.reviews.queue(Wanted(reviewed=None), 1)
        (other,) = desk.reviews.queue(Wanted(reviewed=None), 1, newest.place)
        assert ((newest.id, newest.reviewed), (other.id, other.reviewed)) == (("call-two", 1), ("call-one", 0))


def test_a_verdict_that_is_far_from_the_offline_score_and_one_that_failed_are_for_the_coach(path: Path) -> None:
    with desk_at(path) as desk, Transcripts(path) as store:
        keep_llm_turn(store, "still-open", 4, attempt=2)
        assert desk.reviews.counts() == {0: 2}
    assert verify(path).fine


def test_a_call_that_goes_on_cannot_be_reviewed(path: Path) -> None:
    with desk_at(path) as desk, pytest.raises(StoreError, match="has not ended"):
        desk.comment("still-open", 0, 1, "trainee", "Already?")


def test_what_is_not_there_cannot_be_reviewed(path: Path) -> None:
    with desk_at(path) as desk:
        with pytest.raises(NotFound):
            desk.open("no-such-call")
        with pytest.raises(NotFound):
            desk.comment("call-one", 7, 1, "trainee", "On which branch?")
        reply = desk.open("call-one").transcript.replies[0]
        for level in (-1, 3):
            with pytest.raises(BadInput, match="Give 0 to 2"):
                desk.overrule("call-one", reply, "acts", level, "Why not.")
        with pytest.raises(BadInput, match="needs words"):
            desk.overrule("call-one", reply, "acts", 2, " \n ")


def test_an_assignment_stands_until_it_is_played_or_taken_back(path: Path) -> None:
    with desk_at(path) as desk, Transcripts(path) as store:
        desk.assign("sam", "the-ramp", "Before Friday, please.")
        other = desk.assign("sam", "another")
        assert [each.persona for each in desk.reviews.assigned("sam")] == ["the-ramp", "another"]
        assert list(desk.reviews.assigned("pat")) == []
        desk.withdraw(other)
        keep_call(store, "call-three")
        assert list(desk.reviews.assigned("sam")) == []
    assert verify(path).fine
