"""Which words earned a score, and why, in a sentence for the trainee."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from pathlib import Path

import msgspec
import yaml

from roleplay.persona.fields import Dimension
from roleplay.persona.lines import Better
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Evidence, Scored, Suggestion
from roleplay.scoring.carried import TITLE, clauses, shared_words
from roleplay.scoring.offline.detectors import Heard, Reply, take_apart
from roleplay.scoring.offline.features import features
from roleplay.scoring.offline.grounding import Ground
from roleplay.scoring.offline.harm import Wound
from roleplay.scoring.offline.heads import HeadName, Heads
from roleplay.scoring.offline.reading import Said, sentence_of, stem_weights
from roleplay.scoring.offline.runs import runs_of
from roleplay.scoring.offline.stakes import Stakes
from roleplay.scoring.unrepeated import steady

LONG = 20
"""Words from which on a sentence is quoted by the clause of it that counts."""

FAINT = 3
"""Words up to which a sentence that no detector knows says next to nothing by itself."""
SHORT = 4
"""Words that a clause needs to be quoted alone."""

Kind = tuple[str, Callable[[Heard], bool]]
"""What a sentence did, by name, and how to tell."""


class Sayings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences of why.yaml."""

    earned: dict[Dimension, dict[int, dict[str, tuple[str, ...]]]]
    faint: tuple[str, ...]
    hurt: tuple[tuple[str, ...], ...]
    perhaps: dict[str, tuple[str, ...]]


msgspec.json.Decoder(Sayings)  # at the first use of a type in two threads msgspec may crash; an import is in one


def _does(*acts: str) -> Callable[[Heard], bool]:
    return lambda heard: heard.does(*acts)


def _asks(*acts: str) -> Callable[[Heard], bool]:
    return lambda heard: heard.said.asks and heard.does(*acts)


def _steps(heard: Heard) -> bool:
    """Whether it takes a step, and not only in form: no question, nothing pushed back, no field to fill in."""
    return _happens(heard) and _FIRST_PERSON.search(heard.said.plain) is not None


def _happens(heard: Heard) -> bool:
    """Whether something is done or will be, by whomever."""
    return (
        heard.does("done", "doing", "will")
        and not heard.said.asks
        and not heard.does("pushed", "form_field", "vague", "stock", "refuses")
        and heard.said.length > 2
    )


def _deals(heard: Heard) -> bool:
    """Whether a step has to do with what is wanted or allowed here."""
    return _steps(heard) and (heard.wanted >= 1 or heard.allowed >= 1 or heard.ties >= 0.8)


def _stays(heard: Heard) -> bool:
    """Whether it promises company in words a person would call that; the detector knows wider turns of phrase."""
    return heard.does("presence") and _COMPANY.search(heard.said.plain) is not None


def _dated(heard: Heard) -> bool:
    """Whether something happens at a time that could be looked up: "now" alone is none."""
    return _happens(heard) and heard.does("when") and _TIME.search(heard.said.plain) is not None


_COMPANY = re.compile(
    r"\b(?:stay\w*|remain\w*|stopping on|here|with (?:you|me|both)|beside you|next to you|hang(?:ing)? up|not (?:going|"
    r"leaving)|(?:won't|don't|not) (?:leave|go|drop|end)|alone|on your own|by yourself|on (?:the|this) (?:line|phone)|"
    r"keep (?:me on|talking|this|the)|talk to me|hurry|rush|your time|together|listening|i'll (?:wait|sit)|"
    r"the two of us|you and me|so will i|on your side|looking (?:after|out for))\b"
)
_TIME = re.compile(
    r"\d|\b(?:minutes?|seconds?|hours?|o'clock|noon|midday|midnight|today|tonight|tomorrow|morning|afternoon|evening|"
    r"days?|weeks?|weekend|months?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|by (?:one|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve)|half past|quarter (?:to|past))\b"
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'll|i'd|we|we're|we've|we'll|let me|let's|my)\b")

