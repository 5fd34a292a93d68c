"""Programs that the fault tests start as processes of their own: each keeps calls, and says what it was told is kept.

python -m tests.store.victims killed DATABASE KILLS SEED    is killed, again and again, while it keeps a call
python -m tests.store.victims writer DATABASE NAME SECONDS  keeps replies as fast as it can
python -m tests.store.victims full DATABASE                 meets a disk that has no room, at each kind of commit
python -m tests.store.victims tells DATABASE NAME           keeps a few replies, and tells each
"""

from __future__ import annotations

import json
import os
import random
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from roleplay.errors import NotSaved
from roleplay.store.database import connect_to_write
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import ending, line, opening, play_on, reply, session, tried_again


def killed(database: str, kills: str, seed: str) -> None:
    """For each kill print the name of the call and what was acknowledged before."""
    chance = random.Random(int(seed))
    connect_to_write(Path(database)).close()
    for number in range(int(kills)):
        name = f"killed-{seed}-{number}"
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            _keep_for_ever(database, name, writer)
        os.close(writer)
        if number % 2:  # else the kill may come before anything was done at all
            select.select([reader], [], [])
        time.sleep(chance.uniform(0.0, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reader) as acknowledged:
            print(json.dumps([name, acknowledged.read().split()]))


def _keep_for_ever(database: str, name: str, told: int) -> None:
    for step in play_on(Transcripts(Path(database)), name):
        os.write(told, f"{step}\n".encode())


def writer(database: str, name: str, seconds: str) -> None:
    """Print how many replies were acknowledged."""
    with Transcripts(Path(database), busy_timeout=30) as store:
        store.begin(session(name), opening(name))
        end, turn = time.monotonic() + float(seconds), 0
        while time.monotonic() < end:
            turn += 1
            store.keep_reply(reply(name, turn))
            store.keep_line(line(name, turn + 1))
    print(turn)


def full(database: str) -> None:
    """Print for each commit whether it was refused before there was room; all are repeated until they are kept."""
    store = Transcripts(Path(database))
    log = Path(database + "-wal")
    refused: list[str] = []

    def keep(what: str, act: Callable[[], None], room: int) -> None:
        size = log.stat().st_size if log.exists() else 0
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, resource.RLIM_INFINITY))
        try:
            act()
            kept = True
        except NotSaved:
            refused.append(what)
            kept = False
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if not kept:
            act()

    for number, room in enumerate((0, 1000, 4096, 9000, 14000, 20000)):
        name = f"full-{number}"
        keep("begin", lambda name=name: store.begin(session(name), opening(name)), room)
        for turn in range(1, 4):
            keep("draft", lambda name=name: store.keep_draft(name, "It sounds frightening. " * 99), room)
            keep("reply", lambda name=name, turn=turn: store.keep_reply(reply(name, turn)), room)
            keep("line", lambda name=name, turn=turn: store.keep_line(line(name, turn + 1)), room)
        keep("branch", lambda name=name: store.begin_branch(tried_again(name, 1, 3)), room)
        keep("ending", lambda name=name: store.keep_ending(ending(name, 1), 50.0), room)
    print(json.dumps(refused))


def tells(database: str, name: str) -> None:
    """Keep a few replies; each is told on stdout once it is acknowledged."""
    with Transcripts(Path(database)) as store:
        store.begin(session(name), opening(name))
        os.write(1, b"KEPT\n")
        for turn in range(1, 6):
            store.keep_reply(reply(name, turn))
            os.write(1, b"KEPT\n")
            store.keep_line(line(name, turn + 1))
            os.write(1, b"KEPT\n")


if __name__ == "__main__":
    {"killed": killed, "writer": writer, "full": full, "tells": tells}[sys.argv[1]](*sys.argv[2:])
