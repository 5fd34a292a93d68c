"""The sample transcripts are what the program prints and keeps today."""

from pathlib import Path

import pytest

from roleplay.export.samples import add_samples, sample_files
from roleplay.store.integrity import verify
from roleplay.store.reviews import Reviews, Wanted
from tests.export.exchanges import take
from tests.samples import CALLS, FOLDER, SAMPLES, sample, sample_calls


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_up_to_date(name: str) -> None:
    assert sample(name) == (FOLDER / f"{name}.txt").read_bytes(), "renew them: make samples"


@pytest.mark.parametrize("persona", CALLS)
def test_sample_calls_are_up_to_date(persona: str) -> None:
    assert sample_calls(persona) == (FOLDER / f"{persona}.jsonl").read_bytes(), "renew them: make samples"


def test_the_sample_calls_fill_a_coachs_queue_with_a_dispute_first(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    add_samples(path)
    add_samples(path)
    assert [each.stem for each in sample_files()] == sorted(CALLS)
    assert verify(path).fine
    with Reviews(path) as reviews:
        queue = reviews.queue(Wanted(reviewed=None), 99)
        assert len(queue) == 6
        assert queue[0].disputed == 1
        assert sum(bool(each.reviewed) for each in queue) == 1
        assert all(each.trainee.startswith("Sample: ") for each in queue)


def test_samples_of_an_earlier_version_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "roleplay.db"
    older = [file.read_bytes().replace(b"Sample: Dev", b"Sample: Eli") for file in sample_files()]
    for file in older:
        assert {taken.what for taken in take(path, file)} == {"new"}
    add_samples(path)
    with Reviews(path) as reviews:
        assert "Sample: Eli" in reviews.trainees()
        assert "Sample: Dev" not in reviews.trainees()
