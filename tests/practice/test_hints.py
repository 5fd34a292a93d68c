"""A hint asks about what is missing, gives nothing away, and after that shows a worked reply of this moment."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from roleplay.conversation.session import Session
from roleplay.persona.fields import DIMENSIONS, Boundary, Safety
from roleplay.persona.leaks import gives_away
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.practice import hints
from roleplay.practice.calls import Calls, now
from roleplay.practice.hints import hint
from roleplay.store.transcripts import Transcripts
from tests.tui.stage import pat

BETTER = ({"reply": "I'm coming, stay by the lamp.", "why": "It acts."}, {"reply": "Ten minutes.", "why": "True."})

BLAND = (
    "I see, that does not sound easy. What happened then?",
    "I'm sorry about that. I'm here with you, and I will look after it now.",
    "What would help you most at this moment?",
    "I'm doing that right now, and I'll tell you as soon as it is done.",
) * 4


async def called(folder: Path, *replies: str, **changes: object) -> Session:
    """A call in which Pat was told `replies`, one moment only."""
    moment = {"id": "opening", "says": "I'm locked out.", "feeling": "cold", "unspoken": "company", "better": BETTER}
    persona = pat(moments=[{**moment, **changes}], disclosures=[], endings=[])
    session = await Calls(folder, Transcripts(folder / "roleplay.db"), "Sam", now).begin(persona, exam=False, seed="1")
    await session.speak()
    for reply in replies:
        await session.reply(reply)
    session._store.close()
    return session


async def test_before_any_reply_it_asks_about_what_weighs_most(tmp_path: Path) -> None:
    assert hint(await called(tmp_path)).question in hints._FIRST["reaches_unspoken"]


async def test_it_asks_only_about_what_the_moment_calls_for(tmp_path: Path) -> None:
    only = {"explores": False, "acts": False}
    session = await called(tmp_path, unspoken=None, calls_for=only)
    assert hint(session).question in hints._FIRST["acknowledges_feeling"]


async def test_after_a_reply_it_asks_about_what_that_lacked_most(tmp_path: Path) -> None:
    session = await called(tmp_path, "I'm on my way to you now, and I'm staying on the line until I am there.")
    scores = session.transcript.replies[-1].assessment.scores
    weights = session.transcript.session.script.rubric.weights
    called_for = [each for each in DIMENSIONS if scores[each] is not None]
    most = max(called_for, key=lambda each: weights[each] * (2 - (scores[each] or 0)))
    assert hint(session).question in (*hints._AGAIN[most], *hints._FIRST[most])


async def test_asking_twice_gives_the_same(tmp_path: Path) -> None:
    session = await called(tmp_path)
    assert hint(session) == hint(session)


@pytest.mark.parametrize("field", ["safety", "boundary"])
async def test_safety_and_boundaries_come_first(tmp_path: Path, field: str) -> None:
    value = {"safety": "danger", "boundary": "gift"}[field]
    table = {"safety": hints._SAFETY, "boundary": hints._BOUNDARY}[field]
    assert hint(await called(tmp_path, **{field: value})).question == table[value]


async def test_the_worked_reply_is_one_of_this_moment_with_its_reason(tmp_path: Path) -> None:
    worked = hint(await called(tmp_path)).worked
    assert worked and (worked.reply, worked.why) == (BETTER[0]["reply"], BETTER[0]["why"])


async def test_without_a_worked_reply_there_is_only_the_question(tmp_path: Path) -> None:
    assert hint(await called(tmp_path, better=[])).worked is None


def test_every_dimension_danger_and_boundary_has_its_questions() -> None:
    assert set(hints._FIRST) == set(hints._AGAIN) == set(DIMENSIONS)
    assert set(hints._SAFETY) == {*get_args(Safety)} - {"none"}
    assert set(hints._BOUNDARY) == {*get_args(Boundary)} - {"none"}


def test_every_question_asks_and_is_short() -> None:
    tables = (*hints._FIRST.values(), *hints._AGAIN.values())
    for question in (*(each for table in tables for each in table), *hints._SAFETY.values(), *hints._BOUNDARY.values()):
        assert "?" in question and len(question) <= 140, question


@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.yaml")), ids=lambda path: path.stem)
async def test_no_hint_in_a_whole_call_gives_away_what_was_not_told_yet(path: Path, tmp_path: Path) -> None:
    persona = load_persona(path)
    session = await Calls(tmp_path, Transcripts(tmp_path / "r.db"), "Sam", now).begin(persona, exam=False, seed="7")
    await session.speak()
    asked = 0
    for reply in BLAND:
        given = hint(session)
        shown = f"{given.question} {given.worked.reply if given.worked else ''}"
        for untold in (each for each in persona.disclosures if each.id not in session.state.disclosed):
            assert not gives_away(shown, untold.gives_away), (shown, untold.id)
        asked += 1
        await session.reply(reply)
        if session.ended:
            break
    assert asked > 3
    session._store.close()
