"""An author writes beside the app in a terminal of its own: what is saved is seen, and the app ends in peace."""

from __future__ import annotations

import sys
from pathlib import Path

import pexpect

from tests.journeys.playing import environment
from tests.tui.shell import BROKEN, persona_file, tiny


def test_what_is_saved_is_seen_and_the_app_ends_in_peace(tmp_path: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "roleplay", "--workspace", str(tmp_path)],
        env={**environment(TEXTUAL_ANIMATIONS="none"), "TERM": "xterm-256color"},
        dimensions=(40, 120),
        timeout=20,
        encoding="utf-8",
    )
    try:
        child.expect("Type to filter")
        child.send("quince")
        child.expect("Nothing matches")
        persona_file(tmp_path, "quince", tiny("At the quince"))
        child.expect("At the quince")
        persona_file(tmp_path, "quince", BROKEN)
        child.expect("cannot be played")
        child.send("\x11")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)
