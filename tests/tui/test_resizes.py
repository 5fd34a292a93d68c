"""Terminals of every size, changed while a call goes on: nothing ends, and a draft and the focus stay."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import pexpect
import pytest
from textual.events import Paste
from textual.pilot import Pilot

from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.store.transcripts import Transcripts
from roleplay.tui.frame import LEAST_HEIGHT, LEAST_WIDTH
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.debrief import DebriefScreen
from roleplay.tui.screens.rating import RatingScreen
from tests.journeys.playing import environment
from tests.tui.shell import app_in, begin_call, filled, rows, seen, until
from tests.tui.stage import pat, playing

FEW, SOME, MOST, ROUNDS = 24, 60, 500, 9
"""Sizes in the quick run and in one of the full count, columns and rows of the largest, and runs of the full count.

In the quick run each size is for every third of the places."""
USUAL = (80, 24)
EDGES = [
    *((1, 1), (1, MOST), (MOST, 1), (2, 3), (MOST, 40), (40, MOST)),
    *((LEAST_WIDTH + wide, LEAST_HEIGHT + high) for wide in (-1, 0, 1) for high in (-1, 0, 1)),
    *((99, 29), (100, 29), (99, 30), (100, 30)),
]
DRAFT = "It sounds frightening [/x] to stand there,\nand I am with you: 日本語 👩\u200d👧."
LINE = "I am standing on the ramp with two feet of room, and the lorries do not slow down for me at all. " * 6


def sizes(seed: int, third: int = 0) -> Iterator[tuple[int, int]]:
    """Columns and rows: the edges, then small ones more often than large ones, in an order that leaps.

    With the seed 0 only one `third` of them, 0, 1 or 2."""
    chance, largest = random.Random(f"sizes-{seed}"), MOST if seed else MOST / 4
    found = [
        *EDGES,
        *((side(chance, largest), side(chance, largest)) for _ in range((SOME if seed else FEW) - len(EDGES))),
    ]
    chance.shuffle(found)
    yield from [*found, (MOST, MOST)] if seed else found[third::3]


def side(chance: random.Random, largest: float) -> int:
    return int(largest ** chance.random())


async def resized(pilot: Pilot[None], size: tuple[int, int]) -> None:
    """Resize; what is drawn then fills the terminal, and no more than that."""
    await pilot.resize_terminal(*size)
    await until(pilot, lambda: pilot.app.screen._compositor.size == size)
    assert pilot.app.size == size and pilot.app.is_running
    strips = pilot.app.screen._compositor.render_strips()
    assert len(strips) == size[1]
    assert {strip.cell_length for strip in strips} == {size[0]}


async def in_a_call(folder: Path, seed: int) -> None:
    dana = pat(name="Dana Whitfield", channel="phone")
    opening = msgspec.structs.replace(dana.moments[0], says=LINE[:600])
    customer = msgspec.structs.replace(dana.customer, opening=LINE[:600])
    dana = msgspec.structs.replace(dana, customer=customer, moments=(opening, *dana.moments[1:]))
    async with playing(folder, dana, animated=True, settled=False) as played:
        await played.until(lambda: played.app.call._voice.speaking)
        played.app.post_message(Paste(DRAFT))
        await played.until(lambda: played.box.text)
        spoken = 0
        for size in sizes(seed):
            await resized(played.pilot, size)
            spoken += played.app.call._voice.speaking
        await resized(played.pilot, USUAL)
        assert spoken, "the line was over before a size was changed"
        assert played.box.text == DRAFT
        assert played.app.focused is played.box
        await played.pilot.press("!")
        assert played.box.text == DRAFT + "!"
        await played.until(lambda: played.said()[0] == ("Dana", LINE[:600]))
        await played.until(lambda: played.calls.draft(played.session.transcript.session.id) == DRAFT + "!")


async def in_the_gallery(folder: Path, seed: int) -> None:
    await begin_call(folder)
    async with app_in(folder).run_test(size=USUAL) as pilot:
        gallery = await filled(pilot)
        await pilot.press("down", "s", "t")
        current = rows(pilot).current
        for size in sizes(seed, 2):
            await resized(pilot, size)
        await resized(pilot, USUAL)
        assert pilot.app.screen is gallery and pilot.app.focused is rows(pilot)
        assert rows(pilot).current == current and "Filter: st" in seen(pilot)


async def in_the_briefing(folder: Path, seed: int) -> None:
    dana = load_persona(shipped_folder() / "stranded-driver.yaml")
    async with app_in(folder).run_test(size=USUAL) as pilot:
        await filled(pilot)
        briefing = BriefingScreen(dana, exam=False)
        pilot.app.push_screen(briefing)
        await pilot.press("f4")
        for size in sizes(seed, 1):
            await resized(pilot, size)
        await resized(pilot, USUAL)
        assert pilot.app.screen is briefing and "Exam:" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not briefing)


async def after_a_call(folder: Path, seed: int) -> None:
    async with playing(folder) as played:
        for words in ("Is it cold there? That sounds lonely.", "What is your number?"):
            await played.reply(words)
        await played.session.leave()
        rating, debrief = (
            RatingScreen("Pat", played.session.rate),
            DebriefScreen(played.session.transcript, help_resources="Talk to Ann."),
        )
        for screen, every in ((debrief, 1), (rating, 4)):
            played.app.push_screen(screen)
            await played.pilot.pause()
            focused = played.app.focused
            for size in list(sizes(seed, 2))[::every]:
                await resized(played.pilot, size)
            await resized(played.pilot, USUAL)
            assert played.app.screen is screen and played.app.focused is focused
            screen.dismiss(None)
            await played.pilot.pause()


Place = Callable[[Path, int], Awaitable[None]]
PLACES: tuple[Place, ...] = (in_a_call, in_the_gallery, in_the_briefing, after_a_call)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("place", PLACES)
async def test_a_draft_and_the_focus_survive_every_size(place: Place, tmp_path: Path) -> None:
    await place(tmp_path, 0)


@pytest.mark.soak
@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
async def test_they_survive_500_sizes(place: Place, seed: int, tmp_path: Path) -> None:
    await place(tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
def test_a_draft_survives_every_size_of_a_real_terminal(seed: int, tmp_path: Path) -> None:
    """Sizes follow each other faster than they can be drawn."""
    for each in ("personas", "transcripts"):
        (tmp_path / each).mkdir()
    child = pexpect.spawn(
        sys.executable,
        ["-m", "roleplay", "play", "stranded-driver", "--workspace", str(tmp_path), "--trainee", "Sam"],
        env={**environment(COLORTERM="truecolor"), "TERM": "xterm-256color"},
        dimensions=(24, 80),
        timeout=20,
    )
    try:
        child.expect_exact("what each reply was heard as")
        child.send("\r")
        child.expect_exact("Your reply")
        child.send("I am with you")
        child.expect_exact("with you")
        chance = random.Random(seed)
        for columns, rows_ in sizes(seed):
            child.setwinsize(rows_, columns)
            with contextlib.suppress(pexpect.TIMEOUT):
                child.expect_exact("never drawn", timeout=chance.choice([0.001, 0.02, 0.2]))
        child.setwinsize(24, 80)
        with contextlib.suppress(pexpect.TIMEOUT):
            child.expect_exact("never drawn", timeout=2)
        child.send(" now")
        child.expect_exact("with you now")
        child.send("\x11")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)
    with Transcripts(tmp_path / "transcripts" / "roleplay.db") as store:
        (interrupted,) = store.interrupted("Sam")
        assert store.draft(interrupted.id) == "I am with you now"
