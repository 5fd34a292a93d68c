"""The app around its screens: faults, signals, themes, the palette, small terminals, and what was asked for."""

from __future__ import annotations

import io
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from textual.widgets import TextArea

from roleplay.tui.app import RoleplayApp
from roleplay.tui.frame import LEAST_HEIGHT, LEAST_WIDTH, too_small
from roleplay.tui.journey import Wanted
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.offer import OfferScreen
from tests.tui.shell import BROKEN, TITLE, app_in, begin_call, filled, persona_file, rows, seen, tiny, until

SMALL = (80, 24)
RESIZES, SOAK_RESIZES = 12, 500
_ESCAPES = re.compile(r"\x1b\[[0-?]*[a-zA-Z]")
HEAVY = ("msgspec", "yaml", "sqlite3", "openai", "pydantic", "roleplay.persona", "roleplay.store", "roleplay.scoring")


@pytest.fixture(autouse=True)
def settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of settings of this test's own."""
    folder = tmp_path_factory.mktemp("settings")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.delenv("TEXTUAL_THEME", raising=False)
    return folder


class Program:
    """A Python program in a terminal of its own."""

    def __init__(self, script: Path, **environment: str) -> None:
        self.printed = io.BytesIO()
        kept = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        self.child = pexpect.spawn(sys.executable, [str(script)], env=kept, dimensions=(24, 80), timeout=20)
        self.child.logfile_read = self.printed

    def wait_for(self, words: str) -> None:
        self.child.expect_exact(words.encode())

    def ended(self) -> int:
        """Its exit code; a signal that killed it as a negative number."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -int(self.child.signalstatus or 0)

    def hung_up(self) -> int | None:
        """Close its terminal; its exit code."""
        terminal = self.child.ptyproc
        terminal.fileobj.close()
        terminal.closed, terminal.fd, self.child.closed, self.child.child_fd = True, -1, True, -1
        code: int | None = terminal.wait()
        return code

    @property
    def farewell(self) -> str:
        """What was printed after the terminal was given back."""
        return _ESCAPES.sub("", self.printed.getvalue().decode().rpartition("\x1b[?1004l")[2]).strip()


def program(folder: Path, opening: str, before: str = "") -> Path:
    """A script that runs the app; `opening` is the body of what opens the calls."""
    script = folder / "program.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\n"
        f"sys.path.insert(0, {str(Path.cwd())!r})\n{before}\n"
        f"def open_calls():\n    canary = 'sk-canary-{'0' * 12}'\n    {opening}\n"
        "from roleplay.tui.start import run_app\nsys.exit(run_app(open_calls))\n",
        encoding="utf-8",
    )
    return script


def real_calls(folder: Path) -> str:
    return f"from tests.tui.shell import calls_in; return calls_in(Path({str(folder)!r}))"


def test_a_fault_gives_one_sentence_with_the_path_of_a_log_and_no_values(tmp_path: Path) -> None:
    running = Program(program(tmp_path, "raise ZeroDivisionError(len(canary) / 0)"), TMPDIR=str(tmp_path))
    assert running.ended() == 70
    (log,) = tmp_path.glob("roleplay-fault-*.log")
    assert len(running.farewell.splitlines()) <= 2  # one sentence, wrapped or not
    assert running.farewell.endswith(f"Details: {log}")
    assert "Traceback" not in running.printed.getvalue().decode()
    assert "sk-canary" not in running.printed.getvalue().decode() + log.read_text()


def test_a_fault_in_a_screen_gives_back_the_terminal(tmp_path: Path) -> None:
    fail = "from roleplay.tui.screens.gallery import GalleryScreen as G\nG.on_rows_moved = lambda self, moved: 1 / 0"
    running = Program(program(tmp_path, real_calls(tmp_path), fail), TMPDIR=str(tmp_path))
    assert running.ended() == 70
    printed = running.printed.getvalue().decode()
    assert "\x1b[?1049l" in printed
    assert "\x1b[?25h" in printed
    assert "ZeroDivisionError" in running.farewell
    assert "Traceback" not in printed


def test_what_kept_the_gallery_from_opening_is_told_again_at_the_end(tmp_path: Path) -> None:
    refuse = "from roleplay.errors import UnsafePlace; raise UnsafePlace('This place is not safe.')"
    running = Program(program(tmp_path, refuse))
    running.wait_for("F5 tries again")
    running.child.send("\x11")
    assert running.ended() == 1
    assert running.farewell == "Error: This place is not safe."


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_the_app_and_gives_back_the_terminal(tmp_path: Path, number: signal.Signals, code: int) -> None:
    running = Program(program(tmp_path, real_calls(tmp_path)))
    running.wait_for("Stuck where")
    os.kill(running.child.pid, number)
    assert running.ended() == code
    assert "\x1b[?1049l" in running.printed.getvalue().decode()
    assert running.farewell == ""


def test_a_closed_terminal_ends_the_app(tmp_path: Path) -> None:
    running = Program(program(tmp_path, real_calls(tmp_path)))
    running.wait_for("Stuck where")
    assert running.hung_up() == 129


def test_control_c_says_how_to_leave_and_control_q_leaves(tmp_path: Path) -> None:
    running = Program(program(tmp_path, real_calls(tmp_path)))
    running.wait_for("Stuck where")
    running.child.send("\x03")
    running.wait_for("Ctrl+Q quits")
    running.child.send("\x11")
    assert running.ended() == 0
    assert running.farewell == ""


def test_without_colour_the_current_row_is_marked_by_a_sign(tmp_path: Path) -> None:
    running = Program(program(tmp_path, real_calls(tmp_path)), NO_COLOR="1")
    running.wait_for("▌")
    running.wait_for("Stuck where")
    running.child.send("\x11")
    assert running.ended() == 0


def test_the_first_frame_needs_nothing_that_plays_a_call() -> None:
    asked = f"import roleplay.tui.start, sys; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


async def test_a_draft_and_the_focus_survive_resizes_and_no_key_does_harm(tmp_path: Path) -> None:
    await resize(tmp_path, RESIZES)


@pytest.mark.soak
async def test_a_draft_and_the_focus_survive_500_resizes(tmp_path: Path) -> None:
    await resize(tmp_path, SOAK_RESIZES)


async def resize(workspace: Path, times: int) -> None:
    chance = random.Random(times)
    async with app_in(workspace).run_test(size=SMALL) as pilot:
        gallery = await filled(pilot)
        box = TextArea("It sounds frightening")
        await gallery.mount(box)
        box.focus()
        await pilot.pause()
        for number in range(times):
            edge = (1, LEAST_WIDTH, 100, 500)[number % 4]
            await pilot.resize_terminal(chance.randint(1, edge), chance.choice((1, LEAST_HEIGHT - 1, 30, 500)))
            if too_small(pilot.app.size):
                await pilot.press("x", "enter")
        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: pilot.app.focused is box)
        assert box.text == "It sounds frightening"
        assert type(pilot.app.screen) is GalleryScreen
        await pilot.press("x")
        assert "x" in box.text


async def test_a_small_terminal_says_what_is_needed(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert "Too small: 40×10." in seen(pilot)
        assert "Roleplay" not in seen(pilot)
        await pilot.resize_terminal(*SMALL)
        await filled(pilot)
        assert TITLE in seen(pilot)


async def test_a_screen_shrunk_under_another_is_right_when_it_comes_back(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=(140, 40)) as pilot:
        gallery = await filled(pilot)
        await pilot.press("f1")
        await pilot.resize_terminal(*SMALL)
        await pilot.press("escape")
        await pilot.pause()
        assert gallery.has_class("-narrow")
        assert not gallery.has_class("-wide")


async def test_the_theme_is_remembered(tmp_path: Path, settings: Path) -> None:
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        assert pilot.app.theme == "evening"
        await pilot.press("f10")
        assert pilot.app.theme == "paper"
    assert app_in(tmp_path).theme == "paper"


async def test_the_environment_wins_over_the_remembered_theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await pilot.press("f10")
    monkeypatch.setenv("TEXTUAL_THEME", "textual-dark")
    assert app_in(tmp_path).theme == "textual-dark"


async def test_a_theme_that_cannot_be_kept_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/proc/nowhere")
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        await pilot.press("f10")
        assert pilot.app.theme == "paper"


async def test_the_palette_has_our_commands_only(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=SMALL) as pilot:
        gallery = await filled(pilot)
        titles = [command.title for command in pilot.app.get_system_commands(gallery)]
    assert titles == [
        "Theme: evening",
        "Theme: paper",
        "Theme: contrast",
        "Help",
        "Drill",
        "Progress",
        "Review",
        "Quit",
    ]


async def test_a_persona_asked_for_goes_straight_to_its_briefing(tmp_path: Path) -> None:
    wanted = Wanted("stranded-driver", exam=True)
    async with app_in(tmp_path, wanted).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))
        assert "Exam:" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, GalleryScreen))


async def test_a_persona_that_is_not_there_is_told_in_the_gallery(tmp_path: Path) -> None:
    async with app_in(tmp_path, Wanted("nobody")).run_test(notifications=True, size=SMALL) as pilot:
        await until(pilot, lambda: "There is no persona “nobody”" in " ".join(seen(pilot).split()))
        await filled(pilot)


async def test_its_interrupted_call_is_offered_first(tmp_path: Path) -> None:
    await begin_call(tmp_path)
    async with app_in(tmp_path, Wanted("stranded-driver")).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, OfferScreen))
        assert "Go on with it" in seen(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))


async def test_a_new_call_can_be_asked_for_without_the_offer(tmp_path: Path) -> None:
    await begin_call(tmp_path)
    async with app_in(tmp_path, Wanted("stranded-driver", resume=False)).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, BriefingScreen))


async def test_going_on_without_an_interrupted_call_is_told(tmp_path: Path) -> None:
    async with app_in(tmp_path, Wanted("stranded-driver", resume=True)).run_test(
        notifications=True, size=SMALL
    ) as pilot:
        await until(pilot, lambda: "was cut short" in " ".join(seen(pilot).split()))


async def test_a_persona_broken_meanwhile_is_told_and_the_gallery_stays(tmp_path: Path) -> None:
    persona_file(tmp_path, "refused", tiny("Refused at the till"))
    app: RoleplayApp = app_in(tmp_path)
    async with app.run_test(notifications=True, size=(140, 40)) as pilot:
        await filled(pilot)
        await pilot.press(*"refused")
        persona_file(tmp_path, "refused", BROKEN)
        await pilot.press("enter")
        await until(pilot, lambda: "This persona cannot be played" in " ".join(seen(pilot).split()))
        assert isinstance(app.screen, GalleryScreen)
        assert rows(pilot).current
