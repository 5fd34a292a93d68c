"""Searching everything said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roleplay.errors import BadInput
from roleplay.store.database import reading
from roleplay.store.search import Hit, search
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import line, opening, reply, session

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
        yield lambda words, limit=20: search(connection, words, limit)


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
