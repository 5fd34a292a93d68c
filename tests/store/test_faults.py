"""What survives: killed processes, other writers, a full disk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from roleplay.errors import NotSaved
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import keep_call, opening, play_on, reply, session

ROOT = Path(__file__).parents[2]


def victim(*arguments: object, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [*before, sys.executable, "-m", "tests.store.victims", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told_by(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transcripts" / "roleplay.db"


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_what_was_acknowledged_survives_a_kill_and_nothing_is_half_saved(path: Path, kills: int) -> None:
    told = [json.loads(row) for row in told_by(victim("killed", path, kills, 1)).splitlines()]
    assert len(told) == kills
    steps = [len(acknowledged) for _, acknowledged in told]
    assert sum(steps) > kills and any("branch" in acknowledged for _, acknowledged in told)
    expected = states_of_a_call(path.with_name("reference.db"), 1 + max(steps))
    with Transcripts(path) as store:
        for (name, _), step in zip(told, steps, strict=True):
            if step:
                assert state_of(store, name) in expected[step : step + 2]
    assert verify(path).problems == []


def state_of(store: Transcripts, name: str) -> tuple[object, ...]:
    kept = store.load(name)
    said = [[each.text for each in rows] for rows in (kept.replies, kept.lines, kept.earlier)]
    return (kept.branch, *said, store.draft(name))


def states_of_a_call(path: Path, steps: int) -> list[tuple[object, ...]]:
    """How the call that a victim plays is kept after 0, 1, 2 … steps."""
    with Transcripts(path) as store:
        played = play_on(store, "reference")
        return [(), *(state_of(store, "reference") for _ in islice(played, steps))]


@pytest.mark.parametrize("seconds", [1.5, pytest.param(60, marks=pytest.mark.soak)])
def test_four_writers_lose_nothing_and_hinder_nobody(path: Path, seconds: float) -> None:
    writers = {f"writer-{number}": victim("writer", path, f"writer-{number}", seconds) for number in range(4)}
    told = {name: int(told_by(process)) for name, process in writers.items()}
    with Transcripts(path) as store:
        for name, turns in told.items():
            assert turns > 0
            kept = store.load(name)
            assert [each.turn for each in kept.replies] == list(range(1, turns + 1))
            assert [each.turn for each in kept.lines] == list(range(2, turns + 2))
    assert verify(path).problems == []


def test_a_full_disk_is_told_keeps_nothing_of_it_and_needs_no_restart(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, "before", 1)
    refused = json.loads(told_by(victim("full", path)))
    assert {"begin", "draft", "reply", "line", "branch", "ending"} == set(refused)
    with Transcripts(path) as store:
        for number in range(6):
            kept = store.load(f"full-{number}")
            assert [each.turn for each in (*kept.replies, *kept.earlier)] == [1, 2, 3]
            assert [each.turn for each in kept.lines] == [2, 3]
            assert kept.ending
    assert verify(path).problems == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not mount or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a 1 MiB tmpfs is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_of_one_mebibyte_fills_up_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    with Transcripts(small_disk / "transcripts" / "roleplay.db") as store:
        store.begin(session("full-call"), opening("full-call"))
        turn = 0
        with pytest.raises(NotSaved, match=r"Nothing of this was saved, because .*roleplay.db”"):
            while turn < 2000:
                store.keep_reply(reply("full-call", turn + 1))
                turn += 1
        assert len(store.load("full-call").replies) == turn
        ballast.unlink()
        store.keep_reply(reply("full-call", turn + 1))
        assert len(store.load("full-call").replies) == turn + 1
    assert verify(small_disk / "transcripts" / "roleplay.db").problems == []


def test_the_disk_has_it_before_it_is_told(path: Path, tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("strace is not installed")
    log = tmp_path / "calls"
    tracing = (strace, "-f", "--seccomp-bpf", "-e", "trace=fdatasync,fsync,write", "-o", str(log))
    process = victim("tells", path, "told-call", before=tracing)
    out, err = process.communicate(timeout=60)
    if "ptrace" in err or "PTRACE" in err:
        pytest.skip("strace may not trace here")
    assert out.count("KEPT") == 11
    synced = 0
    for call in log.read_text().splitlines():
        if re.search(r"f(data)?sync\(\d+\)\s*= 0", call):
            synced += 1
        elif 'write(1, "KEPT' in call:
            assert synced, "told before it was on the disk"
            synced = 0


@pytest.mark.parametrize("gone", ["moved", "deleted", "replaced"])
def test_what_nobody_would_find_again_is_not_told_as_saved(path: Path, gone: str) -> None:
    with Transcripts(path) as store:
        keep_call(store, "call-one", 2)
        if gone == "moved":
            path.parent.rename(path.parent.with_name("elsewhere"))
        elif gone == "deleted":
            shutil.rmtree(path.parent)
        else:
            path.unlink()
            path.write_bytes(b"")
        with pytest.raises(NotSaved, match="moved, deleted or replaced"):
            store.keep_draft("call-one", "words")
        assert store.interrupted("Sam") == []


def test_it_goes_on_when_the_folder_is_put_back(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, "call-one", 2)
        aside = path.parent.with_name("elsewhere")
        path.parent.rename(aside)
        with pytest.raises(NotSaved):
            store.keep_draft("call-one", "words")
        aside.rename(path.parent)
        store.keep_draft("call-one", "words")
        assert store.draft("call-one") == "words"
