"""The trainee's side of reviews: what a coach has for them, and disputes of their own replies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.errors import BadInput, NotFound, StoreDamaged, StoreError
from roleplay.review.desk import Desk
from roleplay.review.trainee import MOST_NEWS, FromCoach, dispute, from_coach, take_back
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at, withdraw_elsewhere
from tests.store.kept_calls import keep_call

NOW = "2026-11-05T12:00:00.000+00:00"
"""A few hours after what the desks of the tests keep."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, "call-one")
        keep_call(store, "call-two")
        keep_call(store, "of-another", trainee="pat")
        keep_call(store, "still-open", ended=False)
    return path


def coming(path: Path, now: str = NOW, trainee: str = "sam") -> FromCoach:
    with Transcripts(path) as store:
        return from_coach(store, trainee, now)


def news(path: Path, now: str = NOW) -> Sequence[str]:
    return [each.session for each in coming(path, now).news]


def first_reply(desk: Desk, session: str = "call-one") -> tuple[Transcript, KeptReply]:
    transcript = desk.open(session).transcript
    return transcript, transcript.replies[0]


def test_calls_with_a_comment_a_level_or_an_answer_are_news_the_newest_first(path: Path) -> None:
    with desk_at(path, "sam") as trainee, desk_at(path) as coach:
        assert news(path) == []
        asked = trainee.dispute("call-one", first_reply(trainee)[1], "I asked.")
        coach.mark_reviewed("call-one")
        assert news(path) == []  # a dispute and a mark are no news
        coach.comment("call-one", 0, 1, "trainee", "Good.")
        coach.overrule("call-two", first_reply(coach, "call-two")[1], "acts", 2, "It is.")
        coach.comment("of-another", 0, 1, "trainee", "For somebody else.")
        assert news(path) == ["call-two", "call-one"]
        coach.answer(asked, "You did.", upheld=True)
        first, second = coming(path).news
    assert (first.session, first.comments, first.overruled, first.answered) == ("call-one", 1, 0, 1)
    assert (second.session, second.comments, second.overruled, second.answered) == ("call-two", 0, 1, 0)
    assert (first.persona, first.title, first.coaches) == ("the-ramp", "The ramp", ("Kim",))
    assert first.at > second.at


def test_what_was_taken_back_or_lifted_is_no_news(path: Path) -> None:
    with desk_at(path, "sam") as trainee, desk_at(path) as coach:
        reply = first_reply(coach)[1]
        coach.withdraw(coach.comment("call-one", 0, 1, "trainee", "Hm."))
        coach.overrule("call-one", reply, "acts", 2, "It is.")
        coach.overrule("call-one", reply, "acts", None, "It is not.")
        asked = trainee.dispute("call-one", reply, "I asked.")
        coach.answer(asked, "You did.", upheld=True)
        withdraw_elsewhere(trainee, asked)
    assert news(path) == []


def test_news_are_new_for_thirty_days_and_a_handful_at_most(path: Path) -> None:
    with desk_at(path) as coach, Transcripts(path) as store:
        coach.comment("call-one", 0, 1, "trainee", "Good.")
        assert news(path, "2026-12-05T08:59:00.000+00:00") == ["call-one"]
        assert news(path, "2026-12-05T09:01:00.000+00:00") == []
        for number in range(MOST_NEWS):
            keep_call(store, f"more-{number}")
            coach.comment(f"more-{number}", 0, 1, "trainee", "Good.")
    assert list(news(path)) == [f"more-{number}" for number in reversed(range(MOST_NEWS))]


def test_assignments_are_those_of_the_trainee_that_wait(path: Path) -> None:
    with desk_at(path) as coach, Transcripts(path) as store:
        coach.assign("sam", "the-ramp", "Before Friday.")
        coach.assign("pat", "the-ramp")
        (assigned,) = coming(path).assigned
        assert (assigned.persona, assigned.note, assigned.coach) == ("the-ramp", "Before Friday.", "Kim")
        keep_call(store, "another-one", trainee="sam", ended=False)
        assert len(coming(path).assigned) == 1
        keep_call(store, "and-another", trainee="sam")
        assert coming(path) == FromCoach()


def test_before_the_first_call_there_is_nothing_and_nothing_is_created(tmp_path: Path) -> None:
    assert coming(tmp_path / "roleplay.db") == FromCoach()
    assert list(tmp_path.iterdir()) == []


def test_an_assignment_that_was_altered_is_not_believed(path: Path) -> None:
    with desk_at(path) as coach:
        coach.assign("sam", "the-ramp")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER assignments_are_only_added")
        connection.execute("UPDATE assignments SET note = 'Pay Kim.'")
    with pytest.raises(StoreDamaged, match="assignments row"):
        coming(path)


def test_a_dispute_stands_until_it_is_taken_back(path: Path) -> None:
    with desk_at(path, "sam") as desk:
        kept = dispute(desk, *first_reply(desk), "I did ask.")
        assert (kept.trainee, kept.text) == ("sam", "I did ask.")
        with pytest.raises(BadInput, match=r"You have disputed this already: “I did ask\.”"):
            dispute(desk, *first_reply(desk), "Again.")
        assert take_back(desk, *first_reply(desk)) == kept
        assert desk.open("call-one").reviewed.disputes == ()
        with pytest.raises(NotFound, match="was not disputed"):
            take_back(desk, *first_reply(desk))
        dispute(desk, *first_reply(desk), "I did ask, and named it.")
    assert verify(path).fine


def test_what_was_answered_stays_and_can_be_disputed_once_more(path: Path) -> None:
    with desk_at(path, "sam") as desk, desk_at(path) as coach:
        coach.answer(dispute(desk, *first_reply(desk), "I did ask."), "Not here.", upheld=False)
        with pytest.raises(BadInput, match="was answered, and stays"):
            take_back(desk, *first_reply(desk))
        dispute(desk, *first_reply(desk), "In the second sentence.")
        assert len(coach.open("call-one").reviewed.open_disputes) == 1


def test_only_replies_of_ones_own_ended_calls_can_be_disputed(path: Path) -> None:
    with desk_at(path, "sam") as desk:
        with pytest.raises(BadInput, match="a call of “pat”, and you are “sam”"):
            dispute(desk, *first_reply(desk, "of-another"), "Hers.")
        with pytest.raises(BadInput, match="a call of “pat”"):
            take_back(desk, *first_reply(desk, "of-another"))
        with pytest.raises(StoreError, match="has not ended"):
            dispute(desk, *first_reply(desk, "still-open"), "Already.")
        transcript, reply = first_reply(desk)
        with pytest.raises(NotFound):
            dispute(desk, transcript, replace(reply, turn=9), "Which one?")
        for words, why in (("  \n", "needs words"), ("x" * 4_001, "at most 4,000 characters")):
            with pytest.raises(BadInput, match=why):
                dispute(desk, transcript, reply, words)
    assert verify(path).fine
