"""A process that has imported the program, and forks itself for each run of it: `tests.program` asks it to.

Half of what a short command takes is Python starting and importing. All else of a run is its own: its process, its
environment, folder, input and output, and what it reads and writes.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
import time

from roleplay import cli

_IMPORTED = (
    "roleplay.actors.scripted",
    "roleplay.practice.calls",
    "roleplay.rehearsal.report",
    "roleplay.scoring.offline.scorer",
    "roleplay.store.transcripts",
    *(f"roleplay.cli.{module.name}" for module in pkgutil.iter_modules(cli.__path__)),
)
"""What a command that plays, reads or lists imports at the latest: all but what draws screens and what calls models."""


def serve(asked: socket.socket) -> list[str]:
    """Answer requests until nobody is left to ask; in a forked process, return the arguments of the run it is for.

    A request is its length, its JSON and its standard streams. The answers are the run's process id, and how it ended.
    """
    while True:
        head, streams, _, _ = socket.recv_fds(asked, 8, 3)
        if not head:
            os._exit(0)
        request = json.loads(asked.recv(int(head), socket.MSG_WAITALL))
        child = os.fork()
        if not child:
            asked.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            os.chdir(request["folder"])
            os.environ.clear()
            os.environ.update(request["environment"])
            time.tzset()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            arguments: list[str] = request["arguments"]
            return arguments
        for stream in streams:
            os.close(stream)
        asked.sendall(f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        asked.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    for name in _IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[1])) as listening:
        sys.argv[1:] = serve(listening)
    runpy.run_module("roleplay", run_name="__main__", alter_sys=True)
