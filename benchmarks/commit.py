"""What it costs to keep a turn, against the least a disk can do: 4 KiB appended and fdatasync."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import line, opening, reply, session

ROUNDS = 300
CALLS = 30


def run() -> dict[str, float]:
    """Medians in milliseconds, of one run in which the three take turns; `times_bare` is reply against bare."""
    bare, replies, lines = [], [], []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        descriptor = os.open(Path(folder, "bare"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        block = os.urandom(4096)
        with Transcripts(Path(folder, "roleplay.db")) as store:
            for number in range(ROUNDS):
                name = f"call-{number // CALLS:04}"
                turn = number % CALLS + 1
                if turn == 1:
                    store.begin(session(name), opening(name))
                kept, said = reply(name, turn), line(name, turn + 1)
                start = perf_counter()
                os.write(descriptor, block)
                os.fdatasync(descriptor)
                bare.append(perf_counter() - start)
                start = perf_counter()
                store.keep_reply(kept)
                replies.append(perf_counter() - start)
                start = perf_counter()
                store.keep_line(said)
                lines.append(perf_counter() - start)
        os.close(descriptor)
    figures = {"bare_ms": median(bare), "reply_ms": median(replies), "line_ms": median(lines)}
    return {name: round(1000 * seconds, 3) for name, seconds in figures.items()} | {
        "times_bare": round(median(replies) / median(bare), 2),
        "slowest_reply_ms": round(1000 * max(replies), 3),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
