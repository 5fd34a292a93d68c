"""New personas play as they are, check clean, and explain themselves; nothing is overwritten."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from roleplay.errors import BadInput, NotSaved
from roleplay.persona.model import Persona
from roleplay.persona.schema import persona_schema
from roleplay.persona.template import SCHEMA_FILE, checked_id, put_schema, template, write_new
from roleplay.rehearsal.persona_tests import run_persona_tests
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
from tests.persona.samples import hints, persona, problems

SHORT, FULL = template("owen", full=False), template("owen", full=True)

_HEADING = re.compile(r"(?m)^# ---- (\w+) ----\n")


def uncommented(name: str) -> str:
    """The full template with the example of that name uncommented, without what its comment says to take away."""
    whole, *pieces = _HEADING.split(FULL)
    example = dict(zip(pieces[::2], pieces[1::2], strict=True))[name]
    comment, yaml = re.split(r"(?m)^(?=# (?:visits|scenes|queue|draws):)", example, maxsplit=1)
    for field in re.findall(r"`([\w.]+)`", comment.partition("take ")[2].partition(" away")[0]):
        whole = without(whole, *field.split("."))
    return whole + re.sub(r"(?m)^# ", "", yaml)


def without(text: str, *way: str) -> str:
    """`text` without a field of the top level, or one inside such a field."""
    indent = "  " * (len(way) - 1)
    found = re.search(rf"(?m)^{indent}{way[-1]}:.*\n(?:{indent}[ #].*\n|\n)*", text)
    assert found, way
    return text.replace(found.group(), "", 1)


@pytest.mark.parametrize("text", [SHORT, FULL], ids=["short", "full"])
def test_a_template_checks_without_a_word(text: str) -> None:
    assert problems(text, "owen.yaml") == [] and hints(text, "owen.yaml") == []


def test_the_short_one_is_short() -> None:
    lines = [line for line in SHORT.splitlines() if line and not line.startswith("#")]
    assert 15 <= len(lines) <= 25


def test_the_full_one_has_every_part_or_an_example_of_it() -> None:
    written = persona(FULL)
    for name in Persona.__struct_fields__:
        assert re.search(rf"(?m)^(?:# )?{name}:", FULL) or name in ("id", "language"), name
    for kind in ("met", "partly", "missed", "harmed"):
        assert getattr(written.reactions, kind)


def test_its_tests_pass() -> None:
    results = run_persona_tests(persona(FULL), OfflineScorer(default_rubric()))
    assert len(results) >= 3 and [failure for each in results for failure in each.failures] == []


@pytest.mark.parametrize("name", ["visits", "scenes", "queue"])
def test_an_example_is_valid_once_its_comment_was_followed(name: str) -> None:
    text = uncommented(name)
    assert problems(text) == [] and hints(text) == []
    assert getattr(persona(text), name)


def test_its_comments_name_the_commands_for_it() -> None:
    for text in (SHORT, FULL):
        assert "roleplay play owen\n" in text and "NAME" not in text
    assert "play ./a b.yaml\n" in template("./a\nb.yaml", full=False), "on one line, whatever the path"


@pytest.mark.parametrize(
    ("name", "offer"),
    [
        ("Stranded Driver", "Try: stranded-driver"),
        ("dana.yaml", "Try: dana"),
        ("../../etc/passwd", "Try: etc-passwd"),
        ("Zoë's café", "Try: zoe-s-cafe"),
        ("a" * 100, "Try: " + "a" * 60),
        ("-x-", "Try: x"),
        ("日本", "Write it like stranded-driver."),
        ("", "Write it like"),
        ("a\0b", "Try: a-b"),
        ("a\n", "Try: a"),
    ],
)
def test_a_name_that_is_no_id_is_refused_and_the_nearest_offered(name: str, offer: str) -> None:
    with pytest.raises(BadInput) as error:
        checked_id(name)
    assert str(error.value).endswith(offer) or offer in str(error.value)
    if offer.startswith("Try: "):
        assert checked_id(offer.removeprefix("Try: "))


@pytest.mark.parametrize("there", ["ann.yaml", "ann.yml"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    with pytest.raises(BadInput, match="is there already; nothing was written"):
        write_new(tmp_path, "ann", "x")
    assert (tmp_path / there).read_text() == "mine" and len(list(tmp_path.iterdir())) == 1


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "ann.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput):
        write_new(tmp_path, "ann", "x")
    assert not (tmp_path / "elsewhere").exists()


def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="cannot be written: No such file or directory"):
        write_new(tmp_path / "none", "ann", "x")


def test_the_schema_is_put_beside_it_and_an_older_one_renewed(tmp_path: Path) -> None:
    path = tmp_path / SCHEMA_FILE
    assert [put_schema(tmp_path), put_schema(tmp_path)] == ["written", "kept"]
    old = json.loads(persona_schema())
    del old["properties"]["queue"]
    path.write_text(json.dumps(old))
    assert put_schema(tmp_path) == "renewed" and path.read_text(encoding="utf-8") == persona_schema()
    assert [each.name for each in tmp_path.iterdir()] == [SCHEMA_FILE], "nothing is left behind"


@pytest.mark.parametrize("other", ["{}", "no json", "[]", '{"title": "x"}', "[" * 50_000])
def test_somebody_elses_file_of_that_name_is_left_alone(tmp_path: Path, other: str) -> None:
    (tmp_path / SCHEMA_FILE).write_text(other)
    assert put_schema(tmp_path) == "foreign" and (tmp_path / SCHEMA_FILE).read_text() == other


def test_a_schema_that_is_a_link_is_replaced_and_what_it_leads_to_is_not(tmp_path: Path) -> None:
    shared = tmp_path / "shared.json"
    shared.write_text('{"title": "A Roleplay persona"}')
    (tmp_path / SCHEMA_FILE).symlink_to(shared)
    assert put_schema(tmp_path) == "renewed"
    assert shared.read_text() == '{"title": "A Roleplay persona"}' and not (tmp_path / SCHEMA_FILE).is_symlink()
