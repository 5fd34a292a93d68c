"""A persona told in scenes: what may be written, what is completed, and what is met in which scene."""

from __future__ import annotations

import msgspec
import pytest

from roleplay.persona.completion import complete
from roleplay.persona.scenes import in_scene, scene_after
from tests.persona.samples import SHORT, persona, pointed, problems

SCENES = """\
reactions: {missed: ["No."], met: ["Yes."]}
answers: [{asks: [how old is he], says: Twenty.}]
disclosures:
  - {id: war, says: He fell in the war., trust: 5, topics: [war], gives_away: [fell], tells: safe}
  - {id: load, says: Sixty a day., scene: desk, reveal: asked, topics: [busy day], gives_away: [sixty]}
scenes:
  - id: call
    moments:
      - {id: first, feeling: tired, spoken: tow}
      - {id: papers, says: Papers., unspoken: safe, when: trust < 6}
    next: met(tow)
  - id: desk
    title: The desk
    narration: You ask her to hold.
    cast: [{name: Nadia Reyes, temperament: {trust: 6}}]
    opening: Desk, Nadia.
    moments: [{id: what, spoken: tow}]
    answers: [{asks: [case number], says: None.}]
    reactions: {missed: ["What?"]}
    next: turn >= 4
  - id: again
    opening: Still there?
    moments: [{id: still, unspoken: safe}]
    reactions: {missed: ["Hm."]}
"""
TOLD = SHORT.replace("    says: I'm scared, to be honest.\n", "") + SCENES


def test_a_persona_told_in_scenes_can_be_played() -> None:
    assert problems(TOLD) == [] and len(persona(TOLD).scenes) == 3


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'reactions: {missed: ["No',
            'moments: ›[{id: x}]\nreactions: {missed: ["No',
            "error: A persona with `scenes` has",
        ),
        (
            "    next: met(tow)\n  - id: desk",
            "  - id: desk",
            "error: The scene “call” has neither `next` nor `endings`",
        ),
        ("    opening: Desk, Nadia.\n", "", "error: The scene “desk” has no opening."),
        ("    moments: [{id: what, spoken: tow}]\n", "", "error: The scene “desk” has no moments"),
        ("{id: still, unspoken", "{id: ›first, unspoken", "error: The id “first” is used already by the moment"),
        ("scene: desk", "scene: ›dsk", "error: There is no scene “dsk”. Did you mean desk?"),
        (
            "unspoken: safe}]\n    reac",
            "unspoken: safe}]\n    next: ›turn > 9\n    reac",
            "warning: No scene comes after",
        ),
        ("{id: still, u", "{id: still, when: ›turn > 1, u", "warning: The first moment is the opening and always said"),
        (
            "{id: still, u",
            "{id: still, says: ›Hey., u",
            "warning: The first moment has a line of its own, so the scene's",
        ),
        ("{name: Nadia Reyes", "{name: ›Dana Whitfield", "warning: “Dana Whitfield” is the customer, who"),
        ("[{name: Nadia Reyes,", "[{name: Nadia Reyes}, ›{name: Ann,", "warning: Only “Nadia Reyes” speaks in this"),
    ],
)
def test_what_is_wrong_with_a_scene_is_found_at_its_place(old: str, new: str, sentence: str) -> None:
    assert old in TOLD
    text = TOLD.replace(old, new, 1)
    place = ""
    if "›" in text:
        text, place = pointed(text)
    assert any(f"dana.yaml:{place}" in each and sentence.partition(": ")[2] in each for each in problems(text))
    severe = [each for each in problems(text) if "warning: " not in each]
    assert bool(severe) is sentence.startswith("error")


@pytest.mark.parametrize(
    "never",
    ["scene(desk)", "said(what)", "disclosed(load)", "said(still) and turn > 2"],
)
def test_a_scene_cannot_wait_for_what_comes_only_after_it(never: str) -> None:
    text, place = pointed(TOLD.replace("next: met(tow)", f"next: ›{never}"))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: warning: This condition can never hold in the scene “call”")


@pytest.mark.parametrize("may", ["said(papers)", "disclosed(war)", "met(safe)", "scene(call) and turn >= 3"])
def test_a_scene_may_wait_for_what_happens_in_it_or_before(may: str) -> None:
    assert problems(TOLD.replace("next: met(tow)", f"next: {may}")) == []
    later = may.replace("scene(call)", "scene(desk)")
    assert problems(TOLD.replace("next: turn >= 4", f"next: turn > 5 and {later}")) == []


