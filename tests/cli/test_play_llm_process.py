"""The real program with a language model, in a process and at a terminal of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.cli.llm_calls import REPLY, meets, obedient
from tests.journeys.playing import command, environment
from tests.llm.stub import CANARY, Stub


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub(obedient) as running:
        yield running


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which everything that is written lies below `folder`, and with the development mode on."""
    places = {name: str(folder / name) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    own = {"ROLEPLAY_CONFIG_DIR": str(folder / "config"), "ROLEPLAY_API_KEY": CANARY, "PYTHONDEVMODE": "1"}
    return environment(**places, **own, **more)


def to(stub: Stub, workspace: Path) -> list[str]:
    return [*command()[1:], "--workspace", str(workspace), "--base-url", stub.address, "--model", "stub"]


def test_the_key_is_nowhere_though_the_server_echoes_it(stub: Stub, tmp_path: Path) -> None:
    stub.script = meets(["echo of the key"] * 2, judge="echo of the key")
    played = subprocess.run(
        [sys.executable, *to(stub, tmp_path)],
        input=f"{REPLY}\n/gesture {CANARY[:9]}\n".encode(),
        capture_output=True,
        env=surroundings(tmp_path),
        timeout=60,
    )
    assert played.returncode == 0 and b"has a fault of its own" in played.stderr
    assert {request.headers["authorization"] for request in stub.requests} == {f"Bearer {CANARY}"}
    assert b"Debrief." in played.stdout and b"Traceback" not in played.stderr and b"destroyed" not in played.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "roleplay.db" for path in written)
    for left_behind in (played.stdout, played.stderr, *(path.read_bytes() for path in written)):
        assert CANARY[3:].encode() not in left_behind


def test_a_pipe_with_a_model_prints_one_object(stub: Stub, tmp_path: Path) -> None:
    played = subprocess.run(
        [sys.executable, *to(stub, tmp_path), "--json"],
        input=f"{REPLY}\n{REPLY}\n".encode(),
        capture_output=True,
        env=surroundings(tmp_path),
        timeout=60,
    )
    call = json.loads(played.stdout)
    assert [each["voice"] for each in call["messages"] if each["role"] == "customer"] == ["scripted", "llm", "llm"]
    assert all(each["judged"] for each in call["debrief"]["replies"])
    assert b"Warning" not in played.stderr


def test_at_a_terminal_trouble_is_chosen_out_of_and_ctrl_c_leaves_cleanly(stub: Stub, tmp_path: Path) -> None:
    stub.script = meets(["500", None, "slow headers"], judge="slow headers")
    arguments = to(stub, tmp_path)
    call = pexpect.spawn(
        sys.executable, arguments, env=surroundings(tmp_path, TERM="dumb"), encoding="utf-8", timeout=20
    )
    call.expect("stub judges your replies.")
    call.expect("Press Enter to take the call. ")
    call.sendline("")
    call.expect("You: ")
    call.sendline(REPLY)
    call.expect("1  try again\r\n  2  go on with the scripted customer\r\n  3  save the call and leave\r\n")
    call.expect("1 to 3, or Enter for 1: ")
    call.sendline("")
    call.expect("Customer: .*You: ")
    call.sendline(REPLY)
    call.expect("The customer is thinking …")
    call.sendintr()
    call.expect("everything sent is saved. Go on with it: roleplay play stranded-driver --resume .*--model stub")
    call.expect(pexpect.EOF)
    assert "destroyed" not in call.before and "Warning" not in call.before and "Traceback" not in call.before
    call.close()
    assert call.exitstatus == 130
