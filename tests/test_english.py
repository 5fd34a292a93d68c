"""Plain facts about English words."""

import pytest

from roleplay.english import looks_english, sentences, stem


def test_sentences_keep_their_place_in_the_text() -> None:
    text = "Dana, are you safe?  I'm here… Stay in!\nOK"
    found = sentences(text)
    assert [each.text for each in found] == ["Dana, are you safe?", "I'm here…", "Stay in!", "OK"]
    assert all(text[each.start : each.end] == each.text for each in found)
    assert [each.is_question for each in found] == [True, False, False, False]


def test_stems_fold_endings_and_apostrophes() -> None:
    assert stem("Dana’s") == stem("dana") and stem("locations") == stem("located")


@pytest.mark.parametrize(
    "text", ["ok", "belt on, im here", "Dana?", "Tannery Road westbound", "42", "", "no hay, mate"]
)
def test_english_is_taken_for_english(text: str) -> None:
    assert looks_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin nicht sicher, wo Sie sind.",
        "Je suis là pour vous aider.",
        "Guten Abend, wie geht es Ihnen?",
        "Buenos días, ¿cómo está?",
        "¿Dónde está usted? Estoy aquí para ayudarle.",
        "Vale, no hablo mucho inglés. La policía va a venir. No salga del coche.",
        "你在哪里",
        "Ни о чём не беспокойтесь",
    ],
)
def test_other_languages_are_noticed(text: str) -> None:
    assert not looks_english(text)
