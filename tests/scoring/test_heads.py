"""From values to levels: where the cuts lie depends on where a reply is given, and between them the order is kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from roleplay.persona.loading import load_persona
from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.heads import Head, shipped
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

HEAD = Head(base=0.0, cuts={"moment": (1.0, 2.0), "at stake": (1.0, 2.0), "bare": (3.0, 4.0)}, weights={})
SAYS = [Message("customer", "The letters still go to the old flat.")]


@pytest.mark.parametrize(
    ("value", "near"), [(-9.0, -0.5), (0.5, 0.0), (1.0, 0.5), (1.5, 1.0), (2.0, 1.5), (2.5, 2.0), (99.0, 2.5)]
)
def test_a_cut_lies_half_way_between_two_levels(value: float, near: float) -> None:
    assert HEAD.near(value, "moment") == pytest.approx(near)


def test_a_reply_without_a_moment_has_cuts_of_its_own() -> None:
    given = shipped()
    harm = given.heads["harm"]
    strict = msgspec.structs.replace(harm, cuts={**harm.cuts, "bare": (-9.0, 99.0)})
    scorer = OfflineScorer(default_rubric(), msgspec.structs.replace(given, heads={**given.heads, "harm": strict}))
    moment = Occasion(id="letter", feeling="tired", spoken="to have the letters sent to the new flat")
    reply = "From today the letters go to the new flat."
    assert (scorer.judge(Occasion(), SAYS, reply).harm, scorer.judge(moment, SAYS, reply).harm) == (1, 0)


def test_nothing_but_procedure_passes_over_a_danger_however_it_is_worded() -> None:
    persona = load_persona(Path(__file__).parents[2] / "personas" / "stranded-driver.yaml")
    grass = next(beat for beat in persona.beats() if "if I timed it" in beat.says)
    history = [
        Message("customer", persona.customer.opening),
        Message("trainee", "Stay in the car with your belt on. I'm sending the patrol now, and I'm staying with you."),
        Message("customer", grass.says),
    ]
    found = OfflineScorer(default_rubric()).judge(
        Occasion.at(persona, grass), history, "What is your membership number?"
    )
    assert found.harm == 2
