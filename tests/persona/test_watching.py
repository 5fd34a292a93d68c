"""Whatever an editor does to save a file, it is told that the file has changed, and nothing else is."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from roleplay.persona.folders import persona_files
from roleplay.persona.watching import changes

Told = Callable[[], set[str]]
PATIENCE = 20.0


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """Watches the folder; each call waits for the next change and gives the names of the files that it is about."""
    (tmp_path / "ann.yaml").write_text("one")
    rounds: Queue[frozenset[Path]] = Queue()
    stop = threading.Event()
    watched = changes(lambda: persona_files(tmp_path), [tmp_path], stop)
    thread = threading.Thread(target=lambda: [rounds.put(each) for each in watched])
    thread.start()
    yield lambda: {path.name for path in rounds.get(timeout=PATIENCE)}
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_file_that_is_written_in_place(told: Told, tmp_path: Path) -> None:
    (tmp_path / "ann.yaml").write_text("longer")
    assert told() == {"ann.yaml"}


def test_a_file_that_another_is_renamed_to_again_and_again(told: Told, tmp_path: Path) -> None:
    for text in ("two", "six", "ten"):
        (tmp_path / ".ann.swp").write_text(text)
        (tmp_path / ".ann.swp").replace(tmp_path / "ann.yaml")
        assert told() == {"ann.yaml"}


def test_a_new_file_and_one_that_goes(told: Told, tmp_path: Path) -> None:
    (tmp_path / "bob.yaml").write_text("x")
    assert told() == {"bob.yaml"}
    (tmp_path / "bob.yaml").unlink()
    assert told() == {"bob.yaml"}


def test_a_link_whose_file_in_another_folder_is_saved_by_renaming(
    told: Told, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("dotfiles")
    (elsewhere / "cara.yaml").write_text("one")
    (tmp_path / "cara.yaml").symlink_to(elsewhere / "cara.yaml")
    assert told() == {"cara.yaml"}
    (elsewhere / "new").write_text("another")
    (elsewhere / "new").replace(elsewhere / "cara.yaml")
    assert told() == {"cara.yaml"}


def test_other_files_are_none_of_its_business(told: Told, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / ".hidden.yaml").write_text("x")
    (tmp_path / "ann.yaml").write_text("after the others")
    assert told() == {"ann.yaml"}


def test_a_folder_that_comes_later_and_goes(tmp_path: Path) -> None:
    folder = tmp_path / "personas"
    stop = threading.Event()
    rounds = changes(lambda: persona_files(folder), [folder], stop)
    folder.mkdir()
    (folder / "ann.yaml").write_text("x")
    assert next(rounds) == {folder / "ann.yaml"}
    (folder / "ann.yaml").unlink()
    folder.rmdir()
    assert next(rounds) == {folder / "ann.yaml"}
    stop.set()
    assert list(rounds) == []


def test_where_the_system_cannot_tell_the_files_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more_watches(*_: object, **__: object) -> Iterator[object]:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("watchfiles.watch", no_more_watches)
    rounds = changes(lambda: persona_files(tmp_path), [tmp_path])
    (tmp_path / "ann.yaml").write_text("x")
    assert next(rounds) == {tmp_path / "ann.yaml"}
