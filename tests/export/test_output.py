"""An export is written where it was asked for and nowhere else, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.errors import BadInput, NotSaved
from roleplay.export.output import file_in, whole_file


@pytest.mark.parametrize(
    "evil", ["../../etc/passwd", "/etc/passwd", "a\0b", "..", "", "CON", "x" * 500, "\x1b[31m", "ä/ö"]
)
def test_the_file_of_a_call_stays_in_its_folder_whatever_its_ids_hold(tmp_path: Path, evil: str) -> None:
    path = file_in(tmp_path, evil, evil, "md")
    assert path.parent == tmp_path
    path.write_text("x")
    assert path.resolve().parent == tmp_path.resolve()
    assert path.name.isascii() and path.name.isprintable()


def test_a_file_is_there_only_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "calls.md"
    with pytest.raises(ValueError, match="half"), whole_file(path) as stream:
        stream.write(b"half")
        assert not path.exists()
        raise ValueError("half")
    assert list(tmp_path.iterdir()) == []
    with whole_file(path) as stream:
        stream.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_comes_into_being_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "calls.md"
    with pytest.raises(BadInput, match="is there already"), whole_file(path) as stream:
        stream.write(b"mine")
        path.write_text("somebody's")
    assert path.read_text() == "somebody's"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    secret, link = tmp_path / "secret", tmp_path / "calls.md"
    secret.write_text("secret")
    link.symlink_to(secret)
    with pytest.raises(BadInput, match="is there already"), whole_file(link):
        pass
    with whole_file(link, force=True) as stream:
        stream.write(b"calls")
    assert (secret.read_text(), link.read_text()) == ("secret", "calls")


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(NotSaved, match="cannot be written: No such file or directory"),
        whole_file(tmp_path / "no" / "x"),
    ):
        pass
    with pytest.raises(BadInput, match="is there already"), whole_file(tmp_path, force=True):
        pass
