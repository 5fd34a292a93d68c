"""How YAML is read: literally, within limits, and with mistakes explained in plain words."""

from __future__ import annotations

import pytest
import yaml

from roleplay.persona import yaml_nodes
from roleplay.persona.problems import Problems
from roleplay.persona.yaml_nodes import Listing, Mapping, Node, Text, at, read_nodes


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers that PyYAML may have."""
    if request.param == "pure":
        monkeypatch.setattr(yaml_nodes, "PARSER", yaml.SafeLoader)
    return str(request.param)


def read(source: str) -> tuple[Node | None, list[str]]:
    problems = Problems("f.yaml")
    root = read_nodes(source, problems)
    return root, [str(problem) for problem in problems.found()]


def complaint(source: str) -> str:
    _, found = read(source)
    assert found
    return found[0].removeprefix("f.yaml:")


def plain(node: Node | None) -> object:
    match node:
        case Text(text=text):
            return text
        case Listing(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {name: plain(value) for name, (_, value) in entries.items()}
    return None


def test_every_scalar_stays_what_was_written(parser: str) -> None:
    root, found = read("a: no\nb: 12:30\nc: 2014\nd: 'x'\ne: [1.50, ~, 0x1F, 2024-01-01]\nf: |\n  two\n  lines\n")
    assert found == []
    assert plain(root) == {
        "a": "no",
        "b": "12:30",
        "c": "2014",
        "d": "x",
        "e": ["1.50", "~", "0x1F", "2024-01-01"],
        "f": "two\nlines\n",
    }


def test_every_node_knows_its_place(parser: str) -> None:
    root, _ = read("moments:\n  - id: one\n    says: “hé” there\n")
    assert root is not None
    says = at(root, ("moments", 0, "says"))
    assert (says.line, says.column) == (3, 11)


def test_a_way_that_was_not_written_leads_to_the_last_node_that_was() -> None:
    root, _ = read("a:\n  b: [c]\n")
    assert root is not None
    assert at(root, ("a", "b", 7, "x")) is at(root, ("a", "b"))


def test_texts_are_put_into_normal_form_c() -> None:
    root, _ = read("a: Ame\u0301lie\n")
    assert plain(root) == {"a": "Am\u00e9lie"}


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("summary: She said: help me\n", "1:18:", "A colon inside a text"),
        ("a:\n  - Sorry: I: mean it\n", "2:13:", "quotation marks round the whole text"),
        ("title: foo\n  name: bar\n", "2:7:", "indented deeper"),
        ("name:Dana\ntitle: x\n", "1:6:", "space is missing after the colon"),
        ("title: x\nname:Dana\nid: y\n", "2:6:", "space is missing after the colon"),
        ("a:\n-b\nc: d\n", "2:2:", "space is missing after the hyphen"),
        ("title: x\nname Dana\nid: y\n", "2:1:", "no field name in this line"),
        ("a:\n\tb: 1\n", "2:1:", "A tab stands here"),
        ("a:\n  b: 1\n\tc: 2\n", "3:1:", "A tab stands here"),
        ('says: "Hello\n  there\n', "1:7:", "not closed"),
        ('says: "Hello\ntitle: "Foo"\n', "1:7:", "not closed"),
        ('says: "Hello," she said.\n', "1:16:", "goes on after its closing quotation mark"),
        ("says: 'I don't know'\n", "1:14:", "write '' for an apostrophe"),
        ("says: *sigh* okay\n", "1:7:", "cannot begin with “*”"),
        ("says: @you\n", "1:7:", "cannot begin with “@”"),
        ("says: [sigh] okay\n", "1:14:", "begins with a bracket"),
        ("a: [b, c\nd: e\n", "1:4:", "never closed"),
        ("a: x\nb: [", "2:4:", "never closed"),
        ("a: x\nb: [c, {d:\n", "2:8:", "never closed"),
        ("a: [who: what, why: x: y]\n", "1:22:", "quotation marks round a part"),
        ("a: > text here\n", "1:4:", "begins on the next line"),
        ("a: - b\n", "1:4:", "A list begins on a line of its own"),
        ("a:\n    b: 1\n  c: 2\n", "3:3:", "does not line up"),
        ("a: b\n...\nc: d\n", "3:1:", "over before this line"),
    ],
)
def test_a_slip_is_explained_where_it_was_made(parser: str, source: str, place: str, words: str) -> None:
    said = complaint(source)
    assert said.startswith(place) and words in said, said


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("a: *b\n", "1:4:", "an alias"),
        ("a: &b c\n", "1:4:", "an anchor"),
        ("a: !!python/object:os.system x\n", "1:4:", "a tag"),
        ("%YAML 1.1\n---\na: b\n", "1:1:", "directives"),
        ("# c\n\n%TAG ! x\n---\na: b\n", "3:1:", "directives"),
        ("a: b\n---\nc: d\n", "2:1:", "second document"),
        ("a: 1\nb: 2\na: 3\n", "3:1:", "written twice; the first is in line 1"),
        ('a: 1\n"a": 3\n', "2:1:", "written twice"),
        ("\u00e9: 1\ne\u0301: 3\n", "2:1:", "written twice"),
        ("[a, b]: c\n", "1:1:", "name of a field"),
        ('a: "\\e]52;c;x\\a"\n', "1:4:", "U+001B"),
        ('a: "\\u202e"\n', "1:4:", "U+202E"),
        ("a: \x1b[2J\n", "1:4:", "U+001B"),
        ("a: b\n# \x9b31m\n", "2:3:", "U+009B"),
        ("a: \ufffe\n", "1:4:", "does not allow"),
        ("a: " + "[" * 25 + "]" * 25 + "\n", "1:23:", "20 levels"),
        ("a: [" + "b, " * 20_001 + "]\n", "1:", "20,000"),
        ("", "1:1:", "empty"),
        ("# only a comment\n", "1:1:", "empty"),
    ],
)
def test_what_a_persona_has_no_use_for_is_refused(parser: str, source: str, place: str, words: str) -> None:
    said = complaint(source)
    assert said.startswith(place) and words in said, said


@pytest.mark.parametrize("escape", ['"\\ud800"', '"\\U00110000"', '"\\q"', '"\\x1"'])
def test_an_escape_that_is_no_character_is_refused(parser: str, escape: str) -> None:
    assert complaint(f"a: {escape}\n").startswith("1:")


def test_slips_that_leave_a_tree_are_all_told() -> None:
    root, found = read('a: *x\nb: &y c\nb: d\ne: "\\e"\n')
    assert len(found) == 4
    assert plain(root) == {"a": "*x", "b": "c", "e": "␛"}
