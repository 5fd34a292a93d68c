"""The rubric: what a turn is worth, when a moment is met, and what a wrong rubric file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.errors import BadInput, NotFound
from roleplay.persona.fields import DIMENSIONS
from roleplay.scoring.assessment import SCORED, Scored
from roleplay.scoring.rubric import default_rubric, load_rubric, opportunity, turn_score

RUBRIC = default_rubric()


def levels(
    af: int | None, nn: int | None, ru: int | None, ex: int | None, ac: int | None, harm: int | None = 0
) -> dict[Scored, int | None]:
    return dict(zip(SCORED, (af, nn, ru, ex, ac, harm), strict=True))


def test_the_shipped_rubric_has_words_for_every_level() -> None:
    assert sum(RUBRIC.weights.values()) == pytest.approx(1)
    assert all(len(RUBRIC.dimensions[name].levels) == 3 for name in SCORED)
    assert len(RUBRIC.overall) == 5


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (levels(2, 2, 2, 2, 2), 100),
        (levels(0, 0, 0, 0, 0), 0),
        (levels(2, 0, 0, 0, 0), 25),
        (levels(0, 1, 2, 0, 1), 7.5 + 30 + 10),
        (levels(2, None, 2, None, None), 100),
        (levels(0, None, 2, None, None), 54.5),
        (levels(2, 2, 2, 2, 2, 1), 49),
        (levels(2, 2, 2, 2, 2, 2), 20),
        (levels(1, 0, 0, 0, 0, 2), 12.5),
        (levels(None, None, None, None, None), None),
    ],
)
def test_a_turn_is_the_weighted_mean_of_what_is_called_for_capped_by_harm(
    scores: dict[Scored, int | None], expected: float | None
) -> None:
    assert turn_score(RUBRIC, scores) == expected


def test_grave_harm_repaired_is_capped_more_mildly() -> None:
    assert turn_score(RUBRIC, levels(2, 2, 2, 2, 2, 2), repaired=True) == 49


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (levels(1, 0, 2, 0, 0), "met"),
        (levels(0, 2, 2, 2, 2), "partly"),
        (levels(2, 0, 1, 0, 0), "partly"),
        (levels(2, 0, 0, 0, 0), "partly"),
        (levels(1, 2, 0, 2, 2), "missed"),
        (levels(2, 2, 2, 2, 2, 1), "partly"),
        (levels(2, 2, 2, 2, 2, 2), "missed"),
        (levels(None, 0, 2, 0, 0), "met"),
        (levels(1, 2, None, 0, 0), "met"),
        (levels(1, 1, None, 0, 0), "partly"),
        (levels(1, 0, None, 0, 0), "missed"),
        (levels(2, None, None, 0, 0), "met"),
        (levels(1, None, None, 0, 0), "partly"),
        (levels(0, None, None, 2, 2), "missed"),
        (levels(2, None, None, 0, 0, 1), "partly"),
        (levels(None, None, None, None, None), "none"),
        (levels(None, None, None, None, None, None), "none"),
    ],
)
def test_when_a_moment_is_met(scores: dict[Scored, int | None], expected: str) -> None:
    assert opportunity(scores, offers=True) == expected


def test_where_nothing_is_offered_nothing_is_missed() -> None:
    assert opportunity(levels(0, 0, 0, 0, 0), offers=False) == "none"


def shipped() -> str:
    return (Path(__file__).parents[2] / "roleplay" / "rubrics" / "default.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("acts: 0.20", "acts: 0.60", "The weights sum to 1.4"),
        ("mean_share: 0.6", "mean_share: 6", "mean_share must lie between 0 and 1"),
        ("cap_harm_2: 20", "cap_harm_2: 80", "The caps are out of order"),
        ("id: default-1", "id: [", "mine.yaml:"),
        ("mean_share: 0.6", "mean_shore: 0.6", "mean_shore"),
        ("  acts: 0.20\n", "", "weights.acts"),
    ],
)
def test_a_wrong_rubric_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(shipped().replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_rubric(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_rubric_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(shipped().replace("id: default-1", "id: mine"), encoding="utf-8")
    assert load_rubric(path).id == "mine"
    assert set(load_rubric(path).weights) == set(DIMENSIONS)


def test_a_missing_or_unreadable_rubric_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_rubric(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"id: caf\xe9")
    with pytest.raises(BadInput, match="not UTF-8"):
        load_rubric(tmp_path / "latin.yaml")
