"""All speed figures with their bounds: `make bench`. Ratios are taken in one run; the machine may be noisy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from benchmarks import (
    commit,
    desk,
    first_frame,
    first_word,
    keystroke,
    progress,
    rehearsing,
    rewinding,
    scoring,
    startup,
    streaming,
    tokens,
    turn,
)

Figures = dict[str, float]

BOUNDS: dict[str, tuple[Callable[[], Figures], dict[str, float]]] = {
    "start": (startup.run, {"help_times_pass": 5.0, "transcripts_list_times_pass": 6.0}),
    "offline turn": (turn.run, {"p50_ms": 8.0, "p95_ms": 20.0}),
    "scorer": (scoring.run, {"reply_p50_ms": 5.0, "load_ms": 150.0}),
    "rehearsing": (rehearsing.run, {"calls_growth": 1.2, "files_growth": 1.2}),
    "commit of a turn": (commit.run, {"times_bare": 4.0}),
    "desk": (
        partial(desk.run, 10_000),
        {
            "first_page_growth": 1.2,
            "opened_growth": 1.2,
            "database_times_stored": 2.0,
            "list_times_pass": 6.0,
            "search_times_pass": 7.0,
        },
    ),
    "progress": (progress.run, {"cpu_of_5000_replies_ms": 200.0, "progress_times_pass": 10.0}),
    "rewinding": (rewinding.run, {"load_times": 1.2, "open_times": 1.2, "compare_times": 1.2, "load_a_try_times": 1.2}),
    "first frame": (first_frame.run, {"first_frame_times_bare": 1.2, "usable_times_bare": 1.5}),
    "keystroke": (keystroke.run, {"long_times_empty": 1.2}),
    "streaming": (streaming.run, {"many_times_few": 1.3}),
    "first word": (
        first_word.run,
        {
            "added_to_first_word_ms": 10.0,
            "enter_to_request_p95_ms": 15.0,
            "enter_to_request_first_turn_ms": 15.0,
            "blocked_in_a_turn_ms": 50.0,
            "blocked_while_warming_ms": 50.0,
        },
    ),
    "tokens of a call": (
        tokens.run,
        {f"{call}_times_naive": 0.25 for call in ("20_turns_in_128k", "200_turns_in_128k", "200_turns_in_8k")},
    ),
}
"""What is measured, and the greatest figure that is good enough."""


def main() -> int:
    """Print every figure; the exit code is 1 if one is out of bounds."""
    over = 0
    for name, (run, bounds) in BOUNDS.items():
        print(name, flush=True)
        for key, figure in run().items():
            bound = bounds.get(key)
            over += bound is not None and figure > bound
            verdict = "" if bound is None else f"   at most {bound:g}: {'yes' if figure <= bound else 'NO'}"
            print(f"  {key:30} {figure:10g}{verdict}", flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
