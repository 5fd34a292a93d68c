"""What is remembered between starts: the cards of just the files that were there, or nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from roleplay.practice.calls import Calls, now
from roleplay.practice.shelf import Shelf
from roleplay.store.transcripts import Transcripts

PAT = "name: Pat\ntitle: A key\ntrainee: {role: clerk}\ncustomer: {opening: Hi., backstory: b}\n"
NEEDS = "needs: {key: {kind: spoken, need: A key.}}\n"


def calls_in(folder: Path) -> Calls:
    """A fresh start in the workspace at `folder`."""
    (folder / "personas").mkdir(exist_ok=True)
    return Calls(
        folder / "personas", Transcripts(folder / "t" / "r.db"), "Sam", now, Shelf(folder / "cache" / "c.json")
    )


def test_the_next_start_has_the_same_gallery_at_once(tmp_path: Path) -> None:
    first = calls_in(tmp_path)
    (tmp_path / "personas" / "pat.yaml").write_text(PAT + NEEDS)
    (tmp_path / "personas" / "broken.yaml").write_text(PAT)
    assert first.remembered_gallery() is None
    assert calls_in(tmp_path).remembered_gallery() is None
    read = first.gallery()
    assert calls_in(tmp_path).remembered_gallery() == read
    assert {"A key", "broken"} < {card.title for card in read.cards}


def test_a_file_that_was_changed_added_or_taken_away_is_not_remembered(tmp_path: Path) -> None:
    file = tmp_path / "personas" / "pat.yaml"
    calls_in(tmp_path)
    file.write_text(PAT + NEEDS)
    calls_in(tmp_path).gallery()
    os.utime(file, ns=(1, 1))
    assert calls_in(tmp_path).remembered_gallery() is None
    calls_in(tmp_path).gallery()
    (tmp_path / "personas" / "more.yaml").write_text(PAT + NEEDS)
    assert calls_in(tmp_path).remembered_gallery() is None
    calls_in(tmp_path).gallery()
    file.unlink()
    assert calls_in(tmp_path).remembered_gallery() is None


@pytest.mark.parametrize("rubbish", ["", "{", "[]", "null", '{"key": []}', "[" * 100_000, "\udc80"])
def test_rubbish_on_the_shelf_is_nothing_remembered(tmp_path: Path, rubbish: str) -> None:
    calls_in(tmp_path).gallery()
    (tmp_path / "cache" / "c.json").write_bytes(rubbish.encode("utf-8", "surrogateescape"))
    assert calls_in(tmp_path).remembered_gallery() is None
    assert calls_in(tmp_path).gallery().cards


@pytest.mark.parametrize("level", [2.0, True, "2", 6, None])
def test_a_difficulty_that_could_not_have_been_put_there_is_nothing_remembered(tmp_path: Path, level: object) -> None:
    calls_in(tmp_path).gallery()
    shelf = tmp_path / "cache" / "c.json"
    kept = json.loads(shelf.read_text())
    kept["cards"][0]["difficulty"] = level
    shelf.write_text(json.dumps(kept))
    assert calls_in(tmp_path).remembered_gallery() is None


def test_a_shelf_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert calls_in(tmp_path).gallery().cards
    assert calls_in(tmp_path).remembered_gallery() is None
