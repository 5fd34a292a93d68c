"""What a trainee says who stuffs replies with words: dumps of the persona's own, and phrases out of every manual."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

from roleplay.english import STOP_WORDS, words
from roleplay.persona.model import Persona
from roleplay.text import one_line

HOW_MANY = 40
"""Replies that are made for a persona."""

Item = TypeVar("Item")

_LONGEST = 360
"""Characters of a reply: below what a customer breaks in on."""

_FEELINGS = (
    "frightened alone sad angry ashamed guilty worried tired lost hurt grieving lonely anxious overwhelmed helpless "
    "frustrated disappointed embarrassed hopeful proud"
).split()
_PHRASES = (
    "I understand how you feel",
    "I hear you",
    "that must be so hard",
    "it sounds like a lot",
    "you are not alone",
    "I am here for you",
    "thank you for sharing",
    "your feelings are valid",
    "I can only imagine",
    "take all the time you need",
)


def stuffed_replies(persona: Persona, stories: Iterable[Persona]) -> tuple[str, ...]:
    """The replies of a keyword-stuffer to `persona`: always the same for the same file.

    `stories` are the persona as it is played, each visit or customer by itself: their needs and topics are stuffed in.
    Not the topics of what is told to anyone who asks: there asking is all it takes, so it shows nothing.
    """
    chance = Random(f"stuffer:{persona.id}")
    record = [f"{key}: {one_line(value)}" for key, value in persona.trainee.record.items()]
    topics: dict[str, None] = {}
    needed: dict[str, None] = {}
    for story in stories:
        earned = [each for each in story.disclosures if each.reveal != "asked"]
        topics.update(dict.fromkeys(topic for each in earned for topic in each.topics))
        needed.update(dict.fromkeys(w for need in story.needs.values() for w in words(need.need)))
    pools = [list(_FEELINGS), [word for word in needed if word not in STOP_WORDS], list(topics), list(_PHRASES), record]
    there = [pool for pool in pools if pool]
    replies: dict[str, None] = {}
    for _ in range(HOW_MANY):
        parts = [", ".join(_some(pool, chance, 6)) for pool in _some(there, chance, chance.randint(1, 3))]
        replies[f"{'. '.join(parts)}."[:_LONGEST]] = None
    return tuple(replies)


def _some(pool: Sequence[Item], chance: Random, most: int) -> list[Item]:
    """Up to `most` of `pool`, in any order."""
    return chance.sample(pool, min(most, len(pool)))
