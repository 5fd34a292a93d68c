"""What a model must not say, and what it may: lines with labels, and the figures of the checks on them."""

from __future__ import annotations

import functools
import json
import time
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from msgspec.structs import replace

from roleplay.actors.checks.checker import Checker
from roleplay.actors.checks.fault import FAULTS
from roleplay.actors.checks.particulars import kept_words, missing_parts
from roleplay.actors.checks.stage import Stage
from roleplay.actors.checks.warmth import is_softer
from roleplay.actors.prompt import length_of
from roleplay.actors.sentences import Sentences
from roleplay.conversation.actor import Cue
from roleplay.conversation.turns import LinePart
from tests.actors.staging import cue_for, parts_of, script_of

HERE = Path(__file__).parent
LABELLED_REPLIES = HERE.parent / "data" / "replies.jsonl"


class Labelled(NamedTuple):
    cue: Cue
    line: str
    fault: str


@functools.cache
def labelled(name: str) -> tuple[Labelled, ...]:
    found = []
    for point in yaml.safe_load((HERE / name).read_text(encoding="utf-8")):
        good, bad, parts = point.pop("good", []), point.pop("bad", []), point.pop("parts")
        persona = point.pop("persona")
        disclosure = point.get("opens")
        point["said"] = [tuple(each) for each in point.get("said", [["I see.", "Yeah."]])]
        cue = cue_for(persona, parts=parts_of(persona, **parts), moment=parts.get("moment", disclosure or ""), **point)
        found += [Labelled(cue, line, "") for line in good]
        found += [Labelled(cue, each["line"], each["fault"]) for each in bad]
    return tuple(found)


def faults(cue: Cue, line: str) -> tuple[str, ...]:
    """What the checks find in `line`, all of it."""
    checker, sentences = Checker(Stage(cue), length_of(cue.direction).most), Sentences()
    found: list[str] = []
    so_far = ""
    complete = [*sentences.add(line)]
    for sentence in filter(None, [*complete, sentences.rest()]):
        found += checker.faults_of(sentence, so_far)
        so_far = f"{so_far} {sentence}"
    found += ["particulars"] if checker.missing(line) else []
    return tuple(dict.fromkeys(found))


def figures(name: str) -> tuple[float, float, list[str]]:
    """The share of bad lines found, the share of good lines not passed, and what went wrong."""
    judged = [(each, faults(each.cue, each.line)) for each in labelled(name)]
    good = [(each, found) for each, found in judged if not each.fault]
    bad = [(each, found) for each, found in judged if each.fault]
    wrong = [f"{found} in a good line: {each.line}" for each, found in good if found]
    missed = [f"not found ({each.fault}): {each.line}" for each, found in bad if not found]
    other = [f"{found} for ({each.fault}): {each.line}" for each, found in bad if found and each.fault not in found]
    return 1 - len(missed) / len(bad), len(wrong) / len(good), [*wrong, *missed, *other]


def test_every_fault_is_in_the_labelled_lines() -> None:
    named = {each.fault for each in labelled("lines.yaml")} - {""}
    assert named <= set(FAULTS)
    assert named >= set(FAULTS) - {"too long", "nothing said"}


def test_the_lines_the_checks_were_written_with_are_judged_right() -> None:
    recall, alarms, wrong = figures("lines.yaml")
    assert (recall, alarms) == (1.0, 0.0), wrong


def test_on_lines_they_were_not_tuned_with_the_checks_find_nearly_all_and_raise_few_false_alarms() -> None:
    recall, alarms, wrong = figures("lines_held_out.yaml")
    assert recall >= 0.95, wrong
    assert alarms <= 0.06, wrong
    assert len(labelled("lines.yaml")) + len(labelled("lines_held_out.yaml")) >= 150


