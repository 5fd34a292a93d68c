"""The briefing: all that is known before a call and nothing unspoken, coached or exam, taken or left."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App

from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.persona.model import Persona
from roleplay.persona.visits import Remembered, Visiting
from roleplay.tui.screens.briefing import BriefingScreen, Taken
from roleplay.tui.themes import THEMES
from tests.tui.shell import seen, until

SMALL, LARGE = (80, 24), (140, 60)


class Desk(App[None]):
    """Shows one briefing; `taken` is what it was left with."""

    def __init__(self, persona: Persona, *, exam: bool = False) -> None:
        super().__init__()
        self.briefing = BriefingScreen(persona, exam=exam)
        self.taken: list[Taken | None] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def on_mount(self) -> None:
        self.push_screen(self.briefing, self.taken.append)


@pytest.fixture(scope="module")
def dana() -> Persona:
    return load_persona(shipped_folder() / "stranded-driver.yaml")


async def test_role_brief_record_rules_gestures_and_warning_are_told(dana: Persona) -> None:
    async with Desk(dana).run_test(size=LARGE) as pilot:
        await pilot.pause()
        shown = " ".join(seen(pilot).split())
    assert "! This call is about: danger" in shown
    assert "Roadside assistance representative" in shown
    assert "ten to six in the evening" in shown
    assert "Vehicle 2011 Mazda 3, silver, KRT 982" in shown
    assert "You may ✓ raise her car" in shown or "✓ raise her car" in shown
    assert "✗ promise an arrival time" in shown
    assert "◇ Text her the driver's first name" in shown


async def test_nothing_unspoken_is_told(dana: Persona) -> None:
    async with Desk(dana).run_test(size=(140, 100)) as pilot:
        await pilot.pause()
        shown = " ".join(seen(pilot).split())
    for need in dana.needs.values():
        assert need.need not in shown
    for disclosure in dana.disclosures:
        assert disclosure.says not in shown


async def test_a_small_terminal_scrolls_and_the_keys_stay(dana: Persona) -> None:
    async with Desk(dana).run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "◇" not in seen(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "◇ Stay past the end of your shift" in " ".join(seen(pilot).split()))
        assert "Take the call" in seen(pilot)


async def test_enter_takes_the_call_coached(dana: Persona) -> None:
    app = Desk(dana)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "Coached:" in seen(pilot)
        await pilot.press("enter")
    assert app.taken == [Taken(exam=False, short=False)]


async def test_f4_makes_it_an_exam_and_says_so(dana: Persona) -> None:
    app = Desk(dana)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f4")
        await pilot.pause()
        assert "Exam: nothing is shown before the end" in seen(pilot)
        await pilot.press("enter")
    assert app.taken == [Taken(exam=True, short=False)]


async def test_escape_goes_back(dana: Persona) -> None:
    app = Desk(dana, exam=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("escape")
    assert app.taken == [None]


async def test_help_lists_the_keys_of_the_screen_and_the_words(dana: Persona) -> None:
    async with Desk(dana).run_test(size=LARGE) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        shown = " ".join(seen(pilot).split())
        assert "f4 switch between coached and exam" in shown.lower()
        assert "trust 0 to 10: how much the customer will tell you" in shown
        await pilot.press("escape")
        assert pilot.app.screen is pilot.app.screen_stack[1]


async def test_help_can_be_read_to_its_end_on_a_small_terminal(dana: Persona) -> None:
    async with Desk(dana).run_test(size=SMALL) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert "Esc goes back" in seen(pilot)
        await pilot.press("end")
        await until(pilot, lambda: "Where everything lies" in seen(pilot))


async def test_nothing_is_cut_on_the_narrowest_terminal(tmp_path: Path) -> None:
    title = "A parcel that was sent to three addresses, none of which is the one that was given"
    key = "Reference number of the depot that has it now"
    told = "They signed for it with a name that is not mine, and nobody asked them who they were. " * 3
    file = tmp_path / "parcel.yaml"
    file.write_text(
        f"name: Miss Winifred Achterberg-Featherstonehaugh\ntitle: {title}\n"
        f"trainee: {{role: Clerk, record: {{{key}: KRT 982}}}}\n"
        "customer: {opening: My parcel is gone., backstory: At the door.}\n"
        "needs:\n  card: {kind: spoken, need: To have it today.}\n",
        encoding="utf-8",
    )
    app = Desk(load_persona(file))
    first = Remembered(number=1, title="", outcome="good", told=(told.strip(),))
    app.briefing = BriefingScreen(load_persona(file), exam=False, visiting=Visiting(number=2, remembered=(first,)))
    async with app.run_test(size=(60, 60)) as pilot:
        await pilot.pause()
        lines = [line.strip(" │") for line in seen(pilot).split("\n")]
    shown = " ".join(" ".join(lines).split())
    for words in (title, "Achterberg-Featherstonehaugh", told.strip(), "F4: exam."):
        assert words in shown
    behind = next(line for line in lines if line.endswith("KRT 982"))
    rows = lines[lines.index(behind) : lines.index(behind) + 3]
    assert " ".join(" ".join(rows).replace("KRT 982", "").split()).startswith(key)


async def test_words_of_a_stranger_are_only_text(tmp_path: Path) -> None:
    file = tmp_path / "till.yaml"
    file.write_text(
        "name: '[/x]'\ntitle: '[@click=app.quit]x'\ncontent: ['[/]']\n"
        "trainee: {role: '[b', record: {'[/k]': '[/v]'}, may: ['[/may]'], gestures: ['[/give]']}\n"
        "customer: {opening: My card was refused and I need it today., backstory: At the till.}\n"
        "needs:\n  card: {kind: spoken, need: A card that works today.}\n",
        encoding="utf-8",
    )
    async with Desk(load_persona(file)).run_test(size=LARGE) as pilot:
        await pilot.pause()
        shown = seen(pilot)
    for words in ("[/x]", "[@click=app.quit]x", "[/]", "[b", "[/k]", "[/v]", "[/may]", "[/give]"):
        assert words in shown
