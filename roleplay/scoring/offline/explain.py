"""Which words earned a score, and why, in a sentence for the trainee."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from roleplay.persona.message import Message
from roleplay.persona.model import Better, Dimension
from roleplay.scoring.assessment import Evidence, Scored, Suggestion
from roleplay.scoring.offline.detectors import Heard, Reply
from roleplay.scoring.offline.harm import Wound
from roleplay.scoring.offline.reading import Said, stem_weights
from roleplay.scoring.offline.stakes import Stakes

_WHY: dict[Dimension, tuple[str, str]] = {
    "acknowledges_feeling": (
        "A kind word, but one that would suit anybody.",
        "This takes in what it is like for this customer.",
    ),
    "names_need": (
        "The request is taken up, though not exactly.",
        "This takes up exactly what was asked.",
    ),
    "reaches_unspoken": (
        "This comes near what was not said.",
        "This answers what was not said.",
    ),
    "explores": (
        "A check, or room left to go on.",
        "This lets the customer say more, choose or correct.",
    ),
    "acts": (
        "A step, but vague or only a part.",
        "Something happens here, and it is clear what.",
    ),
}


def earned(scores: dict[Dimension, int], reply: Reply, at_stake: Stakes) -> list[Evidence]:
    """The words that earned each level of 1 or 2: at least one quote for each."""
    found = []
    for name, level in scores.items():
        if level < 1:
            continue
        said = _best(name, reply, at_stake)
        if said is not None:
            found.append(_quote(name, said, _WHY[name][level - 1]))
    return found


def hurt(wounds: Sequence[Wound], injected: Sequence[Said], history: Sequence[Message]) -> list[Evidence]:
    """The words that hurt; for an omission, the customer's words that were passed over."""
    found = [
        _quote("harm", said, "Words meant for a grader or a machine: the customer would read them.")
        for said in injected
    ]
    passed_over = next((message.text for message in reversed(history) if message.role == "customer"), "")
    for wound in wounds:
        if wound.said is not None:
            found.append(_quote("harm", wound.said, wound.why))
        elif passed_over:
            found.append(
                Evidence(
                    dimension="harm", quote=passed_over, start=0, end=len(passed_over), why=wound.why, of="customer"
                )
            )
    unique: dict[tuple[str, int, int], Evidence] = {}
    for evidence in found:
        unique.setdefault((evidence.of, evidence.start, evidence.end), evidence)
    return list(unique.values())


def suggest(better: Sequence[Better], reply: str) -> Suggestion | None:
    """The worked reply that adds most to `reply`: the one least like it. None without worked replies."""
    if not better:
        return None
    stems = stem_weights(reply).keys()
    chosen = min(better, key=lambda worked: _likeness(stems, stem_weights(worked.reply).keys()))
    return Suggestion(chosen.reply, chosen.why)


def _likeness(left: Iterable[str], right: Iterable[str]) -> float:
    mine, theirs = set(left), set(right)
    return len(mine & theirs) / max(len(theirs), 1)


def _quote(dimension: Scored, said: Said, why: str) -> Evidence:
    return Evidence(dimension=dimension, quote=said.text, start=said.start, end=said.end, why=why)


def _best(name: Dimension, reply: Reply, at_stake: Stakes) -> Said | None:
    if name in ("reaches_unspoken", "acts") and at_stake.charge:
        return at_stake.charge[0]
    if name in ("reaches_unspoken", "explores") and at_stake.asked:
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
