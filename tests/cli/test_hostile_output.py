"""Words from outside never reach the terminal as anything but words, through any sink of the commands."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from roleplay.cli.main import roleplay

ATTACKS = [
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "\x9d0;x\x9c",
    "\x1bP+q544e\x1b\\",
    "\u202ereversed\u202c",
    "\x07\x08\x7f",
    "\x1b[?1049h",
    "\U000e0041\u2066",
]
LIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
WORDS = ["are you safe", "[/red]", "[@click=app.quit]x[/]", "I'm staying", "belt on", "{0}", "%s", "Dana"]


def payloads(count: int) -> list[str]:
    chance = random.Random("payloads")
    return [
        " ".join(
            attack + chance.choice(WORDS)
            for attack in (ATTACKS[number % len(ATTACKS)], *chance.choices(ATTACKS, k=chance.randint(0, 3)))
        )
        for number in range(count)
    ]


def run(workspace: Path, *arguments: str, given: str | bytes = "") -> str:
    """Everything a command prints, on stdout and stderr."""
    return CliRunner().invoke(roleplay, [*arguments, "--workspace", str(workspace)], input=given).output


def persona_with(payload: str) -> str:
    escaped = "".join(f"\\U{ord(character):08x}" for character in payload)
    return (
        f'name: Pat\ntitle: "{escaped}"\ntrainee: {{role: clerk}}\n'
        "customer: {opening: Hi., backstory: b}\nneeds: {key: {kind: spoken, need: A key.}}\n"
    )


def check_every_sink(workspace: Path, attacks: list[str]) -> None:
    (workspace / "personas").mkdir(parents=True)
    for payload in attacks:
        (workspace / "personas" / "pat.yaml").write_text(persona_with(payload), encoding="utf-8")
        given = f"{payload}\n{payload} Where are you?\n/gesture {payload}\n/{payload}\n".encode()
        outputs = [
            run(
                workspace,
                "play",
                "stranded-driver",
                "--trainee",
                payload.replace("\x00", ""),
                "--seed",
                "1",
                given=given,
            ),
            run(workspace, "play", payload.replace("\x00", "")),
            run(workspace, "personas", "list"),
            run(workspace, "personas", "check"),
            run(workspace, "transcripts", "list"),
            run(workspace, "transcripts", "search", payload.replace("\x00", "")),
            run(workspace, "transcripts", "search", "safe"),
            run(workspace, "transcripts", "show", payload.replace("\x00", "")),
        ]
        listed = re.search(r"saved as (\w+)", outputs[0])
        assert listed
        outputs.append(run(workspace, "transcripts", "show", listed.group(1)))
        for output in outputs:
            assert not LIVE.search(output), (payload, output)
        assert payload.split()[-1][-2:] in outputs[-1]


def test_no_payload_is_live_in_any_sink(tmp_path: Path) -> None:
    check_every_sink(tmp_path / "ws", payloads(len(ATTACKS)))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_two_thousand_payloads_are_not_live_in_any_sink(part: int, tmp_path: Path) -> None:
    for number in range(10):
        check_every_sink(tmp_path / f"ws{number}", payloads(2000)[part * 500 + number * 50 :][:50])
