"""How soon a letter stands in the reply box after its key: with 200 messages above it, against an empty call."""

from __future__ import annotations

import string
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from statistics import median, quantiles

from benchmarks.terminal import Terminal
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import keep_call

MESSAGES = 200
ROUNDS = 12
FRAME = 1 / 60
"""Seconds between two pictures of the app."""
LETTERS = string.ascii_lowercase
_CLEAR, _EMPTY = "\x15", "Your reply."


def run() -> dict[str, float]:
    """Milliseconds from a key to the bytes that draw its letter; the two calls take turns, key by key."""
    with ExitStack() as stack:
        long, empty = (stack.enter_context(_call(replies)) for replies in (MESSAGES // 2, 0))
        pairs, pauses = [], Random(7)
        for _ in range(ROUNDS):
            pairs += [(_milliseconds(long, letter, pauses), _milliseconds(empty, letter, pauses)) for letter in LETTERS]
            for each in (long, empty):
                each.press(_CLEAR, _EMPTY)
    long_ms, empty_ms = zip(*pairs, strict=True)
    return {
        "empty_p50_ms": round(median(empty_ms), 2),
        "long_p50_ms": round(median(long_ms), 2),
        "long_p95_ms": round(quantiles(long_ms, n=20)[18], 2),
        "long_times_empty": round(median(long_ms) / median(empty_ms), 2),
    }


@contextmanager
def _call(replies: int) -> Iterator[Terminal]:
    """The app in a call that was cut short after so many replies."""
    with tempfile.TemporaryDirectory() as folder:
        with Transcripts(Path(folder, "transcripts", "roleplay.db")) as store:
            keep_call(store, "call-0001", replies, ended=False)
        script = str(Path(sys.executable).with_name("roleplay"))
        with Terminal([script, "--workspace", folder, "--trainee", "sam"]) as terminal:
            terminal.shown("Go on:")
            terminal.press("\r", _EMPTY)
            yield terminal


def _milliseconds(terminal: Terminal, letter: str, pauses: Random) -> float:
    time.sleep(pauses.uniform(0, FRAME))  # keys that come in step with the frames always meet them at one point
    return 1000 * terminal.press(letter, letter)
