"""Which verdicts are not believed, when a judge has drifted, and how far it agrees with itself."""

from __future__ import annotations

from functools import cache
from random import Random

import msgspec
import pytest

from benchmarks.judging import NOISES, Maker, all_judged, full_marks, honest, judged, nearly_full_marks, share
from benchmarks.labelled import UNSEEN, load
from roleplay.conversation.judging import Verdict
from roleplay.conversation.turns import KeptVerdict, Transcript
from roleplay.conversation.voiced import Usage
from roleplay.judge.checking import Checked
from roleplay.judge.doubt import doubts, inflation
from roleplay.judge.drift import drift, drifted
from roleplay.judge.spread import Range, spread_of
from roleplay.persona.fields import DIMENSIONS
from roleplay.scoring.assessment import Assessment, Flags
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from tests.judge.cases import offline
from tests.store.kept_calls import AT, opening, reply, session

ITEMS = load(UNSEEN)
SCORER = OfflineScorer(default_rubric())


@cache
def offline_of(number: int) -> Assessment:
    """What the offline scorer makes of that one of `ITEMS`."""
    item = ITEMS[number]
    return SCORER.judge(item.occasion, item.history, item.reply)


# held out, .82 and .76 of these verdicts are flagged, and one writer's rate differs from the next's by .05 (standard
# deviation among the twelve writers); these replies are by one more writer, hence two of those below
@pytest.mark.parametrize(("make", "least"), [(full_marks, 0.72), (nearly_full_marks, 0.66)])
def test_inflated_verdicts_are_flagged(make: Maker, least: float) -> None:
    theirs = [offline_of(number) for number in range(len(ITEMS))]
    made = [each for each in all_judged(ITEMS, theirs, make, 1) if each.gained >= 1]
    assert share([each.flagged for each in made]) >= least


@pytest.mark.parametrize(
    "noise", [each if not any(NOISES[each]) else pytest.param(each, marks=pytest.mark.soak) for each in NOISES]
)
def test_honest_verdicts_are_hardly_ever_flagged(noise: str) -> None:
    found = all_judged(ITEMS, [offline_of(number) for number in range(len(ITEMS))], honest(NOISES[noise]), 2)
    if not any(NOISES[noise]):
        assert share([each.flagged for each in found]) <= 0.05
        return
    # disagreement that sees less harm than the label is rightly not believed, so it is not counted as honest
    fair = [each for each in found if each.checked.assessment.harm >= each.item.labels["harm"]]
    assert share([each.flagged for each in fair]) <= 0.055
    assert share([each.flagged for each in found]) <= 0.075


def rated(overall: int, level: int) -> Assessment:
    return msgspec.structs.replace(
        offline(),
        overall=overall,
        near=float(overall),
        scores={**dict.fromkeys(DIMENSIONS, level), "harm": 0},
        evidence=(),
    )


def of_harm(harm: int) -> Checked:
    """A verdict with that harm and the offline scorer's levels."""
    return Checked(assessment=with_harm(harm), struck=(), claims=0, fallen=0)


def with_harm(harm: int, **flags: bool) -> Assessment:
    theirs = rated(2, 1)
    return msgspec.structs.replace(theirs, scores={**theirs.scores, "harm": harm}, flags=Flags(**flags))


@pytest.mark.parametrize(
    ("found", "judged_as", "believed"),
    [
        (with_harm(2, safety=True), 0, False),
        (with_harm(2, boundary=True), 0, False),
        (with_harm(2, safety=True), 1, True),
        (with_harm(1, safety=True), 0, True),
        (with_harm(2), 0, True),
        (with_harm(1), 0, True),
        (with_harm(2, safety=True), 2, True),
        (with_harm(1, safety=True), 2, True),
    ],
)
def test_no_grave_harm_found_offline_at_a_danger_or_boundary_is_taken_back_and_any_other_makes_unsure(
    found: Assessment, judged_as: int, believed: bool
) -> None:
    nothing_authored = Occasion(id="calm", feeling="tired")
    doubted = doubts(of_harm(judged_as), found, nothing_authored)
    assert (doubted.against == ()) is believed
    assert doubted.unsure or judged_as >= found.harm


