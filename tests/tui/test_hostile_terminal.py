"""Words of a stranger never reach a real terminal as anything but words: compared with a harmless twin."""

from __future__ import annotations

import contextlib
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pexpect
import pytest

from roleplay.practice.calls import trainee_name
from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import environment
from tests.tui.hostile import ESCAPES, INVISIBLE, LIVE, harmless, payloads, poisoned, whole_persona
from tests.tui.test_tampered import keep_hostile_call

SOAK_TWINS = 36
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
            },
            dimensions=(40, 120),
            timeout=20,
        )
        self.child.delaybeforesend = None
        self.written = b""

    def press(self, keys: str, shows: str = "") -> None:
        """Type `keys`, and wait until `shows` was drawn and nothing more is."""
        before = len(self.written)
        self.child.send(keys)
        self.settle(lambda: shows in plain(self.written[before:]), 0.16 if keys == ESCAPE else 0.08)

    def settle(self, holds: Callable[[], bool], quiet: float) -> None:
        until = time.monotonic() + 20
        while True:
            assert time.monotonic() < until, plain(self.written)[-2_000:]
            try:
                self.written += self.child.read_nonblocking(65_536, timeout=quiet)
            except pexpect.TIMEOUT:
                if holds():
                    return
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


def seen_with(folder: Path, words: list[str], trainee: str) -> str:
    """All that the app writes on the way from the gallery through an interrupted call to its debrief."""
    app = Seen(workspace_of(folder, words), trainee)
    try:
        app.press("", "Go on:")
        app.press(f"\x1b[200~{words[9]}\x1b[201~", "Filter:")
        app.press(ESCAPE)
        for keys in (END, ENTER, ESCAPE, HOME, F1, ESCAPE):
            app.press(keys)
        app.press(ENTER, "Resumed")
        for keys in (F5, ESCAPE, F3, ENTER, F1, ESCAPE, F2, F2):
            app.press(keys)
        app.press(f"\x1b[200~{words[10]} IamWithYou.\x1b[201~", "IamWithYou.")
        app.press(ENTER)
        app.settle(lambda: "sending" not in plain(app.written)[-500:], 0.3)
        app.press(F4)
        app.press(ESCAPE, "The call waits")
        for keys in (DOWN, DOWN):
            app.press(keys)
        app.press(ENTER, "The call has ended.")
        app.press(ENTER)
        app.press("2")
        app.press(ENTER)
        for keys in (END, HOME, DOWN, DOWN, ENTER, ESCAPE):
            app.press(keys)
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
    with ThreadPoolExecutor(2) as both:
        hostile, twin = both.map(
            seen_with, (folder / "hostile", folder / "twin"), (words, twins), (trainee, twins[0] or "x")
        )
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
