"""Reads the guide for authors as a list of steps, and does them in a workspace as its reader would.

A fenced block says in its info string, which no reader sees, what is to be done with it:

```yaml file=PATH             the whole file
```yaml into=PATH             its fields, each in place of the one of that name, or at the end of the file
     … lines-of=ID            lines, each in place of the one for the same field, of the item with that id
     … after="WORDS"          after the first line that ends with these words
     … under=NAME             items, at the end of the list NAME
     … at-the-top             before everything else
```console                    `$` and a command, then all that it prints; lines behind “You:” are typed

So does a comment where something small is changed back and forth:

<!-- change PATH: THIS -> THAT -->   the first time that it stands there

In what a command prints, a line of only `…` stands for any lines, and `…` at the end of a line for the rest of it.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.program import environment
from tests.program import run as run_program

GUIDE = Path(__file__).parents[2] / "docs" / "writing-a-persona.md"

_STEP = re.compile(
    r"^```(?P<info>\S[^\n]*)\n(?P<text>.*?)^```$|^<!-- change (?P<path>\S+): (?P<old>.*?) -> (?P<new>.*?) -->$",
    re.MULTILINE | re.DOTALL,
)
_TYPED = "You: "


class Block(NamedTuple):
    """A fenced block of the guide. `options` of the info string without a value have an empty one."""

    line: int
    language: str
    options: dict[str, str]
    text: str

    @property
    def path(self) -> str:
        """The file that it is about; empty if it is about none."""
        return self.options.get("file") or self.options.get("into", "")


class Command(NamedTuple):
    """A command as typed, what is typed into it, and the lines that are shown to come of it."""

    line: int
    words: tuple[str, ...]
    typed: tuple[str, ...]
    shown: tuple[str, ...]


def blocks_of(markdown: str) -> list[Block]:
    """All fenced blocks, and the comments that stand for one, in order."""
    found = []
    for match in _STEP.finditer(markdown):
        line = markdown.count("\n", 0, match.start()) + 1
        if match["path"]:
            found.append(Block(line, "yaml", {"into": match["path"], "instead-of": match["old"]}, match["new"]))
            continue
        language, *options = shlex.split(match["info"])
        pairs = dict(option.partition("=")[::2] for option in options)
        found.append(Block(line, language, pairs, match["text"]))
    return found


def commands_of(block: Block) -> Iterator[Command]:
    """The commands of a console block."""
    lines = block.text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert starts and starts[0] == 0, f"line {block.line}: a console block begins with a command"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        shown = tuple(lines[start + 1 : end])
        typed = tuple(line.removeprefix(_TYPED) for line in shown if line.startswith(_TYPED))
        yield Command(block.line + 1 + start, tuple(shlex.split(lines[start][2:])), typed, shown)


def write(block: Block, workspace: Path) -> None:
    """Do what `block` says to its file."""
    path, options = workspace / block.path, block.options
    if "file" in options:
        path.write_text(block.text, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if "instead-of" in options:
        assert options["instead-of"] in text, f"line {block.line}: there is no {options['instead-of']}"
        text = text.replace(options["instead-of"], block.text, 1)
    elif "at-the-top" in options:
        text = block.text + text
    elif "lines-of" in options:
        for line in block.text.splitlines(keepends=True):
            text = _with_line(text, options["lines-of"], line)
    elif "after" in options:
        before, words, rest = text.partition(f"{options['after']}\n")
        assert words, f"line {block.line}: no line ends with {options['after']}"
        text = before + words + block.text + rest
    elif "under" in options:
        text = _put(text, options["under"], _part(text, options["under"]) + block.text)
    else:
        for name, part in _parts(block.text).items():
            text = _put(text, name, part)
    path.write_text(text, encoding="utf-8")


def run(command: Command, workspace: Path) -> str:
    """What `command` prints in `workspace`, on both outputs, in the order of a terminal."""
    program, *arguments = command.words
    if program == "mkdir":
        for name in arguments:
            (workspace / name).mkdir()
        return ""
    assert program == "roleplay", f"line {command.line}: nobody can run {program}"
    if "--watch" not in arguments:
        typed = "".join(f"{line}\n" for line in command.typed).encode()
        return run_program(*arguments, given=typed, folder=workspace, together=True).stdout.decode()
    running = subprocess.Popen(
        [sys.executable, "-m", "roleplay", *arguments],
        cwd=workspace,
        env=environment(PYTHONPATH=os.pathsep.join(sys.path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    with running:
        return _watched(running, len(command.shown))


def as_shown(shown: tuple[str, ...], printed: str) -> bool:
    """Whether `printed` is what the guide has `shown`."""
    pattern = "".join(_as_pattern(line) for line in shown)
    return re.fullmatch(pattern, printed) is not None


def _as_pattern(line: str) -> str:
    if line == "…":
        return r"(?:.*\n)*?"
    if line.endswith("…"):
        return re.escape(line.removesuffix("…").rstrip()) + r".*\n"
    return re.escape(line) + r"\n"


def _watched(running: subprocess.Popen[str], lines: int) -> str:
    """The first `lines` of what never ends by itself."""
    assert running.stdout
    printed = "".join(running.stdout.readline() for _ in range(lines))
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    return printed + rest


def _parts(text: str) -> dict[str, str]:
    """The fields of `text` by name, each with all its lines."""
    parts: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if line[0].isalpha():
            name = line.partition(":")[0]
        parts[name] = parts.get(name, "") + line
    return parts


def _with_line(text: str, ident: str, line: str) -> str:
    """`text` with `line` in place of the next one for its field after the id `ident`."""
    before, item, after = text.partition(f"- id: {ident}\n")
    field = re.escape(line.partition(":")[0])
    changed, number = re.subn(rf"^{field}:.*\n", lambda _: line, after, count=1, flags=re.MULTILINE)
    assert item and number, f"{ident} has no such line: {line}"
    return before + item + changed


def _part(text: str, name: str) -> str:
    return _parts(text)[name]


def _put(text: str, name: str, part: str) -> str:
    """`text` with `part` in place of its field `name`, or at its end if it has none."""
    old = _parts(text).get(name)
    return text.replace(old, part) if old else text + part
