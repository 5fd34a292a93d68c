"""Tokens are counted exactly where the encoding is at hand, about where it is not, and never from the network."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import tiktoken

from roleplay.conversation.voiced import Usage
from roleplay.errors import RoleplayError
from roleplay.llm import encoder, tokens
from roleplay.llm.chat import ChatMessage
from roleplay.llm.cost import cost_of
from roleplay.llm.encoder import PATIENCE, Encoder
from roleplay.llm.settings import Price
from roleplay.llm.tokens import Counter, counter_for, encoding_of, fetch_encoding, is_at_hand, load_counter
from tests.llm.stub import mute, nobody

RANK_FILES = {
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}
"""What tiktoken calls the rank files in its cache."""

SMALL = """
PATTERN = r"\\w+|\\W"
WORDS = [b"he", b"ll", b"hell", b"hello", b"<|", b"|>"]

def small():
    ranks = {bytes([byte]): byte for byte in range(256)}
    ranks.update({word: 256 + place for place, word in enumerate(WORDS)})
    return {"name": "small", "pat_str": PATTERN, "mergeable_ranks": ranks, "special_tokens": {"<|end|>": 1000}}

ENCODING_CONSTRUCTORS = {"small": small}
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Encoder]:
    """An encoding of a few words, given to tiktoken in the way it has for that, and time for a busy machine."""
    monkeypatch.setattr(encoder, "PATIENCE", 10.0)
    folder = tmp_path / "tiktoken_ext"
    folder.mkdir()
    (folder / "small.py").write_text(SMALL)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    started = Encoder("small")
    yield started
    started.close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and none of the encodings loaded."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(tokens, "_encoders", {})
    return tmp_path


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o", "o200k_base"),
        ("gpt-4o-mini-2026-01-01", "o200k_base"),
        ("gpt-4.1-nano", "o200k_base"),
        ("gpt-5.2", "o200k_base"),
        ("openai/gpt-5-mini", "o200k_base"),
        ("o3", "o200k_base"),
        ("o4-mini", "o200k_base"),
        ("ft:gpt-4o-mini:acme", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("gpt-4-turbo", "cl100k_base"),
        ("gpt-3.5-turbo", "cl100k_base"),
        ("gpt-oss-20b", ""),
        ("gpt-4ever", ""),
        ("o200", ""),
        ("llama3.1:8b", ""),
        ("qwen3", ""),
        ("", ""),
    ],
)
def test_which_encoding_a_model_has(model: str, encoding: str) -> None:
    assert encoding_of(model) == encoding


@pytest.mark.parametrize(("text", "about"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("äöüß", 2), ("\ud800", 1)])
def test_about_four_bytes_are_a_token(text: str, about: int) -> None:
    counter = counter_for("llama3.1:8b")
    assert counter.count(text) == about
    assert (counter.exact, counter.encoding) == (False, "")


def test_a_chat_takes_more_than_its_words() -> None:
    chat = (ChatMessage("system", "abcd"), ChatMessage("user", "abcdefgh"))
    assert counter_for("llama3.1:8b").count_chat(chat) == 3 + 4 + 1 + 4 + 2


def test_an_encoding_counts_as_tiktoken_does(small: Encoder) -> None:
    made: dict[str, Any] = {}
    exec(SMALL, made)
    direct = tiktoken.Encoding(**made["small"]())
    counter = Counter("small", small)
    assert (counter.exact, counter.encoding) == (True, "small")
    for text in ("", "hello", "hello hell\nhe", "naïve 😀", "<|end|> hello", "hello " * 5000):
        assert counter.count(text) == len(direct.encode(text, disallowed_special=()))


def test_half_a_character_is_counted_too(small: Encoder) -> None:
    assert (small.count("\ud800") or 0) > 0


def test_a_long_run_without_a_break_is_counted_soon(small: Encoder) -> None:
    begun = time.monotonic()
    assert small.count("x" * 200_000) == 200_000
    assert time.monotonic() - begun < 10


