"""What every front end shares: the calls of one trainee, begun, found again and gone on with."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.conversation.session import Session
from roleplay.errors import BadInput, NotFound, PersonaError
from roleplay.llm.choosing import Choice, Offer
from roleplay.llm.settings import EndpointSettings
from roleplay.practice.calls import Calls, new_seed, now
from roleplay.practice.debrief import debrief_of
from roleplay.store.transcripts import Transcripts

PAT = """\
name: Pat
title: A key
trainee: {role: clerk}
customer: {opening: I'm locked out., backstory: b}
needs: {key: {kind: spoken, need: A key.}}
"""


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "pat.yaml").write_text(PAT)
    with closing(calls_of(tmp_path)) as calls:
        yield calls


def calls_of(workspace: Path, trainee: str = "sam") -> Calls:
    return Calls(workspace / "personas", Transcripts(workspace / "transcripts" / "roleplay.db"), trainee, now)


async def begin(calls: Calls, *, exam: bool = False) -> Session:
    session = await calls.begin(calls.persona("pat"), exam=exam, seed="7")
    await session.speak()
    return session


def ident(session: Session) -> str:
    return session.transcript.session.id


async def test_a_call_is_kept_as_it_was_begun(calls: Calls) -> None:
    session = await begin(calls, exam=True)
    kept = calls.load(ident(session))
    assert kept == session.transcript
    head = kept.session
    assert (head.seed, head.exam, head.trainee, head.actor) == ("7", True, "sam", "scripted")
    assert head.script.persona.title == "A key"


async def test_a_call_goes_on_where_it_was_with_its_draft(calls: Calls, tmp_path: Path) -> None:
    session = await begin(calls)
    await session.reply("Which door is it?")
    calls.keep_draft(ident(session), "Are you")
    with closing(calls_of(tmp_path)) as again:
        (waiting,) = again.interrupted()
        resumed = await again.resume(waiting.id)
        assert (resumed.transcript, again.draft(waiting.id)) == (session.transcript, "Are you")
        await resumed.reply("Are you cold?")
        assert (len(again.load(waiting.id).replies), again.draft(waiting.id)) == (2, "")


async def test_a_reply_taken_back_goes_on_on_its_branch(calls: Calls) -> None:
    session = await begin(calls)
    await session.reply("You idiot.")
    assert session.can_try_again
    await session.try_again()
    resumed = await calls.resume(ident(session))
    assert resumed.transcript == session.transcript
    await resumed.reply("That sounds cold and lonely. Which door is it?")
    kept = calls.load(ident(session))
    assert ([each.text for each in kept.earlier], kept.branch) == (["You idiot."], 1)
    assert kept == resumed.transcript and calls.interrupted()[0].turns == 1


async def test_a_call_that_has_ended_is_not_gone_on_with(calls: Calls) -> None:
    session = await begin(calls)
    await session.leave()
    with pytest.raises(BadInput, match="has ended"):
        await calls.resume(ident(session))
    with pytest.raises(NotFound):
        await calls.resume("no-such-call")


async def test_the_gallery_has_what_came_of_this_trainees_calls(calls: Calls, tmp_path: Path) -> None:
    done, cut = await begin(calls), await begin(calls)
    await done.reply("That sounds cold and lonely. Which door is it?")
    await done.leave()
    (tmp_path / "personas" / "broken.yaml").write_text("name: x\n")
    gallery = calls.gallery()
    card = next(card for card in gallery.cards if card.id == "pat")
    assert card.calls == 1 and card.best == debrief_of(calls.load(ident(done))).score
    assert [each.id for each in gallery.interrupted] == [ident(cut)]
    assert gallery.cards[-1].id == "broken" and "stranded-driver" in {card.id for card in gallery.cards}
    with closing(calls_of(tmp_path, "kim")) as hers:
        gallery = hers.gallery()
    assert not gallery.interrupted and {card.calls for card in gallery.cards} == {0}


def test_the_gallery_follows_the_files(calls: Calls, tmp_path: Path) -> None:
    def titles() -> dict[str, str]:
        return {card.id: card.title for card in calls.gallery().cards}

    file = tmp_path / "personas" / "pat.yaml"
    assert titles()["pat"] == "A key"
    file.write_text(PAT.replace("A key", "A lock"))
    assert titles()["pat"] == "A lock"
    file.rename(file.with_name("tap.yaml"))
    assert "pat" not in titles() and titles()["tap"] == "A lock"
    file.with_name("tap.yaml").unlink()
    assert "tap" not in titles()


def test_files_that_were_not_changed_are_not_read_again(calls: Calls, tmp_path: Path) -> None:
    file = tmp_path / "personas" / "pat.yaml"
    before = calls.gallery()
    written = file.stat().st_mtime_ns
    file.write_text(PAT.replace("A key", "A cat"))
    os.utime(file, ns=(written, written))
    assert calls.gallery() == before


@pytest.mark.parametrize("left", [None, "name: Pat\n", "id: other\n" + PAT])
async def test_a_call_goes_on_though_the_file_of_its_persona_is_gone_or_changed(
    calls: Calls, tmp_path: Path, left: str | None
) -> None:
    session = await begin(calls)
    file = tmp_path / "personas" / "pat.yaml"
    file.unlink()
    if left is not None:
        file.write_text(left)
    assert [each.title for each in calls.gallery().interrupted] == ["A key"]
    resumed = await calls.resume(calls.interrupted()[0].id)
    await resumed.reply("Which door is it?")
    assert len(calls.load(ident(session)).replies) == 1


async def test_those_with_one_persona_are_found_by_its_name_or_its_file(calls: Calls, tmp_path: Path) -> None:
    session = await begin(calls)
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(f"id: pat\n{PAT}")
    for named in ("pat", str(elsewhere), "lost/pat.yaml"):
        assert [each.id for each in calls.interrupted_with(named)] == [ident(session)], named
    assert calls.interrupted_with("stranded-driver") == []


async def test_what_cannot_be_played_begins_no_call(calls: Calls, tmp_path: Path) -> None:
    (tmp_path / "personas" / "later.yaml").write_text(PAT + "visits: [{id: one}]\n")
    with pytest.raises(PersonaError, match="“opening” is missing"):
        await calls.begin(calls.persona("later"), exam=False, seed="1")
    with pytest.raises(NotFound, match="Did you mean pat"):
        calls.persona("patt")
    assert not (tmp_path / "transcripts").exists()


async def test_who_waits_for_another_program_is_told(calls: Calls, tmp_path: Path) -> None:
    session = await begin(calls)
    told: list[bool] = []
    with closing(sqlite3.connect(tmp_path / "transcripts" / "roleplay.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        calls.when_waiting(lambda: (told.append(True), other.execute("ROLLBACK"))[0])
        calls.keep_draft(ident(session), "x")
    assert told == [True] and calls.draft(ident(session)) == "x"


def test_nothing_that_plays_is_loaded_before_it_is_needed_and_warming_loads_it_all() -> None:
    code = (
        "import sys; from roleplay.practice import calls; "
        "heavy = ('msgspec', 'yaml', 'sqlite3', 'roleplay.scoring.offline.scorer', 'roleplay.conversation.session'); "
        "print(*(name in sys.modules for name in heavy)); calls.warm(); before = set(sys.modules); "
        "from roleplay.conversation.session import Session; "
        "from roleplay.scoring.offline.scorer import OfflineScorer; print(before == set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["False False False False False", "True"]


def test_seeds_are_unlike_each_other() -> None:
    assert len({new_seed() for _ in range(50)}) > 45


MODEL = EndpointSettings(base_url="http://127.0.0.1:9/v1", model="m", judge_model="m", call_limit=1_000)


@pytest.fixture
def with_model(calls: Calls) -> Calls:
    calls._choose = lambda: Choice("You agreed to it.", chosen=Offer("It", MODEL, "It answers."))
    return calls


async def test_what_is_chosen_later_leaves_a_call_that_was_begun_as_it_is(with_model: Calls) -> None:
    session = await begin(with_model)
    with_model._choose = None
    with_model.choose_again()
    meter = with_model.meter(session.transcript)
    assert meter
    assert meter.limit == 1_000
    with_model.lift_limit(session)
    lifted = with_model.meter(session.transcript)
    assert lifted
    assert lifted.limit == 2_000
    scripted = await begin(with_model)
    assert with_model.meter(scripted.transcript) is None
    assert (session.transcript.session.actor, scripted.transcript.session.actor) == ("m", "scripted")
    await with_model.aclose()


async def test_a_call_goes_on_with_a_model_only_if_it_was_begun_with_one(with_model: Calls) -> None:
    begun = await begin(with_model)
    assert with_model.meter((await with_model.resume(ident(begun))).transcript)
    with_model._choose = None
    with_model.choose_again()
    plain = await begin(with_model)
    with_model._choose = lambda: Choice("You agreed to it.", chosen=Offer("It", MODEL, "It answers."))
    with_model.choose_again()
    resumed = await with_model.resume(ident(plain))
    assert with_model.meter(resumed.transcript) is None
    await with_model.aclose()
