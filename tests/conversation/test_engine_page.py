"""docs/engine.md says the same as the code."""

import re
from pathlib import Path

from roleplay.conversation import effects

PAGE = (Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")
ROWS = {
    "silence": effects.MISSED,
    "silence, where the note says that it is right": effects.WELCOME_SILENCE,
    "unsure or not scorable": effects.NOT_SURE,
    "harm by omission only": effects.PASSED_OVER,
    "harm 2": effects.HARM_2,
    "harm 1": effects.HARM_1,
    "a bare greeting": effects.PLEASANTRY,
    "met, and explores or acts at 2": effects.MET_AND_MORE,
    "met": effects.MET,
    "partly, tied to this customer": effects.PARTLY_TIED,
    "partly": effects.PARTLY,
    "missed": effects.MISSED,
    "nothing offered": effects.NOTHING_OFFERED,
}


def test_the_table_of_effects_is_the_one_that_is_played() -> None:
    found = re.findall(r"^\| ([^|]+?) \| ([-+.\d]+) \| ([-+.\d]+) \| ([-+.\d]+) \| (\w+) \|$", PAGE, re.MULTILINE)
    assert [row[0] for row in found] == list(ROWS)
    for name, trust, distress, patience, voice in found:
        assert effects.Effect(float(trust), float(distress), float(patience), voice) == ROWS[name]
