"""Each shipped persona has a frozen bank with every kind of trainee that is written for a persona."""

from __future__ import annotations

from roleplay.persona.library import shipped_folder
from roleplay.rehearsal.banks import KINDS, find_bank


def test_every_shipped_persona_has_a_bank_with_every_kind_of_trainee() -> None:
    missing = {}
    for path in sorted(shipped_folder().glob("*.yaml")):
        bank = find_bank(path.stem)
        lacking = [kind for kind in KINDS if bank is None or kind not in bank.trainees]
        if lacking:
            missing[path.stem] = lacking
    assert missing == {}
