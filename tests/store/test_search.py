"""Searching everything said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roleplay.errors import BadInput
from roleplay.store.book import add
from roleplay.store.database import reading
from roleplay.store.records import line_row, opening_row, script_row, session_row
from roleplay.store.search import RANKED, Hit, search
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at, withdraw_elsewhere
from tests.store.kept_calls import keep_call, line, opening, reply, session

Find = Callable[..., list[Hit]]


@pytest.fixture
def find(tmp_path: Path) -> Iterator[Find]:
    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store:
        store.begin(session("call-one"), opening("call-one"))
        store.keep_line(line("call-one", 1, "The wedding is off."))
        store.keep_reply(reply("call-one", 1, "So the weddings AND the flowers (both) were cancelled?"))
        store.keep_line(line("call-one", 2, 'She said "never", and I can\'t sleep. Zoë'))
        store.begin(session("call-two"), opening("call-two"))
        store.keep_reply(reply("call-two", 1, "A wedding, then. " + "word " * 200 + "Tell me about the wedding."))
    with reading(path) as connection:
        assert connection
        yield lambda words, limit=20, **options: search(connection, words, limit, **options)


def test_the_newest_comes_first_whoever_said_it(find: Find) -> None:
    assert [(hit.session, hit.turn, hit.side) for hit in find("wedding")] == [
        ("call-two", 1, "trainee"),
        ("call-one", 1, "trainee"),
        ("call-one", 1, "customer"),
    ]
    assert [hit.session for hit in find("wedding", 1)] == ["call-two"]


def test_what_was_found_stands_in_brackets(find: Find) -> None:
    assert find("WEDDING off")[0].excerpt == "The [wedding] is [off]."


def test_a_long_text_is_cut_around_the_words(find: Find) -> None:
    hit = find("tell")[0]
    assert "[Tell] me about the wedding." in hit.excerpt
    assert len(hit.excerpt) < 300 < len(hit.text)


def test_all_words_must_be_there_in_any_form_and_without_their_accents(find: Find) -> None:
    assert len(find("flower cancels")) == 1
    assert find("flower truck") == []
    assert len(find("zoe")) == 1


@pytest.mark.parametrize(
    ("typed", "turns"),
    [('"never"', [2]), ("can't", [2]), ("AND", [2, 1]), ("(both)", [1]), ("wedd*", []), ("NEAR(wedding)", [])],
)
def test_signs_are_no_operators(find: Find, typed: str, turns: list[int]) -> None:
    assert [hit.turn for hit in find(typed) if hit.session == "call-one"] == turns


@pytest.mark.parametrize("typed", ["", "   ", "*", '"', "()", "\0", "🙂"])
def test_without_a_word_there_is_nothing_to_search_for(find: Find, typed: str) -> None:
    with pytest.raises(BadInput, match="no word to search for"):
        find(typed)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec=None), max_size=40))
def test_nothing_that_can_be_typed_is_an_error(find: Find, typed: str) -> None:
    try:
        find(typed)
    except BadInput:
        assert not any(map(str.isalnum, typed))


def reviewed(path: Path) -> Path:
    """A call with a comment, an overruled level, a dispute and its answer."""
    with Transcripts(path) as store:
        keep_call(store, "call-one", 1)
    with desk_at(path, "Kim") as coach, desk_at(path, "sam") as trainee:
        (replied,) = coach.open("call-one").transcript.replies
        coach.comment("call-one", 0, 2, "customer", "A zebra comment.")
        coach.overrule("call-one", replied, "acts", 2, "A zebra reason.")
        coach.answer(trainee.dispute("call-one", replied, "A zebra dispute."), "A zebra answer.", upheld=True)
    return path


def found(path: Path, words: str, **options: bool) -> list[tuple[str, int, str]]:
    with reading(path) as connection:
        assert connection
        return [(hit.side, hit.turn, hit.text) for hit in search(connection, words, 20, **options)]


@pytest.mark.parametrize("by_relevance", [False, True])
def test_what_was_noted_is_found_with_whose_it_is_and_where(tmp_path: Path, by_relevance: bool) -> None:
    assert found(reviewed(tmp_path / "roleplay.db"), "zebra", by_relevance=by_relevance) == [
        ("coach", 1, "A zebra answer."),
        ("dispute", 1, "A zebra dispute."),
        ("coach", 1, "A zebra reason."),
        ("coach", 2, "A zebra comment."),
    ]


def test_what_was_taken_back_or_overruled_anew_is_passed_over(tmp_path: Path) -> None:
    path = reviewed(tmp_path / "roleplay.db")
    with desk_at(path, "Kim") as coach:
        case = coach.open("call-one")
        (replied,) = case.transcript.replies
        coach.withdraw(case.reviewed.comments[0])
        coach.overrule("call-one", replied, "acts", 1, "A better zebra reason.")
        coach.overrule("call-one", replied, "explores", 1, "A zebra that does not last.")
        coach.overrule("call-one", replied, "explores", None, "No zebra any more.")
        withdraw_elsewhere(coach, case.reviewed.disputes[0])
    assert found(path, "zebra") == [("coach", 1, "A better zebra reason.")]


def test_by_relevance_the_text_that_is_most_about_it_comes_first(find: Find) -> None:
    hits = find("wedding", by_relevance=True)
    assert [(hit.session, hit.side) for hit in hits] == [
        ("call-one", "customer"),
        ("call-one", "trainee"),
        ("call-two", "trainee"),
    ]


def test_only_the_newest_hits_are_ranked(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    with Transcripts(path) as store, store.transaction() as connection:
        for turn, text in enumerate(["Zebra.", *["A zebra among many other words of no use."] * RANKED], 1):
            if turn == 1:
                script = script_row(session("call-one").script)
                add(connection, "scripts", script)
                add(connection, "sessions", session_row(session("call-one"), str(script[0])))
                add(connection, "openings", opening_row(opening("call-one")))
            add(connection, "lines", line_row(line("call-one", turn, text)))
    hits = found(path, "zebra", by_relevance=True)
    assert len(hits) == 20
    assert "Zebra." not in [text for _, _, text in hits]
