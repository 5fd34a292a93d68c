"""Heaps of a customer's words earn nothing; terse lists in which somebody says or does something do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

from roleplay.english import STOP_WORDS, words
from roleplay.persona.fields import DIMENSIONS
from roleplay.persona.loading import load_persona
from roleplay.persona.message import Message
from roleplay.persona.model import Persona
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

SCORER = OfflineScorer(default_rubric())
PERSONAS = sorted((Path(__file__).parents[2] / "personas").glob("*.yaml"))
RAMP = Occasion(
    id="ramp",
    feeling="frightened, and ashamed of it",
    spoken="a tow truck",
    unspoken="not to be alone in danger; for someone to take charge of her safety",
    note="The trainee can order a tow, call a patrol car behind her and stay on the line.",
    record=("Plan: tow up to 60 miles", "Phone: mobile, ends in 7731 (matches this call)", "Member since: 2011"),
)
RAMP_SAYS = "I need a tow truck. I'm alone on the ramp, it's getting dark and the trucks are so close. I feel stupid."


def judge(reply: str, occasion: Occasion = RAMP, says: str = RAMP_SAYS) -> Assessment:
    return SCORER.judge(occasion, [Message("customer", says)], reply)


def assert_earns_nothing(found: Assessment, reply: str) -> None:
    assert {name: found.scores[name] for name in DIMENSIONS if found.scores[name]} == {}, reply
    assert found.overall is not None and found.overall <= 1, reply
    assert found.opportunity in ("missed", "none"), reply


Heap = Callable[[list[str]], str]
FORMS: dict[str, Heap] = {
    "commas": ", ".join,
    "commas without spaces": ",".join,
    "semicolons": "; ".join,
    "slashes": " / ".join,
    "slashes without spaces": "/".join,
    "lines": "\n".join,
    "a dash on each line": lambda pool: "\n".join(f"- {word}" for word in pool),
    "a number on each line": lambda pool: "\n".join(f"{number}) {word}" for number, word in enumerate(pool, 1)),
    "full stops": lambda pool: ". ".join(word.capitalize() for word in pool) + ".",
    "and": " and ".join,
    "or": " or ".join,
    "commas and a last and": lambda pool: f"{', '.join(pool[:-1])} and {pool[-1]}",
    "bars": " | ".join,
    "dots": " · ".join,
    "dashes": " – ".join,
    "plus signs": " + ".join,
    "colons": ": ".join,
    "no mark at all": " ".join,
    "shouting": lambda pool: "! ".join(word.upper() for word in pool) + "!",
    "questions": lambda pool: "? ".join(pool) + "?",
    "question at the end": lambda pool: ", ".join(pool) + "?",
    "three dots": "... ".join,
    "brackets": lambda pool: f"{pool[0]} ({', '.join(pool[1:])})",
    "a heading": lambda pool: f"Your concerns: {', '.join(pool)}",
    "the": lambda pool: ", ".join(f"the {word}" for word in pool),
    "your": lambda pool: ", your ".join(pool),
    "a greeting before": lambda pool: f"Hello. {', '.join(pool)}.",
    "a thank you after": lambda pool: f"{', '.join(pool)}. Thank you.",
    "a stock phrase before": lambda pool: f"I understand how you feel. {', '.join(pool)}.",
    "stock phrases between": lambda pool: (
        f"{', '.join(pool[:3])}. Your feelings are valid. {', '.join(pool[3:])}. You are not alone."
    ),
    "a stock phrase in the list": lambda pool: f"{', '.join(pool[:4])}, I hear you, {', '.join(pool[4:])}",
    "each word a stock apology": lambda pool: f"Sorry for your loss. {'. '.join(pool)}. Take all the time you need.",
}


@cache
def customers() -> tuple[Persona, ...]:
    return tuple(load_persona(path) for path in PERSONAS)


def pools(occasion: Occasion, says: str, chance: Random) -> Iterator[list[str]]:
    """Words of a moment's needs and feeling, and of what the customer says: six of each."""
    for text in (f"{occasion.spoken} {occasion.unspoken} {occasion.feeling}", says):
        told = sorted({word for word in words(text) if word not in STOP_WORDS and word.isalpha() and len(word) > 2})
        if len(told) >= 6:
            yield chance.sample(told, 6)


