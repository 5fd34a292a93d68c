"""What the parts of a persona may not say about each other."""

from __future__ import annotations

import pytest

from roleplay.persona.leaks import gives_away
from roleplay.persona.loading import parse_persona
from tests.persona.samples import RICH, SHORT, pointed, problems


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("    spoken: tow\n", "    spoken: ›towing\n", "There is no need “towing”. Did you mean tow?"),
        ("    tells: safe", "    tells: ›safety", "There is no need “safety”. Did you mean safe?"),
        ("    tells: safe", "    tells: ›tow", "“tells” wants an unspoken need, but “tow” is spoken."),
        ("    spoken: tow\n", "    spoken: ›safe\n", "“spoken” wants a spoken need, but “safe” is unspoken."),
        ("unspoken: safe\ndis", "unspoken: ›tow\ndis", "“unspoken” wants an unspoken need, but “tow” is spoken."),
        ("and met(safe)", "and met(›saf)", "There is no need “saf”. Did you mean safe?"),
        ("and met(safe)", "and disclosed(›passanger)", "There is no disclosure “passanger”. Did you mean passenger?"),
        ("and met(safe)", "and said(›passenger)", "“passenger” is a disclosure, not a moment. Write disclosed(pass"),
        ("and met(safe)", "and scene(›two)", "There is no scene “two”."),
        ("trust < 6", '"said(›open) or met(tow)"', "There is no moment “open”. Did you mean opening?"),
        ("[passenger], opp", "[›pasenger], opp", "There is no disclosure “pasenger”. Did you mean passenger?"),
        ("ending: hangs-up", "ending: ›hangup", "There is no ending “hangup”. Did you mean hangs-up?"),
        ("disclosed: [passenger]", "met: [›two-feet]", "There is no need “two-feet”. There are: safe and tow."),
        ("- id: passenger", "- id: ›two-feet", "The id “two-feet” is used already by the moment or disclosure in"),
        (
            "- id: two-feet\n    says: They're going by like two feet from my door.",
            "- ›id: two",
            "The moment “two” has",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_found_at_its_place(old: str, new: str, sentence: str) -> None:
    assert old in RICH
    text, place = pointed(RICH.replace(old, new, 1))
    found = problems(text)
    assert any(each.startswith(f"dana.yaml:{place}: {sentence}") for each in found), (place, found)


def test_two_gestures_cannot_have_one_id() -> None:
    text = RICH.replace("trainee:\n", "trainee:\n  gestures: [text her, {id: gesture-1, does: x, fits: [opning]}]\n")
    found = problems(text)
    assert "There is no moment or disclosure “opning”" in found[1]
    assert "The id “gesture-1” is used already by the gesture in line 5." in found[0]


def test_what_the_program_adds_may_be_named() -> None:
    added = "tests:\n  - {name: x, replies: [a], expect: {disclosed: [safe], met: [tow], ending: heard}}\n"
    assert problems(SHORT + added) == []


@pytest.mark.parametrize("ending", ["heard", "hangs-up", "winds-down"])
def test_built_in_endings_may_be_expected(ending: str) -> None:
    assert problems(f"{SHORT}tests: [{{name: x, replies: [a], expect: {{ending: {ending}}}}}]\n") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SHORT.replace("    says: I'm scared, to be honest.\n", ""), "Nothing tells the unspoken need “safe”"),
        (SHORT + "  bill: {kind: spoken, need: A bill.}\n", "No moment offers the need “bill”"),
        (SHORT.replace("to where she is.}", "here., says: x}"), "The line of the spoken need “tow” is never said"),
        (SHORT + "endings: [{id: e, when: trust > 10}]\n", "This condition can never hold"),
        (SHORT + "id: other\n", "The id “other” is not the file's name (“dana”)."),
        (SHORT + "moments: [{id: o, says: Hello., spoken: tow, unspoken: safe}]\n", "customer.opening is never said"),
        (SHORT + "moments: [{id: o, when: trust > 1, spoken: tow, unspoken: safe}]\n", "its condition is not asked"),
    ],
)
def test_what_is_probably_not_meant_is_a_warning_and_the_persona_still_plays(text: str, words: str) -> None:
    reading = parse_persona(text.encode(), "dana.yaml")
    assert reading.persona is not None
    (found,) = (problem for problem in reading.problems if problem.severity != "hint")
    assert found.severity == "warning" and words in str(found) and ": warning: " in str(found)


@pytest.mark.parametrize("when", ["trust < 4", "distress > 6", "patience < 3 and met(tow)", "not (trust > 3)"])
def test_a_key_moment_that_only_a_bad_call_has_is_doubtful(when: str) -> None:
    moment = f"  - {{id: low, says: Hm., key: true, when: ›{when}}}\n"
    text, place = pointed(RICH.replace("disclosures:\n", f"{moment}disclosures:\n"))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: warning: The key moment “low” comes only when things get worse")


@pytest.mark.parametrize("when", ["trust < 5", "trust < 6 and distress > 4", "trust > 6", "patience <= 6"])
def test_a_key_moment_that_a_good_call_can_have_is_not(when: str) -> None:
    moment = f"  - {{id: low, says: Hm., key: true, when: {when}}}\n"
    assert problems(RICH.replace("disclosures:\n", f"{moment}disclosures:\n")) == []
    moment = "  - {id: low, says: Hm., when: trust < 4}\n"
    assert problems(RICH.replace("disclosures:\n", f"{moment}disclosures:\n")) == [], "no key moment"


