"""What coaches found, beside what each scorer had said: blind ratings by themselves, and what was overruled apart."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from roleplay.review.labels import Rating, items_of, rated_replies, written
from roleplay.scoring.items import LabelledItem, read_item
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.review.rated_calls import as_labelled, items, keep, rate, strictly


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "roleplay.db"
    keep(path, items()[:3], judge="some-model")
    keep(path, items()[3:4], first=3)
    return path


def read(path: Path, since: str = "") -> Rating:
    with Transcripts(path) as transcripts, Reviews(path) as reviews:
        return rated_replies(transcripts, reviews, since)


def test_a_rating_stands_beside_what_each_scorer_had_said(path: Path) -> None:
    rate(path, items()[:1], "Kim", strictly)
    (reply,) = read(path).replies
    kept = Transcripts(path).load("call-000")
    offline = kept.replies[0].assessment
    assert reply.text == items()[0].said and reply.customer == items()[0].context[-1].text
    assert reply.occasion.unspoken and reply.trainee == "sam"
    assert [(label.kind, label.coach, label.levels) for label in reply.labels] == [
        ("blind", "Kim", strictly(items()[0]))
    ]
    assert set(reply.scored) == {f"offline {offline.scorer.version}", "judge some-model"}
    assert reply.scored[f"offline {offline.scorer.version}"]["overall"] == offline.overall
    assert reply.scored["judge some-model"]["overall"] == min(4, (offline.overall or 0) + 1)


def test_what_a_coach_overruled_is_no_scorer_and_is_kept_apart(path: Path) -> None:
    with desk_at(path) as desk:
        reply = desk.open("call-003").transcript.replies[0]
        desk.overrule("call-003", reply, "acts", 0, "Nothing is done.")
        desk.overrule("call-003", reply, "harm", 2, "It hurts.")
        desk.overrule("call-003", reply, "harm", None, "It does not.")
    rating = read(path)
    (rated,) = rating.replies
    assert list(rated.scored) == [f"offline {reply.assessment.scorer.version}"]
    assert rated.scored[next(iter(rated.scored))]["acts"] == reply.assessment.scores["acts"]
    assert [label.levels for label in rated.labels] == [{"acts": 0}]
    assert (len(rating.labels(["blind"])), len(rating.labels(["overruled"]))) == (0, 1)
    assert (rating.calls(["blind"]), rating.calls(["overruled"])) == (0, 1)


def test_the_latest_rating_of_a_coach_counts_and_one_taken_back_does_not(path: Path) -> None:
    with desk_at(path) as desk:
        reply = desk.open("call-000").transcript.replies[0]
        desk.rate("call-000", reply, {"overall": 4})
        desk.rate("call-000", reply, {"overall": 1})
        other = desk.open("call-001").transcript.replies[0]
        desk.rate("call-001", other, {"overall": 2})
        desk.undo()
    (rated,) = read(path).replies
    assert [label.levels for label in rated.labels] == [{"overall": 1}]


def test_only_what_was_rated_since_counts(path: Path) -> None:
    rate(path, items()[:2], "Kim", as_labelled)
    assert len(read(path, "2026-11-05T09:00:01.000+00:00").replies) == 1
    assert read(path, "2027-01-01").replies == ()


def test_a_call_that_cannot_be_read_is_left_out_and_counted(path: Path) -> None:
    import sqlite3

    rate(path, items()[:2], "Kim", as_labelled)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER replies_are_only_added")
    connection.execute("UPDATE replies SET text = 'Other words.' WHERE session = 'call-000'")
    connection.commit()
    connection.close()
    rating = read(path)
    assert [reply.session for reply in rating.replies] == ["call-001"] and rating.unreadable == 1


def test_exported_labels_are_read_back_as_they_were_given_and_name_nobody(path: Path) -> None:
    rate(path, items()[:2], "Kim", strictly)
    rate(path, items()[:1], "Ana", as_labelled)
    rating = read(path)
    lines = [written(item) for item in items_of(rating, ["blind", "overruled"])]
    back = [read_item(line, LabelledItem) for line in lines]
    assert [item.tags for item in back] == [("blind", "coach-1"), ("blind", "coach-2"), ("blind", "coach-1")]
    assert len({item.id for item in back}) == 3
    for item, given in zip(back, (strictly(items()[0]), as_labelled(items()[0]), strictly(items()[1])), strict=True):
        assert {name: level for name in given if (level := given[name]) is not None} == {
            **{n: v for n, v in msgspec.to_builtins(item.labels).items() if v is not None},
            "overall": item.overall,
        }
    assert back[0].said == items()[0].said and back[0].writer == "trainee-1"
    assert back[0].story == rating.replies[0].persona
    assert back[0].moment and items()[0].moment
    assert back[0].moment.unspoken_need == items()[0].moment.unspoken_need
    assert b"Kim" not in b"".join(lines) and b"Ana" not in b"".join(lines) and b'"sam"' not in b"".join(lines)
