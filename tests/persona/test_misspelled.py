"""A misspelled field is told with the one that was meant, and nothing is told that only follows from it."""

from __future__ import annotations

import pytest

from tests.persona.samples import RICH, pointed, problems


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("moments:\n  - id", "›momnets:\n  - id", "moments"),
        ("disclosures:", "›disclosure:", "disclosures"),
        ("endings:", "›endngs:", "endings"),
        ("needs:", "›need:", "needs"),
        ("customer:", "›custmer:", "customer"),
        ("  opening: ", "  ›openning: ", "opening"),
        ("    unspoken: safe\n    key", "    ›unspokn: safe\n    key", "unspoken"),
        ("    tells: safe", "    ›tell: safe", "tells"),
        ("    replies:", "    ›reply:", "replies"),
        ("says: Thank you.", "›say: Thank you.", "says"),
    ],
)
def test_it_is_the_only_thing_told(old: str, new: str, meant: str) -> None:
    assert old in RICH
    text, place = pointed(RICH.replace(old, new, 1))
    wrong = new.partition("›")[2].partition(":")[0]
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: The field “{wrong}” is not known")
    assert found.endswith(f"Did you mean {meant}?")


def test_what_stands_inside_it_is_checked_as_well() -> None:
    text = RICH.replace("moments:\n  - id", "momnets:\n  - id").replace("unspoken: safe\ndis", "unspoken: ›saef\ndis")
    text, place = pointed(text)
    first, second = problems(text)
    assert "Did you mean moments?" in first and second.startswith(f"dana.yaml:{place}: There is no need “saef”")


def test_a_field_like_no_other_that_holds_parts_is_told_alone_too() -> None:
    text, place = pointed(RICH.replace("moments:\n  - id", "›chapters:\n  - id"))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: The field “chapters” is not known. There are: ")


def test_one_beside_the_right_one_is_not_put_in_its_place() -> None:
    (found,) = problems(RICH + "moment: [{id: x}]\n")
    assert found.endswith("The field “moment” is not known. Did you mean moments?")
