"""What the user agreed to is remembered, by address, in a file of the user's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from roleplay.errors import NotSaved
from roleplay.llm.consent import Consents

ADDRESS = "http://127.0.0.1:8080/v1"


def test_nothing_is_agreed_to_at_first_and_asking_writes_nothing(tmp_path: Path) -> None:
    consents = Consents(tmp_path / "config")
    assert not consents.accepted(ADDRESS) and not consents.declined(ADDRESS) and consents.trouble == ""
    assert not (tmp_path / "config").exists()


def test_an_answer_holds_for_the_next_start_and_for_that_address_alone(tmp_path: Path) -> None:
    Consents(tmp_path).accept(ADDRESS, "m")
    again = Consents(tmp_path)
    assert again.accepted(ADDRESS) and not again.accepted("http://127.0.0.1:8081/v1")
    again.decline(ADDRESS)
    assert Consents(tmp_path).declined(ADDRESS) and not Consents(tmp_path).accepted(ADDRESS)
    assert again.forget(ADDRESS) and not again.forget(ADDRESS)
    assert Consents(tmp_path).answers == {}


def test_a_key_that_was_not_named_wants_a_new_answer(tmp_path: Path) -> None:
    Consents(tmp_path).accept(ADDRESS, "m")
    assert not Consents(tmp_path).accepted(ADDRESS, key="ROLEPLAY_API_KEY")
    Consents(tmp_path).accept(ADDRESS, "m", "ROLEPLAY_API_KEY")
    assert Consents(tmp_path).accepted(ADDRESS, key="ROLEPLAY_API_KEY")
    assert not Consents(tmp_path).accepted(ADDRESS, key="OPENAI_API_KEY")


def test_both_models_that_were_shown_are_kept(tmp_path: Path) -> None:
    Consents(tmp_path).accept(ADDRESS, "m", "", "j-cloud")
    assert Consents(tmp_path).answers[ADDRESS].models == {"m", "j-cloud"}


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_nobody_else_can_read_or_change_it(tmp_path: Path) -> None:
    consents = Consents(tmp_path / "config")
    consents.accept(ADDRESS, "m")
    assert stat.S_IMODE(consents.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(consents.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in consents.path.parent.iterdir()] == ["consent.json"]


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"[]", b"null", b'{"endpoints": 3}', b"\xff\xfe", b"[" * 100_000, b"{}" + b" " * 300_000),
        b'{"endpoints": {"http://127.0.0.1:8080/v1": {"said": "yes"}}}',
        b'{"format": 2, "endpoints": {"http://127.0.0.1:8080/v1": {"said": "accepted"}}}',
    ],
)
def test_a_damaged_file_is_no_consent_and_is_told_of(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "consent.json").write_bytes(raw)
    consents = Consents(tmp_path)
    assert not consents.accepted(ADDRESS)
    assert "cannot be read" in consents.trouble and "asked again" in consents.trouble
    consents.accept(ADDRESS, "m")
    assert Consents(tmp_path).accepted(ADDRESS) and Consents(tmp_path).trouble == ""


def test_two_windows_do_not_undo_each_other(tmp_path: Path) -> None:
    one, other = Consents(tmp_path), Consents(tmp_path)
    one.accept(ADDRESS, "m")
    other.decline("https://x.example/v1")
    assert Consents(tmp_path).accepted(ADDRESS) and Consents(tmp_path).declined("https://x.example/v1")


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSaved, match="cannot be remembered"):
        Consents(tmp_path / "file" / "config").accept(ADDRESS, "m")
