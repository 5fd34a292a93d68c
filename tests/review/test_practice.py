"""A coach sees what was answered again after the end, and may comment on it; it changes no figure of theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from roleplay.errors import BadInput
from roleplay.review.desk import Desk
from roleplay.review.opening import opened
from roleplay.review.reading import reading_of
from roleplay.store.transcripts import Transcripts
from roleplay.tui.case_telling import tries
from tests.cli.running import Ran, run
from tests.review.desks import desk_at
from tests.store.kept_calls import keep_call, practise

CALL = "call-one"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "transcripts" / "roleplay.db"
    with Transcripts(path) as store:
        keep_call(store, CALL, 3)
        keep_call(store, "call-two", 2, trainee="kim")
    return path


def answered_again(path: Path) -> None:
    with Transcripts(path) as store:
        practise(store, CALL, 2, 2, ends=True)
        practise(store, CALL, 1, 5)


def test_each_try_is_told_as_what_it_is(path: Path) -> None:
    answered_again(path)
    with desk_at(path) as desk:
        first = opened(desk, CALL)
        assert tries(first) == {"0": "first path, to the end", "1": "try 1, practice", "2": "try 2, practice"}
        assert not first.practice
        practice = opened(desk, CALL, 1)
        assert practice.practice and practice.ended and practice.score == first.score
        counts = [
            (each.reply.branch, each.assessed.first)
            for each in practice.reading.entries
            if each.reply and each.assessed
        ]
        assert counts == [(0, True), (1, False), (1, False)]


def test_a_comment_on_practice_is_kept_and_read_on_its_branch(path: Path) -> None:
    answered_again(path)
    with desk_at(path) as desk:
        comment = desk.comment(CALL, 1, 2, "trainee", "Better.")
        assert [each.comments for each in reading_of(desk.open(CALL, 1)).entries if each.comments] == [(comment,)]
        assert reading_of(desk.open(CALL)).elsewhere == (comment,)
    said = run(path.parent.parent, "review", "comment", CALL, "3", "And", "this.", "--branch", "1")
    assert (said.code, said.out) == (0, "Saved: your comment on “As practice. (1, 3)”.\n")
    shown = run(path.parent.parent, "review", "show", CALL, "--branch", "1").out
    assert "practice after the end, which does not count" in shown and "And this." in shown
    assert "There is no try 4" in run(path.parent.parent, "review", "comment", CALL, "3", "x", "--branch", "4").err


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (lambda desk, reply: desk.overrule(CALL, reply, "acts", 2, "It is done."), "overrule"),
        (lambda desk, reply: desk.overrule(CALL[:6], reply, "acts", None, "Lifted."), "overrule"),
        (lambda desk, reply: desk.dispute(CALL, reply, "I did."), "dispute"),
        (lambda desk, reply: desk.rate(CALL, reply, {"acts": 2}), "rate"),
    ],
)
def test_what_never_counts_cannot_be_overruled_disputed_or_rated(
    path: Path, step: Callable[[Desk, object], object], what: str
) -> None:
    answered_again(path)
    with desk_at(path) as desk, Transcripts(path) as store:
        reply = store.load(CALL, 1).replies[-1]
        with pytest.raises(BadInput, match=f"does not count, so there is nothing to {what}"):
            step(desk, reply)
        assert desk.reviews.of(CALL).overrides == desk.reviews.of(CALL).disputes == ()


def test_no_figure_of_a_coach_changes(path: Path) -> None:
    def figures() -> list[Ran]:
        place = path.parent.parent
        asked = (["report"], ["report", "--trainee", "sam"], ["review", "list"], ["transcripts", "list"], ["calibrate"])
        others = (["progress", "--trainee", "sam"], ["assign", "--list"])
        table = run(place, "transcripts", "export", "--all", "--format", "csv")
        return [*(run(place, *command, "--json") for command in (*asked, *others)), table]

    with desk_at(path) as desk:
        desk.assign("sam", "the-ramp", "Once more.")
    before = figures()
    answered_again(path)
    after = figures()
    for one, other in zip(before, after, strict=True):
        assert (one.code, one.err) == (other.code, other.err)
        assert [line for line in one.out.splitlines() if '"made"' not in line] == [
            line for line in other.out.splitlines() if '"made"' not in line
        ]
    assert json.loads(after[3].out)[0]["score"] == 62.5
