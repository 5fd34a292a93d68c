"""`roleplay score`, run as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import program

ITEM = {
    "id": "a",
    "context": [{"role": "customer", "text": "I'm on the ramp, the cars go by two feet from my door."}],
    "reply": "Stay in the car, belt on. I'm staying with you.",
    "moment": {"id": "m", "feeling": "afraid", "unspoken_need": "not to be alone in danger", "safety": "danger"},
}


def run(*arguments: str, given: bytes = b"") -> program.Ran:
    return program.run("score", *arguments, given=given)


def lines(*items: Any) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def scored(result: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_comes_back_with_its_scores_in_order() -> None:
    result = run("-", given=lines(ITEM, {"id": 7, "reply": "I understand how you feel."}, {"id": "c", "reply": ""}))
    assert (result.returncode, result.stderr) == (0, b"")
    first, second, third = scored(result)
    assert [first["id"], second["id"], third["id"]] == ["a", 7, "c"]
    assert set(first) == {"id", "scores", "overall", "turn_score", "opportunity", "evidence", "flags", "unsure"}
    assert first["opportunity"] == "met"
    assert first["scores"]["names_need"] is None
    assert (second["overall"], third["flags"]["too_short"]) == (0, True)
    for evidence in first["evidence"]:
        assert ITEM["reply"][evidence["start"] : evidence["end"]] == evidence["quote"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"{bad\n", "not a JSON object"),
        (b'["a"]\n', "Expected `object`"),
        (b'{"id": "x"}\n', "there is no `reply`"),
        (b'{"id": "x", "reply": 5}\n', "at `reply`"),
        (b'{"id": "x", "reply": "a", "context": [{"role": "boss", "text": "b"}]}\n', "boss"),
        (b'{"id": "x", "reply": "\xff"}\n', "not UTF-8"),
        (lines({"id": "x", "reply": "a" * 4001}), "4,000 is the limit"),
        (b'{"id": "x", "reply": "' + b"a" * 1_100_000 + b'"}\n', "longer than 1,000,000 bytes"),
        (b'{"moment":' * 100_000 + b"\n", ""),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_scored(bad: bytes, said: str) -> None:
    result = run("-", given=lines(ITEM) + bad + lines(ITEM))
    assert result.returncode == 1
    assert len(scored(result)) == 2
    error = result.stderr.decode()
    assert error.startswith("Line 2: ") and said in error
    assert "Traceback" not in error


def test_empty_lines_and_keys_of_ones_own_are_passed_over() -> None:
    result = run("-", given=b"\n" + lines({**ITEM, "labels": {"harm": 0}}) + b"\n\n")
    assert (result.returncode, len(scored(result))) == (0, 1)


def test_a_pipe_is_answered_line_by_line() -> None:
    code = "from roleplay.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "score", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout
        for number in range(3):
            process.stdin.write(lines({**ITEM, "id": number}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
    assert process.returncode == 0


def test_a_long_file_is_answered_in_order_with_its_bad_lines_named(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"".join(b"{bad\n" if number == 300 else lines({**ITEM, "id": number}) for number in range(500)))
    result = run(str(path))
    assert [each["id"] for each in scored(result)] == [number for number in range(500) if number != 300]
    assert result.stderr.decode().splitlines() == ["Line 301: not a JSON object.", "1 line could not be scored."]
    assert result.returncode == 1


def test_controls_are_made_harmless() -> None:
    result = run("-", given=lines({"id": "\x1b]0;x\x07", "reply": "\x00\x1b[31m Stay in the car."}))
    assert result.returncode == 0
    assert b"\\u001b" not in result.stdout and b"\x1b" not in result.stdout and b"\\u0000" not in result.stdout


def test_a_byte_order_mark_is_accepted_and_utf_16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines(ITEM))
    assert run(str(path)).returncode == 0
    path.write_bytes(lines(ITEM).decode().encode("utf-16"))
    result = run(str(path))
    assert result.returncode == 2
    assert b"UTF-16" in result.stderr and result.stderr.count(b"\n") == 1


def test_a_missing_file_and_a_folder_are_told_in_one_sentence(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.jsonl", b"no such file"), (tmp_path, b"folder")):
        result = run(str(path))
        assert result.returncode != 0
        assert said in result.stderr and result.stderr.count(b"\n") == 1


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = "from roleplay.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "score", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        try:
            process.stdin.write(lines(*[ITEM] * 50))
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert b"Traceback" not in process.stderr.read()
