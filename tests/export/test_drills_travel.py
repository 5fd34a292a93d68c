"""Drills and tests travel to another workspace, once, and only those that can be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from roleplay.export.exporting import OUTSIDE
from roleplay.persona.message import Message
from roleplay.store.drills import Drills
from roleplay.store.integrity import verify
from roleplay.store.reviews import Wanted
from tests.cli.running import run
from tests.export.exchanges import exported, take, told
from tests.export.golden_files import exported as written
from tests.export.golden_files import fill
from tests.store.kept_calls import drill, script

LATER = "2026-11-06T09:00:00Z"
Line = dict[str, Any]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drilled") / "roleplay.db"
    fill(path)
    return path


@pytest.fixture(scope="module")
def file(filled: Path) -> bytes:
    """Three calls, a test with a drill in it, two drills, and an assignment."""
    return exported(filled)


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    """The database of a workspace in which all of that is."""
    (tmp_path / "transcripts").mkdir()
    return Path(copy(filled, tmp_path / "transcripts"))


def kinds(file: bytes) -> list[str]:
    return [next(iter(json.loads(line))) for line in file.splitlines()[1:]]


def changed(file: bytes, kind: str, change: Callable[[Line], object]) -> bytes:
    """`file` with the last line of that kind changed."""
    lines = [json.loads(line) for line in file.splitlines()]
    change([line for line in lines if kind in line][-1])
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def test_export_import_export_gives_the_same_bytes_and_the_same_drills(
    filled: Path, file: bytes, tmp_path: Path
) -> None:
    here, there = filled, tmp_path / "there.db"
    assert told(take(there, file)) == {"new": 8}
    assert exported(there) == file
    with Drills(here) as one, Drills(there) as two:
        assert (two.of("sam"), two.tests("sam"), two.test_ratings("sam")) == (
            one.of("sam"),
            one.tests("sam"),
            one.test_ratings("sam"),
        )
        assert two.script("of-a-test") == one.script("of-a-test")
        assert two.practised("sam") == one.practised("sam")
    assert verify(there).fine
    before = there.read_bytes()
    assert told(take(there, file)) == {"there": 8}
    assert there.read_bytes() == before


def test_drills_of_somebody_who_never_took_a_call_travel_with_their_scripts(tmp_path: Path) -> None:
    path, other = tmp_path / "one.db", tmp_path / "two.db"
    with Drills(path) as drills:
        drills.keep(drill("kim"), script())
        drills.keep(drill("kim", 2), script("Another"))
    file = exported(path)
    assert kinds(file) == ["script", "drill", "script", "drill"]
    assert told(take(other, file)) == {"new": 2}
    assert exported(other) == file


def test_a_selection_is_by_trainee_and_time_and_a_test_is_whole(path: Path) -> None:
    with Drills(path) as drills:
        drills.keep(drill("kim", id="of-kim"), script())
        drills.keep(drill(id="late", at=LATER, moment="leaving", sitting="next"), script())

    def chosen(**wanted: str) -> list[str]:
        lines = map(json.loads, exported(path, Wanted(**wanted), assignments=False).splitlines())  # type: ignore[arg-type]
        return [line[kind]["id"] for line in lines for kind in ("drill", "test") if kind in line]

    assert chosen(trainee="kim") == ["of-kim"]
    assert chosen(since="2026-11-05") == ["late"]
    assert set(chosen(until="2026-11-05")) == {"test-sam", "of-a-test", "drill-sam-1", "drill-sam-2", "of-kim"}


@pytest.mark.usefixtures("path")
def test_the_command_writes_them_with_everybody_or_one_trainee_and_never_with_one_persona(tmp_path: Path) -> None:
    def lines(*options: str) -> list[str]:
        return kinds(run(tmp_path, "transcripts", "export", "--format", "jsonl", *options).out.encode())

    assert [lines(*options).count("drill") for options in (["--all"], ["--trainee", "sam"], ["--trainee", "kim"])] == [
        *(3, 3, 0)
    ]
    assert "drill" not in lines("--persona", "the-ramp") + lines("reviewed")
    out = tmp_path / "out"
    out.mkdir()
    ran = run(tmp_path, "transcripts", "export", "--all", "--format", "jsonl", "--output", str(out))
    assert ran.err.startswith("4 files in ") and kinds((out / OUTSIDE).read_bytes()).count("drill") == 3
    assert told(take(tmp_path / "other.db", (out / OUTSIDE).read_bytes())) == {"new": 4}


def test_without_names_nobody_is_named_in_any_line(path: Path, tmp_path: Path) -> None:
    plain = written(path, "jsonl", anonymous=True).decode()
    assert '"trainee":"sam"' not in plain and '"trainee":"Trainee 1"' in plain
    assert told(take(tmp_path / "two.db", plain.encode())) == {"new": 7}
    ran = run(tmp_path, "transcripts", "export", "--all", "--assignments", "--anonymous", "--format", "jsonl")
    assert '"assignment"' in ran.out and '"sam"' not in ran.out and '"Kim"' not in ran.out


def test_a_test_gets_the_drills_and_the_rating_that_it_lacks(file: bytes, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    begun = changed(file, "test", lambda line: line.update(ratings=[]))
    take(other, b"\n".join(line for line in begun.splitlines() if not line.startswith(b'{"drill"')))
    assert told(take(other, file)) == {"there": 4, "completed": 1, "new": 3}
    assert exported(other).count(b'"rated-sam"') == 1


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("drill", lambda line: line["drill"].update(text="Otherwise."), "contradicts the drill of the same id"),
        ("drill", lambda line: line["drill"].update(id="another"), "Another reply to that moment is kept"),
        ("drill", lambda line: line["drill"].update(id="x", attempt=0), "counted from 1"),
        ("drill", lambda line: line["drill"].update(id="x", aided=3), "aided cannot be that"),
        ("drill", lambda line: line["drill"].update(id="x", test="no-such-test"), "does not come before it"),
        ("drill", lambda line: line["drill"].update(id="x", trainee="eve"), "the test of somebody else"),
        ("drill", lambda line: line["drill"].update(id="x", moment="nowhere"), "Its script has no such moment"),
        ("drill", lambda line: line["drill"].update(id="x", moment="leaving"), "does not ask for its moment"),
        ("drill", lambda line: line["drill"].update(id="x", persona="other"), "another persona than its script"),
        ("drill", lambda line: line["drill"].update(id="x", history=[]), "replies to nothing"),
        (
            "drill",
            lambda line: line["drill"].update(id="x", history=[{"role": "trainee", "text": "Hm."}]),
            "replies to nothing",
        ),
        ("drill", lambda line: line["drill"].update(id="x", history={}), "cannot be read"),
        ("drill", lambda line: line["drill"]["assessment"].update(overall=9), "level that does not exist"),
        ("drill", lambda line: line["drill"].update(id="x", script="0" * 64), "does not come before it"),
        ("drill", lambda line: line["drill"].update(at="soon"), "at cannot be that"),
        ("drill", lambda line: line.update(drill=[]), "It is no drill"),
        ("test", lambda line: line["test"].update(items=[]), "no moments"),
        ("test", lambda line: line["test"].update(items={}), "cannot be read"),
        ("test", lambda line: line["test"].update(trainee="eve"), "rating of something else"),
        ("test", lambda line: line["ratings"].append(line["ratings"][0] | {"id": "y"}), "more than once"),
        ("test", lambda line: line["ratings"][0].update(id="y", rating=0), "rated otherwise here"),
        ("test", lambda line: line["ratings"][0].update(rating=5), "rating cannot be that"),
        ("test", lambda line: line.pop("ratings"), "cannot be read"),
        ("test", lambda line: line["test"].update(at="2026-11-05T00:00:00Z"), "contradicts the test of the same id"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    file: bytes, kept: Path, kind: str, change: Callable[[Line], object], said: str
) -> None:
    before = kept.read_bytes()
    refused = [each for each in take(kept, changed(file, kind, change)) if each.what == "refused"]
    assert len(refused) == 1 and said in refused[0].why, refused
    assert kept.read_bytes() == before


@pytest.fixture(scope="module")
def kept(file: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which all of the file is kept."""
    path = tmp_path_factory.mktemp("kept") / "roleplay.db"
    take(path, file)
    return path


def test_controls_in_a_drill_become_visible(tmp_path: Path) -> None:
    path, evil = tmp_path / "one.db", "\x1b]52;c;ZXZpbA==\x07\u202e"
    with Drills(path) as drills:
        drills.keep(drill(text=evil, history=(Message("customer", evil),)), script())
    take(tmp_path / "two.db", exported(path))
    with Drills(tmp_path / "two.db") as drills:
        (told_,) = drills.of("sam")
    assert told_.text == told_.history[0].text == "␛]52;c;ZXZpbA==␇�"
