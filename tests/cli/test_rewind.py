"""`roleplay rewind` and `roleplay transcripts compare`: what is listed, played on in lines and compared, and errors."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pexpect
import pytest

from roleplay.cli.common import say
from roleplay.cli.desk import Desk
from roleplay.cli.plain_try import PlainTry
from roleplay.conversation.session import Session
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.cli.llm_calls import REPLY, approving, calls_at, obedient, piped
from tests.cli.llm_calls import play as play_llm
from tests.journeys.playing import environment, play, saved_as, typed
from tests.llm.stub import Stub
from tests.practice.tried import BETTER, COLD, REPLIES
from tests.program import PROGRAM, Ran, run


@pytest.fixture(scope="module")
def played_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace with a call that has ended, and the id of that."""
    workspace = tmp_path_factory.mktemp("played")
    return workspace, saved_as(play(workspace, typed(REPLIES), "--seed", "7"))


@pytest.fixture
def ended(played_once: tuple[Path, str], tmp_path: Path) -> str:
    """The id of that call, in a workspace of this test."""
    shutil.copytree(played_once[0], tmp_path, dirs_exist_ok=True)
    return played_once[1]


def rewind(workspace: Path, *words: str, given: bytes = b"") -> Ran:
    return run("rewind", *words, "--workspace", str(workspace), "--trainee", "Sam", given=given)


def compare(workspace: Path, *words: str) -> Ran:
    return run("transcripts", "compare", *words, "--workspace", str(workspace))


def test_the_turns_are_listed_with_how_they_were_heard_and_then_the_tries(ended: str, tmp_path: Path) -> None:
    before = rewind(tmp_path, ended[:6]).stdout.decode()
    assert re.findall(r"Turn (\d), (\w+)", before) == [("1", "Missed"), ("2", "Met"), ("3", "Missed")]
    assert f"roleplay rewind {ended} TURN" in before and "Try" not in before and "--resume" not in before
    rewind(tmp_path, ended, "2", given=typed([BETTER]))
    after = rewind(tmp_path, ended).stdout.decode()
    assert "Try 1, from turn 2, 1 reply, waits." in after and "--resume" in after
    assert re.findall(r"Turn (\d), .*?“(.{6})", rewind(tmp_path, ended, "--branch", "1").stdout.decode()) == [
        ("1", REPLIES[0][:6]),
        ("2", BETTER[:6]),
    ]


def test_a_try_is_played_on_in_lines_compared_on_the_way_and_at_the_end(ended: str, tmp_path: Path) -> None:
    before = run("transcripts", "list", "--workspace", str(tmp_path)).stdout
    played = rewind(tmp_path, ended, "1", given=typed([BETTER, "/compare", "I stay on the line with you.", "/stop"]))
    shown = played.stdout.decode().splitlines()
    assert played.returncode == 0
    assert shown[:2] == ["Answering again from turn 1, practice: the first path stays your result.", "The call so far:"]
    assert shown[2].startswith("Customer: Hi. Yeah, I need a tow.") and shown[3] == f"You: {BETTER}"
    assert shown[4].startswith("Heard: Met")
    sentences = [line for line in shown if re.match(r"After \d repl(y|ies) each: ", line)]
    assert [line[:7] for line in sentences] == ["After 1", "After 2"]
    assert shown.count("The first path stays the result of this call; a try is practice and counts nowhere.") == 2
    assert shown[-1] == "Try 1 waits: it can be gone on with."
    assert "--resume --branch 1" in played.stderr.decode()
    assert run("transcripts", "list", "--workspace", str(tmp_path)).stdout == before


def test_a_try_is_gone_on_with_to_its_own_end(ended: str, tmp_path: Path) -> None:
    rewind(tmp_path, ended, "2", given=typed([COLD]))
    resumed = rewind(tmp_path, ended, "--resume", given=typed([COLD] * 12))
    shown = resumed.stdout.decode()
    assert shown.startswith("Answering again from turn 2, practice")
    assert "It went no better on try 1: trust was" in shown and "Debrief" not in shown
    assert rewind(tmp_path, ended, "--resume").stderr.decode().startswith("Error: No try of this call waits.")
    told = run("transcripts", "show", ended, "--workspace", str(tmp_path)).stdout.decode()
    assert re.search(r"\nTry 1, from turn 2, \d+ replies, ended badly\.\n", told)
    data = json.loads(run("transcripts", "show", ended, "--json", "--workspace", str(tmp_path)).stdout)
    assert [(each["branch"], each["shared"], each["outcome"]) for each in data["tries"]] == [(1, 1, "bad")]
    assert verify(tmp_path / "transcripts" / "roleplay.db").fine


def test_tries_are_compared_by_their_numbers_and_as_data(ended: str, tmp_path: Path) -> None:
    rewind(tmp_path, ended, "1", given=typed([BETTER]))
    rewind(tmp_path, ended, "1", given=typed([COLD]))
    newest, first, both = compare(tmp_path, ended), compare(tmp_path, ended, "1"), compare(tmp_path, ended, "1", "2")
    heads = [each.stdout.decode().splitlines()[0] for each in (newest, first, both)]
    assert heads == [
        "Your first path and try 2, from turn 1.",
        "Your first path and try 1, from turn 1.",
        "Try 1 and try 2, from turn 1.",
    ]
    told = both.stdout.decode()
    assert "it went no better on try 2: trust was" in told and "Told only on try 1: " in told
    data = json.loads(compare(tmp_path, ended, "1", "2", "--json").stdout)
    assert [side["branch"] for side in data["sides"]] == [1, 2] and data["sentence"] in told


