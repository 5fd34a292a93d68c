"""A stream of words becomes sentences, as soon as each is complete."""

from __future__ import annotations

import pytest

from roleplay.actors.sentences import Sentences


def cut(text: str, step: int) -> list[str]:
    sentences = Sentences()
    found = [each for start in range(0, len(text), step) for each in sentences.add(text[start : start + step])]
    return [*found, *filter(None, [sentences.rest()])]


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It was 438.60 at 5:21. Yes.", ["It was 438.60 at 5:21.", "Yes."]),
        ("Mr. Tvedt, sir. Yes.", ["Mr. Tvedt, sir.", "Yes."]),
        ("I just… no. Well… That's it.", ["I just… no.", "Well…", "That's it."]),
        ("no. yes\nmaybe", ["no.", "yes", "maybe"]),
        ("“Dear Joel, we miss you.” It came. Then.", ["“Dear Joel, we miss you.”", "It came.", "Then."]),
        ("“It came. Then it went.”", ["It came.", "Then it went."]),
        ('"It came."', ["It came."]),
        ("<think>Hm. What now?</think> It came.", ["It came."]),
        ("<thinking>a < b</thinking><think>b</think>It came. Yes.", ["It came.", "Yes."]),
        ("< 5 minutes. Yes.", ["< 5 minutes.", "Yes."]),
        ("<think>It never ends. Never.", []),
        ("", []),
    ],
)
def test_sentences_are_cut_the_same_however_the_words_come(text: str, step: int, sentences: list[str]) -> None:
    assert cut(text, step) == sentences


def test_a_sentence_is_given_when_the_next_one_begins() -> None:
    sentences = Sentences()
    assert list(sentences.add("It came. ")) == ["It came."]
    assert list(sentences.add("Then")) == []
    assert sentences.rest() == "Then"
