"""Who plays the customer: said before a call in plain mode, offered where it was found, settled where it is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roleplay.cli.customer import settle_customer
from roleplay.cli.desk import Paused
from roleplay.cli.main import roleplay
from roleplay.cli.replies import Replies
from roleplay.errors import BadInput
from roleplay.llm.choosing import choose
from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts
from tests.cli.llm_calls import REPLY, Typist, approving, calls_at, obedient, piped, play
from tests.llm.strangers import Stranger, models, stranger
from tests.llm.strangers import looks_patiently as looks_patiently
from tests.llm.stub import Stub

pytestmark = pytest.mark.usefixtures("looks_patiently")


@pytest.fixture(autouse=True)
def nothing_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ROLEPLAY_API_KEY", "ROLEPLAY_MODEL", "ROLEPLAY_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROLEPLAY_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("ROLEPLAY_LOOK", "none")


@pytest.fixture
def server() -> Iterator[Stranger]:
    with stranger(models("qwen3:4b")) as there:
        yield there


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with Stub(obedient) as running:
        yield running


def calls_that_look(folder: Path, *ports: int) -> Calls:
    """The calls of a workspace in which these ports are looked at."""
    environment = {"ROLEPLAY_LOOK": ",".join(map(str, ports)) or "none"}
    return Calls(
        folder, Transcripts(folder / "roleplay.db"), "Sam", now, choose=lambda: choose(folder, environment=environment)
    )


def said(calls: Calls, replies: Replies, capsys: pytest.CaptureFixture[str], begun: str | None = None) -> str:
    assert settle_customer(calls, replies, begun=begun, scripted=False)
    return capsys.readouterr().err


def test_that_the_customer_is_scripted_is_said_with_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(calls_that_look(tmp_path), Typist(), capsys)
    assert told == "The customer is scripted: there is no key, and no model server answers on this computer.\n"


def test_what_was_found_is_offered_at_a_terminal_and_plays_from_a_yes_on(
    server: Stranger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typist = Typist(answers={"A server answers": "y"})
    told = said(calls_that_look(tmp_path, server.port), typist, capsys)
    [question] = typist.asked
    assert question.endswith("What you say stays on this computer. [y/N/never] ")
    assert "qwen3:4b" in told and "plays the customer: you agreed to it. qwen3:4b judges your replies." in told
    again = Typist()
    assert "you agreed to it" in said(calls_that_look(tmp_path, server.port), again, capsys)
    assert again.asked == []


def test_no_is_for_now_and_never_is_for_good(
    server: Stranger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for answer, asked in (("", 1), ("n", 1), ("never", 1), ("y", 0)):
        typist = Typist(answers={"A server answers": answer})
        assert "The customer is scripted" in said(calls_that_look(tmp_path, server.port), typist, capsys)
        assert len(typist.asked) == asked


def test_in_a_pipe_nothing_is_asked_and_one_line_says_how_to_use_what_was_found(
    server: Stranger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(calls_that_look(tmp_path, server.port), piped(), capsys)
    assert told.count("\n") == 1 and told.startswith("The customer is scripted until you agree to")
    assert f"add --base-url {server.address}, or agree once and for all: roleplay doctor --yes" in told


def cut_short(folder: Path, stub: Stub) -> str:
    """The id of a call that was begun with a model and cut short."""
    calls = calls_at(folder, stub)
    with pytest.raises(Paused):
        play(calls, Typist(REPLY, "/pause"))
    [waiting] = calls.interrupted()
    return waiting.id


def test_a_call_whose_model_is_gone_goes_on_scripted_only_when_that_is_wanted(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = cut_short(tmp_path, stub)
    calls = calls_that_look(tmp_path)
    no, yes = Typist(), Typist(answers={"This call was begun with": "y"})
    assert not settle_customer(calls, no, begun=begun, scripted=False)
    assert no.asked[0].startswith("This call was begun with the language model stub. The customer is scripted: there")
    assert "Nothing was changed." in capsys.readouterr().err
    assert settle_customer(calls, yes, begun=begun, scripted=False)
    assert settle_customer(calls, Typist(), begun=begun, scripted=True)
    assert "This call was begun with the language model stub." in said(calls, piped(), capsys, begun)
    session = play(calls, piped(REPLY), resume=begun)
    assert [line.voiced.voice for line in session.transcript.lines] == ["scripted", "llm", "scripted"]


def test_a_scripted_call_stays_scripted_though_there_is_a_model_now(
    server: Stranger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = calls_that_look(tmp_path)
    with pytest.raises(Paused):
        play(calls, Typist("/pause"))
    [waiting] = calls.interrupted()
    typist = Typist()
    told = said(calls_that_look(tmp_path, server.port), typist, capsys, waiting.id)
    assert told == "This call was begun with the scripted customer, and goes on with it.\n" and typist.asked == []


# The options


def run(workspace: Path, *options: str, given: str = f"{REPLY}\n") -> Result:
    arguments = ["play", "stranded-driver", "--workspace", str(workspace), "--seed", "3", *options]
    return CliRunner().invoke(roleplay, arguments, input=given)


def test_a_named_endpoint_plays_and_judges(stub: Stub, tmp_path: Path) -> None:
    stub.requests.clear()
    played = run(tmp_path, "--base-url", stub.address, "--model", "big", "--judge-model", "small")
    assert played.exit_code == 0
    assert "big at 127.0.0.1" in played.stderr and "small judges your replies." in played.stderr
    assert {request.body["model"] for request in stub.requests} == {"big", "small"}
    none = run(tmp_path, "--base-url", stub.address, "--model", "big", "--judge-model", "none", "--new")
    assert "No model judges your replies." in none.stderr


def test_the_options_may_stand_before_the_command(stub: Stub, tmp_path: Path) -> None:
    arguments = ["--base-url", stub.address, "--model", "big", "play", "stranded-driver", "--workspace", str(tmp_path)]
    assert "big at 127.0.0.1" in CliRunner().invoke(roleplay, arguments, input="").stderr


def test_a_model_that_was_asked_for_and_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    refused = run(tmp_path, "--actor", "llm")
    assert isinstance(refused.exception, BadInput) and "--base-url URL --model NAME" in str(refused.exception)
    assert run(tmp_path, "--actor", "scripted").exit_code == 0


# As data


def test_json_says_how_each_line_came_about_what_the_judge_found_and_that_it_is_not_the_same_again(
    stub: Stub, tmp_path: Path
) -> None:
    stub.answer = approving
    played = json.loads(run(tmp_path, "--base-url", stub.address, "--model", "big", "--json").stdout)
    opening, trainee, line = played["messages"]
    assert (opening["voice"], line["voice"], line["model"], line["faults"]) == ("scripted", "llm", "big", [])
    assert trainee["verdict"]["standing"] == played["debrief"]["replies"][0]["judged"] == "verified"
    assert played["meta"]["repeatable"] is False and played["meta"]["usage"]["requests"] == 3
    scripted = json.loads(run(tmp_path, "--actor", "scripted", "--new", "--json").stdout)
    assert scripted["meta"]["repeatable"] is True and scripted["messages"][1]["verdict"] is None


def test_a_saved_call_shows_voices_and_verdicts_as_data_and_no_verdict_before_its_end(
    stub: Stub, tmp_path: Path
) -> None:
    stub.answer = approving
    stub.requests.clear()
    folder = tmp_path / "transcripts"
    folder.mkdir()
    begun = cut_short(folder, stub)
    show = ["transcripts", "show", begun, "--json", "--workspace", str(tmp_path)]
    before = json.loads(CliRunner().invoke(roleplay, show).stdout)
    assert "verdicts" not in before and before["lines"][1]["voiced"].keys() == {"voice", "model", "usage"}
    play(calls_at(folder, stub, judge_model="judge"), piped(REPLY), resume=begun)
    after = json.loads(CliRunner().invoke(roleplay, show).stdout)
    assert after["lines"][1]["voiced"]["voice"] == "llm" and after["lines"][1]["voiced"]["faults"] == []
    assert {each["verdict"]["standing"] for each in after["verdicts"]} == {"verified"}
    assert after["usage"]["requests"] == len(stub.requests)
