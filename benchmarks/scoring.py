"""What the offline scorer costs: milliseconds a reply on one core, milliseconds to load, replies a second in bulk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.labelled import DATA, MORE, load
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

LOADS = 9
LOAD = """
from time import process_time
import asyncio, click, msgspec, yaml
begun = process_time()
from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
scorer = OfflineScorer(default_rubric())
scorer.judge(Occasion(feeling="afraid", unspoken="not to be alone"), [Message("customer", "Is it far?")], "I'm here.")
print(process_time() - begun)
"""


def run() -> dict[str, float]:
    """Processor time a reply and to load, and replies a second of `roleplay score` with one and with two processes."""
    items = [item for path in (DATA, MORE) for item in load(path)]
    scorer = OfflineScorer(default_rubric())
    scorer.judge(items[0].occasion, items[0].history, items[0].reply)
    seconds = []
    for item in items:
        begun = process_time()
        scorer.judge(item.occasion, item.history, item.reply)
        seconds.append(process_time() - begun)
    percentiles = quantiles(seconds, n=100)
    loads = [float(subprocess.check_output([sys.executable, "-c", LOAD])) for _ in range(LOADS)]
    one, two = _in_bulk(1), _in_bulk(2)
    return {
        "reply_p50_ms": round(1000 * percentiles[49], 2),
        "reply_p95_ms": round(1000 * percentiles[94], 2),
        "load_ms": round(1000 * median(loads), 1),
        "replies_a_second_one_process": round(one),
        "replies_a_second_two_processes": round(two),
    }


def _in_bulk(processes: int) -> float:
    """Replies a second of a whole `roleplay score` on so many cores."""
    lines = MORE.read_bytes().splitlines(keepends=True) * 2
    usable = sorted(os.sched_getaffinity(0))[:processes]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "replies.jsonl"
        path.write_bytes(b"".join(lines))
        begun = perf_counter()
        subprocess.run(
            [sys.executable, "-m", "roleplay", "score", str(path)],
            stdout=subprocess.DEVNULL,
            check=True,
            preexec_fn=lambda: os.sched_setaffinity(0, usable),
        )
        return len(lines) / (perf_counter() - begun)