@pytest.mark.parametrize(
    ("scene", "old", "new", "severity"),
    [
        ("call", "says: Papers.", "says: ›He fell.", ""),
        ("desk", "opening: Desk", "opening: ›He fell, Desk", "warning: "),
        ("desk", "narration: You ask", "narration: ›Sixty. You ask", ""),
        ("again", "opening: Still", "opening: ›Sixty, still", "warning: "),
        ("desk", "says: None.", "says: ›He fell.", "warning: "),
        ("call", "says: Twenty.", "says: ›He fell.", ""),
        ("again", 'missed: ["Hm."]', 'missed: [›"He fell."]', "warning: "),
    ],
)
def test_what_cannot_have_been_told_by_then_is_given_away(scene: str, old: str, new: str, severity: str) -> None:
    text, place = pointed(TOLD.replace(old, new, 1))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: {severity}“") and "away before it is made" in found, scene


def test_a_disclosure_that_nobody_can_tell_is_doubtful() -> None:
    text = TOLD.replace("id: call\n", "id: call\n    cast: [{name: Ann}]\n").replace(
        "id: again\n", "id: again\n    cast: [{name: Bob}]\n"
    )
    (found,) = problems(text)
    assert "warning: Nobody can tell the disclosure “war”: the customer speaks in no scene." in found


def test_the_first_scene_opens_with_the_customers_opening() -> None:
    played = complete(persona(TOLD))
    assert played.moments == () and [scene.moments[0].says for scene in played.scenes] == [
        "Hi, um, I need a tow.",
        "Desk, Nadia.",
        "Still there?",
    ]
    assert complete(played) == played


def test_in_a_scene_of_the_cast_only_what_is_theirs_is_there() -> None:
    desk = in_scene(complete(persona(TOLD)), "desk")
    assert (desk.name, desk.short_name, desk.customer.temperament.trust) == ("Nadia Reyes", "Nadia", 6)
    assert [each.id for each in desk.beats()] == ["what", "load"]
    assert [answer.asks[0] for answer in desk.answers] == ["case number", "your name"]
    assert desk.answers[1].lines == ("Nadia Reyes.", "It's Nadia.")
    assert (desk.reactions.missed, desk.reactions.met) == (("What?",), ())


def test_in_a_scene_of_the_customer_the_persona_fills_in() -> None:
    played = complete(persona(TOLD))
    again = in_scene(played, "again")
    assert (again.name, [each.id for each in again.beats()]) == ("Dana Whitfield", ["still", "war"])
    assert again.answers == played.answers
    assert (again.reactions.missed, again.reactions.met) == (("Hm.",), ("Yes.",))


def test_without_scenes_the_whole_persona_is_met() -> None:
    played = complete(persona(SHORT))
    assert in_scene(played, "") is played and scene_after(played, "") is None


def test_scenes_come_in_their_order_and_the_whole_persona_knows_all_moments() -> None:
    played = complete(persona(TOLD))
    after = [scene_after(played, scene.id) for scene in played.scenes]
    assert [scene.id if scene else None for scene in after] == ["desk", "again", None]
    assert [each.id for each in played.beats()] == ["first", "papers", "what", "still", "war", "load"]
    with pytest.raises(KeyError):
        in_scene(played, "nowhere")


def test_a_need_told_in_a_line_of_its_own_comes_out_in_the_customers_scenes() -> None:
    text = SHORT + SCENES.replace(", tells: safe", "")
    made = complete(persona(text)).disclosures[-1]
    assert (made.tells, made.scene) == ("safe", None)


def test_a_key_moment_is_weighed_from_where_its_speaker_begins() -> None:
    moment = "moments: [{id: what, spoken: tow}, {id: cold, says: No., key: true, when: trust < 5}]"
    (found,) = problems(TOLD.replace("moments: [{id: what, spoken: tow}]", moment))
    assert "The key moment “cold” comes only when things get worse" in found
    assert (
        problems(TOLD.replace("moments: [{id: what, spoken: tow}]", moment).replace("{trust: 6}", "{trust: 4}")) == []
    )


def test_the_endings_of_all_scenes_together_say_what_happens_without_patience() -> None:
    here = [f"{{id: gone-{scene}, when: scene({scene}) and patience <= 0, says: No.}}" for scene in ("call", "desk")]
    for endings, made in ((here, ["hangs-up"]), ([*here, "{id: gone, when: scene(again) and patience < 1}"], [])):
        played = complete(persona(f"{TOLD}endings: [{', '.join(endings)}]\n"))
        assert [ending.id for ending in played.endings[len(endings) :]] == made
        assert complete(played) == played


def test_scenes_survive_being_written_and_read() -> None:
    played = complete(persona(TOLD))
    assert msgspec.json.decode(msgspec.json.encode(played), type=type(played)) == played
