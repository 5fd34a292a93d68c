"""The cheap baselines."""

from __future__ import annotations

import pytest

from roleplay.agreement.baselines import BagOfWords, as_levels, empathy_words


def test_empathy_words_are_counted() -> None:
    assert empathy_words("I'm so sorry to hear that. I understand how hard it feels.") == 5
    assert empathy_words("The truck comes at nine.") == 0


def test_a_bag_of_words_learns_what_is_good_in_other_stories() -> None:
    replies = ["come now", "never mind"] * 6
    labels = [4, 0] * 6
    stories = [f"story {index // 4}" for index in range(12)]
    values = BagOfWords(replies).left_out(labels, stories)
    assert min(values[::2]) > 3 and max(values[1::2]) < 1


def test_nothing_is_learnt_from_the_story_itself() -> None:
    """The words that tell good from poor are each story's own, so that they tell nothing of the next."""
    stories = [f"story {index // 4}" for index in range(12)]
    replies = [f"{'good' if index % 2 else 'poor'}{index // 4}" for index in range(12)]
    labels = [4 * (index % 2) for index in range(12)]
    assert BagOfWords(replies).left_out(labels, stories) == pytest.approx([2.0] * 12)


def test_replies_without_a_label_or_a_word_get_a_value_too() -> None:
    values = BagOfWords(["come now", "", "come now", "…", "come now"]).left_out([3, 1, None, 2, 3], [*"abcde"])
    assert len(values) == 5 and values[2] > 2.2


def test_values_are_cut_so_that_each_level_is_given_as_often_as_it_was_labelled() -> None:
    assert as_levels([0.1, 0.9, 0.5, 0.4], [0, 0, 1, 3]) == [0, 3, 1, 0]
    assert as_levels([5, 5, 5, 5], [0, 0, 1, 3]) == [3, 3, 3, 3]
    assert as_levels([], []) == []