def test_customers_of_other_writers_and_stories_raise_no_alarm() -> None:
    """The customers in the labelled replies: none of them is an LLM, so no sign of one is in their words."""
    told = {
        message["text"]
        for line in LABELLED_REPLIES.read_text(encoding="utf-8").splitlines()
        for message in json.loads(line)["context"]
        if message["role"] == "customer"
    }
    cue = cue_for("stranded-driver", parts=[LinePart("reaction", "Mm.")], heard="met")
    about_manners = set(FAULTS) - {"invents", "contradicts", "gives away", "too long", "repeats"}
    alarms = {text for text in told if about_manners & set(faults(cue, text))}
    assert len(told) > 100
    assert len(alarms) <= 0.02 * len(told), alarms


def test_lines_of_representatives_are_mostly_known_for_what_they_are() -> None:
    """The replies of trainees, said by the customer: what anybody could say is among them, so not all are found."""
    told = [json.loads(line)["reply"] for line in LABELLED_REPLIES.read_text(encoding="utf-8").splitlines()]
    cue = cue_for("stranded-driver", parts=[LinePart("reaction", "Mm.")], heard="missed")
    found = [text for text in told[::5] if set(faults(cue, text)) - {"too long"}]
    assert len(found) >= 0.5 * len(told[::5])


MET = cue_for("stranded-driver", parts=[LinePart("reaction", "Mm.")], heard="met", reply="Pete is 11 minutes out.")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("I'm thirty-eight.", ""),
        ("I'm forty-eight.", "invents"),
        ("It's a 2011.", ""),
        ("It's a 2013.", "invents"),
        ("K, R, T, nine-eight-two.", ""),
        ("K, R, T, nine-eight-three.", "invents"),
        ("Eleven minutes. Okay.", ""),
        ("Twelve minutes. Okay.", "contradicts"),
        ("I've told you a hundred times.", ""),
        ("Give me two seconds.", ""),
        ("I've been here for twenty minutes.", "contradicts"),
        ("I've been here for half an hour.", ""),
        ("It's Tuesday.", ""),
        ("It's Friday.", "contradicts"),
        ("I called at 5:21.", ""),
        ("I called at 5:45.", "contradicts"),
        ("I called at twenty past five.", ""),
        ("March the ninth.", ""),
        ("March the tenth.", "contradicts"),
        ("It's a silver Mazda.", ""),
        ("It's a red Mazda.", "contradicts"),
        ("Ostrander's, on Tannery Road.", ""),
        ("Take it to Miller's, on Tannery Road.", "invents"),
        ("Pete. Right.", ""),
        ("Kevin said so.", "invents"),
        ("My husband will be along.", "invents"),
        ("What husband?", ""),
        ("I don't have a husband.", ""),
        ("You're one of them.", ""),
        ("Exit 31.", ""),
        ("Exit 32.", "contradicts"),
    ],
)
def test_facts_are_compared_with_everything_that_can_be_known(line: str, fault: str) -> None:
    assert faults(MET, line) == ((fault,) if fault else ())


@pytest.mark.parametrize(
    ("line", "heard", "trust", "softer"),
    [
        ("Okay, that's a relief.", "missed", 5, True),
        ("What a relief that isn't.", "missed", 5, True),
        ("That's no relief.", "missed", 5, False),
        ("I feel much better now.", "harmed", 8, True),
        ("I don't feel any better.", "harmed", 8, False),
        ("No worries, take your time.", "missed", 3, True),
        ("Sounds good.", "partly", 3, True),
        ("Sounds good.", "partly", 6, False),
        ("I trust you.", "met", 3, False),
        ("You're right, I'm sorry.", "missed", 5, True),
        ("Thank you.", "missed", 5, True),
        ("Right. And now?", "missed", 5, False),
    ],
)
def test_words_warmer_than_the_customer_are_softer(line: str, heard: str, trust: float, softer: bool) -> None:
    cue = cue_for("stranded-driver", parts=[LinePart("reaction", "Mm.")], heard=heard, trust=trust)
    assert is_softer(Stage(cue), line) is softer