WRONG = {
    "9": "There is no turn 9 to answer again. It has turns 1 to 3.",
    "0": "There is no turn 0",
    "1 --branch 4": "There is no try 4 of this call. It was not answered again yet.",
    "--branch 4": "There is no try 4",
    "1 --resume": "A try goes on where it waits.",
    "--resume": "No try of this call waits.",
    "one": "not a valid integer",
}


def test_what_there_is_not_is_said_in_a_sentence(ended: str, tmp_path: Path) -> None:
    for words, says in WRONG.items():
        told = rewind(tmp_path, ended, *words.split())
        assert told.returncode in (1, 2) and told.stdout == b"", words
        assert says in told.stderr.decode() and "Traceback" not in told.stderr.decode()


def test_what_cannot_be_compared_or_answered_again_is_said_too(ended: str, tmp_path: Path) -> None:
    assert "was not answered again yet" in compare(tmp_path, ended).stderr.decode()
    rewind(tmp_path, ended, "1", given=typed([BETTER]))
    assert "the same path" in compare(tmp_path, ended, "1", "1").stderr.decode()
    assert "no try 3 of this call. It has try 1." in compare(tmp_path, ended, "3").stderr.decode()
    waits = saved_as(play(tmp_path, b"Hello.\n/pause\n", "--new"))
    for words in ([waits], [waits, "1"]):
        assert "This call has not ended." in rewind(tmp_path, *words).stderr.decode()
    assert "There is no transcript" in rewind(tmp_path, "zzzzzz").stderr.decode()


def test_only_who_took_a_call_answers_it_again(ended: str, tmp_path: Path) -> None:
    told = run("rewind", ended, "1", "--workspace", str(tmp_path), "--trainee", "Bo", given=typed([BETTER]))
    assert told.returncode == 2 and "This is a call of “Sam”, and you are “Bo”." in told.stderr.decode()
    assert "Try" not in rewind(tmp_path, ended).stdout.decode()


def test_ctrl_c_names_the_try_that_was_gone_on_with_and_not_a_later_one(ended: str, tmp_path: Path) -> None:
    for turn in ("1", "2"):
        rewind(tmp_path, ended, turn, given=typed([BETTER]))
    words = [*PROGRAM, "rewind", ended, "--resume", "--branch", "1", "--plain", "--workspace", str(tmp_path)]
    terminal = pexpect.spawn(
        words[0], [*words[1:], "--trainee", "Sam"], env=environment(TERM="xterm"), encoding="utf-8", timeout=20
    )
    terminal.expect("You: ")
    terminal.expect("You: $")
    terminal.sendintr()
    terminal.expect(r"Go on with it: (roleplay rewind [^\r]+(?:\r\n[^\r]+)?)")
    assert "--resume --branch 1 --plain" in terminal.match.group(1)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130


def test_an_exam_is_answered_again_with_coaching_and_a_reply_can_be_taken_back(tmp_path: Path) -> None:
    ident = saved_as(play(tmp_path, typed(REPLIES), "--seed", "7", "--exam"))
    shown = rewind(tmp_path, ident, "2", given=typed([COLD, "/again", BETTER, "/help"])).stdout.decode()
    assert shown.count("Heard: ") == 2 and "Answer this again:" in shown
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        assert [(each.branch, each.parent, each.own) for each in store.tries(ident)] == [
            (0, None, 3),
            (1, 0, 1),
            (2, 1, 1),
        ]
        assert store.load(ident).replies[0].text == REPLIES[0]


def test_a_language_model_takes_part_only_if_the_call_was_begun_with_it(
    played_once: tuple[Path, str], tmp_path: Path
) -> None:
    """Its verdicts on a try are kept and shown, and nothing in the list of calls changes by them."""
    with Stub(obedient) as stub:
        calls = calls_at(tmp_path, stub, judge_model="stub")
        first = play_llm(calls, piped("Hello.", "Where are you?")).transcript
        score, asked = calls.store.score(first.session.id), len(stub.requests)
        stub.answer = approving
        calls = calls_at(tmp_path, stub, judge_model="stub")
        desk = Desk(piped(REPLY))

        async def again() -> Session:
            session = await calls.rewind(first.session.id, 2)
            await PlainTry(session, calls, desk, coached=True, out=say).play(resumed=False)
            return session

        session = desk.run(again, calls.aclose)
        bodies = [request.body for request in stub.requests[asked:]]
        assert any(body.get("stream") for body in bodies)
        asked_about = [body for body in bodies if not body.get("stream")]
        assert asked_about and all(REPLY in json.dumps(body) for body in asked_about)
        told = calls.load(first.session.id, session.transcript.branch)
        assert {each.place for each in told.verdicts if each.place[0]} == {(1, 2)}
        assert calls.load(first.session.id).verdicts == first.verdicts
        assert calls.store.score(first.session.id) == score
        stub.requests.clear()
        scripted = played_once[1]
        shutil.copytree(played_once[0] / "transcripts", tmp_path / "other")
        other = calls_at(tmp_path / "other", stub, judge_model="stub")

        async def alone() -> Session:
            session = await other.rewind(scripted, 2)
            await PlainTry(session, other, desk, coached=True, out=say).play(resumed=False)
            return session

        desk = Desk(piped(BETTER))
        desk.run(alone, other.aclose)
        assert not stub.requests
