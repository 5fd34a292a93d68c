"""The sample transcripts are what the program prints today."""

import pytest

from tests.samples import FOLDER, SAMPLES, sample


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_up_to_date(name: str) -> None:
    assert sample(name) == (FOLDER / f"{name}.txt").read_bytes(), "renew them: make samples"
