"""What the difference between two paths of a call came to, in one sentence that is honest about what went worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from roleplay.persona.fields import Outcome
from roleplay.persona.message import Message
from roleplay.persona.names import short_name
from roleplay.practice.tries import ENDED
from roleplay.text import counted, quote

NOTICEABLE = 0.1
"""From this difference on, of 0-10, trust or distress is said to have gone differently: as far as it is shown."""

_WORST_FIRST: tuple[Outcome, ...] = ("bad", "mixed", "good")


class Felt(msgspec.Struct, frozen=True):
    """How the customer's side felt at one point: each 0-10. `speaker` is the cast member; empty: the customer."""

    trust: float
    distress: float
    speaker: str = ""


class Mind(msgspec.Struct, frozen=True, kw_only=True):
    """The customer's mind at one point of a path.

    `told`: what was told by then, with who told it, by the id of the disclosure. `met` are the needs in words.
    `moments`: the lines with which those came that there were since the paths part, by their ids. `outcome` is None
    where the path waits, or goes on. `replies` (with what was done with them) and their `answers` are those since.
    """

    felt: Felt
    told: Mapping[str, Message]
    met: tuple[str, ...]
    moments: Mapping[str, str]
    outcome: Outcome | None
    replies: tuple[tuple[str, str], ...]
    answers: tuple[Message, ...]


def in_a_sentence(names: Sequence[str], minds: Sequence[Mind], replies: int | None) -> str:
    """How the second path went beside the first, by their `names` and the customer's `minds`; both were replied on.

    `replies`: after so many the minds are compared, because a path waits; None: at their ends.
    """
    was, now = minds
    # a path that waits is compared on the way, one that has ended after it
    at = f"{'after' if replies is None else 'on'} {names[1]}"
    if (was.replies, was.felt, was.outcome) == (now.replies, now.felt, now.outcome):
        no_other = was.answers == now.answers
        told = "the same words, the same customer." if no_other else "the same words, and it came to the same."
    else:
        told = _differences(names, was, now, at)
    if replies is not None:
        return f"After {counted(replies, 'reply', 'replies')} each: {told}"
    return f"{told[:1].upper()}{told[1:]}"


def _differences(names: Sequence[str], was: Mind, now: Mind, at: str) -> str:
    gains: list[str] = []
    losses: list[str] = []
    felt = _feelings(was.felt, now.felt)
    better = any(gain for _, gain in felt)
    gains += [f"{feeling} {at}" for feeling, gain in felt if gain]
    losses += [feeling for feeling, gain in felt if not gain]
    gains += _told(was, now, "told you", "")
    losses += _told(now, was, "kept back", " this time")
    needs = len(now.met) - len(was.met)
    if needs:
        more = "more" if needs > 0 else "fewer"
        were = counted(abs(needs), f"{more} need was", f"{more} needs were")
        (gains if needs > 0 else losses).append(f"{were} met")
    if was.outcome and now.outcome and was.outcome != now.outcome:
        rises = _WORST_FIRST.index(now.outcome) > _WORST_FIRST.index(was.outcome)
        (gains if rises else losses).append(f"the call {ENDED[now.outcome]}")
    elsewhere = _elsewhere(names, was, now)
    if elsewhere and not gains and not losses:
        return elsewhere
    return " ".join(filter(None, (_as_told(gains, losses, names, better=better), elsewhere)))


def _as_told(gains: list[str], losses: list[str], names: Sequence[str], *, better: bool) -> str:
    if not gains:
        told = _joined(losses) if losses else "trust and distress came out the same"
        return f"it went no better on {names[1]}: {told}."
    if not better:
        gains[0] += f" on {names[1]}"
    return f"{_joined(gains)}, but {_joined(losses)}." if losses else f"{_joined(gains)}."


def _feelings(was: Felt, now: Felt) -> list[tuple[str, bool]]:
    """How trust differs, if it is the same person's, and distress where trust does not or went another way; each with
    whether that is better."""
    if was.speaker != now.speaker:
        return []
    trust, distress = round(now.trust - was.trust, 1), round(now.distress - was.distress, 1)
    felt = [(_moved("trust", trust), trust > 0)] if abs(trust) >= NOTICEABLE else []
    if abs(distress) >= NOTICEABLE and (not felt or (trust > 0) == (distress > 0)):
        felt.append((_moved("distress", distress), distress < 0))
    return felt


def _moved(name: str, by: float) -> str:
    return f"{name} was {abs(by):.1f} {'higher' if by > 0 else 'lower'}"


def _told(less: Mind, more: Mind, verb: str, at_end: str) -> list[str]:
    """What was told in `more` and not in `less`, as a clause; nothing if there is none."""
    beyond = [told for ident, told in more.told.items() if ident not in less.told]
    if not beyond:
        return []
    others = f" and {len(beyond) - 1} more" if len(beyond) > 1 else ""
    return [f"{beyond[0].speaker} {verb} {quote(beyond[0].text, 70)}{others}{at_end}"]


def _elsewhere(names: Sequence[str], was: Mind, now: Mind) -> str:
    """Whom the paths have led to, where that is not the same person."""
    if was.felt.speaker == now.felt.speaker:
        return ""
    led = [
        f"{name} had come to {short_name(mind.felt.speaker) if mind.felt.speaker else 'the customer'}"
        for name, mind in zip(names, (was, now), strict=True)
    ]
    return f"{led[0][:1].upper()}{led[0][1:]}, {led[1]}."


def _joined(clauses: Sequence[str]) -> str:
    *others, last = clauses
    return f"{', '.join(others)}, and {last}" if others else last
