"""A long call that was answered again very often: `python -m benchmarks.rewinding [TURNS] [TRIES]` (200 and 50).

Keeps the same call three times: as it was, with one try, and with all of them, each from a turn of its own and 1 to 60
replies long. Times by turns, in one run: opening the call (loading it, and its debrief), loading it alone, loading a
try, and comparing (loading both and comparing them). Prints medians, and how many times what they are without tries.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

from msgspec.structs import replace

from roleplay.conversation.again import rewound
from roleplay.conversation.state import CustomerState
from roleplay.practice.compare import compared
from roleplay.practice.debrief import debrief_of
from roleplay.store.rows import TABLES
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import AT, SAYS, ending, line, opening, reply, session, state

TURNS, TRIES = 200, 50
LONGEST = 60
ROUNDS = 60
"""Of everything; a fourth of them where a debrief is made, which takes long."""
CALL = "long-call"

Rows = dict[str, list[tuple[object, ...]]]


def keep_long_call(store: Transcripts, turns: int) -> None:
    """Keep a call of so many turns, with a mind that remembers all that was said."""
    store.begin(session(CALL), opening(CALL))
    store.keep_line(line(CALL, 1))
    for turn in range(1, turns + 1):
        _say(store, 0, turn, "")
    store.keep_ending(ending(CALL), 62.5)


def answer_again(store: Transcripts, turns: int, tries: int, seed: int = 7) -> None:
    """Answer the call again so often, each time from another turn; the first ones are the same however many follow."""
    chance = random.Random(seed)
    whole, order = store.load(CALL), chance.sample(range(1, turns + 1), turns)
    for number, turn in enumerate(order[:tries]):
        shorter, begun = rewound(replace(whole, newest=number), turn, AT)
        store.begin_branch(begun)
        for later in range(turn, turn + chance.randint(1, LONGEST)):
            _say(store, shorter.branch, later, f"Again ({number}): ")


def rows_of(path: Path) -> Rows:
    """All rows of the database, by table, in their order."""
    with closing(sqlite3.connect(path)) as connection:
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY n").fetchall() for table in TABLES}


def _say(store: Transcripts, branch: int, turn: int, again: str) -> None:
    said = reply(CALL, turn, f"{again}I am with you, and I heard that. ({turn})", branch=branch)
    store.keep_reply(replace(said, state=_mind(turn)))
    store.keep_line(line(CALL, turn + 1, f"{again}{SAYS} ({turn})", branch=branch))


def _mind(turn: int) -> CustomerState:
    return replace(state(turn), lines_used=tuple(f"{each:016x}" for each in range(turn)))


class Place:
    """A database with the call and so many tries of it, and what is timed there."""

    def __init__(self, folder: Path, turns: int, tries: int) -> None:
        self.store = Transcripts(folder / f"{tries}.db")
        keep_long_call(self.store, turns)
        answer_again(self.store, turns, tries)

    def loaded(self) -> None:
        """The call alone."""
        self.store.load(CALL)

    def opened(self) -> None:
        """The call with its debrief, as the app shows it."""
        debrief_of(self.store.load(CALL))

    def tried(self) -> None:
        """The first try, which is there with one try and with all of them."""
        self.store.load(CALL, 1)

    def compared(self) -> None:
        """The first try beside the call."""
        compared(self.store.load(CALL), self.store.load(CALL, 1))


def run(turns: int = TURNS, tries: int = TRIES, rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds, and ratios: `…_times` compares with the same call without tries, or with the first try alone."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".rewinding-") as folder:
        none, one, many = (Place(Path(folder), turns, number) for number in (0, 1, tries))
        timed: dict[str, tuple[Callable[[], None], ...]] = {
            "load": (none.loaded, many.loaded),
            "open": (none.opened, many.opened),
            "compare": (one.compared, many.compared),
            "load_a_try": (one.tried, many.tried),
            "try_against_call": (none.loaded, many.tried),
            "compare_against_open": (none.opened, many.compared),
        }
        figures: dict[str, float] = {}
        for name, works in timed.items():
            times: list[list[float]] = [[] for _ in works]
            for _ in range(rounds // 4 if "open" in name else rounds):
                for work, taken in zip(works, times, strict=True):
                    began = perf_counter()
                    work()
                    taken.append(perf_counter() - began)
            without, with_all = map(median, times)
            figures |= {f"{name}_ms": round(1000 * with_all, 2), f"{name}_times": round(with_all / without, 2)}
        for place in (none, one, many):
            place.store.close()
    return figures


if __name__ == "__main__":
    for key, figure in run(*map(int, sys.argv[1:3])).items():
        print(f"{key:28} {figure:10g}")
