"""The five-minute form of a customer: what is played of it, what is left out, and what the author may say of it."""

from __future__ import annotations

import pytest

from roleplay.conversation.scripts import script_for
from roleplay.persona.completion import complete
from roleplay.persona.model import Persona
from roleplay.persona.short import MOST_MOMENTS, SOONEST_END, shortened
from roleplay.persona.visits import Earlier
from tests.persona.samples import SHORT, persona, pointed, problems
from tests.persona.stories import QUEUE, VISITS

LONG = """\
name: Ada Reed
title: A parcel
trainee:
  role: Clerk
  gestures:
    - {id: string, does: tie it up, fits: [weather]}
    - {id: chair, does: offer a chair, fits: [weather, heavy]}
    - wave
customer:
  opening: "A parcel, please."
  backstory: She has carried it here.
  temperament: {trust: 2, distress: 5, patience: 4, warms: 0.8}
needs:
  post: {kind: spoken, need: The parcel sent.}
  change: {kind: spoken, need: Change for the meter.}
  gone: {kind: unspoken, need: Not to be alone with his things.}
  proud: {kind: unspoken, need: To be seen to manage.}
moments:
  - {id: opening, feeling: tired, spoken: post, unspoken: gone, key: true}
  - {id: weather, says: "Rain again.", feeling: glum, unspoken: proud}
  - {id: meter, says: "Coins?", spoken: change}
  - {id: heavy, says: "It is heavy.", feeling: tired, unspoken: gone, key: true, when: turn >= 2}
  - {id: curt, says: "You are curt.", feeling: hurt, unspoken: gone, when: trust < 1}
  - {id: stairs, says: "Four floors.", feeling: tired, unspoken: proud, when: said(weather)}
  - {id: label, says: "What do I write?", feeling: lost, unspoken: gone, key: true, when: said(heavy) and turn >= 8}
  - {id: shoes, says: "His shoes, mostly.", feeling: sad, unspoken: gone, when: disclosed(died)}
  - {id: medal, says: "I won it once.", feeling: proud, unspoken: proud, when: disclosed(medals)}
disclosures:
  - {id: medals, says: "I swam.", trust: 4, topics: [did you swim], tells: proud}
  - {id: died, says: "He died in May.", trust: 7, topics: [whose is it], tells: gone, feeling: grief, unspoken: gone}
endings:
  - {id: walks-off, when: patience <= 0, says: "No.", outcome: bad}
  - id: sent
    when: met(post) and met(gone) and met(change) and disclosed(died) and said(label)
    says: "There it goes."
    outcome: good
  - {id: swims, when: disclosed(medals) and said(medal) and said(stairs) and disclosed(died), says: Ha., outcome: good}
  - {id: rained-off, when: said(stairs) and turn >= 3, says: "I am wet.", outcome: mixed}
  - {id: closes, when: turn >= 17 or (turn >= 12 and not said(stairs)), says: "You close.", outcome: mixed}
"""


def short_of(text: str) -> Persona:
    return shortened(complete(persona(text)))


def marked(mark: str) -> str:
    return f"{LONG}short: {mark}\n"


def moments_of(short: Persona) -> list[str]:
    return [moment.id for moment in short.moments]


def test_it_is_about_what_takes_the_fewest_moments_to_a_good_end_and_holds_what_that_needs() -> None:
    short = short_of(LONG)
    assert [each.id for each in short.disclosures] == ["died"]
    assert {"opening", "heavy", "label", "shoes"} <= set(moments_of(short)) and len(short.moments) <= MOST_MOMENTS
    assert {"stairs", "medal", "curt"}.isdisjoint(moments_of(short))
    assert (short.visits, short.tests, short.scenes, short.short) == ((), (), (), None)


