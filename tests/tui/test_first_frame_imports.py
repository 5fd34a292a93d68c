"""At the first frame nothing heavy is loaded yet: only then does the app come as fast as one that does nothing."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pexpect

HEAVY = (
    *("openai", "httpx2", "pydantic", "tiktoken", "msgspec", "yaml", "sqlite_utils", "watchfiles"),
    *("roleplay.persona", "roleplay.conversation", "roleplay.llm.endpoint"),
)
"""What reading personas and playing a call needs; the list of calls may be looked up beside the first frame."""

DRIVER = """
import sys
from pathlib import Path
from textual.drivers.linux_driver import LinuxDriver

write, told = LinuxDriver.write, Path(sys.argv.pop())

def watched(self, data):
    write(self, data)
    if "Roleplay" in data and not told.exists():
        beside = told.with_suffix(".new")
        beside.write_text("\\n".join(sorted(sys.modules)))
        beside.rename(told)

LinuxDriver.write = watched
from roleplay.cli.main import main
sys.exit(main())
"""


def loaded_at_the_first_frame(folder: Path, **environment: str) -> set[str]:
    """The modules that are loaded when the first frame is handed to the terminal."""
    driver, told = folder / "driver.py", folder / "modules"
    driver.write_text(DRIVER, encoding="utf-8")
    child = pexpect.spawn(
        sys.executable,
        [str(driver), "--workspace", str(folder), str(told)],
        env={**os.environ, "TERM": "xterm-256color", "XDG_CACHE_HOME": str(folder), **environment},
        dimensions=(30, 100),
        timeout=20,
    )
    try:
        until = time.monotonic() + 20
        while not told.exists():
            assert time.monotonic() < until, "no first frame"
            child.expect([".+", pexpect.TIMEOUT], timeout=0.05)
    finally:
        child.close(force=True)
    return set(told.read_text(encoding="utf-8").split())


def test_the_first_frame_of_the_command_needs_nothing_heavy(tmp_path: Path) -> None:
    loaded = loaded_at_the_first_frame(tmp_path)
    assert {"roleplay.cli.main", "roleplay.tui.screens.gallery", "textual.app"} <= loaded
    assert not [name for name in sorted(loaded) if name.startswith(HEAVY)]


def test_nor_is_anything_of_a_language_model_loaded_by_then_if_one_is_set(tmp_path: Path) -> None:
    model = {"ROLEPLAY_BASE_URL": "http://127.0.0.1:9/v1", "ROLEPLAY_MODEL": "m", "OPENAI_API_KEY": "sk-4711-0815"}
    loaded = loaded_at_the_first_frame(tmp_path, **model)
    assert "textual.app" in loaded
    assert not [name for name in sorted(loaded) if name.startswith(HEAVY)]
