"""The course of a call: trust and distress from reply to reply, a stretch for each scene."""

from __future__ import annotations

from roleplay.practice.course import course_of, in_words
from roleplay.practice.debrief import debrief_of
from tests.journeys.playing import rehearsed


def test_a_call_without_scenes_is_one_stretch_with_a_step_for_each_reply() -> None:
    transcript = rehearsed("stranded-driver", "skilled", 7).transcript
    (stretch,) = course_of(debrief_of(transcript))
    assert stretch.name == ""
    assert [step.turn for step in stretch.steps] == list(range(len(transcript.replies) + 1))
    assert stretch.steps[0].sign is None and all(step.sign for step in stretch.steps[1:])
    last = transcript.replies[-1].state
    assert (stretch.steps[-1].trust, stretch.steps[-1].distress) == (last.trust, last.distress)


def test_each_scene_is_a_stretch_with_the_name_of_who_spoke() -> None:
    debrief = debrief_of(rehearsed("grieving-father", "skilled", 7).transcript)
    first, second = course_of(debrief)
    assert (first.name, second.name) == ("Orrin", "Bernadette")
    assert second.steps[0].sign is None and second.steps[0].turn == first.steps[-1].turn
    words = list(in_words((first, second)))
    assert words[0].startswith("With Orrin: trust 2 → ") and words[1].startswith("With Bernadette: trust 4 → ")