def test_a_wait_for_what_is_left_out_ends_and_the_others_grow_shorter() -> None:
    short = short_of(marked("{key: died, moments: [heavy, stairs, label]}"))
    when = {moment.id: moment.when for moment in short.moments}
    assert when == {
        "opening": None,
        "heavy": "turn >= 1",
        "stairs": None,  # its rain is left out
        "label": "said(heavy) and turn >= 3",  # the third after the opening
    }
    endings = {ending.id: ending.when for ending in short.endings}
    assert endings["sent"] == "met(post) and met(gone) and disclosed(died) and said(label)"  # nobody asks for change
    assert endings["closes"] == "turn >= 8 or turn >= 7 and not said(stairs)"
    assert "rained-off" in endings and "rained-off" not in {each.id for each in short_of(LONG).endings}
    assert "swims" not in endings and endings["walks-off"] == "patience <= 0.0"


def test_needs_and_gestures_that_belong_to_what_is_left_out_are_gone() -> None:
    short = short_of(marked("{key: died, moments: [heavy]}"))
    assert list(short.needs) == ["post", "gone"]
    assert [(each.id, each.fits) for each in short.gestures] == [("chair", ("heavy",)), ("gesture-2", ())]


def test_trust_begins_where_two_good_replies_reach_what_is_told_and_never_lower_than_it_was() -> None:
    temper = short_of(LONG).customer.temperament
    assert temper.trust == 5.5  # a good reply wins 1.2 here, and 7 is wanted
    assert temper.trust + 1.2 < 7 <= temper.trust + 2 * 1.2
    trusting = LONG.replace("trust: 2, distress", "trust: 6.5, distress")
    assert short_of(trusting).customer.temperament.trust == 6.5
    assert short_of(marked("{key: died, trust: 3.5}")).customer.temperament.trust == 3.5


def test_a_good_end_is_not_there_before_anything_was_told() -> None:
    short = short_of(SHORT)
    (good,) = [ending for ending in short.endings if ending.outcome == "good"]
    assert good.when == f"(met(tow) and met(safe)) and (disclosed(safe) or turn >= {SOONEST_END})"
    assert [each.outcome for each in short.endings if each.condition.requires_lost_patience()] == ["bad"]


def test_an_ending_of_the_mark_comes_first_and_in_place_of_the_one_with_its_id() -> None:
    short = short_of(marked('{key: died, endings: [{id: sent, when: met(gone), says: "Sent."}]}'))
    assert short.endings[0].when == "met(gone)" and short.endings[0].outcome == "good"
    assert [each.id for each in short.endings].count("sent") == 1


def test_a_mark_says_what_it_is_about_and_what_else_is_told() -> None:
    assert [each.id for each in short_of(marked("{key: medals}")).disclosures] == ["medals"]
    short = short_of(marked("{key: label, disclosures: [medals, died]}"))
    assert [each.id for each in short.disclosures] == ["medals", "died"] and "label" in moments_of(short)


def test_nothing_of_the_mark_is_in_the_script_of_a_whole_call() -> None:
    whole = script_for(persona(marked("{key: died}")))
    assert whole.persona == script_for(persona(LONG)).persona and not whole.short


SCENES = """\
name: Gus Tamblyn
title: Seat fourteen
trainee: {role: Lost property}
customer: {opening: "My bag?", backstory: Gus is 77., temperament: {trust: 4, distress: 5, patience: 4}}
needs:
  bag: {kind: spoken, need: The bag.}
  cake: {kind: unspoken, need: Somebody to share it with.}
scenes:
  - id: call
    moments:
      - {id: first, feeling: flustered, spoken: bag, unspoken: cake}
      - {id: noon, says: "By noon.", feeling: anxious, unspoken: cake}
    next: said(noon) and turn >= 2
  - id: driver
    narration: You ring the driver.
    cast: [{name: Bette, temperament: {trust: 6, distress: 2, patience: 4}}]
    opening: "A bag?"
    moments: [{id: four, feeling: rushed, spoken: bag, unspoken: cake}]
disclosures:
  - {id: two, says: "It is for two.", trust: 6, topics: [who eats it], tells: cake, scene: call}
  - {id: saw, says: "I saw him cry.", trust: 8, topics: [how he was], tells: cake, scene: driver}
endings:
  - {id: hangs-up, when: patience <= 0, says: "Never mind."}
  - {id: brought, when: scene(driver) and met(bag), says: "On its way.", outcome: good}
"""