def test_what_the_trainee_said_first_gives_nothing_away() -> None:
    def told(reply: str) -> tuple[str, ...]:
        cue = cue_for("stranded-driver", parts=[LinePart("reaction", "Mm.")], reply=reply)
        return faults(cue, "What daughter are you talking about?")

    assert told("Is your daughter with you?") == ()
    assert told("Who is with you?") == ("gives away",)


def test_telling_a_disclosure_in_its_own_words_is_giving_it_away_even_without_the_words_listed() -> None:
    cue = cue_for("grieving-father", parts=[LinePart("reaction", "Hm.")], scene="call")
    line = "I charge it nights, his telephone, and Sundays at six it goes off by itself and I can't turn it off."
    assert "gives away" in faults(cue, line)


def test_an_author_may_name_the_words_a_moment_is_known_by() -> None:
    cue = cue_for("stranded-driver", parts=parts_of("stranded-driver", moment="door"), moment="door")
    persona = script_of("stranded-driver").persona
    moments = tuple(
        replace(each, must_mention=("hand", "gap of nine")) if each.id == "door" else each for each in persona.moments
    )
    named = replace(persona, moments=moments)
    assert kept_words(cue.direction, named) == ("hand", "gap of nine")
    assert missing_parts(cue.direction, named, "My hand is on it, in a gap of nine.") == ()
    assert (
        missing_parts(cue.direction, named, "There's a gap every nine seconds, my hand on the door.")
        == cue.direction.parts
    )


@pytest.mark.parametrize(
    ("persona", "line"),
    [
        ("grieving-father", "The director at the funeral home asked me what he liked to wear."),
        ("grieving-father", "I can't process what happened to him."),
        ("grieving-father", "There's no closure in any of it."),
        ("grieving-father", "Thank you for calling me back about it."),
        ("stranded-driver", "Our policy is with you people, isn't it?"),
        ("stranded-driver", "I'm sure you're doing your best, but I'm still sitting here."),
        ("stranded-driver", "Is the tow truck on its way to me or not?"),
        ("heartbroken-mover", "438."),
    ],
)
def test_what_a_customer_may_well_say_raises_no_alarm(persona: str, line: str) -> None:
    parts = [LinePart("reaction", "438.60. the sixty is a lightbulb." if line == "438." else "Mm.")]
    assert faults(cue_for(persona, parts=parts), line) == ()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Don't worry, I'm sure you're doing your best.", "thanks for nothing"),
        ("You're doing such a good job.", "thanks for nothing"),
        ("There's a secret I'm not allowed to say until you earn it.", "leaves the story"),
        ("I was told not to tell you that yet.", "leaves the story"),
        ("The tow truck is already on its way to you, ma'am, sit tight.", "role reversal"),
        ("How are you feeling today?", "role reversal"),
    ],
)
def test_after_a_missed_reply_no_praise_no_service_and_no_talk_of_rules_passes(line: str, fault: str) -> None:
    assert fault in faults(cue_for("stranded-driver", parts=[LinePart("reaction", "Mm.")], heard="missed"), line)


def test_each_further_sentence_is_checked_at_once_however_much_was_said_before() -> None:
    said = [(f"Reply {turn}. " + "A few more words of the trainee here. " * 60, f"Line {turn}.") for turn in range(200)]
    cue = cue_for("stranded-driver", parts=[LinePart("reaction", "Mm.")], said=said)
    checker = Checker(Stage(cue), length_of(cue.direction).most)
    checker.faults_of("It is so very dark out here by now.", "")
    took = []
    for sentence in ("And I do not like the trucks that go by.", "Nobody has stopped for me out here at all."):
        start = time.thread_time()
        checker.faults_of(sentence, "It is so very dark out here by now.")
        took.append(time.thread_time() - start)
    assert min(took) < 0.02
    assert "repeats" in faults(cue, "A few more words of the trainee here.")
