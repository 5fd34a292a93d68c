"""A persona's own tests are played through all of its scenes."""

from __future__ import annotations

from typing import Any

from roleplay.rehearsal.persona_tests import run_persona_tests
from tests.conversation.builders import ByFirstWord, told_in_scenes

REPLIES = ["I'm on my way.", "Is it a busy day for you?", "Miss.", "Miss again.", "I'm with you."]


def failures(**expect: Any) -> tuple[str, ...]:
    test = {"name": "to the end", "replies": REPLIES, "expect": expect}
    (result,) = run_persona_tests(told_in_scenes(tests=[test]), ByFirstWord())
    return result.failures


def test_what_came_of_all_scenes_is_expected_together() -> None:
    assert failures(disclosed=["load"], met=["door", "company"], not_disclosed=["asked"], ending="in") == ()


def test_what_came_otherwise_is_told() -> None:
    assert failures(disclosed=["own"], ending="hangs-up") == (
        "own was not disclosed",
        "the call ended with in",
    )
