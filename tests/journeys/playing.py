"""Playing whole calls with the real program in a process of its own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from roleplay.conversation.scripts import script_for
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.rehearsal.banks import Skill, find_bank
from roleplay.rehearsal.runner import Rehearsed, rehearse
from roleplay.scoring.offline.scorer import OfflineScorer
from tests.program import PROGRAM, Ran, run, run_afresh
from tests.program import environment as environment

PERSONA = "stranded-driver"


def command(persona: str = PERSONA) -> list[str]:
    return [*PROGRAM, *_words(persona)]


def _words(persona: str) -> list[str]:
    return ["play", persona, "--plain", "--trainee", "Sam"]


def play(workspace: Path, given: bytes, *options: str, persona: str = PERSONA) -> Ran:
    """Play with what is `given` on standard input, to the end of input."""
    return run(*_words(persona), "--workspace", str(workspace), *options, given=given)


def play_afresh(workspace: Path, given: bytes, *options: str, persona: str = PERSONA, **changes: str) -> Ran:
    """`play` in a Python of its own, with its own hashes and with `changes` in its environment."""
    return run_afresh(*_words(persona), "--workspace", str(workspace), *options, given=given, **changes)


def replies_of(trainee: Skill, seed: int = 7, persona: str = PERSONA) -> tuple[str, ...]:
    """What a simulated trainee says in a whole call with that seed, from its first reply to its last."""
    return tuple(reply.text for reply in rehearsed(persona, trainee, seed).transcript.replies)


@cache
def rehearsed(persona: str, trainee: Skill, seed: int) -> Rehearsed:
    """A whole call of a simulated trainee with a shipped persona; in a thread, for tests that run in a loop already."""
    script, bank = script_for(load_persona(shipped_folder() / f"{persona}.yaml")), find_bank(persona)
    assert bank
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(rehearse, script, bank, trainee, seed, OfflineScorer(script.rubric)).result()


def typed(replies: Iterable[str]) -> bytes:
    """Replies as lines of input."""
    return "".join(f"{reply}\n" for reply in replies).encode()


def saved_as(played: subprocess.CompletedProcess[bytes]) -> str:
    """The id under which a call says that it is saved."""
    found = re.search(r"saved as (\w+)", played.stderr.decode())
    assert found, played.stderr.decode()
    return found.group(1)
