"""Synthetic trainees: months of practice of somebody whose skill changes, or does not."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp
from random import Random

from roleplay.persona.fields import DIMENSIONS
from roleplay.practice.trends import Dated
from tests.practice.month import TODAY, row

PERSONAS, MOMENTS = 8, 11


def months(seed: int, days: int = 30, *, gain: float = 0.0, easy_first: bool = True) -> tuple[list[Dated], date]:
    """What somebody practised on the `days` before that date, who comes by `gain` in logits from the first to the last.

    A call every fourth day and six drills on most: what was missed comes back after 1, 3, 7 and 20 days before anything
    new does, as in real drills, and with `easy_first` the new ones get harder. Moments differ in difficulty, and days
    are better or worse as a whole.
    """
    chance = Random(seed)
    moments = [(persona, moment) for persona in range(PERSONAS) for moment in range(MOMENTS)]
    hard = {place: chance.gauss(0, 1.2) + 0.25 * easy_first * (place[0] - 3.5) for place in moments}
    called = {place: [chance.random() < 0.6 for _ in DIMENSIONS] for place in moments}
    fresh = list(moments)
    if not easy_first:
        chance.shuffle(fresh)
    skill = chance.gauss(-0.5, 0.5)
    steps: dict[tuple[int, int], int] = {}
    due: dict[tuple[int, int], int] = {}
    told: list[Dated] = []
    for day in range(days):
        if chance.random() < 0.2:
            continue
        today = skill + gain * day / days + chance.gauss(0, 0.3)
        back = sorted((place for place in due if due[place] <= day), key=lambda place: due[place])[:4]
        drilled = [*back, *(fresh.pop(0) for _ in range(min(6 - len(back), len(fresh))))]
        persona = chance.randrange(PERSONAS)
        calls = [(persona, moment) for moment in range(7)] if day % 4 == 0 else []
        for source, place in (*(("call", place) for place in calls), *(("drill", place) for place in drilled)):
            share = 1 / (1 + exp(hard[place] - today))
            levels = [_level(share, chance) if each else None for each in called[place]]
            known = [level for level in levels if level is not None]
            reached = sum(known) / (2 * len(known)) if known else 1.0
            if source == "drill":
                step = steps.get(place, -1)
                steps[place] = 0 if reached < 0.5 else max(step, 0) if reached < 0.75 else step + 1
                due[place] = day + (1, 3, 7, 20, 40)[min(steps[place], 4)]
            ago = days - day
            each = row(ago, levels, source=source, persona=f"persona-{place[0]}", moment=f"moment-{place[1]}")
            told.append((TODAY - timedelta(days=ago), each))
    return told, TODAY


def _level(share: float, chance: Random) -> int:
    drawn = chance.random()
    return 2 if drawn < share**1.5 else 1 if drawn < share**0.6 else 0