def test_if_the_encoder_dies_counting_goes_on_about(small: Encoder) -> None:
    counter = Counter("small", small)
    small._process.kill()
    assert counter.count("hello hello") == 3
    assert not counter.exact


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize("text", ["hello hello", "x" * 300_000])
def test_an_encoder_that_stands_still_is_not_waited_for(
    text: str, small: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "PATIENCE", PATIENCE)
    os.kill(small._process.pid, signal.SIGSTOP)
    counter = Counter("small", small)
    begun = time.monotonic()
    assert counter.count(text) == -(-len(text) // 4)
    assert not counter.exact and time.monotonic() - begun < PATIENCE + 2
    small._process.wait(20)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_closing_waits_neither_for_the_encoder_nor_for_a_count(small: Encoder) -> None:
    os.kill(small._process.pid, signal.SIGSTOP)
    counted: list[int | None] = []
    counting = threading.Thread(target=lambda: counted.append(small.count("hello")))
    counting.start()
    begun = time.monotonic()
    small.close()
    assert time.monotonic() - begun < 5  # a count is waited for twice as long
    counting.join(20)
    assert counted == [None]
    assert small.count("hello") is None


def test_counts_from_several_threads_are_not_mixed_up(small: Encoder) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda times: small.count("hello " * times), range(40))) == [2 * n for n in range(40)]


def test_an_encoding_that_is_not_at_hand_is_not_fetched_for_a_count(cache: Path) -> None:
    assert not is_at_hand("o200k_base")
    begun = time.monotonic()
    assert not load_counter("gpt-4o").exact
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("encoding", RANK_FILES)
def test_at_hand_is_what_lies_in_tiktokens_cache(encoding: str, cache: Path) -> None:
    (cache / RANK_FILES[encoding]).write_bytes(b"")
    assert is_at_hand(encoding)


def test_a_damaged_file_in_the_cache_is_not_replaced_from_the_network(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cache / RANK_FILES["o200k_base"]).write_bytes(b"IQ== 0\n")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.getsockname()[1]}")
        counter = load_counter("gpt-4o")
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert not counter.exact and counter.count("abcd") == 1


def test_the_folder_somebody_is_in_gives_no_modules(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiktoken.py").write_text("import pathlib; pathlib.Path('ran').touch()")
    (cache / RANK_FILES["o200k_base"]).write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    load_counter("gpt-4o")
    assert not (tmp_path / "ran").exists()


def test_fetching_ends_in_time_whatever_the_network_does(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mute() as address:
        monkeypatch.setenv("HTTPS_PROXY", address.removesuffix("/v1"))
        begun = time.monotonic()
        with pytest.raises(RoleplayError, match=r"within 0.7 seconds.*≈"):
            fetch_encoding("o200k_base", 0.7)
    assert time.monotonic() - begun < 0.7 + 3


def test_fetching_that_fails_at_once_names_no_time(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", nobody().removesuffix("/v1"))
    with pytest.raises(RoleplayError, match=r"could not be fetched from openaipublic\.blob\.core\.windows\.net\. "):
        fetch_encoding("o200k_base", 20)


def test_where_nothing_can_be_kept_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    with pytest.raises(RoleplayError, match="TIKTOKEN_CACHE_DIR"):
        fetch_encoding("o200k_base", 5)


@pytest.mark.soak
@pytest.mark.parametrize(("model", "encoding"), [("gpt-4o", "o200k_base"), ("gpt-4", "cl100k_base")])
def test_the_real_encodings_where_they_are_at_hand(model: str, encoding: str) -> None:
    if not is_at_hand(encoding):
        pytest.skip("no rank file in tiktoken's cache")
    counter, direct = load_counter(model), tiktoken.get_encoding(encoding)
    for text in ("Hello, my car has stopped on the ramp.", "naïve 😀 <|endoftext|>", "word " * 30_000):
        assert counter.count(text) == len(direct.encode(text, disallowed_special=()))
    assert counter.exact


def test_what_is_read_from_the_cache_is_paid_as_such() -> None:
    price = Price(sent=2.0, cached=0.5, received=8.0)
    usage = Usage(requests=1, sent=1_000_000, cached=400_000, received=100_000)
    assert cost_of(usage, price) == pytest.approx(1.2 + 0.2 + 0.8)
    assert cost_of(Usage(), price) == 0
