"""What was kept of a person is gone for good, or nobody's; what was kept of others is as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.drilling import DrillDraft, DrillItem
from roleplay.conversation.turns import Transcript
from roleplay.errors import BadInput, NotFound, StoreBusy
from roleplay.persona.message import Message
from roleplay.store.drills import Drills
from roleplay.store.integrity import verify
from roleplay.store.people import REMOVED, anonymise, delete
from roleplay.store.reviews import Reviews
from roleplay.store.search import search
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import (
    SAYS,
    drill,
    drill_everything,
    keep_call,
    keep_llm_turn,
    line,
    opening,
    practise,
    reply,
    review_everything,
    script,
    session,
)

WORDS = "zebra-coloured umbrellas"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store:
        for trainee in ("ana", "ben"):
            keep_call(store, f"{trainee}-one", trainee=trainee)
            store.begin(session(f"{trainee}-two", trainee=trainee), opening(f"{trainee}-two"))
            store.keep_line(line(f"{trainee}-two", 1))
            store.keep_reply(reply(f"{trainee}-two", 1, f"{trainee} wrote of {WORDS}."))
            keep_llm_turn(store, f"{trainee}-two", 2)
            store.keep_draft(f"{trainee}-two", f"{trainee} typed {WORDS}")
    for trainee in ("ana", "ben"):
        review_everything(path, f"{trainee}-one")
        drill_everything(path, trainee, f"{trainee}-one")
        with Transcripts(path) as store, Drills(path) as drills:
            practise(store, f"{trainee}-one", 2)
            said = (
                Message("customer", SAYS),
                Message("trainee", f"{trainee} wrote before"),
                Message("customer", WORDS),
            )
            drills.keep(drill(trainee, 3, f"{trainee} wrote in a drill", history=said), script())
            typed = DrillDraft(item=DrillItem("the-ramp", "opening"), test="", text=f"{trainee} typed in a drill")
            drills.keep_draft(trainee, typed)
    return path


def kept(path: Path, name: str) -> Transcript:
    with Transcripts(path) as store:
        return store.load(name)


def bytes_of(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


def found(path: Path, words: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [hit.session for hit in search(connection, words, 99)]


def test_nothing_of_a_person_is_left_and_others_are_as_they_were(path: Path) -> None:
    others = kept(path, "ben-one"), kept(path, "ben-two")
    removed = delete(path, "ana")
    assert (removed.calls, removed.replies, removed.notes, removed.drills) == (2, 5, 6, 5)
    with Transcripts(path) as store, Reviews(path) as reviews:
        for gone in ("ana-one", "ana-two"):
            with pytest.raises(NotFound):
                store.load(gone)
        assert (store.load("ben-one"), store.load("ben-two")) == others
        assert len(reviews.of("ben-one").comments) == 1
        assert store.draft("ben-two") == f"ben typed {WORDS}"
        assert reviews.trainees() == ["ben"]
    assert set(found(path, "umbrellas")) == {"ben-two"}
    assert verify(path).fine
    raw = bytes_of(path)
    for words in (b"ana wrote", b"ana typed", b"ana-one", b"-ana", b"As practice. (1, 2)ana"):
        assert words not in raw
    assert b"ben wrote" in raw and b"ben wrote in a drill" in raw and b"ben typed in a drill" in raw
    with Drills(path) as drills:
        assert (drills.of("ana"), drills.tests("ana"), drills.test_ratings("ana")) == ([], [], [])
        assert (len(drills.of("ben")), len(drills.tests("ben")), len(drills.test_ratings("ben"))) == (3, 1, 1)


def test_the_words_of_a_person_are_gone_and_the_levels_stay(path: Path) -> None:
    before = kept(path, "ana-one"), kept(path, "ana-two")
    others = kept(path, "ben-one"), kept(path, "ben-two")
    _, name = anonymise(path, "ana")
    assert name.startswith("nobody-")
    after = kept(path, "ana-one"), kept(path, "ana-two")
    assert {each.session.trainee for each in after} == {name}
    for old, new in zip(before, after, strict=True):
        assert [each.text for each in new.replies] == [REMOVED] * len(old.replies)
        assert [each.assessment.scores for each in new.replies] == [each.assessment.scores for each in old.replies]
        assert not any(each.assessment.evidence for each in new.replies)
        assert new.ending == old.ending
    assert [each.text for each in after[0].lines] == [each.text for each in before[0].lines]
    assert after[1].lines[-1].text == REMOVED  # by a language model
    with Reviews(path) as reviews, Transcripts(path) as store:
        reviewed = reviews.of("ana-one")
        assert {*(each.text for each in reviewed.comments), *(each.reason for each in reviewed.overrides)} == {REMOVED}
        assert [(each.trainee, each.text) for each in reviewed.disputes] == [(name, REMOVED)]
        assert store.draft("ana-two") == ""
        assert [each.text for each in store.load("ana-one", 2).replies] == [REMOVED] * 2
        assert reviews.trainees() == sorted(["ben", name])
    assert (kept(path, "ben-one"), kept(path, "ben-two")) == others
    assert set(found(path, "umbrellas")) == {"ben-two"}
    assert verify(path).fine
    raw = bytes_of(path)
    assert b"ana wrote" not in raw and b"ana typed" not in raw and b'"ana"' not in raw
    with Drills(path) as drills:
        kept_drills = drills.of(name)
        assert [each.text for each in kept_drills] == [REMOVED] * 3
        assert [each.assessment.evidence for each in kept_drills] == [()] * 3
        assert [each.assessment.overall for each in kept_drills] == [3] * 3
        assert [[said.text for said in each.history] for each in kept_drills] == [[SAYS], [SAYS], [REMOVED] * 3]
        assert [each.trainee for each in (*drills.tests(name), *drills.test_ratings(name))] == [name] * 2
        assert len(drills.practised(name)) == len(before[0].replies) + 1
        assert drills.draft("ana") is drills.draft(name) is None
        assert drills.draft("ben")
    with pytest.raises(NotFound, match="Nothing is kept of a trainee “ana”"):
        anonymise(path, "ana")


def test_rows_cannot_be_changed_afterwards_as_before(path: Path) -> None:
    anonymise(path, "ana", "somebody")
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="only added"):
        connection.execute("UPDATE replies SET text = 'x'")


def test_nobody_gets_the_name_of_somebody_else(path: Path) -> None:
    with pytest.raises(BadInput, match="somebody called “ben” already"):
        anonymise(path, "ana", "ben")
    assert kept(path, "ana-one").session.trainee == "ana"


def test_a_name_that_is_mistyped_is_asked_back(path: Path) -> None:
    with pytest.raises(NotFound, match="Did you mean “ana”"):
        delete(path, "anna")


def test_somebody_who_only_drilled_is_found_removed_and_made_nobody(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    with Drills(path) as drills:
        for number, trainee in enumerate(("carla", "dora")):
            drills.keep(drill(trainee, id=f"drill-{number}", sitting="one", text=f"{trainee} wrote"), script())
    with pytest.raises(NotFound, match="Did you mean “carla”"):
        delete(path, "karla")
    with pytest.raises(BadInput, match="somebody called “dora” already"):
        anonymise(path, "carla", "dora")
    assert anonymise(path, "dora", "somebody")[0] == (0, 0, 0, 1)
    assert delete(path, "carla") == (0, 0, 0, 1)
    assert verify(path).fine
    raw = bytes_of(path)
    assert b"carla" not in raw and b"dora" not in raw
    with Drills(path) as drills:
        assert [(each.id, each.text) for each in drills.of("somebody")] == [("drill-1", REMOVED)]
        assert drills.script("drill-1") == script()


def test_nothing_is_removed_while_somebody_else_has_it_open(path: Path) -> None:
    with Transcripts(path) as store:
        before = store.load("ana-one")
        with pytest.raises(StoreBusy, match="Another window"):
            delete(path, "ana")
        assert store.load("ana-one") == before
    assert delete(path, "ana").calls == 2