def test_a_story_in_scenes_is_one_scene_of_it_the_first_or_that_of_the_key() -> None:
    first = short_of(SCENES)
    (scene,) = first.scenes
    assert (scene.id, scene.next, [each.id for each in first.disclosures]) == ("call", None, ["two"])
    assert [each.id for each in first.endings] == ["hangs-up"]  # the other is of a scene that never begins
    second = short_of(f"{SCENES}short: {{key: saw}}\n")
    assert [each.id for each in second.scenes] == ["driver"] and second.scenes[0].cast[0].temperament.trust > 6
    assert "brought" in {each.id for each in second.endings}


def test_of_visits_it_is_the_one_that_is_due_and_a_mark_is_for_the_first() -> None:
    story = persona(f"{VISITS}short: {{key: son, trust: 4.5}}\n")
    first = script_for(story, short=True)
    assert (first.persona.customer.temperament.trust, first.persona.visits) == (4.5, ())
    before = Earlier(visit="", disclosed=(), met=(), said=(), ending="thanks", outcome="good", trust=6.0, distress=3.0)
    second = script_for(story, earlier=[before], short=True)
    assert second.persona.moments[0].says == "Again the ten one." and second.visiting is not None
    assert second.persona.customer.temperament.trust == 4 and second.visit is None
    assert second.listed == ("dana:short", "The same card every week (five minutes)")


def test_what_was_told_on_an_earlier_visit_is_not_left_out() -> None:
    before = Earlier(
        visit="", disclosed=("son",), met=(), said=(), ending="thanks", outcome="good", trust=6.0, distress=3.0
    )
    second = script_for(persona(VISITS), earlier=[before], only="second", short=True).persona
    assert {moment.id: moment.when for moment in second.moments} == {"again": None, "coat": "disclosed(son)"}


def test_endings_of_the_scene_that_need_what_is_left_out_fall_away_too() -> None:
    own = "    endings:\n      - {id: late, when: disclosed(saw) and trust > 1}\n      - {id: off, when: turn >= 9}\n"
    text = SCENES.replace("    next: said(noon) and turn >= 2\n", own)
    assert [(each.id, each.when) for each in short_of(text).scenes[0].endings] == [("off", "turn >= 6")]


def test_of_a_queue_it_is_the_first_who_is_drawn() -> None:
    story = persona(QUEUE)
    for seed in ("1", "2", "3"):
        assert script_for(story, seed=seed, short=True).queue == script_for(story, seed=seed).queue[:1]


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ("{key: ›dead}", "There is no moment or disclosure “dead”."),
        ("{key: died, moments: [›hevy]}", "There is no moment “hevy”. Did you mean heavy?"),
        ("{key: died, moments: [›died]}", "There is no moment “died”."),
        ("{key: died, disclosures: [›heavy]}", "There is no disclosure “heavy”."),
        (
            "{key: died, moments: [heavy], endings: [{id: a, when: ›said(stairs) and trust > 3}]}",
            "warning: This ending cannot come in the five minutes: said(stairs) is left out of them.",
        ),
        ("{key: died, endings: [{id: a, when: trust > 3}, {id: ›a, when: trust > 4}]}", "The id “a” is used already"),
        ("{key: died, endings: [{id: a, when: met(›pots)}]}", "There is no need “pots”. Did you mean post?"),
    ],
)
def test_what_is_wrong_with_a_mark_is_said_at_its_place(mark: str, sentence: str) -> None:
    text, place = pointed(marked(mark))
    found = problems(text)
    assert any(each.startswith(f"dana.yaml:{place}: {sentence}") for each in found), found


def test_a_mark_under_which_nothing_unspoken_can_be_told_and_one_beside_a_queue_are_doubtful() -> None:
    plain = marked("{key: meter, moments: [meter]}")
    assert any(
        "Nothing that can be told in the five minutes tells an unspoken need." in each for each in problems(plain)
    )
    assert any("Beside a `queue` this is never asked" in each for each in problems(f"{QUEUE}short: {{key: x}}\n"))
    assert any(
        "There is no disclosure “saw” in the scene of the key. There are: two." in each
        for each in problems(f"{SCENES}short: {{key: two, disclosures: [saw]}}\n")
    )
