"""What counts as a persona that works."""

import msgspec
import pytest

from roleplay.rehearsal.banks import SKILLS
from roleplay.rehearsal.bounds import broken_bounds
from roleplay.rehearsal.runner import Figures

GOOD = {
    skill: Figures(
        trainee=skill, calls=20, told=told, met=told, score=score, turns=9, endings={}, repeats=0, dead_ends=0
    )
    for skill, told, score in zip(SKILLS, (1.0, 0.4, 0.0, 0.05), (80, 50, 10, 12), strict=True)
}


def changed(skill: str, **changes: float) -> list[Figures]:
    return [msgspec.structs.replace(each, **changes) if each.trainee == skill else each for each in GOOD.values()]


def test_good_figures_break_nothing() -> None:
    assert broken_bounds(list(GOOD.values())) == []


@pytest.mark.parametrize(
    ("skill", "change", "says"),
    [
        ("skilled", {"told": 0.85}, "skilled was told in 85%"),
        ("polite", {"told": 0.1}, "polite was told in 10%"),
        ("cold", {"told": 0.1}, "cold was told in 10%"),
        ("polite", {"score": 60}, "less skill scored more"),
        ("cold", {"repeats": 1}, "heard 1 lines twice"),
        ("partly-skilled", {"dead_ends": 2}, "2 dead ends"),
    ],
)
def test_each_bound_is_named_when_broken(skill: str, change: dict[str, float], says: str) -> None:
    assert any(says in sentence for sentence in broken_bounds(changed(skill, **change)))
