"""What hurts: rules of their own, never inferred from what a reply does well.

Each rule is a list of phrases (wounds.txt) or a short function of the whole reply. Rules see the moment; quotations and
denials ("I can't promise") are taken out before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import msgspec

from roleplay.scoring.offline.grounding import Ground, shared
from roleplay.scoring.offline.phrases import act, any_pattern, moment, pattern, sections
from roleplay.scoring.offline.reading import Said, stem_weights

if TYPE_CHECKING:
    from roleplay.scoring.offline.detectors import Reply

_FILE = "wounds.txt"
_UNSAFE = "unsafe.txt"
_SAFE_SIDE = re.compile(
    r"\b(?:passenger(?:'s)? (?:side|door)|nearside|away from (?:the )?(?:traffic|road|cars|lanes)|"
    r"(?:behind|over) the (?:barrier|guard ?rail|rail|crash barrier))\b"
)
_STAY_IN = re.compile(r"\b(?:leave|get out of|step out of) (?:a|the|her|his|their) (?:car|vehicle)\b")
_DENIAL = re.compile(
    r"\b(?:can't|cannot|can not|won't|don't|not|never|no|couldn't|nobody|isn't|wasn't|wouldn't|nothing|none|hardly)\b"
    r"(?: \w+){0,4} (?:a |your |to )?"
    r"(?:promise|swear|guarantee|100 ?%|definitely|depressed|diagnos\w+|fault|guaranteed|certain|blam\w+|because)\b"
)
_NONE_OF_IT = re.compile(
    r"\b(?:nothing (?:about|in|of)|none of|no part of|(?:don't|do not|never|wouldn't) (?:think|find)(?: that)?)"
    r" (?:it|that|this|any of (?:it|that|this))\b[^.,;:!?]*"
)
"""What is said not to be so ("none of that is silly")."""
_WITHHELD = re.compile(
    r"\b(?:won't|can't|not going to|(?:don't|doesn't) (?:have|need) to|needn't)\b (?:\w+ )?"
    r"(?:say|tell|pretend|promise|swear|move|calm|hurry|hold|be (?:strong|brave|polite|patient|calm|sorry))\b[^.,;:!?]*"
)
"""What is kept back ("I won't tell you that ...") or not asked for ("you don't have to be strong")."""
_NEGATED = re.compile(r"\b(?:don't|do not|never|not|no|can't|won't|needn't|without|isn't)\b[^.,;:!?]*")
_NEGATABLE = frozenset(("breach", "private", "diagnosing", "destructive", "fishing", "hold", "bereaved", "own_story"))
"""Wounds that a denial turns into none ("please don't tell me the code")."""
QUOTED = re.compile(r"(?<!\w)['\"“‘][^'\"”’]{2,80}['\"”’](?!\w)")
_UNLESS = re.compile(
    r"\b(?<!why )(?:don't|do not|never|not|no|nobody|can't|won't|without|instead of|before|until|till|rather than|than|"
    r"you'd be|you would be|(?:want|wish|long|like|tempted|hope)(?:s|ed|ing)? to|thinking (?:of|about)|"
    r"(?:keep|keeps|kept) \w+ing|stop|"
    r"if(?! you (?:can|could)\b))\b(?:(?!\byou (?:can|could|might|should)\b|\bthen\b|\bso\b|\bjust\b)[^.,;:!?])*"
    r"|\b(?:i'll|i will|i'm|i am|let me|i can)\b(?:(?!\byou\b)[^.,;:!?])*"
    r"|\b(?:the|a|your|our|my) \w+(?: will|'ll| is|'s| has| can|'s going to)\b(?:(?!\byou\b|\bso\b)[^.;!?])*"
    r"|\b(?:he|they|she|he'll|they'll|she'll|driver|engineer|patrol|police|trooper|officer)\b"
    r"(?:(?!\byou (?:can|could|just|should|need|have)\b|\bso\b)[^.;!?])*"
)
"""A clause in which a step is warned of, or is somebody else's."""
_OPENS, _CLOSES = r'[{\["\'(]*', r'[\s\d/:}\])"\'.,]*'
"""Marks and numbers around words aimed at a scorer, as in {"overall": 4}."""
_LOOKALIKES = str.maketrans("аеорсухіјѕкмтнβαορε", "aeopcyxijskmthbaope")
"""Cyrillic and Greek letters that look like Latin ones."""
_ORDINARY = re.compile(r"[\x00-\x7f‘’“”–—…]*")
_LEET = str.maketrans("013457@$", "oieastas")
_LEET_WORD = re.compile(r"(?<![\w@$])(?=[^\W\d_]*[013457@$])(?=[\d@$]*[a-z])[a-z013457@$]{3,}(?![\w@$])")
_SPELT = re.compile(r"(?<!\w)[a-z](?:[.\-_*][a-z]){2,}(?!\w)")
"""A word spelt out with marks between its letters."""
_ASKING = re.compile(r"not (?:to be )?ask(?:ed)?\b[^.;]*")
_NEVER_BORROWED = frozenset(("private", "guarantee"))
"""Wounds that stay wounds in the customer's own words; the rest may be said back."""
_ENDS = " .!?…\"'"
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
    return _is_aimed(said.text)


@lru_cache(maxsize=4_000)
def _is_aimed(sentence: str) -> bool:
    seen = {sentence.lower(), *undisguised(sentence)}
    return any(pattern("aimed.txt", name).search(text) for name in sections("aimed.txt") for text in seen)