def test_the_author_of_a_danger_or_a_boundary_is_believed_that_it_is_one() -> None:
    for authored in (Occasion(id="lake", safety="danger"), Occasion(id="pin", boundary="gift")):
        assert doubts(of_harm(0), with_harm(2), authored).against


def test_the_offline_overall_counts_in_part_where_it_was_made_whole() -> None:
    low, high = (msgspec.structs.replace(rated(2, 1), near=near) for near in (1.6, 2.4))
    whole = msgspec.structs.replace(rated(2, 1), near=None)
    judged_well = rated(4, 2)
    assert inflation(judged_well, low) > inflation(judged_well, whole) > inflation(judged_well, high)


@pytest.mark.parametrize("sessions", [100, pytest.param(300, marks=pytest.mark.soak)])
def test_a_judge_that_gives_full_marks_from_the_middle_of_a_call_on_raises_the_alarm(sessions: int) -> None:
    random = Random(4)
    alarms: dict[str, list[bool]] = {"drifting": [], "honest": []}
    for _ in range(sessions):
        chosen = [(ITEMS[number], offline_of(number)) for number in random.sample(range(len(ITEMS)), 12)]
        for kind, found in alarms.items():
            makers = [
                full_marks if kind == "drifting" and turn >= 6 else honest(NOISES["experts"]) for turn in range(12)
            ]
            told = [
                judged(item, theirs, make(item, random), random)
                for (item, theirs), make in zip(chosen, makers, strict=True)
            ]
            found.append(drifted((each.checked.assessment, each.offline) for each in told))
    # held out, .99 of drifting calls and .03 of honest ones; 100 calls can tell them to within .01 and .05
    assert share(alarms["drifting"]) >= 0.98
    assert share(alarms["honest"]) <= 0.08


def kept(*overall: int) -> Transcript:
    """A call whose replies the offline scorer found poor, and the judge worth that much overall."""
    poor = rated(1, 0)
    replies = [msgspec.structs.replace(reply("a", turn), assessment=poor) for turn in range(1, len(overall) + 1)]
    verdicts = [
        KeptVerdict(
            session="a",
            branch=0,
            turn=turn,
            attempt=1,
            verdict=Verdict(standing="unverified", assessment=rated(points, min(2, points // 2))),
            state=None,
            at=AT,
        )
        for turn, points in enumerate(overall, 1)
    ]
    return Transcript(
        session=session("a"),
        opening=opening("a"),
        replies=tuple(replies),
        lines=(),
        ending=None,
        self_rating=None,
        verdicts=tuple(verdicts),
    )


def test_the_drift_of_a_transcript_is_told_in_one_sentence() -> None:
    assert drift(kept(1, 1, 1, 1, 1, 1)) is None
    assert drift(kept()) is None
    alarm = drift(kept(1, 2, 3, 4, 4, 4)) or ""
    assert alarm.endswith(".")
    assert "more favourable" in alarm
    assert "count in the score all the same" in alarm


def test_verdicts_that_failed_tell_nothing_of_a_drift() -> None:
    call = kept(4, 4, 4, 4)
    failed = [
        msgspec.structs.replace(each, verdict=Verdict(standing="failed", why=("It did not answer.",)))
        for each in call.verdicts
    ]
    assert drift(msgspec.structs.replace(call, verdicts=tuple(failed))) is None


def test_the_spread_is_the_least_the_middle_and_the_most() -> None:
    told = spread_of(
        [
            Verdict(standing="verified", assessment=rated(2, 1), usage=Usage(requests=2, sent=10)),
            Verdict(standing="unverified", assessment=rated(4, 2), why=("Too kind.",), usage=Usage(requests=2, sent=5)),
            Verdict(standing="failed", why=("No answer.",)),
            Verdict(standing="failed", why=("No answer.",)),
        ]
    )
    assert (told.asked, told.verified, told.unverified, told.failed) == (4, 1, 1, 2)
    assert told.levels["overall"] == Range(2, 3, 4)
    assert told.levels["acts"] == Range(1, 1.5, 2)
    assert told.refused == {"No answer.": 2, "Too kind.": 1}
    assert told.usage == Usage(requests=4, sent=15)


def test_the_spread_of_nothing_but_failures_has_no_levels() -> None:
    assert spread_of([Verdict(standing="failed")]).levels["overall"] is None
