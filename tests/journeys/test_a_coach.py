"""A coach's way through the real app in a terminal of its own, killed between any two steps: nothing of it is lost."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from roleplay.conversation.reviewing import Reviewed
from roleplay.store.integrity import verify
from tests.journeys.playing import environment
from tests.journeys.test_app_killed import plain
from tests.tui.reviewing import DISPUTED, PLAIN, PLAYED, calls_that_wait, database, kept

COMMENT, REASON, ANSWER = "Ask whether she is safe.", "She hears herself in it.", "An offer comes after safety."
SOAK_CASES = 12
"""For each step."""

Step = tuple[str, Callable[["Coach"], None], Callable[[Path], bool]]
"""What a coach does, how, and whether it is kept."""


class Coach:
    """A coach at the queue in a terminal."""

    def __init__(self, workspace: Path) -> None:
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "roleplay", "review", "--workspace", str(workspace), "--coach", "Kim"],
            env={**environment(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor", TZ="UTC"), "TERM": "xterm-256color"},
            dimensions=(30, 110),
            timeout=20,
            encoding="utf-8",
        )
        self._child.delaybeforesend = None
        self._drawn = ""
        self.sees("calls wait")

    def press(self, keys: str) -> None:
        """Press keys; what was drawn before is forgotten."""
        self._drawn = ""
        self._child.send(keys)

    def sees(self, *words: str) -> None:
        """Wait until all `words` were drawn since the last key."""
        deadline = time.monotonic() + 30
        while not all(each in plain(self._drawn) for each in words):
            assert time.monotonic() < deadline, (words, plain(self._drawn)[-1_500:])
            self.waits(0.05)

    def waits(self, seconds: float) -> None:
        """Read what is drawn for a moment."""
        with contextlib.suppress(pexpect.TIMEOUT):
            self._drawn += self._child.read_nonblocking(65_536, timeout=seconds)

    def is_killed(self) -> None:
        """End at once, whatever it is doing."""
        self._child.kill(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while self._child.isalive():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self._child.close(force=True)

    def leaves(self) -> None:
        """Quit as one does."""
        self._child.send("\x11")
        self._child.expect(pexpect.EOF, timeout=20)
        self._child.close()
        assert self._child.exitstatus == 0


def to_what_was_said(coach: Coach) -> None:
    """From the queue by a search to the reply."""
    coach.press("/")
    coach.sees("Words that were said or noted")
    coach.press("traffic")
    coach.sees("1 place.", "not something I can enter")
    coach.press("\r")
    coach.sees("score ", "Traffic conditions are not")


def from_there(coach: Coach) -> None:
    """Back to the queue."""
    coach.press("\x1b")
    coach.sees("1 place.")
    coach.press("\x1b")
    coach.sees("calls wait")


def to_the_dispute(coach: Coach) -> None:
    """From the queue to the call that is first."""
    coach.press("\x1b[H\r")
    coach.sees("1 dispute waits")


def to_what_was_answered(coach: Coach) -> None:
    """From the queue by a search to the call whose dispute waits no more."""
    coach.press("/")
    coach.sees("Words that were said or noted")
    coach.press("offer")
    coach.sees("2 places.")
    coach.press("\r")
    coach.sees("The ramp (Dana)")


def comments(coach: Coach) -> None:
    coach.press("c" + COMMENT)
    coach.sees(COMMENT)
    coach.press("\r")


def overrules(coach: Coach) -> None:
    coach.press("o")
    coach.sees("Overrule a level of reply 2")
    coach.press("1")
    coach.sees("Does the customer notice")
    coach.press("2")
    coach.sees("Enter keeps it")
    coach.press(REASON)
    coach.sees(REASON)
    coach.press("\r")


def answers(coach: Coach) -> None:
    coach.press("a")
    coach.sees("disputes this assessment")
    coach.press("2" + ANSWER)
    coach.sees(ANSWER)
    coach.press("\r")


def marks(coach: Coach) -> None:
    coach.press("r")


def review_of(workspace: Path, session: str) -> Reviewed:
    return kept(workspace, session).reviewed


STEPS: dict[str, Step] = {
    "comment": ("The comment is kept.", comments, lambda place: bool(review_of(place, PLAYED).comments)),
    "overrule": ("Your level is kept", overrules, lambda place: bool(review_of(place, PLAYED).overrides)),
    "answer": ("The answer is kept.", answers, lambda place: bool(review_of(place, DISPUTED).answers)),
    "mark": ("Stuck where the ramp", marks, lambda place: bool(review_of(place, DISPUTED).marks)),
}


def goes_through(coach: Coach, workspace: Path, until: str = "") -> None:
    """Do what is not kept yet, step by step, each shown as kept; of the step `until` only what leads to it."""
    place = "queue"
    for name, (shown, act, is_kept) in STEPS.items():
        if is_kept(workspace):
            continue
        wanted = "call" if name in ("comment", "overrule") else "dispute"
        if place == "call" and wanted == "dispute":
            from_there(coach)
            place = "queue"
        if place == "queue":
            to_dispute = to_what_was_answered if STEPS["answer"][2](workspace) else to_the_dispute
            (to_what_was_said if wanted == "call" else to_dispute)(coach)
            place = wanted
        act(coach)
        if name == until:
            return
        coach.sees(shown)
        assert is_kept(workspace), f"{name}: shown as kept, and not kept"


def check(workspace: Path) -> None:
    """Everything that was done is there, once, with who did it."""
    played, disputed = review_of(workspace, PLAYED), review_of(workspace, DISPUTED)
    assert [(each.text, each.coach, each.turn) for each in played.comments] == [(COMMENT, "Kim", 2)]
    assert [(each.dimension, each.level, each.reason) for each in played.overrides] == [
        ("acknowledges_feeling", 2, REASON)
    ]
    assert [(each.text, each.upheld, each.coach) for each in disputed.answers] == [(ANSWER, False, "Kim")]
    assert [each.coach for each in disputed.marks] == ["Kim"]
    assert review_of(workspace, PLAIN) == Reviewed()
    assert verify(database(workspace)).fine


def test_a_coach_goes_from_the_queue_through_a_review_to_the_next_call(tmp_path: Path) -> None:
    calls_that_wait(tmp_path)
    coach = Coach(tmp_path)
    goes_through(coach, tmp_path)
    coach.press("n")
    coach.sees("Ben, 4 November")
    coach.leaves()
    check(tmp_path)
    assert "1 level was overruled" in asked(tmp_path, "calibrate")
    page = tmp_path / "report.html"
    asked(tmp_path, "report", "--html", str(page))
    assert "Report on 3 trainees" in page.read_text()
    carried = tmp_path / "calls.jsonl"
    asked(tmp_path, "transcripts", "export", "--all", "--output", str(carried))
    assert all(words in carried.read_text() for words in (COMMENT, REASON, ANSWER))
    elsewhere = tmp_path / "elsewhere"
    assert asked(elsewhere, "transcripts", "import", str(carried)).startswith("3 new")
    check(elsewhere)


def asked(workspace: Path, *command: str) -> str:
    """What a command says, which ends well."""
    ran = subprocess.run(
        [sys.executable, "-m", "roleplay", *command, "--workspace", str(workspace)],
        env=environment(TZ="UTC"),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


@pytest.mark.parametrize(("step", "case"), [("overrule", 2), ("mark", 3)])
def test_a_review_that_is_killed_goes_on_where_it_was(step: str, case: int, tmp_path: Path) -> None:
    kill_and_go_on(step, case, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("case", range(1_000, 1_000 + SOAK_CASES))
def test_many_more_reviews_that_are_killed(step: str, case: int, tmp_path: Path) -> None:
    kill_and_go_on(step, case, tmp_path)


def kill_and_go_on(step: str, case: int, workspace: Path) -> None:
    """Kill the app soon after the last key of `step`: what was shown as kept is, and the rest can be done then."""
    chance = random.Random(f"{step}-{case}")
    calls_that_wait(workspace)
    coach = Coach(workspace)
    goes_through(coach, workspace, until=step)
    deadline = time.monotonic() + chance.uniform(0.0, 0.4)
    while time.monotonic() < deadline:
        coach.waits(0.01)
    coach.is_killed()
    shown = STEPS[step][0] in plain(coach._drawn)
    assert not shown or STEPS[step][2](workspace), "shown as kept, and not kept"
    assert verify(database(workspace)).fine
    coach = Coach(workspace)
    goes_through(coach, workspace)
    coach.leaves()
    check(workspace)
