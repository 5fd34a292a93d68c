"""What a debrief teaches, and what it does not give away."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import msgspec
import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.cli import lines
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.practice import wording
from roleplay.practice.debrief import Debrief, DimensionResult, _next_time, _overall_means, debrief_of
from roleplay.practice.marks import marks_of
from roleplay.rehearsal.banks import FOLDER, SKILLS, Skill, find_bank
from roleplay.rehearsal.runner import rehearse
from roleplay.scoring.assessment import DIMENSIONS, Dimension, Evidence, Flags, Scored, Suggestion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from roleplay.store.transcripts import Transcripts
from roleplay.tui.widgets.marked_reply import MarkedReply
from tests.conversation.builders import ByFirstWord, assessment, script, told_in_scenes
from tests.conversation.test_session import RECORD, Fixed, begun


async def debriefed(tmp_path: Path, *replies: str, rating: int | None = None) -> Debrief:
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await begun(store, scorer=Fixed())
        await session.speak()
        for reply in replies:
            await session.reply(reply)
        await session.leave()
        await session.rate(rating)
        return debrief_of(session.transcript)


async def test_it_tells_outcome_curve_needs_and_each_reply(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "I'm on my way.", "")
    assert (debrief.ended_by, debrief.outcome) == ("left", "mixed")
    assert [state.trust for state in debrief.states] == [4, 6, 5.5]
    assert debrief.needs_met == ("To get in.", "Not to stand there alone.")
    assert [(reply.customer, reply.reply, reply.assessment.opportunity) for reply in debrief.replies] == [
        ("I'm locked out.", "I'm on my way.", "met"),
        (debrief.replies[1].customer, "", "missed"),
    ]


async def test_what_was_kept_back_comes_with_what_would_have_opened_it(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "")
    assert [each.disclosure for each in debrief.untold] == ["asked", "earned", "own"]
    asked, earned, own = (each.opens for each in debrief.untold)
    assert "when asked" in asked and "“third time”" in asked
    assert "trust 5" in earned and "“forget”" in earned and "memory" not in earned
    assert "unasked once trust 9" in own


async def test_a_call_that_has_not_ended_has_no_debrief(tmp_path: Path) -> None:
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await begun(store)
        with pytest.raises(ValueError, match="not ended"):
            debrief_of(session.transcript)


@pytest.mark.parametrize(
    ("rating", "says"), [(4, "more kindly than the customer did"), (1, "close to what was heard"), (None, "")]
)
async def test_the_own_rating_is_held_against_the_score(tmp_path: Path, rating: int | None, says: str) -> None:
    debrief = await debriefed(tmp_path, "I'm on my way.", "", "", rating=rating)
    printed = "\n".join(lines.debrief(debrief, None, ""))
    assert says in printed and ("You rated yourself" in printed) == (rating is not None)


async def test_who_overrated_a_call_without_a_missed_reply_is_not_sent_to_look_for_one(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "I'm on my way.", rating=4)
    missed = [reply for reply in debrief.replies if reply.assessment.opportunity != "met"]
    told = wording.gap(msgspec.structs.replace(debrief, score=50.0))
    assert not missed and "more kindly" in told and "replies that missed" not in told


SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z“])")
COUNTED = ("Score", "Trust", "Distress", "Need", "Kept back", "Reply ", "You said: ", "Better", "Because")
"""Lines that tell figures or what was said, and not why."""


def sentences_of(debrief: Debrief) -> list[str]:
    """The reasons, of harm too, and what was there to be met, sentence by sentence."""
    reasons = [each.why for reply in debrief.replies for each in reply.assessment.evidence if each.why]
    there = [each.text for reply in debrief.replies for each in reply.there]
    return [sentence for text in (*reasons, *there) for sentence in SENTENCE.split(text)]


def repeated(sentences: list[str]) -> set[str]:
    plain = [sentence.casefold().rstrip(".?! ") for sentence in sentences]
    return {each for each in plain if plain.count(each) > 1}


WITH_BANK = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@functools.cache
def rehearsed(name: str, skill: Skill) -> list[Debrief]:
    """The debriefs of two calls with a shipped persona."""
    played, bank = script_for(load_persona(shipped_folder() / f"{name}.yaml")), find_bank(name)
    assert bank
    scorer = OfflineScorer(played.rubric)
    return [debrief_of(rehearse(played, bank, skill, seed, scorer).transcript) for seed in range(2)]


@pytest.mark.parametrize("skill", SKILLS)
@pytest.mark.parametrize("name", WITH_BANK)
def test_what_a_reply_is_worth_never_contradicts_what_became_of_the_moment(name: str, skill: Skill) -> None:
    nothing, poor, mixed, good, model = default_rubric().overall
    fits = {"met": {good, model}, "partly": {poor, mixed, good}, "missed": {nothing, poor, mixed}}
    for debrief in rehearsed(name, skill):
        for reply in debrief.replies:
            assert reply.overall_means in fits.get(reply.assessment.opportunity, {reply.overall_means})


def test_whatever_a_scorer_or_a_judge_gave_its_meaning_agrees_with_what_became_of_the_moment() -> None:
    rubric = default_rubric()
    for became, least, most in (("missed", 0, 2), ("partly", 1, 3), ("met", 3, 4), ("none", 0, 4)):
        for overall in range(5):
            given = msgspec.structs.replace(assessment("met"), opportunity=became, overall=overall)
            told = rubric.overall.index(_overall_means(rubric, given, by_a_coach=False))
            assert told == max(least, min(most, overall))
            assert _overall_means(rubric, given, by_a_coach=True) == rubric.overall[overall]


@pytest.mark.parametrize("skill", SKILLS)
@pytest.mark.parametrize("name", WITH_BANK)
def test_no_sentence_comes_twice_in_the_debrief_of_a_whole_call(name: str, skill: Skill) -> None:
    for debrief in rehearsed(name, skill):
        assert repeated(sentences_of(debrief)) == set()
        for reply in debrief.replies:
            below = {each for each in DIMENSIONS if reply.assessment.scores[each] in (0, 1)}
            assert {each.dimension for each in reply.there} <= below


async def test_a_call_with_always_the_same_reply_says_less_rather_than_repeat(tmp_path: Path) -> None:
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await begun(store, scorer=Fixed())
        await session.speak()
        while not session.ended:
            await session.reply("")
        debrief = debrief_of(session.transcript)
    assert len(debrief.replies) == 3 and repeated(sentences_of(debrief)) == set()
    printed = [
        sentence
        for line in lines.debrief(debrief, None, "")
        if not line.startswith(COUNTED)
        for sentence in SENTENCE.split(line)
    ]
    assert repeated(printed) <= {"missed", "met", ""}


async def test_each_reply_says_what_was_there_for_each_dimension_below_two(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "")
    (reply,) = debrief.replies
    below = [each for each in DIMENSIONS if reply.assessment.scores[each] in (0, 1)]
    assert [each.dimension for each in reply.there] == below and below
    printed = "\n".join(next(lines.reply_by_reply(debrief)))
    assert all(each.text in printed for each in reply.there)


async def test_next_time_is_the_dimension_that_was_lowest_where_it_was_called_for(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "I'm on my way.", "")
    lowest = min(each.mean for each in debrief.dimensions)
    assert debrief.next_time.partition(".")[0] in {each.title for each in debrief.dimensions if each.mean == lowest}


def test_next_time_weighs_nothing_against_a_dimension_that_counts_little() -> None:
    rubric = default_rubric()
    means: dict[Dimension, float] = {"reaches_unspoken": 0.7, "acts": 0.6, "explores": 0.5}
    results = tuple(DimensionResult(name, rubric.dimensions[name].title, "", mean, 3) for name, mean in means.items())
    assert _next_time(results, rubric).startswith(rubric.dimensions["explores"].title)
    assert _next_time((DimensionResult("acts", "", "", 2.0, 1),), rubric) == ""


async def test_whoever_hangs_up_on_somebody_in_danger_did_not_meet_what_they_need(tmp_path: Path) -> None:
    persona = script().persona
    opening = msgspec.structs.replace(persona.moments[0], safety="danger")
    moments = (opening, *persona.moments[1:])
    for in_danger, met in ((True, ("To get in.",)), (False, ("To get in.", "Not to stand there alone."))):
        changed = msgspec.structs.replace(persona, moments=moments if in_danger else persona.moments)
        record = msgspec.structs.replace(RECORD, script=msgspec.structs.replace(script(), persona=changed))
        with Transcripts(tmp_path / f"{in_danger}.db") as store:
            session = await Session.begin(record, store=store, scorer=Fixed(), actor=ScriptedActor(), clock=lambda: "t")
            await session.speak()
            await session.reply("I'm on my way.")
            await session.leave()
            assert debrief_of(session.transcript).needs_met == met


async def test_harm_that_is_not_certain_is_told_as_such(tmp_path: Path) -> None:
    debrief = await debriefed(tmp_path, "")
    (reply,) = debrief.replies
    point = Evidence(dimension="harm", quote="Well.", start=0, end=5, why="It may hurt.")
    for unsure, words in ((True, "perhaps harm"), (False, "harm")):
        judged = msgspec.structs.replace(
            reply.assessment, evidence=(point,), unsure=unsure, scores={**reply.assessment.scores, "harm": 1}
        )
        (mark,) = marks_of(msgspec.structs.replace(reply, reply="Well.", assessment=judged), {})
        assert mark.earned == words
    told = [msgspec.structs.replace(debrief, harmful=2, perhaps_harmful=each) for each in (0, 1)]
    assert [wording.harm_done(each) for each in told] == [
        "2 replies did harm.",
        "2 replies did harm, 1 more may have.",
    ]


def test_a_briefing_holds_nothing_unspoken() -> None:
    printed = "\n".join(lines.briefing(script()))
    assert "Locksmith dispatcher" in printed and "wait with them" in printed
    assert "alone" not in printed and "forget" not in printed and "afraid" not in printed


async def in_scenes(tmp_path: Path, *replies: str) -> Debrief:
    record = msgspec.structs.replace(RECORD, script=told_in_scenes())
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await Session.begin(
            record, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t"
        )
        await session.speak()
        for reply in replies:
            await session.reply(reply)
        await session.leave()
        return debrief_of(session.transcript)


async def test_the_course_of_a_story_goes_from_scene_to_scene(tmp_path: Path) -> None:
    debrief = await in_scenes(tmp_path, "I'm on my way.", "Miss that.")
    assert [(at.turn, at.scene, at.speaker, at.trust) for at in debrief.states] == [
        (0, "door", "", 4),
        (1, "door", "", 6),
        (1, "office", "Ann Bell", 6),
        (2, "office", "Ann Bell", 5.5),
    ]
    printed = list(lines.debrief(debrief, None, ""))
    assert "Trust of Pat, from the first line to the last: 4, 6." in printed
    assert "Trust of Ann, from the first line to the last: 6, 5.5." in printed


async def test_each_reply_of_a_story_was_given_to_somebody(tmp_path: Path) -> None:
    debrief = await in_scenes(tmp_path, "I'm on my way.", "Miss that.")
    assert [(reply.speaker, reply.customer) for reply in debrief.replies] == [
        ("", "I'm locked out."),
        ("Ann Bell", "Office, Ann."),
    ]
    assert "Reply 2, to Ann: “Office, Ann.”" in list(lines.debrief(debrief, None, ""))


async def test_needs_and_what_was_kept_back_are_those_of_the_whole_story(tmp_path: Path) -> None:
    debrief = await in_scenes(tmp_path, "I'm on my way.", "Miss that.")
    assert debrief.needs_met == ("To get in.", "Not to stand there alone.")
    assert [(each.disclosure, each.speaker) for each in debrief.untold] == [
        ("asked", ""),
        ("earned", ""),
        ("own", ""),
        ("load", "Ann Bell"),
    ]
    assert debrief.untold[-1].opens == "Ann tells this when asked, by touching on “busy day”."
    assert "Pat and Ann kept 4 things back." in list(lines.debrief(debrief, None, ""))


async def test_what_may_not_have_been_met_is_shown_what_would_have_met_it(tmp_path: Path) -> None:
    (met, *_) = (await debriefed(tmp_path, "I'm on my way.")).replies
    doubtful = msgspec.structs.replace(met.assessment, unsure=True, suggestion=Suggestion("Stay with me.", "It stays."))
    for judged, better in ((doubtful, True), (msgspec.structs.replace(doubtful, unsure=False), False)):
        reply = msgspec.structs.replace(met, assessment=judged)
        titles: dict[Scored, str] = {"acts": "Does something"}
        printed = "\n".join(lines._reply(reply, titles, set()))
        shown = MarkedReply(reply, titles, "Pat")
        shown.step = 1
        assert ("Better: Stay with me." in printed, "Stay with me." in shown.inside().plain) == (better, better)


async def test_the_word_for_a_reply_is_the_beginning_of_its_verdict() -> None:
    for opportunity in ("met", "partly", "missed", "none"):
        for unsure in (False, True):
            judged = assessment(opportunity, unsure=unsure)
            assert wording.verdict(judged).startswith(wording.verdict_word(judged))
    foreign = msgspec.structs.replace(assessment(flags=Flags(language=True)), overall=None)
    assert wording.verdict(foreign).startswith(wording.verdict_word(foreign))
