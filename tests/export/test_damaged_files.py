"""Whatever is in a file, importing it is no traceback, and what was taken from it can be used like any other call."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from roleplay.cli.transcript_json import data_of
from roleplay.cli.transcript_lines import lines_of
from roleplay.errors import BadInput
from roleplay.export.wire import script_row
from roleplay.store.drills import Drills
from roleplay.store.integrity import verify
from roleplay.store.transcripts import Transcripts
from tests.export.exchanges import counted_with, counted_without_practice, take
from tests.export.golden_files import FORMATS, exported, fill

FEW, MANY = 300, 10_000
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 7, 10**6, 2**63, 10**30, 0.5, -0.0, 1e308, "", " ", "x", "x" * 5_000, "\x1b[31m"),
    *("nowhere", "../../etc/passwd", "2026-11-04T13:03:00Z", "9999-12-31T23:59:59-23:59", "a\nb", "\u202e", [], [[]]),
    *({}, {"id": "x"}, [None], ["x"], {"": ""}, "met", "good", "verified", "coach", "trainee", "comment"),
)


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.soak)])
def test_a_damaged_file_is_never_a_traceback(tmp_path: Path, count: int) -> None:
    source, target = tmp_path / "source.db", tmp_path / "target.db"
    fill(source)
    header, *lines = exported(source, "jsonl").splitlines()
    chance = Random(count)
    test = next(line for line in lines if line.startswith(b'{"test"'))
    file = b"\n".join([header, lines[0], test, *damaged(lines, chance, count)])
    taken = take(target, file)
    told = [each.what for each in taken]
    assert told.count("refused") > count / 3
    assert told.count("new") > count / 50
    assert all(each.why for each in taken if each.what == "refused")
    assert verify(target).fine
    came = [each.name.partition(" ") for each in taken if each.what in ("new", "completed")]
    for kind in ("transcript", "drill", "test"):
        assert sum(each[0] == kind for each in came) > count / 100
    usable(target, [name for kind, _, name in came if kind == "transcript"])
    assert counted_with(target) == counted_without_practice(target, tmp_path / "without.db")


def damaged(lines: list[bytes], chance: Random, count: int) -> Iterator[bytes]:
    """Lines with something wrong in most of them. Each has an id of its own, or it would be refused for that."""
    for number in range(count):
        line = chance.choice(lines)
        if line.startswith(b'{"test"'):
            line = line.replace(b'"test-sam"', b'"test-%d"' % number).replace(b'"rated-', b'"rated-%d-' % number)
        for name in (b'"id":"drill-sam', b'"id":"of-a-test', b'"sitting":"sitting'):
            line = line.replace(name, b"%b-%d" % (name, number))
        for name in (b"reviewed", b"branched", b"exam"):
            line = line.replace(b'"id":"' + name, b'"id":"%b-%d' % (name, number))
        line = line.replace(b'"0000000000', b'"%010d' % number)
        match chance.randrange(5):
            case 0:
                yield flipped(line, chance)
            case 1:
                yield line[: chance.randrange(len(line))]
            case 2:
                yield bytes(chance.randrange(256) for _ in range(chance.randrange(200))).replace(b"\n", b"")
            case 3:
                yield from another_script(lines[0], line, chance)
            case _:
                data = json.loads(line)
                for _ in range(chance.randint(1, 2)):
                    altered(data, chance)
                yield json.dumps(data).encode()


def another_script(script: bytes, line: bytes, chance: Random) -> Iterator[bytes]:
    """`line` behind a script that was altered by somebody who knows how to name it."""
    written = json.loads(script)
    altered(written["played"], chance)
    ident, _ = script_row(written["played"])
    yield json.dumps({"script": ident, "played": written["played"]}).encode()
    yield line.replace(written["script"].encode(), ident.encode())


def flipped(line: bytes, chance: Random) -> bytes:
    """`line` with one bit that is another."""
    raw = bytearray(line)
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw).replace(b"\n", b" ")


def altered(data: Any, chance: Random) -> None:
    """Put another value somewhere into `data`, take one away, or change the order."""
    while True:
        places = list(data) if isinstance(data, dict) else list(range(len(data)))
        if not places:
            return
        at = chance.choice(places)
        if isinstance(data[at], (dict, list)) and data[at] and chance.random() < 0.8:
            data = data[at]
            continue
        if chance.random() < 0.2:
            del data[at]
        elif isinstance(data, list) and chance.random() < 0.5:
            chance.shuffle(data)
        else:
            data[at] = chance.choice(_VALUES)
        return


def usable(path: Path, names: list[str]) -> None:
    with Transcripts(path) as store:
        for name in names:
            for branch in (None, *store.branches(name)):
                call = store.load(name, branch)
                data_of(call, store.score(name))
                assert list(lines_of(call, "", ""))
    with Drills(path) as drills, closing(sqlite3.connect(path)) as connection:
        for (trainee,) in connection.execute("SELECT DISTINCT trainee FROM drills UNION SELECT trainee FROM sessions"):
            assert all(drills.script(each.id) for each in drills.of(trainee))
            assert len(drills.test_ratings(trainee)) <= len(drills.tests(trainee))
            assert len(drills.practised(trainee)) >= sum(each.counts for each in drills.of(trainee))
    for form in FORMATS:
        assert exported(path, form)


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "source.db"
    fill(source)
    header, script, *_ = exported(source, "jsonl").splitlines()
    for line in (b"[" * 100_000, b'{"call":' * 50_000, b'{"call":{},"rows":[' + b"[" * 500 + b"]" * 500 + b"]}"):
        (taken,) = take(tmp_path / "target.db", b"\n".join([header, script, line]))
        assert taken.what == "refused"


def test_a_line_without_end_is_refused_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source.db"
    fill(source)
    header, script, *calls = exported(source, "jsonl").splitlines()
    huge = b'{"call":{"id":"' + b"x" * (33 * 1024 * 1024) + b'"}}'
    taken = take(tmp_path / "target.db", b"\n".join([header, script, huge, *calls]))
    assert [each.what for each in taken] == ["refused", *["new"] * len(calls)]
    assert "longer than" in taken[0].why


def test_only_the_first_line_tells_the_format(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no export of transcripts"):
        take(tmp_path / "target.db", b"\xff\x00\n" + b'{"format":"roleplay-transcripts","version":1}')
