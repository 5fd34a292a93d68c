"""Work on several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roleplay.cli.processes import AHEAD, chunks, in_order
from roleplay.errors import RoleplayError

SCORE = [sys.executable, "-c", "from roleplay.cli.main import main; main()", "score"]
LINE = b'{"id": 1, "reply": "Stay in the car, belt on. I am staying with you until the truck is there."}\n'


def test_results_come_in_order_and_little_is_read_ahead() -> None:
    read: list[int] = []

    def given() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    with closing(in_order(abs, given(), 2)) as work:
        first = next(work)
        assert len(read) <= 2 * AHEAD + 1
        assert [first, *work] == list(range(100))


def test_one_process_does_it_here_and_now() -> None:
    assert list(in_order(lambda number: number + 1, [1, 2], 1)) == [2, 3]
    assert list(chunks([1, 2, 3], 2)) == [[1, 2], [3]]


def test_a_process_that_is_killed_is_told_of_in_a_sentence() -> None:
    with pytest.raises(RoleplayError, match="ended from outside"):
        list(in_order(os._exit, [1], 2))


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    path = tmp_path / "long.jsonl"
    path.write_bytes(LINE * 20_000)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
@pytest.mark.parametrize("how", ["ctrl-c", "killed"])
def test_no_process_is_left_behind(long_file: Path, how: str) -> None:
    process = subprocess.Popen(
        [*SCORE, str(long_file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    process.stdout.readline()
    if how == "ctrl-c":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.kill()
    _, said = process.communicate(timeout=20)  # the pipes end when the last process that holds them has ended
    if how == "ctrl-c":
        assert (process.returncode, said.split()) == (130, [b"Stopped."])
