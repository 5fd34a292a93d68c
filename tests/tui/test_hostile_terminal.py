"""Words of a stranger never reach a real terminal as anything but words: compared with a harmless twin."""

from __future__ import annotations

import contextlib
import random
import re
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pexpect
import pytest

from roleplay.practice.people import trainee_name
from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import environment
from tests.tui.hostile import ESCAPES, INVISIBLE, LIVE, harmless, payloads, poisoned, whole_persona
from tests.tui.test_tampered import keep_hostile_call

SOAK_TWINS = 36
ROWS, COLUMNS = 40, 120
SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|\x1b[PX^_].*?\x1b\\"  # DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]",
    re.DOTALL,
)
DRAWING = re.compile(r"\x1b\[(?:[0-9;:]*[mHABCDGdJKX]|\?2026[hl])\Z")
"""Colours, cursor moves and marks of whole frames: their number follows the clock, and Textual writes them itself."""

ESCAPE, ENTER, DOWN, END, HOME = "\x1b", "\r", "\x1b[B", "\x1b[F", "\x1b[H"
F1, F2, F3, F4, F5 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~"
Change = Callable[[str], str]


def workspace_of(folder: Path, words: list[str]) -> Path:
    """A workspace in which all names and texts are `words`: files, broken ones too, and an interrupted call."""
    for each in ("personas", "transcripts"):
        (folder / each).mkdir(parents=True)
    with Transcripts(folder / "transcripts" / "roleplay.db") as store:
        keep_hostile_call(store, words, trainee=trainee_name(words[0]))
    give = iter(words[:3] * 400)
    persona = poisoned(whole_persona(3, scenes=False), lambda _: next(give)[:110] or "x")
    (folder / "personas" / "readable.yaml").write_bytes(msgspec.json.encode(persona))
    for number, word in enumerate(words[3:9]):
        name = f"{number}{word}".replace("/", "∕").encode()[:200].decode(errors="ignore")
        escaped = "".join(f"\\U{ord(char):08x}" for char in word)
        text = (f'"{escaped}": "{escaped}"\n', f"{word}: *{word}\n", f'name: "{word}"\n')[number % 3]
        (folder / "personas" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


class Seen:
    """The app in a terminal, and every byte that it wrote there."""

    def __init__(self, workspace: Path, trainee: str) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "roleplay", "--workspace", str(workspace), "--trainee", trainee],
            env={
                **environment(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor", XDG_CACHE_HOME=str(workspace)),
                "TERM": "xterm-256color",
                "XDG_CONFIG_HOME": str(workspace),
                "LINES": str(ROWS),
                "COLUMNS": str(COLUMNS),  # pytest-xdist says 24 and 80 there
            },
            dimensions=(ROWS, COLUMNS),
            timeout=20,
        )
        self.child.delaybeforesend = None
        self.written = b""

    def press(self, keys: str, shows: str = "") -> None:
        """Type `keys`, and wait until `shows` was drawn since, or anything if it is empty."""
        before = len(self.written)
        self.child.send(keys)
        self.wait(lambda: shows in plain(self.written[before:]).strip() and len(self.written) > before)

    def wait(self, holds: Callable[[], object]) -> None:
        until = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < until, plain(self.written)[-2_000:]
            try:
                self.written += self.child.read_nonblocking(65_536, timeout=0.05)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                self.child.close()
                ended = (self.child.exitstatus, self.child.signalstatus)
                pytest.fail(f"the app ended {ended}: {plain(self.written)[-4_000:]}")

    def ended(self) -> int | None:
        with contextlib.suppress(pexpect.EOF):
            while True:
                self.written += self.child.read_nonblocking(65_536, timeout=20)
        self.child.close()
        return self.child.exitstatus


def plain(written: bytes) -> str:
    return SEQUENCE.sub("", written.decode(errors="replace"))


def lines_kept(workspace: Path) -> int:
    """The lines that the customer has said."""
    with closing(sqlite3.connect(workspace / "transcripts" / "roleplay.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM lines").fetchone()[0])


def seen_with(workspace: Path, words: list[str], trainee: str) -> str:
    """All that the app writes on the way from the gallery through an interrupted call to its debrief.

    Esc is always waited for, by words that lay under what it closes: in one piece with the next key it is another key.
    """
    app = Seen(workspace, trainee)
    try:
        app.press("", "Go on:")
        app.press(f"\x1b[200~{words[9]}\x1b[201~", "Filter:")
        app.press(ESCAPE, "Type to filter.")
        app.press(END, "This file cannot be played.")
        app.press(ENTER, "Esc goes back")
        app.press(ESCAPE, "To be mended")
        app.press(HOME, "This call was cut short,")
        app.press(F1, "The keys of this screen")
        app.press(ESCAPE, "Dana Whitfield")
        app.press(ENTER, "Resumed")
        app.press(F5, "You may not")
        app.press(ESCAPE, "Distress")
        app.press(F3, "Yours to give")
        app.press(ENTER, "With your next reply (")
        app.press(F1, "The keys of this screen")
        app.press(ESCAPE, "Your last reply")
        app.press(F2, "something to think")
        app.press(F2, "one way to say it")
        app.press(f"\x1b[200~{words[10]} IamWithYou.\x1b[201~", "IamWithYou.")
        said = lines_kept(workspace)
        app.press(ENTER)
        app.wait(lambda: lines_kept(workspace) > said)
        app.child.send(F4)  # does something only where the reply was missed
        app.press(ESCAPE, "The call waits")
        app.press(DOWN, "Save and leave")
        app.press(DOWN, "End the call")
        app.press(ENTER, "The call has ended.")
        app.press(ENTER, "How well did you meet")
        app.press("2", "How it ended")
        for keys in (END, HOME, DOWN, DOWN):
            app.press(keys)
        app.child.send(ENTER)  # does nothing here
        app.press(ESCAPE, "Type to filter.")
        app.child.send("\x11")
        assert app.ended() == 0, plain(app.written)[-1_000:]
    finally:
        app.child.close(force=True)
    return app.written.decode()


def steering(written: str) -> Counter[str]:
    """The sequences that steer the terminal otherwise than by drawing, each with its number."""
    return Counter(each for each in SEQUENCE.findall(written) if not DRAWING.match(each))


def compare_with_twin(folder: Path, seed: str) -> None:
    words = [word.replace("\0", "␀") for word in payloads(12, seed)]
    random.Random(seed).shuffle(words)
    trainee = words[0].replace("\0", "")
    twins = [harmless(word) or "x" for word in words]
    workspaces = workspace_of(folder / "hostile", words), workspace_of(folder / "twin", twins)
    with ThreadPoolExecutor(2) as both:
        hostile, twin = both.map(seen_with, workspaces, (words, twins), (trainee, twins[0] or "x"))
    assert steering(hostile) == steering(twin)
    text = SEQUENCE.sub("", hostile)
    live = LIVE.search(text.replace("\r", "").replace("\n", ""))
    assert not live, (live, words)
    for raw in (*ESCAPES, *INVISIBLE[:3]):
        assert raw not in hostile or raw in twin, raw


def test_a_hostile_workspace_writes_what_its_harmless_twin_writes(tmp_path: Path) -> None:
    compare_with_twin(tmp_path, "twins-0")


@pytest.mark.soak
@pytest.mark.parametrize("number", range(1, SOAK_TWINS + 1))
def test_many_hostile_workspaces_write_what_their_twins_write(number: int, tmp_path: Path) -> None:
    compare_with_twin(tmp_path, f"twins-{number}")
