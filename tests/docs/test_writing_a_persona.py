"""The guide for authors, followed from top to bottom: what it tells to write is written, and what it shows is so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from roleplay.cli.main import roleplay
from roleplay.persona.loading import read_persona
from roleplay.persona.schema import persona_schema
from roleplay.rehearsal.trainees import NAMES
from roleplay.tui.screens.briefing import BriefingScreen
from roleplay.tui.screens.call import CallScreen
from roleplay.tui.widgets.reply_box import ReplyBox
from tests.docs.guide import GUIDE, Block, Command, as_shown, blocks_of, commands_of, run, write
from tests.tui.shell import app_in, filled, seen, until

TEXT = GUIDE.read_text(encoding="utf-8")
STEPS = blocks_of(TEXT)
MAREK = "half-past-ten"
SECRET = "It's an interview."


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "transcripts").mkdir()
    return tmp_path


@pytest.fixture
def fifteen(workspace: Path) -> Path:
    """The workspace of a reader who stops after section 3."""
    write(STEPS[1], workspace)
    return workspace


@pytest.fixture
def finished(workspace: Path) -> Path:
    """The workspace of a reader who has written everything."""
    for step in STEPS:
        if step.path:
            write(step, workspace)
    return workspace


def roleplay_at(workspace: Path, line: str, *typed: str) -> str:
    """What a command prints that is typed in `workspace`."""
    return run(Command(0, tuple(line.split()), typed, ()), workspace)


def test_every_command_prints_what_the_guide_shows(tmp_path: Path) -> None:
    differing = []
    for step in STEPS:
        if step.path:
            write(step, tmp_path)
        for command in commands_of(step) if step.language == "console" else ():
            printed = run(command, tmp_path)
            if not as_shown(command.shown, printed):
                differing.append(f"line {command.line}: {' '.join(command.words)} prints\n{printed}")
    assert not differing, "\n\n".join(differing)


def test_each_block_is_written_or_run(workspace: Path) -> None:
    assert {step.language for step in STEPS} == {"yaml", "console"}
    assert [step.line for step in STEPS if step.language == "yaml" and not step.path] == []


def test_after_every_step_but_the_mistake_on_purpose_the_persona_can_be_played(workspace: Path) -> None:
    wrong: list[str] = []
    for step in STEPS:
        if step.path:
            write(step, workspace)
            found = read_persona(workspace / step.path).problems
            wrong += [problem.what for problem in found if problem.severity != "hint"]
    assert wrong == ["The field “sumary” is not known."]


def test_the_short_persona_has_fifteen_lines(fifteen: Path) -> None:
    assert len((fifteen / "personas" / f"{MAREK}.yaml").read_text().splitlines()) == 15


def test_the_fifteen_lines_play_at_once_in_plain_lines(fifteen: Path) -> None:
    cold = roleplay_at(fifteen, f"roleplay play {MAREK} --plain", "Account number?", "Restart the router.")
    assert "Customer: Hello. My internet's been dead since Sunday" in cold
    assert cold.count("Customer: ") == 3
    assert "Debrief." in cold
    assert SECRET not in cold


async def test_the_fifteen_lines_play_at_once_in_the_app(fifteen: Path) -> None:
    app = app_in(fifteen)
    async with app.run_test(size=(100, 40)) as pilot:
        await filled(pilot)
        await pilot.press(*"marek")
        await until(pilot, lambda: "By half past ten" in seen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, BriefingScreen))
        assert "send a mobile router today" in seen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CallScreen) and "internet's been dead" in seen(pilot))
        assert isinstance(app.screen, CallScreen)
        session = app.screen._session
        await until(pilot, lambda: not session.unfinished)
        app.screen.query_one(ReplyBox).text = typed_in_the_guide()[0]
        await pilot.press("enter")
        await until(pilot, lambda: bool(session.transcript.replies) and not session.unfinished)
        assert SECRET in session.transcript.lines[-1].text
        await until(pilot, lambda: "interview" in seen(pilot))  # where the line is broken depends on the seed


def test_the_finished_persona_is_ready_with_its_visit(finished: Path) -> None:
    assert verdict(finished, seeds=2) == ("ready", [])


@pytest.mark.soak
def test_the_finished_persona_is_ready_after_as_many_calls_as_usual(finished: Path) -> None:
    assert verdict(finished, seeds=20) == ("ready", [])


def test_what_a_model_is_sent_is_what_the_guide_tells(finished: Path) -> None:
    sent = roleplay_at(finished, f"roleplay personas preview {MAREK} --only actor --prompt")
    for public in ("set type for a newspaper", "Tidies up his sentences", "Red. It was orange", "ironing board"):
        assert public in sent
    for kept in ("interview", "on his side", "rather proud", "measured it", "thought hard", "favourite letter"):
        assert kept not in sent


@pytest.mark.parametrize(
    ("persona", "shown"), [("seat-fourteen", "Bette: Seat fourteen?"), ("last-window", "A man in wet boots")]
)
def test_the_longer_forms_play_to_the_end(finished: Path, persona: str, shown: str) -> None:
    played = roleplay_at(finished, f"roleplay play {persona} --plain --seed 1", *["I'll see to that now."] * 20)
    assert "Debrief." in played
    assert "Error" not in played
    assert shown in played


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    assert [link for link in links if not (GUIDE.parent / link).exists()] == []


def test_every_command_and_option_that_is_named_exists() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    spans = [span.split() for span in re.findall(r"`([^`]+)`", prose)]
    known = dict(commands(roleplay))
    for command in (span for span in spans if span[0] == "roleplay"):
        assert any(" ".join(command).startswith(name) for name in known), command
    options = {option for each in known.values() for parameter in each.params for option in parameter.opts}
    assert {word for span in spans for word in span if word.startswith("--")} <= options


def test_every_field_value_and_number_that_is_named_exists() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`([a-z_]+):?`", prose))
    own = {"line", "morning", "interview"}
    of_conditions = {"trust", "distress", "patience", "turn", "visit", "and", "or", "not"}
    of_the_program = {*(name.split()[-1] for name, _ in commands(roleplay)), *NAMES}
    of_the_folder = {"personas", "transcripts", "sumary"}
    unknown = named - set(words_of(json.loads(persona_schema()))) - own - of_conditions - of_the_program - of_the_folder
    assert not unknown


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a", "b"), "a\nc\n", False),
        (("a",), "a\nb\n", False),
        (("…", "b"), "a\nb\n", True),
        (("…", "b"), "b\n", True),
        (("a", "…", "c", "…"), "a\nb\nc\n", True),
        (("a", "…", "c"), "a\nb\n", False),
        (("trust 4 …",), "trust 4, distress 6\n", True),
        (("trust 4 …",), "trust 5, distress 6\n", False),
    ],
)
def test_only_an_ellipsis_stands_for_what_is_not_shown(shown: tuple[str, ...], printed: str, same: bool) -> None:
    assert as_shown(shown, printed) is same


@pytest.mark.parametrize(
    ("options", "text", "after"),
    [
        ({"into": "f"}, "b: 9\nd: 4\n", "a: 1\nb: 9\nc:\n  - id: x\n    e: 5\nd: 4\n"),
        ({"into": "f", "under": "c"}, "  - id: y\n", "a: 1\nb:\n  2\nc:\n  - id: x\n    e: 5\n  - id: y\n"),
        ({"into": "f", "lines-of": "x"}, "    e: 6\n", "a: 1\nb:\n  2\nc:\n  - id: x\n    e: 6\n"),
        ({"into": "f", "after": "id: x"}, "    f: 7\n", "a: 1\nb:\n  2\nc:\n  - id: x\n    f: 7\n    e: 5\n"),
        ({"into": "f", "instead-of": "a"}, "z", "z: 1\nb:\n  2\nc:\n  - id: x\n    e: 5\n"),
        ({"into": "f", "at-the-top": ""}, "# top\n", "# top\na: 1\nb:\n  2\nc:\n  - id: x\n    e: 5\n"),
        ({"file": "f"}, "new\n", "new\n"),
    ],
)
def test_a_block_changes_its_file_as_its_info_string_says(
    options: dict[str, str], text: str, after: str, tmp_path: Path
) -> None:
    (tmp_path / "f").write_text("a: 1\nb:\n  2\nc:\n  - id: x\n    e: 5\n")
    write(Block(1, "yaml", options, text), tmp_path)
    assert (tmp_path / "f").read_text() == after


def typed_in_the_guide() -> tuple[str, ...]:
    """The replies that the guide tells to type in section 5."""
    consoles = [step for step in STEPS if step.language == "console"]
    return next(command.typed for step in consoles for command in commands_of(step) if command.typed)


def verdict(workspace: Path, seeds: int) -> tuple[str, list[Any]]:
    """How Marek stands, and why."""
    printed = roleplay_at(workspace, f"roleplay personas rehearse {MAREK} --seeds {seeds} --json")
    (found,) = json.loads(printed)["personas"]
    return found["verdict"], found["reasons"]


def commands(group: click.Group, before: str = "roleplay") -> Iterator[tuple[str, click.Command]]:
    """All commands below `group` and itself, by all their words."""
    yield before, group
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def words_of(schema: Any) -> Iterator[str]:
    """The names of all fields of `schema`, and the values that they are limited to."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (value for value in schema.get("enum", ()) if isinstance(value, str))
        for part in schema.values():
            yield from words_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from words_of(part)
