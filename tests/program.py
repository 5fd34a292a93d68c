"""Runs the real program in a process of its own, with what is given on standard input, to its end."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO

Ran = subprocess.CompletedProcess[bytes]

PROGRAM = [sys.executable, "-m", "roleplay"]
ROOT = Path(__file__).parents[1]


def environment(**changes: str) -> dict[str, str]:
    """What a run of the program finds in its environment: nothing of who runs the tests, and `changes`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ROLEPLAY")}
    return {**kept, "ROLEPLAY_LOOK": "none", **changes}


def run(*arguments: str, given: bytes = b"", folder: Path | None = None, together: bool = False, **changes: str) -> Ran:
    """Run `roleplay` with `arguments` in a process forked from one that has imported it.

    `together`: both outputs are one, as at a terminal.
    """
    return _forking().run(arguments, given, folder or Path.cwd(), environment(**changes), together)


def run_afresh(*arguments: str, given: bytes = b"", folder: Path | None = None, **changes: str) -> Ran:
    """Run `roleplay` with `arguments` in a Python that is started for it: with its own imports, and its own hashes."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=given,
        capture_output=True,
        cwd=folder,
        env=environment(**changes),
        timeout=60,
        check=False,
    )


@cache
def _forking() -> _Forking:
    return _Forking()


class _Forking:
    """The process of `tests.forking`, which ends with the one that has made this."""

    def __init__(self) -> None:
        self._asking, asked = socket.socketpair()
        self._one_at_a_time = threading.Lock()
        with asked:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forking", str(asked.fileno())],
                cwd=ROOT,
                env=environment(),
                pass_fds=[asked.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._answers = self._asking.makefile("rb")
        atexit.register(self._end)

    def run(
        self, arguments: Sequence[str], given: bytes, folder: Path, settings: Mapping[str, str], together: bool
    ) -> Ran:
        """Run the program once, for a minute at most."""
        request = json.dumps({"arguments": arguments, "folder": str(folder), "environment": settings}).encode()
        with self._one_at_a_time, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            reads, writes = os.pipe()
            socket.send_fds(
                self._asking, [f"{len(request):8}".encode()], [reads, out.fileno(), (out if together else err).fileno()]
            )
            os.close(reads)
            self._asking.sendall(request)
            child = int(self._answers.readline())
            typing = threading.Thread(target=_type, args=(writes, given))
            typing.start()
            overdue = threading.Timer(60, os.kill, (child, 9))
            overdue.start()
            code = int(self._answers.readline())
            overdue.cancel()
            typing.join()
            return subprocess.CompletedProcess(arguments, code, _all_of(out), _all_of(err))

    def _end(self) -> None:
        self._answers.close()
        self._asking.close()
        self._process.wait()


def _type(into: int, given: bytes) -> None:
    """Write what is `given`, as much of it as is wanted."""
    with open(into, "wb") as typed:
        try:
            typed.write(given)
            typed.flush()
        except BrokenPipeError:
            return


def _all_of(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()
