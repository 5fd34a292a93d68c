"""`roleplay doctor`, as somebody at a prompt meets it, against a server on a real socket."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
import pytest

from roleplay.cli.main import main
from tests.journeys.playing import environment
from tests.llm.strangers import looks_patiently as looks_patiently
from tests.llm.strangers import models, stranger
from tests.llm.stub import CANARY, Stub

pytestmark = pytest.mark.usefixtures("looks_patiently")

FORM = '{"car_stopped": true, "urgency": 2, "quote": "tow"}'

LOOKS_PATIENTLY = """
from roleplay.llm.looking import look_at
look_at.__defaults__ = (20.0,)
from roleplay.cli.main import main
main()
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """What was printed, as if lines had no end."""
        return " ".join(self.out.split())

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `roleplay doctor …` in an empty workspace, with nothing to be found but what a test adds."""
    for name in [name for name in os.environ if name.startswith(("ROLEPLAY", "OPENAI"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ROLEPLAY_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("ROLEPLAY_LOOK", "none")

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["roleplay", "doctor", "--workspace", str(tmp_path), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Result(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A good server, which is found by looking."""
    with Stub(lambda body: FORM if "response_format" in body else "Yes. I am behind the rail.") as server:
        server.models = ("llama3.1:8b",)
        monkeypatch.setenv("ROLEPLAY_LOOK", str(server.port))
        yield server


def row(result: Result, name: str) -> str:
    """What stands in the line of that name, and in the indented ones under it."""
    whole = result.out.replace("\n" + " " * 19, " ")
    found = [line.strip() for line in whole.splitlines() if line.strip().startswith(f"{name} ")]
    assert len(found) == 1, result.out
    return found[0].removeprefix(name).strip()


def test_with_nothing_there_the_scripted_customer_works(run: Run) -> None:
    result = run()
    assert result.code == 0
    assert result.said == ("The customer is scripted: there is no key, and no model server answers on this computer.")


def test_what_was_found_is_sent_nothing_before_it_was_agreed_to(run: Run, stub: Stub) -> None:
    result = run()
    assert (result.code, stub.requests, stub.looked) == (0, [], 1)
    assert "Shall its model llama3.1:8b play the customer" in result.said
    assert result.said.endswith("To agree, now and from now on: roleplay doctor --yes")


def test_agreed_to_it_is_tried_and_told_what_a_call_takes(run: Run, stub: Stub) -> None:
    result = run("--yes")
    assert result.code == 0, result.out
    assert row(result, "address") == f"{stub.address} (on this computer)"
    assert re.search(r"after \d\.\d\d s, .* streamed in \d pieces", row(result, "first word"))
    assert row(result, "it said") == "“Yes. I am behind the rail.”"
    assert row(result, "messages") == "accepted in the shape of a call"
    assert row(result, "JSON schema").startswith("kept, in ")
    assert row(result, "tokens") == "≈, by the length of a text: the encoding of this model is not known"
    assert "20 turns: ≈ " in row(result, "a call") and "runs on this computer" in row(result, "a call")
    assert "you agreed to it" in run().out


def test_the_tiny_call_has_the_shape_of_a_real_one(run: Run, stub: Stub) -> None:
    run("--yes")
    line, form = (request.body for request in stub.requests)
    assert [message["role"] for message in line["messages"]] == ["system", "user", "assistant", "user"]
    assert line["stream"] is True
    assert form["response_format"]["json_schema"]["strict"] is True
    assert form["response_format"]["json_schema"]["schema"]["additionalProperties"] is False


def test_the_answer_is_forgotten_on_demand(run: Run, stub: Stub) -> None:
    assert run("--forget").out == "There was nothing to forget.\n"
    run("--yes")
    assert run("--forget").out == "Forgot 1 answer.\n"
    assert "until you agree" in run().out


def test_a_program_gets_the_same_as_json(run: Run, stub: Stub) -> None:
    assert run("--json").data["offer"]["model"] == "llama3.1:8b"
    data = run("--json", "--yes").data
    assert (data["actor"], data["works"], data["offer"]) == ("llm", True, None)
    assert data["probe"]["pieces"] > 1 and data["probe"]["schema"] == {"kept": True, "wrong": None}
    assert data["estimate"]["requests"] == 60 and data["estimate"]["cost"] is None
    assert data["servers"][0]["models"] == ["llama3.1:8b"]


def test_a_price_makes_the_estimate_money(run: Run, stub: Stub, tmp_path: Path) -> None:
    (tmp_path / "roleplay.toml").write_text('[price]\nsent = 0.4\ncached = 0.1\nreceived = 1.6\ncurrency = "EUR"\n')
    data = run("--json", "--yes").data["estimate"]
    fresh = data["sent"] - data["cached"]
    assert data["currency"] == "EUR"
    assert data["cost"] == pytest.approx((fresh * 0.4 + data["cached"] * 0.1 + data["received"] * 1.6) / 1e6, abs=1e-6)
    assert row(run(), "a call").endswith(" EUR")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("I would rather not.", "no: its answer is no JSON"),
        ('{"car_stopped": true, "urgency": 7, "quote": ""}', "no: its answer has other fields or values"),
        ('{"car_stopped": true, "urgency": 1, "quote": "", "more": 1}', "no: its answer has other fields or values"),
    ],
)
def test_a_server_that_ignores_the_schema_is_found_out(answer: str, says: str, run: Run, stub: Stub) -> None:
    stub.answer = answer
    assert row(run("--yes"), "JSON schema") == f"{says}, so replies would not be judged"