def undisguised(text: str) -> tuple[str, str]:
    """`text` in lower case as a person would read it, without invisible and look-alike letters, marks between the
    letters of a word and figures for letters; twice, since a 1 may stand for i or l."""
    if not _ORDINARY.fullmatch(text):
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Mn"))
    text = _SPELT.sub(lambda match: re.sub(r"[-_*.]", "", match.group()), text.lower().translate(_LOOKALIKES))
    return (
        _LEET_WORD.sub(lambda match: match.group().translate(_LEET), text),
        _LEET_WORD.sub(lambda match: match.group().replace("1", "l").translate(_LEET), text),
    )


def without_aimed(text: str) -> str:
    """`text` with the words aimed at a scorer, and the marks and numbers they stand in, blanked out in place."""
    for name in sections("aimed.txt"):
        source = pattern("aimed.txt", name).pattern
        expression = re.compile(f"{_OPENS}(?:{source}){_CLOSES}", re.IGNORECASE)
        text = expression.sub(lambda match: " " * len(match.group()), text)
    return text


def without_denials(text: str) -> str:
    """`text` without quoted words and without denials such as "can't promise", which hurt nobody."""
    return _DENIAL.sub(" ", _NONE_OF_IT.sub(" ", _WITHHELD.sub(" ", QUOTED.sub(" ", text))))


def without_warnings(text: str) -> str:
    """`text` without clauses in which a step is warned of ("don't open it") or somebody else's ("he'll step out")."""
    return _UNLESS.sub(" ", without_denials(text))


def unsafe(said: Said, ground: Ground) -> bool:
    """Whether a sentence sends somebody who is in danger into more of it.

    No step is unsafe that leads to the protected side (unless the moment or the persona forbids leaving the car), or
    that the persona lets the trainee advise.
    """
    if not ground.exposed or (_SAFE_SIDE.search(said.plain) and not _STAY_IN.search(ground.forbids)):
        return False
    match = any_pattern(_UNSAFE).search(without_warnings(said.plain))
    return match is not None and not any(shared(said.stems, stems) >= 2 for stems in ground.safe_steps)


def said_wounds(said: Sequence[Said], ground: Ground) -> list[Wound]:
    """The wounds that sentences inflict by what they say, at this moment."""
    found: list[Wound] = []
    story: list[Wound] = []
    for sentence in said:
        if unsafe(sentence, ground):
            found.append(
                Wound(
                    "unsafe",
                    2,
                    sentence,
                    "This would put the customer at risk. / Done as it is said, this step could cost a life.",
                )
            )
        for rule, words in _worded_in(sentence.plain):
            if words in ground.last and rule.name not in _NEVER_BORROWED:
                continue
            if not _fits(rule.name, ground):
                continue
            if rule.name == "own_story":
                story.append(Wound(rule.name, rule.level, sentence, rule.why))
            else:
                found.append(Wound(rule.name, _level(rule, ground), sentence, rule.why))
    own = {sentence.plain: sentence.length for sentence in said if sentence.plain.strip(_ENDS) not in ground.last}
    total = sum(own.values())
    if sum(wound.said.length for wound in story if wound.said) >= max(10, STORY_SHARE * total):
        found += story[:2]
    return found


@lru_cache(maxsize=4_000)
def _worded_in(plain: str) -> tuple[tuple[Rule, str], ...]:
    """The rules whose words stand in a plain sentence undenied, each with those words; at some moments none wounds."""
    words = without_denials(plain)
    denied = _NEGATED.sub(" ", words)
    found = []
    for rule in rules():
        match = pattern(_FILE, rule.section).search(denied if rule.name in _NEGATABLE else words)
        if match is not None:
            found.append((rule, match.group().strip()))
    return tuple(found)


def _fits(name: str, ground: Ground) -> bool:
    """Whether a kind of wound can be one at this moment at all."""
    if name == "cheer":
        return not moment("joyful").search(ground.mood)
    if name == "congratulates":
        lost = moment("loss").search(f"{ground.mood} {ground.unsaid} {ground.note} {ground.story}")
        barred = moment("cheer is wrong").search(f"{ground.unsaid}. {ground.note}")
        return lost is not None or barred is not None
    if name == "hold":
        return "company" in ground.needs
    if name == "bereaved":
        return moment("loss").search(f"{ground.mood} {ground.note} {ground.story}") is not None
    if name == "secrecy":
        return ground.safety != "none"
    if name == "own_story":  # there the customer asks who the trainee is, and a small true answer is no story
        return ground.boundary != "private contact"
    return True


def _level(rule: Rule, ground: Ground) -> int:
    """The level of a wound at this moment.

    A guarantee wounds at 2 where the moment says that nobody can know, or where safety or money hangs on it; to decide
    over somebody's head where they are in danger takes away the only thing that keeps them safe.
    """
    if rule.name == "overridden" and ground.safety != "none":
        return 2
    return 1 if rule.name == "guarantee" and not ground.uncertain else rule.level


def whole_wounds(reply: Reply, ground: Ground) -> list[Wound]:
    """The wounds that a reply inflicts as a whole: a volley of questions, or asking for what the moment forbids."""
    asked = [h for h in reply.heard if h.said.asks and not h.does("safety_check", "suicide_ask")]
    found = []
    if len(asked) >= 4:
        found.append(Wound("volley", 1, asked[0].said, "So many questions at once cannot be answered."))
    cooed = [h.said for h in reply.heard if act("coos").search(h.said.plain)]
    if len(cooed) >= 3:
        found.append(Wound("talks down", 1, cooed[0], "So much cooing talks down."))
    if "do not ask" in ground.forbids or "must not ask" in ground.forbids or "not to be asked" in ground.forbids:
        barred = stem_weights(" ".join(_ASKING.findall(ground.forbids)))
        why = "This asks for the very thing that should be left alone."
        found += [Wound("asks what is barred", 1, h.said, why) for h in asked if shared(h.said.stems, barred) >= 0.9]
    return found
