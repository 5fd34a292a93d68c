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
import time
from contextlib import suppress
from queue import Empty, SimpleQueue

_STARTING = 15.0
"""Seconds in which the process has to be ready; it takes 0.6."""

PATIENCE = 0.2
"""Seconds that a count may take. A reply takes a thousandth of that, 100,000 characters of prose about a tenth."""

_SAFE = ("-P",)
"""No module is taken from the folder the user happens to be in."""


class Encoder:
    """Counts with one encoding. `works` until something goes wrong with the process; it is not started again.

    A thread talks to the process, so that nobody else waits longer for it than they want to.
    """

    def __init__(self, encoding: str) -> None:
        """Start the process and wait until it is ready: not for an event loop. Raises `OSError` if none can be."""
        self._turn = threading.Lock()
        self._texts: SimpleQueue[str | None] = SimpleQueue()
        self._answers: SimpleQueue[int | None] = SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, *_SAFE, "-m", __name__, encoding],
            bufsize=0,  # a buffer that is being written to cannot be closed
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the app
        )
        threading.Thread(target=self._talk, name="encoder", daemon=True).start()
        self.works = self._answer(_STARTING) == 0
        if not self.works:
            self.close()
        atexit.register(self.close)

    def count(self, text: str) -> int | None:
        """The tokens of `text`; None if the process is gone or does not answer in time, and is gone from then on."""
        if not self.works:
            return None
        until = time.monotonic() + PATIENCE
        tokens = None
        if self._turn.acquire(timeout=PATIENCE):
            try:
                if self.works:
                    self._texts.put(text)
                    tokens = self._answer(until - time.monotonic())
            finally:
                self._turn.release()
        if tokens is None:
            self.close()
        return tokens

    def close(self) -> None:
        """End the process. Waits for nothing."""
        self.works = False
        self._texts.put(None)
        self._process.kill()

    def _answer(self, within: float) -> int | None:
        try:
            return self._answers.get(timeout=max(0.0, within))
        except Empty:
            return None

    def _talk(self) -> None:
        """Hand texts to the process and its answers back until one of both ends; for a thread of its own."""
        assert self._process.stdin
        assert self._process.stdout
        with self._process.stdin as texts, self._process.stdout as answers, suppress(OSError):
            while (line := answers.readline()).strip().isdigit():
                self._answers.put(int(line))
                text = self._texts.get()
                if text is None:
                    break
                left = memoryview(json.dumps(text).encode() + b"\n")
                while left:
                    left = left[texts.write(left) :]
        self._answers.put(None)
        self._process.kill()
        self._process.wait()


def fetch(encoding: str, timeout: float) -> bool:
    """Have tiktoken fetch `encoding` into its cache; whether that came about. Raises `TimeoutError` after `timeout`."""
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
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    except OSError:
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