@pytest.mark.parametrize("fault", ["refused", "401", "404 model", "500"])
def test_a_configured_endpoint_that_does_not_work_is_named_and_fails(
    fault: str, run: Run, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLEPLAY_API_KEY", CANARY)
    address = stub.address
    if fault == "refused":
        address = "http://127.0.0.1:9/v1"
    elif fault == "401":
        stub.key = "another"
    elif fault == "404 model":
        stub.models = ("other",)
    else:
        stub.script = ["500"]
    result = run("--base-url", address, "--model", "llama3.1:8b")
    names = {"refused": "unreachable", "401": "key refused", "404 model": "no model", "500": "server fault"}
    assert result.code == 1
    assert row(result, "trouble").startswith(f"{names[fault]}: ")
    assert row(result, "key") == "set, from ROLEPLAY_API_KEY"
    assert CANARY not in result.out + result.err
    assert "roleplay doctor" not in row(result, "trouble")


def test_what_a_file_of_a_workspace_names_is_asked_for_with_all_that_it_means(
    run: Run, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.models = ("llama3.1:8b", "gpt-oss:120b-cloud")
    monkeypatch.setenv("ROLEPLAY_API_KEY", CANARY)
    toml = f'base_url = "{stub.address}"\nmodel = "llama3.1:8b"\njudge_model = "gpt-oss:120b-cloud"\n'
    (tmp_path / "roleplay.toml").write_text(toml)
    result = run()
    assert (result.code, stub.requests) == (0, [])
    assert "and gpt-oss:120b-cloud judge your replies?" in result.said
    assert "to where gpt-oss:120b-cloud runs, with the key in ROLEPLAY_API_KEY" in result.said
    agreed = run("--yes")
    assert row(agreed, "address") == f"{stub.address} (what you say is sent on from it)"
    assert "you agreed to it" in run().out


def test_a_model_that_is_asked_for_and_not_there_fails(run: Run, stub: Stub) -> None:
    result = run("--model", "gemma3:4b")
    assert (result.code, stub.requests) == (1, [])
    assert "the one model on this computer is not gemma3:4b" in result.out


def test_a_key_that_would_travel_unencrypted_is_warned_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLEPLAY_API_KEY", CANARY)
    monkeypatch.setenv("ROLEPLAY_BASE_URL", "http://0.0.0.0:9/v1")
    result = run("--model", "m")
    assert "Warning: it is sent unencrypted, and others on the way to 0.0.0.0:9 can read it." in result.said


def test_what_listens_and_is_no_model_server_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with stranger(b"HTTP/1.0 200 OK\r\n\r\n<html>") as blog, stranger(models("a", "b", "c", "d", "e", "f")) as server:
        monkeypatch.setenv("ROLEPLAY_LOOK", f"{blog.port},{server.port}")
        out = run().out
    assert f"127.0.0.1:{blog.port}" in out and "answers, and is no model server" in out
    assert "6 models: a, b, c, d and 2 more" in out


def test_an_unreadable_setting_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "roleplay.toml").write_text('api_key = "sk-canary"\n')
    result = run()
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"Error: {tmp_path}/roleplay.toml:1:1: “api_key” does not belong into a file")
    assert "sk-canary" not in result.err


def test_at_a_terminal_it_asks_and_never_means_never(stub: Stub, tmp_path: Path) -> None:
    settings = environment(ROLEPLAY_LOOK=str(stub.port), ROLEPLAY_CONFIG_DIR=str(tmp_path / "config"))
    settings.pop("OPENAI_API_KEY", None)
    arguments = ["-c", LOOKS_PATIENTLY, "doctor", "--workspace", str(tmp_path)]

    def ask() -> pexpect.spawn[bytes]:
        return pexpect.spawn(sys.executable, arguments, env=settings, timeout=20, dimensions=(40, 160))

    asked = ask()
    asked.expect_exact("(yes, no, never) [no]")
    asked.sendline("never")
    asked.expect_exact("you declined")
    asked.expect(pexpect.EOF)
    again = ask()
    again.expect_exact("you declined what is there")
    again.expect(pexpect.EOF)
    assert stub.requests == []


def test_ctrl_c_ends_it_at_once(stub: Stub, tmp_path: Path) -> None:
    stub.script = lambda request: "headers only"
    settings = environment(ROLEPLAY_LOOK="none", ROLEPLAY_BASE_URL=stub.address, ROLEPLAY_MODEL="llama3.1:8b")
    command = [sys.executable, "-m", "roleplay", "doctor", "--workspace", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=settings) as doctor:
        until = time.monotonic() + 20
        while not stub.requests and time.monotonic() < until:
            time.sleep(0.01)
        doctor.send_signal(signal.SIGINT)
        _, told = doctor.communicate(timeout=30)
    assert (doctor.returncode, told.decode().splitlines()[-1]) == (130, "Stopped.")