@cache
def heaps(form: str) -> tuple[tuple[Occasion, str, str], ...]:
    chance = Random(form)
    return tuple(
        (Occasion.at(persona, moment), moment.says, FORMS[form](pool))
        for persona in customers()
        for moment in chance.sample(list(persona.moments), min(3, len(persona.moments)))
        for pool in pools(Occasion.at(persona, moment), moment.says, chance)
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_heap_of_a_customers_words_earns_nothing_whatever_separates_them(form: str) -> None:
    made = heaps(form)
    assert len(made) >= 20
    for occasion, says, reply in made:
        assert_earns_nothing(judge(reply, occasion, says), reply)


@pytest.mark.parametrize(
    "reply",
    [
        "tow, danger, truck, alone, safe, ramp",
        "Ramp. Dark. Alone. Trucks. Tow.",
        "tow truck ramp alone dark stupid safe patrol",
        "dark, so close, alone on the ramp, a tow truck, feeling stupid",
        "who is with you, how close are they, did somebody stop, were you frightened, the ramp, the dark",
        "Plan: tow up to 60 miles. Phone: mobile, ends in 7731 (matches this call). Member since: 2011.",
        "Member since: 2011, Plan: tow up to 60 miles, alone, trucks",
        "Fear and shame and danger and trucks and the dark.",
        "being alone, to be safe, not to be stupid, a tow",
        "I'm here for you. Tow, ramp, trucks, dark. I can only imagine. Alone, stupid, close.",
    ],
)
def test_a_list_of_topics_or_of_the_record_earns_nothing(reply: str) -> None:
    assert_earns_nothing(judge(reply), reply)


@pytest.mark.parametrize(
    "reply",
    [
        "First the truck, then the patrol, then I stay with you.",
        "Tow: ordered. Patrol: called. Me: staying.",
        "Tow ordered, patrol called, I'm staying.",
        "truck's coming. patrol too. not hanging up.",
        "Belt on. Doors shut. Truck in twenty minutes.",
        "belt on, hazards on, doors locked, patrol coming",
        "Ordered the tow. Called the patrol. Staying with you.",
        "Ordering the truck now, ringing the patrol, staying on the line.",
        "1. Stay in the car. 2. Belt on. 3. I call the patrol.",
        "- patrol: on its way\n- truck: ordered\n- you: not alone, I'm here till he knocks",
        "No form, no card, no charge. Just the truck.",
        "Not stupid. Dark, trucks, on your own: anybody would be scared.",
        "Dark, alone, trucks a yard off. Of course you're frightened.",
        "The dark, the trucks, the ramp. That's a lot for one evening. I'm staying.",
        "Truck first, then home. You sit, I ring.",
        "Trucks close, getting dark, and you're alone there. I'm ringing the patrol.",
        "Are you belted in, doors shut, lights on?",
        "Tow: 20 minutes. Patrol: five. Me: here.",
        "The driver knocks, says your name, then you open. Nobody else.",
        "Stay put; belt on; I'm with you; truck's coming.",
        "Alone? Not any more. Truck ordered, and I'm on the line.",
        "Patrol behind you with lights, truck in front, me in your ear.",
        "Two things: the truck is ordered, and you aren't stupid.",
        "Done: tow. Doing: patrol. Staying: me.",
    ],
)
def test_a_terse_list_in_which_somebody_says_or_does_something_is_no_heap(reply: str) -> None:
    found = judge(reply)
    assert found.overall is not None and found.overall >= 1, reply
    assert sum(found.scores[name] or 0 for name in DIMENSIONS) >= 2, reply


@pytest.mark.parametrize("reply", ["The ramp.", "Dark, and alone.", "Trucks, so close."])
def test_an_echo_is_too_short_for_a_heap(reply: str) -> None:
    assert sum(judge(reply).scores[name] or 0 for name in DIMENSIONS) >= 1


SAID = "You aren't stupid. I've ordered the truck, and I'm staying with you on that ramp."


@pytest.mark.parametrize("form", ["commas", "semicolons", "slashes", "bars"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_heap_beside_something_said_adds_nothing(form: str, place: str) -> None:
    heap = FORMS[form](["tow", "danger", "truck", "alone", "safe", "ramp"]).capitalize() + "."
    both = judge(f"{heap} {SAID}" if place == "before" else f"{SAID} {heap}")
    assert both.scores == judge(SAID).scores
    assert both.overall == judge(SAID).overall