_KINDS: dict[Dimension, tuple[Kind, ...]] = {
    "acknowledges_feeling": (
        ("fault", _does("owns")),
        ("legit", _does("legit")),
        ("received", _does("received")),
        ("sorry_for", lambda heard: heard.does("sorry") and not heard.formula and heard.ties >= 0.8),
        ("sorry", _does("sorry", "sorry_formula", "stock", "must_be")),
        ("appraisal", _does("appraises")),
        ("reflection", lambda heard: heard.ties >= 1 and not heard.said.asks),
        ("presence", _stays),
    ),
    "names_need": (
        ("refusal", _does("refuses")),
        ("step", _deals),
        ("asked", lambda heard: heard.said.asks and heard.ties >= 0.8),
        ("taken_up", lambda heard: heard.ties >= 0.8),
    ),
    "reaches_unspoken": (
        ("suicide", _does("suicide_ask")),
        ("charge", _does("takes_charge", "sends_help")),
        ("fault", _does("owns")),
        ("presence", _stays),
        ("legit", _does("legit")),
        ("relief", _does("relief")),
        ("question", lambda heard: heard.said.asks and not heard.does("form_field", "any_else")),
        ("step", _steps),
    ),
    "explores": (
        ("suicide", _does("suicide_ask")),
        ("safety", _asks("safety_check")),
        ("choice", lambda heard: heard.said.asks and " or " in heard.said.plain),
        ("open", _asks("open_question")),
        ("room", _does("room_left")),
    ),
    "acts": (
        ("refusal", _does("refuses")),
        ("charge", _does("takes_charge", "sends_help")),
        ("vague", _does("vague")),
        ("dated", _dated),
        ("staying", _stays),
        ("relief", _does("relief")),
        ("done", _steps),
    ),
}

_AT_STAKE = ("charge", "safety", "suicide")
"""Kinds that only are what they are where somebody is in danger."""

_SOOTHES = re.compile(
    r"\b(?:don't (?:worry|be|let)|no need|at least|(?:it's|that's|is|was) (?:just|only)|these things|cheer up|"
    r"happens to|calm|relax|move on|look on|get better|be fine|be okay|be all ?right|be alright|not (?:that|so) bad)\b"
)
_PROMISES = re.compile(r"\b(?:promise|guarantee\w*|definitely|certainly|for sure|no problem|absolutely|trust me)\b")
_FOND = re.compile(r"\b(?:dear|honey|darling|sweetheart|sweetie|my love|love you|hug\w*|kiss\w*|miss you|adore)\b")
_MINE = frozenset("i i'm i've i'd i'll me my mine myself we our us".split())

_PERHAPS: tuple[tuple[str, Callable[[Heard, Ground], bool]], ...] = (
    ("boundary", lambda heard, at: at.boundary != "none"),
    (
        "procedure",
        lambda heard, at: at.safety != "none" and heard.does("process", "form_field", "pushed", "stock", "any_else"),
    ),
    ("promise", lambda heard, at: _PROMISES.search(heard.said.plain) is not None),
    ("handed_off", lambda heard, at: heard.does("pushed", "process", "refuses")),
    ("question", lambda heard, at: heard.said.asks),
    ("brushed", lambda heard, at: _SOOTHES.search(heard.said.plain) is not None),
    ("order", lambda heard, at: heard.does("orders") and not heard.does("takes_charge")),
    ("familiar", lambda heard, at: _FOND.search(heard.said.plain) is not None),
    ("about_us", lambda heard, at: sum(word in _MINE for word in heard.said.plain.split()) >= 3),
)


