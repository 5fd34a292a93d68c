"""A coach's desk over very many calls: `python -m benchmarks.desk [CALLS]` (100,000 by default, of 20 turns each).

Fills two workspaces, a small one and a large one, and times the same things in both by turns: the first page of the
queue, opening a call, searching, the report, and whole processes against `python -c pass`.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import msgspec

from benchmarks.labelled import DATA
from benchmarks.startup import against_pass
from roleplay.conversation.judging import Verdict
from roleplay.conversation.reviewing import Comment, Dispute, Mark
from roleplay.conversation.turns import KeptReply, KeptVerdict, SessionRecord
from roleplay.review.desk import Desk
from roleplay.scoring.assessment import Assessment, Flags
from roleplay.scoring.items import LabelledItem, lines_of, read_item
from roleplay.store import records
from roleplay.store.database import connect_to_write
from roleplay.store.review_rows import row_of
from roleplay.store.reviews import Reviews, Wanted
from roleplay.store.rows import Row, checksum, insertion
from roleplay.store.search import search
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import assessment, ending, line, opening, reply, session

CALLS = 100_000
FEW = 1_000
TURNS = 20
ROUNDS = 200
PROCESSES = 15
TRAINEES = 400
PERSONAS = 8
_BATCH = 500
_WORDS = ("truck", "sorry", "ramp safe", "weather", "the", "promise to call")
_START = datetime(2026, 1, 1, tzinfo=UTC)

Rows = Iterator[tuple[str, Row]]


def fill(database: Path, calls: int, seed: int = 7, tell: Callable[[int], None] = lambda _: None) -> int:
    """Keep `calls` calls at `database` as sessions keep them, and return the bytes of what was put into the rows."""
    chance = random.Random(seed)
    said = [read_item(raw, LabelledItem).said for _, raw in lines_of(DATA)]
    stored = number = 0
    with closing(connect_to_write(database)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # it is only the filling that may be lost
        for begun in range(0, calls, _BATCH):
            connection.execute("BEGIN IMMEDIATE")
            for index in range(begun, min(begun + _BATCH, calls)):
                for table, values in _rows_of_call(index, chance, said):
                    number += 1
                    row = (number, *values)
                    connection.execute(insertion(table), (*row, checksum(table, row)))
                    stored += sum(len(value.encode()) if isinstance(value, str) else 8 for value in row)
            connection.execute("COMMIT")
            tell(begun)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return stored


def _rows_of_call(index: int, chance: random.Random, said: list[str]) -> Rows:
    """All rows of one call, in the order of time; every eighth call brings a new persona until all were played."""
    name = f"{chance.getrandbits(64):016x}"
    record = _record(name, index, chance)
    script = records.script_row(record.script)
    if index < PERSONAS:
        yield "scripts", script
    yield "sessions", records.session_row(record, str(script[0]))
    yield "openings", records.opening_row(opening(name))
    yield "lines", records.line_row(line(name, 1, chance.choice(said)))
    judged = chance.random() < 0.1
    for turn in range(1, TURNS + 1):
        kept = _reply(name, turn, chance, said)
        yield "replies", records.reply_row(kept)
        yield "lines", records.line_row(line(name, turn + 1, chance.choice(said)))
        if judged:
            yield "verdicts", records.verdict_row(_verdict(kept, chance), None)
    yield "endings", records.ending_row(ending(name), round(chance.uniform(0, 100), 1))
    yield "self_ratings", (name, chance.randrange(5), record.started)
    yield from _review(name, chance, said)


def _record(name: str, index: int, chance: random.Random) -> SessionRecord:
    started = (_START + timedelta(minutes=5 * index)).isoformat(timespec="milliseconds")
    trainee = f"trainee-{chance.randrange(TRAINEES):03}"
    return session(name, trainee=trainee, started=started, title=f"The ramp, part {index % PERSONAS}")


def _reply(name: str, turn: int, chance: random.Random, said: list[str]) -> KeptReply:
    text = chance.choice(said)
    return msgspec.structs.replace(reply(name, turn, text), assessment=_assessment(text, chance))


def _assessment(text: str, chance: random.Random) -> Assessment:
    made = assessment(text)
    scores = {name: None if level is None else chance.randrange(3) for name, level in made.scores.items()}
    return msgspec.structs.replace(
        made,
        scores=scores | {"harm": int(chance.random() < 0.05)},
        overall=chance.randrange(5),
        opportunity=chance.choice(("met", "partly", "missed")),
        unsure=chance.random() < 0.01,
        flags=Flags(safety=chance.random() < 0.001),
    )


def _verdict(kept: KeptReply, chance: random.Random) -> KeptVerdict:
    verdict = Verdict(standing="verified", assessment=_assessment(kept.text, chance), model="some-model", raw="{}")
    return KeptVerdict(
        session=kept.session, branch=0, turn=kept.turn, attempt=1, verdict=verdict, state=None, at=kept.at
    )


def _review(name: str, chance: random.Random, said: list[str]) -> Rows:
    def ident() -> str:
        return f"{chance.getrandbits(64):016x}"

    at = _START.isoformat()
    if chance.random() < 0.2:
        text = chance.choice(said)
        comment = Comment(id=ident(), session=name, branch=0, turn=3, side="trainee", text=text, coach="Kim", at=at)
        yield "comments", row_of(comment)
    if chance.random() < 0.01:
        text = chance.choice(said)
        yield "disputes", row_of(Dispute(id=ident(), session=name, branch=0, turn=2, text=text, trainee="t", at=at))
    if chance.random() < 0.5:
        yield "marks", row_of(Mark(id=ident(), session=name, coach="Kim", at=at))


class Place:
    """A workspace that was filled, and what is timed in it."""

    def __init__(self, folder: Path, calls: int) -> None:
        self.folder, self.calls = folder, calls
        self.database = folder / "transcripts" / "roleplay.db"
        self.database.parent.mkdir(parents=True)
        began = perf_counter()
        self.stored = fill(self.database, calls, tell=self._tell)
        print(f"  {calls:,} calls filled in {perf_counter() - began:.0f} s", file=sys.stderr)
        self.desk = Desk(Transcripts(self.database), Reviews(self.database), "Kim", lambda: _START.isoformat())
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute("SELECT id FROM sessions WHERE n % 7 = 0 LIMIT 5000").fetchall()
        self.ids = [str(row[0]) for row in rows]

    def _tell(self, done: int) -> None:
        if done % 10_000 == 0 and sys.stderr.isatty():
            print(f"\r  {done:,} of {self.calls:,} calls", end="", file=sys.stderr, flush=True)

    def first_page(self, chance: random.Random) -> None:
        """What the queue shows first."""
        self.desk.reviews.counts()
        assert len(self.desk.reviews.queue(Wanted(), 50)) == 50

    def filtered(self, chance: random.Random) -> None:
        """The queue of one trainee."""
        self.desk.reviews.queue(Wanted(trainee=f"trainee-{chance.randrange(TRAINEES):03}"), 50)

    def opened(self, chance: random.Random) -> None:
        """A call with everything in it."""
        assert len(self.desk.open(chance.choice(self.ids)).transcript.replies) == TURNS

    def searched(self, chance: random.Random) -> None:
        """The newest hits of something common or rare."""
        with self.desk.transcripts.snapshot() as connection:
            assert connection is not None
            search(connection, chance.choice(_WORDS), 20)


def run(calls: int = CALLS) -> dict[str, float]:
    """Milliseconds (p50 and p95) with `calls` calls, and how many times what they are with a thousand."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".desk-") as folder:
        few, many = Place(Path(folder, "few"), min(FEW, calls)), Place(Path(folder, "many"), calls)
        figures = _timed(few, many)
        size = many.database.stat().st_size
        figures["database_times_stored"] = round(size / many.stored, 2)
        figures["database_gb"] = round(size / 1e9, 2)
        script = str(Path(sys.executable).with_name("roleplay"))
        place = ["--workspace", str(many.folder)]
        for name, command in (
            ("list", ["transcripts", "list", *place]),
            ("search", ["transcripts", "search", "truck", *place]),
        ):
            milliseconds, times = against_pass([script, *command], PROCESSES)
            figures |= {f"{name}_ms": milliseconds, f"{name}_times_pass": times}
        few.desk.close()
        many.desk.close()
        shutil.rmtree(many.folder)
    return figures


def _timed(few: Place, many: Place) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name in ("first_page", "filtered", "opened", "searched"):
        small, large = [], []
        for again in (False, True):  # what comes from the disk for the first time is not what is compared
            for number in range(ROUNDS):
                for place, times in ((few, small), (many, large)):
                    chance = random.Random(number)
                    began = perf_counter()
                    getattr(place, name)(chance)
                    if again:
                        times.append(perf_counter() - began)
        figures[f"{name}_p50_ms"] = round(1000 * median(large), 2)
        figures[f"{name}_p95_ms"] = round(1000 * quantiles(large, n=20)[-1], 2)
        figures[f"{name}_growth"] = round(median(large) / median(small), 2)
    return figures


if __name__ == "__main__":
    for key, figure in run(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS).items():
        print(f"{key:28} {figure:10g}")
