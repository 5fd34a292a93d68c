"""Words that come in pieces are as harmless as words that come at once, and hold no key."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.llm.faults import failure
from roleplay.llm.incoming import REDACTED, Incoming, without_key
from roleplay.text import sanitise
from tests.llm.stub import CANARY

TRICKY = st.sampled_from("ae\u0301\u0323\u0338\r\n\u2028\x1b\x9b]0;\u202e\u1100\u1161\u11a8가漢\u09c7\u09be🎈")
TEXTS = st.one_of(st.text(), st.text(alphabet=TRICKY, max_size=30))


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in pairwise(places)]


def heard(parts: list[str], key: str = "") -> str:
    words = Incoming(key)
    return "".join([*(words.feed(part) for part in parts), words.finish()])


@given(TEXTS, st.lists(st.integers(0, 200), max_size=12))
@settings(max_examples=150)
def test_wherever_a_text_is_split_it_becomes_what_it_would_have_become_at_once(text: str, cuts: list[int]) -> None:
    assert heard(pieces(text, cuts)) == sanitise(text)


@given(st.text(alphabet="sk-cany4 "), st.text(alphabet="sk-cany4 "), st.lists(st.integers(0, 200), max_size=12))
@settings(max_examples=100)
def test_a_key_among_the_words_is_never_given_out_however_it_is_split(before: str, after: str, cuts: list[int]) -> None:
    said = heard(pieces(before + CANARY + after, cuts), CANARY)
    assert CANARY not in said and REDACTED in said


def test_all_but_what_may_still_change_is_given_out_at_once() -> None:
    words = Incoming(CANARY)
    assert [words.feed(piece) for piece in ("Hel", "lo ", "you s", "k!")] == ["He", "llo", " you ", "sk"]
    assert words.finish() == "!"


def test_two_halves_of_a_character_become_one() -> None:
    assert heard(["a\ud83d", "\ude00b"]) == "a😀b"
    assert heard(["a\ud83d", "b\ude00"]) == "a�b�"


def test_marks_without_end_are_not_waited_for_and_cost_no_more_time_than_letters() -> None:
    begun = time.process_time()
    words = Incoming()
    given_out = [words.feed("\u0301") for _ in range(5_000)]
    assert sum(map(len, given_out)) > 4_900
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("text", [f"key {CANARY}!", f"{CANARY[:-4]}****", f"…{CANARY[5:]}", f"{CANARY}{CANARY}"])
def test_no_part_of_a_key_is_left_in_what_is_quoted(text: str) -> None:
    told = without_key(text, CANARY)
    assert REDACTED in told
    assert not any(CANARY[start : start + 8] in told for start in range(len(CANARY) - 7))


def test_a_key_that_is_cut_in_two_where_reading_ends_is_not_told() -> None:
    for before in range(8_192 - len(CANARY), 8_192, 7):
        told = failure(500, {}, "." * before + f"{CANARY} and more" * 300, CANARY).says
        assert not any(CANARY[start : start + 8] in told for start in range(len(CANARY) - 7))


def test_what_a_server_says_of_a_failure_is_not_gone_through_to_its_end() -> None:
    begun = time.process_time()
    assert len(failure(500, {}, {"error": {"message": "sk-canary " * 400_000}}, CANARY).says) == 4_000
    assert time.process_time() - begun < 0.05


def test_a_placeholder_for_a_key_is_a_word_like_any_other() -> None:
    assert without_key("Ollama says: ollama", "ollama") == "Ollama says: ollama"
    assert heard(["no", "ne at all"], "none") == "none at all"
