"""A persona is played by whom the user chose: nothing in it names an endpoint, a model or a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.llm.choosing import choose
from roleplay.persona.loading import read_persona
from tests.llm.strangers import models, stranger
from tests.persona.samples import SHORT

FIELDS = [
    "base_url",
    "api_base",
    "url",
    "endpoint",
    "host",
    "proxy",
    "model",
    "judge",
    "actor",
    "api_key",
    "key_file",
    "env",
]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("place", ["", "customer", "trainee"])
def test_such_a_field_is_refused_by_name_wherever_it_stands(field: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "dana.yaml"
    line = f"{field}: http://127.0.0.1:9/v1"
    path.write_text(SHORT.replace(f"{place}:\n", f"{place}:\n  {line}\n") if place else f"{SHORT}{line}\n")
    reading = read_persona(path)
    assert reading.persona is None
    assert any(f"“{field}”" in str(problem) for problem in reading.errors), reading.errors


def test_the_server_it_names_is_never_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLEPLAY_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "personas").mkdir()
    (tmp_path / "transcripts").mkdir()
    with stranger(models("trap")) as trap:
        for number, field in enumerate(FIELDS):
            path = tmp_path / "personas" / f"p{number}.yaml"
            path.write_text(f"{SHORT}{field}: {trap.address}\n")
            assert read_persona(path).persona is None
        assert choose(tmp_path, environment={"ROLEPLAY_LOOK": "none"}).settings is None
        assert trap.heard == []
