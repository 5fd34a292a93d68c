"""The sample transcripts: `python -m tests.samples` plays them anew, and a test checks that they are up to date."""

from __future__ import annotations

import tempfile
from pathlib import Path

from roleplay.rehearsal.banks import Skill
from tests.journeys.playing import play, replies_of, typed

FOLDER = Path(__file__).parents[1] / "transcripts" / "samples"
SAMPLES: dict[str, tuple[Skill, int]] = {
    "stranded-driver-heard": ("skilled", 7),
    "stranded-driver-unheard": ("polite", 7),
}


def sample(name: str) -> bytes:
    """The call of that name as plain mode prints it."""
    skill, seed = SAMPLES[name]
    with tempfile.TemporaryDirectory() as workspace:
        return play(Path(workspace), typed(replies_of(skill, seed)), "--seed", str(seed)).stdout


if __name__ == "__main__":
    for each in SAMPLES:
        (FOLDER / f"{each}.txt").write_bytes(sample(each))
