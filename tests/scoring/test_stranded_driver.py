"""At every moment of the stranded driver: skill is met, politeness and procedure are not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from roleplay.persona.fields import Opportunity
from roleplay.persona.lines import Disclosure, Moment
from roleplay.persona.loading import load_persona
from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

PERSONA = load_persona(Path(__file__).parents[2] / "personas" / "stranded-driver.yaml")
SCORER = OfflineScorer(default_rubric())
BEATS = {beat.id: beat for beat in PERSONA.beats()}


@cache
def replies() -> dict[str, Any]:
    text = Path(__file__).with_name("stranded_driver.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def heard(beat: Moment | Disclosure, reply: str) -> Opportunity:
    said = beat.says or PERSONA.customer.opening
    return SCORER.judge(Occasion.at(PERSONA, beat), [Message("customer", said)], reply).opportunity


def skilled() -> Iterator[tuple[str, Opportunity, str]]:
    for beat_id, given in replies()["skilled"].items():
        if beat_id in BEATS:
            yield from ((beat_id, heard(BEATS[beat_id], reply), reply) for reply in given)


@pytest.mark.parametrize("beat_id", BEATS)
@pytest.mark.parametrize("kind", ["formula", "cold"])
def test_politeness_and_procedure_are_met_nowhere(beat_id: str, kind: str) -> None:
    assert [reply for reply in replies()[kind] if heard(BEATS[beat_id], reply) == "met"] == []


def test_most_formulas_miss() -> None:
    found = [heard(beat, reply) for beat in BEATS.values() for reply in replies()["formula"]]
    assert found.count("missed") >= 0.9 * len(found)


def test_plain_spoken_skill_is_met_at_least_three_times_in_four() -> None:
    found = list(skilled())
    missed = [(beat, opportunity, reply) for beat, opportunity, reply in found if opportunity != "met"]
    assert len(missed) <= 0.25 * len(found), missed


@pytest.mark.parametrize("beat_id", [beat.id for beat in PERSONA.beats() if beat.better])
def test_every_worked_reply_is_met_or_partly_met_without_harm(beat_id: str) -> None:
    assert "missed" not in [heard(BEATS[beat_id], better.reply) for better in BEATS[beat_id].better]


def test_most_worked_replies_are_met() -> None:
    found = [heard(beat, better.reply) for beat in BEATS.values() for better in beat.better]
    assert found.count("met") >= 0.8 * len(found)
