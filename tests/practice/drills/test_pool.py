"""Every moment that offers something can be drilled, and is shown with what must have been said before it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from roleplay.conversation.drilling import DrillItem
from roleplay.errors import NotFound, PersonaError
from roleplay.persona.folders import shipped_folder
from roleplay.persona.lines import Disclosure
from roleplay.persona.loading import Reading
from roleplay.practice.drills.places import shown_at
from roleplay.practice.drills.pool import Pool
from roleplay.practice.persona_files import Reader
from tests.practice.drills.room import ALONE, LEFT, OPENING, RAMP, TYPING, Room


class Counting(Reader):
    """Remembers what it was asked to read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def __call__(self, path: Path) -> Reading:
        self.read.append(path.name)
        return super().__call__(path)


def said(room: Room, persona: str, moment: str) -> list[tuple[str, str]]:
    place = room.pool.place(DrillItem(persona, moment))
    assert place
    return [(message.speaker, message.text) for message in shown_at(place).history]


def test_moments_and_disclosures_that_offer_something_are_there_of_scenes_visits_and_queues(room: Room) -> None:
    ramp = {item for item in room.pool.moments if item.persona == "the-ramp"}
    assert ramp == {OPENING, TYPING, ALONE, LEFT}
    others = {item.moment for item in room.pool.moments} - {item.moment for item in ramp}
    assert {"lingers", "again", "coat", "news", "lottie-opening", "lottie-late", "tom-book"} <= others


def test_a_moment_is_shown_after_what_they_called_about(room: Room) -> None:
    place = room.pool.place(TYPING)
    assert place
    shown = shown_at(place)
    assert [message.text[:12] for message in shown.history] == ["I am on the ", "Are you typi"]
    assert (shown.title, shown.name, shown.role) == ("The ramp", "Dana", "Roadside assistance representative")
    assert shown.record == {"Car": "a silver one"} and shown.may_not == ("promise a time",)


def test_a_moment_that_presupposes_a_disclosure_is_shown_after_it_and_no_other_is(room: Room) -> None:
    assert [text for _, text in said(room, "the-ramp", "alone")][1:] == [
        "I left him this morning.",
        "He does not know that I left.",
    ]
    assert not any("left" in text for moment in ("opening", "typing") for _, text in said(room, "the-ramp", moment))
    reveals = {item for item, offered in room.pool.moments.items() if offered.reveals and item.persona == "the-ramp"}
    assert reveals == {ALONE, LEFT}


def test_a_queue_is_shown_by_the_one_who_comes_and_a_later_visit_with_what_was_told_before(room: Room) -> None:
    assert said(room, "window", "lottie-late")[0] == ("Lottie Marsh", "I need two copies.")
    assert said(room, "emil", "coat")[-2:] == [("", "You look like my Petr."), ("", "Petr had that same coat.")]
    news, again = (room.pool.place(DrillItem("emil", moment)) for moment in ("news", "again"))
    assert news and again
    assert shown_at(news).scene == "Visit 3: The third Thursday"
    assert shown_at(news).narration == "On an earlier visit you were told: “You look like my Petr.”"
    assert shown_at(again).brief == "He is back." and not shown_at(again).narration


def test_no_shipped_moment_is_shown_before_what_it_presupposes_nor_with_what_it_does_not() -> None:
    pool = Pool([shipped_folder()])
    assert len(pool.personas) == 8
    for item, offered in pool.moments.items():
        place = pool.place(item)
        assert place
        shown, beat, persona = shown_at(place), place.beat, place.script.persona
        assert shown.history[-1].text == beat.says and shown.history[-1].role == "customer"
        said = {message.text for message in shown.history[:-1]}
        told = {each.id for each in persona.disclosures if each.says in said}
        condition = None if isinstance(beat, Disclosure) else beat.condition
        asked = {each for fact, each in (condition.mentions() if condition else ()) if fact == "disclosed"}
        wanted = {each for each in asked if condition and condition.requires("disclosed", each)}
        assert wanted & {each.id for each in persona.disclosures} <= told, item
        assert offered.reveals or not told, item


def test_a_brief_is_shown_by_its_first_sentences(tmp_path: Path) -> None:
    long = "It rains on the ramp and nobody slows down. " * 20
    (tmp_path / "the-ramp.yaml").write_text(RAMP.replace("It rains. It is nearly dark, and the", long + "The"))
    place = Pool([tmp_path]).place(OPENING)
    assert place and shown_at(place).brief == ("It rains on the ramp and nobody slows down. " * 5).strip()


def test_broken_files_are_passed_over_and_hide_a_persona_of_their_name(personas: Path, tmp_path: Path) -> None:
    other = tmp_path / "mine"
    other.mkdir()
    (other / "the-ramp.yaml").write_text("name: 3\nnonsense")
    (other / "emil.yaml").write_bytes(b"\xff\xfe\x00")
    pool = Pool([other, personas])
    assert {item.persona for item in pool.moments} == {"window"}
    with pytest.raises(PersonaError, match="the-ramp"):
        pool.title("the-ramp")


def test_what_files_offer_is_remembered_and_read_again_only_where_they_changed(personas: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "moments.json"
    first = Pool([personas], shelf)
    assert OPENING in first.moments
    reader = Counting()
    assert dict(Pool([personas], shelf, reader).moments) == dict(first.moments)
    assert reader.read == []
    (personas / "the-ramp.yaml").write_text(RAMP.replace("id: typing", "id: keys"))
    assert DrillItem("the-ramp", "keys") in Pool([personas], shelf).moments
    as_long = RAMP.replace("id: typing", "id: hearsx")
    assert len(as_long) == len(RAMP)
    ramp = personas / "the-ramp.yaml"
    ramp.write_text(RAMP)
    assert TYPING in Pool([personas], shelf).moments
    before = ramp.stat().st_mtime_ns
    ramp.write_text(as_long)
    os.utime(ramp, ns=(before + 1_000_000, before + 1_000_000))
    changed = Pool([personas], shelf).moments
    assert TYPING not in changed and DrillItem("the-ramp", "hearsx") in changed


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"version": "0", "files": {}}', b"[" * 100_000])
def test_a_shelf_that_cannot_be_read_is_no_trouble(tmp_path: Path, content: bytes) -> None:
    shelf = tmp_path / "moments.json"
    shelf.write_bytes(content)
    (tmp_path / "the-ramp.yaml").write_text(RAMP)
    assert OPENING in Pool([tmp_path], shelf).moments
    assert msgspec.json.decode(shelf.read_bytes())["files"]


def test_a_persona_that_is_not_there_is_named_with_the_nearest(room: Room) -> None:
    with pytest.raises(NotFound, match="Did you mean the-ramp"):
        room.pool.title("the-rampp")
