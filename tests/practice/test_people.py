"""Who somebody is: the name that was given, else the user's, as one short line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from roleplay.errors import BadInput
from roleplay.practice.people import coach_name, trainee_name


@pytest.mark.parametrize("name", [trainee_name, coach_name])
def test_a_name_is_one_short_line(name: Callable[[str | None], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert name(None) == name("") == "ada"
    assert name("Sam\n\x1b[31m  O'Hara") == "Sam ␛[31m O'Hara"
    assert len(name("x" * 200)) == 80


@pytest.mark.parametrize("name", [trainee_name, coach_name])
def test_a_name_may_stand_in_the_settings(
    name: Callable[[str | None, Path | None], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert name(None, tmp_path) == "ada"
    (tmp_path / "roleplay.toml").write_text('trainee = "Sam"\ncoach = "Sam"\n')
    assert (name(None, tmp_path), name(" ", tmp_path), name("Pat", tmp_path)) == ("Sam", "Sam", "Pat")
    (tmp_path / "roleplay.toml").write_text("trainee = 7\ncoach = 7\n")
    with pytest.raises(
        BadInput, match=r"wants a text in quotation marks.*roleplay.toml:[12]:1|roleplay.toml:[12]:1.*wants"
    ):
        name(None, tmp_path)
