"""The address of an endpoint is read once, strictly: who reads it later must not read it differently."""

from __future__ import annotations

import pytest

from roleplay.errors import BadInput
from roleplay.llm.address import is_here, is_private, origin_of, read_address


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        (" https://api.openai.com/v1/ ", "https://api.openai.com/v1"),
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("HTTP://Example.COM:8000/openai/v1", "http://example.com:8000/openai/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("https://x.example/v1/chat/completions", "https://x.example/v1"),
    ],
)
def test_an_address_is_put_into_one_form(written: str, read: str) -> None:
    assert read_address(written, "--base-url") == read == read_address(read, "")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "8080",
            "127.0.0.1:8080",
            "ftp://host/v1",
            "file:///etc/passwd",
            "http://",
            "http:///v1",
            "https://:8080",
        ),
        *("http://host:0/v1", "http://host:99999/v1", "http://host:x/v1", "http://[::1/v1", "http://[fe80::1%eth0]/v1"),
        *("http://user:secret@127.0.0.1/v1", "http://127.0.0.1@evil.example/v1", "http://127.0.0.1\\@evil.example/v1"),
        *("http://127.0.0.1/v1?key=secret", "http://127.0.0.1/v1#x", "http://host/../v1", "http://ho st/v1"),
        *("http://аpi.openai.com/v1", "http://host/\x1b]0;x\x07", "http://-host/v1", f"http://{'x' * 600}/v1"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_in_one_sentence(written: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_address(written, "ROLEPLAY_BASE_URL")
    told = str(refused.value)
    assert told.startswith("ROLEPLAY_BASE_URL: ") and "\x1b" not in told and "secret@" not in told


@pytest.mark.parametrize(
    ("address", "here"),
    [
        *(("http://127.0.0.1:8080/v1", True), ("http://localhost/v1", True), ("http://[::1]:1/v1", True)),
        *(("http://127.8.9.1/v1", True), ("http://0.0.0.0:8080/v1", False), ("http://192.168.1.5/v1", False)),
        *(("http://localhost.evil.example/v1", False), ("http://127.0.0.1.evil.example/v1", False)),
        *(("http://2130706433/v1", False), ("https://api.openai.com/v1", False)),
    ],
)
def test_only_loopback_is_this_computer(address: str, here: bool) -> None:
    assert is_here(read_address(address, "")) is here


def test_what_others_on_the_way_can_read_is_known() -> None:
    assert is_private("https://x.example/v1") and is_private("http://127.0.0.1/v1")
    assert not is_private("http://192.168.1.5/v1")


def test_a_key_belongs_to_scheme_host_and_port() -> None:
    home = origin_of("https://api.openai.com/v1")
    assert origin_of("https://api.openai.com:443/other") == home
    for other in (
        "http://api.openai.com/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com.evil.example/v1",
    ):
        assert origin_of(other) != home
