"""What it costs to start, as whole processes: commands against `python -c pass`, paired in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import ending, line, opening, reply, session

ROUNDS = 25
SESSIONS = 200


def run() -> dict[str, float]:
    """Medians in milliseconds, and the median of the ratios taken pair by pair."""
    script = str(Path(sys.executable).with_name("roleplay"))
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        help_ms, help_times = against_pass([script, "--help"])
        list_ms, list_times = against_pass([script, "transcripts", "list", "--workspace", folder])
    return {
        "help_ms": help_ms,
        "help_times_pass": help_times,
        "transcripts_list_ms": list_ms,
        "transcripts_list_times_pass": list_times,
    }


def fill(workspace: Path) -> None:
    """Keep a few hundred short calls in `workspace`."""
    with Transcripts(workspace / "transcripts" / "roleplay.db") as store:
        for number in range(SESSIONS):
            name = f"call-{number:04}"
            store.begin(session(name), opening(name))
            store.keep_line(line(name, 1))
            store.keep_reply(reply(name, 1))
            store.keep_ending(ending(name), 50.0)


def against_pass(command: list[str], rounds: int = ROUNDS) -> tuple[float, float]:
    """The median milliseconds of a whole process, and how many times `python -c pass` it takes, taken by turns."""
    times, ratios = [], []
    for _ in range(rounds + 1):
        bare, timed = _seconds([sys.executable, "-c", "pass"]), _seconds(command)
        times.append(timed)
        ratios.append(timed / bare)
    return round(1000 * median(times[1:]), 1), round(median(ratios[1:]), 2)


def _seconds(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ.copy())
    return perf_counter() - start
