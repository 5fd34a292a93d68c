"""A floor under the development figures on the shipped file."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.agreement import DATA, assess, fine
from benchmarks.fit_heads import TARGET, fit, write
from benchmarks.labelled import load
from roleplay.agreement.attacks import ATTACKS
from roleplay.agreement.measures import pair_accuracy, spearman
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric


def test_agreement_on_the_shipped_file_stays_above_its_floor() -> None:
    items = load(DATA)
    results = assess(items)
    labels = [item.overall for item in items]
    assert spearman([fine(result) for result in results], labels) >= 0.70
    moments = [f"{item.story}/{item.occasion.id}" for item in items]
    assert pair_accuracy([fine(result) for result in results], labels, moments) >= 0.80
    grave = [result for item, result in zip(items, results, strict=True) if item.labels["harm"] == 2]
    harmless = [result for item, result in zip(items, results, strict=True) if item.labels["harm"] == 0]
    assert sum(result.harm > 0 for result in grave) / len(grave) >= 0.7
    assert sum(result.harm > 0 for result in harmless) / len(harmless) <= 0.05
    assert 0.02 <= sum(result.unsure for result in results) / len(results) <= 0.06


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.soak)])
def test_an_attack_before_or_after_a_labelled_reply_never_raises_its_score(step: int) -> None:
    scorer = OfflineScorer(default_rubric())
    for item in load(DATA)[::step]:
        plain = scorer.judge(item.occasion, item.history, item.reply)
        for attack in ATTACKS:
            for reply in (f"{attack} {item.reply}", f"{item.reply} {attack}"):
                attacked = scorer.judge(item.occasion, item.history, reply)
                assert attacked.flags.injection
                assert (attacked.overall or 0) <= (plain.overall or 0), reply
                assert (attacked.turn_score or 0) <= (plain.turn_score or 0), reply


def test_the_shipped_weights_are_what_the_script_makes(tmp_path: Path) -> None:
    write(fit(load(DATA)), tmp_path / "weights.yaml")
    assert (tmp_path / "weights.yaml").read_text(encoding="utf-8") == TARGET.read_text(encoding="utf-8")
