"""A call comes from another computer once, whole or not at all, and what two computers know of it comes together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

from roleplay.export.importing import Importer
from roleplay.review.desk import Desk
from roleplay.scoring.items import numbered
from roleplay.scoring.overruled import Rated
from roleplay.store.book import Book
from roleplay.store.integrity import verify
from roleplay.store.reviews import Reviews, Wanted
from roleplay.store.transcripts import Transcripts
from tests.export.exchanges import exported, take, told
from tests.review.desks import desk_at
from tests.store.kept_calls import AT, ending, keep_call, keep_llm_turn, line, reply, review_everything

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "one.db"
    with Transcripts(path) as store:
        keep_call(store, "call-one")
    return path


@pytest.fixture
def two(tmp_path: Path, one: Path) -> Path:
    path = tmp_path / "two.db"
    take(path, exported(one))
    return path


def exchange(one: Path, two: Path) -> None:
    first, second = exported(one), exported(two)
    assert "refused" not in told(take(two, first)) | told(take(one, second))


def changed(file: bytes, change: Change) -> bytes:
    """`file` with its call changed."""
    lines = [json.loads(line) for line in file.splitlines()]
    change(next(line for line in lines if "call" in line))
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def row(line: dict[str, Any], table: str, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = [each for each in line["rows"] if each["table"] == table][number]
    return found


def test_importing_again_changes_nothing(one: Path, two: Path) -> None:
    before = two.read_bytes()
    assert told(take(two, exported(one))) == {"there": 1}
    assert exported(two) == exported(one)
    assert two.read_bytes() == before


def test_a_call_gets_what_is_new_of_it(one: Path, two: Path) -> None:
    review_everything(one, "call-one")
    assert told(take(two, exported(one, assignments=False))) == {"completed": 1}
    assert exported(two, assignments=False) == exported(one, assignments=False)
    assert told(take(two, exported(one, assignments=False))) == {"there": 1}
    assert verify(two).fine


def test_a_file_that_knows_less_takes_nothing_away(one: Path, two: Path) -> None:
    review_everything(two, "call-one")
    before = exported(two)
    assert told(take(two, exported(one))) == {"there": 1}
    assert exported(two) == before


def test_a_call_that_went_on_elsewhere_goes_on_here(tmp_path: Path) -> None:
    here, there = tmp_path / "here.db", tmp_path / "there.db"
    with Transcripts(there) as store:
        keep_call(store, "paused", 2, ended=False)
        take(here, exported(there))
        keep_llm_turn(store, "paused", 3, attempt=2)
        store.keep_reply(reply("paused", 3))
        store.keep_line(line("paused", 4))
        store.keep_ending(ending("paused"), 40)
    assert told(take(here, exported(there))) == {"completed": 1}
    assert exported(here) == exported(there)
    assert verify(here).fine


def test_two_coaches_on_two_computers_come_to_the_same(one: Path, two: Path) -> None:
    with desk_at(one, "Kim") as kim, desk_at(two, "Lee") as lee:
        first, second, _ = kim.open("call-one").transcript.replies
        kim.comment("call-one", 0, 1, "trainee", "Good.")
        kim.overrule("call-one", first, "acts", 2, "It is done.")
        lee.comment("call-one", 0, 1, "trainee", "Not so good.")
        lee.overrule("call-one", first, "explores", 0, "Nothing is asked.")
        lee.overrule("call-one", first, "acts", 0, "It is not done.")
        lee.overrule("call-one", second, "harm", 2, "That hurts.")
        kim.overrule("call-one", second, "overall", 1, "It does not help.")
        lee.mark_reviewed("call-one")
    exchange(one, two)
    assert exported(one) == exported(two)
    with desk_at(one) as kim, desk_at(two) as lee:
        case = kim.open("call-one")
        levels = {name: each.level for name, each in case.reviewed.levels_on(first.place).items()}
        counted = case.transcript.counted(first)
        assert levels == {"acts": 0, "explores": 0}
        assert (counted.scores["acts"], counted.scores["explores"]) == (0, 0)
        assert case.transcript == lee.open("call-one").transcript
        assert kim.transcripts.score("call-one") == lee.transcripts.score("call-one")
    assert verify(one).fine
    assert verify(two).fine
    exchange(one, two)
    assert exported(one) == exported(two)


def test_a_coach_who_rated_later_has_the_last_word_wherever_it_is_imported(one: Path, two: Path) -> None:
    with desk_at(one, "Kim") as kim, desk_at(two, "Lee") as lee:
        first = kim.open("call-one").transcript.replies[0]
        kim.comment("call-one", 0, 1, "trainee", "One second later:")
        kim.overrule("call-one", first, "acts", 2, "Later.")
        lee.overrule("call-one", first, "acts", 0, "Earlier.")
    exchange(one, two)
    for path in (one, two):
        with Reviews(path) as reviews:
            assert reviews.of("call-one").levels_on(first.place)["acts"].coach == "Kim"
    assert exported(one) == exported(two)


def test_a_dispute_travels_to_the_coach_and_the_answer_back(one: Path, two: Path) -> None:
    with desk_at(one, "sam") as trainee, desk_at(two, "Kim") as coach:
        dispute = trainee.dispute("call-one", trainee.open("call-one").transcript.replies[0], "I did ask.")
        take(two, exported(one))
        coach.answer(coach.open("call-one").reviewed.open_disputes[0], "You did.", upheld=True)
        take(one, exported(two))
        answer = trainee.open("call-one").reviewed.answer_to(dispute)
        assert answer and (answer.coach, answer.text) == ("Kim", "You did.")


def test_an_assignment_travels_and_so_does_its_withdrawal(one: Path, two: Path) -> None:
    with desk_at(one) as coach, Reviews(two) as there:
        assignment = coach.assign("sam", "the-ramp")
        assert told(take(two, exported(one))) == {"there": 1, "new": 1}
        assert there.assigned("sam") == [assignment]
        coach.withdraw(assignment)
        assert told(take(two, exported(one))) == {"there": 1, "completed": 1}
        assert there.assigned("sam") == []
        assert told(take(two, exported(one))) == {"there": 2}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda call: call["call"].update(trainee="eve"), "It is another call than the one of the same id"),
        (lambda call: row(call, "replies").update(text="Otherwise."), "contradicts .* in replies at turn 1"),
        (lambda call: row(call, "self_ratings").update(rating=0), "contradicts"),
        (lambda call: row(call, "endings").update(outcome="bad"), "contradicts"),
        (lambda call: row(call, "comments").update(text="I did not say so."), "contradicts .* in comments at turn 1"),
    ],
)
def test_a_call_that_contradicts_is_refused_and_named(one: Path, two: Path, change: Change, said: str) -> None:
    review_everything(one, "call-one")
    take(two, exported(one))
    before = exported(two)
    (taken,) = [each for each in take(two, changed(exported(one, assignments=False), change)) if each.what != "there"]
    assert (taken.what, taken.name) == ("refused", "line 3, transcript call-one")
    assert re.search(said, taken.why)
    assert exported(two) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda call: call["call"].update(id="../../etc"), "id cannot be that"),
        (lambda call: call["call"].update(started="yesterday"), "started cannot be that"),
        (lambda call: call["call"].update(trainee="x" * 81), "trainee cannot be that"),
        (lambda call: call["call"].update(exam=2), "exam cannot be that"),
        (lambda call: call["call"].update(script="0" * 64), "script .* does not come before"),
        (lambda call: call["call"].pop("seed"), "head cannot be read"),
        (lambda call: call["call"].update(more=1), "head cannot be read"),
        (lambda call: row(call, "replies").update(n=1), "row 3 cannot be read"),
        (lambda call: row(call, "replies").update(session="other"), "row 3 cannot be read"),
        (lambda call: row(call, "replies").update(turn=True), "turn cannot be that"),
        (lambda call: row(call, "replies").update(turn=-1), "turn cannot be that"),
        (lambda call: row(call, "replies").update(text="x" * 4_001), "text cannot be that"),
        (lambda call: row(call, "replies").update(moment="nowhere"), "does not hold together"),
        (lambda call: row(call, "replies")["assessment"].update(overall=9), "level that does not exist"),
        (lambda call: row(call, "replies")["assessment"].pop("scores"), "row 3 cannot be read"),
        (lambda call: row(call, "replies").update(state=[]), "row 3 cannot be read"),
        (lambda call: row(call, "endings").update(score=101), "score cannot be that"),
        (lambda call: row(call, "endings").update(outcome="fine"), "cannot be read"),
        (lambda call: call["rows"].append({"table": "sqlite_master"}), "no table"),
        (lambda call: call["rows"].append(row(call, "replies")), "row twice"),
        (lambda call: call["rows"].append(row(call, "lines") | {"attempt": 9}), "after its end"),
        (lambda call: call["rows"].remove(row(call, "replies")), "does not hold together"),
        (lambda call: call["rows"].remove(row(call, "openings")), "refers to what it does not hold"),
        (lambda call: call["rows"].insert(2, _comment()), "reviewed before its end"),
        (lambda call: call["rows"].append(_comment() | {"branch": 3}), "refers to what it does not hold"),
        (lambda call: call["rows"].append(_taken_back("somebody-elses")), "takes back what it does not hold"),
        (lambda call: call.update(rows=7), "is no call"),
    ],
)
def test_what_is_no_call_is_refused_and_nothing_of_it_is_kept(
    one: Path, tmp_path: Path, change: Change, said: str
) -> None:
    other = tmp_path / "other.db"
    with Transcripts(other) as store:
        keep_call(store, "before")
    before = exported(other)
    (taken,) = take(other, changed(exported(one), change))
    assert taken.what == "refused"
    assert re.search(said, taken.why), taken.why
    assert exported(other) == before


def _comment() -> dict[str, Any]:
    where = {"branch": 0, "turn": 1, "side": "trainee", "attempt": 1}
    return {"table": "comments", "id": "c-1", "text": "Hm.", "coach": "Kim", "at": AT, **where}


def _taken_back(of: str) -> dict[str, Any]:
    return {"table": "withdrawals", "id": "w-1", "what": "comment", "of": of, "by": "Eve", "at": AT}


def test_what_another_call_has_cannot_be_taken_or_taken_back(one: Path, tmp_path: Path) -> None:
    with desk_at(one) as desk:
        comment = desk.comment("call-one", 0, 1, "trainee", "Mine.")
    other = tmp_path / "other.db"
    with Transcripts(other) as store:
        keep_call(store, "call-two")
    for piece in (_comment() | {"id": comment.id}, _taken_back(comment.id)):
        (taken,) = take(one, changed(exported(other), lambda call, piece=piece: call["rows"].append(piece)))
        assert taken.what == "refused"
    with Reviews(one) as reviews:
        assert reviews.of("call-one").comments == (comment,)


def test_controls_in_a_file_become_visible(one: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    evil = "\x1b]52;c;ZXZpbA==\x07\u202e"

    def change(call: dict[str, Any]) -> None:
        call["call"]["trainee"] = evil
        row(call, "replies")["text"] = evil
        row(call, "replies")["assessment"]["evidence"][0]["why"] = evil

    assert told(take(other, changed(exported(one), change))) == {"new": 1}
    assert "\\u001b" not in exported(other).decode()
    with Transcripts(other) as store:
        assert store.load("call-one").replies[0].text == "␛]52;c;ZXZpbA==␇�"
    assert verify(other).fine


def test_a_script_that_was_altered_is_refused(one: Path, tmp_path: Path) -> None:
    file = exported(one).replace(b"Her car stopped on a ramp.", b"Her car stopped on a camp.")
    taken = take(tmp_path / "other.db", file)
    assert [(each.what, each.name) for each in taken] == [
        ("refused", "line 2"),
        ("refused", "line 3, transcript call-one"),
    ]
    assert "not what it was when it was exported" in taken[0].why


def test_a_kill_in_the_middle_leaves_whole_calls(tmp_path: Path, one: Path) -> None:
    with Transcripts(one) as store:
        for number in range(5):
            keep_call(store, f"call-{number}", 1)
    other = tmp_path / "other.db"
    with Book(other) as book:
        taking = Importer(book).take(numbered(BytesIO(exported(one)), "x", 10**7), "x")
        next(taking)
        next(taking)
    assert verify(other).fine
    assert told(take(other, exported(one))) == {"there": 2, "new": 4}
    assert exported(other) == exported(one)


@pytest.mark.parametrize("rounds", [4, pytest.param(200, marks=pytest.mark.soak)])
def test_whatever_two_coaches_do_an_exchange_in_both_directions_makes_them_equal(tmp_path: Path, rounds: int) -> None:
    for seed in range(rounds):
        chance = Random(seed)
        paths = [tmp_path / f"{seed}-{name}.db" for name in ("one", "two")]
        with Transcripts(paths[0]) as store:
            keep_call(store, "call-one", 2)
        take(paths[1], exported(paths[0]))
        for _ in range(3):
            for path, name in zip(paths, ("Kim", "Lee"), strict=True):
                at = f"2026-11-0{chance.randint(5, 9)}T09:00:{chance.randint(0, 59):02}.000+00:00"
                with Transcripts(path) as transcripts, Reviews(path) as reviews:
                    desk = Desk(transcripts, reviews, name, lambda at=at: at)  # type: ignore[misc]
                    for _ in range(chance.randint(0, 3)):
                        review_something(desk, chance)
                if chance.random() < 0.3:
                    exchange(*paths)
        exchange(*paths)
        assert exported(paths[0]) == exported(paths[1])
        with Reviews(paths[0]) as one, Reviews(paths[1]) as two:
            assert one.queue(Wanted(reviewed=None), 9) == two.queue(Wanted(reviewed=None), 9)
        assert verify(paths[0]).fine and verify(paths[1]).fine


def review_something(desk: Desk, chance: Random) -> None:
    case = desk.open("call-one")
    replied = chance.choice(case.transcript.replies)
    match chance.randrange(6):
        case 0:
            desk.comment("call-one", 0, replied.turn, "trainee", "Noted.")
        case 1 | 2:
            dimension: Rated = chance.choice(("acts", "explores", "overall", "harm"))
            desk.overrule("call-one", replied, dimension, chance.choice((None, 0, 1, 2)), "So it is.")
        case 3:
            desk.dispute("call-one", replied, "Is it?")
        case 4:
            for dispute in case.reviewed.open_disputes[:1]:
                desk.answer(dispute, "It is.", upheld=chance.random() < 0.5)
        case _:
            if case.reviewed.marks:
                desk.withdraw(case.reviewed.marks[0])
            else:
                desk.mark_reviewed("call-one")
