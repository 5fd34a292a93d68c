"""JSON Lines lose nothing: what is imported from them is exported again byte by byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from roleplay.errors import BadInput
from roleplay.export.wire import VERSION
from roleplay.store.integrity import verify
from roleplay.store.listing import newest_sessions
from roleplay.store.reviews import Reviews, Wanted
from roleplay.store.transcripts import Transcripts
from tests.export.exchanges import exported, take, told
from tests.export.golden_files import exported as written
from tests.review.desks import desk_at
from tests.store.kept_calls import (
    ending,
    keep_call,
    keep_llm_turn,
    line,
    opening,
    reply,
    review_everything,
    session,
    try_again,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Calls with everything that can be kept: branches, a judge, broken-off lines, reviews, assignments."""
    path = tmp_path / "one.db"
    with Transcripts(path) as store:
        keep_call(store, "reviewed", trainee="Zoë “Z” O'Neil")
        store.begin(session("branched"), opening("branched"))
        store.keep_line(line("branched", 1, "cut o", broken_off=True))
        store.keep_line(line("branched", 1, attempt=2))
        try_again(store, "branched", 1, 1)
        keep_call(store, "judged", 1, ended=False)
        keep_llm_turn(store, "judged", 2, attempt=2)
        keep_call(store, "exam", 2, exam=True, trainee="pat")
    review_everything(path, "reviewed")
    with desk_at(path) as desk:
        desk.assign("pat", "the-ramp", "Before Friday.")
    return path


def test_export_import_export_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    first = exported(path)
    other = tmp_path / "other.db"
    assert told(take(other, first)) == {"new": 6}
    assert exported(other) == first
    assert verify(other).fine


def test_what_was_imported_is_the_same_call(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    take(other, exported(path))
    with Transcripts(path) as here, Transcripts(other) as there, Reviews(path) as one, Reviews(other) as two:
        for name in ("reviewed", "branched", "judged", "exam"):
            assert there.load(name) == here.load(name)
            assert there.score(name) == here.score(name)
            assert two.of(name) == one.of(name)
        with here.snapshot() as old, there.snapshot() as new:
            assert old and new
            assert newest_sessions(new, 9) == newest_sessions(old, 9)
        assert two.assigned("pat") == one.assigned("pat") != []
        assert two.assigned("sam") == []  # it was withdrawn


def test_the_five_minute_form_is_listed_as_what_it_is_elsewhere_too(tmp_path: Path) -> None:
    path, other = tmp_path / "one.db", tmp_path / "two.db"
    played = session("short-call")
    with Transcripts(path) as store:
        store.begin(replace(played, script=replace(played.script, short=True)), opening("short-call"))
        store.keep_line(line("short-call", 1))
        store.keep_reply(reply("short-call", 1))
        store.keep_ending(ending("short-call"), 62.5)
    take(other, exported(path))
    with Transcripts(path) as here, Transcripts(other) as there:
        assert there.results("sam") == here.results("sam")
        assert list(there.results("sam")) == ["the-ramp:short"]
    assert b'"the-ramp:short"' in written(path, "csv") and b"# The ramp (five minutes) (Dana)" in written(path, "md")


def test_each_script_is_written_once_and_nothing_of_this_computer(path: Path) -> None:
    lines = [json.loads(line) for line in exported(path).splitlines()]
    assert lines[0].keys() == {"format", "version", "made_by"}
    assert [next(iter(line)) for line in lines[1:]].count("script") == 1
    assert str(path) not in exported(path).decode()


def test_a_selection_is_by_trainee_persona_and_time(path: Path) -> None:
    def calls(**wanted: str) -> list[str]:
        lines = map(json.loads, exported(path, Wanted(**wanted), assignments=False).splitlines())  # type: ignore[arg-type]
        return [line["call"]["id"] for line in lines if "call" in line]

    assert calls() == ["reviewed", "branched", "judged", "exam"]
    assert calls(trainee="pat") == ["exam"]
    assert calls(persona="nobody") == []
    assert calls(since="2026-11-04", until="2026-11-05", trainee="sam") == ["branched", "judged"]
    assert calls(since="2026-11-05") == []


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "is empty"),
        (b"hello\n", "no export of transcripts"),
        (b'{"format": "other", "version": 1}\n', "no export of transcripts"),
        (b'{"format": "roleplay-transcripts"}\n', "no export of transcripts"),
        (b'{"format": "roleplay-transcripts", "version": 99}\n', "Upgrade roleplay"),
        (b'\xff\xfe{\x00"', "UTF-16"),
    ],
)
def test_another_file_or_version_is_one_sentence_and_changes_nothing(tmp_path: Path, file: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        take(tmp_path / "new.db", file)
    assert not (tmp_path / "new.db").exists()
    assert VERSION < 99
