"""What an author waits for: rehearsed calls a second on one core, persona files checked a second, and how both grow."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import msgspec

from roleplay.persona.library import list_personas, shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.rehearsal.report import Work, cast_for, played

FEW, MANY = 10, 40
ROUNDS = 3


def run() -> dict[str, float]:
    """Calls and files a second, and what each of 40 takes over what each of 10 does: 1 is linear."""
    few, many = (median(_calls(number) for _ in range(ROUNDS)) for number in (FEW, MANY))
    with TemporaryDirectory() as folder:
        few_files, many_files = (median(_files(Path(folder), number) for _ in range(ROUNDS)) for number in (FEW, MANY))
    return {
        "calls_a_second": round(MANY / many, 1),
        "calls_growth": round(many / few / (MANY / FEW), 2),
        "files_checked_a_second": round(MANY / many_files, 1),
        "files_growth": round(many_files / few_files / (MANY / FEW), 2),
    }


def _calls(number: int) -> float:
    """Seconds of processor time for so many calls of a skilled trainee, each with a seed of its own."""
    persona = load_persona(shipped_folder() / "stranded-driver.yaml")
    skilled, encoded = cast_for(persona).trainees[0], msgspec.json.encode(persona)
    played(Work(encoded, skilled, (0,)))
    begun = process_time()
    played(Work(encoded, skilled, tuple(seed % FEW for seed in range(number))))
    return process_time() - begun


def _files(folder: Path, number: int) -> float:
    """Seconds of processor time to check so many files, each as long as a shipped persona."""
    source = (shipped_folder() / "stranded-driver.yaml").read_bytes()
    inside = folder / str(number)
    inside.mkdir(exist_ok=True)
    for each in range(number):
        (inside / f"persona-{each}.yaml").write_bytes(source)
    begun = process_time()
    assert len(list_personas([inside])) == 1, "they all have the id that stands in the file"
    return process_time() - begun
