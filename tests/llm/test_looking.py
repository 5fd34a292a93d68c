"""Looking for model servers on this computer: quick, with one harmless question, whatever it is that answers."""

from __future__ import annotations

import socket
import time

import pytest

from roleplay.llm.looking import Model, Server, look_at
from tests.llm.strangers import PATIENCE, Manner, models, ok, stranger


def seen(manner: Manner | bytes, deadline: float = PATIENCE) -> Server:
    with stranger(manner) as there:
        return look_at([there.address], deadline)[0]


def test_a_server_is_found_with_its_models() -> None:
    found = seen(models("llama3.1:8b", "qwen3:4b"))
    assert (found.answer, found.models) == ("models", (Model("llama3.1:8b"), Model("qwen3:4b")))


@pytest.mark.parametrize(
    ("facts", "name", "context"),
    [
        ({"owned_by": "vllm", "max_model_len": 16384}, "vLLM", 16384),
        ({"owned_by": "llamacpp", "meta": {"n_ctx": 4096, "n_ctx_train": 131072}}, "llama.cpp", 4096),
        ({"owned_by": "llamacpp", "meta": {"n_ctx_train": 131072}}, "llama.cpp", None),
        ({"owned_by": "library"}, "Ollama", None),
        ({"owned_by": "somebody", "max_model_len": -5}, "A server", None),
    ],
)
def test_it_says_who_it_is_and_how_much_fits(facts: dict[str, object], name: str, context: int | None) -> None:
    found = seen(models("m", **facts))
    assert (found.name, found.models) == (name, (Model("m", context),))


def test_what_cannot_hold_a_conversation_here_is_not_chosen() -> None:
    found = seen(models("nomic-embed-text", "bge-m3", "whisper-1", "gpt-oss:120b-cloud", "gemma3:4b"))
    assert found.choice() == Model("gemma3:4b")
    assert seen(models("nomic-embed-text")).choice() is None


def test_a_server_without_models_has_nothing_to_choose() -> None:
    found = seen(ok({"object": "list", "data": None}))
    assert (found.answer, found.models, found.choice()) == ("models", (), None)


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"<html>my blog</html>"),
        ok({"data": "none"}),
        ok({"data": [{"name": "no id"}]}),
        ok({"data": []}),
        ok([{"id": "m"}]),
        ok(b'{"object": "list", "data": [' + b"[" * 100_000),
        ok(b'{"data": [{"id": "\xff"}]}'),
        ok({"object": "list", "data": []}, "404 Not Found"),
        ok({"object": "list", "data": []}, "500 Oops"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"\x00" * 5_000,
        b"",
    ],
)
def test_what_is_no_model_server_is_not_taken(answer: bytes) -> None:
    assert seen(answer).answer == "no model server"


def test_names_that_steer_a_terminal_or_go_on_for_ever_are_left_out() -> None:
    nasty = ["\x1b]52;c;x\x07", "a\nb", "\u202egpt", "x" * 300, "", " ", "good"]
    assert seen(models(*nasty)).models == (Model("good"),)


def test_a_thousand_models_are_cut() -> None:
    assert len(seen(models(*(f"m{number}" for number in range(1000)))).models) == 200


def test_one_that_wants_a_key_is_told_apart() -> None:
    assert seen(ok({"error": "no"}, "401 Unauthorized")).answer == "wants a key"


def test_it_is_not_followed_elsewhere() -> None:
    with stranger(models("trap")) as elsewhere:
        found = seen(ok(b"", "307 Temporary Redirect", f"Location: {elsewhere.address}/models"))
        assert (found.answer, elsewhere.heard) == ("no model server", [])


def test_it_is_asked_one_thing_and_sent_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "ROLEPLAY_API_KEY"):
        monkeypatch.setenv(variable, "sk-canary-0123456789")
    with stranger(models("m")) as there:
        look_at([there.address], PATIENCE)
        assert len(there.heard) == 1 and there.heard[0].startswith(b"GET /v1/models HTTP/1.0\r\n")
        assert b"canary" not in there.heard[0] and b"uthorization" not in there.heard[0]


def test_no_proxy_gets_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    with stranger(models("trap")) as proxy, stranger(models("m")) as there:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert look_at([there.address], PATIENCE)[0].models == (Model("m"),)
        assert proxy.heard == []


def silent(line: socket.socket) -> None:
    line.recv(1)


def dripping(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b" ")
        time.sleep(0.01)


def endless(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b" " * 65_536)


@pytest.mark.parametrize("manner", [silent, dripping, endless])
def test_whoever_does_not_come_to_an_end_is_left_in_time(manner: Manner) -> None:
    begun = time.monotonic()
    assert seen(manner, deadline=0.1).answer in ("no model server", "nobody")
    assert time.monotonic() - begun < 3


def test_one_that_never_hangs_up_is_understood_all_the_same() -> None:
    def stays(line: socket.socket) -> None:
        line.sendall(models("m"))
        line.recv(1)

    assert seen(stays, deadline=1.0).models == (Model("m"),)


def test_all_are_asked_at_once_and_the_slow_do_not_hide_the_quick() -> None:
    with stranger(silent) as slow, stranger(silent) as slower, stranger(models("m")) as quick:
        found = look_at([slow.address, slower.address, quick.address], 1.0)
        assert [each.answer for each in found] == ["no model server", "no model server", "models"]


def test_addresses_elsewhere_are_left_alone() -> None:
    assert look_at(["https://api.openai.com/v1", "http://192.0.2.1/v1"])[1].answer == "nobody"
