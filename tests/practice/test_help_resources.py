"""Help resources: the workspace's own words where there are some, and never anything but words."""

from __future__ import annotations

from pathlib import Path

from roleplay.practice.help_resources import LIMIT, NEUTRAL, help_resources


def test_without_a_file_there_is_a_neutral_text_that_says_where_one_belongs(tmp_path: Path) -> None:
    text = help_resources(tmp_path)
    assert text.startswith(NEUTRAL) and "help-resources.txt in the workspace's folder" in text
    assert str(tmp_path) not in text, "where that is on this computer belongs into no transcript"


def test_the_workspace_s_own_text_is_shown_instead(tmp_path: Path) -> None:
    (tmp_path / "help-resources.txt").write_text("Crisis line: ask at the desk.\nRoom 4.\n")
    assert help_resources(tmp_path) == "Crisis line: ask at the desk.\nRoom 4."


def test_it_cannot_steer_a_terminal_or_fill_the_screen(tmp_path: Path) -> None:
    (tmp_path / "help-resources.txt").write_bytes(b"\x1b]52;c;x\x07" + b"a\xff" * 100_000)
    text = help_resources(tmp_path)
    assert text.startswith("␛]52;c;x␇aaa") and len(text) <= LIMIT + 2


def test_an_empty_file_or_a_folder_in_its_place_gives_the_neutral_text(tmp_path: Path) -> None:
    (tmp_path / "help-resources.txt").write_text(" \n")
    assert help_resources(tmp_path) == NEUTRAL
    (tmp_path / "help-resources.txt").unlink()
    (tmp_path / "help-resources.txt").mkdir()
    assert help_resources(tmp_path).startswith(NEUTRAL)
