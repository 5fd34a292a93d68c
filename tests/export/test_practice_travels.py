"""What was answered again after the end of a call travels with it, never counts, and is lost on no computer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from roleplay.conversation.again import rewound
from roleplay.conversation.judging import Verdict
from roleplay.conversation.turns import KeptVerdict
from roleplay.conversation.voiced import Usage, Voiced
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.export.exchanges import counted_with, counted_without_practice, exported, take, told
from tests.review.desks import desk_at
from tests.store.kept_calls import AT, ending, keep_call, line, practise, reply, review_everything, state

CALL = "call-one"
Row = dict[str, Any]


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "one.db"
    with Transcripts(path) as store:
        keep_call(store, CALL, 3)
    return path


@pytest.fixture
def two(tmp_path: Path, one: Path) -> Path:
    path = tmp_path / "two.db"
    take(path, exported(one))
    return path


def practised(path: Path, turn: int, replies: int = 1, *, ends: bool = False, branch: int | None = None) -> int:
    with Transcripts(path) as store:
        return practise(store, CALL, turn, replies, ends=ends, branch=branch)


def say(path: Path, branch: int, turn: int, text: str, *, ends: bool = False) -> None:
    with Transcripts(path) as store:
        store.keep_reply(reply(CALL, turn, text, branch=branch))
        store.keep_line(line(CALL, turn + 1, branch=branch))
        if ends:
            store.keep_ending(ending(CALL, branch), None)


def tries(path: Path) -> list[tuple[list[str], bool]]:
    """What was said along each branch of practice, and whether it has an end; in whatever order."""
    with Transcripts(path) as store:
        branches = [each.branch for each in store.tries(CALL) if each.practice]
        told = [store.load(CALL, branch) for branch in branches]
    return sorted(([each.text for each in one.replies], one.ending is not None) for one in told)


def judged(path: Path, branch: int, turn: int, *, late: bool) -> None:
    """A line that a language model said, and a verdict on the reply before it that moves the customer unless late."""
    verdict = Verdict(standing="failed", model="some-model", raw="{}")
    voiced = Voiced(voice="mended", model="some-model", faults=("particulars",), usage=Usage(requests=1))
    with Transcripts(path) as store:
        store.keep_verdict(
            KeptVerdict(
                session=CALL,
                branch=branch,
                turn=turn,
                attempt=2 if late else 1,
                verdict=verdict,
                state=None if late else state(turn),
                at=AT,
            ),
            None,
        )
        if not late:
            said = line(CALL, turn + 1, branch=branch, attempt=2)
            store.keep_line(type(said)(**{**{n: getattr(said, n) for n in said.__struct_fields__}, "voiced": voiced}))


def everything(path: Path) -> None:
    """Tries that end, wait, leave each other, were judged and commented on; among reviews."""
    first = practised(path, 2, 2)
    review_everything(path, CALL)
    second = practised(path, 3, 1, branch=first)
    say(path, first, 4, "On the first again.", ends=True)
    judged(path, second, 3, late=False)
    judged(path, second, 3, late=True)
    practised(path, 1, 0)
    with desk_at(path) as desk:
        desk.comment(CALL, first, 2, "trainee", "Better.")
        desk.withdraw(desk.comment(CALL, second, 4, "customer", "No."))


def test_export_import_export_gives_the_same_bytes_and_the_same_tries(one: Path, tmp_path: Path) -> None:
    everything(one)
    other = tmp_path / "other.db"
    assert told(take(other, exported(one))) == {"new": 2}
    assert exported(other) == exported(one)
    with Transcripts(one) as here, Transcripts(other) as there:
        assert there.tries(CALL) == here.tries(CALL)
        for branch in (None, *here.branches(CALL)):
            assert there.load(CALL, branch) == here.load(CALL, branch)
    assert verify(one).problems == verify(other).problems == []
    assert counted_with(other) == counted_without_practice(one, tmp_path / "without.db")


def test_a_file_of_before_there_was_practice_is_taken(one: Path, tmp_path: Path) -> None:
    older = exported(one).replace(b'"version":2', b'"version":1', 1)
    assert told(take(tmp_path / "other.db", older)) == {"new": 1}


def test_new_tries_and_what_was_added_to_old_ones_come_to_a_call_that_is_here(one: Path, two: Path) -> None:
    branch = practised(one, 2)
    assert told(take(two, exported(one))) == {"completed": 1}
    say(one, branch, 3, "And on.", ends=True)
    practised(one, 1, 3)
    assert told(take(two, exported(one))) == {"completed": 1}
    assert exported(two) == exported(one)
    assert told(take(two, exported(one))) == {"there": 1}
    assert verify(two).fine


def test_two_tries_in_the_same_words_are_two(one: Path, two: Path) -> None:
    for count in (1, 2):
        say(one, practised(one, 2, 0), 2, "Once more.")
        assert told(take(two, exported(one))) == {"completed": 1}
        assert tries(two) == tries(one) and len(tries(two)) == count
    assert told(take(two, exported(one))) == {"there": 1} and verify(two).fine


def test_a_call_that_ended_and_was_answered_again_elsewhere_comes_whole(tmp_path: Path) -> None:
    here, there = tmp_path / "here.db", tmp_path / "there.db"
    with Transcripts(there) as store:
        keep_call(store, CALL, 2, ended=False)
        take(here, exported(there))
        store.keep_ending(ending(CALL), 40)
    practised(there, 1, 2)
    assert told(take(here, exported(there))) == {"completed": 1}
    assert exported(here) == exported(there)


def test_two_computers_that_each_answered_again_have_both_tries_afterwards(one: Path, two: Path) -> None:
    mine, theirs = practised(one, 2, 0), practised(two, 2, 0)
    assert mine == theirs
    say(one, mine, 2, "What I said.")
    say(two, theirs, 2, "What they said.", ends=True)
    practised(two, 2, 1, branch=theirs)
    with desk_at(two, "Lee") as lee:
        lee.comment(CALL, theirs, 2, "trainee", "On theirs.")
    before = exported(one)
    assert told(take(one, exported(two))) == {"completed": 1}
    assert told(take(two, before)) == {"completed": 1}
    assert tries(one) == tries(two)
    assert [words[1:] for words, _ in tries(one)] == [["As practice. (2, 2)"], ["What I said."], ["What they said."]]
    for path in (one, two):
        with desk_at(path) as desk:
            (comment,) = desk.open(CALL).reviewed.comments
            (replied,) = [each for each in desk.open(CALL, comment.branch).transcript.replies if each.turn == 2]
            assert replied.text == "What they said."
        assert verify(path).fine
    for _ in range(2):
        assert told(take(one, exported(two))) == told(take(two, exported(one))) == {"there": 1}


def test_a_try_that_went_on_on_two_computers_is_there_twice(one: Path, two: Path) -> None:
    branch = practised(one, 1)
    with desk_at(one, "Kim") as kim:
        kim.comment(CALL, branch, 1, "trainee", "Good.")
    take(two, exported(one))
    say(one, branch, 2, "On here.")
    say(two, branch, 2, "On there.")
    take(one, exported(two))
    take(two, exported(one))
    assert tries(one) == tries(two)
    assert [words[1] for words, _ in tries(one)] == ["On here.", "On there."]
    assert exported(one).count(b'"Good."') == 1
    assert told(take(one, exported(two))) == told(take(two, exported(one))) == {"there": 1}


def rows_of(call: Row, table: str, branch: int) -> list[Row]:
    return [each for each in call["rows"] if each["table"] == table and each["branch"] == branch]


def the(call: Row, table: str, branch: int = 1) -> Row:
    return rows_of(call, table, branch)[0]


def _before_the_end(call: Row) -> None:
    rows = call["rows"]
    at = next(number for number, each in enumerate(rows) if each["table"] == "endings")
    rows.insert(at, rows.pop(rows.index(the(call, "rewinds"))))


def _dispute(call: Row) -> None:
    words = {"id": "d-1", "branch": 1, "turn": 2, "text": "No.", "trainee": "sam", "at": AT}
    call["rows"].append({"table": "disputes", **words})


def _override(call: Row) -> None:
    values = {"dimension": "acts", "level": 2, "reason": "So.", "assessment": the(call, "replies")["assessment"]}
    where = {"id": "o-1", "branch": 1, "turn": 2, "score": 99.0, "coach": "Eve", "at": AT}
    call["rows"].append({"table": "overrides", **where, **values})


def _verdict(call: Row) -> None:
    verdict = {"standing": "failed", "model": "x", "raw": "{}"}
    where = {"branch": 1, "turn": 2, "attempt": 1, "state": None, "score": 99.0, "at": AT}
    call["rows"].append({"table": "verdicts", "verdict": verdict, **where})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda call: call["rows"].remove(the(call, "rewinds")), "comes after its end"),
        (_before_the_end, "answered again before its end"),
        (lambda call: the(call, "rewinds").update(branch=0), "said before its end cannot be practice"),
        (lambda call: call["rows"].append({"table": "rewinds", "branch": 7, "at": AT}), "nothing says how"),
        (lambda call: call["rows"].append(the(call, "endings", 0) | {"branch": 2}), "does not hold"),
        (
            lambda call: call["rows"].append(the(call, "lines") | {"attempt": 9}),
            "after the end of a branch of practice",
        ),
        (lambda call: call["rows"].append(the(call, "lines", 0) | {"attempt": 9}), "comes after its end"),
        (lambda call: the(call, "endings").update(score=99.0), "Practice would count"),
        (_verdict, "Practice would count"),
        (_override, "Practice would count"),
        (_dispute, "Practice would count"),
        (lambda call: the(call, "branches").update(parent=1), "does not hold together"),
        (lambda call: call["rows"].remove(the(call, "branches")), "does not hold together"),
        (lambda call: call["rows"].remove(the(call, "replies")), "does not hold together"),
        (lambda call: the(call, "openings")["state"].update(turn=9), "does not hold together"),
    ],
)
def test_a_file_in_which_practice_would_count_is_refused(
    one: Path, tmp_path: Path, change: Callable[[Row], object], said: str
) -> None:
    practised(one, 2, 2, ends=True)
    header, script, call = map(json.loads, exported(one).splitlines())
    change(call)
    file = "".join(f"{json.dumps(each)}\n" for each in (header, script, call)).encode()
    (taken,) = take(tmp_path / "other.db", file)
    assert (taken.what, bool(re.search(said, taken.why))) == ("refused", True), taken.why


@pytest.mark.parametrize("count", [150, pytest.param(10_000, marks=pytest.mark.soak)])
def test_whatever_is_made_of_a_call_practice_never_counts(one: Path, tmp_path: Path, count: int) -> None:
    everything(one)
    header, script, call, *_ = exported(one).splitlines()
    chance = Random(count)
    lines = [header, script]
    for number in range(count):
        made = json.loads(call)
        made["call"]["id"] = f"call-{number}"
        for row in made["rows"]:
            row |= {name: f"{row[name]}-{number}" for name in ("id", "of", "dispute") if name in row}
        for _ in range(chance.randint(1, 3)):
            _turned(made["rows"], chance)
        lines.append(json.dumps(made).encode())
    target = tmp_path / "target.db"
    told_ = told(take(target, b"\n".join(lines)))
    assert told_["new"] > count / 20 and told_["refused"] > count / 3
    assert verify(target).fine
    assert counted_with(target) == counted_without_practice(target, tmp_path / "without.db")


def _turned(rows: list[Row], chance: Random) -> None:
    """Change what makes a branch practice, or where a row stands."""
    row = chance.choice(rows)
    match chance.randrange(6):
        case 0:
            rows.remove(row)
        case 1:
            rows.insert(chance.randrange(len(rows)), rows.pop(rows.index(row)))
        case 2 if "branch" in row:
            row["branch"] = chance.randrange(4)
        case 3 if "score" in row:
            row["score"] = chance.choice((None, 0.0, 99.0))
        case 4:
            rows.append(row | {"branch": chance.randrange(4), "id": "another"} if "id" in row else dict(row))
        case _:
            rows.append({"table": "rewinds", "branch": chance.randrange(5), "at": AT})


@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.soak)])
def test_whatever_two_computers_practise_an_exchange_loses_nothing(tmp_path: Path, rounds: int) -> None:
    for seed in range(rounds):
        chance = Random(seed)
        paths = [tmp_path / f"{seed}-{name}.db" for name in ("one", "two")]
        with Transcripts(paths[0]) as store:
            keep_call(store, CALL, 3)
        take(paths[1], exported(paths[0]))
        for _ in range(3):
            for path in paths:
                _practise_something(path, chance)
            if chance.random() < 0.5:
                take(paths[0], exported(paths[1]))
        said = [words for path in paths for words, _ in tries(path)]
        for source, target in (paths, paths[::-1], paths):
            assert "refused" not in told(take(target, exported(source)))
        assert tries(paths[0]) == tries(paths[1])
        assert all(any(words == there[: len(words)] for there, _ in tries(paths[0])) for words in said)
        for path in paths:
            assert verify(path).fine
            assert counted_with(path) == counted_without_practice(path, path.with_suffix(".without"))


def _practise_something(path: Path, chance: Random) -> None:
    with Transcripts(path) as store:
        waiting = [each for each in store.tries(CALL) if each.practice and not each.outcome]
        if waiting and chance.random() < 0.6:
            one = chance.choice(waiting)
            words = f"Said {chance.random()}"
            store.keep_reply(reply(CALL, one.shared + one.own + 1, words, branch=one.branch))
            if chance.random() < 0.3:
                store.keep_ending(ending(CALL, one.branch), None)
        else:
            whole = [each for each in store.tries(CALL) if each.shared + each.own]
            one = chance.choice(whole)
            at = f"2026-11-05T09:00:00.{chance.randrange(10**6):06}+00:00"
            turn = chance.randint(1, one.shared + one.own)
            store.begin_branch(rewound(store.load(CALL, one.branch), turn, at)[1])
