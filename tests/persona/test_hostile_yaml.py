"""Files that nobody means well with: always a persona or problems with file and line, quickly, in little memory."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.persona.completion import complete
from roleplay.persona.loading import parse_persona, read_persona
from roleplay.text import has_controls
from tests.persona.rewired import rewired
from tests.persona.samples import RICH, SHORT
from tests.persona.test_template import uncommented

SECONDS = 0.5
MEGABYTES = 100

_TOLD_IN_PARTS = [uncommented(name).encode() for name in ("visits", "scenes", "queue")]
_SHIPPED = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "personas").glob("*.yaml"))]
_NASTY = [
    *b"[ ] { } ! % @ ` # ' \" | > \\ ~ = < null true no 12:30 .inf -1 1e999 0x1F met( not".split(),
    *(b"*a", b"&a ", b"!!python/object:os.system ", b"? ", b": ", b"- ", b" #", b">-\n", b"<<: {}", b"when: trust <"),
    *(b"\t", b"\n", b"\r", b"\r\n", b"\n\n---\n", b"\n...\n", b"\0", b"\x7f", b"\x1b]52;c;eA==\x07", b'"\\e[2J"'),
    *(b"\xff", b"\xfe", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf4\x90\x80\x80", b"base_url: http://127.0.0.1/"),
    *(text.encode() for text in ("\u2028", "\u202e", "\u0301" * 50, "\U0001f600", "\x85", "\ufffe", "\ufeff")),
    *(b"- " * 30, b"[" * 30, b"a: {" * 30, b"x" * 5000, b"9" * 400),
]


def mutated(random: Random) -> bytes:
    """A persona after one to six blows: bytes changed, cut out, doubled, moved, or nasty ones put in."""
    raw = bytearray(random.choice([SHORT.encode(), RICH.encode(), *_TOLD_IN_PARTS, random.choice(_SHIPPED)]))
    for _ in range(random.randint(1, 6)):
        start = random.randrange(len(raw) + 1)
        stop = min(len(raw), start + random.choice([1, 1, 4, 30, 300]))
        blow = random.randrange(6)
        if blow == 0 and start < len(raw):
            raw[start] = random.randrange(256)
        elif blow == 1:
            del raw[start:stop]
        elif blow == 2:
            raw[start:start] = raw[start:stop] * random.choice([1, 2, 50])
        elif blow == 3:
            piece = raw[start:stop]
            del raw[start:stop]
            place = random.randrange(len(raw) + 1)
            raw[place:place] = piece
        else:
            raw[start:start] = random.choice(_NASTY)
    return bytes(raw)


def soup(random: Random) -> bytes:
    """YAML made of names of the format and nasty pieces."""
    words = [word.encode() for word in re.findall(r"\w+:?|\W", RICH)]
    return b"".join(random.choice(words if random.random() < 0.8 else _NASTY) for _ in range(random.randint(1, 200)))


def check(raw: bytes) -> None:
    """What must be so for any file whatever."""
    began = time.process_time()
    reading = parse_persona(raw, "some.yaml")
    took = time.process_time() - began
    if took > SECONDS:  # once more, should the machine have been busy with something else
        began = time.process_time()
        parse_persona(raw, "some.yaml")
        took = time.process_time() - began
    assert took < SECONDS
    assert reading.persona is not None or reading.errors
    assert not (reading.persona is not None and reading.errors)
    for problem in reading.problems:
        text = str(problem)
        assert re.match(r"some\.yaml:[1-9]\d*:[1-9]\d*: \S", text), text
        assert not has_controls(text) and "\n" not in text and len(text) < 700, text
        text.encode()
    if reading.persona is not None:
        complete(reading.persona)


def check_many(count: int, seed: str) -> None:
    for number in range(count):
        random = Random(f"{seed}:{number}")
        raw = (soup, mutated, mutated, rewired)[number % 4](random)
        try:
            check(raw)
        except BaseException as error:
            error.add_note(f"number {number} of {seed!r}: {raw[:2000]!r}")
            raise


def test_mutated_files_are_personas_or_problems() -> None:
    check_many(300, "quick")


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_mutated_files_are_personas_or_problems(part: int) -> None:
    check_many(1_000, f"soak {part}")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=300))
def test_any_bytes_are_problems(raw: bytes) -> None:
    check(raw)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(
                st.sampled_from(sorted(set(re.findall(r"(\w+):", RICH)))) | st.text(max_size=8), inner, max_size=5
            ),
        ),
        max_leaves=25,
    )
)
def test_any_tree_of_the_right_names_and_wrong_kinds_is_told_so(tree: object) -> None:
    check(json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    whole = parse_persona(SHORT.encode(), "some.yaml").persona
    assert whole is not None
    if isinstance(tree, dict):
        check(SHORT.encode() + b"moments: " + json.dumps([tree]).encode())


def test_no_bomb_takes_half_a_second_or_a_hundred_megabytes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.persona.bombs"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    cost = json.loads(done.stdout)
    assert {name: seconds for name, seconds in cost["seconds"].items() if seconds > SECONDS} == {}
    assert cost["megabytes"] < MEGABYTES
    assert all(found[0].startswith("bomb.yaml:") for found in cost["problems"].values() if found)
    refused = {name for name, found in cost["problems"].items() if any("warning" not in each for each in found)}
    assert {"alias bomb", "200k nested lists", "documents", "zeros", "one byte too many", "tag directives"} <= refused


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port of this computer, and everybody who called it."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        closing = threading.Event()

        def wait() -> None:
            while not closing.is_set():
                try:
                    callers.append(server.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=wait)
        thread.start()
        yield server.getsockname()[1], callers
        closing.set()
        thread.join()


def test_no_persona_reaches_the_network_or_a_file(
    listener: tuple[int, list[object]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    port, callers = listener
    url = f"http://127.0.0.1:{port}/"
    witness = tmp_path / "witness"
    for number, line in enumerate(
        [
            f"base_url: {url}",
            f"$schema: {url}",
            f"include: {url}",
            f"summary: !!python/object/apply:urllib.request.urlopen [{url}]",
            f"summary: !!python/object/apply:os.system ['touch {witness}']",
            f"summary: !include {url}",
            f"%TAG ! {url}",
            f"file: {witness}",
            f"env: {{OPENAI_BASE_URL: {url}}}",
        ]
    ):
        path = tmp_path / f"p{number}.yaml"
        path.write_text(f"{SHORT}{line}\n")
        reading = read_persona(path)
        assert reading.persona is None and str(reading.problems[0]).startswith(f"{path}:1")
    assert callers == [] and not witness.exists()
    assert capfd.readouterr() == ("", "")