def test_a_disclosure_that_waits_for_a_topic_and_has_none_never_comes() -> None:
    text, place = pointed(RICH.replace("answers:\n", "  - {id: age, says: Four., reveal: ›asked}\nanswers:\n"))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: warning: The disclosure “age” comes only when its topic is touched")
    for fine in ("reveal: earned", "reveal: volunteered", "reveal: asked, topics: [age]"):
        assert problems(text.replace("reveal: asked", fine)) == []


def test_nor_does_an_earned_one_where_no_moment_calls_for_a_question() -> None:
    moments = "moments: [{id: o, spoken: tow, unspoken: safe, calls_for: {explores: false}}]\n"
    tail = "disclosures: [{id: d, says: Four., tells: safe, calls_for: {explores: false}}]\n"
    (found,) = problems(SHORT + moments + tail)
    assert "The disclosure “d” comes only when its topic is touched" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("says: Thank you., outcome", "says: Thank you., epilogue: ›A card from her daughter., outcome"),
        ('reply: "Are you out of the traffic?"', 'reply: ›"Is your daughter safe?"'),
        ("why: Safety comes first.", "why: ›There is a little girl in the car."),
    ],
)
def test_what_is_shown_after_a_call_without_the_disclosure_is_doubtful_too(old: str, new: str) -> None:
    assert old in RICH
    text, place = pointed(RICH.replace(old, new, 1))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: warning: “") and "gives the disclosure “passenger” away" in found


def test_an_epilogue_or_a_worked_reply_after_it_may_tell_everything() -> None:
    assert problems(RICH.replace("says: Thank you.,", "says: Thanks., epilogue: A granddaughter.,")) == []
    after = RICH.replace("met(safe), says: Thank you.,", "disclosed(passenger), epilogue: Her daughter wrote.,")
    assert problems(after) == []
    own = RICH.replace(
        "    tells: safe", "    better: [{reply: How is your daughter?, why: It asks.}]\n    tells: safe"
    )
    assert problems(own) == []


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("My DAUGHTER, yes.", True),
        ("A little  girl.", True),
        ("granddaughters", False),
        ("little girls", False),
        ("", False),
    ],
)
def test_words_give_away_only_as_whole_words_in_a_row(text: str, gives: bool) -> None:
    assert gives_away(text, ["daughter", "little girl", "…"]) is gives


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("summary: A driver needs a tow.", "summary: ›A driver and her daughter."),
        ('"Hi, um, I need a tow."', '›"Hi, I need a tow, DAUGHTER and all."'),
        ("Her car died on the way home.", "›Her car died with her daughter's bike."),
        ("  role: Roadside", "  brief: ›She has a little   girl.\n  role: Roadside"),
        ("  role: Roadside", "  record: {Passengers: ›one daughter}\n  role: Roadside"),
        ('"Can we just get the truck?"', "›Not my daughter."),
        ("They're going by like two feet from my door.", "›They're two feet from my daughter."),
        ('"Whoa. That one was close."', "›Whoa. My daughter!"),
        ("Just past the exit.", "›With my daughter."),
        ("tests:", "reactions: {silence: [›My daughter is here]}\ntests:"),
    ],
)
def test_words_that_give_a_disclosure_away_may_not_come_before_it(old: str, new: str) -> None:
    assert old in RICH
    text, place = pointed(RICH.replace(old, new, 1))
    (found,) = problems(text)
    assert found.startswith(f"dana.yaml:{place}: “") and "gives the disclosure “passenger” away" in found, found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("two feet from my door.\n    when: trust < 6", "two feet from my daughter.\n    when: disclosed(passenger)"),
        ('says: "Okay…", when: trust < 3', 'says: "My daughter.", when: disclosed(passenger) and trust < 9'),
        ("summary: A driver needs a tow.", "summary: A granddaughter, perhaps."),
    ],
)
def test_they_may_come_after_it_and_inside_other_words(old: str, new: str) -> None:
    assert problems(RICH.replace(old, new, 1)) == []


def test_a_line_that_waits_for_a_moment_that_waits_for_the_disclosure_comes_after_it() -> None:
    later = (
        "  - {id: a, says: Yes, when: disclosed(passenger)}\n"
        "  - {id: b, says: My daughter, when: trust > 1 and said(a)}\n"
    )
    assert problems(RICH.replace("disclosures:\n", f"{later}disclosures:\n")) == []
    early = later.replace("disclosed(passenger)", "met(tow)")
    assert len(problems(RICH.replace("disclosures:\n", f"{early}disclosures:\n"))) == 1


def test_an_ending_or_another_disclosure_that_gives_it_away_is_doubtful() -> None:
    for old, new in (
        ("says: Thank you.", "says: My daughter thanks you"),
        ("answers:\n", "  - {id: age, says: My daughter is four.}\nanswers:\n"),
    ):
        (found,) = problems(RICH.replace(old, new, 1))
        assert "warning: “daughter” gives the disclosure “passenger” away" in found


def test_visits_are_checked_too() -> None:
    visit = (
        "visits:\n  - {id: again, opening: Hi, when: visit >= 2 and met(nobody), moments: [{id: opening}, {id: v2}]}\n"
    )
    found = [each for each in problems(RICH + visit) if ": hint: " not in each]
    assert ["no need" in found[0], "no line" in found[1]] == [True, True] and len(found) == 2
