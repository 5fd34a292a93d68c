"""Encodes text in a process of its own: loading an encoding holds the interpreter for 0.2 s, and an app stands still.

Run as a program it counts: each line on standard input is a text in JSON, each line on standard output its tokens. It
ends with its input, so it does not outlive the program that started it.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from contextlib import suppress

_STARTING = 15.0
"""Seconds in which the process has to be ready; it takes 0.6."""

_SAFE = ("-P",)
"""No module is taken from the folder the user happens to be in."""


class Encoder:
    """Counts with one encoding. `works` until something goes wrong with the process; it is not started again."""

    def __init__(self, encoding: str) -> None:
        """Start the process and wait until it is ready: not for an event loop. Raises `OSError` if none can be."""
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, *_SAFE, "-m", __name__, encoding],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the app
        )
        late = threading.Timer(_STARTING, self._process.kill)
        late.daemon = True
        late.start()
        self.works = self._answer() == 0
        late.cancel()
        if not self.works:
            self.close()
        atexit.register(self.close)

    def count(self, text: str) -> int | None:
        """The tokens of `text`; None if the process is gone."""
        if not self.works:
            return None
        with self._turn, suppress(OSError, ValueError):
            assert self._process.stdin
            self._process.stdin.write(json.dumps(text).encode() + b"\n")
            self._process.stdin.flush()
            tokens = self._answer()
            if tokens is not None:
                return tokens
        self.close()
        return None

    def close(self) -> None:
        """End the process."""
        self.works = False
        with self._turn:
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
            self._process.wait()

    def _answer(self) -> int | None:
        assert self._process.stdout
        line = self._process.stdout.readline()
        return int(line) if line.strip().isdigit() else None


def fetch(encoding: str, timeout: float) -> bool:
    """Have tiktoken fetch `encoding` into its cache; whether that came about within `timeout` seconds."""
    program = f"import tiktoken; tiktoken.get_encoding({encoding!r})"
    try:
        done = subprocess.run(
            [sys.executable, *_SAFE, "-c", program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    return done.returncode == 0


def main(name: str) -> None:
    """Count what comes in until no more comes."""
    import tiktoken
    from tiktoken import load

    def read_nothing(blobpath: str) -> bytes:
        raise OSError(f"{blobpath} is not at hand")

    # it would go to the network for a file in its cache that is damaged
    load.read_file = read_nothing
    encoding = tiktoken.get_encoding(name)
    print(0, flush=True)
    for line in sys.stdin.buffer:
        # what means something special to a model is plain text here; by default it would raise
        print(len(encoding.encode(json.loads(line), disallowed_special=())), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
