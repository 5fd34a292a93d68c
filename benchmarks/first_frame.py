"""How soon the app is there: its first frame, and the gallery to choose from, against a bare Textual app."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.startup import fill
from benchmarks.terminal import Terminal

ROUNDS = 15
FIRST, USABLE = "Roleplay", "Stuck where the ramp splits off"


def run() -> dict[str, float]:
    """Medians in milliseconds over fresh processes, and the medians of the ratios taken pair by pair."""
    ours = [str(Path(sys.executable).with_name("roleplay")), "--workspace"]
    bare_ms, first_ms, usable_ms = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        for _ in range(ROUNDS + 1):
            with Terminal([sys.executable, "-m", "benchmarks.bare_app"]) as terminal:
                bare_ms.append(1000 * terminal.shown("ready"))
            with Terminal([*ours, folder], XDG_CACHE_HOME=folder, XDG_CONFIG_HOME=folder) as terminal:
                first_ms.append(1000 * terminal.shown(FIRST))
                usable_ms.append(1000 * terminal.shown(USABLE))
    pairs = list(zip(bare_ms, first_ms, usable_ms, strict=True))[1:]
    return {
        "bare_app_ms": round(median(bare for bare, _, _ in pairs), 0),
        "first_frame_ms": round(median(first for _, first, _ in pairs), 0),
        "usable_ms": round(median(usable for _, _, usable in pairs), 0),
        "first_frame_times_bare": round(median(first / bare for bare, first, _ in pairs), 2),
        "usable_times_bare": round(median(usable / bare for bare, _, usable in pairs), 2),
    }
