"""What a trainee's progress takes: worked out from 5,000 replies, and as a whole process over a month of practice."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from benchmarks.startup import against_pass
from roleplay.practice.calls import now
from roleplay.practice.days import read_time
from roleplay.practice.drills.schedule import Schedule
from roleplay.practice.progress import Given, progress_of
from tests.practice.month import call, keep_month, noon, row

REPLIES, CALLS = 5_000, 400
ROUNDS = 5


def run() -> dict[str, float]:
    """The median CPU time in milliseconds, with the schedule of drills, and the ratio to `python -c pass`."""
    with tempfile.TemporaryDirectory() as folder:
        keep_month(Path(folder) / "transcripts" / "roleplay.db", today=date.fromisoformat(now()[:10]))
        script = str(Path(sys.executable).with_name("roleplay"))
        ms, times = against_pass([script, "progress", "--trainee", "sam", "--workspace", folder])
    return {"cpu_of_5000_replies_ms": worked_out(), "progress_ms": ms, "progress_times_pass": times}


def worked_out() -> float:
    """The median CPU time in milliseconds of working it out from `REPLIES` replies of a year."""
    chance = Random(1)
    days = sorted((chance.random() * 365 for _ in range(REPLIES)), reverse=True)
    rows = [
        row(ago, [chance.choice((None, 0, 1, 2)) for _ in range(5)], moment=f"m{chance.randrange(99)}", persona=who)
        for ago, who in zip(days, chance.choices([f"persona-{n}" for n in range(8)], k=REPLIES), strict=True)
    ]
    calls = [call(365 - n * 365 / CALLS, chance.random() * 100, rating=chance.randrange(5)) for n in range(CALLS)]
    at, taken = read_time(noon(0)), []
    assert at is not None
    for _ in range(ROUNDS):
        begun = process_time()
        comes_back = {(each.item.persona, each.item.moment): each.day for each in Schedule(rows)}
        progress_of("sam", Given(rows, calls), at, comes_back=comes_back)
        taken.append(process_time() - begun)
    return round(1000 * median(taken), 1)


if __name__ == "__main__":
    print(run())