@cache
def sayings() -> Sayings:
    """The sentences of why.yaml, read once."""
    text = Path(__file__).with_name("why.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), Sayings)


def earned(
    scores: dict[Dimension, int],
    reply: Reply,
    at_stake: Stakes,
    ground: Ground,
    heads: Heads,
    wounds: Sequence[Wound] = (),
) -> list[Evidence]:
    """The words that earned each level of 1 or 2: a quote for each, wherever the reply has a sentence that counts.

    The sentence is the one whose own numbers and runs add most to the head of the dimension (`wounds`: rather none that
    hurts), or the one that dealt with what is at stake.
    """
    if not reply.heard or not any(scores.values()):
        return []
    hurting = {wound.said.start for wound in wounds if wound.said}
    worth = {heard.said.start: _worth(heard, ground, at_stake, heads) for heard in reply.heard}
    found = []
    for name, level in scores.items():
        if level < 1:
            continue
        heard = _dealt(name, reply, at_stake) or max(
            reply.heard,
            key=lambda each: worth[each.said.start][name] - (each.said.start in hurting) - _slight(name, each),
        )
        part = _clause(name, heard, ground, at_stake, heads)
        praised = heard.said.start not in hurting
        found.append(_quote(name, _titled(part.said, reply), _why(name, level, part, ground, praised=praised)))
    return found


def _titled(said: Said, reply: Reply) -> Said:
    """`said` with the sentence before it, where that was only cut off after a title ("Mr.")."""
    for before in (each.said for each in reply.heard):
        if before.end + 1 == said.start and TITLE.search(before.text):
            text = f"{before.text} {said.text}"
            return msgspec.structs.replace(said, text=text, start=before.start)
    return said


def _worth(heard: Heard, ground: Ground, at_stake: Stakes, heads: Heads) -> dict[HeadName, float]:
    """The value of each head for a reply of this sentence alone."""
    alone = Reply(heard=(heard,), injected=(), questions=int(heard.said.asks), words=heard.said.length)
    return heads.values(features(alone, ground, at_stake, ()), [runs_of(heard, ground)], frozenset())


def _slight(name: Dimension, heard: Heard) -> float:
    """What counts against a sentence as a quote for `name`, beside its value: how little of that it shows."""
    known = any(tells(heard) for _, tells in _KINDS[name])
    bare = heard.said.length <= 2 or heard.does("form_field", "any_else")
    asks = name == "explores" and not heard.said.asks and not heard.does("room_left")
    asking = name == "acts" and heard.said.asks
    return 0.6 * bare + 0.25 * (not known) + 0.5 * heard.formula + asks + 0.5 * asking


def _dealt(name: Dimension, reply: Reply, at_stake: Stakes) -> Heard | None:
    """The sentence that dealt with what is at stake, where it decides the dimension."""
    said = None
    if name in ("reaches_unspoken", "acts") and at_stake.charge:
        said = next((each for each in at_stake.charge if not each.asks), at_stake.charge[0])
    elif name in ("reaches_unspoken", "explores") and at_stake.asked and at_stake.asked[0].asks:
        said = at_stake.asked[0]
    return next((heard for heard in reply.heard if heard.said == said), None)


def _clause(name: Dimension, heard: Heard, ground: Ground, at_stake: Stakes, heads: Heads) -> Heard:
    """`heard`, or of a long sentence the clause that does what the sentence does, and adds most to the head `name`."""
    said = heard.said
    if said.length <= LONG:
        return heard
    parts = []
    for clause in clauses(said.text):
        start = said.start + said.text.index(clause)
        part = sentence_of(clause, start)
        parts += [each for each in take_apart((part,), ground).heard if each.said.length >= SHORT]
    kind = _kind(name, heard, ground)
    return max(
        (each for each in parts if _kind(name, each, ground) == kind),
        key=lambda each: _worth(each, ground, at_stake, heads)[name],
        default=heard,
    )


def _kind(name: Dimension, heard: Heard, ground: Ground) -> str:
    """What the sentence did, by name; "other" if no detector knows."""
    calm = ground.safety == "none" and not ground.exposed
    return next(
        (kind for kind, tells in _KINDS[name] if not (calm and kind in _AT_STAKE) and tells(heard)),
        "other",
    )


def _why(name: Dimension, level: int, part: Heard, ground: Ground, *, praised: bool) -> str:
    """What `part` did here; no more than that it counts, where it says next to nothing or is not to be `praised`."""
    given = sayings().earned[name][level]
    kind = _kind(name, part, ground)
    if kind not in given:
        kind = "other"
    empty = kind == "other" and (part.said.length <= FAINT or part.does("form_field", "any_else", "pushed", "process"))
    if empty or not praised:
        return steady(sayings().faint, part.said.text)
    word = shared_words(part.said.text, ground.latest_text) if any("{word}" in each for each in given[kind]) else ""
    usable = [saying for saying in given[kind] if word or "{word}" not in saying]
    if not usable:
        usable = [saying for saying in given["other"] if word or "{word}" not in saying]
    return steady(usable, part.said.text).replace("{word}", word)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """For each way of saying a reason, all ways of saying it; those of `other` at the end of each kind's."""
    found = {way: ways for ways in (*sayings().hurt, sayings().faint) for way in ways}
    found |= {way: (*ways, *sayings().perhaps["general"]) for ways in sayings().perhaps.values() for way in ways}
    for levels in sayings().earned.values():
        for kinds in levels.values():
            for ways in kinds.values():
                found |= dict.fromkeys(ways, tuple(dict.fromkeys((*ways, *kinds["other"]))))
    return found


@cache
def _with_words() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The ways with a place for the customer's words, each as a pattern."""
    return tuple(
        (re.compile(re.escape(way).replace(re.escape("{word}"), "(.+)")), way) for way in _groups() if "{word}" in way
    )


def other_ways(evidence: Evidence) -> tuple[str, ...]:
    """Other sentences that say what the reason of `evidence` says; none for words that are not of why.yaml."""
    why, word = evidence.why, ""
    ways = _groups().get(why)
    if ways is None:
        for shape, way in _with_words():
            match = shape.fullmatch(why)
            if match:
                ways, word = _groups()[way], match[1]
                break
    filled = (way.replace("{word}", word) for way in ways or () if word or "{word}" not in way)
    return tuple(each for each in filled if each != why)


def hurt(
    level: int,
    wounds: Sequence[Wound],
    reply: Reply,
    ground: Ground,
    at_stake: Stakes,
    heads: Heads,
) -> list[Evidence]:
    """The words that hurt; for an omission, the customer's words that were passed over.

    Where `level` is above 0 and no rule says why, it is the wording as a whole that resembles replies that hurt: then
    the sentence that lends most to that, with a reason that says that it is not certain.
    """
    found = [_quote("harm", said, steady(sayings().hurt[0], said.text)) for said in reply.injected]
    for wound in wounds:
        why = steady(wound.why.split(" / "), wound.said.text if wound.said else ground.latest_text)
        if wound.said is not None:
            found.append(_quote("harm", wound.said, why))
        elif ground.latest_text:
            found.append(_passed_over(ground.latest_text, why))
    if level and not found:
        found = _perhaps(reply, ground, at_stake, heads)
    unique: dict[tuple[str, int, int], Evidence] = {}
    for evidence in found:
        unique.setdefault((evidence.of, evidence.start, evidence.end), evidence)
    return list(unique.values())


def _perhaps(reply: Reply, ground: Ground, at_stake: Stakes, heads: Heads) -> list[Evidence]:
    perhaps, latest = sayings().perhaps, ground.latest_text
    undone = ground.safety != "none" and not at_stake.dealt and not ground.already_safe and latest
    if undone or not reply.heard:
        return [_passed_over(latest, steady(perhaps["undone"], latest))] if latest else []
    heard = max(reply.heard, key=lambda each: heads.lends("hurts", runs_of(each, ground)))
    kind = next((kind for kind, tells in _PERHAPS if tells(heard, ground)), "general")
    return [_quote("harm", heard.said, steady(perhaps[kind], heard.said.text))]


def suggest(better: Sequence[Better], reply: str, history: Sequence[Message]) -> Suggestion | None:
    """The worked reply that adds most: the one least like `reply` and what the trainee said before, if there is any."""
    if not better:
        return None
    mine = stem_weights(reply).keys()
    before = [stem_weights(message.text).keys() for message in history if message.role == "trainee"]

    def familiar(worked: Better) -> float:
        theirs = stem_weights(worked.reply).keys()
        return _likeness(mine, theirs) + max((_likeness(said, theirs) for said in before), default=0.0)

    chosen = min(better, key=familiar)
    return Suggestion(chosen.reply, chosen.why)


def _likeness(left: Iterable[str], right: Collection[str]) -> float:
    mine, theirs = set(left), set(right)
    return len(mine & theirs) / max(len(theirs), 1)


def _quote(dimension: Scored, said: Said, why: str) -> Evidence:
    return Evidence(dimension=dimension, quote=said.text, start=said.start, end=said.end, why=why)


def _passed_over(words: str, why: str) -> Evidence:
    return Evidence(dimension="harm", quote=words, start=0, end=len(words), why=why, of="customer")
