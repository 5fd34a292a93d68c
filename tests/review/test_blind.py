"""Blind rating: what is drawn, what is shown, and that each rating is kept before the next one is asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from roleplay.errors import NotSaved
from roleplay.review.blind import BlindSitting, blind_sample, case_of
from roleplay.review.desk import Desk
from roleplay.scoring.overruled import HIGHEST
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.review.rated_calls import as_labelled, items, keep, rate
from tests.store import kept_calls


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty calls, the first ten of which Ana has rated."""
    path = tmp_path_factory.mktemp("many") / "roleplay.db"
    keep(path, items()[:30])
    rate(path, items()[:10], "Ana", as_labelled)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "roleplay.db"
    keep(path, items()[:4])
    return path


def test_the_same_seed_draws_the_same_and_another_others(many: Path) -> None:
    with desk_at(many) as desk:
        assert blind_sample(desk, 8, 1) == blind_sample(desk, 8, 1) != blind_sample(desk, 8, 2)
        assert len(set(blind_sample(desk, 8, 1))) == 8
        assert len(blind_sample(desk, 500, 1)) == 30


def test_half_of_a_sample_others_have_rated_if_there_are_so_many(many: Path) -> None:
    theirs = {f"call-{at:03}" for at in range(10)}
    with desk_at(many) as desk:
        assert sum(each.session in theirs for each in blind_sample(desk, 12, 3)) == 6
    with desk_at(many, "Ana") as ana:
        assert not theirs & {each.session for each in blind_sample(ana, 12, 3)}


def test_rare_levels_come_up_as_often_as_the_others(many: Path) -> None:
    rated_already = {f"call-{at:03}" for at in range(10)}

    def levels(desk: Desk, number: int) -> Counter[int]:
        drawn = blind_sample(desk, number, 1)
        return Counter(each.overall for each in drawn if each.session not in rated_already)

    with desk_at(many, "Nobody yet") as desk:
        there, drawn = levels(desk, 500), levels(desk, 20)
    assert drawn.total() == 10 and max(there.values()) > 2 * min(there.values())
    assert all(drawn[level] >= min(there[level], 10 // len(there)) for level in there)


def test_nobody_rates_what_they_played_or_whose_score_they_have_seen(path: Path) -> None:
    keep(path, items()[4:5], trainee="Kim", first=4)
    with Transcripts(path) as store:
        kept_calls.keep_call(store, "not-ended", ended=False)
    with desk_at(path) as desk:
        desk.mark_reviewed("call-000")
        desk.undo()
        desk.comment("call-001", 0, 1, "trainee", "I have seen this one.")
        desk.rate("call-002", desk.open("call-002").transcript.replies[0], {"overall": 1})
        assert [each.session for each in blind_sample(desk, 9, 1)] == ["call-003"]


def test_a_case_shows_the_moment_and_never_a_score_or_a_name(path: Path) -> None:
    with desk_at(path) as desk:
        sample = blind_sample(desk, 1, 1)
        case = case_of(desk.transcripts, sample[0])
    item = items()[int(sample[0].session[-3:])]
    assert item.moment
    assert (case.reply, case.customer) == (item.said, item.context[-1].text)
    told = dict(case.there())
    assert (told["Feeling"], told["Not said"]) == (item.moment.feeling, item.moment.unspoken_need)
    assert case.asked[-2:] == ("harm", "overall")
    assert "sam" not in repr((case.title, case.speaker, case.before, told))


def rated(desk: Desk) -> list[tuple[str, dict[str, int]]]:
    return [(each.session, dict(each.levels)) for each in desk.reviews.ratings()]


def test_each_rating_is_kept_with_its_last_level(path: Path) -> None:
    with desk_at(path) as desk:
        sample = blind_sample(desk, 2, 1)
        sitting = BlindSitting(desk, sample)
        given: dict[str, int] = {}
        while (question := sitting.question) and question.number == 1:
            assert rated(desk) == []
            assert len(question.anchors) == HIGHEST[question.name] + 1
            given[question.name] = min(1, HIGHEST[question.name])
            sitting.give(given[question.name])
        assert rated(desk) == [(sample[0].session, given)]
        assert sitting.question and sitting.question.number == 2 and sitting.rated == 1
    assert verify(path).fine


def test_back_goes_to_the_level_before_and_then_to_the_reply_before_whose_rating_is_replaced(path: Path) -> None:
    with desk_at(path) as desk:
        sitting = BlindSitting(desk, blind_sample(desk, 2, 1))
        assert not sitting.back()
        first = sitting.question
        sitting.give(0)
        assert sitting.back() and sitting.question == first
        for level in (0, 2):
            while (question := sitting.question) and question.number == 1:
                sitting.give(level)
            assert [set(levels.values()) for _, levels in rated(desk)] == [{level}]
            assert sitting.back() and sitting.question == first
        assert sitting.rated == 1


def test_a_reply_can_be_left_out_and_come_back_to(path: Path) -> None:
    with desk_at(path) as desk:
        sitting = BlindSitting(desk, blind_sample(desk, 2, 1))
        first = sitting.question
        sitting.give(1)
        sitting.skip()
        sitting.skip()
        assert sitting.question is None and rated(desk) == []
        assert sitting.back() and sitting.back() and sitting.question == first


def test_what_could_not_be_kept_is_asked_for_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk_at(path) as desk:
        sitting = BlindSitting(desk, blind_sample(desk, 1, 1))
        while (question := sitting.question) and question.name != "overall":
            sitting.give(0)

        def refuse(*_: object) -> None:
            raise NotSaved("The disk is full.")

        with monkeypatch.context() as broken:
            broken.setattr(desk.reviews, "keep", refuse)
            with pytest.raises(NotSaved):
                sitting.give(3)
        assert sitting.question == question and rated(desk) == []
        sitting.give(3)
        assert sitting.question is None and len(rated(desk)) == 1


def test_a_call_that_cannot_be_read_is_passed_over(path: Path) -> None:
    with desk_at(path) as desk:
        sample = blind_sample(desk, 2, 1)
        sitting = BlindSitting(desk, [sample[0]._replace(session="gone"), sample[1]])
        assert sitting.question and sitting.question.number == 2 and sitting.unreadable == 1
        assert not sitting.back()
