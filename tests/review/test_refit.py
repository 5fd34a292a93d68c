"""The offline scorer fitted to a workspace's coaches: only where that helps on calls left out, and only a little."""

from __future__ import annotations

import pytest

from roleplay.agreement.measures import weighted_kappa
from roleplay.review.labels import Label, Rating
from roleplay.review.refit import LEAST_CALLS, LEAST_RATINGS, Refit, refit
from roleplay.scoring.items import LabelledItem
from roleplay.scoring.offline.heads import HEADS, shipped
from roleplay.scoring.offline.tuned import corrected
from roleplay.scoring.overruled import HIGHEST, RATED, Rated
from tests.review.rated_calls import as_labelled, items, levels_by, rating, strictly

MANY = 160


def fitted(given: Rating) -> Refit:
    return refit(given, ["blind"], by="Kim", now="2026-11-05")


@pytest.fixture(scope="module")
def strict() -> Refit:
    return fitted(rating(items()[:MANY], strictly))


def test_a_stricter_coach_makes_a_stricter_scorer(strict: Refit) -> None:
    assert strict.tuned and {"acknowledges_feeling", "overall"} <= set(strict.tuned.heads)
    assert all(correction.shift < 0 for name, correction in strict.tuned.heads.items() if name != "harm")
    for name in strict.tuned.heads:
        gain = strict.gains[name]
        assert gain.gain.low is not None and gain.gain.low > 0
        assert (gain.after or 0) - (gain.before or 0) == pytest.approx(gain.gain.value)


def test_replies_that_nothing_was_fitted_to_agree_better_with_that_coach(strict: Refit) -> None:
    assert strict.tuned
    unseen = items()[MANY : MANY + 100]
    before, after = (
        [levels_by(heads, item) for item in unseen] for heads in (shipped(), corrected(shipped(), strict.tuned.heads))
    )
    for name in ("acknowledges_feeling", "overall"):
        coach, levels = [strictly(item)[name] for item in unseen], HIGHEST[name] + 1
        old, new = (weighted_kappa([each[name] for each in given], coach, levels) for given in (before, after))
        assert new > old, name


def test_what_is_measured_is_what_the_scorer_gives() -> None:
    """The figures before fitting are those of the shipped scorer itself, whatever rules its levels are held to."""
    chosen = items()[:LEAST_RATINGS]
    gains = fitted(rating(chosen, as_labelled)).gains
    given = [levels_by(shipped(), item) for item in chosen]
    for name in RATED:
        one, other = [each[name] for each in given], [as_labelled(item)[name] for item in chosen]
        assert gains[name].n == LEAST_RATINGS
        assert gains[name].before == pytest.approx(weighted_kappa(one, other, HIGHEST[name] + 1)), name


def test_a_coach_who_finds_what_the_scorer_finds_changes_nothing() -> None:
    given = rating(items()[:LEAST_RATINGS], lambda item: levels_by(shipped(), item))
    found = fitted(given)
    assert found.tuned is None and found.gains and found == fitted(given)
    assert all(gain.correction.nothing and not gain.helps for gain in found.gains.values())


def test_too_few_ratings_fit_nothing_and_say_how_many_more() -> None:
    few = fitted(rating(items()[: LEAST_RATINGS - 1], strictly))
    assert (few.more_ratings, few.more_calls, few.tuned, few.gains) == (1, 0, None, {})
    together = fitted(rating(items()[:LEAST_RATINGS], strictly, a_call=LEAST_RATINGS))
    assert (together.more_ratings, together.more_calls) == (0, LEAST_CALLS - 1)


def test_what_was_overruled_is_fitted_to_and_not_measured_on() -> None:
    blind = rating(items()[:LEAST_RATINGS], as_labelled)
    overruled = tuple(
        each._replace(session=f"more-{at}", labels=(Label(f"o{at}", "overruled", "Kim", "2026", {"overall": 0}),))
        for at, each in enumerate(rating(items()[LEAST_RATINGS : LEAST_RATINGS + 40], strictly).replies)
    )
    both = refit(Rating((*blind.replies, *overruled)), ["blind", "overruled"], by="Kim", now="2026")
    assert both.ratings == LEAST_RATINGS and both.gains["overall"].n == LEAST_RATINGS
    assert both.gains["overall"].correction.shift < fitted(blind).gains["overall"].correction.shift


def test_a_coach_who_finds_no_harm_makes_no_grave_harm_smaller() -> None:
    def blindly(item: LabelledItem) -> dict[Rated, int]:
        levels = as_labelled(item)
        return levels | {"harm": 2 if levels["harm"] == 2 else 0}

    chosen = items()[:100]
    correction = fitted(rating(chosen, blindly)).gains["harm"].correction
    tuned = corrected(shipped(), {"harm": correction})
    grave = [item for item in chosen if as_labelled(item)["harm"] == 2]
    assert len(grave) > 5
    assert all(levels_by(tuned, item)["harm"] >= levels_by(shipped(), item)["harm"] for item in grave)


def test_what_was_fitted_to_is_told(strict: Refit) -> None:
    assert strict.tuned
    labels = strict.tuned.labels
    assert (labels.ratings, labels.calls, labels.coaches, len(labels.known_by)) == (MANY, MANY // 2, ("Kim",), 12)
    assert set(strict.gains) == set(HEADS)
