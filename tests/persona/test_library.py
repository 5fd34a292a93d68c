"""Which persona files there are, and which one is meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from roleplay.errors import NotFound, PersonaError
from roleplay.persona.general import GENERAL_FILE, general_lines, read_reactions
from roleplay.persona.library import files_at, find, list_personas, persona_folders, shipped_folder
from roleplay.persona.lines import Reactions
from tests.persona.samples import SHORT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "personas"
    place.mkdir()
    (place / "dana.yaml").write_text(SHORT)
    (place / "broken.yaml").write_text("name: [")
    return place


def test_the_shipped_personas_are_found() -> None:
    assert persona_folders() == (shipped_folder(),)
    assert find("stranded-driver", persona_folders()).name == "stranded-driver.yaml"
    assert all(reading.persona for reading in list_personas(persona_folders()))


def test_inside_an_installed_package_they_lie_in_the_package(tmp_path: Path) -> None:
    package = tmp_path / "roleplay"
    source = Path(__file__).parents[2] / "roleplay"
    for path in source.rglob("*.py"):
        copy = package / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (package / "personas").mkdir()
    (package / "personas" / "dana.yaml").write_text(SHORT)
    ask = "from roleplay.persona.library import *; print(find('dana', persona_folders()))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == package / "personas" / "dana.yaml"


def test_a_broken_file_does_not_keep_the_others_from_loading(folder: Path) -> None:
    readings = {reading.path.stem: reading for reading in list_personas([folder])}
    assert readings["dana"].persona is not None
    assert readings["broken"].persona is None and readings["broken"].problems


def test_the_workspace_comes_before_the_shipped_personas(folder: Path) -> None:
    (folder / "stranded-driver.yaml").write_text(SHORT)
    folders = persona_folders(folder)
    assert find("stranded-driver", folders) == folder / "stranded-driver.yaml"
    names = {reading.path.stem: reading.path for reading in list_personas(folders)}
    assert names["stranded-driver"].parent == folder and len(names) == len(list_personas(folders))


def test_a_workspace_that_is_the_checkout_is_looked_at_once() -> None:
    assert persona_folders(shipped_folder()) == (shipped_folder(),)


def test_a_persona_is_found_by_the_id_in_its_file_too(folder: Path) -> None:
    (folder / "other.yaml").write_text(SHORT + "id: somebody\n")
    assert find("somebody", [folder]) == folder / "other.yaml"


def test_a_path_is_taken_as_it_is(folder: Path) -> None:
    assert find(str(folder / "dana.yaml"), []) == folder / "dana.yaml"


def test_an_unknown_name_is_answered_with_the_nearest_and_all(folder: Path) -> None:
    with pytest.raises(NotFound, match=r"Did you mean dana\? There are: broken and dana\."):
        find("dena", [folder])
    with pytest.raises(NotFound, match="There are none"):
        find("dena", [folder / "none"])


@pytest.mark.parametrize(
    "name", ["../dana", "..", ".", "", "a\0b", "dana.yaml", "Dana", "x" * 5000, "%2e/a", "../dana.yaml"]
)
def test_a_name_never_leads_out_of_the_folders(
    folder: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "inside").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFound):
        find(name, [folder / "inside"])


def test_a_link_that_leads_out_of_its_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(SHORT)
    (folder / "leak.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "alias.yaml").symlink_to(folder / "dana.yaml")
    assert {reading.path.name for reading in list_personas([folder])} <= {"alias.yaml", "broken.yaml", "dana.yaml"}
    with pytest.raises(NotFound):
        find("leak", [folder])


def test_a_word_on_the_command_line_is_a_folder_a_path_or_an_id(folder: Path) -> None:
    both = [folder / "broken.yaml", folder / "dana.yaml"]
    assert files_at(str(folder), []) == both
    assert files_at("dana", [folder]) == files_at(str(folder / "dana.yaml"), []) == both[1:]
    for nothing in (str(folder.parent), "a\0b", "x" * 5000, "x" * 5000 + ".yaml"):
        with pytest.raises(NotFound):
            files_at(nothing, [folder])


def test_folders_pipes_and_loops_in_a_folder_stop_nothing(folder: Path) -> None:
    (folder / "sub.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / ".hidden.yaml").write_text("x")
    names = {reading.path.stem: reading.persona is not None for reading in list_personas([folder])}
    assert names == {"dana": True, "broken": False, "pipe": False, "loop": False}


def test_the_general_lines_are_many_and_of_every_kind() -> None:
    lines = general_lines()
    assert isinstance(lines, Reactions) and general_lines() is lines
    assert all(getattr(lines, name) for name in Reactions.__struct_fields__), "each kind has lines"


def test_a_damaged_file_of_general_lines_is_named(tmp_path: Path) -> None:
    path = tmp_path / "general.yaml"
    path.write_text(GENERAL_FILE.read_text() + "\nharm: [x]\n")
    with pytest.raises(PersonaError, match="Did you mean harmed"):
        read_reactions(path)
