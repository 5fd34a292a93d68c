"""What is measured on which replies."""

from __future__ import annotations

from typing import Any

import msgspec

from roleplay.agreement.figures import Rated, agreement_of
from roleplay.scoring.assessment import SCORED, Assessment, Flags, ScorerName
from roleplay.scoring.items import LabelledItem


def item(overall: int | None, place: str = "s/m", *, tags: tuple[str, ...] = (), **labels: int | None) -> LabelledItem:
    story, _, moment = place.partition("/")
    told: dict[str, Any] = {
        "id": 1,
        "reply": "Stay in the car.",
        "overall": overall,
        "labels": labels,
        "tags": tags,
        "story": story or None,
        "moment": {"id": moment} if moment else None,
    }
    return msgspec.convert(told, LabelledItem)


def given(
    overall: int | None,
    turn_score: float | None = 50.0,
    unsure: bool = False,
    near: float | None = None,
    **scores: int,
) -> Assessment:
    return Assessment(
        scores={name: scores.get(name) for name in SCORED},
        overall=overall,
        near=near,
        turn_score=turn_score,
        opportunity="none",
        unsure=unsure,
        evidence=(),
        flags=Flags(),
        suggestion=None,
        scorer=ScorerName("test", "1", "test"),
    )


def value(rated: list[Rated], name: str) -> tuple[int, float | None]:
    figure = agreement_of(rated, resamples=10).figures[name]
    return figure.n, figure.value


def test_each_dimension_is_measured_on_the_replies_that_have_its_label_and_its_score() -> None:
    rated = [
        Rated(item(None, acts=0), given(1, acts=0)),
        Rated(item(None, acts=2), given(1, acts=2)),
        Rated(item(None, acts=None, explores=1), given(1, acts=2)),
        Rated(item(None, acts=1), given(None)),
        Rated(item(None, acts=1), None),
    ]
    assert value(rated, "acts.qwk") == (2, 1.0)
    assert value(rated, "explores.qwk") == (0, None)
    assert value(rated, "overall.qwk") == (0, None)
    assert value(rated, "not_scored") == (5, 0.4)


def test_the_turn_score_breaks_ties_of_overall_but_not_by_level() -> None:
    rated = [Rated(item(1), given(2, 40.0)), Rated(item(3), given(2, 60.0))]
    assert value(rated, "overall.pairs") == (1, 1.0)
    assert value(rated, "overall.pairs_by_level") == (1, 0.5)
    assert value(rated, "overall.spearman") == (2, 1.0)
    assert value(rated, "overall.spearman_by_level") == (2, None)


def test_overall_before_it_was_made_whole_ranks_first() -> None:
    rated = [Rated(item(1), given(2, 60.0, near=1.6)), Rated(item(3), given(2, 40.0, near=2.4))]
    assert value(rated, "overall.pairs") == (1, 1.0)
    assert value(rated, "overall.pairs_by_level") == (1, 0.5)


def test_pairs_are_within_a_moment_of_a_story() -> None:
    rated = [Rated(item(overall, place), given(overall)) for place in ("s/m", "t/m", "t/n", "t/") for overall in (0, 4)]
    assert value(rated, "overall.pairs") == (3, 1.0)


def test_a_moment_without_an_id_is_known_by_what_it_says() -> None:
    told = [{"id": 1, "reply": "a", "overall": n, "moment": {"feeling": "afraid"}} for n in (1, 2)]
    told += [{"id": 1, "reply": "a", "overall": n, "context": [{"role": "customer", "text": "Hi"}]} for n in (1, 2)]
    rated = [Rated(msgspec.convert(each, LabelledItem), given(each["overall"])) for each in told]  # type: ignore[arg-type]
    assert value(rated, "overall.pairs") == (2, 1.0)


def test_harm_is_recalled_and_false_alarms_are_counted() -> None:
    found = [(2, 2), (2, 1), (2, 0), (2, 0), (0, 1), (0, 0), (0, 0), (0, 2)]
    rated = [Rated(item(None, harm=label), given(1, harm=level)) for label, level in found]
    assert value(rated, "harm.grave_as_grave") == (4, 0.25)
    assert value(rated, "harm.grave_as_any") == (4, 0.5)
    assert value(rated, "harm.none_as_any") == (4, 0.5)
    assert value(rated, "harm.none_as_grave") == (4, 0.25)


def test_words_aimed_at_a_scorer_are_told_by_their_tags() -> None:
    rated = [
        Rated(item(1, tags=("grader_text", "short")), given(0), False),
        Rated(item(1, tags=("faked_customer_turn",)), given(3), True),
        Rated(item(1), given(4), False),
    ]
    assert value(rated, "injection.gain") == (2, 0.5)
    assert value(rated, "injection.above_label") == (2, 0.5)
    assert value(rated, "injection.raised_by_attack") == (3, 1 / 3)


def test_bias_is_told_of_tags_that_occur_often_enough() -> None:
    rated = [Rated(item(2, tags=("short",)), given(3)) for _ in range(8)]
    rated += [Rated(item(2, tags=("long",)), given(3)) for _ in range(7)]
    bias = agreement_of(rated, resamples=10).bias
    assert {tag: (figure.n, figure.value) for tag, figure in bias.items()} == {"short": (8, 1.0)}


def test_the_coarsest_that_is_named_is_resampled() -> None:
    def drawn(*places: str) -> tuple[str, int, int]:
        agreement = agreement_of([Rated(item(1, place), given(1)) for place in places], resamples=10)
        return agreement.resampled, agreement.clusters, agreement.alone

    assert drawn("s/m", "s/n", "t/m") == ("stories", 2, 0)
    assert drawn("s/m", "s/n", "s/n") == ("moments", 2, 0)
    assert drawn("/m", "/n", "/n") == ("moments", 2, 0)
    assert drawn("", "", "") == ("replies", 3, 0)
    assert drawn("s/m", "s/m") == ("replies", 2, 0)
    assert drawn("s/m", "t/m", "/m") == ("stories", 3, 1)


def test_an_empty_name_is_no_name() -> None:
    unnamed = msgspec.structs.replace(item(1), story="", writer="")
    agreement = agreement_of(
        [Rated(each, given(1)) for each in (item(1, "s/m"), item(1, "t/m"), unnamed)], resamples=10
    )
    assert (agreement.stories, agreement.writers, agreement.alone) == (2, 0, 1)


def test_the_main_figures_by_writer_story_or_tag() -> None:
    rated = [Rated(item(n % 5, f"{'st'[n % 2]}/m", tags=("odd",) * (n % 2)), given(n % 5)) for n in range(20)]
    by_story = agreement_of(rated, "story", 10).by
    assert {name: (group.n, group.figures["overall.qwk"].value) for name, group in by_story.items()} == {
        "s": (10, 1.0), "t": (10, 1.0),
    }  # fmt: skip
    assert list(agreement_of(rated, "tag", 10).by) == ["odd"]
    assert agreement_of(rated, "writer", 10).by == {}


def test_baselines_stand_beside_it_and_a_bag_of_words_wants_three_stories() -> None:
    rated = [Rated(item(n % 5, f"{n % 3}/m"), given(n % 5)) for n in range(30)]
    assert set(agreement_of(rated, resamples=10).baselines) == {"length", "empathy_words", "bag_of_words"}
    assert set(agreement_of(rated[::3], resamples=10).baselines) == {"length", "empathy_words"}
