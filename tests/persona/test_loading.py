"""From a file to a persona, or to everything that is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from roleplay.errors import PersonaError
from roleplay.persona.lines import MoodLine
from roleplay.persona.loading import load_persona, parse_persona, read_persona
from roleplay.persona.model import Persona
from roleplay.persona.problems import MOST
from tests.persona.samples import RICH, SHORT, persona, problems

SHIPPED = Path(__file__).parents[2] / "personas"


def test_a_persona_of_fifteen_lines_loads(tmp_path: Path) -> None:
    assert len(SHORT.splitlines()) <= 15
    path = tmp_path / "dana.yaml"
    path.write_text(SHORT)
    loaded = load_persona(path)
    assert loaded.id == "dana", "the id is the file's name"
    assert loaded.customer.temperament.trust == 4.0
    assert loaded.needs["safe"].says == "I'm scared, to be honest."


def test_a_rich_persona_loads_without_a_complaint() -> None:
    assert problems(RICH) == []
    met = persona(RICH).moments[0].hears.met
    assert met == ("Okay. Belt's on.", MoodLine(says="Okay…", when="trust < 3"))
    assert persona(RICH).tests[0].replies == ("Is anyone with you?", "")


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_persona_loads_without_a_complaint(path: Path) -> None:
    reading = read_persona(path)
    assert [problem for problem in reading.problems if problem.severity != "hint"] == []
    assert reading.persona is not None


@pytest.mark.parametrize("text", [SHORT, RICH])
def test_a_loaded_persona_survives_being_stored(text: str) -> None:
    loaded = persona(text)
    assert msgspec.json.decode(msgspec.json.encode(loaded), type=Persona) == loaded


@pytest.mark.parametrize("word", ["no", "12:30", "2014", "1.50", "true", "2024-01-01", "0x1F", "1_000"])
def test_a_text_is_the_characters_that_were_written(word: str) -> None:
    assert persona(SHORT.replace("Dana Whitfield", word)).name == word


def test_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    windows = "\ufeff" + RICH.replace("\n", "\r\n")
    assert persona(windows) == persona(RICH)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title:", "titel:", "3:1: The field “titel” is not known. Did you mean title?"),
        ("format: 1", "moments: [{id: m, unspoke: safe}]", "1:19: The field “unspoke” is not known in “moments”. Did"),
        ("name: Dana Whitfield\n", "", "1:1: The field “name” is missing."),
        ("  role: Roadside", "  brief: Roadside", "5:3: The field “role” is missing in “trainee”."),
        ("kind: spoken", "kind: spokn", "10:15: “kind” cannot be “spokn”. Did you mean spoken?"),
        ("format: 1", "format: 2", "1:9: “format” cannot be “2”."),
        ("format: 1", 'format: "1"', "1:9: “format” cannot be “1”."),
        ("title: Stuck on the off-ramp", "title:", "3:7: Nothing is written for “title”."),
        ("title: Stuck on the off-ramp", "title: ''", "3:8: “title” is an empty text."),
        ("title: Stuck on the off-ramp", "title: ~", "3:8: “~” means nothing at all in YAML"),
        ("title: Stuck on the off-ramp", "title: [Stuck]", "3:8: “title” wants a text, not a list."),
        ("title: Stuck on the off-ramp", f"title: {'x' * 121}", "3:8: “title” has 121 characters; 120 is the most."),
        ("  tow: {", "  Tow Truck: {", "10:3: “Tow Truck” cannot be an id"),
        ("format: 1", "difficulty: 9", "1:13: “difficulty” is “9”. It must lie between 1 and 5."),
        ("format: 1", "difficulty: 2.5", "1:13: “difficulty” wants a whole number from 1 to 5, not 2.5."),
        ("format: 1", "difficulty: hard", "1:13: “difficulty” wants a whole number from 1 to 5, not “hard”."),
        ("format: 1", 'difficulty: "2"', "1:13: “difficulty” wants a whole number from 1 to 5, not a text."),
        ("format: 1", "difficulty: " + "9" * 5000, "1:13: “difficulty” wants a whole number"),
        ("format: 1", "moments: two", "1:10: “moments” wants a list, not a text."),
        ("format: 1", "moments: {id: x}", "1:10: “moments” wants a list, not fields."),
        ("format: 1", "reactions: [x]", "1:12: “reactions” wants fields of its own, not a list."),
        ("format: 1", "channel: Phone", "1:10: “channel” cannot be “Phone”. Did you mean phone?"),
        ("format: 1", "answers: [{asks: [], says: x}]", "1:18: “asks” is an empty list."),
        ("format: 1", "endings: [{id: e, when: trust <}]", "1:32: In “when”: The condition breaks off here."),
        ("format: 1", 'endings: [{id: e, when: "trst < 1"}]', "1:26: In “when”: “trst” is not known; did you mean"),
        ("format: 1", "moments: [{id: m, key: yes}]", "1:24: “key” wants true or false, not “yes”. Write true."),
        (
            "format: 1",
            "reactions: {met: [Right: the tow.]}",
            "1:19: The colon after “Right” makes a field of this text",
        ),
        ("format: 1", "content: [a: b]", "1:11: “content” wants a text, not fields. A text with a colon"),
        ("needs:\n", "needs: {}\nneed:\n", "9:8: “needs” is empty."),
        (SHORT, "just a sentence", "1:1: The file wants fields"),
        (SHORT, "- a list", "1:1: The file wants fields"),
    ],
)
def test_what_has_not_the_shape_it_wants_is_named_with_its_place(old: str, new: str, sentence: str) -> None:
    assert old in SHORT
    found = problems(SHORT.replace(old, new, 1))
    assert any(each.startswith(f"dana.yaml:{sentence}") for each in found), found


def test_all_problems_are_told_at_once_and_in_order() -> None:
    text = SHORT.replace("title:", "titel:").replace("kind: spoken", "kind: x").replace("format: 1", "difficulty: 9")
    found = parse_persona(text.encode(), "dana.yaml").problems
    assert [problem.line for problem in found] == [1, 3, 10]


def test_a_misspelt_field_is_not_also_called_missing() -> None:
    assert len(problems(SHORT.replace("name: Dana", "nmae: Dana"))) == 1


def test_a_problem_in_one_moment_does_not_hide_those_of_the_others() -> None:
    text = SHORT + "moments:\n  - {id: a, key: yes, spoken: tow}\n  - {id: b, says: x, spoken: nobody}\n"
    assert [line.split(":")[1] for line in problems(text)] == ["16", "17"]


@pytest.mark.parametrize(
    "field", ["base_url: http://127.0.0.1:1/", "api_key: sk-1", "env: {A: b}", "file: /etc/passwd", "include: [x]"]
)
def test_a_persona_that_would_send_words_elsewhere_is_refused_by_the_name_of_the_field(field: str) -> None:
    for text, line in ((SHORT + field, 15), (SHORT.replace("trainee:\n", f"trainee:\n  {field}\n"), 5)):
        (found,) = problems(text)
        assert found.startswith(f"dana.yaml:{line}:") and "is refused: a persona cannot reach a network" in found


def test_the_record_on_the_screen_may_have_any_names() -> None:
    text = SHORT.replace("trainee:\n", "trainee:\n  record: {File: 12, url: none}\n")
    assert persona(text).trainee.record == {"File": "12", "url": "none"}


def test_no_more_than_a_hundred_problems_are_listed() -> None:
    found = problems(SHORT + "".join(f"x{number}: y\n" for number in range(5_000)))
    assert len(found) == MOST
    assert "at least 100 problems" in found[-1]


def test_a_file_with_a_hundred_warnings_is_played_and_the_rest_of_them_not_listed() -> None:
    text = SHORT + "endings:\n" + "".join(f"  - {{id: e{number}, when: trust > 11}}\n" for number in range(200))
    reading = parse_persona(text.encode(), "dana.yaml")
    assert reading.persona is not None and not reading.errors and len(reading.problems) == MOST
    assert "at least 100 problems" in reading.problems[-1].what


def test_an_error_among_hundreds_of_warnings_is_listed_all_the_same() -> None:
    text = SHORT + "moments: [{id: o, spoken: tow, unspoken: safe}]\nanswers:\n"
    text += "".join(f"  - {{asks: [are you there], says: Yes {number} times.}}\n" for number in range(200))
    reading = parse_persona((text + "  - {asks: [a], says: Hi., speaks: x}\n").encode(), "dana.yaml")
    assert [problem.what for problem in reading.errors] == ["The field “speaks” is not known in “answers”."]


def test_the_error_of_load_persona_lists_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "dana.yaml"
    path.write_text(SHORT.replace("title:", "titel:").replace("kind: spoken", "kind: x"))
    with pytest.raises(PersonaError) as error:
        load_persona(path)
    assert f"{path}:3:1: " in str(error.value) and f"{path}:10:15: " in str(error.value)


def test_a_file_name_that_cannot_be_an_id_asks_for_one() -> None:
    assert "Rename the file" in problems(SHORT, "My Persona.yaml")[0]
    assert persona("id: dana\n" + SHORT, "dana.yaml").id == "dana"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (SHORT.encode("utf-16"), "The file is in UTF-16."),
        (SHORT.encode("utf-16-le"), "seems to be in UTF-16"),
        (SHORT.encode("utf-16-be"), "seems to be in UTF-16"),
        (SHORT.encode("utf-32"), "The file is in UTF-32."),
        (SHORT.replace("Dana", "Zoë").encode("latin-1"), "2:9: The file is not in UTF-8 but probably in Latin-1"),
        (b"\xef\xbb\xbf" + SHORT.replace("Dana", "Zoë").encode("latin-1"), "2:9: The file is not in UTF-8"),
        (SHORT.replace("Dana", "“Dana”").encode("cp1252"), "0x93, is ““”"),
        (SHORT.encode() + b"# \x81", "byte 0x81"),
        (SHORT.encode() + b"# \xed\xa0\x80", "not in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
        (bytes(range(256)) * 4, "not a text file"),
        (b"# " + b"x" * 256 * 1024, "larger than 256 KiB"),
    ],
)
def test_a_file_that_is_no_utf_8_text_says_what_it_seems_to_be(raw: bytes, words: str) -> None:
    (found,) = problems(raw)
    assert words in found and found.startswith("dana.yaml:")


def test_a_path_that_leads_to_no_ordinary_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    said = {
        name: str(read_persona(tmp_path / name).problems[0])
        for name in ("folder.yaml", "pipe.yaml", "loop.yaml", "none.yaml", "nul\0.yaml")
    }
    assert "directory" in said["folder.yaml"] or "folder" in said["folder.yaml"]
    assert "a pipe" in said["pipe.yaml"]
    assert "symbolic links" in said["loop.yaml"]
    assert "no such file" in said["none.yaml"]
    assert "no file name can have" in said["nul\0.yaml"]
    assert "a device" in str(read_persona(Path("/dev/zero")).problems[0])


def test_a_file_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "\x1b]0;evil\x07\ud800.yaml"
    assert "\x1b" not in str(read_persona(path).problems[0])
    str(read_persona(path).problems[0]).encode()
