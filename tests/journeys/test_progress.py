"""A trainee's way to progress: from nothing to a call, and to the next step, in plain lines and in the app."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from roleplay.practice.calls import now
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.drill import DrillScreen
from roleplay.tui.screens.gallery import GalleryScreen
from roleplay.tui.screens.progress import ProgressScreen
from tests.journeys.playing import play, replies_of, typed
from tests.practice.month import keep_month
from tests.program import run
from tests.tui.shell import app_in, filled, persona_file, seen, until


def progress(workspace: Path, *options: str) -> str:
    ran = run("progress", "--workspace", str(workspace), "--trainee", "Sam", *options)
    assert (ran.returncode, ran.stderr) == (0, b"")
    return ran.stdout.decode()


def test_after_the_first_call_in_plain_mode_progress_tells_of_it_and_what_is_next(tmp_path: Path) -> None:
    assert "Sam has practised nothing yet." in progress(tmp_path)
    played = play(tmp_path, typed(replies_of("cold")), "--seed", "7", "--trainee", "Sam")
    assert played.returncode == 0
    told = progress(tmp_path)
    assert "replies in calls" in told.splitlines()[0]
    assert "Takes in the feeling" in told
    assert "No trend yet in any of them: it takes 10 replies that can be compared" in told
    assert re.search(r"^  Stuck where the ramp spl… 1 call, latest \d+ \(\d+ \w+\)$", told, re.M)
    step = json.loads(progress(tmp_path, "--json"))["next_step"]
    assert (step["kind"], step["persona"]) == ("safety", "stranded-driver")


async def test_in_the_app_progress_leads_to_a_call_and_back(tmp_path: Path) -> None:
    app = app_in(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, ProgressScreen))
        assert "Sam has practised nothing yet." in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, GalleryScreen))
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, ProgressScreen))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, BriefingScreen))
        assert "Stuck where the ramp splits off" in seen(pilot)


async def test_in_the_app_what_is_missed_again_and_again_leads_to_its_drill_and_back_to_progress(
    tmp_path: Path,
) -> None:
    persona_file(tmp_path, "the-ramp", RAMP)
    keep_month(tmp_path / "transcripts" / "roleplay.db", trainee="Sam", today=date.fromisoformat(now()[:10]))
    app = app_in(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, ProgressScreen))
        await pilot.press("7")
        await until(pilot, lambda: "▌ ✗ 19×  The ramp" in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DrillScreen))
        await until(pilot, lambda: "Drill: The ramp" in seen(pilot) and "Your reply." in seen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ProgressScreen))


RAMP = """\
name: Dana Whitfield
title: The ramp
summary: Her car stopped.
trainee: {role: Roadside representative}
customer: {opening: I am standing on the ramp., backstory: Her car stopped on a ramp.}
needs:
  tow: {kind: spoken, need: a tow truck fast}
  company: {kind: unspoken, need: not to be left alone}
moments:
  - {id: opening, spoken: tow, feeling: afraid}
  - {id: late, says: It is too late for me to ring anybody., feeling: lonely, unspoken: company}
"""
