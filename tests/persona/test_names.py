"""How a customer is called in passing."""

from __future__ import annotations

import pytest

from roleplay.persona.names import short_name
from tests.persona.samples import SHORT, persona


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dana Whitfield", "Dana"),
        ("Mr. Patel", "Mr. Patel"),
        ("Mr Anil Patel", "Mr Patel"),
        ("Dr Ana Li", "Dr Li"),
        ("Dr. Ana Li, MD", "Dr. Li"),
        ("Prof. Ruiz", "Prof. Ruiz"),
        ("Sam Okoro Jr.", "Sam"),
        ("Ana", "Ana"),
        ("Dr", "Dr"),
        (" ", " "),
    ],
)
def test_a_title_stays_with_the_last_name_and_else_the_first_is_enough(name: str, short: str) -> None:
    assert short_name(name) == short


def test_a_persona_knows_its_short_name() -> None:
    assert persona(SHORT).short_name == "Dana"
