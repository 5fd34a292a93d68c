"""Which words earned a score, and why, in a sentence for the trainee."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import msgspec
import yaml

from roleplay.persona.message import Message
from roleplay.persona.model import Better, Dimension
from roleplay.scoring.assessment import Evidence, Scored, Suggestion
from roleplay.scoring.offline.detectors import Heard, Reply
from roleplay.scoring.offline.harm import Wound
from roleplay.scoring.offline.reading import Said, stem_weights
from roleplay.scoring.offline.stakes import Stakes

_MARKS = " .,;:!?…\"'“”‘’()"

Kind = tuple[str, Callable[[Heard], bool]]
"""What a sentence did, by name, and how to tell."""


def _does(*acts: str) -> Callable[[Heard], bool]:
    return lambda heard: heard.does(*acts)


def _asks(*acts: str) -> Callable[[Heard], bool]:
    return lambda heard: heard.said.asks and heard.does(*acts)


_KINDS: dict[Dimension, tuple[Kind, ...]] = {
    "acknowledges_feeling": (
        ("fault", _does("owns")),
        ("legit", _does("legit")),
        ("received", _does("received")),
        ("sorry", _does("sorry", "sorry_formula", "must_be", "stock")),
        ("appraisal", _does("appraises")),
        ("reflection", lambda heard: heard.ties >= 0.8),
        ("presence", _does("presence")),
    ),
    "names_need": (
        ("refusal", _does("refuses")),
        ("step", _does("done", "doing", "will")),
    ),
    "reaches_unspoken": (
        ("suicide", _does("suicide_ask")),
        ("charge", _does("takes_charge", "sends_help", "safety_check")),
        ("fault", _does("owns")),
        ("presence", _does("presence")),
        ("legit", _does("legit")),
        ("relief", _does("relief")),
        ("question", lambda heard: heard.said.asks),
        ("step", _does("done", "doing", "will")),
    ),
    "explores": (
        ("suicide", _does("suicide_ask")),
        ("safety", _does("safety_check")),
        ("choice", lambda heard: heard.said.asks and " or " in heard.said.plain),
        ("open", _asks("open_question")),
        ("room", _does("room_left")),
    ),
    "acts": (
        ("refusal", _does("refuses")),
        ("charge", _does("takes_charge", "sends_help")),
        ("dated", lambda heard: heard.does("done", "doing", "will") and heard.does("when")),
        ("done", _does("done", "doing")),
        ("staying", _does("presence")),
        ("relief", _does("relief")),
    ),
}


@cache
def sayings() -> dict[Dimension, dict[int, dict[str, tuple[str, ...]]]]:
    """The sentences of why.yaml by dimension, level and kind, read once."""
    text = Path(__file__).with_name("why.yaml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return msgspec.convert(loaded, dict[Dimension, dict[int, dict[str, tuple[str, ...]]]])


def earned(scores: dict[Dimension, int], reply: Reply, at_stake: Stakes, latest: str) -> list[Evidence]:
    """The words that earned each level of 1 or 2: at least one quote for each. `latest`: the customer's last words."""
    found = []
    for name, level in scores.items():
        if level < 1:
            continue
        said = _best(name, reply, at_stake)
        if said is not None:
            found.append(_quote(name, said, _why(name, level, said, reply, latest)))
    return found


def _why(name: Dimension, level: int, said: Said, reply: Reply, latest: str) -> str:
    heard = next((h for h in reply.heard if h.said == said), None)
    given = sayings()[name][level]
    kind = next((kind for kind, tells in _KINDS[name] if heard and kind in given and tells(heard)), "other")
    word = _taken_up(said, latest)
    usable = [saying for saying in given[kind] if word or "{word}" not in saying]
    return _one_of(usable, said.text).replace("{word}", word)


def _taken_up(said: Said, latest: str) -> str:
    """The longest particular word of the customer's that `said` takes up, as they said it; empty without one."""
    words = (word.strip(_MARKS) for word in latest.split())
    taken = [
        word for word in words if any(said.stems.get(root, 0) >= 1 and w >= 1 for root, w in stem_weights(word).items())
    ]
    return max(taken, key=len, default="")


def _one_of(sayings: Sequence[str], quote: str) -> str:
    """One of the sentences, always the same for the same quote."""
    return sayings[crc32(quote.encode()) % len(sayings)]


def hurt(wounds: Sequence[Wound], injected: Sequence[Said], history: Sequence[Message]) -> list[Evidence]:
    """The words that hurt; for an omission, the customer's words that were passed over."""
    found = [
        _quote("harm", said, "Words meant for a grader or a machine: the customer would read them.")
        for said in injected
    ]
    passed_over = next((message.text for message in reversed(history) if message.role == "customer"), "")
    for wound in wounds:
        words = wound.said.text if wound.said else passed_over
        why = _one_of(wound.why.split(" / "), words)
        if wound.said is not None:
            found.append(_quote("harm", wound.said, why))
        elif passed_over:
            found.append(
                Evidence(dimension="harm", quote=words, start=0, end=len(words), why=why, of="customer"),
            )
    unique: dict[tuple[str, int, int], Evidence] = {}
    for evidence in found:
        unique.setdefault((evidence.of, evidence.start, evidence.end), evidence)
    return list(unique.values())


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


def _likeness(left: Iterable[str], right: Iterable[str]) -> float:
    mine, theirs = set(left), set(right)
    return len(mine & theirs) / max(len(theirs), 1)


def _quote(dimension: Scored, said: Said, why: str) -> Evidence:
    return Evidence(dimension=dimension, quote=said.text, start=said.start, end=said.end, why=why)


def _best(name: Dimension, reply: Reply, at_stake: Stakes) -> Said | None:
    if name in ("reaches_unspoken", "acts") and at_stake.charge:
        return at_stake.charge[0]
    if name in ("reaches_unspoken", "explores") and at_stake.asked and at_stake.asked[0].asks:
        return at_stake.asked[0]
    if not reply.heard:
        return None
    return max(reply.heard, key=_RANK[name]).said


def _feeling(h: Heard) -> float:
    return (
        2.0 * h.does("legit")
        + h.does("received", "appraises", "sorry")
        + 0.5 * h.does("presence", "relief")
        + min(h.ties, 2)
        - h.formula
        - h.does("process", "pushed")
    )


def _named(h: Heard) -> float:
    return h.wanted + h.ties + 0.5 * h.allowed + 0.5 * h.does("done", "doing", "will", "refuses") - h.formula


def _reached(h: Heard) -> float:
    return len(h.needs) + h.unsaid + h.does("legit", "presence", "relief") + 0.3 * h.ties - 2 * h.formula


def _explored(h: Heard) -> float:
    return (
        2.0 * h.said.asks
        + h.does("open_question", "safety_check")
        + h.does("room_left")
        - 3 * h.does("form_field", "any_else")
    )


def _acted(h: Heard) -> float:
    return (
        2.0 * h.does("done", "doing", "will")
        + h.does("when", "presence", "relief")
        + 0.4 * h.allowed
        - h.does("vague")
        - 2 * h.said.asks
        - h.formula
    )


_RANK: dict[Dimension, Callable[[Heard], float]] = {
    "acknowledges_feeling": _feeling,
    "names_need": _named,
    "reaches_unspoken": _reached,
    "explores": _explored,
    "acts": _acted,
}
