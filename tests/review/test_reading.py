"""A coach reads a call line by line: the mind behind it, what counts, what the machine gave, and what was noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.review.opening import Spot, how_it_went, opened, reviewed
from roleplay.review.reading import SHORT, Entry, Reading, reading_of
from roleplay.scoring.overruled import RATED
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.review.played import keep_played
from tests.store.kept_calls import ANSWERS, ending, keep_call, line, reply, try_again

CALL = "aaaa1111"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roleplay.db"


def reading(path: Path, branch: int | None = None) -> Reading:
    with desk_at(path) as desk:
        return reading_of(desk.open(CALL, branch))


def entry(reading: Reading, key: str) -> Entry:
    return next(each for each in reading.entries if each.key == key)


def taken_back(path: Path) -> None:
    """Two replies, of which the second was taken back and given anew, until the call ended."""
    with Transcripts(path) as store:
        keep_call(store, CALL, 2, ended=False)
        try_again(store, CALL, 1, 2)
        store.keep_ending(ending(CALL, 1), 50.0)


def test_every_line_and_reply_is_there_in_order_with_the_mind_at_that_point(path: Path) -> None:
    transcript = keep_played(path, CALL)
    told = reading(path)
    kept = [each for each in told.entries if each.place]
    assert [each.said for each in kept if each.side == "trainee"] == [each.text for each in transcript.replies]
    assert [each.said for each in kept if each.side == "customer"] == [each.text for each in transcript.lines]
    for each, given in zip([each for each in kept if each.reply], transcript.replies, strict=True):
        state = transcript.state_after(given)
        assert (each.mind.trust, each.mind.distress, each.mind.patience) == (
            state.trust,
            state.distress,
            state.patience,
        )
        assert len(each.mind.told) == len(state.disclosed)
    first, last = kept[0].mind, kept[-1].mind
    assert (first.turn, first.told) == (0, ()) and first.kept_back
    assert set(first.kept_back) == {*last.told, *last.kept_back}
    assert len(last.told) > 0 and last.met
    assert told.course


def test_what_a_coach_overruled_stands_beside_what_the_machine_gave(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, CALL)
    with desk_at(path) as desk:
        desk.overrule(CALL, desk.open(CALL).transcript.replies[1], "acts", 2, "The truck is ordered.")
    assessed = entry(reading(path), "0-2-trainee-1").assessed
    assert assessed
    levels = {each.of: each for each in assessed.levels}
    assert (levels["acts"].counts, levels["acts"].machine) == (2, 1)
    assert levels["acts"].override and levels["acts"].override.reason == "The truck is ordered."
    assert [each.of for each in assessed.overruled] == ["acts"]
    assert (levels["overall"].counts, levels["overall"].highest, len(levels["overall"].means)) == (3, 4, 5)
    assert (levels["harm"].title, levels["overall"].title) == ("Harm", "The reply as a whole")
    assert all(mark.earned.endswith("1 of 2") for mark in assessed.marks)


def test_comments_and_disputes_stand_where_they_belong(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, CALL, ended=False)
        store.keep_line(line(CALL, 4, "I said –", attempt=2, broken_off=True))
        store.keep_ending(ending(CALL), 50.0)
    with desk_at(path) as coach, desk_at(path, "sam") as trainee:
        coach.comment(CALL, 0, 2, "customer", "On the line.")
        coach.comment(CALL, 0, 2, "trainee", "On the reply.")
        coach.comment(CALL, 0, 4, "customer", "On the second attempt.", 2)
        dispute = trainee.dispute(CALL, coach.open(CALL).transcript.replies[0], "I asked.")
        told = reading(path)
        assert entry(told, "0-1-trainee-1").open_dispute == dispute
        answer = coach.answer(dispute, "You did.", upheld=True)
    told = reading(path)
    assert [each.text for each in entry(told, "0-2-customer-1").comments] == ["On the line."]
    assert [each.text for each in entry(told, "0-2-trainee-1").comments] == ["On the reply."]
    assert [each.text for each in entry(told, "0-4-customer-2").comments] == ["On the second attempt."]
    assert entry(told, "0-4-customer-1").comments == ()
    assert entry(told, "0-1-trainee-1").disputes == ((dispute, answer),)
    assert entry(told, "0-1-trainee-1").open_dispute is None
    assert "You did." in entry(told, "0-1-trainee-1").words
    assert told.elsewhere == ()


def test_replies_that_were_taken_back_are_told_where_the_call_ended_and_the_first_counts(path: Path) -> None:
    taken_back(path)
    told = reading(path)
    keys = [each.key for each in told.entries if each.reply]
    assert keys == ["0-1-trainee-1", "0-2-trainee-1", "1-2-trainee-1"]
    assert [bool(each.assessed and each.assessed.first) for each in told.entries if each.reply] == [True, True, False]
    other = reading(path, 0)
    assert [each.key for each in other.entries if each.reply] == ["0-1-trainee-1", "0-2-trainee-1"]
    assert all(each.assessed and each.assessed.first for each in other.entries if each.reply)
    assert other.course == ()


def test_a_comment_on_another_try_is_told_apart(path: Path) -> None:
    taken_back(path)
    with desk_at(path) as desk:
        desk.comment(CALL, 0, 3, "customer", "On the try that was given up.")
    assert [each.text for each in reading(path).elsewhere] == ["On the try that was given up."]
    assert reading(path, 0).elsewhere == ()


def test_a_call_is_opened_where_something_was_found_on_whatever_try(path: Path) -> None:
    taken_back(path)
    with desk_at(path) as desk:
        desk.comment(CALL, 0, 1, "customer", "Noted on the line.")
        assert opened(desk, CALL, spot=Spot(1, 2, "trainee", "Once more.")).at == "1-2-trainee-1"
        assert opened(desk, CALL, spot=Spot(0, 1, "coach", "Noted on the line.")).at == "0-1-customer-1"
        given_up = opened(desk, CALL, spot=Spot(0, 3, "customer", ""))
        assert (given_up.at, given_up.case.transcript.branch, given_up.current) == ("0-3-customer-1", 0, 1)
        assert opened(desk, CALL, spot=Spot(9, 9, "trainee", "")).at == ""


def test_an_opened_call_knows_both_scores_and_who_reviewed_it(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, CALL)
        keep_call(store, "bbbb2222", ended=False)
    with desk_at(path) as desk:
        before = opened(desk, CALL)
        assert before.ended and before.score == before.machine and reviewed(before) == []
        assert how_it_went(before) == ["3 replies", "ended well", "rated 3 of 4 by the trainee"]
        reply_ = before.case.transcript.replies[0]
        desk.overrule(CALL, reply_, "harm", 2, "That is not to be said to her.")
        desk.dispute(CALL, reply_, "Is it not?")
        desk.mark_reviewed(CALL)
        after = opened(desk, CALL)
        assert after.machine == before.score and (after.score or 0) < (before.score or 0)
        assert after.score == desk.transcripts.score(CALL)
        assert reviewed(after) == ["1 dispute waits", "reviewed by Kim"]
        assert not opened(desk, "bbbb2222").ended
        assert how_it_went(opened(desk, "bbbb2222"))[-1] == "has not ended"


def test_every_level_has_a_short_name_of_its_own() -> None:
    assert set(SHORT) == set(RATED)
    assert len(set(SHORT.values())) == len(RATED)


def test_a_silence_is_an_entry_like_any_other(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, CALL, 1, ended=False)
        store.keep_reply(reply(CALL, 2, ""))
        store.keep_ending(ending(CALL), 50.0)
    told = entry(reading(path), "0-2-trainee-1")
    assert told.said == "" and told.assessed and told.words.strip() == ""
    assert ANSWERS in entry(reading(path), "0-1-trainee-1").words
