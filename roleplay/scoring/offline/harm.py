"""What hurts: rules of their own, never inferred from what a reply does well.

Each rule is a list of phrases (wounds.txt) or a short function of the whole reply. Rules see the moment; quotations and
denials ("I can't promise") are taken out before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from roleplay.scoring.offline.grounding import Ground, shared
from roleplay.scoring.offline.phrases import moment, pattern, sections
from roleplay.scoring.offline.reading import Said, stem_weights

if TYPE_CHECKING:
    from roleplay.scoring.offline.detectors import Reply

_FILE = "wounds.txt"
_DENIAL = re.compile(
    r"\b(?:can't|cannot|can not|won't|don't|not|never|no|couldn't|nobody can|isn't|wouldn't)\b(?: \w+){0,3} (?:a )?"
    r"(?:promise|swear|guarantee|100 ?%|definitely|depressed|diagnos\w+|fault|guaranteed|certain)\b"
)
_QUOTED = re.compile(r"(?<!\w)['\"“‘][^'\"”’]{2,80}['\"”’](?!\w)")
_UNLESS = re.compile(
    r"\b(?:don't|do not|never|not|no|nobody|can't|won't|without|instead of|before|if|until|till|rather than|than|"
    r"want(?:s|ed|ing)? to|thinking (?:of|about)|tempt\w+|keep\w* thinking)\b[^.,;:!?]*"
    r"|\b(?:he|they|she|driver|patrol|trooper)\b[^.;!?]*"
)
"""A clause in which a step is warned of, or is somebody else's."""
_ASKING = re.compile(r"not (?:to be )?ask(?:ed)?\b[^.;]*")
_NEVER_BORROWED = frozenset(("private", "guarantee"))
"""Wounds that stay wounds in the customer's own words; the rest may be said back."""
STORY_SHARE = 0.2
"""From this share of the reply on, the trainee's own story takes the customer's place."""


class Wound(msgspec.Struct, frozen=True):
    """A harm found: its rule, its level 1-2, the sentence (None for an omission), and the reason for the trainee."""

    rule: str
    level: int
    said: Said | None
    why: str


class Rule(msgspec.Struct, frozen=True):
    """A kind of wound, its level by the words alone, and the reason for the trainee."""

    name: str
    level: int
    why: str
    section: str


@cache
def rules() -> tuple[Rule, ...]:
    """The kinds of wounds in wounds.txt."""
    found = []
    for section, body in sections(_FILE).items():
        name, _, level = section.rpartition(" ")
        found.append(Rule(name, int(level), body.note, section))
    return tuple(found)


def aimed_at_scorer(said: Said) -> bool:
    """Whether a sentence talks to a grader, a system or a machine, or fakes somebody else's turn or a verdict."""
    text = said.text.lower()
    return any(pattern("aimed.txt", name).search(text) for name in sections("aimed.txt"))


def without_aimed(text: str) -> str:
    """`text` with the words aimed at a scorer blanked out and the rest left in place."""
    for name in sections("aimed.txt"):
        expression = re.compile(pattern("aimed.txt", name).pattern, re.IGNORECASE)
        text = expression.sub(lambda match: " " * len(match.group()), text)
    return text


def without_denials(text: str) -> str:
    """`text` without quoted words and without denials such as "can't promise", which hurt nobody."""
    return _DENIAL.sub(" ", _QUOTED.sub(" ", text))


def unsafe(said: Said) -> bool:
    """Whether a sentence sends somebody into danger."""
    return pattern(_FILE, "unsafe 2").search(_UNLESS.sub(" ", without_denials(said.plain))) is not None


def said_wounds(said: Sequence[Said], ground: Ground) -> list[Wound]:
    """The wounds that sentences inflict by what they say, at this moment."""
    found: list[Wound] = []
    story: list[Wound] = []
    for sentence in said:
        words = without_denials(sentence.plain)
        for rule in rules():
            match = pattern(_FILE, rule.section).search(
                _UNLESS.sub(" ", words) if rule.name in ("unsafe", "hold") else words
            )
            if match is None or (match.group().strip() in ground.last and rule.name not in _NEVER_BORROWED):
                continue
            if rule.name == "own_story":
                story.append(Wound(rule.name, rule.level, sentence, rule.why))
            elif _fits(rule.name, ground):
                found.append(Wound(rule.name, _level(rule, ground), sentence, rule.why))
    total = sum(sentence.length for sentence in said)
    if sum(wound.said.length for wound in story if wound.said) >= max(10, STORY_SHARE * total):
        found += story[:2]
    return found


def _fits(name: str, ground: Ground) -> bool:
    """Whether a kind of wound can be one at this moment at all."""
    if name == "cheer":
        return not moment("joyful").search(ground.mood)
    if name == "hold":
        return "company" in ground.needs
    if name == "bereaved":
        return moment("loss").search(f"{ground.mood} {ground.note} {ground.story}") is not None
    return True


def _level(rule: Rule, ground: Ground) -> int:
    """A guarantee wounds at 2 where the moment says that nobody can know, or where safety or money hangs on it."""
    return 1 if rule.name == "guarantee" and not ground.uncertain else rule.level


def whole_wounds(reply: Reply, ground: Ground) -> list[Wound]:
    """The wounds that a reply inflicts as a whole: a volley of questions, or asking for what the moment forbids."""
    asked = [h for h in reply.heard if h.said.asks and not h.does("safety_check", "suicide_ask")]
    found = []
    if len(asked) >= 4:
        found.append(Wound("volley", 1, asked[0].said, "So many questions at once cannot be answered."))
    if "do not ask" in ground.forbids or "must not ask" in ground.forbids or "not to be asked" in ground.forbids:
        barred = stem_weights(" ".join(_ASKING.findall(ground.forbids)))
        why = "This asks for the very thing that should be left alone."
        found += [Wound("asks what is barred", 1, h.said, why) for h in asked if shared(h.said.stems, barred) >= 0.9]
    return found
